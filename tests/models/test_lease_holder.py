"""A holder lives as long as its process: killed it is gone, paused or cut off it is not."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import connection
from django.db.models.functions import Now

from claims.models import Job, Team
from claims.models.job_losses import GONE_AFTER_SECONDS
from claims.models.lease_holder import LOCK_CLASS, LeaseHolder, living_holders
from claims.vocabulary import JobKind, JobState
from tests.people import make_team
from tests.tasks.workers import database_url
from tests.together import run_together

pytestmark = pytest.mark.django_db(transaction=True)

FETCH = (JobKind.FETCH,)
LEASE_SECONDS = 120
HOLDING = """
import sys, time
import django
django.setup()
from claims.models.lease_holder import LeaseHolder
with LeaseHolder(print).hold() as number:
    print(number, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def team() -> Team:
    return make_team("holder-desk")


@contextmanager
def a_process_that_holds() -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Another process with a holder of its own, and its number."""
    environ = {**os.environ, "DATABASE_URL": database_url()}
    environ["DJANGO_SETTINGS_MODULE"] = "factcheck.settings"
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDING], env=environ, cwd=settings.BASE_DIR, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        yield process, int(process.stdout.readline())
    finally:
        process.kill()
        process.communicate()


def lease(team: Team, count: int, holder: int | None) -> list[Job]:
    Job.objects.owe_many(JobKind.FETCH, [str(one) for one in range(1, count + 1)], team=team)
    return Job.objects.lease(FETCH, limit=count, seconds=LEASE_SECONDS, holder=holder)


def seconds_left() -> set[int]:
    rows = Job.objects.annotate(now=Now()).values_list("lease_until", "now")
    return {round((until - now).total_seconds()) for until, now in rows}


def wait_for(is_so: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def end_sessions() -> int:
    """What a restarted database does to every holder's session; gives how many there were."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_locks"
            " WHERE locktype = 'advisory' AND classid = %s",
            [LOCK_CLASS],
        )
        return int(cursor.fetchone()[0])


def test_the_leases_of_a_killed_process_are_cut_and_those_of_a_living_one_are_not(
    team: Team,
) -> None:
    with a_process_that_holds() as (process, number):
        lease(team, 3, number)
        assert Job.objects.cut_ownerless() == 0
        process.send_signal(signal.SIGSTOP)  # paused is not dead
        assert number in living_holders()
        assert Job.objects.cut_ownerless() == 0
        process.kill()
        wait_for(lambda: number not in living_holders())
    assert Job.objects.cut_ownerless() == 3
    assert max(seconds_left()) <= GONE_AFTER_SECONDS
    assert Job.objects.cut_ownerless() == 0, "a lease is cut once"
    assert Job.objects.retake_expired() == (0, []), "its holder may yet return"
    Job.objects.update(lease_until=Now())
    assert Job.objects.retake_expired() == (3, [])
    assert set(Job.objects.values_list("state", "lease_holder")) == {(JobState.PENDING, None)}


def test_control_without_a_holder_a_killed_process_keeps_its_leases(team: Team) -> None:
    with a_process_that_holds() as (process, number):
        lease(team, 3, None)
        process.kill()
        wait_for(lambda: number not in living_holders())
    assert Job.objects.cut_ownerless() == 0
    assert min(seconds_left()) > LEASE_SECONDS - 30


def test_two_sweepers_cut_each_lease_once(team: Team) -> None:
    lease(team, 200, 4711)
    assert sum(run_together(2, lambda _: Job.objects.cut_ownerless())) == 200


def test_a_session_that_was_lost_returns_and_renews(team: Team) -> None:
    returned: list[Sequence[int]] = []

    def renew(numbers: Sequence[int]) -> None:
        Job.objects.renew(numbers, seconds=LEASE_SECONDS)
        returned.append(numbers)

    with LeaseHolder(renew).hold() as number:
        lease(team, 3, number)
        assert end_sessions() == 1
        wait_for(lambda: number not in living_holders() or bool(returned))
        Job.objects.cut_ownerless()
        wait_for(lambda: bool(returned))
        assert list(returned[0]) == [number]
        assert number in living_holders()
        assert min(seconds_left()) > GONE_AFTER_SECONDS
        assert Job.objects.cut_ownerless() == 0
    assert number not in living_holders()


def test_what_a_task_still_holds_at_its_end_is_ownerless(team: Team) -> None:
    holder = LeaseHolder(lambda _: None)
    with holder.hold() as other:
        with holder.hold() as number:
            lease(team, 2, number)
            assert {number, other} <= living_holders()
        assert number not in living_holders()
        assert other in living_holders()
        assert Job.objects.cut_ownerless() == 2
    assert not living_holders()


def test_holders_of_many_threads_share_one_session() -> None:
    holder = LeaseHolder(lambda _: None)

    def hold(_: int) -> int:
        with holder.hold() as number:
            assert number in living_holders()
            return number

    with holder.hold():
        assert len(set(run_together(8, hold))) == 8
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(DISTINCT pid) FROM pg_locks WHERE classid = %s", [LOCK_CLASS]
            )
            assert cursor.fetchone() == (1,)
    assert not living_holders()
