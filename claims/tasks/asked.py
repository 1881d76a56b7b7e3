"""What people's doors ask for: a view or a command runs a verb, and its machine work is owed."""

from __future__ import annotations

import structlog
from django.db import transaction
from django.db.models import QuerySet

from claims.log_events import LogEvent
from claims.models.access import Person
from claims.models.claim import Claim
from claims.models.job import Job
from claims.models.ticket import Ticket
from claims.tasks.hints import nudge
from claims.workflow import gather, triage

log = structlog.get_logger("claims.tasks")


def open_and_gather(claim: Claim, *, by: Person | None) -> tuple[Ticket, bool]:
    """Open a claim's ticket and owe its searches; gives the ticket and whether it is new."""
    with transaction.atomic():
        ticket, is_new = triage.open_ticket(claim, by=by)
        if is_new:
            ticket = gather.plan_searches(ticket)
        transaction.on_commit(nudge)
    return ticket, is_new


def gather_again(
    ticket: Ticket, *, by: Person, query: str = "", expected_version: int | None = None
) -> Ticket:
    """Owe another round of searches for a ticket."""
    with transaction.atomic():
        ticket = gather.gather_more(ticket, by=by, query=query, expected_version=expected_version)
        transaction.on_commit(nudge)
    return ticket


def retry_jobs(rows: QuerySet[Job], *, by: Person) -> int:
    """Give failed jobs fresh attempts; gives how many."""
    count = Job.objects.filter(pk__in=rows.values("pk")).retry()
    log.info(LogEvent.JOB_RETAKEN, count=count, by=by.pk)
    transaction.on_commit(nudge)
    return count


def oldest_job_seconds() -> float | None:
    """Age of the oldest due job in seconds; ``None`` when nothing is due (for ``/healthz``)."""
    return Job.objects.all().oldest_due_seconds()
