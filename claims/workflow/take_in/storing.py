"""Storing: rows of a file, sorted, as claims with numbers, tickets, history and imported rows.

Promises: what is stored and how far the file is are one transaction, which is the caller's, who
holds the import's row; a wording is unique in a team, so what somebody else stores in the same
instant is an ``IntegrityError`` and found the next time.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, NamedTuple

from django.utils import timezone

from claims.intake import ClaimRow
from claims.lifecycle import START
from claims.models.access import Person
from claims.models.article import Article
from claims.models.claim import Appearance, Claim, Quantity
from claims.models.claim_import import ClaimImport, ImportedRow
from claims.models.claim_match import find_roots
from claims.models.copying import copy_rows, reserve_ids
from claims.models.dropped import stand_again
from claims.models.history import append_openings
from claims.models.openings import keep_tags, plan_openings
from claims.models.team import Team
from claims.models.ticket import Ticket
from claims.models.urgency import Facts
from claims.vocabulary import ImportedAs, ImportState
from claims.web.urls import canonical_url
from claims.workflow.take_in.making import MadeClaim, facts_of_row, make_claim
from claims.workflow.take_in.sorting import SortedRow, sort_part

QUANTITY_COLUMNS = (
    "claim", "position", "text", "start", "end", "value", "low", "high", "unit", "unit_name",
    "kind", "bound", "hedge", "change", "counted", "measured", "of_what", "period",
)  # fmt: skip
TICKET_COLUMNS = (
    "id", "team", "claim", "state", "priority", "round", "close_reason", "version",
    "review_seconds", "created_at", "is_priority_set", "due_on", "notice_on", "assigned_to",
)  # fmt: skip
KEPT_OF_ROW = (
    "line", "article_title", "article_url", "article_published", "said_on", "language", "note",
    "external_id",
)  # fmt: skip
kept_of_row = attrgetter(*KEPT_OF_ROW)


class WantedTicket(NamedTuple):
    """A ticket to open: the place of its row in the file, its claim and what rules look at."""

    place: int
    claim_id: int
    facts: Facts


@dataclass(frozen=True, slots=True)
class WholeFile:
    """All rows of a file, and for each the place of the first one that says the same."""

    rows: Sequence[ClaimRow]
    firsts: Sequence[int]


def store_rows(source: ClaimImport, whole: WholeFile, part: range, by: Person | None) -> None:
    """Store the rows at the places of ``part`` of an import whose row the caller holds."""
    rows = sort_part(source.team, whole.rows, whole.firsts, part)
    fresh, wanted = _store_claims(source.team, rows)
    wanted += _wanted_by_known(rows, by)
    ids = {place: one.claim_id for place, one in rows.items() if one.claim_id is not None}
    ids.update(fresh)
    ids.update(_stored_before(source, whole, rows))
    _open_tickets(source, rows, sorted(wanted), by)
    copy_rows(
        ImportedRow,
        ("source", "claim", "became", *KEPT_OF_ROW),
        (
            (source.pk, ids[one.first], one.became.value, *kept_of_row(one.row))
            for one in rows.values()
        ),
    )
    _link_articles(source.team, rows.values(), ids)
    _count(source, rows.values(), tickets=len(wanted))
    if source.confirmed_at is None:
        source.confirmed_by_id = by.pk if by else None
        source.confirmed_at = timezone.now()
    source.state = ImportState.TAKING
    if part.stop == len(whole.rows):
        source.state, source.body = ImportState.DONE, b""
    source.save()


def _count(source: ClaimImport, rows: Collection[SortedRow], *, tickets: int) -> None:
    became = [one.became for one in rows]
    source.taken_count += len(became)
    source.new_count += became.count(ImportedAs.NEW)
    source.known_count += became.count(ImportedAs.KNOWN)
    source.repeated_count += became.count(ImportedAs.REPEATED)
    source.ticket_count += tickets


def _stored_before(
    source: ClaimImport, whole: WholeFile, rows: Mapping[int, SortedRow]
) -> dict[int, int]:
    """The claims of rows that an earlier part stored and that rows of this one repeat."""
    places = {whole.rows[one.first].line: one.first for one in rows.values()}
    lines = [line for line, place in places.items() if place < source.taken_count]
    found = ImportedRow.objects.filter(source=source, line__in=lines) if lines else None
    stored = found.values_list("line", "claim_id") if found is not None else ()
    return {places[line]: claim_id for line, claim_id in stored}


def _store_claims(
    team: Team, rows: Mapping[int, SortedRow]
) -> tuple[dict[int, int], list[WantedTicket]]:
    """Store the new claims with their numbers; gives their ids by place, and their tickets."""
    fresh = [place for place, one in rows.items() if one.became == ImportedAs.NEW]
    if not fresh:
        return {}, []
    # In the order of the file by id, stored in one order for everybody by digest: two who
    # store the same wordings must not lock crosswise.
    ids = dict(zip(fresh, reserve_ids(Claim, len(fresh)), strict=True))
    made = {
        place: make_claim(team, rows[place].row, rows[place].digest)
        for place in sorted(fresh, key=lambda place: rows[place].digest)
    }
    now = timezone.now()
    names = tuple(made[fresh[0]].values)
    copy_rows(
        Claim,
        ("id", "created_at", *names),
        ((ids[place], now, *one.values.values()) for place, one in made.items()),
    )
    copy_rows(Quantity, QUANTITY_COLUMNS, _quantity_rows(ids, made))
    wanted = [
        WantedTicket(
            place,
            ids[place],
            facts_of_row(rows[place].row, one.score, has_number=bool(one.numbers)),
        )
        for place, one in made.items()
    ]
    return ids, wanted


def _quantity_rows(ids: Mapping[int, int], made: Mapping[int, MadeClaim]) -> Iterator[list[Any]]:
    for place, one in made.items():
        for position, number in enumerate(one.numbers):
            stored = Quantity.stored_values(number)
            period = stored["period"]
            stored["period"] = None if period is None else json.dumps(period)
            yield [ids[place], position, *(stored[name] for name in QUANTITY_COLUMNS[2:])]


def _wanted_by_known(rows: Mapping[int, SortedRow], by: Person | None) -> list[WantedTicket]:
    """The tickets of claims that the team has without one.

    Who takes in a row that names a dropped claim says that it is one after all; where
    nobody is named, it stays dropped and gets no ticket.
    """
    places = {one.claim_id: place for place, one in rows.items() if one.became == ImportedAs.KNOWN}
    # Locked, so that nobody opens a ticket on one of them before this transaction ends.
    bare = Claim.objects.filter(pk__in=list(places), ticket=None).order_by("pk")
    locked = list(bare.only("score").select_for_update(of=("self",))) if places else []
    if not locked:
        return []
    ids = [claim.pk for claim in locked]
    # Asked again under the lock: one may have been opened while it was waited for.
    opened = set(Ticket.objects.filter(claim__in=ids).values_list("claim_id", flat=True))
    bare_ids = set(ids) - opened
    for claim in Claim.objects.filter(pk__in=bare_ids, dropped_at__isnull=False):
        if by is None:
            bare_ids.remove(claim.pk)
        else:
            stand_again(claim, by=by)
    holding = Quantity.objects.filter(claim__in=ids).values_list("claim_id", flat=True)
    numbered = set(holding.distinct().order_by())
    return [
        WantedTicket(
            places[claim.pk],
            claim.pk,
            facts_of_row(rows[places[claim.pk]].row, claim.score, has_number=claim.pk in numbered),
        )
        for claim in locked
        if claim.pk in bare_ids
    ]


def _open_tickets(
    source: ClaimImport,
    rows: Mapping[int, SortedRow],
    wanted: Sequence[WantedTicket],
    by: Person | None,
) -> None:
    """Open the tickets in the order of the file, each with its first line of history."""
    if not wanted:
        return
    now = timezone.now()
    ids = reserve_ids(Ticket, len(wanted))
    plans = plan_openings(
        source.team, [(one.facts, rows[one.place].row.priority) for one in wanted]
    )
    copy_rows(
        Ticket,
        TICKET_COLUMNS,
        (
            (
                pk, source.team_id, one.claim_id, START.value, plan.priority, 1, "", 1, 0, now,
                plan.is_priority_set, plan.due_on, plan.notice_on, plan.assigned_to_id,
            )
            for pk, one, plan in zip(ids, wanted, plans, strict=True)
        ),
    )  # fmt: skip
    keep_tags(source.team, {pk: plan.tags for pk, plan in zip(ids, plans, strict=True)})
    openings = (
        (
            pk,
            rows[one.place].row.note,
            {**plan.changes, "import": source.pk, "line": rows[one.place].row.line},
        )
        for pk, one, plan in zip(ids, wanted, plans, strict=True)
    )
    append_openings(openings, to_state=START.value, actor=by)


def _link_articles(team: Team, rows: Iterable[SortedRow], ids: Mapping[int, int]) -> None:
    """Where the team has the article that a row names, and the claim's words stand in it: link.

    An appearance is a span of a text. Where the words do not stand there, nothing is made up:
    the row keeps the article's title and address as the file gave them.
    """
    named: dict[str, list[SortedRow]] = {}
    for one in rows:
        if one.row.article_url:
            named.setdefault(canonical_url(one.row.article_url), []).append(one)
    articles = Article.objects.filter(team=team, canonical_url__in=list(named)).exclude(text="")
    roots = find_roots(ids.values()) if named else {}
    found = []
    for article in articles.only("canonical_url", "text").iterator(chunk_size=100):
        for one in named[article.canonical_url]:
            start = article.text.find(one.row.claim_text)
            if start >= 0:
                end = start + len(one.row.claim_text)
                claim_id = ids[one.first]
                merged = claim_id if claim_id in roots else None
                found.append(
                    Appearance(
                        claim_id=roots.get(claim_id, claim_id),
                        found_as_id=merged,
                        article=article,
                        start=start,
                        end=end,
                    )
                )
    Appearance.objects.bulk_create(found, ignore_conflicts=True)
