"""The guarded client as a command uses it: with the settings' limits and a memory of its own.

A worker shares its pauses and robots rules with all others through the broker; a command
needs no broker and is polite by itself.
"""

from __future__ import annotations

from django.conf import settings

from claims.web.client import Client, ClientLimits
from claims.web.robots import MemoryRobotsStore, Robots
from claims.web.throttle import MemoryThrottleStore, Throttle, throttle_key


def open_client() -> Client:
    """A client that lives as long as the command; one request at a time to each host."""
    limits = ClientLimits(
        max_bytes=settings.FETCH_MAX_BYTES,
        max_redirects=settings.FETCH_MAX_REDIRECTS,
        deadline_seconds=settings.FETCH_DEADLINE_SECONDS,
        user_agent=f"FactcheckWorkbench/0.1 (+{settings.FETCH_CONTACT})",
        allow=frozenset(settings.FETCH_ALLOW),
    )
    throttle = Throttle(
        MemoryThrottleStore(),
        delay_seconds=settings.FETCH_HOST_GAP_SECONDS,
        own_delays={throttle_key(host, port): 0.0 for host, port in settings.FETCH_ALLOW},
    )
    return Client(limits, throttle=throttle, robots=Robots(MemoryRobotsStore()))
