"""The embedded PostgreSQL: real server binaries run directly, no daemon.

Promises a server that listens on a private socket only, ends when its starter
ends, and works for an ordinary user and for root (PostgreSQL refuses to run as
root) even where only root may enter the folders. Refuses data of another major
version than the binaries at hand. See ``docs/adr/0001-embedded-postgresql.md``.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from factcheck.stack.binaries import CURE, Binaries, choose_binaries, choose_user
from factcheck.stack.confine import OPEN_FOLDER
from factcheck.stack.processes import (
    Child,
    Confinement,
    Janitor,
    ServerRefused,
    confined,
    wait_until,
)
from factcheck.stack.state import StateFolder

_START_SECONDS = 60.0
_PREVIOUS_SECONDS = 20.0
# A test's database lives for one run: durability would only cost time.
THROWAWAY_SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Postgres:
    """One cluster in one state folder."""

    def __init__(
        self,
        state: StateFolder,
        janitor: Janitor,
        *,
        say: Callable[[str], None] | None = None,
        settings: dict[str, str] | None = None,
    ) -> None:
        """Prepare to run the cluster of ``state``; ``settings`` are server settings."""
        self._state = state
        self._janitor = janitor
        self._say = say or (lambda _text: None)
        self._settings = settings or {}
        self.child: Child | None = None

    def start(self) -> None:
        """Make the cluster on first use, start the server, wait until it answers."""
        state = self._state
        state.prepare()
        state.prepare_sockets()
        binaries = choose_binaries(_major_of(state.postgres_data))
        confinement, binaries = choose_user(state, binaries)
        is_new = not (state.postgres_data / "PG_VERSION").exists()
        _prepare_folders(state, confinement)
        _wait_for_previous(state)
        if is_new:
            self._say(f"Making a new PostgreSQL {binaries.major} database")
            self._make_cluster(binaries, confinement)
        self.child = Child(
            name="PostgreSQL",
            program=self._program(binaries),
            log=state.logs / "postgres.log",
            environ=_clean_environ(),
            open_folder=state.postgres_data,
            confinement=confinement,
            # "Fast" shut-down: ends sessions, keeps every commit.
            stop_signal=signal.SIGINT,
            death_signal=signal.SIGINT,
        )
        self.child.start(self._janitor)
        wait_until(self.is_ready, self.child, _START_SECONDS)
        if is_new:
            self._make_database()

    def is_ready(self) -> bool:
        """Whether the server says in its pid file that it accepts connections."""
        try:
            lines = (self._state.postgres_data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        running = self.child.running if self.child else None
        return (
            running is not None
            and len(lines) > 7
            and lines[0] == str(running.pid)
            and lines[7].strip() == "ready"
        )

    def stop(self) -> bool:
        """Stop in order; ``False`` when the server had to be killed."""
        return self.child.stop(self._janitor) if self.child else True

    def _program(self, binaries: Binaries) -> list[str]:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self._state.postgres_sockets),
            "unix_socket_permissions": "0700" if os.geteuid() else "0777",
            "log_min_messages": "warning",
            "max_connections": "80",
            "shared_buffers": "64MB",
            # A block is no dearer anywhere on today's disks, and pages are too short to compile
            # for: else months of one team are read by way of all the team's tickets.
            "random_page_cost": "1.1",
            "jit": "off",
            **self._settings,
        }
        pairs = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return [str(binaries.folder / "postgres"), "-D", _data_path(self._state), *pairs]

    def _make_cluster(self, binaries: Binaries, confinement: Confinement) -> None:
        locale = "C.UTF-8" if sys.platform == "linux" else "en_US.UTF-8"
        made = subprocess.run(
            confined(
                [
                    str(binaries.folder / "initdb"),
                    *(
                        "-D",
                        _data_path(self._state),
                        "-U",
                        "factcheck",
                        "--auth=trust",
                        "--encoding=UTF8",
                    ),
                    *(f"--locale={locale}", "--no-sync", "--no-instructions"),
                ],
                open_folder=self._state.postgres_data,
                confinement=confinement,
            ),
            env={**os.environ, **_clean_environ()},
            capture_output=True,
            text=True,
            check=False,
            start_new_session=True,
        )
        if made.returncode != 0:
            for entry in self._state.postgres_data.iterdir():
                shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
            raise ServerRefused(f"PostgreSQL could not be set up. {CURE}\n{made.stderr.strip()}")

    def _make_database(self) -> None:
        import psycopg  # only the first start needs a client

        with psycopg.connect(
            host=str(self._state.postgres_sockets),
            user="factcheck",
            dbname="postgres",
            autocommit=True,
        ) as connection:
            connection.execute("CREATE DATABASE factcheck")


def _major_of(data: Path) -> int | None:
    try:
        return int((data / "PG_VERSION").read_text())
    except (OSError, ValueError):
        return None


def _prepare_folders(state: StateFolder, confinement: Confinement) -> None:
    """Make both folders of the server and give them, with all inside, to its user."""
    uid, gid = os.geteuid(), os.getegid()
    if confinement.option == "--drop-user":
        state.sockets.chmod(0o711)
        uid, gid = (int(part) for part in confinement.pair.split(":"))
    for folder in (state.postgres_data, state.postgres_sockets):
        folder.mkdir(mode=0o700, exist_ok=True)
        if folder.stat().st_uid != uid:
            for path in (folder, *folder.rglob("*")):
                os.chown(path, uid, gid, follow_symlinks=False)


def _wait_for_previous(state: StateFolder) -> None:
    """Let the server of a killed launcher finish: it writes its data and goes."""
    path = state.postgres_data / "postmaster.pid"
    deadline = time.monotonic() + _PREVIOUS_SECONDS
    while (pid := _server_in(path)) is not None:
        if time.monotonic() > deadline:
            raise ServerRefused(
                f"A PostgreSQL of an earlier start still runs (process {pid}); stop it first."
            )
        time.sleep(0.05)


def _server_in(path: Path) -> int | None:
    """The process a pid file names, if it is alive and a PostgreSQL server."""
    try:
        pid = int(path.read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None
    if Path("/proc/self/stat").exists():
        try:
            # "pid (name) state …"; a dead child that nobody asked for is a "Z".
            name, _, rest = Path(f"/proc/{pid}/stat").read_text().partition("(")[2].rpartition(")")
        except OSError:
            return None
        return pid if name == "postgres" and not rest.strip().startswith("Z") else None
    command = ["ps", "-o", "comm=", "-p", str(pid)]
    asked = subprocess.run(command, capture_output=True, text=True, check=False)
    return pid if "postgres" in asked.stdout else None


def _data_path(state: StateFolder) -> str:
    """The data folder as its server names it.

    On Linux through a descriptor opened for it: its user may be unable to walk
    there from the top.
    """
    return OPEN_FOLDER if sys.platform == "linux" else str(state.postgres_data)


def _clean_environ() -> dict[str, str]:
    return {"LC_ALL": "C.UTF-8" if sys.platform == "linux" else "en_US.UTF-8", "PGTZ": "UTC"}
