"""What a machine asks: does the workbench work, not merely run?

Promises one JSON object: database, broker, and for each queue how long ago a
worker consumed its heartbeat. 200 when all are well, 503 when one is not.
Shows no address, no version and no exception text.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import redis
import structlog
from django.conf import settings
from django.core.cache import cache
from django.db import Error as DatabaseFault
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.utils.module_loading import import_string
from django.views.decorators.cache import never_cache
from redis.backoff import NoBackoff
from redis.retry import Retry

log = structlog.get_logger("factcheck.health")
# Beat sends a heartbeat every 10 s; three in a row may be late.
HEART_MAX_AGE_SECONDS = 35
# A page that says how the queue is must not itself wait for it.
QUEUE_PATIENCE_SECONDS = 0.3
QUEUE_ANSWER_HOLDS_SECONDS = 2.0


def note_heart(queue: str) -> None:
    """Keep the time at which a worker of ``queue`` consumed a message."""
    cache.set(f"heart:{queue}", time.time(), timeout=24 * 3600)


def read_hearts() -> dict[str, float | None]:
    """Seconds since each queue was last consumed; ``None`` where it never was."""
    now = time.time()
    kept = cache.get_many([f"heart:{queue}" for queue in settings.HEALTH_QUEUES])
    return {
        queue: round(max(0.0, now - kept[f"heart:{queue}"]), 1)
        if f"heart:{queue}" in kept
        else None
        for queue in settings.HEALTH_QUEUES
    }


class QueueWatch:
    """Whether the queue can be reached, asked at most every few seconds by one thread at a time."""

    def __init__(self, url: str) -> None:
        """Watch the broker at ``url``."""
        self._server = redis.Redis.from_url(
            url,
            socket_timeout=QUEUE_PATIENCE_SECONDS,
            socket_connect_timeout=QUEUE_PATIENCE_SECONDS,
            retry=Retry(NoBackoff(), 0),
        )
        self._lock = threading.Lock()
        self._holds_until = 0.0
        self._is_reached = True

    def is_reached(self) -> bool:
        """The last answer while it is fresh or is being asked anew."""
        if time.monotonic() >= self._holds_until and self._lock.acquire(blocking=False):
            try:
                self._server.ping()
                self._is_reached = True
            except (redis.RedisError, OSError):
                self._is_reached = False
            finally:
                self._holds_until = time.monotonic() + QUEUE_ANSWER_HOLDS_SECONDS
                self._lock.release()
        return self._is_reached


QUEUE_WATCH = QueueWatch(settings.REDIS_URL)


def read_health() -> dict[str, Any]:
    """The facts of ``/healthz``; ``ok`` is the conclusion."""
    database = _is_up(_ask_database, DatabaseFault)
    hearts: dict[str, float | None] = dict.fromkeys(settings.HEALTH_QUEUES)
    broker = _is_up(lambda: hearts.update(read_hearts()), redis.RedisError)
    consumed = {
        queue: age is not None and age <= HEART_MAX_AGE_SECONDS for queue, age in hearts.items()
    }
    facts: dict[str, Any] = dict.fromkeys(settings.HEALTH_FACTS)
    if database:
        # A database without our tables answers, but not what is asked of it.
        database = _is_up(lambda: facts.update(_read_facts()), DatabaseFault)
    return {
        "ok": database and broker and all(consumed.values()),
        "database": database,
        "broker": broker,
        "queues": {
            queue: {"consumed": consumed[queue], "seconds_since": hearts[queue]}
            for queue in settings.HEALTH_QUEUES
        },
        **facts,
    }


@never_cache
def show_health(_request: HttpRequest) -> JsonResponse:
    """``GET /healthz``: the facts as JSON, status 200 or 503."""
    facts = read_health()
    return JsonResponse(facts, status=200 if facts["ok"] else 503)


def _read_facts() -> dict[str, Any]:
    return {name: import_string(dotted)() for name, dotted in settings.HEALTH_FACTS.items()}


def _ask_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _is_up(ask: Callable[[], None], error: type[Exception]) -> bool:
    try:
        ask()
    except error as problem:
        log.warning("health.unreachable", error=type(problem).__name__)
        return False
    return True
