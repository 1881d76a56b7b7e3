"""Proof of life: a worker that holds leases keeps a database session open while it does.

Promises that a lease can be known to be ownerless within seconds: each piece of
held work has a number, locked (``pg_advisory_lock``) by a session of the process
that does it. When that process dies, however it dies, its connection closes, the
database frees the lock, and :func:`living_holders` no longer names the number.
A process that is merely slow, paused or busy in C keeps its lock.

A session that is lost while its process lives (a database restart, a cut line)
is opened again within ``PING_SECONDS`` or so, and the process is told, so that
it can renew its leases before anybody takes them back.

Refuses to speak of jobs: who is held for what is the job table's.
"""

from __future__ import annotations

import os
import secrets
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

from django.db import Error, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

# The first of the two keys of every such lock; the second is the holder's number.
LOCK_CLASS = 0x6A0B
PING_SECONDS = 2.0
RETRY_SECONDS = 0.5
# A machine that vanished sends no goodbye: the database asks after it, so often.
KEEPALIVES = (
    "SET tcp_keepalives_idle = 10",
    "SET tcp_keepalives_interval = 5",
    "SET tcp_keepalives_count = 3",
)
LIVING = """
SELECT objid::bigint FROM pg_locks
 WHERE locktype = 'advisory' AND granted AND objsubid = 2 AND classid = %s
   AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


def living_holders() -> set[int]:
    """The numbers whose sessions live right now, as the database knows."""
    with connection.cursor() as cursor:
        cursor.execute(LIVING, [LOCK_CLASS])
        return {int(number) for (number,) in cursor.fetchall()}


class LeaseHolder:
    """One process's session; thread-safe. Use ``with holder.hold() as number``.

    ``on_return(numbers)`` is called after a lost session was opened again.
    With ``is_lasting`` the session stays open between pieces of work.
    """

    is_lasting = False

    def __init__(self, on_return: Callable[[Sequence[int]], None]) -> None:
        self._on_return = on_return
        self._guard = threading.Lock()
        self._forget()

    def _forget(self) -> None:
        self._session: BaseDatabaseWrapper | None = None
        self._numbers: set[int] = set()
        self._locked: set[int] = set()
        self._owner = os.getpid()
        self._is_watched = False

    @contextmanager
    def hold(self) -> Iterator[int]:
        """Hold a new number while the block runs; raises where the database is away."""
        number = secrets.randbelow(2**31 - 1) + 1
        with self._guard:
            if self._owner != os.getpid():
                # A fork has its parent's socket, and must not speak on it.
                self._forget()
            self._numbers.add(number)
            try:
                self._lock_all()
            except Error:
                self._numbers.discard(number)
                self._close()
                raise
            if not self._is_watched:
                self._is_watched = True
                threading.Thread(target=self._watch, name="lease-holder", daemon=True).start()
        try:
            yield number
        finally:
            with self._guard:
                self._let_go(number)

    def _lock_all(self) -> None:
        """Lock every number that is not; a session that is not there is opened."""
        if self._session is None:
            self._session = connections.create_connection("default")
            self._session.inc_thread_sharing()
            with self._session.cursor() as cursor:
                for setting in KEEPALIVES:
                    cursor.execute(setting)
        with self._session.cursor() as cursor:
            for number in sorted(self._numbers - self._locked):
                # Tried, not waited for: after a cut line our own old session may still have it.
                cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK_CLASS, number])
                if cursor.fetchone() == (True,):
                    self._locked.add(number)

    def _let_go(self, number: int) -> None:
        self._numbers.discard(number)
        if number in self._locked and self._session is not None:
            self._locked.discard(number)
            try:
                with self._session.cursor() as cursor:
                    cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK_CLASS, number])
            except Error:
                self._close()
        if not self._numbers and not self.is_lasting:
            self._close()

    def _close(self) -> None:
        """Close the session; the database frees what it held."""
        session, self._session = self._session, None
        self._locked.clear()
        if session is not None:
            with suppress(Error):
                session.close()

    def _watch(self) -> None:
        """Ask after the session while anything is held; open it again when it was lost."""
        pause, seconds = threading.Event(), PING_SECONDS
        while not pause.wait(seconds):
            with self._guard:
                if not self._numbers and not self.is_lasting:
                    self._is_watched = False
                    return
                returned, seconds = self._ping()
            if returned:
                try:
                    self._on_return(returned)
                except Error:
                    with self._guard:
                        self._close()  # as if it had not returned yet
                finally:
                    connections.close_all()

    def _ping(self) -> tuple[list[int], float]:
        """The numbers that are locked again after their session was lost; and when to ask next."""
        missing = self._numbers - self._locked
        try:
            if missing:
                self._lock_all()
            elif self._session is not None:
                with self._session.cursor() as cursor:
                    cursor.execute("SELECT 1")
        except Error:
            self._close()
            return [], RETRY_SECONDS
        return sorted(missing & self._locked), PING_SECONDS
