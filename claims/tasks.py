"""Celery's door: thin tasks that lease due jobs, run their verb and start the next.

The job table is the queue of record. A task carries nothing: it asks the table
what is due, so a message that is lost, doubled or late changes nothing, and a
dead broker costs a person nothing (:func:`nudge` tries for under a second and
lets the sweep catch up).

Fetch work runs in threads that never touch the database; analyse work runs one
job at a time in a process that can be killed.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

import structlog
from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded
from celery.signals import worker_shutting_down
from django.conf import settings
from django.db import close_old_connections, connection, transaction
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
BATCH = 100
# So many more are leased than there are threads, to keep them busy while results are kept.
AHEAD = 50
# Freed places are leased together, and ended looks kept together, rather than one by one.
LEAST_LEASED = 10
LINGER_SECONDS = 0.02
# A fetch task stays while there is work, but not so long that a stop has to wait for it.
FETCH_STAY_SECONDS = 20.0
# Jobs due within this time are waited for instead of leaving them to the sweep.
SOON_SECONDS = 1.5
MAX_NUDGES = 20
STOPPING = threading.Event()
NUDGE_EXPIRES_SECONDS = 6


# Doors of people: what a view or a command calls after a verb ---------------


def nudge(kinds: tuple[JobKind, ...] = (*FETCH_KINDS, *ANALYSE_KINDS)) -> None:
    """Hint both queues that something may be due. Never raises; losing it loses seconds.

    Call it after commit: ``transaction.on_commit(nudge)``.
    """
    wanted = [(work_fetches, FETCH_KINDS), (work_analyses, ANALYSE_KINDS)]
    # A broker that does not answer is asked once: a person is waiting.
    all(_hint(task, 1) for task, its_kinds in wanted if set(kinds) & set(its_kinds))


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


@worker_shutting_down.connect
def _stop_leasing(**_facts: object) -> None:
    """A worker told to stop finishes what it holds and takes nothing more."""
    STOPPING.set()


@shared_task(name="claims.tasks.work_fetches")
def work_fetches() -> int:
    """Search and fetch what is due, many at once; gives how many jobs were looked at."""
    ends_at = time.monotonic() + FETCH_STAY_SECONDS
    looked = 0
    with ThreadPoolExecutor(max_workers=BATCH, thread_name_prefix="look") as pool:
        running: set[Future[gather.Looked | None]] = set()
        while True:
            may_lease = time.monotonic() < ends_at and not STOPPING.is_set()
            room = BATCH + AHEAD - len(running)
            if may_lease and room >= LEAST_LEASED:
                jobs = lease_jobs(FETCH_KINDS, limit=room)
                looked += len(jobs)
                running |= {pool.submit(_look, look) for look in gather.plan_looks(jobs)}
            if not running:
                if not may_lease or not _wait_for_due():
                    return looked
                continue
            running = _keep_done(running)


def _keep_done(running: set[Future[gather.Looked | None]]) -> set[Future[gather.Looked | None]]:
    """Wait for a look to end, and a moment for others; keep them together. Gives the rest."""
    done, running = wait(running, timeout=0.5, return_when=FIRST_COMPLETED)
    if done and running:
        more, running = wait(running, timeout=LINGER_SECONDS)
        done |= more
    results = [result for future in done if (result := future.result()) is not None]
    if results:
        keep_looks(results)
        _hint(work_analyses, min(_count_due(ANALYSE_KINDS), 2))
    return running


def keep_looks(results: list[gather.Looked]) -> None:
    """Keep what looks brought, all at once; where that fails, one by one.

    So a result that cannot be kept spends its own attempts and nobody else's.
    """
    try:
        with transaction.atomic():
            for article, looked in gather.keep_looked(results):
                back = looked.error or looked.fetched
                if back is not None:
                    ingest.keep_fetched_article(article, back, looked.reading)
    except Exception as fault:  # noqa: BLE001 - counted and logged where one result is left
        if len(results) > 1:
            for result in results:
                keep_looks([result])
            return
        _fail_attempt(results[0].job, fault)


def _look(look: gather.Look) -> gather.Looked | None:
    """Run one look in its thread; a fault of our own ends this attempt alone."""
    try:
        return look.run()
    except Exception as fault:  # noqa: BLE001 - one page's fault must not take the batch with it
        try:
            _fail_attempt(look.job, fault)
        finally:
            connection.close()  # threads come and go; their connections must not stay
        return None


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
    except Exception as fault:  # noqa: BLE001 - whatever one job does, the next one is worked
        _fail_attempt(job, fault)


def _fail_attempt(job: Job, fault: Exception) -> None:
    """Count and log a fault; where the database is gone, the sweep takes the lease back."""
    log.error(
        LogEvent.JOB_FAILED,
        job=job.pk,
        kind=job.kind,
        error=type(fault).__name__,
        exc_info=fault,
    )
    close_old_connections()
    _end_attempt(job, "error", f"{type(fault).__name__}: see the log.")


def _end_attempt(job: Job, reason: str, detail: str) -> None:
    with transaction.atomic():
        if Job.objects.try_again(job, reason, detail):
            settle(job, detail)


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
    weigh.keep_weighing(job, ticket, weigh.weigh_ticket(ticket))


PERFORMERS: dict[JobKind, Callable[[Job], None]] = {
    JobKind.DETECT: do_detect,
    JobKind.READ: do_read,
    JobKind.WEIGH: do_weigh,
}


# The sweep -------------------------------------------------------------------


@shared_task(name="claims.tasks.sweep_jobs")
def sweep_jobs() -> dict[str, int]:
    """Take back expired leases and reservations, wake what nothing else wakes, hint what is due."""
    with transaction.atomic():
        retaken, spent = Job.objects.retake_expired()
        for job in spent:
            settle(job, "The worker was lost on every attempt.")
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


def settle(job: Job, detail: str) -> None:
    """End what waited for a job that failed for good; in the transaction that failed it."""
    gather.settle_failed(job, detail)
    if job.kind == JobKind.FETCH_ARTICLE:
        ingest.fail_article(job.subject_id, detail)
    elif job.kind == JobKind.DETECT:
        ingest.fail_article(job.subject_id, f"Its claims could not be detected. {detail}")
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


def _hint(task: Callable[..., object], count: int) -> bool:
    """Send a task so often; gives whether the broker took it."""
    for _ in range(count):
        try:
            task.apply_async(expires=NUDGE_EXPIRES_SECONDS)  # type: ignore[attr-defined]
        except (OperationalError, OSError) as silent:
            log.warning(LogEvent.PUBLISH_FAILED, error=type(silent).__name__)
            return False
    return True
