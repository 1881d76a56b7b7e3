"""Origins as rows: the machine's groups kept, merged and split by people, and settled.

Promises: the number of a page's origin follows from the machine's groups and people's words
about them; a later weighing renews the first and never the second; each word of a person is a
line of the history and a correction that is kept for good.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from claims.lifecycle import MoveRefused
from claims.models.access import Person
from claims.models.correction import keep_correction
from claims.models.evidence import Evidence
from claims.models.history import append_event
from claims.models.page_origin import PageOrigin
from claims.models.ticket import Ticket
from claims.vocabulary import CorrectionKind, TicketAction
from claims.workflow.weigh.grouping import OWN_COPY, Grouped

BY_A_PERSON = "a reviewer said so"
MOST_LINKS = 20
"""A page that is one of hundreds of copies is shown with these of them."""


class OriginRefused(MoveRefused):
    """What was asked of the origins cannot be; the text says why, for a person."""


def keep_origins(ticket: Ticket, grouped: Mapping[int, Grouped]) -> dict[int, int]:
    """Renew what the machine says of the ticket's pages; gives each page's origin as it settles,
    but for those that are of the origin of the claim's own article.

    The caller holds the ticket's row.
    """
    known = {row.page_id: row for row in _list_rows(ticket)}
    for page_id, row in known.items():
        # A page that is no longer weighed must not meet another group's number.
        row.machine_group = 0 if page_id not in grouped else row.machine_group
        row.is_own_copy = row.is_own_copy and page_id in grouped
    for page_id, found in grouped.items():
        row = known.setdefault(page_id, PageOrigin(ticket=ticket, page_id=page_id))
        row.machine_group = found.number
        row.is_own_copy = found.is_own_copy
        row.links = [
            {"page": int(other), "reason": link.reason}
            for link in found.links[:MOST_LINKS]
            for other in (link.left, link.right)
            if int(other) != page_id
        ]
        row.cites = [
            {
                "page": int(one.cited) if one.cited else None,
                "name": one.name,
                "url": one.url,
                "reason": one.reason,
            }
            for one in found.cites
        ]
    rows = list(known.values())
    PageOrigin.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["ticket", "page"],
        update_fields=["machine_group", "is_own_copy", "links", "cites"],
    )
    return _settle(ticket, rows)


def join_origins(ticket: Ticket, page_id: int, other_id: int, *, by: Person) -> None:
    """Say that two pages, and all of their origins, carry one report.

    Raises :class:`OriginRefused` where they already do, or are none of the ticket's pages.
    """

    def join(rows: dict[int, PageOrigin]) -> list[PageOrigin]:
        numbers = number_origins(list(rows.values()))
        if numbers[page_id] == numbers[other_id]:
            raise OriginRefused("these pages are one origin already")
        row = _last_joined(rows, page_id)
        row.joined_to_id = other_id
        return [row]

    _change(ticket, (page_id, other_id), "joined", join, by=by)


def split_origin(ticket: Ticket, page_id: int, *, by: Person) -> None:
    """Say that a page stands by itself; the others of its origin stay together.

    Raises :class:`OriginRefused` where it does already, or is none of the ticket's pages.
    """

    def split(rows: dict[int, PageOrigin]) -> list[PageOrigin]:
        numbers = number_origins(list(rows.values()))
        mates = [one for one, of in numbers.items() if of == numbers[page_id] and one != page_id]
        alone = rows[page_id]
        if not mates and not is_of_own_article(alone):
            raise OriginRefused("this page stands by itself already")
        alone.is_apart, alone.joined_to_id = True, None
        changed = [alone]
        for row in rows.values():
            if row.joined_to_id == page_id:
                row.joined_to_id = None
                changed.append(row)
        for mate in mates[1:]:
            after = number_origins(list(rows.values()))
            if after[mate] != after[mates[0]]:
                row = _last_joined(rows, mate)
                row.joined_to_id = mates[0]
                changed.append(row)
        return changed

    _change(ticket, (page_id,), "apart", split, by=by)


def restore_origins(ticket: Ticket, *, by: Person) -> None:
    """Take back all that people said of the ticket's origins."""

    def restore(rows: dict[int, PageOrigin]) -> list[PageOrigin]:
        changed = [row for row in rows.values() if row.is_apart or row.joined_to_id]
        if not changed:
            raise OriginRefused("the origins are as the machine grouped them")
        for row in changed:
            row.is_apart, row.joined_to_id = False, None
        return changed

    _change(ticket, (), "back", restore, by=by)


def number_origins(rows: Sequence[PageOrigin]) -> dict[int, int]:
    """Page id → the number of its origin, from 1 in the order of the rows.

    First the machine's groups without the pages that a person set apart, then people's joins.
    """
    parent = {row.page_id: row.page_id for row in rows}

    def root(page: int) -> int:
        while parent[page] != page:
            page = parent[page]
        return page

    first: dict[int, int] = {}
    for row in rows:
        if row.machine_group and not row.is_apart:
            parent[root(row.page_id)] = root(first.setdefault(row.machine_group, row.page_id))
    for row in rows:
        if row.joined_to_id in parent:
            parent[root(row.page_id)] = root(row.joined_to_id)
    numbers: dict[int, int] = {}
    return {row.page_id: numbers.setdefault(root(row.page_id), len(numbers) + 1) for row in rows}


def is_of_own_article(row: PageOrigin) -> bool:
    """Whether the page is a copy of the claim's own article, and nobody set it apart."""
    return row.is_own_copy and not row.is_apart


def list_independent(rows: Sequence[PageOrigin]) -> dict[int, int]:
    """The numbers of the pages' origins without that of the claim's own article."""
    numbers = number_origins(rows)
    own = {numbers[row.page_id] for row in rows if is_of_own_article(row)}
    return {page: number for page, number in numbers.items() if number not in own}


def _last_joined(rows: Mapping[int, PageOrigin], page_id: int) -> PageOrigin:
    """The page at the end of a person's joins, which has none of its own yet."""
    row = rows[page_id]
    while row.joined_to_id is not None and row.joined_to_id in rows:
        row = rows[row.joined_to_id]
    return row


def _change(
    ticket: Ticket,
    pages: tuple[int, ...],
    what: str,
    apply: Callable[[dict[int, PageOrigin]], list[PageOrigin]],
    *,
    by: Person,
) -> None:
    with transaction.atomic():
        ticket = Ticket.objects.select_for_update(of=("self",)).get(pk=ticket.pk)
        rows = {row.page_id: row for row in _rows_with_evidence(ticket)}
        if any(page not in rows for page in pages):
            raise OriginRefused("this page is not on this ticket")
        before = list_independent(list(rows.values()))
        changed = apply(rows)
        person: Any = by
        for row in changed:
            row.set_by_id, row.set_at = person.pk, timezone.now()
        PageOrigin.objects.bulk_update(changed, ["is_apart", "joined_to", "set_by", "set_at"])
        after = _settle(ticket, list(rows.values()))
        named = [rows[page].page.url for page in pages or [row.page_id for row in changed]]
        keep_correction(
            CorrectionKind.ORIGIN,
            by=by,
            team_id=ticket.team_id,
            claim_id=ticket.claim_id,
            field=what,
            machine=_machine_says(rows, pages, what),
            person={"is_joined": what == "joined", "pages": named} if pages else None,
        )
        append_event(
            ticket,
            TicketAction.ORIGIN_SET,
            actor=by,
            changes={
                what: ", ".join(named),
                "independent_origins": [len(set(before.values())), len(set(after.values()))],
            },
        )


def _machine_says(rows: Mapping[int, PageOrigin], pages: tuple[int, ...], what: str) -> Any:
    if not pages:
        return None
    groups = [rows[page].machine_group for page in pages]
    of_one = [row.page.url for row in rows.values() if row.machine_group in groups and groups[0]]
    is_joined = len(of_one) > 1 if what == "apart" else groups[0] == groups[-1] != 0
    return {"is_joined": is_joined, "pages": of_one}


def _list_rows(ticket: Ticket) -> list[PageOrigin]:
    return list(PageOrigin.objects.filter(ticket=ticket).select_related("page").order_by("id"))


def _rows_with_evidence(ticket: Ticket) -> list[PageOrigin]:
    """The rows; those of evidence that was weighed before there were such rows are made."""
    rows = _list_rows(ticket)
    known = {row.page_id for row in rows}
    last = max((row.machine_group for row in rows), default=0)
    pieces = Evidence.objects.filter(ticket=ticket).select_related("passage__snapshot")
    first: dict[int, int] = {}
    made: dict[int, PageOrigin] = {}
    for piece in pieces.defer("passage__snapshot__text").order_by("number"):
        page = piece.passage.snapshot.page_id
        if page in known or page in made:
            continue
        made[page] = PageOrigin(ticket=ticket, page_id=page)
        if piece.origin:
            made[page].machine_group = last + piece.origin
            mate = first.setdefault(piece.origin, page)
            made[page].links = [
                {"page": mate, "reason": reason} for reason in piece.origin_reasons if mate != page
            ]
    PageOrigin.objects.bulk_create(made.values())
    return _list_rows(ticket)


def _settle(ticket: Ticket, rows: Sequence[PageOrigin]) -> dict[int, int]:
    """Write the numbers that follow from the rows to the evidence, with the reasons.

    Gives the independent ones.
    """
    numbers, independent = number_origins(rows), list_independent(rows)
    reasons: dict[int, dict[str, None]] = defaultdict(dict)
    for row in rows:
        number = numbers[row.page_id]
        for link in row.links:
            if not row.is_apart and numbers.get(link["page"]) == number:
                reasons[number][link["reason"]] = None
    for row in rows:
        if row.joined_to_id is not None:
            reasons[numbers[row.page_id]][BY_A_PERSON] = None
        if is_of_own_article(row):
            reasons[numbers[row.page_id]][OWN_COPY] = None
    pieces = list(
        Evidence.objects.filter(ticket=ticket)
        .select_related("passage__snapshot")
        .defer("passage__snapshot__text", "comparison")
    )
    for piece in pieces:
        page_id = piece.passage.snapshot.page_id
        if page_id in numbers:
            piece.origin = numbers[page_id]
            piece.origin_reasons = list(reasons[piece.origin])
            piece.is_own_copy = page_id not in independent
    Evidence.objects.bulk_update(pieces, ["origin", "origin_reasons", "is_own_copy"])
    return independent
