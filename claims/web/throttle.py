"""Politeness towards a host, shared by everyone who asks through one store.

It promises that a host sees at most ``concurrency`` requests of ours at a time
and that ``delay_seconds`` pass after one before the next, across all threads (and,
with a shared store, all processes). Entries carry a lease, so a killed worker
blocks a host no longer than that. It refuses to wait: it says how long to.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

DEFAULT_DELAY_SECONDS = 1.0
# Longer than any fetch may take, so only a dead holder's entry ever expires.
DEFAULT_LEASE_SECONDS = 30.0
# A Crawl-delay above this is not honoured in full; it would park a ticket for hours.
MAX_CRAWL_DELAY_SECONDS = 30.0
# When all places are taken the store cannot know when one is free: ask again after this.
POLL_SECONDS = 0.05


class ThrottleStore(Protocol):
    """Where entries live. Each method must be atomic (one script on a shared server).

    State per host: the expiry times of the entries held now, and the time before
    which nobody may enter. An implementation drops expired entries first, uses
    one clock (the server's) and may forget a host that is idle past its delay.
    """

    def enter(
        self, host: str, *, delay_seconds: float, concurrency: int, lease_seconds: float
    ) -> float:
        """Take a place if one is free: ``0.0``. Else seconds after which to ask again.

        Taking a place moves the host's next start to now + ``delay_seconds`` and
        holds the place until :meth:`leave` or for ``lease_seconds``.
        """
        ...

    def leave(self, host: str, *, delay_seconds: float) -> None:
        """Give the oldest place back; the next start is no sooner than now + delay."""
        ...


@dataclass(slots=True)
class _HostEntry:
    expiries: list[float] = field(default_factory=list)
    next_start: float = 0.0


class MemoryThrottleStore:
    """The store for one process: terminal commands, tests, a single worker."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._hosts: dict[str, _HostEntry] = {}

    def enter(
        self, host: str, *, delay_seconds: float, concurrency: int, lease_seconds: float
    ) -> float:
        """See :meth:`ThrottleStore.enter`."""
        now = time.monotonic()
        with self._lock:
            self._forget_idle(now)
            entry = self._hosts.setdefault(host, _HostEntry())
            entry.expiries = [expiry for expiry in entry.expiries if expiry > now]
            if now < entry.next_start:
                return entry.next_start - now
            if len(entry.expiries) >= concurrency:
                return POLL_SECONDS
            entry.expiries.append(now + lease_seconds)
            entry.next_start = now + delay_seconds
            return 0.0

    def leave(self, host: str, *, delay_seconds: float) -> None:
        """See :meth:`ThrottleStore.leave`."""
        now = time.monotonic()
        with self._lock:
            entry = self._hosts.get(host)
            if entry is not None and entry.expiries:
                entry.expiries.remove(min(entry.expiries))
                entry.next_start = max(entry.next_start, now + delay_seconds)

    def _forget_idle(self, now: float) -> None:
        if len(self._hosts) < 1000:  # cheap until it matters
            return
        self._hosts = {
            host: entry
            for host, entry in self._hosts.items()
            if entry.next_start > now or any(expiry > now for expiry in entry.expiries)
        }


@dataclass(frozen=True, slots=True)
class Throttle:
    """The politeness rule over a store.

    ``own_delays`` gives single hosts (``"host"`` or ``"host:port"``, as in
    :func:`throttle_key`) their own delay in seconds, 0 included.
    """

    store: ThrottleStore
    delay_seconds: float = DEFAULT_DELAY_SECONDS
    concurrency: int = 1
    lease_seconds: float = DEFAULT_LEASE_SECONDS
    own_delays: Mapping[str, float] = field(default_factory=dict)

    def try_enter(self, host: str, *, crawl_delay_seconds: float = 0.0) -> float:
        """``0.0`` if a request to the host may start now, else seconds to wait.

        ``crawl_delay_seconds`` is what the host's robots.txt asks for. Whoever
        entered must :meth:`leave`.
        """
        return self.store.enter(
            host,
            delay_seconds=self.delay_for(host, crawl_delay_seconds),
            concurrency=self.concurrency,
            lease_seconds=self.lease_seconds,
        )

    def leave(self, host: str, *, crawl_delay_seconds: float = 0.0) -> None:
        """The request that entered has ended."""
        self.store.leave(host, delay_seconds=self.delay_for(host, crawl_delay_seconds))

    def delay_for(self, host: str, crawl_delay_seconds: float = 0.0) -> float:
        """Seconds between two requests to the host."""
        if host in self.own_delays:
            return self.own_delays[host]
        return max(self.delay_seconds, min(crawl_delay_seconds, MAX_CRAWL_DELAY_SECONDS))


def throttle_key(host: str, port: int) -> str:
    """What a host is called in a throttle: its name, with the port unless 80 or 443."""
    return host if port in {80, 443} else f"{host}:{port}"
