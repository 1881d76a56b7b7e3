"""Retrying: what failed jobs had ended is waited for again, and ready tickets are weighed anew.

Promises that a retry by a person reaches the ticket: a search that is asked again
is *pending* again, a page that is fetched or read again has no outcome yet, and a
ticket that had gone on without them owes one more weighing, which waits for them.
Nothing that a person set is lost: a weighing only adds and refreshes suggestions.
Refuses to touch tickets whose verdict stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q
from django.utils import timezone

from claims.models.job import Job
from claims.models.page import Page, Snapshot
from claims.models.search import Search
from claims.models.ticket import Ticket
from claims.vocabulary import JobKind, SearchOutcome, TicketState

# Gathering tickets are weighed in any case; decided ones rest on what was frozen.
WEIGHED_ANEW = (TicketState.READY, TicketState.IN_REVIEW)


def reopen_work(jobs: Sequence[Job]) -> None:
    """Wait again for what these failed jobs had ended; in the transaction that retries them."""
    ids: dict[str, list[int]] = {}
    for job in jobs:
        ids.setdefault(job.kind, []).append(job.subject_id)
    searches = Search.objects.filter(pk__in=ids.get(JobKind.SEARCH, []))
    read = Snapshot.objects.filter(pk__in=ids.get(JobKind.READ, []))
    page_ids = {*ids.get(JobKind.FETCH, []), *read.values_list("page_id", flat=True)}
    # Two ways to a ticket, each along its index: one condition with both walks every search.
    found = Search.objects.filter(results__page__in=page_ids)
    asked = searches.order_by().values("ticket").union(found.order_by().values("ticket"))
    tickets = Ticket.objects.filter(pk__in=asked, state__in=WEIGHED_ANEW)
    owe_another_weighing(tickets.select_related("team"))
    searches.update(outcome=SearchOutcome.PENDING, detail="", ended_at=None)
    Page.objects.filter(pk__in=page_ids).update(outcome="", reason="", detail="")


def fetch_again(page: Page) -> bool:
    """Owe one more fetch of a page that ended badly; ``False`` where one is owed still.

    Runs in the caller's transaction. The tickets that went on without it are weighed anew.
    """
    stem = f"{page.pk}:{timezone.now():%Y-%m-%d}"
    if not Job.objects.owe_anew(JobKind.FETCH, stem, team=page.team):
        return False
    tickets = Ticket.objects.filter(searches__results__page=page, state__in=WEIGHED_ANEW)
    owe_another_weighing(tickets.select_related("team").distinct())
    Page.objects.filter(pk=page.pk).update(outcome="", reason="", detail="")
    return True


def jobs_of(ticket: Ticket) -> Q:
    """The jobs that work for this ticket, as a condition on jobs."""
    searches = Search.objects.filter(ticket=ticket).values("pk")
    pages = Page.objects.filter(results__search__ticket=ticket)
    subjects: dict[JobKind, Any] = {
        JobKind.SEARCH: searches,
        JobKind.FETCH: pages.values("pk"),
        JobKind.READ: pages.values("snapshots"),
        JobKind.WEIGH: [ticket.pk],
    }
    first, *others = (
        Job.objects.filter(kind=kind, subject_id__in=keys).order_by().values("pk")
        for kind, keys in subjects.items()
    )
    # Each kind along its index: one condition with all of them reads every job there is.
    return Q(pk__in=first.union(*others))


def owe_another_weighing(tickets: Iterable[Ticket]) -> None:
    """One more weighing for each; none where one is already owed."""
    for ticket in tickets:
        Job.objects.owe_anew(JobKind.WEIGH, f"{ticket.pk}:{ticket.round}", team=ticket.team)
