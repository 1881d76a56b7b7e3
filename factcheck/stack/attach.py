"""Servers for one command: the workbench's when one runs, else the command's own.

Promises that a command on the same state folder sees the same data as the
workbench, and that what the command started ends with it, after the last
other command that leans on it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from factcheck.stack import servers
from factcheck.stack.lock import StackLock, new_holder
from factcheck.stack.processes import ServerRefused
from factcheck.stack.servers import Say, Servers
from factcheck.stack.state import StateFolder

_WAIT_SECONDS = 600.0


@contextmanager
def attach(
    state: StateFolder,
    what: str,
    *,
    needs_workers: bool,
    say: Say,
    migrate: Callable[[], object],
) -> Iterator[None]:
    """Have a database (and workers) while the block runs.

    With ``DATABASE_URL`` set nothing is started: those processes run apart.
    ``what`` is the command's name, for whoever meets its lock.
    """
    if os.environ.get("DATABASE_URL"):
        yield
        return
    lock = StackLock(state)
    deadline = time.monotonic() + _WAIT_SECONDS
    has_spoken = False
    while not lock.take(new_holder(what)):
        holder = lock.read_holder()
        if holder and holder.is_ready and (holder.has_workers or not needs_workers):
            with lock.join_guests():
                yield
            return
        if time.monotonic() > deadline:
            raise ServerRefused(f"The state folder {state.root} stayed busy; try again later.")
        if holder and not has_spoken:
            say(f"Waiting for {holder.what} (process {holder.pid}) on the same state folder")
            has_spoken = True
        time.sleep(0.1)
    try:
        stack = Servers(state, lambda _text: None)
        try:
            _start(stack, say, needs_workers=needs_workers, migrate=migrate)
            lock.tell(new_holder(what, is_ready=True, has_workers=needs_workers))
            yield
            lock.tell(new_holder(what))
            lock.wait_for_guests()
        finally:
            stack.stop()
    finally:
        lock.release()


def _start(stack: Servers, say: Say, *, needs_workers: bool, migrate: Callable[[], object]) -> None:
    state = stack.state
    what = "the database, the broker and the workers" if needs_workers else "the database"
    say(f"No workbench runs on {state.root}: starting {what} for this command")
    stack.start_database()
    if needs_workers:
        stack.start_broker()
    migrate()
    if not needs_workers:
        return
    sample_port = state.sample_port()
    environ = servers.child_environ(state, sample_port=sample_port)
    if sample_port and servers.is_port_free(sample_port):
        child = servers.sample_web_child(state, sample_port, environ)
        stack.start_child(child)
        servers.wait_for_port(sample_port, child, 30)
    stack.start_child(servers.fetch_worker_child(state, environ))
    stack.start_child(servers.analyse_worker_child(state, environ))
    stack.start_child(servers.beat_child(state, environ))
