"""What tests of the web room share: a site, quick limits, and a record of connections."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from claims.web.client import Client, ClientLimits
from tests.site.server import Site, site

__all__ = ["site"]

QUICK: dict[str, Any] = {
    "deadline_seconds": 0.5,
    "connect_seconds": 0.5,
    "read_seconds": 0.4,
    "max_bytes": 1 << 18,
}

Connections = list[tuple[Any, ...]]
# What the running test of this room has dialled; None while another room's test runs.
_dialled: Connections | None = None


def _note_connection(event: str, arguments: tuple[object, ...]) -> None:
    """Keep a record, and let nothing leave this machine."""
    if event != "socket.connect" or _dialled is None or not isinstance(arguments[1], tuple):
        return
    _dialled.append(arguments[1])
    if arguments[1][0] not in {"127.0.0.1", "::1"}:
        raise ConnectionRefusedError(f"tests do not connect to {arguments[1][0]}")


sys.addaudithook(_note_connection)


@pytest.fixture(autouse=True)
def connections() -> Iterator[Connections]:
    """Addresses this process connects to while the test runs, as the interpreter reports them."""
    global _dialled
    _dialled = []
    yield _dialled
    _dialled = None


MakeClient = Callable[..., Client]


@pytest.fixture
def make_client(site: Site) -> MakeClient:
    """Clients with quick limits that may reach the site; keywords of limits and client mix."""

    def make(**options: Any) -> Client:
        own = {
            name: options.pop(name)
            for name in ("resolver", "throttle", "robots", "breaker", "cache")
            if name in options
        }
        limits = {**QUICK, "allow": frozenset({site.address}), **options}
        return Client(ClientLimits(**limits), **own)

    return make


@pytest.fixture
def client(make_client: MakeClient) -> Client:
    """The plain one."""
    return make_client()
