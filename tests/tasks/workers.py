"""Real Celery workers as processes, on the test's own database and broker."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote, urlsplit, urlunsplit

from django.conf import settings
from django.db import connection

from claims.models import Job
from claims.tasks import nudge, sweep_jobs
from claims.vocabulary import JobKind, JobState
from factcheck.celery import app

POOLS = {"fetch": ["--pool", "threads", "-c", "4"], "analyse": ["--pool", "prefork", "-c", "2"]}


class Worker:
    """One worker of one queue, in a process group of its own."""

    def __init__(self, queue: str, log: Path, **environ: str) -> None:
        """Start it; ``environ`` adds to the test's own environment.

        With a ``FAULT`` among it the worker has that fault built in.
        """
        self.queue = queue
        self._app = "tests.tasks.faults.faulty_app" if "FAULT" in environ else "factcheck"
        self.log = log / f"{queue}-{time.monotonic_ns()}.log"
        self._environ = {
            **os.environ,
            "DATABASE_URL": database_url(),
            "PYTHONDONTWRITEBYTECODE": "",
            "OMP_NUM_THREADS": "1",
            **environ,
        }
        self.running = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "celery", "-A", self._app, "worker", "-Q", self.queue]
        self.name = f"{self.queue}{time.monotonic_ns()}@test"
        command += [*POOLS[self.queue], "-n", self.name]
        command += ["--without-gossip", "--without-mingle", "--loglevel", "INFO"]
        with self.log.open("ab") as output:
            return subprocess.Popen(
                command,
                cwd=settings.BASE_DIR,
                env=self._environ,
                stdout=output,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )

    def kill_tree(self) -> None:
        """``kill -9`` to the worker and all its children."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.running.pid, signal.SIGKILL)
        self.running.wait(10)

    def children(self) -> list[int]:
        """The pool's processes."""
        listed = Path(f"/proc/{self.running.pid}/task/{self.running.pid}/children").read_text()
        return [int(pid) for pid in listed.split()]

    def restart(self) -> None:
        """Start it again with the same settings."""
        self.running = self._start()

    def stop(self, seconds: float = 25) -> float:
        """SIGTERM, as the launcher sends it; gives how long it took."""
        started = time.monotonic()
        self.running.terminate()
        self.running.wait(seconds)
        return time.monotonic() - started

    def told(self) -> str:
        """The end of its log."""
        return self.log.read_text(errors="replace")[-4000:]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill_tree()


def database_url() -> str:
    """The test database as a URL for other processes."""
    named = os.environ["DATABASE_URL"]
    return urlunsplit(urlsplit(named)._replace(path="/" + quote(connection.settings_dict["NAME"])))


def wait_until(
    is_so: Callable[[], bool], seconds: float, explain: Callable[[], str] = lambda: ""
) -> None:
    """Poll until it is so; fails with the jobs as they stand and ``explain()``."""
    deadline = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > deadline:
            raise AssertionError(f"not so within {seconds} s\n{tell_jobs()}\n{explain()}")
        time.sleep(0.05)


def work_until(
    is_so: Callable[[], bool], seconds: float, explain: Callable[[], str] = lambda: ""
) -> None:
    """What beat does, until it is so: sweep every second."""
    last = 0.0

    def look() -> bool:
        nonlocal last
        if is_so():
            return True
        if time.monotonic() - last > 1:
            last = time.monotonic()
            sweep_jobs()
        return False

    nudge()
    wait_until(look, seconds, explain)


def idle_workers() -> set[str]:
    """Names of the workers that answer and run no task, nor hold one to run."""
    asked = app.control.inspect(timeout=0.5)
    active, held = asked.active() or {}, asked.reserved() or {}
    return {name for name, tasks in active.items() if not tasks and not held.get(name)}


def all_jobs_ended() -> bool:
    """Whether no job is owed any more."""
    return not Job.objects.unfinished().exists()


def count_jobs(kind: JobKind, state: JobState) -> int:
    """How many jobs of that kind are in that state."""
    return Job.objects.filter(kind=kind, state=state).count()


def tell_jobs() -> str:
    """Every job in one line each."""
    rows = Job.objects.order_by("id").values_list("key", "state", "attempts", "reason", "detail")
    return "\n".join(" ".join(str(cell) for cell in row) for row in rows)
