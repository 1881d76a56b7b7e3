"""The servers and processes of one state folder, started and stopped in order.

Promises the order: what answers people and machines starts after what it
needs, and stops before it; a running task is let finish. Servers named by
``DATABASE_URL`` and ``REDIS_URL`` are used, never started.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sys
import time
from collections.abc import Callable

from factcheck.stack.postgres import Postgres
from factcheck.stack.processes import Child, Janitor, wait_until
from factcheck.stack.state import PROJECT_ROOT, StateFolder
from factcheck.stack.valkey import Valkey

Say = Callable[[str], None]
# A task at its hard limit is longer than people wait; its lease brings the job back.
WORKER_PATIENCE_SECONDS = 30.0


class Servers:
    """What runs for one state folder, in the order it was started."""

    def __init__(self, state: StateFolder, say: Say) -> None:
        """Start nothing yet; ``say`` gets one line for each step."""
        self.state = state
        self.say = say
        self.janitor = Janitor()
        self._postgres: Postgres | None = None
        self._valkey: Valkey | None = None
        self.children: list[Child] = []

    def start_database(self) -> None:
        """Start PostgreSQL unless ``DATABASE_URL`` names one."""
        if os.environ.get("DATABASE_URL"):
            self.say("Using the database of DATABASE_URL")
            return
        self._postgres = Postgres(self.state, self.janitor, say=self.say)
        self._postgres.start()

    def start_broker(self) -> None:
        """Start Valkey unless ``REDIS_URL`` names one."""
        if os.environ.get("REDIS_URL"):
            self.say("Using the broker of REDIS_URL")
            return
        self._valkey = Valkey(self.state, self.janitor)
        self._valkey.start()

    def start_child(self, child: Child) -> None:
        """Start one process of the project and keep it for :meth:`stop`."""
        child.start(self.janitor)
        self.children.append(child)

    def watched(self) -> list[Child]:
        """Everything that must run, the servers included."""
        servers = [server.child for server in (self._postgres, self._valkey) if server]
        return [child for child in servers if child] + self.children

    def stop(self) -> None:
        """Stop in order: beat, web, workers (a running task ends first), broker, database."""
        for group in _stop_order(self.children):
            for child in group:
                if child.running and not child.has_ended():
                    child.running.send_signal(child.stop_signal)
            for child in group:
                self._stop_one(child.name, lambda child=child: child.stop(self.janitor))  # type: ignore[misc]
        self.children.clear()
        for name, server in (("Valkey", self._valkey), ("PostgreSQL", self._postgres)):
            if server:
                self._stop_one(name, server.stop)
        if self._postgres or self._valkey:
            shutil.rmtree(self.state.sockets, ignore_errors=True)
        self._postgres = self._valkey = None
        self.janitor.close()

    def _stop_one(self, name: str, stop: Callable[[], bool]) -> None:
        started = time.monotonic()
        word = "stopped" if stop() else "was killed: it did not end in time"
        self.say(f"{name} {word} ({time.monotonic() - started:.1f} s)")


def web_child(state: StateFolder, port: int, environ: dict[str, str]) -> Child:
    """The web server on ``127.0.0.1:port``."""
    return _python_child(
        state,
        "web",
        ["gunicorn", "-c", "python:factcheck.gunicorn_settings", "factcheck.wsgi:application"],
        {**environ, "PORT": str(port), "FACTCHECK_BIND": "127.0.0.1"},
        patience=25.0,
    )


def fetch_worker_child(state: StateFolder, environ: dict[str, str]) -> Child:
    """The worker of the fetch queue: threads, for waiting on others."""
    return _worker_child(state, "fetch", ["--pool", "threads", "-c", "4"], environ)


def analyse_worker_child(state: StateFolder, environ: dict[str, str]) -> Child:
    """The worker of the analyse queue: processes, for work that can be killed."""
    return _worker_child(state, "analyse", ["--pool", "prefork", "-c", "2"], environ)


def beat_child(state: StateFolder, environ: dict[str, str]) -> Child:
    """The clock that sends the periodic tasks."""
    return _python_child(
        state,
        "beat",
        ["celery", "-A", "factcheck", "beat", "--loglevel", "WARNING", "--pidfile="],
        environ,
    )


def sample_web_child(state: StateFolder, port: int, environ: dict[str, str]) -> Child:
    """The sample web on ``127.0.0.1:port``."""
    script = str(PROJECT_ROOT / "samples" / "serve.py")
    return Child(
        name="sample-web",
        program=[sys.executable, script, "--port", str(port)],
        log=state.logs / "sample-web.log",
        environ=environ,
        folder=PROJECT_ROOT,
    )


def child_environ(state: StateFolder, *, sample_port: int | None) -> dict[str, str]:
    """The environment of the project's processes."""
    environ = {
        "FACTCHECK_STATE": str(state.root),
        # Two processes with two numeric threads each are slower than two with one.
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        # Two hundred threads would have two dozen heaps, each as large as its largest moment.
        "MALLOC_ARENA_MAX": "2",
        "PYTHONUNBUFFERED": "1",
        # Compiled once, not at every start of every process.
        "PYTHONDONTWRITEBYTECODE": "",
    }
    if sample_port:
        named = [os.environ.get("FACTCHECK_FETCH_ALLOW", "").strip(), f"127.0.0.1:{sample_port}"]
        environ["FACTCHECK_FETCH_ALLOW"] = ",".join(filter(None, named))
    return environ


def is_port_free(port: int) -> bool:
    """Whether ``127.0.0.1:port`` can be listened on."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError):
            return False
    return True


def accepts(port: int) -> bool:
    """Whether something listens on ``127.0.0.1:port``."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_for_port(port: int, child: Child, seconds: float) -> None:
    """Wait until ``child`` listens on ``port``."""
    wait_until(lambda: accepts(port), child, seconds)


def _worker_child(
    state: StateFolder, queue: str, pool: list[str], environ: dict[str, str]
) -> Child:
    command = ["celery", "-A", "factcheck", "worker", "-Q", queue, *pool, "-n", f"{queue}@%h"]
    # One machine, two workers: asking for neighbours costs a second at each start.
    command += ["--without-gossip", "--without-mingle", "--loglevel", "INFO"]
    return _python_child(
        state, f"worker-{queue}", command, environ, patience=WORKER_PATIENCE_SECONDS
    )


def _python_child(
    state: StateFolder,
    name: str,
    module: list[str],
    environ: dict[str, str],
    *,
    patience: float = 10.0,
) -> Child:
    return Child(
        name=name,
        program=[sys.executable, "-m", *module],
        log=state.logs / f"{name}.log",
        environ=environ,
        folder=PROJECT_ROOT,
        stop_signal=signal.SIGTERM,
        patience_seconds=patience,
    )


def _stop_order(children: list[Child]) -> list[list[Child]]:
    """Beat, then web, then the workers together, then the rest."""
    named = {child.name: child for child in children}
    order = [["beat"], ["web"], ["worker-fetch", "worker-analyse"], ["sample-web"]]
    known = {name for group in order for name in group}
    groups = [[named[name] for name in group if name in named] for group in order]
    return [group for group in [*groups, [c for c in children if c.name not in known]] if group]
