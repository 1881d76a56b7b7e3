"""Measuring that work grows no faster than its input, on a machine that is never quiet.

A neighbour can only make a run slower, so the best of a few tries is the truer figure.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

TRIES = 4


def cpu_seconds(act: Callable[[], object]) -> float:
    """Processor time of one call, without the collector's walks over what other tests left."""
    gc.collect()
    gc.disable()
    try:
        begin = time.process_time()
        act()
        return time.process_time() - begin
    finally:
        gc.enable()


def assert_cpu_under(limit_seconds: float, act: Callable[[], object]) -> None:
    """The best of a few calls takes less processor time than the limit."""
    best = min_until(limit_seconds, lambda: cpu_seconds(act))
    assert best < limit_seconds


def assert_linear(act: Callable[[int], object], size: int, *, floor_seconds: float) -> None:
    """Ten times the input takes at most thirty times the time (a square law would take 100).

    Runs under ``floor_seconds`` are too short to compare and pass.
    """
    act(1000)
    for _ in range(TRIES):
        small, large = cpu_seconds(lambda: act(size)), cpu_seconds(lambda: act(10 * size))
        if large < max(30 * small, floor_seconds):
            return
    assert large < max(30 * small, floor_seconds)


def min_until(limit: float, measure: Callable[[], float]) -> float:
    """The least of a few measurements, stopping at the first one under the limit."""
    best = float("inf")
    for _ in range(TRIES):
        best = min(best, measure())
        if best < limit:
            break
    return best
