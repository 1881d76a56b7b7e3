"""What a site's robots.txt lets this program do (RFC 9309).

It promises that rules are asked for once per origin and kept in a store given as
an argument; that no rules (any 4xx, no usable answer) means *allowed* and a
server error means *stay away for now*. It refuses to fetch: the client passes the
fetching in, so that robots.txt goes through the same guard as any page.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

from protego import Protego

from claims.web.errors import Never, RobotsRefused, RobotsUnavailable, ServerError

# RFC 9309 §2.5: at least 500 KiB must be read; what lies beyond is ignored.
MAX_ROBOTS_BYTES = 500 * 1024
KEEP_SECONDS = 24 * 3600.0  # RFC 9309 §2.4
KEEP_FAILURE_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class StoredRobots:
    """One origin's answer: its text, ``""`` for no rules, ``None`` for *stay away*."""

    text: str | None


class RobotsStore(Protocol):
    """Where answers are kept between fetches (and between workers)."""

    def get(self, origin: str) -> StoredRobots | None:
        """The answer kept for ``scheme://host[:port]``, or ``None`` if none is fresh."""
        ...

    def put(self, origin: str, robots: StoredRobots, keep_seconds: float) -> None:
        """Keep an answer for so long."""
        ...


class MemoryRobotsStore:
    """The store for one process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answers: dict[str, tuple[float, StoredRobots]] = {}

    def get(self, origin: str) -> StoredRobots | None:
        """See :meth:`RobotsStore.get`."""
        with self._lock:
            expires, answer = self._answers.get(origin, (0.0, None))
        return answer if time.monotonic() < expires else None

    def put(self, origin: str, robots: StoredRobots, keep_seconds: float) -> None:
        """See :meth:`RobotsStore.put`."""
        with self._lock:
            if len(self._answers) >= 10_000:
                self._answers.clear()
            self._answers[origin] = (time.monotonic() + keep_seconds, robots)


class Robots:
    """Asks, keeps and applies the rules for one user agent."""

    def __init__(self, store: RobotsStore, product: str = "FactcheckWorkbench") -> None:
        self._store = store
        self._product = product
        self._guard = threading.Lock()
        # The origins that are being asked now: their lock, and how many want it.
        self._asked: dict[str, tuple[threading.Lock, list[None]]] = {}

    def check(self, url: str, origin: str, fetch_text: Callable[[str], str]) -> float:
        """The crawl delay in seconds (0 without one) if ``url`` may be fetched.

        ``fetch_text`` takes the URL of a robots.txt and gives its text. Raises
        :class:`RobotsRefused`, :class:`RobotsUnavailable`, or what ``fetch_text``
        raises where trying again may help.
        """
        answer = self._answer_for(origin, fetch_text)
        if answer.text is None:
            raise RobotsUnavailable(
                "The site's robots.txt could not be read; the site is left alone for now.",
                retry_after_seconds=KEEP_FAILURE_SECONDS,
            )
        if not answer.text:
            return 0.0
        rules = _parse_rules(answer.text)
        if not rules.can_fetch(url, self._product):
            raise RobotsRefused("The site's robots.txt asks programs not to fetch this page.")
        return float(rules.crawl_delay(self._product) or 0.0)

    def _answer_for(self, origin: str, fetch_text: Callable[[str], str]) -> StoredRobots:
        kept = self._store.get(origin)
        if kept is not None:
            return kept
        with self._alone(origin):
            kept = self._store.get(origin)
            if kept is not None:
                return kept
            keep_seconds = KEEP_SECONDS
            try:
                answer = StoredRobots(fetch_text(f"{origin}/robots.txt"))
            except ServerError:
                answer, keep_seconds = StoredRobots(None), KEEP_FAILURE_SECONDS
            except Never:
                answer = StoredRobots("")
            self._store.put(origin, answer, keep_seconds)
            return answer

    @contextmanager
    def _alone(self, origin: str) -> Iterator[None]:
        """One asker per origin at a time; a slow origin keeps nobody else waiting."""
        with self._guard:
            lock, wanting = self._asked.setdefault(origin, (threading.Lock(), []))
            wanting.append(None)
        try:
            with lock:
                yield
        finally:
            with self._guard:
                wanting.pop()
                if not wanting:
                    del self._asked[origin]


@lru_cache(maxsize=256)
def _parse_rules(text: str) -> Any:
    return Protego.parse(text)
