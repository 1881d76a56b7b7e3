"""Settling: a ticket that waits for no search, fetch or reading owes its weighing.

The ticket's row is locked before its open work is counted, so of two jobs that
end in the same instant the second one sees the first.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet

from claims.models.job import Job
from claims.models.page import Snapshot
from claims.models.search import Search, SearchResult
from claims.models.ticket import Ticket
from claims.vocabulary import JobKind, SearchOutcome, TicketState


def tickets_of_page(page_ids: Iterable[int]) -> set[int]:
    """Ids of the gathering tickets whose searches found one of these pages."""
    return set(
        SearchResult.objects.filter(
            page_id__in=list(page_ids), search__ticket__state=TicketState.GATHERING
        ).values_list("search__ticket_id", flat=True)
    )


def owe_weighing(ticket_ids: Iterable[int]) -> int:
    """Owe the weighing of those of the tickets that wait for nothing more; gives how many."""
    ids = sorted(set(ticket_ids))
    if not ids:
        return 0
    owed = 0
    with transaction.atomic():
        rows = Ticket.objects.filter(pk__in=ids, state=TicketState.GATHERING).order_by("pk")
        for ticket in rows.select_for_update(of=("self",)).select_related("team"):
            if not waits_for_something(ticket):
                key = f"{ticket.pk}:{ticket.round}"
                owed += Job.objects.owe(JobKind.WEIGH, key, team=ticket.team)
    return owed


def settle_idle_tickets(*, limit: int = 200) -> int:
    """Owe the weighing of gathering tickets that nothing will wake any more (for the sweep)."""
    ids = Ticket.objects.filter(state=TicketState.GATHERING).order_by("pk")
    return owe_weighing(ids.values_list("pk", flat=True)[:limit])


def waits_for_something(ticket: Ticket) -> bool:
    """Whether a search, a fetch or a reading of this ticket is still owed."""
    if Search.objects.filter(ticket=ticket, outcome=SearchOutcome.PENDING).exists():
        return True
    pages: QuerySet[SearchResult, int] = SearchResult.objects.filter(
        search__ticket=ticket
    ).values_list("page_id", flat=True)
    owed = Job.objects.unfinished()
    if owed.filter(kind=JobKind.FETCH, subject_id__in=pages).exists():
        return True
    snapshots = Snapshot.objects.filter(page_id__in=pages).values("pk")
    return owed.filter(kind=JobKind.READ, subject_id__in=snapshots).exists()
