"""Children: started in a session of their own, stopped with patience, never left behind.

A terminal's Ctrl-C reaches the whole foreground group; children in sessions of
their own are stopped by us, in our order. Each child gets a signal from the
kernel when we die, and the janitor knows its group.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

_HERE = Path(__file__).parent
LOG_MAX_BYTES = 5 * 1024 * 1024


class ServerRefused(Exception):
    """A server cannot be found or does not start; the message says why and what to do."""


class StackBusy(ServerRefused):
    """A port or a state folder is in somebody else's use."""


class Janitor:
    """The pipe to the process that clears up when this one is killed."""

    def __init__(self) -> None:
        """Start it; it ends by itself when this process does."""
        self._child = subprocess.Popen(
            [sys.executable, "-I", "-S", str(_HERE / "janitor.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            cwd="/",
            text=True,
        )

    def tell(self, word: str, value: object) -> None:
        """Send one line: ``watch``, ``forget`` or ``remove`` and what it is about."""
        assert self._child.stdin is not None  # noqa: S101 - opened as a pipe above
        # A janitor that died takes the second net with it, not the work.
        with contextlib.suppress(BrokenPipeError):
            self._child.stdin.write(f"{word} {value}\n")
            self._child.stdin.flush()

    def close(self) -> None:
        """Let it clear up what is still named and wait for it."""
        assert self._child.stdin is not None  # noqa: S101 - opened as a pipe above
        with contextlib.suppress(BrokenPipeError):
            self._child.stdin.close()
        self._child.wait()


@dataclass(frozen=True, slots=True)
class Confinement:
    """As whom a program runs: as we are, as a mapped user, or as a dropped one."""

    option: str = ""
    pair: str = ""

    def arguments(self) -> list[str]:
        """The options for ``confine.py``."""
        return [self.option, self.pair] if self.option else []


@dataclass(slots=True)
class Child:
    """One program, how to start it, and its process while it runs."""

    name: str
    program: Sequence[str]
    log: Path
    environ: Mapping[str, str] = field(default_factory=dict)
    folder: Path | None = None
    open_folder: Path | None = None
    confinement: Confinement = Confinement()
    stop_signal: int = signal.SIGTERM
    death_signal: int = signal.SIGKILL
    patience_seconds: float = 10.0
    running: subprocess.Popen[bytes] | None = None

    def start(self, janitor: Janitor) -> None:
        """Start the program; its output goes to the log file."""
        if self.log.exists() and self.log.stat().st_size > LOG_MAX_BYTES:
            self.log.replace(self.log.with_suffix(".old.log"))
        command = confined(
            self.program,
            folder=self.folder,
            open_folder=self.open_folder,
            confinement=self.confinement,
            death_signal=self.death_signal,
        )
        with self.log.open("ab") as log:
            self.running = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, **self.environ},
                start_new_session=True,
            )
        janitor.tell("watch", self.running.pid)

    def has_ended(self) -> bool:
        """Whether the program was started and is gone."""
        return self.running is not None and self.running.poll() is not None

    def stop(self, janitor: Janitor) -> bool:
        """Ask the program to end and wait; kill its whole group when patience runs out.

        Gives ``False`` when it had to be killed.
        """
        if self.running is None:
            return True
        ended = True
        if self.running.poll() is None:
            self.running.send_signal(self.stop_signal)
            try:
                self.running.wait(self.patience_seconds)
            except subprocess.TimeoutExpired:
                ended = False
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.running.pid, signal.SIGKILL)
        self.running.wait()
        janitor.tell("forget", self.running.pid)
        self.running = None
        return ended

    def last_words(self, lines: int = 5) -> str:
        """The end of the log, for a message."""
        try:
            with self.log.open("rb") as file:
                file.seek(max(0, self.log.stat().st_size - 4096))
                text = file.read().decode(errors="replace")
        except OSError:
            return ""
        return "\n".join(text.splitlines()[-lines:])


def confined(
    program: Sequence[str],
    *,
    folder: Path | None = None,
    open_folder: Path | None = None,
    confinement: Confinement = Confinement(),
    death_signal: int = signal.SIGKILL,
) -> list[str]:
    """The command that runs ``program`` as a child that cannot outlive this process."""
    command = [sys.executable, "-I", "-S", str(_HERE / "confine.py")]
    command += ["--parent", str(os.getpid()), "--death-signal", str(int(death_signal))]
    if folder:
        command += ["--folder", str(folder)]
    if open_folder:
        command += ["--open-folder", str(open_folder)]
    return [*command, *confinement.arguments(), "--", *program]


def wait_until(is_ready: Callable[[], bool], child: Child, seconds: float) -> None:
    """Poll ``is_ready()`` until it is true; refuse when the child ends or time runs out."""
    deadline = time.monotonic() + seconds
    while not is_ready():
        if child.has_ended() or time.monotonic() > deadline:
            what = "ended at once" if child.has_ended() else f"was not ready in {seconds:g} s"
            raise ServerRefused(f"{child.name} {what}. {child.log} says:\n{child.last_words()}")
        time.sleep(0.02)
