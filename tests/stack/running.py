"""Start workbenches for tests and see what is left of them."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from factcheck.stack.processes import confined
from factcheck.stack.state import PROJECT_ROOT

READY_SECONDS = 150


def clean_environ(state: Path, **more: str) -> dict[str, str]:
    """The environment of a terminal on which nothing was set but the state folder."""
    foreign = ("DATABASE_URL", "REDIS_URL", "PORT")
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in foreign and not name.startswith("FACTCHECK_")
    }
    return {**kept, "FACTCHECK_STATE": str(state), "PYTHONDONTWRITEBYTECODE": "", **more}


def free_port() -> int:
    """A loopback port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Workbench:
    """One ``manage.py workbench`` and what it printed."""

    def __init__(self, state: Path, port: int, *options: str, **environ: str) -> None:
        self.state = state
        self.port = port
        self.output = state.parent / f"{state.name}-{port}.out"
        with self.output.open("wb") as output:
            self.running = subprocess.Popen(
                # A test run that is killed takes its workbenches along.
                confined(
                    [sys.executable, "manage.py", "workbench", "--port", str(port), *options],
                    folder=PROJECT_ROOT,
                    death_signal=signal.SIGTERM,
                ),
                env=clean_environ(state, **environ),
                stdout=output,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )

    def text(self) -> str:
        """Everything printed so far."""
        return self.output.read_text()

    def wait_for(self, words: str, seconds: float = READY_SECONDS) -> None:
        """Wait until ``words`` were printed."""
        wait_for(
            lambda: words in self.text() or self.running.poll() is not None, seconds, self.text
        )
        assert words in self.text(), self.text()

    def end(self, number: int, seconds: float = 60) -> int:
        """Send a signal and wait for the launcher's end; gives its exit code."""
        self.running.send_signal(number)
        return self.running.wait(seconds)


def wait_for(
    is_so: Callable[[], bool], seconds: float, explain: Callable[[], str] = lambda: ""
) -> None:
    """Poll until ``is_so()``; fail with ``explain()`` when it stays false."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, explain()
        time.sleep(0.05)


def processes_of(state: Path) -> dict[int, str]:
    """Every process that belongs to a state folder, by its environment or its folder."""
    mark = f"FACTCHECK_STATE={state}".encode()
    found: dict[int, str] = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            belongs = mark in (entry / "environ").read_bytes().split(b"\0")
            folder = (entry / "cwd").readlink()
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            is_gone = (entry / "stat").read_text().rpartition(")")[2].split()[0] == "Z"
        except (OSError, ValueError):
            continue
        if (belongs or folder.is_relative_to(state)) and not is_gone:
            found[int(entry.name)] = command
    return found
