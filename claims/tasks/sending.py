"""Sending: mails and webhooks that are due, a few at once, in threads that know no database.

Another server's yes is a thing outside the database: it is told at least once. A worker that
dies after the yes and before our note of it leaves its lease to the sweep, and what was told is
told again under the same id.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from celery import shared_task

from claims.models.job import Job
from claims.tasks.hints import SEND_KINDS, SWEEP_DIGESTS, WORK_SENDS, count_due, hint
from claims.tasks.leases import Hold, fail_attempt, hold_leases
from claims.tasks.stopping import STOPPING
from claims.workflow import tell

TOGETHER = 8
STAY_SECONDS = 20.0
# One task serves all that is due: the worker's other threads are for fetches, sweeps and hearts.
_ONLY = threading.Lock()


@shared_task(name=SWEEP_DIGESTS)
def sweep_digests() -> int:
    """Owe the mails whose turn has come; gives how many. Any number may run at once."""
    made = tell.owe_digests()
    if made:
        hint(WORK_SENDS, 1)
    return made


@shared_task(name=WORK_SENDS)
def work_sends() -> int:
    """Send what is due; gives how many jobs were worked."""
    if not _ONLY.acquire(blocking=False):
        return 0
    worked = 0
    ends_at = time.monotonic() + STAY_SECONDS
    try:
        with hold_leases() as hold, ThreadPoolExecutor(TOGETHER, "send") as pool:
            while time.monotonic() < ends_at and not STOPPING.is_set():
                jobs = _lease(hold)
                if not jobs:
                    break
                _send_together(jobs, pool)
                worked += len(jobs)
    finally:
        _ONLY.release()
    if not STOPPING.is_set():
        hint(WORK_SENDS, min(count_due(SEND_KINDS), 1))
    return worked


def _lease(hold: Hold) -> list[Job]:
    """One whose worker was lost, alone, so that it takes no other with it; else a few."""
    lost = Job.objects.all().lost()
    return hold.lease(SEND_KINDS, limit=1, within=lost) or hold.lease(
        SEND_KINDS, limit=TOGETHER, within=Job.objects.all().innocents()
    )


def _send_together(jobs: Sequence[Job], pool: ThreadPoolExecutor) -> None:
    sends = [send for job in jobs if (send := _plan(job)) is not None]
    for send, problem in zip(sends, pool.map(_run, sends), strict=True):
        try:
            tell.keep_sent(send, problem)
        except Exception as fault:  # noqa: BLE001 - counted and logged; others go on
            fail_attempt(send.job, fault)


def _plan(job: Job) -> tell.Send | None:
    try:
        return tell.plan_send(job)
    except Exception as fault:  # noqa: BLE001 - counted and logged; others go on
        fail_attempt(job, fault)
        return None


def _run(send: tell.Send) -> Exception | None:
    """Speak to the other server; what went wrong is a value like any other."""
    try:
        if send.run is not None:
            send.run()
    except Exception as problem:  # noqa: BLE001 - judged where it is kept
        return problem
    return None
