"""What people's doors ask for: a view or a command runs a verb, and its machine work is owed."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date

import structlog
from django.db import transaction
from django.db.models import Q, QuerySet

from claims.lifecycle import START
from claims.log_events import LogEvent
from claims.models.access import Person
from claims.models.claim import Appearance, Claim
from claims.models.job import Job
from claims.models.page import Page
from claims.models.search import Search
from claims.models.ticket import Ticket
from claims.tasks.hints import nudge
from claims.vocabulary import JobKind, JobState
from claims.workflow import gather, mark, triage, weigh

log = structlog.get_logger("claims.tasks")


def open_and_gather(claim: Claim, *, by: Person | None) -> tuple[Ticket, bool]:
    """Open a claim's ticket and owe its searches; gives the ticket and whether it is new.

    A ticket that stands open and waits for its turn has it now.
    """
    with transaction.atomic():
        ticket, is_new = triage.open_ticket(claim, by=by)
        # Locked, so that the sweep and a second click do not begin it too.
        rows = Ticket.objects.select_for_update(of=("self",)).select_related("claim", "team")
        waiting = rows.filter(pk=ticket.pk, state=START).first()
        if waiting is not None:
            ticket = gather.plan_searches(waiting)
        transaction.on_commit(nudge)
    return ticket, is_new


def gather_again(
    ticket: Ticket,
    *,
    by: Person,
    query: str = "",
    places: Collection[str] = (),
    expected_version: int | None = None,
) -> Ticket:
    """Owe another round of searches for a ticket, in the named places or in all."""
    with transaction.atomic():
        ticket = gather.gather_more(
            ticket, by=by, query=query, places=places, expected_version=expected_version
        )
        transaction.on_commit(nudge)
    return ticket


def correct_frame(ticket: Ticket, edit: Callable[[], Claim]) -> tuple[bool, bool]:
    """Run an edit of the ticket's frame and have its passages compared again.

    ``edit`` gives the claim as it stands then. Gives whether it changed, and whether the
    comparisons are made already; where they are not, the workers owe them.
    """
    seen = ticket.claim.version
    with transaction.atomic():
        claim = edit()
        if claim.version == seen:
            return False, True
        return True, _compare_again(claim, ticket.pk)


def move_ends(
    place: Appearance, start: int, end: int, *, by: Person, expected_version: int | None = None
) -> tuple[Claim, bool]:
    """Move a claim's ends and have its ticket's passages compared again.

    Gives the claim that holds the words now and whether the comparisons are made already;
    where they are not, the workers owe them. Raises what :func:`mark.move_ends` raises.
    """
    old_id = place.claim_id
    with transaction.atomic():
        claim = mark.move_ends(place, start, end, by=by, expected_version=expected_version)
        ticket_id = Ticket.objects.filter(claim_id=old_id).values_list("pk", flat=True).first()
        # A claim of its own has no part in what the old one's ticket compared.
        if ticket_id is None or claim.pk != old_id:
            return claim, True
        return claim, _compare_again(claim, ticket_id)


def _compare_again(claim: Claim, ticket_id: int) -> bool:
    """Compare with the claim as it is now; the ticket's state and round are read under its lock.

    What the request had loaded of them may be of before the machine moved the ticket on.
    """
    rows = Ticket.objects.select_for_update(of=("self",)).select_related("team")
    ticket = rows.get(pk=ticket_id)
    ticket.claim = claim
    is_compared = weigh.compare_again(ticket)
    if not is_compared:
        transaction.on_commit(nudge)
    return is_compared


def settle_comparisons(ticket: Ticket) -> None:
    """Compare now what an edit of the frame left to the workers, before a verdict rests on it.

    Runs in the caller's transaction. Whoever edits or weighs locks the ticket's row before its
    evidence, and so does this.
    """
    owed = Job.objects.filter(
        kind=JobKind.WEIGH,
        subject_id=ticket.pk,
        state__in=(JobState.PENDING, JobState.LEASED, JobState.FAILED),
    )
    if owed.exists():
        rows = Ticket.objects.select_for_update(of=("self",)).select_related("claim")
        weigh.recompare(rows.get(pk=ticket.pk))


def retry_jobs(rows: QuerySet[Job], *, by: Person) -> int:
    """Give failed jobs fresh attempts, and let what went on without them wait; gives how many."""
    with transaction.atomic():
        failed = Job.objects.filter(pk__in=rows.values("pk"), state=JobState.FAILED)
        jobs = list(failed.select_for_update().order_by("pk"))
        gather.reopen_work(jobs)
        count = Job.objects.filter(pk__in=[job.pk for job in jobs]).retry()
        transaction.on_commit(nudge)
    log.info(LogEvent.JOB_RETAKEN, count=count, by=by.pk)
    return count


def retry_ticket(ticket: Ticket, *, by: Person) -> int:
    """Retry every failed job that works for this ticket; gives how many."""
    return retry_jobs(Job.objects.filter(gather.jobs_of(ticket)), by=by)


def fetch_again(page: Page, *, by: Person) -> bool:
    """Ask for one page once more; ``False`` where that is under way."""
    own = Q(kind=JobKind.FETCH, subject_id=page.pk) | Q(
        kind=JobKind.READ, subject_id__in=page.snapshots.values("pk")
    )
    if retry_jobs(Job.objects.filter(own), by=by):
        return True
    with transaction.atomic():
        is_owed = gather.fetch_again(page)
        transaction.on_commit(nudge)
    return is_owed


def ask_copy(page: Page, on: date, *, by: Person, ticket: Ticket | None = None) -> Search:
    """Owe the question for a page as it was on a day; raises :class:`gather.CopyRefused`."""
    with transaction.atomic():
        search = gather.ask_copy(page, on, by=by, ticket=ticket)
        transaction.on_commit(nudge)
    return search


def oldest_job_seconds() -> float | None:
    """Age of the oldest due job in seconds; ``None`` when nothing is due (for ``/healthz``)."""
    return Job.objects.all().oldest_due_seconds()
