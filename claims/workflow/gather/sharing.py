"""The server that all workers share (Redis or Valkey), asked over a few connections.

Promises that any number of threads ask it over :data:`CONNECTIONS` lines at most, that one
who finds all of them busy waits for a moment instead of failing, and that what goes wrong is a
``redis.RedisError``.
"""

from __future__ import annotations

import functools

import redis
from django.conf import settings

# A call takes a fraction of a millisecond: a few lines carry what hundreds of threads ask.
CONNECTIONS = 16
PATIENCE_SECONDS = 2.0


def shared_server(url: str | None = None) -> redis.Redis:
    """This process's client of the server at ``url``; by default the broker's."""
    return _client_of(url or settings.REDIS_URL)


@functools.lru_cache(maxsize=4)
def _client_of(url: str) -> redis.Redis:
    pool = redis.BlockingConnectionPool.from_url(
        url,
        max_connections=CONNECTIONS,
        timeout=PATIENCE_SECONDS,
        socket_timeout=PATIENCE_SECONDS,
        socket_connect_timeout=PATIENCE_SECONDS,
    )
    return redis.Redis(connection_pool=pool)
