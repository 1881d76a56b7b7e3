"""The real app with a fault built in, for workers of tests: ``-A tests.tasks.faults.faulty_app``.

``FAULT`` names the fault. The product knows nothing of it: faults are put around
its functions here, in the worker's own process.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

import django
import redis

from factcheck.celery import app

django.setup()

from celery.exceptions import SoftTimeLimitExceeded  # noqa: E402
from django.conf import settings  # noqa: E402
from django.db.models import F  # noqa: E402
from django.db.models.functions import Now  # noqa: E402

from claims.models import Article, Job, Page, Ticket  # noqa: E402
from claims.models.job import JobQuerySet  # noqa: E402
from claims.tasks import analysing, exporting, fetching, imports, uploads  # noqa: E402
from claims.vocabulary import JobKind, JobState  # noqa: E402
from claims.workflow import gather  # noqa: E402

__all__ = ["app"]

GATHERED = 4


# Poison: a job that kills its process, eats memory, hangs, or hangs and will not hear.


def note_start(job: Job) -> None:
    """One line per start; a file outlives every process."""
    with Path(os.environ["FAULT_STARTS"]).open("a") as file:
        file.write(f"{job.key}\n")


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def eat() -> None:
    eaten: list[bytes] = []
    while True:
        eaten.append(b"x" * (16 << 20))


def hang() -> None:
    while True:
        time.sleep(0.05)


def hang_deaf() -> None:
    while True:
        try:
            hang()
        except SoftTimeLimitExceeded:
            continue


POISONS: dict[str, Callable[[], None]] = {
    "KILLS": die, "EATS": eat, "HANGS": hang, "DEAF": hang_deaf,
}  # fmt: skip


def poison() -> None:
    """A ticket whose claim names a poison is weighed by it; a page that names one is fetched so."""
    weigh, look = analysing.PERFORMERS[JobKind.WEIGH], fetching.run_look

    def weigh_poisoned(job: Job) -> None:
        note_start(job)
        text = Ticket.objects.select_related("claim").get(pk=job.subject_id).claim.text
        for word, act in POISONS.items():
            if word in text:
                act()
        weigh(job)

    def look_poisoned(one: gather.Look) -> gather.Looked | None:
        if one.job.kind == JobKind.FETCH and "/KILLS" in URLS.setdefault(
            one.job.subject_id, _url_of(one.job)
        ):
            note_start(one.job)
            die()
        return look(one)

    analysing.PERFORMERS[JobKind.WEIGH] = weigh_poisoned
    fetching.run_look = look_poisoned


URLS: dict[int, str] = {}


def _url_of(job: Job) -> str:
    from django.db import connection

    try:
        return Page.objects.values_list("url", flat=True).get(pk=job.subject_id)
    finally:
        connection.close()


# Without protection: the controls.


def unfence() -> None:
    """Whoever comes back keeps what it has, whether or not the job is still its own."""

    def held(_self: JobQuerySet, jobs: Iterable[Job]) -> list[Job]:
        return list(jobs)

    JobQuerySet.held = held  # type: ignore[method-assign]


def unlock() -> None:
    """Look, then mark: jobs are leased without a lock, and kept without a fence."""
    unfence()

    def lease(self: JobQuerySet, kinds: Any, **facts: Any) -> list[Job]:
        picked = list(self.due(kinds)[: facts["limit"]])
        time.sleep(0.3)
        self.model.objects.filter(pk__in=[job.pk for job in picked]).update(
            state=JobState.LEASED,
            lease_token="00000000-0000-0000-0000-000000000001",
            lease_until=Now() + timedelta(seconds=facts["seconds"]),
            attempts=F("attempts") + 1,
        )
        return picked

    JobQuerySet.lease = lease  # type: ignore[assignment, method-assign]


def gather_at_a_barrier() -> None:
    """Four leasers wait for each other, so that they lease in the same instant."""
    server = redis.Redis.from_url(settings.REDIS_URL)
    lease = JobQuerySet.lease

    def lease_together(self: JobQuerySet, *args: Any, **facts: Any) -> list[Job]:
        place = int(server.incr("fault:barrier"))
        full = (place + GATHERED - 1) // GATHERED * GATHERED
        deadline = time.monotonic() + 1.5
        while int(server.get("fault:barrier") or 0) < full and time.monotonic() < deadline:
            time.sleep(0.002)
        return lease(self, *args, **facts)

    JobQuerySet.lease = lease_together  # type: ignore[method-assign]


def detect_slowly() -> None:
    """Analysis that takes longer than a stop has patience for; sleeps, so it can be interrupted."""
    detect = analysing.PERFORMERS[JobKind.DETECT]

    def detect_slow(job: Job) -> None:
        if Article.objects.get(pk=job.subject_id).title == "SLOW":
            time.sleep(45)
        detect(job)

    analysing.PERFORMERS[JobKind.DETECT] = detect_slow


def die_in_errands() -> None:
    """Errands of small pieces, of which each kind's second kills its process, its effect written.

    Of an export the file is stored, of the others the rows are; nothing is committed.
    """
    exporting.TICKETS_A_STEP = imports.PART_ROWS = 2
    exporting.SECONDS_A_JOB = imports.SECONDS_A_JOB = 0.0

    def die_after(owner: Any, name: str) -> None:
        real = getattr(owner, name)

        def call(*args: Any, **facts: Any) -> Any:
            given = real(*args, **facts)
            with Path(os.environ["FAULT_STARTS"]).open("a+") as file:
                file.write(f"{name}\n")
                file.seek(0)
                if file.read().splitlines().count(name) == 2:
                    file.close()
                    die()
            return given

        setattr(owner, name, call)

    die_after(exporting, "keep_file")
    die_after(imports, "store_part")
    die_after(uploads, "_keep_one")


FAULTS: dict[str, Callable[[], None]] = {
    "poison": poison, "unfenced": unfence, "unlocked": unlock,
    "barrier": gather_at_a_barrier, "slow": detect_slowly, "errands": die_in_errands,
}  # fmt: skip

for _name in os.environ.get("FAULT", "").split():
    FAULTS[_name]()
