"""A breaker per host: one that fails again and again, or asks for a pause, is left alone.

It promises that after ``threshold`` failures in a row nobody who shares the store asks the
host for a while, that then one asks first (the probe), that a failed probe makes the next
pause twice as long and an answer ends it; and that a ``Retry-After`` holds for the whole
host. It counts only what the host itself did: silence, broken connections, 5xx.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

from claims.web.errors import (
    BodyIncomplete,
    ConnectionFailed,
    FetchError,
    HostBusy,
    HostResting,
    NameServerSilent,
    RateLimited,
    ServerError,
    TimedOut,
)

FAULTS = (BodyIncomplete, ConnectionFailed, NameServerSilent, ServerError, TimedOut)
FIRST_REST_SECONDS = 20.0
MAX_REST_SECONDS = 600.0
# What a server asks for is believed up to an hour; a page is not worth more.
MAX_ASKED_SECONDS = 3600.0
# Longer than any fetch may take: the probe's place is another's when its holder died.
PROBE_SECONDS = 30.0
# A host that stood well is not looked up again so soon: one round trip less for each page.
TRUST_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Standing:
    """How a host stands: failures in a row, and seconds of rest left (0: it may be asked)."""

    failures: int = 0
    rest_seconds: float = 0.0
    was_asked_for: bool = False


class BreakerStore(Protocol):
    """Where standings live. Each method must be atomic, by one clock (the server's)."""

    def look(self, host: str, *, threshold: int) -> Standing:
        """The standing. Of those who find a rest over, one gets 0 and the others its place."""
        ...

    def fail(self, host: str, *, threshold: int, first_seconds: float) -> None:
        """Count a failure; from ``threshold`` on each makes a rest, twice as long as before."""
        ...

    def rest(self, host: str, seconds: float) -> None:
        """The host asked for a pause."""
        ...

    def succeed(self, host: str) -> None:
        """The host answered: forget what it did before."""
        ...


@dataclass(slots=True)
class Breaker:
    """The rule over a store; share one between all threads of a process."""

    store: BreakerStore
    threshold: int = 5
    first_rest_seconds: float = FIRST_REST_SECONDS
    _trusted: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def watch(self, host: str) -> Iterator[Callable[[], None]]:
        """Ask the host inside; raises :class:`HostResting` where it is to be left alone.

        Gives what whoever had to wait inside must call before asking: the host may have asked
        for a pause, or failed, meanwhile.
        """
        is_known_well = self._trusted.get(host, 0.0) > time.monotonic()
        standing = Standing() if is_known_well else self._check(host)
        try:
            yield lambda: self._check_again(host, standing)
        except (HostBusy, HostResting):
            raise
        except RateLimited as asked:
            self._stop(host, asked)
            raise
        except FAULTS as fault:
            self._stop(host, fault)
            raise
        except FetchError:
            self._go_on(host, standing)  # refused or missing, but the host is there
            raise
        self._go_on(host, standing)

    def _check(self, host: str) -> Standing:
        standing = self.store.look(host, threshold=self.threshold)
        if standing.rest_seconds <= 0:
            return standing
        why = f"failed {standing.failures} times in a row"
        if standing.was_asked_for:
            why = "asked for a pause"
        raise HostResting(
            f"{host} {why} and is left alone for {_in_words(standing.rest_seconds)}.",
            retry_after_seconds=standing.rest_seconds,
        )

    def _check_again(self, host: str, standing: Standing) -> None:
        if standing.failures < self.threshold:  # else the probe's place is ours
            self._check(host)

    def _stop(self, host: str, fault: FetchError) -> None:
        self._trusted.pop(host, None)
        if fault.retry_after_seconds:
            self.store.rest(host, min(fault.retry_after_seconds, MAX_ASKED_SECONDS))
        elif isinstance(fault, FAULTS):
            self.store.fail(host, threshold=self.threshold, first_seconds=self.first_rest_seconds)

    def _go_on(self, host: str, standing: Standing) -> None:
        if standing.failures:
            self.store.succeed(host)
        if len(self._trusted) > 10_000:
            self._trusted.clear()
        self._trusted[host] = time.monotonic() + TRUST_SECONDS


def _in_words(seconds: float) -> str:
    """A pause as people say it.

    >>> _in_words(20), _in_words(61)
    ('20 seconds', '2 minutes')
    """
    if seconds <= 60:
        return f"{max(round(seconds), 1)} seconds"
    return f"{-int(-seconds // 60)} minutes"
