"""Many files uploaded together: each becomes an article or a named fault, one after another.

A file is read and its article stored in one job, with how far the errand is in the same
transaction, so a worker that is killed leaves each file read once or not at all. A file that
lost its worker twice is named and passed over.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from functools import partial
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from claims.models.access import Person
from claims.models.article import Article
from claims.models.errand import Errand
from claims.models.errand_files import FileGone, drop_file, keep_file, open_file
from claims.models.job import MAX_ATTEMPTS, Job
from claims.models.storable import storable
from claims.models.team import Team
from claims.tasks.hints import nudge
from claims.tasks.leases import finish_job
from claims.vocabulary import ErrandKind, ErrandState
from claims.workflow import errand as errands
from claims.workflow.ingest import (
    MAX_UPLOAD_BYTES,
    IngestRefused,
    ReadUpload,
    check_size,
    keep_upload,
    read_upload,
)

MOST_FILES = 50
MOST_BYTES = 10 * MAX_UPLOAD_BYTES
LOST = "Reading it was broken off twice. Upload it alone, or paste its text."
GONE = "Its file was not kept. Upload it again."


def bring_files(team: Team, files: Sequence[UploadedFile[Any]], *, by: Person) -> Errand:
    """Keep files until the workers have read them; raises ``MoveRefused`` as every errand does."""
    with ExitStack() as undo:
        with transaction.atomic():
            errand = errands.begin_errand(team, ErrandKind.FILES, by=by, total=len(files))
            kept, faults = [], []
            for number, file in enumerate(files, start=1):
                name = storable(file.name or "file", 200)
                try:
                    check_size(file.size or 0)
                except IngestRefused as refused:
                    faults.append(f"{name}: {refused.message}")
                    continue
                path = keep_file(f"{errand.pk}-{number}.upload", file)
                undo.callback(drop_file, path)
                kept.append({"name": name, "path": path})
            told = {"asked": {"files": kept}, "done": len(faults), "told": "\n".join(faults)}
            errands.note_progress(errand.pk, **told)
            transaction.on_commit(nudge)
        undo.pop_all()
    return errand


def do_files(job: Job, errand: Errand) -> None:
    """Read the next file; its article, what is told of it and the next job come together."""
    by, left = errands.asker_of(errand), errand.asked.get("files", [])
    if by is None:
        finish_job(job, lambda: errands.end_left(errand))
        return
    if not left:
        finish_job(job, lambda: errands.end_errand(errand.pk, ErrandState.DONE))
        return
    name, path = left[0]["name"], left[0]["path"]
    fault, read = "", None
    if job.attempts >= MAX_ATTEMPTS:
        fault = LOST
    else:
        try:
            with open_file(path) as file:
                read = read_upload(name, file.read())
        except FileGone:
            fault = GONE
        except IngestRefused as refused:
            fault = refused.message

    def keep() -> bool:
        # First, so that whoever cancels waits for it, or has ended it.
        if not errands.note_progress(errand.pk, done=errand.done + 1):
            return False
        told = fault if read is None else _keep_one(errand, read, by)
        lines = [*filter(None, errand.told.split("\n")), *([f"{name}: {told}"] if told else [])]
        errands.note_progress(errand.pk, told="\n".join(lines), asked={"files": left[1:]})
        errands.owe_part(errand)
        transaction.on_commit(partial(drop_file, path))
        return True

    finish_job(job, keep)
    nudge()


def _keep_one(errand: Errand, read: ReadUpload, by: Person) -> str:
    """Store an article; gives what is to be said of it, if anything."""
    try:
        ingested = keep_upload(errand.team, read, by=by)
    except IngestRefused as refused:
        return refused.message
    if not ingested.is_new:
        return f"It is here already, as “{ingested.article}”."
    Article.objects.filter(pk=ingested.article.pk).update(errand=errand)
    return ""
