"""The library: full text over every page and article the team has stored, as a search provider.

PostgreSQL filters by full text: the rarest words first, because its own rank knows nothing of
rarity and would let long pages full of common words through before the one that is meant. BM25
puts what was let through in order, pages and articles together, by how rare each word is in the
whole library of the team. The work is bounded however many pages hold a word.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import Case, Count, F, Q, QuerySet, Value, When

from claims.models.article import Article
from claims.models.page import Page, Snapshot
from claims.text.bm25 import WordIndex
from claims.text.words import STOP_STEMS, cut_words
from claims.web.search.protocol import Found
from claims.workflow.gather.providers import RESULTS_PER_QUERY

FILTERED = 50
# A word that stands in so many texts of a team narrows nothing down; so many are looked at.
COMMON = 1_000
# More texts than these make no word rarer.
COUNTED = 20_000
RANKED_CHARS = 12_000
SNIPPET_CHARS = 200
MAX_WORDS = 16


@dataclass(frozen=True, slots=True)
class Shelved:
    """What the library has for a query, best first: stored pages, and articles by their URL."""

    stored: tuple[tuple[Page, str, str], ...] = ()
    found: tuple[Found, ...] = ()

    def __len__(self) -> int:
        return len(self.stored) + len(self.found)


def search_library(
    team_id: int, query: str, *, but_articles: Sequence[int] = (), limit: int = RESULTS_PER_QUERY
) -> Shelved:
    """Stored pages and articles of a team for the query.

    ``but_articles`` are left out, and so are the copies of their pages: an article that makes a
    claim is no source for it. Articles without a URL cannot be cited, and are left out too.
    """
    words = _telling_words(query)
    if not words:
        return Shelved()
    own = Article.objects.filter(pk__in=but_articles).exclude(url="").values("canonical_url")
    pages = Snapshot.objects.filter(page__team_id=team_id).exclude(page__canonical_url__in=own)
    others = Article.objects.filter(team_id=team_id).exclude(url="").exclude(pk__in=but_articles)
    on_shelves = _count_words(pages, words), _count_words(others, words)
    snapshots = _newest(_filter(pages, on_shelves[0]))
    articles = [
        one
        for one in _filter(others, on_shelves[1])
        if one.canonical_url not in {snapshot.page.canonical_url for snapshot in snapshots}
    ]
    rarity = {
        stem: max(on_shelves, key=lambda shelf: shelf.text_count).rarity(word)
        for stem, word in words.items()
    }
    best = _rank(rarity, [*snapshots, *articles])[:limit]
    return Shelved(
        tuple(
            (one.page, one.title, one.text[:SNIPPET_CHARS])
            for one in best
            if isinstance(one, Snapshot)
        ),
        tuple(
            Found(one.url, one.title, one.text[:SNIPPET_CHARS], one.published_on)
            for one in best
            if isinstance(one, Article)
        ),
    )


@dataclass(frozen=True, slots=True)
class _Counted:
    """In how many texts of a shelf each word stands, and how many there are."""

    by_word: dict[str, int]
    text_count: int

    def rarity(self, word: str) -> float:
        """The inverse document frequency, as in :meth:`WordIndex.rarity`."""
        found = self.by_word.get(word, 0)
        return math.log(1.0 + (max(self.text_count, found) - found + 0.5) / (found + 0.5))


def _telling_words(query: str) -> dict[str, str]:
    """The words of a query that are not in every text, by their stems, in its order."""
    words: dict[str, str] = {}
    for word in re.findall(r"\w+", query.lower()):
        for stem in cut_words(word):
            if stem not in STOP_STEMS:
                words.setdefault(stem, word)
    return dict(list(words.items())[:MAX_WORDS])


def _query(words: Iterable[str], sign: str = "|") -> SearchQuery:
    return SearchQuery(f" {sign} ".join(words), config="english", search_type="raw")


def _count_words(rows: QuerySet[Any], words: Mapping[str, str]) -> _Counted:
    """Counted up to :data:`COMMON`; how common the others are, the newest texts say."""
    bare = rows.order_by()
    counts = {one: bare.filter(search=_query([one]))[:COMMON].count() for one in words.values()}
    text_count = bare[:COUNTED].count()
    common = [word for word, count in counts.items() if count == COMMON]
    if common and text_count > COMMON:
        newest = rows.model._default_manager.filter(pk__in=_newest_pks(rows, COMMON))
        told = newest.aggregate(
            **{f"n{at}": Count("pk", filter=Q(search=_query([w]))) for at, w in enumerate(common)}
        )
        for at, word in enumerate(common):
            counts[word] = max(COMMON, told[f"n{at}"] * text_count // COMMON)
    return _Counted(counts, text_count)


def _newest_pks(rows: QuerySet[Any], limit: int) -> QuerySet[Any]:
    return rows.order_by("-pk").values("pk")[:limit]


def _choose(rows: QuerySet[Any], counted: _Counted) -> Q | None:
    """Which texts are looked at: those that hold a rare word, and, where these are few, the
    newest of those that hold as many of the commoner ones together as enough texts do.
    """
    found = sorted((count, word) for word, count in counted.by_word.items() if count)
    if not found:
        return None
    rare: list[str] = []
    room = COMMON
    for count, word in found:
        if count >= room:
            break
        rare.append(word)
        room -= count
    chosen = Q(search=_query(rare)) if rare else Q(pk__in=[])
    common = [word for _, word in found[len(rare) :]]
    while common and room > COMMON - FILTERED:
        together = rows.filter(search=_query(common, "&"))
        if len(common) == 1 or together.order_by()[:FILTERED].count() == FILTERED:
            return chosen | Q(pk__in=_newest_pks(together, room))
        common.pop()
    return chosen


def _filter(rows: QuerySet[Any], counted: _Counted) -> list[Any]:
    """Those of the chosen texts that hold the rarest of the words, a few more than are ranked."""
    chosen = _choose(rows, counted)
    if chosen is None:
        return []
    heavy = {"links", "tables", "media", "headers", "search"}
    columns = {field.name for field in rows.model._meta.concrete_fields}
    held = [word for word, count in counted.by_word.items() if count]
    cases = (
        Case(When(search=_query([word]), then=Value(counted.rarity(word))), default=0.0)
        for word in held
    )
    found = rows.filter(chosen).annotate(
        weight=sum(cases, start=Value(0.0)),
        rank=SearchRank(F("search"), _query(held), normalization=Value(1)),
    )
    if rows.model is Snapshot:
        found = found.select_related("page")
    return list(found.defer(*(heavy & columns)).order_by("-weight", "-rank", "-id")[:FILTERED])


def _newest(snapshots: Sequence[Snapshot]) -> list[Snapshot]:
    """One copy of each page, the one that answers best."""
    by_page: dict[int, Snapshot] = {}
    for snapshot in snapshots:
        by_page.setdefault(snapshot.page_id, snapshot)
    return list(by_page.values())


def _rank(
    rarity: Mapping[str, float], rows: Sequence[Snapshot | Article]
) -> list[Snapshot | Article]:
    """Those that share a telling word with the query, by BM25."""
    texts = (cut_words(f"{one.title}\n{one.text[:RANKED_CHARS]}") for one in rows)
    index = WordIndex(texts, only=rarity)
    # A word that all of these few hold may still be rare in the library.
    weights = {stem: rare / index.rarity(stem) for stem, rare in rarity.items()}
    scores = index.score_texts(weights)
    order = sorted(range(len(rows)), key=lambda place: -scores[place])
    return [rows[place] for place in order if scores[place] > 0]
