"""The workbench's command line, without Django in the launcher itself.

Promises a start that loads the project once in each process that serves and
nowhere else: the schema and the sample data are looked after by commands of
their own, and only when something changed since the last start.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from factcheck import env
from factcheck.stack.launcher import Plan, choose_sample_port, run_workbench
from factcheck.stack.processes import ServerRefused, StackBusy, confined
from factcheck.stack.servers import Servers, child_environ
from factcheck.stack.state import PROJECT_ROOT, StateFolder, StateRefused, find_state

EXIT_BUSY = 1
EXIT_BAD_SETTING = 2
EXIT_SERVICE_MISSING = 3
FIRST_ACCOUNT = "Log in with your account; to make the first: python manage.py createsuperuser"
_SAMPLES = PROJECT_ROOT / "samples"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options, for this door and for Django's."""
    parser.add_argument("--demo", action="store_true", help="load and serve the sample data")
    parser.add_argument("--port", type=int, help="web port (default: PORT, else 8000)")


def main(arguments: Sequence[str]) -> int:
    """``workbench [--demo] [--port N]``: run until asked to stop; gives the exit code."""
    parser = argparse.ArgumentParser(
        prog="manage.py workbench",
        description="Start the whole workbench on this machine; Ctrl-C stops it in order.",
    )
    add_arguments(parser)
    options = parser.parse_args(arguments)
    return run(is_demo=options.demo, port=options.port)


def run(*, is_demo: bool, port: int | None) -> int:
    """Run the workbench of this state folder until asked to stop; gives the exit code."""
    say = Speaker()
    try:
        # Settings that must not start are refused before anything is started.
        importlib.import_module("factcheck.settings")
        state = find_state()
        run_workbench(state, make_plan(state, is_demo=is_demo, port=port), say)
    except StackBusy as problem:
        return _refuse(problem, EXIT_BUSY)
    except (ServerRefused, StateRefused) as problem:
        return _refuse(problem, EXIT_SERVICE_MISSING)
    except ImproperlyConfigured as problem:
        return _refuse(problem, EXIT_BAD_SETTING)
    return 0


def make_plan(state: StateFolder, *, is_demo: bool, port: int | None) -> Plan:
    """What to start, from the options and the environment."""
    port = port or int(env.read_number("PORT", 8000, least=1))
    if not 0 < port < 65536:
        raise env.SettingRefused(f"Port {port} does not exist; choose one from 1 to 65535.")
    if not is_demo:
        return Plan(port=port, migrate=migrate, closing_lines=(FIRST_ACCOUNT,))
    wanted = int(env.read_number("FACTCHECK_SAMPLE_PORT", 0, least=1)) or None
    return Plan(
        port=port,
        migrate=migrate,
        sample_port=choose_sample_port(state, wanted),
        load_samples=load_samples,
        closing_lines=read_logins(),
    )


def migrate(stack: Servers) -> None:
    """Make or change the tables when the migrations differ from the last start's."""
    files = [PROJECT_ROOT / "requirements.txt", *PROJECT_ROOT.glob("*/migrations/*.py")]
    _run_when_changed(stack, "migrate", "Making the tables", ["migrate", "--no-input"], files)


def load_samples(stack: Servers) -> None:
    """Load the sample data when it differs from what was loaded last."""
    files = (path for path in _SAMPLES.rglob("*") if path.suffix != ".pyc")
    _run_when_changed(stack, "load_samples", "Loading the sample data", ["load_samples"], files)


def read_logins() -> tuple[str, ...]:
    """The demo's people with their passwords, one line each."""
    try:
        people = json.loads((_SAMPLES / "samples.json").read_text("utf-8"))["people"]
    except (OSError, ValueError, KeyError):
        return ()
    lines = [
        f"  {one['username']:<8}{one['password']:<14}{one['role']}, {one['team']}" for one in people
    ]
    return (
        "Log in with a demo name and password:",
        *lines,
        f"  {'admin':<8}{'demo-admin':<14}admin",
    )


def _run_when_changed(
    stack: Servers, name: str, doing: str, command: list[str], files: Iterable[Path]
) -> None:
    stamp = stack.state.root / f"{name}.stamp"
    digest = _digest(stack.state, files)
    if digest and stamp.exists() and stamp.read_text() == digest:
        return
    stack.say(doing)
    log = stack.state.logs / f"{name}.log"
    with log.open("wb") as output:
        done = subprocess.run(
            confined([sys.executable, "manage.py", *command], folder=PROJECT_ROOT),
            env={**os.environ, **child_environ(stack.state, sample_port=stack.state.sample_port())},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
            start_new_session=True,
        )
    if done.returncode != 0:
        last = "\n".join(log.read_text(errors="replace").splitlines()[-8:])
        raise ServerRefused(f"{doing} failed. {log} says:\n{last}")
    if digest:
        stamp.write_text(digest)


def _digest(state: StateFolder, files: Iterable[Path]) -> str:
    """What the files hold, for this very cluster; empty where the database is not ours."""
    if os.environ.get("DATABASE_URL"):
        return ""
    cluster = (state.postgres_data / "PG_VERSION").stat()
    digest = hashlib.sha256(f"{cluster.st_ino} {cluster.st_mtime_ns}".encode())
    for path in sorted(files):
        if path.is_file():
            digest.update(str(path.relative_to(PROJECT_ROOT)).encode() + b"\0")
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _refuse(problem: Exception, code: int) -> int:
    sys.stderr.write(f"workbench: {problem}\n")
    return code


class Speaker:
    """Writes what happens, with the seconds since the start."""

    def __init__(self) -> None:
        """Start the clock."""
        self._started = time.monotonic()
        self._is_heard = True

    def __call__(self, text: str) -> None:
        """One line; lines that a person acts on stand without the clock."""
        is_step = not text.startswith(("Ready", "Log in", " "))
        lead = f"{time.monotonic() - self._started:6.1f} s  " if is_step else ""
        if self._is_heard:
            try:
                sys.stdout.write(f"{lead}{text}\n")
                sys.stdout.flush()
            except OSError:
                # Whoever read our lines is gone; what runs is still stopped in order.
                self._is_heard = False
