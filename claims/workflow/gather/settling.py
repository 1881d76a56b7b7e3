"""Settling: a ticket that waits for no search, fetch or reading owes its weighing.

The ticket's row is locked before its open work is counted, so of two jobs that
end in the same instant the second one sees the first.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from claims.models.job import Job
from claims.models.page import Snapshot
from claims.models.search import Search, SearchResult
from claims.models.team import Team
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
    with transaction.atomic():
        gathering = Ticket.objects.filter(pk__in=ids, state=TicketState.GATHERING).order_by("pk")
        locked = [row.pk for row in gathering.select_for_update(of=("self",))]
        # A second statement, so that it sees what those who held the rows have ended.
        idle = idle_tickets().filter(pk__in=locked).select_related("team")
        by_team: dict[Team, list[str]] = {}
        for ticket in idle:
            by_team.setdefault(ticket.team, []).append(f"{ticket.pk}:{ticket.round}")
        return sum(
            Job.objects.owe_many(JobKind.WEIGH, keys, team=team) for team, keys in by_team.items()
        )


def settle_idle_tickets(*, limit: int = 200) -> int:
    """Owe the weighing of gathering tickets that nothing will wake any more (for the sweep)."""
    weighing = Job.objects.unfinished().filter(kind=JobKind.WEIGH, subject_id=OuterRef("pk"))
    unweighed = idle_tickets().exclude(Exists(weighing)).order_by("pk")
    return owe_weighing(unweighed.values_list("pk", flat=True)[:limit])


def waits_for_work(ticket: Ticket) -> bool:
    """Whether a search, fetch or reading of the ticket is still owed, whatever its state."""
    return not idle_tickets(Ticket.objects.filter(pk=ticket.pk)).exists()


def idle_tickets(rows: QuerySet[Ticket] | None = None) -> QuerySet[Ticket]:
    """Those of ``rows`` (all gathering tickets) of which no search, fetch or reading is owed."""
    if rows is None:
        rows = Ticket.objects.filter(state=TicketState.GATHERING)
    owed = Job.objects.unfinished()
    results = SearchResult.objects.filter(search__ticket=OuterRef("pk"))
    fetch = owed.filter(kind=JobKind.FETCH, subject_id=OuterRef("page_id"))
    read = owed.filter(
        kind=JobKind.READ,
        subject_id__in=Snapshot.objects.filter(page=OuterRef(OuterRef("page_id"))).values("pk"),
    )
    searching = Search.objects.filter(ticket=OuterRef("pk"), outcome=SearchOutcome.PENDING)
    return rows.exclude(Exists(searching) | Exists(results.filter(Exists(fetch) | Exists(read))))
