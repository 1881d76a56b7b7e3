"""Run the same thing in many threads at once, each with its own database connection."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connections
from django.db.backends.utils import CursorWrapper

Given = TypeVar("Given")


def meet_once(count: int) -> Callable[[], None]:
    """For controls: the first call of each of ``count`` threads waits until all have called.

    Between looking and marking it makes the race certain, which luck alone does not.
    """
    barrier = threading.Barrier(count)
    met = threading.local()

    def meet() -> None:
        if not getattr(met, "before", False):
            met.before = True
            barrier.wait(timeout=20)

    return meet


def run_together(count: int, act: Callable[[int], Given]) -> list[Given]:
    """``act(0)`` … ``act(count - 1)``, started by one barrier; raises what any of them raises."""
    barrier = threading.Barrier(count)

    def run(number: int) -> Given:
        try:
            barrier.wait(timeout=20)
            return act(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=count) as pool:
        return list(pool.map(run, range(count)))


def wait_for_waiting(cursor: CursorWrapper) -> None:
    """Come back once a connection waits for what another one holds; ends the test after 60 s."""
    ends_at = time.monotonic() + 60
    is_waited_for = False
    while not is_waited_for:
        assert time.monotonic() < ends_at, "nobody waits"
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        is_waited_for = cursor.fetchone()[0] > 0
