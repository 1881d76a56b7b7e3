"""Celery's door: thin tasks that lease due jobs, run their verb and start the next.

The job table is the queue of record. A task carries nothing: it asks the table
what is due, so a message that is lost, doubled or late changes nothing, and a
dead broker costs a person nothing (:func:`nudge` tries for under a second and
lets the sweep catch up).

Fetch work runs in threads that never touch the database; analyse work runs one
job at a time in a process that can be killed.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

import structlog
from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet
from kombu.exceptions import OperationalError

from claims.log_events import LogEvent
from claims.models.access import Person
from claims.models.article import Article
from claims.models.claim import Claim
from claims.models.history import TicketMoved
from claims.models.job import Job
from claims.models.page import Snapshot
from claims.models.ticket import Ticket
from claims.vocabulary import JobKind
from claims.workflow import assign, detect, gather, ingest, triage, weigh

log = structlog.get_logger("claims.tasks")

FETCH_KINDS = (JobKind.FETCH_ARTICLE, JobKind.SEARCH, JobKind.FETCH)
ANALYSE_KINDS = (JobKind.DETECT, JobKind.READ, JobKind.WEIGH)
BATCH = 50
# A fetch task stays while there is work, but not so long that a stop has to wait for it.
FETCH_STAY_SECONDS = 20.0
# Jobs due within this time are waited for instead of leaving them to the sweep.
SOON_SECONDS = 1.5
MAX_NUDGES = 20
NUDGE_EXPIRES_SECONDS = 6


# Doors of people: what a view or a command calls after a verb ---------------


def nudge(kinds: tuple[JobKind, ...] = (*FETCH_KINDS, *ANALYSE_KINDS)) -> None:
    """Hint both queues that something may be due. Never raises; losing it loses seconds.

    Call it after commit: ``transaction.on_commit(nudge)``.
    """
    if set(kinds) & set(FETCH_KINDS):
        _hint(work_fetches, 1)
    if set(kinds) & set(ANALYSE_KINDS):
        _hint(work_analyses, 1)


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


# The fetch queue --------------------------------------------------------------


@shared_task(name="claims.tasks.work_fetches")
def work_fetches() -> int:
    """Search and fetch what is due, many at once; gives how many jobs were looked at."""
    ends_at = time.monotonic() + FETCH_STAY_SECONDS
    looked = 0
    with ThreadPoolExecutor(max_workers=BATCH, thread_name_prefix="look") as pool:
        running: set[Future[gather.Looked]] = set()
        while True:
            may_lease = time.monotonic() < ends_at
            if may_lease and len(running) < BATCH:
                jobs = lease_jobs(FETCH_KINDS, limit=BATCH - len(running))
                looked += len(jobs)
                running |= {pool.submit(look.run) for look in gather.plan_looks(jobs)}
            if not running:
                if not may_lease or not _wait_for_due():
                    return looked
                continue
            done, running = wait(running, timeout=0.5, return_when=FIRST_COMPLETED)
            if done:
                keep_looks([future.result() for future in done])


def keep_looks(results: list[gather.Looked]) -> None:
    """Keep what looks brought, then start what follows from it."""
    by_job = {result.job.subject_id: result for result in results}
    for article in gather.keep_looked(results):
        looked = by_job[article.pk]
        with transaction.atomic():
            if not Job.objects.held([looked.job]):
                continue
            back = looked.error or looked.fetched
            if back is None:
                continue
            ingest.keep_fetched_article(article, back, looked.reading)
            Job.objects.finish([looked.job])
    _hint(work_analyses, _count_due(ANALYSE_KINDS))


# The analyse queue ------------------------------------------------------------


@shared_task(name="claims.tasks.work_analyses")
def work_analyses() -> bool:
    """Do one due piece of analysis; gives whether there was one."""
    jobs = lease_jobs(ANALYSE_KINDS, limit=1)
    for job in jobs:
        _attempt(job)
        due = _count_due(ANALYSE_KINDS)
        _hint(work_analyses, min(due, 2))
        if _count_due(FETCH_KINDS):
            _hint(work_fetches, 1)
    return bool(jobs)


def _attempt(job: Job) -> None:
    """Run one leased job; a fault ends the attempt, is counted, and others go on."""
    try:
        PERFORMERS[JobKind(job.kind)](job)
    except SoftTimeLimitExceeded:
        _end_attempt(job, "timed_out", "It ran past its time limit.")
    except DatabaseError:
        # The lease may be all that is left; the sweep takes it back.
        connection.close()
        raise
    except Exception as fault:
        log.exception(LogEvent.JOB_FAILED, job=job.pk, kind=job.kind, error=type(fault).__name__)
        _end_attempt(job, "error", f"{type(fault).__name__}: see the log.")


def _end_attempt(job: Job, reason: str, detail: str) -> None:
    if Job.objects.try_again(job, reason, detail):
        settle(job)


def do_detect(job: Job) -> None:
    """Detect an article's claims, open their tickets and owe their searches, in one transaction."""
    with transaction.atomic():
        if not Job.objects.held([job]):
            return
        article = Article.objects.select_related("team").filter(pk=job.subject_id).first()
        if article is not None:
            detect.detect_article(article)
            tickets = triage.triage_article(article)
            for ticket in tickets:
                gather.plan_searches(ticket)
            log.info(LogEvent.TICKETS_OPENED, article=article.pk, count=len(tickets))
        Job.objects.finish([job])


def do_read(job: Job) -> None:
    """Read one snapshot into text."""
    snapshot = Snapshot.objects.filter(pk=job.subject_id).first()
    if snapshot is None:
        _drop(job)
        return
    gather.keep_reading(job, snapshot, gather.read_snapshot(snapshot))


def do_weigh(job: Job) -> None:
    """Weigh one ticket's pages into evidence and make it ready."""
    ticket = Ticket.objects.select_related("claim", "team").filter(pk=job.subject_id).first()
    if ticket is None:
        _drop(job)
        return
    weighed = weigh.weigh_ticket(ticket)
    weigh.keep_weighing(job, ticket, weighed)


PERFORMERS: dict[JobKind, Callable[[Job], None]] = {
    JobKind.DETECT: do_detect,
    JobKind.READ: do_read,
    JobKind.WEIGH: do_weigh,
}


# The sweep -------------------------------------------------------------------


@shared_task(name="claims.tasks.sweep_jobs")
def sweep_jobs() -> dict[str, int]:
    """Take back expired leases and reservations, wake what nothing else wakes, hint what is due."""
    retaken, spent = Job.objects.retake_expired()
    for job in spent:
        settle(job)
    try:
        expired = assign.expire_reservations()
    except TicketMoved:
        expired = 0
    settled = gather.settle_idle_tickets()
    fetches, analyses = _count_due(FETCH_KINDS), _count_due(ANALYSE_KINDS)
    _hint(work_fetches, 1 if fetches else 0)
    _hint(work_analyses, min(analyses, MAX_NUDGES))
    swept = {
        "retaken": retaken,
        "failed": len(spent),
        "reservations_expired": expired,
        "weighings_owed": settled,
        "due_fetch": fetches,
        "due_analyse": analyses,
    }
    if retaken or spent or expired:
        log.warning(LogEvent.QUEUE_SWEPT, **swept)
    return swept


def settle(job: Job) -> None:
    """End what waited for a job that failed for good."""
    gather.settle_failed(job)
    if job.kind == JobKind.FETCH_ARTICLE:
        ingest.fail_article(job.subject_id, "The worker was lost on every attempt.")
    elif job.kind == JobKind.WEIGH:
        weigh.make_ready_unweighed(job.subject_id)


def lease_jobs(kinds: tuple[JobKind, ...], *, limit: int) -> list[Job]:
    """Lease due jobs for this worker and log it."""
    jobs = Job.objects.lease(kinds, limit=limit, seconds=settings.JOB_LEASE_SECONDS)
    if jobs:
        log.debug(LogEvent.JOB_LEASED, count=len(jobs))
    return jobs


def _drop(job: Job) -> None:
    with transaction.atomic():
        Job.objects.finish(Job.objects.held([job]))


def _wait_for_due() -> bool:
    """Wait a moment for fetch jobs that are due soon; gives whether there are any."""
    seconds = Job.objects.filter(kind__in=FETCH_KINDS).seconds_until_due()
    if seconds is None or seconds > SOON_SECONDS:
        return False
    time.sleep(max(seconds, 0.0) + 0.01)
    return True


def _count_due(kinds: tuple[JobKind, ...]) -> int:
    return len(Job.objects.due(kinds).values_list("pk", flat=True)[:MAX_NUDGES])


def _hint(task: Callable[..., object], count: int) -> None:
    for _ in range(count):
        try:
            task.apply_async(expires=NUDGE_EXPIRES_SECONDS)  # type: ignore[attr-defined]
        except (OperationalError, OSError) as silent:
            log.warning(LogEvent.PUBLISH_FAILED, error=type(silent).__name__)
            return
