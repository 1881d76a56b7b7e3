"""The whole workbench in a folder of its own, and ways to hurt its servers.

Promises real processes and real servers on private sockets, started and ended by
their own numbers; nothing is left when the block ends, also after a kill. The
environment is set before Django is loaded, so use one rig per process.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import redis

from factcheck.stack import servers
from factcheck.stack.postgres import Postgres
from factcheck.stack.processes import Child, Janitor, ServerRefused
from factcheck.stack.state import PROJECT_ROOT, StateFolder
from factcheck.stack.valkey import Valkey

FOREIGN = ("DATABASE_URL", "REDIS_URL", "PORT")
PARAGRAPH = "<p>The harbour of {} handled 48,000 tonnes of salt in 2023, the yearbook says.</p>\n"
# One page at a time per host, so a fault finds most of a run still owed.
PAGE_SECONDS = 0.03


class _Pages(BaseHTTPRequestHandler):
    """One honest page under each path; no robots.txt."""

    def do_GET(self) -> None:
        """Answer."""
        is_page = self.path != "/robots.txt"
        if is_page:
            time.sleep(PAGE_SECONDS)
        body = b"<!doctype html><article>" + PARAGRAPH.format(self.path).encode() * 10
        self.send_response(200 if is_page else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_facts: Any) -> None:
        """Say nothing."""


class Rig:
    """Servers, processes and a small site; every one can be stopped and started alone."""

    def __init__(self, folder: Path) -> None:
        """Set the environment; start nothing yet."""
        for name in list(os.environ):
            if name in FOREIGN or name.startswith("FACTCHECK_"):
                del os.environ[name]
        self.state = StateFolder(folder)
        self.janitor = Janitor()
        for place in (self.state.root, self.state.sockets):
            self.janitor.tell("remove", place)
        self.postgres = Postgres(self.state, self.janitor)
        self.valkey = Valkey(self.state, self.janitor)
        self.site = ThreadingHTTPServer(("127.0.0.1", 0), _Pages)
        self.site_port = int(self.site.server_address[1])
        self.web_port = _free_port()
        self.children: dict[str, Child] = {}
        os.environ.update(
            FACTCHECK_STATE=str(folder),
            FACTCHECK_FETCH_ALLOW=f"127.0.0.1:{self.site_port}",
            FACTCHECK_FETCH_HOST_GAP_SECONDS="0",
            FACTCHECK_WIKIPEDIA_API_URL="off",
            DJANGO_SETTINGS_MODULE="factcheck.settings",
        )

    def start(self) -> None:
        """Servers, tables, site; then Django in this process."""
        self.postgres.start()
        self.valkey.start()
        threading.Thread(target=self.site.serve_forever, daemon=True).start()
        run_manage("migrate", "--no-input", "--verbosity", "0")
        import django

        django.setup()

    def start_processes(self, *names: str) -> None:
        """The named ones of ``web fetch analyse beat``, as the launcher starts them."""
        environ = servers.child_environ(self.state, sample_port=None)
        for name in names:
            if name == "web":
                child = servers.web_child(self.state, self.web_port, environ)
            elif name == "fetch":
                child = servers.fetch_worker_child(self.state, environ)
            elif name == "analyse":
                child = servers.analyse_worker_child(self.state, environ)
            else:
                child = servers.beat_child(self.state, environ)
            self.children[name] = child
            child.start(self.janitor)
        if "web" in names:
            servers.wait_for_port(self.web_port, self.children["web"], 60)
        for name in {"fetch", "analyse"} & set(names):
            log = self.children[name].log
            wait_until(lambda log=log: " ready." in log.read_text(errors="replace"), 90)  # type: ignore[misc]

    def pids(self) -> dict[str, int]:
        """Process numbers by name: a restart would show."""
        return {
            name: child.running.pid
            for name, child in self.children.items()
            if child.running and child.running.poll() is None
        }

    def freeze(self, *names: str) -> None:
        """Stop the named processes where they stand (whole groups)."""
        for name in names:
            os.killpg(self.pids()[name], signal.SIGSTOP)

    def thaw(self, *names: str) -> None:
        """Let them go on."""
        for name in names:
            os.killpg(self.pids()[name], signal.SIGCONT)

    def stop_processes(self, *names: str) -> None:
        """End the named processes in order."""
        for name in names:
            self.children.pop(name).stop(self.janitor)

    # The broker ---------------------------------------------------------------

    def broker(self) -> redis.Redis:
        """A client of its own for looking and for hurting."""
        return redis.Redis.from_url(self.state.redis_url, socket_timeout=10)

    def signal_broker(self, number: int) -> None:
        """Any signal to the broker alone."""
        child = self.valkey.child
        if child is None or child.running is None:
            raise RuntimeError("no broker runs")
        child.running.send_signal(number)
        if number == signal.SIGKILL:
            child.running.wait()

    def start_broker(self) -> None:
        """Start the broker that ended again, on what it kept."""
        self.valkey.start()

    def forget_broker_files(self) -> None:
        """What a server without an append-only file has after it was killed: nothing."""
        shutil.rmtree(self.state.valkey_data)

    # The database -------------------------------------------------------------

    def stop_database(self, number: int) -> None:
        """SIGINT is the fast stop, SIGQUIT the immediate one, SIGKILL a crash."""
        child = self.postgres.child
        if child is None or child.running is None:
            raise RuntimeError("no database runs")
        child.running.send_signal(number)
        child.running.wait(60)

    def start_database(self) -> None:
        """Start it again; after a crash it waits for the old one's processes to go."""
        deadline = time.monotonic() + 30
        while True:
            try:
                self.postgres.start()
            except (ServerRefused, OSError):
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)
            else:
                return

    def stop(self) -> None:
        """End everything in order and remove the folder."""
        order = [name for name in ("beat", "web", "fetch", "analyse") if name in self.children]
        for name in order:
            child = self.children[name]
            if child.running and child.running.poll() is None:
                os.killpg(child.running.pid, signal.SIGCONT)
                child.running.send_signal(signal.SIGTERM)
        self.stop_processes(*order)
        self.site.shutdown()
        self.valkey.stop()
        self.postgres.stop()
        self.janitor.close()


@contextmanager
def rigged() -> Iterator[Rig]:
    """A started rig without processes, in a temporary folder."""
    folder = Path(tempfile.mkdtemp(prefix="factcheck-faults-")).resolve()
    rig = Rig(folder)
    try:
        rig.start()
        yield rig
    finally:
        rig.stop()


def run_manage(*words: str) -> str:
    """One management command in a process of its own; gives what it printed."""
    done = subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{words[0]} ended with {done.returncode}:\n{done.stderr}")
    return done.stdout


def wait_until(is_so: Callable[[], bool], seconds: float) -> float | None:
    """Poll until it is so; gives the seconds it took, ``None`` when time ran out."""
    started = time.monotonic()
    while not is_so():
        if time.monotonic() - started > seconds:
            return None
        time.sleep(0.05)
    return round(time.monotonic() - started, 2)


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
