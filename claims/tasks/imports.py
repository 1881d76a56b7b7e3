"""Imports: a large file is previewed, and what was confirmed taken in part by part, each part once.

A part is one transaction with how far the file is, so a worker that is killed leaves whole parts,
and whoever goes on begins after them. What is cancelled keeps the parts that are stored. A
preview stores nothing but itself.
"""

from __future__ import annotations

import time

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from claims.models.access import Person
from claims.models.claim_import import ClaimImport
from claims.models.errand import Errand
from claims.models.job import Job
from claims.tasks.hints import nudge
from claims.tasks.leases import finish_job
from claims.vocabulary import ErrandKind, ErrandState, ImportState
from claims.workflow import errand as errands
from claims.workflow.take_in import (
    ImportPreview,
    ImportRefused,
    WholeFile,
    lock_import,
    preview_import,
    read_whole,
    store_part,
)

PART_ROWS = 500
"""So many are stored about every second, and so few are lost with a worker."""
SECONDS_A_JOB = settings.TASK_SOFT_LIMIT_SECONDS / 3
"""Far below the workers' soft limit; reading the file again costs a second or two a job."""
DISCARDED = "The file was discarded, or waits no longer."
TAKEN_ELSEWHERE = "The rest of the file is taken in by other work."


class Cancelled(Exception):
    """Somebody ended the errand."""


def begin_preview(source: ClaimImport, *, by: Person) -> None:
    """Have a waiting file previewed by the workers, unless it is or was.

    Raises ``ClaimImport.DoesNotExist`` where it waits no longer, ``MoveRefused`` as every errand.
    """
    with transaction.atomic():
        held = lock_import(source)
        if held.state != ImportState.WAITING or held.preview is not None or is_under_way(held):
            return
        held.errand = errands.begin_errand(held.team, ErrandKind.PREVIEW, by=by)
        held.save(update_fields=["errand"])
        transaction.on_commit(nudge)


def is_under_way(source: ClaimImport) -> bool:
    """Whether the workers preview it or take it in."""
    return source.errand is not None and source.errand.state == ErrandState.UNDER_WAY


def do_preview(job: Job, errand: Errand) -> None:
    """Read the file and sort its rows; the preview and the errand's end come together."""
    source = ClaimImport.objects.filter(errand=errand).select_related("team").first()
    if errands.asker_of(errand) is None:
        finish_job(job, lambda: errands.end_left(errand))
        return
    if source is None or source.state != ImportState.WAITING:
        finish_job(job, lambda: errands.end_errand(errand.pk, ErrandState.FAILED, told=DISCARDED))
        return

    def tell(done: int, total: int) -> None:
        if not errands.note_progress(errand.pk, done=done, total=total):
            raise Cancelled

    try:
        preview = preview_import(source, tell=tell)
    except ImportRefused as refused:
        preview = ImportPreview(refused.reading)
    except Cancelled:
        finish_job(job, lambda: None)
        return
    count = preview.reading.problem_count
    told = f"{count:,} problems were found. Nothing was stored." if count else ""

    def keep() -> bool:
        # The errand before the import, as whoever cancels takes them.
        if not errands.end_errand(errand.pk, ErrandState.DONE, told=told):
            return False
        rows = ClaimImport.objects.filter(pk=source.pk, errand=errand)
        return bool(rows.update(preview=preview.to_json(), row_count=preview.row_count))

    finish_job(job, keep)


def begin_import(source: ClaimImport, *, by: Person) -> tuple[ClaimImport, bool]:
    """Have a file taken in by the workers from where it stands; gives its row, and whether it is.

    One that is done or under way is left as it is. Raises ``ClaimImport.DoesNotExist`` where it
    waits no longer, and ``MoveRefused`` as every errand does.
    """
    with transaction.atomic():
        held = lock_import(source)
        if held.state == ImportState.DONE or is_under_way(held):
            return held, False
        held.errand = errands.begin_errand(
            held.team, ErrandKind.IMPORT, by=by, total=held.row_count
        )
        errands.note_progress(held.errand.pk, done=held.taken_count)
        if held.confirmed_at is None:
            held.confirmed_by_id, held.confirmed_at = by.pk, timezone.now()
        held.state = ImportState.TAKING
        held.save(update_fields=["errand", "state", "confirmed_by", "confirmed_at"])
        transaction.on_commit(nudge)
    return held, True


def do_import(job: Job, errand: Errand) -> None:
    """Take in parts until the file is done or the job has worked long enough."""
    source = ClaimImport.objects.filter(errand=errand).select_related("team").first()
    if source is None:
        told = TAKEN_ELSEWHERE
        finish_job(job, lambda: errands.end_errand(errand.pk, ErrandState.FAILED, told=told))
        return
    if source.state == ImportState.DONE:
        # The command took in what was left.
        done = source.taken_count
        finish_job(job, lambda: errands.end_errand(errand.pk, ErrandState.DONE, done=done))
        return
    if errands.asker_of(errand) is None:
        # Somebody of the team can go on with the rest.
        finish_job(job, lambda: errands.end_left(errand))
        return
    try:
        whole = read_whole(source)
    except ImportRefused as refused:
        problems = "\n".join(map(str, refused.reading.problems[:20]))
        finish_job(job, lambda: errands.end_errand(errand.pk, ErrandState.FAILED, told=problems))
        return
    until = time.monotonic() + SECONDS_A_JOB
    while _take_part(job, errand, source, whole, until=until):
        pass


def _take_part(
    job: Job, errand: Errand, source: ClaimImport, whole: WholeFile, *, until: float
) -> bool:
    """One part and how far the file is, in one transaction; gives whether this job goes on."""
    with transaction.atomic():
        if not Job.objects.held([job]):
            return False
        # The errand before the import, as whoever cancels takes them.
        goes_on = errands.note_progress(errand.pk, total=len(whole.rows))
        if goes_on:
            held = lock_import(source)
            if held.state != ImportState.DONE:
                store_part(held, whole, count=PART_ROWS, by=errand.asked_by)
            errands.note_progress(errand.pk, done=held.taken_count)
            if held.state == ImportState.DONE:
                errands.end_errand(errand.pk, ErrandState.DONE)
                goes_on = False
            elif time.monotonic() >= until:
                errands.owe_part(errand)
                goes_on = False
        if not goes_on:
            Job.objects.finish([job])
    return goes_on
