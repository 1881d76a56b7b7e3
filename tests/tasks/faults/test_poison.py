"""Poison: what kills, starves or stalls its worker is started three times at most, and is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db.models import Q

from claims.models import Job, Page, Ticket
from claims.models.job import MAX_ATTEMPTS
from claims.tasks import work_analyses, work_fetches
from claims.vocabulary import FetchReason, JobKind, JobReason, JobState, TicketState
from tests.people import make_desk
from tests.tasks.faults.load import environ_for, gathering, sized, some_sites, tell
from tests.tasks.workers import Worker, all_jobs_ended, tell_jobs, work_until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.django_db(transaction=True),
]

OTHERS = 20
# Starts that each poison has behind it; none in the full size.
HAD = sized(1, 0)
WORDS = {
    "KILLS": JobReason.WORKER_LOST,
    "EATS": JobReason.OUT_OF_MEMORY,
    "HANGS": JobReason.TIMED_OUT,
    "DEAF": JobReason.WORKER_LOST,
}
# Long enough for a reading child to start on a machine that has much else to do.
SOFT_SECONDS, HARD_SECONDS = 8, 10
LIMITS = {
    "FACTCHECK_FETCH_DEADLINE_SECONDS": "3",
    "FACTCHECK_TASK_SOFT_LIMIT_SECONDS": str(SOFT_SECONDS),
    "FACTCHECK_TASK_HARD_LIMIT_SECONDS": str(HARD_SECONDS),
    "FACTCHECK_JOB_LEASE_SECONDS": "30",
    "FACTCHECK_WORKER_MEMORY_MIB": "512",
}


@pytest.fixture
def short_limits() -> Iterator[None]:
    """A message carries its sender's limits, so whoever hints has the workers' ones."""
    tasks = (work_analyses, work_fetches)
    before = [(task.soft_time_limit, task.time_limit) for task in tasks]
    for task in tasks:
        # Celery keeps what it sends from a task's first message on.
        task.soft_time_limit, task.time_limit = SOFT_SECONDS, HARD_SECONDS
        task._exec_options = None
    yield
    for task, (soft, hard) in zip(tasks, before, strict=True):
        task.soft_time_limit, task.time_limit, task._exec_options = soft, hard, None


def test_poison_fails_by_itself_with_its_reason_and_all_others_are_done(
    tmp_path: Path, short_limits: None
) -> None:
    team = make_desk().team
    starts = tmp_path / "starts"
    with some_sites(2, least_seconds=0, most_seconds=0.05) as sites:
        urls = [sites[number % 2].url(f"/{number}") for number in range(OTHERS)]
        poisoned = {
            word: gathering(team, [], f"The plant {word} 12,000 jobs in 2023.") for word in WORDS
        }
        for number in range(OTHERS):
            gathering(team, [urls[number]])
        deadly, dripping = sites[0].url("/KILLS"), sites[1].url("/drip-body")
        gathering(team, [deadly, dripping, urls[0]])
        for ticket in poisoned.values():
            Job.objects.owe(JobKind.WEIGH, f"{ticket.pk}:1", team=team)
        bad = Q(subject_id__in=[one.pk for one in poisoned.values()], kind=JobKind.WEIGH) | Q(
            subject_id__in=Page.objects.filter(url__in=[deadly, dripping]).values("pk"),
            kind=JobKind.FETCH,
        )
        assert Job.objects.filter(bad).update(attempts=HAD) == len(WORDS) + 2
        environ = environ_for(*sites, FAULT="poison", FAULT_STARTS=str(starts), **LIMITS)
        with (
            Worker("fetch", tmp_path, **environ) as fetch,
            Worker("analyse", tmp_path, **environ) as analyse,
        ):

            def is_over() -> bool:
                # What a launcher does with a worker that ended.
                if fetch.running.poll() is not None:
                    fetch.restart()
                return all_jobs_ended()

            work_until(is_over, 200, lambda: fetch.told() + analyse.told())

    begun = Counter(starts.read_text().split())
    for word, reason in WORDS.items():
        job = Job.objects.get(kind=JobKind.WEIGH, subject_id=poisoned[word].pk)
        assert (job.state, job.reason) == (JobState.FAILED, reason), tell_jobs()
        assert job.detail
        assert begun[job.key] + HAD == job.attempts == MAX_ATTEMPTS
        # A ticket is not kept from people by what the machine cannot do.
        assert Ticket.objects.get(pk=poisoned[word].pk).state == TicketState.READY
    fetched = Job.objects.get(kind=JobKind.FETCH, subject_id=Page.objects.get(url=deadly).pk)
    assert (fetched.state, fetched.reason) == (JobState.FAILED, JobReason.WORKER_LOST)
    assert begun[fetched.key] + HAD == fetched.attempts == MAX_ATTEMPTS
    slow = Job.objects.get(kind=JobKind.FETCH, subject_id=Page.objects.get(url=dripping).pk)
    assert (slow.state, slow.reason) == (JobState.FAILED, FetchReason.TIMED_OUT)
    assert slow.attempts == MAX_ATTEMPTS
    failed = Job.objects.filter(state=JobState.FAILED)
    assert failed.count() == len(WORDS) + 2
    closed = {*JobReason, *FetchReason}
    assert set(failed.values_list("reason", flat=True)) <= closed
    others = Job.objects.exclude(pk__in=failed.values("pk"))
    assert set(others.values_list("state", flat=True)) == {JobState.DONE}
    assert others.filter(kind=JobKind.FETCH).count() == OTHERS
    assert others.filter(kind=JobKind.WEIGH).count() == OTHERS + 1
    assert Ticket.objects.filter(state=TicketState.READY).count() == OTHERS + 1 + len(WORDS)
    tell("C3 poison", failed=failed.count(), starts=max(begun.values()), others_done=others.count())
