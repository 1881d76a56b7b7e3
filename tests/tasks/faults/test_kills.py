"""Workers killed and stopped over and over in a run: nothing lost, nothing kept twice."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from claims.models import Job
from claims.models.lease_holder import living_holders
from claims.tasks import nudge, sweep_jobs
from claims.tasks.hints import ANALYSE_KINDS, FETCH_KINDS
from claims.vocabulary import JobState
from tests.people import make_desk
from tests.tasks.faults.load import (
    assert_whole,
    environ_for,
    load_pages,
    sized,
    some_sites,
    tell,
)
from tests.tasks.workers import Worker, all_jobs_ended, tell_jobs

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(sized(240, 1800)),
    pytest.mark.django_db(transaction=True),
]

SEED = 20231
PAGES, TICKETS, SITES = sized((8, 2, 2), (95, 10, 4))
KILLS = sized(3, 20)
STOPS = sized(2, 20)
AGAIN_SECONDS = 60
KINDS = {"fetch": FETCH_KINDS, "analyse": ANALYSE_KINDS}


@dataclass(slots=True)
class Run:
    """One run: it sweeps as beat does, and watches each killed job until it runs again."""

    has_sweep: bool = True
    deadline: float = field(default_factory=lambda: time.monotonic() + sized(150, 900))
    swept_at: float = 0.0
    # Job → (attempts at the kill, when).
    waiting: dict[int, tuple[int, float]] = field(default_factory=dict)
    waits: list[float] = field(default_factory=list)

    def tick(self) -> None:
        """What happens all the time."""
        now = time.monotonic()
        assert now < self.deadline, tell_jobs()
        if self.has_sweep and now - self.swept_at > 3:
            self.swept_at = now
            sweep_jobs()
        rows = Job.objects.filter(pk__in=self.waiting)
        for pk, attempts, state in rows.values_list("pk", "attempts", "state"):
            killed_at_attempt, since = self.waiting[pk]
            if attempts > killed_at_attempt or state == JobState.DONE:
                self.waits.append(now - since)
                del self.waiting[pk]

    def until(self, is_so: Callable[[], bool]) -> None:
        """Go on until it is so."""
        while not is_so():
            self.tick()
            time.sleep(0.01)

    def mourn(self, queue: str) -> int:
        """Watch the jobs whose holder is gone; gives how many are new."""
        time.sleep(0.2)  # until the database has noticed
        living = living_holders()
        leased = Job.objects.filter(state=JobState.LEASED, kind__in=KINDS[queue])
        before = len(self.waiting)
        for pk, attempts, holder in leased.values_list("pk", "attempts", "lease_holder"):
            if holder not in living:
                self.waiting.setdefault(pk, (attempts, time.monotonic()))
        return len(self.waiting) - before


def is_working(queue: str) -> bool:
    """Whether a worker of that queue is in the middle of something, or there is no more."""
    leased = Job.objects.filter(state=JobState.LEASED, kind__in=KINDS[queue])
    return leased.exists() or all_jobs_ended()


def kill(worker: Worker, whole: bool) -> None:
    """The whole tree, which the launcher would start again, or one process of the pool."""
    if whole:
        worker.kill_tree()
        worker.restart()
        return
    for child in worker.children()[:1]:
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)


def test_workers_killed_over_and_over_lose_and_double_nothing(tmp_path: Path) -> None:
    rng = random.Random(SEED)
    plan = [("fetch", True), ("analyse", False), ("analyse", True)] * KILLS
    plan = plan[:KILLS]
    rng.shuffle(plan)
    team = make_desk().team
    started = time.monotonic()
    killed = 0
    with some_sites(SITES, least_seconds=0.2, most_seconds=0.6) as sites:
        load_pages(team, sites, PAGES, TICKETS)
        environ = environ_for(*sites)
        with (
            Worker("fetch", tmp_path, **environ) as fetch,
            Worker("analyse", tmp_path, **environ) as analyse,
        ):
            run = Run()
            nudge()
            for queue, whole in plan:
                worker = fetch if queue == "fetch" else analyse
                run.until(lambda queue=queue: is_working(queue))
                time.sleep(rng.uniform(0, 0.03))
                kill(worker, whole)
                killed += run.mourn(queue)
                pause = time.monotonic() + rng.uniform(0.2, 1.5)
                run.until(lambda pause=pause: time.monotonic() > pause)
            run.until(lambda: all_jobs_ended() and not run.waiting)
    assert_whole(PAGES, TICKETS)
    assert killed > 0
    assert max(run.waits) <= AGAIN_SECONDS
    tell(
        "C1 kills",
        jobs=Job.objects.count(),
        kills=KILLS,
        killed_jobs=killed,
        most_attempts=max(Job.objects.values_list("attempts", flat=True)),
        longest_wait=f"{max(run.waits):.1f} s",
        seconds=f"{time.monotonic() - started:.0f}",
    )


def test_workers_stopped_over_and_over_lose_nothing_and_hand_back_uncounted(
    tmp_path: Path,
) -> None:
    rng = random.Random(SEED)
    team = make_desk().team
    stops: list[float] = []
    with some_sites(SITES, least_seconds=0.2, most_seconds=0.6) as sites:
        load_pages(team, sites, PAGES, TICKETS)
        environ = environ_for(*sites)
        with (
            Worker("fetch", tmp_path, **environ) as fetch,
            Worker("analyse", tmp_path, **environ) as analyse,
        ):
            run = Run()
            nudge()
            for number in range(STOPS):
                queue, worker = [("fetch", fetch), ("analyse", analyse)][number % 2]
                run.until(lambda queue=queue: is_working(queue))
                time.sleep(rng.uniform(0, 0.2))
                stops.append(worker.stop(45))
                held = Job.objects.filter(state=JobState.LEASED, kind__in=KINDS[queue])
                assert not held.exists(), "what a stopped worker held is done or handed back"
                worker.restart()
            run.until(all_jobs_ended)
    assert_whole(PAGES, TICKETS)
    assert set(Job.objects.values_list("attempts", flat=True)) == {1}
    assert max(stops) <= 30
    tell("C20 stops", stops=STOPS, longest=f"{max(stops):.1f} s", most_attempts=1)
