"""Start-up checks and the doctor's findings: is this install fit for work, and if not, what to do.

Promises that every finding names its cure, and that a start on known-bad
versions or settings is refused. Looks only: nothing is mended here.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import redis
from django.conf import settings
from django.core.cache import cache
from django.core.checks import CheckMessage, Error, register
from django.core.checks.messages import ERROR
from django.db import DatabaseError, connection
from django.db import Error as DatabaseFault
from django.db.migrations.executor import MigrationExecutor
from packaging.version import Version

from claims.models.job import Job
from claims.text.encoder.reranking import MOST_RERANKED
from claims.text.encoder.weights import EncoderUnusable, load_files
from claims.vocabulary import JobState
from claims.workflow.weigh.ordering import is_encoder_used
from factcheck.fitness import START
from factcheck.health import HEART_MAX_AGE_SECONDS, read_hearts
from factcheck.server_checks import (
    judge_broker,
    judge_database,
    read_broker_facts,
    read_database_facts,
)

# Below these, known faults reach us: decompression bombs (urllib3), credentials sent to another
# host (requests, gunicorn's smuggled requests), holes in the admin (Django), quadratic parsing
# (lxml, BeautifulSoup), and workers that hang or die with the broker (celery, kombu, redis).
VERSION_FLOORS = {
    "django": "5.2.19",
    "requests": "2.32.2",
    "urllib3": "2.7",
    "lxml": "5.2",
    "beautifulsoup4": "4.12",
    "celery": "5.5",
    "kombu": "5.5",
    "redis": "6.1",
    "psycopg": "3.2",
    "gunicorn": "23.0",
}
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


@register(START)
def check_versions(**_kwargs: Any) -> list[CheckMessage]:
    """``claims.E001`` for each installed package below its floor."""
    return [
        Error(
            f"{package} {version(package)} is below {floor}, which mends a known fault.",
            hint="Run `make setup`: it installs the pinned versions.",
            id="claims.E001",
        )
        for package, floor in low_versions(VERSION_FLOORS).items()
    ]


@register(START)
def check_encoder(**_kwargs: Any) -> list[CheckMessage]:
    """``claims.E002`` where weighing would read with the encoder and cannot."""
    if not is_encoder_used():
        return []
    try:
        load_files()
    except EncoderUnusable as problem:
        hint = "Run `make encoder`, or set FACTCHECK_ENCODER=0."
        return [Error(f"Weighing cannot use the encoder: {problem}.", hint=hint, id="claims.E002")]
    return []


def low_versions(floors: Mapping[str, str]) -> dict[str, str]:
    """Those of the packages whose installed version is below its floor, with the floor."""
    return {
        package: floor
        for package, floor in floors.items()
        if Version(version(package)) < Version(floor)
    }


def diagnose() -> list[Finding]:
    """Look at everything the workbench needs; never raises for a service that is down."""
    return [look() for look in LOOKS]


def _look_at_versions() -> Finding:
    low = check_versions()
    held = ", ".join(f"{name} {version(name)}" for name in ("django", "celery", "requests"))
    return Finding("versions", not low, str(low[0].msg) if low else held, "Run `make setup`.")


def _look_at_database() -> Finding:
    try:
        facts = read_database_facts()
    except DatabaseFault as problem:
        return Finding(
            "database",
            False,
            (str(problem).splitlines() or [""])[0][:200],
            "Start the workbench, or set DATABASE_URL to a PostgreSQL that answers.",
        )
    return _judged("database", str(facts), judge_database(facts))


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
        facts = read_broker_facts()
    except (redis.RedisError, OSError) as problem:
        return Finding(
            "broker",
            False,
            str(problem)[:200],
            "Start the workbench, or set REDIS_URL to a Redis or Valkey that answers.",
        )
    return _judged("broker", str(facts), judge_broker(facts))


def _judged(name: str, detail: str, found: list[CheckMessage]) -> Finding:
    """A server's facts with what is wrong: errors are, warnings are only told."""
    told = "; ".join([detail, *(str(message.msg) for message in found)])
    wrong = any(message.level >= ERROR for message in found)
    return Finding(name, not wrong, told, " ".join(str(message.hint) for message in found))


def _look_at_workers() -> Finding:
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


def _look_at_encoder() -> Finding:
    if faults := check_encoder():
        return Finding("encoder", False, str(faults[0].msg), str(faults[0].hint))
    if is_encoder_used():
        detail = f"reads the best {MOST_RERANKED} passages of a ticket"
    elif settings.ENCODER is None:
        detail = "not installed; optional, passages are ordered by their words"
    else:
        detail = "switched off by FACTCHECK_ENCODER=0"
    return Finding("encoder", True, detail)


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
    _look_at_encoder,
    _look_at_database,
    _look_at_migrations,
    _look_at_broker,
    _look_at_cache,
    _look_at_workers,
    _look_at_jobs,
    _look_at_disk,
)
