"""Leases: taking due jobs for this worker, and ending an attempt that did not end well."""

from __future__ import annotations

import structlog
from django.conf import settings
from django.db import close_old_connections, transaction

from claims.log_events import LogEvent
from claims.models.job import Job
from claims.vocabulary import JobKind
from claims.workflow import gather, ingest, weigh

log = structlog.get_logger("claims.tasks")


def lease_jobs(kinds: tuple[JobKind, ...], *, limit: int) -> list[Job]:
    """Lease due jobs for this worker and log it."""
    jobs = Job.objects.lease(kinds, limit=limit, seconds=settings.JOB_LEASE_SECONDS)
    if jobs:
        log.debug(LogEvent.JOB_LEASED, count=len(jobs))
    return jobs


def fail_attempt(job: Job, fault: Exception) -> None:
    """Count and log a fault; where the database is gone, the sweep takes the lease back."""
    log.error(
        LogEvent.JOB_FAILED,
        job=job.pk,
        kind=job.kind,
        error=type(fault).__name__,
        exc_info=fault,
    )
    close_old_connections()
    end_attempt(job, "error", f"{type(fault).__name__}: see the log.")


def end_attempt(job: Job, reason: str, detail: str) -> None:
    """End an attempt: due again, or failed for good, and then what waited for it ends too."""
    with transaction.atomic():
        if Job.objects.try_again(job, reason, detail):
            settle(job, detail)


def settle(job: Job, detail: str) -> None:
    """End what waited for a job that failed for good; in the transaction that failed it."""
    gather.settle_failed(job, detail)
    if job.kind == JobKind.FETCH_ARTICLE:
        ingest.fail_article(job.subject_id, detail)
    elif job.kind == JobKind.DETECT:
        ingest.fail_article(job.subject_id, f"Its claims could not be detected. {detail}")
    elif job.kind == JobKind.WEIGH:
        weigh.make_ready_unweighed(job.subject_id)
