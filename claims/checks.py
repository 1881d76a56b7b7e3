"""Start-up checks and the doctor's findings: is this install fit for work, and if not, what to do.

Promises that every finding names its cure, and that a start on known-bad
versions or settings is refused. Looks only: nothing is mended here.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import redis
from django.conf import settings
from django.core.cache import cache
from django.core.checks import CheckMessage, Error, register
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.module_loading import import_string
from packaging.version import Version

from claims.models.job import Job
from claims.vocabulary import JobState

# Below these, known faults reach us: decompression bombs, credential leaks, admin holes.
VERSION_FLOORS = {
    "django": "5.2.19",
    "requests": "2.32.2",
    "urllib3": "2.7",
    "lxml": "5.2",
    "beautifulsoup4": "4.12",
    "celery": "5.5",
}
POSTGRESQL_FLOOR = 150000
REDIS_FLOOR = (7, 0)
MIN_FREE_BYTES = 1024**3
OLD_JOB_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor: what was looked at, whether it is well, and the cure if not."""

    name: str
    is_well: bool
    detail: str
    cure: str = ""

    def to_json(self) -> dict[str, Any]:
        """``{"name", "ok", "detail", "cure"}``."""
        return {"name": self.name, "ok": self.is_well, "detail": self.detail, "cure": self.cure}


@register
def check_versions(**_kwargs: Any) -> list[CheckMessage]:
    """``claims.E001`` for each installed package below its floor."""
    return [
        Error(
            f"{package} {version(package)} is below {floor}, which mends a known fault.",
            hint="Run `make setup`: it installs the pinned versions.",
            id="claims.E001",
        )
        for package, floor in VERSION_FLOORS.items()
        if Version(version(package)) < Version(floor)
    ]


def diagnose() -> list[Finding]:
    """Look at everything the workbench needs; never raises for a service that is down."""
    return [look() for look in LOOKS]


def _look_at_versions() -> Finding:
    low = check_versions()
    held = ", ".join(f"{name} {version(name)}" for name in ("django", "celery", "requests"))
    return Finding("versions", not low, str(low[0].msg) if low else held, "Run `make setup`.")


def _look_at_database() -> Finding:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version_num")
            number = int(cursor.fetchone()[0])
            cursor.execute("SHOW server_encoding")
            encoding = str(cursor.fetchone()[0])
    except DatabaseError as problem:
        return Finding(
            "database",
            False,
            str(problem).splitlines()[0][:200],
            "Start the workbench, or set DATABASE_URL to a PostgreSQL that answers.",
        )
    detail = f"PostgreSQL {number // 10000}.{number % 10000}, {encoding}"
    if number < POSTGRESQL_FLOOR:
        return Finding("database", False, detail, "Use PostgreSQL 15 or newer.")
    if encoding != "UTF8":
        return Finding(
            "database",
            False,
            detail,
            "Make the database with UTF-8: createdb -E UTF8 -T template0.",
        )
    return Finding("database", True, detail)


def _look_at_migrations() -> Finding:
    try:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return Finding("migrations", False, "unknown", "Mend the database first.")
    return Finding(
        "migrations", not plan, f"{len(plan)} to apply", "Run `python manage.py migrate`."
    )


def _look_at_broker() -> Finding:
    try:
        server = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2)
        facts: Any = server.info("server")
        policy: Any = server.config_get("maxmemory-policy")
        append: Any = server.config_get("appendonly")
    except redis.RedisError as problem:
        return Finding(
            "broker",
            False,
            str(problem)[:200],
            "Start the workbench, or set REDIS_URL to a Redis or Valkey that answers.",
        )
    number = str(facts.get("valkey_version") or facts["redis_version"])
    kind = "Valkey" if "valkey_version" in facts else "Redis"
    kept = "append-only" if append.get("appendonly") == "yes" else "not append-only"
    detail = f"{kind} {number}, {policy.get('maxmemory-policy')}, {kept}"
    if tuple(int(part) for part in number.split(".")[:2]) < REDIS_FLOOR:
        return Finding("broker", False, detail, "Use Redis 7 or Valkey 8 or newer.")
    if policy.get("maxmemory-policy") != "noeviction":
        return Finding(
            "broker", False, detail, "Set maxmemory-policy to noeviction: messages must not vanish."
        )
    return Finding("broker", True, detail)


def _look_at_workers() -> Finding:
    read_hearts: Callable[[], dict[str, float | None]] = import_string(
        "factcheck.health.read_hearts"
    )
    cure = "Start workers: `make demo`, or the worker services of docker-compose.yml."
    try:
        hearts = read_hearts()
    except redis.RedisError:
        return Finding("workers", False, "unknown", "Mend the broker first.")
    told = ", ".join(
        f"{queue} {'never' if age is None else f'{age:.0f} s ago'}" for queue, age in hearts.items()
    )
    alive = all(age is not None and age <= HEART_MAX_AGE_SECONDS for age in hearts.values())
    return Finding("workers", alive, f"queues last consumed: {told}", cure)


# Three heartbeats of ten seconds may be late.
HEART_MAX_AGE_SECONDS = 35


def _look_at_jobs() -> Finding:
    try:
        failed = Job.objects.filter(state=JobState.FAILED).count()
        oldest = Job.objects.all().oldest_due_seconds()
    except DatabaseError:
        return Finding("jobs", False, "unknown", "Mend the database first.")
    detail = f"{failed} failed, oldest due {f'{oldest:.0f} s' if oldest is not None else 'none'}"
    late = oldest is not None and oldest > OLD_JOB_SECONDS
    cure = "Workers do not keep up: start more." if late else "Look at Jobs in the admin; retry."
    return Finding("jobs", not late and not failed, detail, cure)


def _look_at_disk() -> Finding:
    place = Path(settings.MEDIA_ROOT)
    while not place.exists() and place != place.parent:
        place = place.parent
    free = shutil.disk_usage(place).free
    return Finding(
        "disk",
        free >= MIN_FREE_BYTES,
        f"{free / 1024**3:.1f} GiB free for snapshots",
        "Free some space, or move FACTCHECK_STATE to a larger disk.",
    )


def _look_at_settings() -> Finding:
    opened = ", ".join(f"{host}:{port}" for host, port in settings.FETCH_ALLOW) or "none"
    mode = "production" if settings.PRODUCTION else "this machine only"
    well = not (settings.PRODUCTION and settings.DEBUG)
    return Finding("settings", well, f"{mode}; addresses opened by hand: {opened}", "Unset debug.")


def _look_at_cache() -> Finding:
    try:
        cache.set("doctor", "well", timeout=10)
        well = cache.get("doctor") == "well"
    except redis.RedisError:
        well = False
    return Finding(
        "cache", well, "writes and reads" if well else "silent", "Mend the broker first."
    )


LOOKS: tuple[Callable[[], Finding], ...] = (
    _look_at_versions,
    _look_at_settings,
    _look_at_database,
    _look_at_migrations,
    _look_at_broker,
    _look_at_cache,
    _look_at_workers,
    _look_at_jobs,
    _look_at_disk,
)
