"""The sweep: what was lost is taken back, what nothing else wakes is woken, the rest hinted."""

from __future__ import annotations

import structlog
from celery import shared_task
from django.db import transaction

from claims.log_events import LogEvent
from claims.models.history import TicketMoved
from claims.models.job import Job
from claims.tasks.hints import (
    ANALYSE_KINDS,
    FETCH_KINDS,
    MAX_HINTS,
    SEND_KINDS,
    SWEEP_COPIES,
    SWEEP_JOBS,
    WORK_ANALYSES,
    WORK_FETCHES,
    WORK_SENDS,
    count_due,
    count_suspects,
    hint,
)
from claims.tasks.leases import settle
from claims.workflow import assign, errand, gather, match, remind, retention

log = structlog.get_logger("claims.tasks")


@shared_task(name=SWEEP_COPIES)
def sweep_copies() -> int:
    """Let go of the bodies that their teams keep no longer, and of old results; gives how many."""
    errand.drop_old_files()
    errand.drop_orphans()
    deleted = retention.delete_old_bodies()
    if deleted:
        log.info(LogEvent.BODIES_DELETED, count=deleted)
    return deleted


@shared_task(name=SWEEP_JOBS)
def sweep_jobs() -> dict[str, int]:
    """Take back lost leases and reservations, wake what nothing else wakes, hint what is due.

    Any number of sweeps may run at once.
    """
    Job.objects.cut_ownerless()
    with transaction.atomic():
        retaken, spent = Job.objects.retake_expired()
        for job in spent:
            settle(job, "The worker was lost on every attempt.")
    try:
        expired = assign.expire_reservations()
    except TicketMoved:
        expired = 0
    reminded = remind.remind_of_due()
    settled = gather.settle_idle_tickets()
    matching = match.owe_matching()
    errand.end_articles()
    fetches, analyses = count_due(FETCH_KINDS), count_due(ANALYSE_KINDS)
    sends = count_due(SEND_KINDS)
    hint(WORK_FETCHES, 1 if fetches else 0)
    hint(WORK_SENDS, 1 if sends else 0)
    hint(WORK_ANALYSES, min(analyses + count_suspects(), MAX_HINTS))
    # Last: a ticket that could not begin must not keep the others from being worked.
    begun = gather.begin_open_tickets()
    hint(WORK_FETCHES, 1 if begun else 0)
    swept = {
        "retaken": retaken,
        "failed": len(spent),
        "reservations_expired": expired,
        "reminded": reminded,
        "weighings_owed": settled,
        "matchings_owed": matching,
        "tickets_begun": begun,
        "due_fetch": fetches,
        "due_analyse": analyses,
        "due_send": sends,
    }
    if retaken or spent or expired:
        log.warning(LogEvent.QUEUE_SWEPT, **swept)
    return swept
