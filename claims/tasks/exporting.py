"""Exports that the workers make: piece after piece of one file, however large it is.

Each job writes the verdicts of the next tickets, in the order of the direct export, for as long
as it may, and ends with where it stopped. A piece tells everything as it stood at one moment, which
is kept with it; a ticket stands in one piece. So a file of one piece, and that holds some hundred
thousand verdicts, is what the direct export would have been at its moment. What is cancelled stops
within a second, and its pieces go.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

from django.conf import settings
from django.db import connection, connections
from django.db.models import QuerySet

from claims.models.access import Person
from claims.models.errand import Errand
from claims.models.errand_files import drop_file, keep_file
from claims.models.instant import one_instant
from claims.models.job import Job
from claims.models.team import Team
from claims.models.verdict import Verdict, VerdictEvidence
from claims.tasks.hints import nudge
from claims.tasks.leases import finish_job
from claims.vocabulary import ErrandState
from claims.workflow import errand as errands
from claims.workflow import publish

BEAT_ROWS = 200
BEAT_SECONDS = 1.0
TICKETS_A_STEP = 2000
"""So many are told by one statement, a few seconds of work even with much evidence."""
SECONDS_A_JOB = 0.6 * settings.TASK_SOFT_LIMIT_SECONDS
"""A step below the workers' soft limit, so that few files are of several moments."""


class Stopped(Exception):
    """Somebody ended the errand."""


@dataclass(slots=True)
class Pulse:
    """Counts rows, tells the errand's row once a second, and raises where it was ended.

    In a thread of its own: while the database copies rows to us, our session is busy.
    """

    errand_id: int
    thread: ThreadPoolExecutor
    count: int = 0
    told_at: float = 0.0

    def beat(self) -> None:
        """One row more."""
        self.count += 1
        if self.count % BEAT_ROWS or time.monotonic() < self.told_at + BEAT_SECONDS:
            return
        self.told_at = time.monotonic()
        goes_on = self.thread.submit(errands.note_progress, self.errand_id, done=self.count)
        if not goes_on.result():
            raise Stopped


@contextmanager
def take_pulse(errand: Errand) -> Iterator[Pulse]:
    """A pulse that counts on from how far the errand is."""
    with ThreadPoolExecutor(1, "pulse") as thread:
        try:
            yield Pulse(errand.pk, thread, errand.done)
        finally:
            # In the thread, whose session it is.
            thread.submit(connections.close_all).result()


def do_export(job: Job, errand: Errand) -> None:
    """Write the next piece of the file; the piece, how far it is and the next job come together."""
    by, asked = errands.asker_of(errand), errand.asked
    if by is None:
        finish_job(job, lambda: errands.end_left(errand))
        return
    rows = _rows_of(errand, by)
    if "after" not in asked:
        errand.done = errand.size_bytes = 0
        errands.note_progress(errand.pk, done=0, total=_count(rows, asked))
    with tempfile.TemporaryFile() as file, take_pulse(errand) as pulse:
        try:
            with one_instant():
                moment = _moment()
                after = _write_piece(file, rows, asked, pulse)
        except Stopped:
            finish_job(job, lambda: None)
            return
        size = file.tell()
        path = keep_file(f"{errand.pk}-{job.pk}-{job.attempts}.csv", file)
    told: dict[str, Any] = {
        "asked": {
            **asked,
            "after": after,
            "pieces": [*asked.get("pieces", []), path],
            "moments": [*asked.get("moments", []), moment],
        },
        "size_bytes": errand.size_bytes + size,
        "done": pulse.count,
    }

    def keep() -> bool:
        if after is None:
            told.update(total=pulse.count, file=told["asked"]["pieces"][0])
            return errands.end_errand(errand.pk, ErrandState.DONE, **told)
        goes_on = errands.note_progress(errand.pk, **told)
        if goes_on:
            errands.owe_part(errand)
        return goes_on

    if not finish_job(job, keep):
        drop_file(path)
    nudge()


def _rows_of(errand: Errand, by: Person) -> QuerySet[Verdict]:
    """The verdicts that were asked for, as far as whoever asked may see them now."""
    asked = errand.asked
    return publish.select_verdicts(
        # A file of all teams is of those it was asked for: who may fetch it goes by them.
        teams=Team.objects.filter(pk__in=asked.get("teams", [errand.team_id])),
        all_versions=asked["versions"] == "all",
        since=datetime.fromisoformat(asked["since"]) if asked["since"] else None,
        within=Verdict.objects.visible_to(by),
    )


def _moment() -> str:
    """Where the transaction's first look stands, in time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        found: datetime = cursor.fetchone()[0]
    return found.isoformat()


def _count(rows: QuerySet[Verdict], asked: dict[str, Any]) -> int:
    if asked["file"] != "evidence":
        return rows.count()
    return VerdictEvidence.objects.filter(verdict__in=rows.order_by().values("pk")).count()


def _write_piece(
    file: IO[bytes], rows: QuerySet[Verdict], asked: dict[str, Any], pulse: Pulse
) -> int | None:
    """Write step after step; gives the last ticket told, or ``None`` where none is left."""
    until = time.monotonic() + SECONDS_A_JOB
    after: int = asked.get("after", 0)
    is_begun = "after" in asked
    while True:
        left = rows.filter(ticket_id__gt=after).order_by("ticket_id")
        step = left.values_list("ticket_id", flat=True).distinct()[:TICKETS_A_STEP]
        tickets = list(step)
        told = rows.filter(ticket_id__gt=after, ticket_id__lte=tickets[-1] if tickets else after)
        blocks = publish.export_blocks(
            told,
            is_evidence=asked["file"] == "evidence",
            is_raw=asked["cells"] == "raw",
            count=pulse.beat,
        )
        for block in _without_head(blocks) if is_begun else blocks:
            file.write(block)
        if len(tickets) < TICKETS_A_STEP:
            return None
        after, is_begun = tickets[-1], True
        if time.monotonic() >= until:
            return after


def _without_head(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """The blocks of a file without its first line, whose cells hold no line break."""
    is_first = True
    for block in blocks:
        yield block.partition(b"\r\n")[2] if is_first else block
        is_first = False
