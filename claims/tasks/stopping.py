"""Stopping: a worker told to end takes nothing more, and what it holds it ends or hands back.

Promises that a stop asked for by SIGTERM is over within :data:`PATIENCE_SECONDS`
and a moment: what has not ended by then is interrupted and handed back uncounted.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from contextlib import suppress
from typing import Any

from celery.signals import celeryd_init, worker_ready, worker_shutting_down

from claims.tasks.leases import HOLDER

# The launcher kills after 30 s; a fetch has its 15 s.
PATIENCE_SECONDS = 20.0
STOPPING = threading.Event()
_asked_at: list[float] = []
_pools: list[Any] = []


def is_patience_over() -> bool:
    """Whether a stop was asked for so long ago that what still runs is handed back."""
    return bool(_asked_at) and time.monotonic() - _asked_at[0] > PATIENCE_SECONDS


@celeryd_init.connect
def _keep_session(**_facts: Any) -> None:
    """A worker holds leases all day: its session stays, and its pool's processes inherit this."""
    HOLDER.is_lasting = True


@worker_ready.connect
def _know_pool(sender: Any, **_facts: Any) -> None:
    _pools.append(sender.pool)


@worker_shutting_down.connect
def _stop_leasing(**_facts: Any) -> None:
    """A worker told to stop takes nothing more, and waits for what it holds with patience."""
    _asked_at.append(time.monotonic())
    STOPPING.set()
    timer = threading.Timer(PATIENCE_SECONDS, _interrupt_pool)
    timer.daemon = True
    timer.start()


def _interrupt_pool() -> None:
    """Raise the soft limit's exception in the pool's processes, long before the limit.

    The signal is the one that Celery sends at the soft limit.
    """
    for pool in _pools:
        for pid in pool.info.get("processes", ()):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGUSR1)
