"""Are the two servers fit for us? Looked at by start-up, by ``check --database`` and the doctor.

Promises that a fault which would lose or spoil work is an error with its cure,
and that a server which cannot be asked is a warning only: work waits for it.
Changes nothing on either server.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import redis
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Doubt
from django.db import Error as DatabaseFault
from django.db import connection

# The oldest that the tests run on; older ones are past their life or soon will be.
POSTGRESQL_FLOOR = 15
REDIS_FLOOR = (7, 0)
BROKER_PATIENCE_SECONDS = 2.0
# Heartbeats older than 35 s count as missed, and they carry a worker's own clock.
CLOCK_TOLERANCE_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class DatabaseFacts:
    """What the database says of itself; ``clock_ahead_seconds`` is its clock less ours."""

    version: int
    encoding: str
    has_fsync: bool
    is_standby: bool
    clock_ahead_seconds: float

    def __str__(self) -> str:
        return f"PostgreSQL {self.version // 10000}.{self.version % 10000}, {self.encoding}"


@dataclass(frozen=True, slots=True)
class BrokerFacts:
    """What the broker says of itself; ``policy`` is empty where it does not tell."""

    kind: str
    version: str
    policy: str
    is_append_only: bool | None

    def __str__(self) -> str:
        kept = {True: "append-only", False: "not append-only", None: "persistence not told"}
        policy = self.policy or "eviction policy not told"
        return f"{self.kind} {self.version}, {policy}, {kept[self.is_append_only]}"


def read_database_facts() -> DatabaseFacts:
    """Ask the database; raises ``django.db.Error`` where it does not answer."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_version_num')::int, current_setting"
            "('server_encoding'), current_setting('fsync') = 'on', pg_is_in_recovery(), "
            "extract(epoch FROM clock_timestamp())::float8"
        )
        version, encoding, has_fsync, is_standby, seconds = cursor.fetchone()
    return DatabaseFacts(version, encoding, has_fsync, is_standby, seconds - time.time())


def read_broker_facts(url: str | None = None) -> BrokerFacts:
    """Ask the broker; raises ``redis.RedisError`` where it does not answer.

    Only ``INFO`` is asked, which hosted servers allow where they forbid ``CONFIG``.
    """
    with redis.Redis.from_url(
        url or settings.REDIS_URL,
        socket_timeout=BROKER_PATIENCE_SECONDS,
        socket_connect_timeout=BROKER_PATIENCE_SECONDS,
    ) as server:
        server.ping()
        about = _ask_info(server, "server")
        policy = str(_ask_info(server, "memory").get("maxmemory_policy", ""))
        kept = _ask_info(server, "persistence").get("aof_enabled")
    kind = "Valkey" if "valkey_version" in about else "Redis"
    version = str(about.get("valkey_version") or about.get("redis_version") or "")
    return BrokerFacts(kind, version, policy, None if kept is None else bool(int(kept)))


def judge_database(facts: DatabaseFacts) -> list[CheckMessage]:
    """Errors for what spoils work, warnings for what endangers it."""
    found: list[CheckMessage] = []
    if facts.version < POSTGRESQL_FLOOR * 10000:
        found.append(
            Error(
                f"The database is {facts}; versions below {POSTGRESQL_FLOOR} are not supported.",
                hint=f"Use PostgreSQL {POSTGRESQL_FLOOR} or newer.",
                id="factcheck.E020",
            )
        )
    if facts.encoding != "UTF8":
        found.append(
            Error(
                f"The database's encoding is {facts.encoding}: it cannot keep every text.",
                hint="Make the database with UTF-8: createdb -E UTF8 -T template0 NAME.",
                id="factcheck.E021",
            )
        )
    if facts.is_standby:
        found.append(
            Error(
                "The database is a standby and takes no writes.",
                hint="Point DATABASE_URL at the primary server.",
                id="factcheck.E022",
            )
        )
    if not facts.has_fsync:
        found.append(
            Doubt(
                "The database runs with fsync off: a crash of the machine may spoil all of it.",
                hint="Set fsync = on in postgresql.conf, unless the data may be thrown away.",
                id="factcheck.W023",
            )
        )
    if abs(facts.clock_ahead_seconds) > CLOCK_TOLERANCE_SECONDS:
        found.append(
            Doubt(
                f"The database's clock and this machine's differ by "
                f"{abs(facts.clock_ahead_seconds):.0f} s.",
                hint="Let both machines keep time by NTP; leases run on the database's clock.",
                id="factcheck.W024",
            )
        )
    return found


def judge_broker(facts: BrokerFacts) -> list[CheckMessage]:
    """Errors for a server that would drop messages or lacks commands; warnings for doubt."""
    found: list[CheckMessage] = []
    if not facts.version:
        found.append(
            Doubt(
                "The broker does not tell its version.",
                hint="Make sure that it is Redis 7 or Valkey 8, or newer.",
                id="factcheck.W032",
            )
        )
    elif tuple(int(part) for part in facts.version.split(".")[:2]) < REDIS_FLOOR:
        found.append(
            Error(
                f"The broker is {facts.kind} {facts.version}, which is not supported.",
                hint="Use Redis 7 or Valkey 8, or newer.",
                id="factcheck.E030",
            )
        )
    if not facts.policy:
        found.append(
            Doubt(
                "The broker does not tell its eviction policy.",
                hint="Make sure, with whoever hosts it, that maxmemory-policy is noeviction.",
                id="factcheck.W033",
            )
        )
    elif facts.policy != "noeviction":
        found.append(
            Error(
                f"The broker's maxmemory-policy is {facts.policy}: a full server drops what "
                "is queued without a word.",
                hint="Set it to noeviction: CONFIG SET maxmemory-policy noeviction, and in the "
                "server's configuration, or set REDIS_URL to a server of our own.",
                id="factcheck.E031",
            )
        )
    return found


def check_database() -> list[CheckMessage]:
    """The findings of the database, or ``factcheck.W020`` where it does not answer."""
    try:
        return judge_database(read_database_facts())
    except DatabaseFault as problem:
        told = (str(problem).splitlines() or [type(problem).__name__])[0][:200]
        return [
            Doubt(
                f"The database does not answer: {told}",
                hint="Start it, or set DATABASE_URL to a PostgreSQL that answers.",
                id="factcheck.W020",
            )
        ]


def check_broker() -> list[CheckMessage]:
    """The findings of the broker, or ``factcheck.W030`` where it does not answer."""
    try:
        return judge_broker(read_broker_facts())
    except (redis.RedisError, OSError) as problem:
        return [
            Doubt(
                f"The broker does not answer: {str(problem)[:200] or type(problem).__name__}",
                hint="Start it, or set REDIS_URL to a Redis or Valkey that answers. "
                "Until then nothing is lost: machine work waits in the database.",
                id="factcheck.W030",
            )
        ]


@register(Tags.database)
def check_asked_servers(
    databases: Sequence[str] | None = None, **_facts: Any
) -> list[CheckMessage]:
    """As :func:`check_servers`, for ``check --database default`` and ``migrate``.

    Other commands name no database, start it themselves, and are not to wait for it here.
    """
    return check_servers() if databases else []


def check_servers() -> list[CheckMessage]:
    """Both servers, as they answer now."""
    return [*check_database(), *check_broker()]


def _ask_info(server: redis.Redis, section: str) -> dict[str, Any]:
    """A section of ``INFO``; empty where the server forbids it."""
    try:
        told: Any = server.info(section)
    except redis.ResponseError:
        return {}
    return dict(told)
