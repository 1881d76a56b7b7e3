"""Errands: long work that people asked for, done piece by piece, told of as it goes.

A check goes on slice by slice, each a job of its own; an export is one statement of the database
and one job. What is cancelled stops at the next slice, or within a second of an export.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connections, transaction

from claims.models.access import Person
from claims.models.article import Article
from claims.models.errand import Errand
from claims.models.errand_files import drop_file, keep_file
from claims.models.job import Job
from claims.models.page import Snapshot
from claims.models.team import Team
from claims.models.ticket import Ticket
from claims.models.verdict import Verdict, VerdictEvidence
from claims.tasks.hints import nudge
from claims.tasks.imports import do_import
from claims.tasks.leases import finish_job
from claims.tasks.uploads import do_files
from claims.vocabulary import ErrandKind, ErrandState
from claims.workflow import errand as errands
from claims.workflow import ingest, publish, recheck

SHOWN_PROBLEMS = 20
BEAT_ROWS = 200
BEAT_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Brought:
    """Many addresses: the errand, unless all were known, and how many were."""

    errand: Errand | None
    new: int
    known: int


def bring_addresses(team: Team, urls: Sequence[str], *, by: Person) -> Brought:
    """Owe the fetch of many articles, all or none; raises as ``ingest_url`` and an errand do."""
    with transaction.atomic():
        found = [ingest.ingest_url(team, url, by=by) for url in urls]
        fresh = [one.article.pk for one in found if one.is_new]
        errand = None
        if fresh:
            errand = errands.begin_errand(team, ErrandKind.ARTICLES, by=by, total=len(fresh))
            Article.objects.filter(pk__in=fresh).update(errand=errand)
        transaction.on_commit(nudge)
    return Brought(errand, len(fresh), len(found) - len(fresh))


def ask_export(team: Team, asked: dict[str, Any], *, by: Person) -> Errand:
    """Have a file of verdicts made: ``asked`` holds what the export's form was given."""
    with transaction.atomic():
        errand = errands.begin_errand(team, ErrandKind.EXPORT, by=by, asked=asked)
        transaction.on_commit(nudge)
    return errand


def ask_check(team: Team, *, by: Person) -> Errand:
    """Have the team's histories and stored copies checked."""
    total = (
        Ticket.objects.filter(team=team).count() + Snapshot.objects.filter(page__team=team).count()
    )
    with transaction.atomic():
        errand = errands.begin_errand(team, ErrandKind.CHECK, by=by, total=total)
        transaction.on_commit(nudge)
    return errand


def do_errand(job: Job) -> None:
    """Do the next piece of an errand; one that ended meanwhile owes nothing."""
    errand = errands.take_up(job.subject_id)
    if errand is None:
        finish_job(job, lambda: None)
        return
    PERFORMERS[ErrandKind(errand.kind)](job, errand)


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
def _pulse(errand_id: int) -> Iterator[Pulse]:
    with ThreadPoolExecutor(1, "pulse") as thread:
        try:
            yield Pulse(errand_id, thread)
        finally:
            # In the thread, whose session it is.
            thread.submit(connections.close_all).result()


def _export(job: Job, errand: Errand) -> None:
    by, asked = errands.asker_of(errand), errand.asked
    if by is None:
        finish_job(job, lambda: errands.end_left(errand))
        return
    rows = publish.select_verdicts(
        teams=[errand.team],
        all_versions=asked["versions"] == "all",
        since=datetime.fromisoformat(asked["since"]).replace(tzinfo=UTC)
        if asked["since"]
        else None,
        within=Verdict.objects.visible_to(by),
    )
    is_evidence, is_raw = asked["file"] == "evidence", asked["cells"] == "raw"
    cited = VerdictEvidence.objects.filter(verdict__in=rows.order_by().values("pk"))
    errands.note_progress(errand.pk, done=0, total=(cited if is_evidence else rows).count())
    with tempfile.TemporaryFile() as file, _pulse(errand.pk) as pulse:
        blocks = publish.export_blocks(
            rows, is_evidence=is_evidence, is_raw=is_raw, count=pulse.beat
        )
        try:
            for block in blocks:
                file.write(block)
        except Stopped:
            finish_job(job, lambda: None)
            return
        size = file.tell()
        path = keep_file(f"{errand.pk}-{job.attempts}.csv", file)
    told: dict[str, Any] = {"file": path, "size_bytes": size, "done": pulse.count}
    told["total"] = pulse.count
    if not finish_job(job, lambda: errands.end_errand(errand.pk, ErrandState.DONE, **told)):
        drop_file(path)


def _check(job: Job, errand: Errand) -> None:
    """One slice: of the histories while there are any, then of the stored copies."""
    part, after = errand.asked.get("part", "histories"), errand.asked.get("after", 0)
    is_copies = part == "copies"
    looked = (recheck.check_copies if is_copies else recheck.check_histories)(
        errand.team, after=after
    )

    def keep() -> bool:
        if looked is None:
            if is_copies:
                return errands.end_errand(errand.pk, ErrandState.DONE, done=errand.total)
            told: dict[str, Any] = {"asked": {"part": "copies", "after": 0}}
        else:
            lines = [*filter(None, errand.told.split("\n")), *looked.problems]
            told = {
                "asked": {"part": part, "after": looked.last},
                "done": min(errand.done + looked.count, errand.total),
                "told": "\n".join(lines[:SHOWN_PROBLEMS]),
            }
        goes_on = errands.note_progress(errand.pk, **told)
        if goes_on:
            errands.owe_part(errand)
        return goes_on

    finish_job(job, keep)
    nudge()


PERFORMERS: dict[ErrandKind, Callable[[Job, Errand], None]] = {
    ErrandKind.FILES: do_files,
    ErrandKind.IMPORT: do_import,
    ErrandKind.EXPORT: _export,
    ErrandKind.CHECK: _check,
}
