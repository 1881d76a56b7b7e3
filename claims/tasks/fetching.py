"""The fetch queue: search and fetch what is due, a hundred at once, in threads.

The threads never touch the database: what a batch needs is read before, what
it brought is kept after, many results in one transaction.
"""

from __future__ import annotations

import threading
import time
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded
from django.db import connection, transaction

from claims.models.job import Job
from claims.tasks.hints import (
    ANALYSE_KINDS,
    FETCH_KINDS,
    WORK_ANALYSES,
    WORK_FETCHES,
    count_due,
    hint,
)
from claims.tasks.leases import Hold, fail_attempt, hand_back, hold_leases
from claims.tasks.stopping import STOPPING, is_patience_over
from claims.workflow import gather, ingest

BATCH = 100
# So many more are leased than there are threads, to keep them busy while results are kept.
AHEAD = 50
# Freed places are leased together, and ended looks kept together, rather than one by one.
LEAST_LEASED = 10
LINGER_SECONDS = 0.02
# A fetch task stays while there is work, but not so long that a stop has to wait for it.
STAY_SECONDS = 20.0
# Jobs due within this time are waited for instead of leaving them to the sweep.
SOON_SECONDS = 1.5


# Suspects are worked before the batch, but for no longer than this while others wait.
ALONE_SECONDS = 10.0
# One task serves all that is due: the worker's other threads are for sweeps and hearts, and a
# suspect takes nobody with it.
_ONLY = threading.Lock()
Running = dict[Future[gather.Looked | None], Job]


@shared_task(name=WORK_FETCHES)
def work_fetches() -> int:
    """Search and fetch what is due, many at once; gives how many jobs were looked at."""
    if not _ONLY.acquire(blocking=False):
        return 0
    pool = ThreadPoolExecutor(max_workers=BATCH, thread_name_prefix="look")
    try:
        with hold_leases() as hold:
            try:
                return _work_alone(hold) + _work_together(hold, pool)
            finally:
                # While looks run their leases are held; given up, they are not waited for.
                pool.shutdown(wait=not is_patience_over(), cancel_futures=True)
    finally:
        _ONLY.release()


def _work_alone(hold: Hold) -> int:
    """Suspects, one by one, for a while."""
    ends_at = time.monotonic() + ALONE_SECONDS
    looked = 0
    while time.monotonic() < ends_at and not STOPPING.is_set() and look_at_suspect(hold):
        looked += 1
    return looked


def look_at_suspect(hold: Hold) -> bool:
    """Search or fetch for one job whose worker was lost, while nothing else runs here.

    Gives whether there was one. The analysing processes help with these.
    """
    jobs = hold.lease(FETCH_KINDS, limit=1, within=Job.objects.all().suspects())
    for look in gather.plan_looks(jobs):
        result = run_look(look)
        if result is not None:
            keep_looks([result])
    return bool(jobs)


def _work_together(hold: Hold, pool: ThreadPoolExecutor) -> int:
    ends_at = time.monotonic() + STAY_SECONDS
    looked = 0
    running: Running = {}
    while True:
        may_lease = time.monotonic() < ends_at and not STOPPING.is_set()
        room = BATCH + AHEAD - len(running)
        if may_lease and room >= LEAST_LEASED:
            jobs = hold.lease(FETCH_KINDS, limit=room, within=Job.objects.all().innocents())
            looked += len(jobs)
            for look in gather.plan_looks(jobs):
                running[pool.submit(run_look, look)] = look.job
        if STOPPING.is_set():
            _hand_back_unstarted(running)
        if not running:
            if may_lease and _wait_for_due():
                continue
            if not STOPPING.is_set():
                hint(WORK_FETCHES, min(count_due(FETCH_KINDS), 1))
            return looked
        _keep_done(running)


def _hand_back_unstarted(running: Running) -> None:
    """What has not begun is another worker's; in the end, what has not ended is too."""
    is_over = is_patience_over()
    given = [future for future in running if future.cancel() or is_over]
    hand_back([running.pop(future) for future in given])


def _keep_done(running: Running) -> None:
    """Wait for a look to end, and a moment for others; keep them together and forget them."""
    done, others = wait(running, timeout=0.5, return_when=FIRST_COMPLETED)
    if done and others:
        done |= wait(others, timeout=LINGER_SECONDS).done
    results = [result for future in done if (result := future.result()) is not None]
    if results:
        keep_looks(results)
        hint(WORK_ANALYSES, min(count_due(ANALYSE_KINDS), 2))
    for future in done:
        del running[future]


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
        fail_attempt(results[0].job, fault)


def run_look(look: gather.Look) -> gather.Looked | None:
    """Run one look in its thread; a fault of our own ends this attempt alone."""
    try:
        return look.run()
    except SoftTimeLimitExceeded:
        # A suspect's process is told to stop: its page did not get its time.
        hand_back([look.job])
        return None
    except Exception as fault:  # noqa: BLE001 - one page's fault must not take the batch with it
        try:
            fail_attempt(look.job, fault)
        finally:
            connection.close()  # threads come and go; their connections must not stay
        return None


def _wait_for_due() -> bool:
    """Wait a moment for fetch jobs that are due soon; gives whether there are any."""
    seconds = Job.objects.filter(kind__in=FETCH_KINDS).innocents().seconds_until_due()
    if seconds is None or seconds > SOON_SECONDS:
        return False
    time.sleep(max(seconds, 0.0) + 0.01)
    return True
