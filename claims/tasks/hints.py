"""Hints: messages that say that something is due. They carry nothing and may all be lost."""

from __future__ import annotations

import time

import structlog
from celery import current_app
from kombu.exceptions import OperationalError

from claims.log_events import LogEvent
from claims.models.job import Job
from claims.vocabulary import JobKind

log = structlog.get_logger("claims.tasks")

FETCH_KINDS = (JobKind.FETCH_ARTICLE, JobKind.SEARCH, JobKind.FETCH)
SEND_KINDS = (JobKind.SEND_DIGEST, JobKind.SEND_HOOK)
ANALYSE_KINDS = (
    JobKind.DETECT,
    JobKind.READ,
    JobKind.WEIGH,
    JobKind.MATCH,
    JobKind.ERRAND,
)
# The names are what is on the wire: a worker of yesterday understands a hint of today.
WORK_FETCHES = "claims.tasks.work_fetches"
WORK_ANALYSES = "claims.tasks.work_analyses"
WORK_SENDS = "claims.tasks.work_sends"
SWEEP_DIGESTS = "claims.tasks.sweep_digests"
SWEEP_JOBS = "claims.tasks.sweep_jobs"
SWEEP_COPIES = "claims.tasks.sweep_copies"
EXPIRES_SECONDS = 6
# After a broker did not answer, people are not made to wait for it again so soon.
SILENCE_SECONDS = 10.0
_silent_until = [0.0]
MAX_HINTS = 20
# Who hints as he goes on does so no more often: a hint costs as much as keeping a page.
LEAST_PAUSE_SECONDS = 0.5


def nudge(kinds: tuple[JobKind, ...] = (*FETCH_KINDS, *ANALYSE_KINDS)) -> None:
    """Hint both queues that something may be due. Never raises; losing it loses seconds.

    Call it after commit: ``transaction.on_commit(nudge)``.
    """
    if time.monotonic() < _silent_until[0]:
        return
    wanted = [(WORK_FETCHES, FETCH_KINDS), (WORK_ANALYSES, ANALYSE_KINDS)]
    # A broker that does not answer is asked once: a person is waiting.
    if not all(hint(task, 1) for task, its_kinds in wanted if set(kinds) & set(its_kinds)):
        _silent_until[0] = time.monotonic() + SILENCE_SECONDS


def hint(task: str, count: int) -> bool:
    """Send a task so often, by its name on the wire; gives whether the broker took it."""
    for _ in range(count):
        try:
            current_app.send_task(task, expires=EXPIRES_SECONDS)
        except (OperationalError, OSError) as silent:
            log.warning(LogEvent.PUBLISH_FAILED, error=type(silent).__name__)
            return False
    return True


def count_due(kinds: tuple[JobKind, ...]) -> int:
    """How many jobs of these kinds are due, counted up to ``MAX_HINTS``."""
    return len(Job.objects.due(kinds).values_list("pk", flat=True)[:MAX_HINTS])


class Bell:
    """Hints at a queue from somebody who brings it work time and again, now and then."""

    def __init__(self, task: str, kinds: tuple[JobKind, ...], most: int) -> None:
        self._task, self._kinds, self._most = task, kinds, most
        self._rung_at = -LEAST_PAUSE_SECONDS
        self._is_owed = False

    def owe(self) -> None:
        """There is something due, for which nobody was hinted at."""
        self._is_owed = True

    def ring(self, *, at_once: bool = False) -> None:
        """Hint at what is due, if that is owed and the last hint was not just now."""
        now = time.monotonic()
        if self._is_owed and (at_once or now - self._rung_at >= LEAST_PAUSE_SECONDS):
            self._rung_at, self._is_owed = now, False
            hint(self._task, min(count_due(self._kinds), self._most))


def count_suspects() -> int:
    """How many jobs are due that are fetched alone, by whoever is free."""
    due = Job.objects.all().suspects().due(FETCH_KINDS)
    return len(due.values_list("pk", flat=True)[:MAX_HINTS])
