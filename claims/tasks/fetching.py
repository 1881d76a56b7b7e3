"""The fetch queue: search and fetch what is due, hundreds of hosts at once, in threads.

The threads never touch the database: what a batch needs is read before, what
it brought is kept after, many results in one transaction. A host has one thread at
most (:mod:`claims.tasks.lanes`), so that a slow one never holds up the others.
"""

from __future__ import annotations

import functools
import gc
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded
from django.db import connection, transaction

from claims.models.job import Job, JobQuerySet
from claims.models.job_losses import FEW
from claims.tasks.hints import (
    ANALYSE_KINDS,
    FETCH_KINDS,
    WORK_ANALYSES,
    WORK_FETCHES,
    Bell,
    count_due,
    hint,
)
from claims.tasks.lanes import WAIT_SECONDS, Lanes
from claims.tasks.leases import Hold, fail_attempt, hand_back, hold_leases
from claims.tasks.stopping import STOPPING, is_patience_over
from claims.workflow import gather, ingest

THREADS = 200
# So many looks are leased at once, so that the first ones begin soon.
BATCH = 100
# And so many ahead of the threads, to keep them busy while results are kept.
AHEAD = 150
# Freed places are leased together, and ended looks kept together, rather than one by one.
LEAST_LEASED = 10
LINGER_SECONDS = 0.02
# A fetch task stays while there is work, but not so long that a stop has to wait for it.
STAY_SECONDS = 20.0
# Jobs due within this time are waited for instead of leaving them to the sweep.
SOON_SECONDS = 1.5


# Who lost a worker is worked before the batch, but for no longer than this while others wait.
ALONE_SECONDS = 10.0
FEW_SECONDS = 10.0
LEAST_OF_FEW = 2
# One task serves all that is due: the worker's other threads are for sweeps and hearts, and a
# suspect takes nobody with it.
_ONLY = threading.Lock()
# Short: threads that are ahead of the database wait, and a worker that dies loses little.
ENDED_LENGTH = 150
PUT_SECONDS = 30.0
Ended = queue.Queue[gather.Looked | None]


@dataclass(frozen=True, slots=True)
class Company:
    """Jobs that are worked side by side: which, how many, for how long.

    So many more are leased ``ahead``, and never fewer at once than ``least``.
    """

    rows: Callable[[], JobQuerySet]
    most: int
    ahead: int
    least: int
    stay_seconds: float


SHAKEN = Company(lambda: Job.objects.all().shaken(), FEW, 0, LEAST_OF_FEW, FEW_SECONDS)
ALL_OTHERS = Company(
    lambda: Job.objects.all().innocents(), THREADS, AHEAD, LEAST_LEASED, STAY_SECONDS
)


@shared_task(name=WORK_FETCHES)
def work_fetches() -> int:
    """Search and fetch what is due, many at once; gives how many jobs were looked at."""
    if not _ONLY.acquire(blocking=False):
        return 0
    _settle_memory()
    begun: set[Future[None]] = set()
    try:
        with hold_leases() as hold:
            try:
                looked = _work_alone(hold)
                for company in (SHAKEN, ALL_OTHERS):
                    looked += _work_together(hold, begun, company)
            finally:
                # While looks run their leases are held; given up, they are not waited for.
                if not is_patience_over():
                    wait(list(begun))
    finally:
        _ONLY.release()
    # Now: a hint that came since the last look at the queue found us at work, and was lost.
    if not STOPPING.is_set():
        hint(WORK_FETCHES, min(count_due(FETCH_KINDS), 1))
    return looked


@functools.cache
def _settle_memory() -> None:
    """Once a process: what was imported stays, and no collection need walk it again.

    A full one takes a tenth of a second here, in which no thread goes on.
    """
    gc.collect()
    gc.freeze()


def _work_alone(hold: Hold) -> int:
    """Suspects, one by one, for a while."""
    ends_at = time.monotonic() + ALONE_SECONDS
    looked = 0
    while time.monotonic() < ends_at and not STOPPING.is_set() and look_at_suspect(hold):
        looked += 1
    return looked


def look_at_suspect(hold: Hold) -> bool:
    """Search or fetch for one job whose workers were lost, while nothing else runs here.

    Gives whether there was one. The analysing processes help with these.
    """
    jobs = hold.lease(FETCH_KINDS, limit=1, within=Job.objects.all().suspects())
    for look in gather.plan_looks(jobs):
        result = run_look(look)
        if result is not None:
            keep_looks([result])
    return bool(jobs)


@functools.cache
def _threads() -> ThreadPoolExecutor:
    """The process's threads: to begin one takes longer than a turn of all that run."""
    return ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix="look")


def _work_together(hold: Hold, begun: set[Future[None]], company: Company) -> int:
    ends_at = time.monotonic() + company.stay_seconds
    looked = 0
    lanes, ended = Lanes(), Ended(ENDED_LENGTH)
    readers = Bell(WORK_ANALYSES, ANALYSE_KINDS, most=2)
    while True:
        may_lease = time.monotonic() < ends_at and not STOPPING.is_set()
        idle = company.most - len(lanes.running)
        leased = _lease_into(lanes, hold, company) if may_lease else 0
        looked += leased
        _hand_back_idle(lanes, waited_seconds=WAIT_SECONDS if may_lease else 0)
        for look in begin_looks(lanes, idle):
            lane = _threads().submit(_run_lane, look, lanes, ended)
            begun.add(lane)
            lane.add_done_callback(begun.discard)
        if leased == BATCH and ended.qsize() < BATCH:
            continue  # there may be more, and room for it
        if not lanes and not lanes.running and ended.empty():
            readers.ring(at_once=True)
            if may_lease and _wait_for_due(company):
                continue
            return looked
        if _keep_ended(ended, lanes):
            readers.owe()
        readers.ring()


def _lease_into(lanes: Lanes, hold: Hold, company: Company) -> int:
    """Lease what there is room for; what finds none in its lane goes back in its turn."""
    room = company.most + company.ahead - len(lanes.running) - len(lanes)
    if room < company.least:
        return 0
    jobs = hold.lease(FETCH_KINDS, limit=min(room, BATCH), within=company.rows())
    left_over = lanes.add(gather.plan_looks(jobs), time.monotonic())
    Job.objects.put_back_apart(left_over)
    return len(jobs) - len(left_over)


def begin_looks(lanes: Lanes, limit: int) -> list[gather.Look]:
    """Up to ``limit`` looks to run now; should this worker die, what stays behind was no attempt.

    What was leased counts as begun until here: planning it may be what kills.
    """
    begun = lanes.take(limit, time.monotonic())
    next_ones, held_back = lanes.hold_back()
    Job.objects.begin([*(look.job for look in begun), *next_ones])
    Job.objects.wait(held_back)
    return begun


def _hand_back_idle(lanes: Lanes, *, waited_seconds: float) -> None:
    """What has waited too long, or may not begin any more, is another worker's.

    Once patience with a stop is over, so is what has not ended.
    """
    back = lanes.drop(time.monotonic(), waited_seconds=waited_seconds)
    if is_patience_over():
        for look in lanes.running:
            lanes.end(look, time.monotonic(), may_follow=False)
            back.append(look.job)
    hand_back(back)


def _run_lane(look: gather.Look, lanes: Lanes, ended: Ended) -> None:
    """Run a look in its thread, and those behind it that need no pause."""
    here: gather.Look | None = look
    while here is not None:
        result = None
        try:
            result = run_look(here)
        finally:
            # In this order: what has left its lane is on its way to be kept.
            # One that finds no room for so long runs out its lease, and is another worker's.
            with suppress(queue.Full):
                ended.put(result, timeout=PUT_SECONDS)
            follower = lanes.end(here, time.monotonic(), may_follow=not STOPPING.is_set())
        here = follower


def _keep_ended(ended: Ended, lanes: Lanes) -> bool:
    """Wait for a look to end, and a moment for others; keep them together. Whether any did."""
    pause = lanes.seconds_until_open(time.monotonic())
    seconds = 0.5 if pause is None else min(max(pause, LINGER_SECONDS), 0.5)
    results = []
    with suppress(queue.Empty):
        results.append(ended.get(timeout=seconds))
        time.sleep(LINGER_SECONDS)
        while len(results) < ENDED_LENGTH:
            results.append(ended.get_nowait())
    kept = [result for result in results if result is not None]
    if kept:
        keep_looks(kept)
    return bool(kept)


def keep_looks(results: list[gather.Looked]) -> None:
    """Keep what looks brought, all at once; where that fails, one by one.

    So a result that cannot be kept spends its own attempts and nobody else's.
    """
    try:
        with transaction.atomic():
            for one in gather.keep_looked(results):
                if one.is_awaited:
                    ingest.await_stand_in(one.article, str(one.came))
                else:
                    ingest.keep_fetched_article(one.article, one.came, one.reading, one.copy)
    except Exception as fault:  # noqa: BLE001 - counted and logged where one result is left
        if len(results) > 1:
            for result in results:
                keep_looks([result])
            return
        fail_attempt(results[0].job, fault)


def run_look(look: gather.Look) -> gather.Looked | None:
    """Run one look in its thread; a fault of our own ends this attempt alone."""
    try:
        return look.run().lighter()
    except SoftTimeLimitExceeded:
        # A suspect's process is told to stop: its page did not get its time.
        hand_back([look.job])
        return None
    except Exception as fault:  # noqa: BLE001 - one page's fault must not take the batch with it
        try:
            fail_attempt(look.job, fault)
        finally:
            connection.close()  # threads need it for this alone, and there are many
        return None


def _wait_for_due(company: Company) -> bool:
    """Wait a moment for fetch jobs that are due soon; gives whether there are any."""
    seconds = company.rows().filter(kind__in=FETCH_KINDS).seconds_until_due()
    if seconds is None or seconds > SOON_SECONDS:
        return False
    time.sleep(max(seconds, 0.0) + 0.01)
    return True
