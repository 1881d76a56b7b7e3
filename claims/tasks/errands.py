"""Errands: long work that people asked for, done piece by piece, told of as it goes.

Each piece is a job of its own, which owes the next one. What is cancelled stops at the next
piece, an export within a second.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from claims.models.access import Person
from claims.models.article import Article
from claims.models.errand import Errand
from claims.models.job import Job
from claims.models.page import Snapshot
from claims.models.team import Team
from claims.models.ticket import Ticket
from claims.tasks.exporting import do_export
from claims.tasks.hints import nudge
from claims.tasks.imports import do_import, do_preview
from claims.tasks.leases import finish_job
from claims.tasks.uploads import do_files
from claims.vocabulary import ErrandKind, ErrandState
from claims.workflow import errand as errands
from claims.workflow import ingest, recheck

SHOWN_PROBLEMS = 20


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


def ask_export(
    team: Team, asked: dict[str, Any], *, by: Person, teams: Sequence[Team] = ()
) -> Errand:
    """Have a file of verdicts made: ``asked`` holds what the export's form was given.

    Of ``team``, whose members find it; or of all of ``teams``, for whoever asks alone.
    """
    wanted = {**asked, "teams": [one.pk for one in teams]} if teams else asked
    with transaction.atomic():
        errand = errands.begin_errand(team, ErrandKind.EXPORT, by=by, asked=wanted)
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
    ErrandKind.PREVIEW: do_preview,
    ErrandKind.IMPORT: do_import,
    ErrandKind.EXPORT: do_export,
    ErrandKind.CHECK: _check,
}
