"""The analyse queue: one piece of analysis at a time, in a process that can be killed."""

from __future__ import annotations

import time
from collections.abc import Callable

import structlog
from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import transaction

from claims.log_events import LogEvent
from claims.models.article import Article
from claims.models.job import Job
from claims.models.page import Snapshot
from claims.models.team import Team
from claims.models.ticket import Ticket
from claims.tasks.errands import do_errand
from claims.tasks.fetching import look_at_suspect
from claims.tasks.hints import (
    ANALYSE_KINDS,
    FETCH_KINDS,
    WORK_ANALYSES,
    WORK_FETCHES,
    count_due,
    count_suspects,
    hint,
)
from claims.tasks.leases import end_attempt, fail_attempt, hand_back, hold_leases
from claims.vocabulary import JobKind, JobReason
from claims.workflow import detect, gather, match, triage, weigh

# The worker counts the limit from when it hears of the task's start, about a moment from ours.
EARLY_SECONDS = 0.5
AGAIN_SECONDS = 2.0
log = structlog.get_logger("claims.tasks")


@shared_task(name=WORK_ANALYSES)
def work_analyses() -> bool:
    """Do one due piece of analysis; gives whether there was one."""
    started = time.monotonic()
    with hold_leases() as hold:
        jobs = hold.lease(ANALYSE_KINDS, limit=1)
        for job in jobs:
            attempt(job, started)
        # Suspects wait in one line for whoever can work alone: one between two of our own,
        # where the task has time left for a whole look.
        left = settings.TASK_SOFT_LIMIT_SECONDS - (time.monotonic() - started)
        has_time = left > settings.FETCH_DEADLINE_SECONDS + EARLY_SECONDS
        has_worked = (has_time and look_at_suspect(hold)) or bool(jobs)
    if has_worked:
        hint(WORK_ANALYSES, min(count_due(ANALYSE_KINDS) + count_suspects(), 2))
        hint(WORK_FETCHES, min(count_due(FETCH_KINDS), 1))
    return has_worked


def attempt(job: Job, task_started: float) -> None:
    """Run one leased job; a fault ends the attempt, is counted, and others go on.

    ``task_started`` is the monotonic time at which its task began: leasing the job may take
    long, and counts towards the task's limit.
    """
    try:
        PERFORMERS[JobKind(job.kind)](job)
    except SoftTimeLimitExceeded:
        # Raised before its time, it comes from a worker that was told to stop.
        if time.monotonic() - task_started < settings.TASK_SOFT_LIMIT_SECONDS - EARLY_SECONDS:
            hand_back([job])
        else:
            end_attempt(job, JobReason.TIMED_OUT, "It ran past its time limit.")
    except Exception as fault:  # noqa: BLE001 - whatever one job does, the next one is worked
        fail_attempt(job, fault)


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
    """Weigh one ticket's pages into evidence; it is ready then, or is searched for once more."""
    ticket = Ticket.objects.select_related("claim", "team").filter(pk=job.subject_id).first()
    if ticket is None:
        _drop(job)
        return
    if gather.waits_for_work(ticket):
        # Weighed anew, or compared again: it waits for what was asked for or retried since.
        Job.objects.put_back(job, delay_seconds=AGAIN_SECONDS)
        return
    weigh.keep_weighing(job, ticket, weigh.weigh_ticket(ticket), gather.go_on)


def do_match(job: Job) -> None:
    """Hold a team's new claims against its earlier ones; what is left is owed by the sweep."""
    if team := Team.objects.filter(pk=job.subject_id).first():
        match.match_due(team)
    _drop(job)


def _drop(job: Job) -> None:
    with transaction.atomic():
        Job.objects.finish(Job.objects.held([job]))


PERFORMERS: dict[JobKind, Callable[[Job], None]] = {
    JobKind.DETECT: do_detect,
    JobKind.READ: do_read,
    JobKind.WEIGH: do_weigh,
    JobKind.MATCH: do_match,
    JobKind.ERRAND: do_errand,
}
