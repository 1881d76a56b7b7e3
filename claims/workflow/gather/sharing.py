"""The server that all workers share (Redis or Valkey), asked over a few connections.

Promises that any number of threads ask it over :data:`CONNECTIONS` lines at most, that one
who finds all of them busy waits for a moment instead of failing, and that what goes wrong is a
``redis.RedisError``, told without a pause for another try.
"""

from __future__ import annotations

import functools
import queue
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

# A call takes a fraction of a millisecond: a few lines carry what hundreds of threads ask.
CONNECTIONS = 16
PATIENCE_SECONDS = 2.0
# So many answers that nobody waits for may lie on a line until it is asked over again.
MOST_OWED = 50


class Lines(redis.ConnectionPool):
    """A pool that lends its connections as they are, and makes one wait for a free one.

    Those of redis-py look before each loan whether the connection still stands, and count each
    loan for whoever measures: more work than the call that follows.
    """

    def reset(self) -> None:
        """Lay the lines, again after a fork; they open when they are first asked over."""
        super().reset()
        # Of redis-py's connections, which have no types.
        self._free: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._owed: dict[Any, int] = {}
        for _ in range(self.max_connections):
            self._free.put(self.make_connection())

    def get_connection(self, *_: object, **__: object) -> Any:
        """A line to ask over, to be given back by :meth:`release`."""
        line = self.take()
        is_clear = False
        try:
            self._clear(line)
            is_clear = True
        finally:
            if not is_clear:
                self.release(line)
        return line

    def take(self) -> Any:
        """A line that answers may be owed on, to be given back by :meth:`release`."""
        self._checkpid()
        try:
            return self._free.get(timeout=PATIENCE_SECONDS)
        except queue.Empty:
            raise redis.ConnectionError("No line to the shared server was free.") from None

    def release(self, connection: Any) -> None:
        """The line is free again."""
        self._free.put(connection)

    def send(self, line: Any, packed: bytes) -> None:
        """Send a command over a line that was taken; its answer is read before the next asks."""
        if self._owed.get(line, 0) >= MOST_OWED:
            self._clear(line)
        is_sent = False
        try:
            line.send_packed_command([packed])
            self._owed[line] = self._owed.get(line, 0) + 1
            is_sent = True
        finally:
            if not is_sent:
                self._cut(line)

    def _clear(self, line: Any) -> None:
        is_clear = False
        try:
            with suppress(redis.RedisError):
                for _ in range(self._owed.get(line, 0)):
                    with suppress(redis.ResponseError):
                        line.read_response()
                self._owed.pop(line, None)
                is_clear = True
        finally:
            if not is_clear:
                self._cut(line)

    def _cut(self, line: Any) -> None:
        self._owed.pop(line, None)
        line.disconnect()


class SharedServer(redis.Redis):
    """The client of redis-py over :class:`Lines`.

    A line that was cut since its last call is opened once more; nothing else is tried twice.
    """

    def __init__(self, url: str) -> None:
        pool = Lines.from_url(
            url,
            max_connections=CONNECTIONS,
            socket_timeout=PATIENCE_SECONDS,
            socket_connect_timeout=PATIENCE_SECONDS,
            retry=Retry(NoBackoff(), 0),
        )
        super().__init__(connection_pool=pool)

    def execute_command(self, *args: Any, **options: Any) -> Any:
        """Ask; every single command of redis-py comes down to this."""
        line = self.connection_pool.get_connection()
        try:
            return _once_more(line, functools.partial(self._ask, line, args, options))
        finally:
            self.connection_pool.release(line)

    def tell(self, *command: Any) -> None:
        """Send a command without waiting for its answer; whether it was heeded stays unknown.

        It is on its way when this returns, also if this process dies then.
        """
        pool: Any = self.connection_pool
        line = pool.take()
        try:
            _once_more(line, functools.partial(pool.send, line, _pack(command)))
        finally:
            pool.release(line)

    def _ask(self, line: Any, command: tuple[Any, ...], options: dict[str, Any]) -> Any:
        read: Callable[..., Any] = self.parse_response
        is_answered = False
        try:
            line.send_packed_command([_pack(command)])
            answer = read(line, command[0], **options)
            is_answered = True
        except redis.ResponseError:
            is_answered = True  # in whole, if not with yes
            raise
        finally:
            if not is_answered:
                line.disconnect()  # what answers later is not for the next one who asks
        return answer


def _once_more(line: Any, act: Callable[[], Any]) -> Any:
    was_open = line.is_connected
    try:
        return act()
    except redis.ConnectionError:
        if not was_open:
            raise
        return act()


def _pack(command: tuple[Any, ...]) -> bytes:
    """A command as it goes over the line: bytes, texts and numbers, each behind its length.

    >>> _pack(("SCRIPT LOAD", "é", 1.5)).split()
    [b'*4', b'$6', b'SCRIPT', b'$4', b'LOAD', b'$2', b'\\xc3\\xa9', b'$3', b'1.5']
    """
    words = [*command[0].split(), *command[1:]]  # redis-py names some commands by two words
    parts = [b"*%d\r\n" % len(words)]
    for one in words:
        part = one if isinstance(one, bytes) else str(one).encode()
        parts.append(b"$%d\r\n%b\r\n" % (len(part), part))
    return b"".join(parts)


def shared_server(url: str | None = None) -> SharedServer:
    """This process's client of the server at ``url``; by default the broker's."""
    return _client_of(url or settings.REDIS_URL)


@functools.lru_cache(maxsize=4)
def _client_of(url: str) -> SharedServer:
    return SharedServer(url)
