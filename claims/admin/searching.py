"""Full-text search over several places of a row, and where in them the words were found.

Promises: a row is found only by words that the person may read, because each place gives its
hits by the one permission function; a search costs what its hits cost, up to a cap for each
place, whatever the table's size; a rare word is not looked for by walking rows in the list's
order. Refuses ranking: the newest come first.
"""

# ruff: noqa: ARG002 - the signatures are Django's
from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import SearchHeadline, SearchQuery
from django.db import models
from django.db.models import F, Value
from django.db.models.functions import Left, NullIf
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from unfold.contrib.filters.admin import DropdownFilter

from claims.models import Appearance, Article, Claim, Evidence, Search, Snapshot, Verdict
from claims.models.access import Person
from claims.models.full_text import words_of

# Of a longer text the beginning is looked through for the words around the hit.
EXCERPTED_CHARS = 20_000


@dataclass(frozen=True, slots=True)
class Place:
    """Where words are looked for: rows of a model, their tsvector and its text.

    ``key`` leads from such a row to the list's row.
    """

    name: str
    label: str
    model: type[models.Model]
    key: str
    words: Any
    text: Any

    def hits(self, person: Person, query: SearchQuery) -> models.QuerySet[Any]:
        """The rows that hold the words, of those the person may see."""
        rows: Any = self.model._default_manager
        visible = rows.visible_to(person).order_by().annotate(hit_words=self.words)
        found: models.QuerySet[Any] = visible.filter(hit_words=query)
        return found


@dataclass(frozen=True, slots=True)
class Found:
    """Where a row was found: the place, the words around the hit, and the other places.

    ``parts`` are pieces of the text, each with whether it is what was looked for.
    """

    place: str
    parts: Sequence[tuple[str, bool]]
    also: Sequence[str] = ()


def _told(*texts: str) -> models.Func:
    """Several columns as one text; an empty one is left out."""
    given = [NullIf(one, Value("")) for one in texts]
    return models.Func(Value(" · "), *given, function="CONCAT_WS", output_field=models.TextField())


def claim_place(key: str, *, model: type[models.Model] = Claim, path: str = "") -> Place:
    """The claim's own words and its claimant; ``path`` leads from the model to the claim."""
    told = _told(f"{path}self_contained", f"{path}claimant")
    return Place("claim", "the claim", model, key, F(f"{path}search"), told)


def article_place(key: str) -> Place:
    """The articles in which a claim stands."""
    told = _told("article__title", "article__text")
    return Place("article", "the article", Appearance, key, F("article__search"), told)


def rationale_place(key: str) -> Place:
    """Verdicts' rationales; one that waits for its blind read is found by its author alone."""
    words = words_of("rationale")
    return Place("rationale", "the rationale", Verdict, key, words, F("rationale"))


def quote_place(key: str) -> Place:
    """The quotes of the evidence."""
    words = words_of("passage__quote")
    return Place("quote", "the evidence", Evidence, key, words, F("passage__quote"))


TICKET_PLACES = (
    claim_place("ticket__pk"),
    rationale_place("ticket_id"),
    quote_place("ticket_id"),
    article_place("claim__ticket__pk"),
)
CLAIM_PLACES = (claim_place("pk"), article_place("claim_id"))
VERDICT_PLACES = (
    claim_place("pk", model=Verdict, path="ticket__claim__"),
    rationale_place("pk"),
)
ARTICLE_PLACES = (
    Place("article", "the article", Article, "pk", F("search"), _told("title", "text")),
)
SEARCH_PLACES = (claim_place("pk", model=Search, path="ticket__claim__"),)
COPY_PLACES = (
    Place("copy", "the stored copy", Snapshot, "pk", F("search"), _told("title", "text")),
)
PAGE_PLACES = (
    Place("copy", "a stored copy", Snapshot, "page_id", F("search"), _told("title", "text")),
)


class PlaceFilter(DropdownFilter):  # type: ignore[misc]
    """``?in=rationale``: only there the words of the search box are looked for."""

    title = "words in"
    parameter_name = "in"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The list's places."""
        return [(one.name, one.label.capitalize()) for one in model_admin.search_places]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> Any:
        """All rows: the search itself reads the choice."""
        return queryset


def chosen_places(request: HttpRequest, places: Sequence[Place]) -> Sequence[Place]:
    """The place that the address names, else all."""
    return [one for one in places if one.name == request.GET.get("in")] or places


def clean_words(typed: str) -> str:
    """What was typed into a search box, without what no text can hold."""
    return typed.replace("\x00", "").strip()


def find_rows(
    rows: models.QuerySet[Any], places: Sequence[Place], person: Person, term: str, *, most: int
) -> tuple[models.QuerySet[Any], int]:
    """Those of ``rows`` in which the words stand: of each place all, or the ``most`` newest.

    Gives them and how many they are.

    Any hits are asked for first, which an index answers whatever the word. Only where they are
    many the newest are asked for in order: then they are near, and walking to them is short.
    """
    query = _query_of(term)
    found: dict[int, list[int]] = {number: [] for number in range(len(places))}
    for number, key in _together(
        place.hits(person, query)
        .filter(**{f"{place.key}__in": rows.order_by().values("pk")})
        .values_list(Value(number), place.key)[:most]
        for number, place in enumerate(places)
    ):
        found[number].append(key)
    many = [places[number] for number, keys in found.items() if len(keys) >= most]
    keys = {key for held in found.values() if len(held) < most for key in held}
    if many:
        newest = (
            rows.filter(pk__in=place.hits(person, query).values(place.key))
            .order_by("-pk")
            .values_list("pk")[:most]
            for place in many
        )
        keys.update(key for (key,) in _together(newest))
    return rows.filter(pk__in=keys), len(keys)


def find_all_rows(
    rows: models.QuerySet[Any], places: Sequence[Place], person: Person, term: str
) -> models.QuerySet[Any]:
    """Every one of ``rows`` in which the words stand, however many: for a file, not for a list."""
    query, found = _query_of(term), models.Q(pk__in=())
    for place in places:
        found |= models.Q(pk__in=place.hits(person, query).values(place.key))
    return rows.filter(found)


def tell_found(
    keys: Iterable[int], places: Sequence[Place], person: Person, term: str
) -> dict[int, Found]:
    """Where each of these rows was found, by its key (one statement); of many hits the newest."""
    # Nobody's text holds the marks, because nobody knows them.
    sign = secrets.token_hex(8)
    start, stop = f"[{sign}[", f"]{sign}]"
    query, held = _query_of(term), list(keys)
    told: dict[int, list[tuple[str, str]]] = {}
    for number, key, text in sorted(
        _together(
            place.hits(person, query)
            .filter(**{f"{place.key}__in": held})
            .order_by(place.key, "-pk")
            .distinct(place.key)
            .values_list(
                Value(number),
                place.key,
                SearchHeadline(
                    Left(place.text, EXCERPTED_CHARS),
                    query,
                    config="english",
                    start_sel=start,
                    stop_sel=stop,
                    max_fragments=2,
                    max_words=16,
                    min_words=6,
                    fragment_delimiter=" … ",
                ),
            )
            for number, place in enumerate(places)
        )
    ):
        told.setdefault(key, []).append((places[number].label, text))
    return {
        key: Found(
            place=hits[0][0],
            parts=_parts_of(hits[0][1], start, stop),
            also=[label for label, _ in hits[1:]],
        )
        for key, hits in told.items()
    }


def with_found(row: Any, text: Any) -> SafeString | Any:
    """A row's first column: its text, and below it where the search found the row."""
    found: Found | None = getattr(row, "found", None)
    if found is None:
        return text
    parts = format_html_join(
        "",
        "{}",
        (
            (format_html("<mark>{}</mark>", words) if is_marked else words,)
            for words, is_marked in found.parts
        ),
    )
    words = format_html(": <bdi>… {} …</bdi>", parts) if found.parts else ""
    also = f" Also in {', '.join(found.also)}." if found.also else ""
    return format_html(
        '{}<span class="fk-found">Found in {}{}{}</span>', text, found.place, words, also
    )


def _query_of(term: str) -> SearchQuery:
    return SearchQuery(term, config="english", search_type="websearch")


def _together(parts: Iterable[models.QuerySet[Any, Any]]) -> Iterable[Any]:
    """The rows of several questions, asked in one statement."""
    first, *rest = parts
    return first.union(*rest, all=True) if rest else first


def _parts_of(text: str, start: str, stop: str) -> list[tuple[str, bool]]:
    """The excerpt in pieces; none where it holds no word that was found."""
    plain, *marked = text.split(start)
    if not marked:
        return []
    parts = [(plain, False)]
    for piece in marked:
        word, _, after = piece.partition(stop)
        parts += [(word, True), (after, False)]
    return [part for part in parts if part[0]]
