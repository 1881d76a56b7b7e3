"""Lanes: leased looks that wait for their host, so that no thread waits for it.

One lane a host, one look of it at a time, and its pause between two. What waits for one
host therefore takes nothing from the others: a thousand links to one site use one thread.
A lane is short: what does not fit is handed back, each due when its turn comes.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from claims.models.job import Job
from claims.workflow import gather

# So many may wait in one lane, and in all of them.
LANE_LENGTH = 8
ALL_LENGTH = 350
# What has waited so long is handed back: its lease must outlast its own look.
WAIT_SECONDS = 30.0
# Hosts that were opened by hand have no pause; those handed back come again after this.
LEAST_STEP_SECONDS = 0.1
# Where a host's line ends is forgotten when so many hosts have one; it is a courtesy.
LINES_KEPT = 5000


@dataclass(slots=True)
class _Lane:
    waiting: deque[tuple[float, gather.Look]] = field(default_factory=deque)
    is_busy: bool = False
    open_at: float = 0.0

    def is_open(self, now: float) -> bool:
        return not self.is_busy and self.open_at <= now


class Lanes:
    """Looks by lane, shared by the threads that run them.

    Times are those of one monotonic clock, given by the caller.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lanes: dict[str, _Lane] = {}
        self._line_ends: dict[str, float] = {}
        self._running: set[gather.Look] = set()
        self._waiting_count = 0

    def add(self, looks: Iterable[gather.Look], now: float) -> list[tuple[Job, float]]:
        """Queue looks; gives the jobs that found no room, with the seconds until their turn."""
        left_over = []
        with self._lock:
            for look in looks:
                lane = self._lanes.setdefault(look.lane, _Lane())
                is_full = len(lane.waiting) >= LANE_LENGTH or self._waiting_count >= ALL_LENGTH
                if look.lane and is_full:
                    left_over.append((look.job, self._join_line(look, now)))
                    continue
                lane.waiting.append((now, look))
                self._waiting_count += 1
        return left_over

    def take(self, limit: int, now: float) -> list[gather.Look]:
        """Up to ``limit`` looks whose lane is free; each must be ended by :meth:`end`."""
        taken: list[gather.Look] = []
        with self._lock:
            for name, lane in self._lanes.items():
                while len(taken) < limit and lane.waiting and lane.is_open(now):
                    taken.append(self._begin(name, lane))
        return taken

    def end(self, look: gather.Look, now: float, *, may_follow: bool) -> gather.Look | None:
        """The look is over; gives the next one of its lane, begun, where it needs no pause."""
        with self._lock:
            self._running.discard(look)
            lane = self._lanes.get(look.lane)
            if lane is None:  # nothing waited there, and it was forgotten
                return None
            lane.is_busy = False
            lane.open_at = now + look.pause_seconds
            if may_follow and lane.waiting and lane.is_open(now):
                is_held_back = lane.waiting[0][1].job.is_waiting
                return None if is_held_back else self._begin(look.lane, lane)
        return None

    def drop(self, now: float, *, waited_seconds: float = WAIT_SECONDS) -> list[Job]:
        """Take out the jobs that have waited so long (all with 0), and forget empty lanes."""
        dropped = []
        with self._lock:
            for lane in self._lanes.values():
                while lane.waiting and now - lane.waiting[0][0] >= waited_seconds:
                    dropped.append(lane.waiting.popleft()[1].job)
            self._waiting_count -= len(dropped)
            self._lanes = {
                name: lane
                for name, lane in self._lanes.items()
                if lane.waiting or not lane.is_open(now)
            }
        return dropped

    def seconds_until_open(self, now: float) -> float | None:
        """Until the next waiting look may start; ``None`` where none waits for its pause alone."""
        with self._lock:
            free = [one for one in self._lanes.values() if one.waiting and not one.is_busy]
            return max(min(one.open_at for one in free) - now, 0.0) if free else None

    def hold_back(self) -> tuple[list[Job], list[Job]]:
        """Of the jobs in the lanes those that may begin without :meth:`take` from now on, and
        those that may not any more; each is told once.

        Where a host needs no pause, the thread that asks it goes on to the next look by itself.
        """
        may, may_not = [], []
        with self._lock:
            for lane in self._lanes.values():
                for _, look in lane.waiting:
                    goes_on = lane.is_busy and not look.pause_seconds
                    if goes_on and look.job.is_waiting:
                        may.append(look.job)
                    elif not goes_on and not look.job.is_waiting:
                        look.job.is_waiting = True  # at once: no thread goes on to it now
                        may_not.append(look.job)
        return may, may_not

    @property
    def running(self) -> list[gather.Look]:
        """The looks that have begun and not ended."""
        with self._lock:
            return list(self._running)

    def __len__(self) -> int:
        return self._waiting_count

    def _begin(self, name: str, lane: _Lane) -> gather.Look:
        look = lane.waiting.popleft()[1]
        # What waits for no host waits for nobody.
        lane.is_busy = bool(name)
        self._waiting_count -= 1
        self._running.add(look)
        return look

    def _join_line(self, look: gather.Look, now: float) -> float:
        if len(self._line_ends) > LINES_KEPT:
            self._line_ends.clear()
        step = max(look.pause_seconds, LEAST_STEP_SECONDS)
        # Behind those who wait here already.
        end = max(self._line_ends.get(look.lane, 0.0), now + LANE_LENGTH * step) + step
        self._line_ends[look.lane] = end
        return end - now
