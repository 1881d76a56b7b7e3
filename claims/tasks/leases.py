"""Leases: taking due jobs for this worker, and ending an attempt that did not end well."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import structlog
from django.conf import settings
from django.db import close_old_connections, transaction

from claims.log_events import LogEvent
from claims.models.job import Job, JobQuerySet
from claims.models.lease_holder import LeaseHolder
from claims.vocabulary import ErrandState, JobKind, JobReason
from claims.workflow import errand, gather, ingest, tell, weigh

log = structlog.get_logger("claims.tasks")


def _renew(numbers: Sequence[int]) -> None:
    """The session that proves we live was lost and is back: nobody need take our work."""
    renewed = Job.objects.renew(numbers, seconds=settings.JOB_LEASE_SECONDS)
    log.warning(LogEvent.LEASES_RENEWED, count=renewed)


HOLDER = LeaseHolder(on_return=_renew)


@dataclass(frozen=True, slots=True)
class Hold:
    """What a task leases under: a number that is locked in the database while the task runs."""

    number: int

    def lease(
        self, kinds: tuple[JobKind, ...], *, limit: int, within: JobQuerySet | None = None
    ) -> list[Job]:
        """Lease due jobs (of those ``within``) for this task and log it."""
        rows = Job.objects.all() if within is None else within
        jobs = rows.lease(
            kinds, limit=limit, seconds=settings.JOB_LEASE_SECONDS, holder=self.number
        )
        if jobs:
            log.debug(LogEvent.JOB_LEASED, count=len(jobs))
        return jobs


@contextmanager
def hold_leases() -> Iterator[Hold]:
    """Prove to the database that this task lives; what it still holds at the end is ownerless."""
    with HOLDER.hold() as number:
        yield Hold(number)


def hand_back(jobs: Sequence[Job]) -> None:
    """Jobs that did not get to run, uncounted and due at once."""
    if jobs:
        log.info(LogEvent.JOBS_HANDED_BACK, count=Job.objects.put_back(*jobs))


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
    if isinstance(fault, MemoryError):
        end_attempt(job, JobReason.OUT_OF_MEMORY, "It took more memory than a worker may use.")
        return
    end_attempt(job, JobReason.ERROR, f"{type(fault).__name__}: see the log.")


def end_attempt(job: Job, reason: str, detail: str) -> None:
    """End an attempt: due again, or failed for good, and then what waited for it ends too."""
    with transaction.atomic():
        if Job.objects.try_again(job, reason, detail):
            settle(job, detail)


def finish_job(job: Job, keep: Callable[[], object]) -> bool:
    """End a job that is done, and keep its effect, in one transaction; gives whether both were."""
    with transaction.atomic():
        if not Job.objects.held([job]):
            return False
        Job.objects.finish([job])
        return bool(keep())


def settle(job: Job, detail: str) -> None:
    """End what waited for a job that failed for good; in the transaction that failed it."""
    gather.settle_failed(job, detail)
    if job.kind == JobKind.FETCH_ARTICLE:
        ingest.fail_article(job.subject_id, detail)
    elif job.kind == JobKind.DETECT:
        ingest.fail_article(job.subject_id, f"Its claims could not be detected. {detail}")
    elif job.kind == JobKind.WEIGH:
        weigh.make_ready_unweighed(job)
    elif job.kind == JobKind.SEND_DIGEST:
        tell.free_digest(job.subject_id, detail)
    elif job.kind == JobKind.ERRAND:
        errand.end_errand(job.subject_id, ErrandState.FAILED, told=detail)
