"""The guarded client as a command uses it: with the settings' limits and a memory of its own.

A worker shares its pauses and robots rules with all others through the broker; a command
needs no broker and is polite by itself.
"""

from __future__ import annotations

from django.conf import settings

from claims.web.client import Client, ClientLimits
from claims.web.robots import MemoryRobotsStore, Robots
from claims.web.throttle import MemoryThrottleStore, Throttle, throttle_key
from claims.workflow.gather.providers import (
    Pairs,
    reachable_by_search,
    search_deadline_seconds,
)


def open_client() -> Client:
    """A client that lives as long as the command; one request at a time to each host."""
    return _open(settings.FETCH_DEADLINE_SECONDS, frozenset(settings.FETCH_ALLOW))


def open_search_client() -> Client:
    """The same for search services, with what they may reach and wait."""
    return _open(search_deadline_seconds(), reachable_by_search())


def _open(deadline_seconds: float, allow: Pairs) -> Client:
    limits = ClientLimits(
        max_bytes=settings.FETCH_MAX_BYTES,
        max_redirects=settings.FETCH_MAX_REDIRECTS,
        deadline_seconds=deadline_seconds,
        user_agent=f"FactcheckWorkbench/0.1 (+{settings.FETCH_CONTACT})",
        allow=allow,
    )
    throttle = Throttle(
        MemoryThrottleStore(),
        delay_seconds=settings.FETCH_HOST_GAP_SECONDS,
        own_delays={throttle_key(host, port): 0.0 for host, port in allow},
    )
    return Client(limits, throttle=throttle, robots=Robots(MemoryRobotsStore()))
