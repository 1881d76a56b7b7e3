"""Exports, imports and uploads whose worker process is killed: each row once, the file whole."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from claims.models import Article, Claim, Errand, ImportedRow, Job, Ticket, TicketEvent
from claims.models.errand_files import drop_file, kept_files, open_file
from claims.tasks import begin_import, bring_files
from claims.tasks.errands import ask_export
from claims.vocabulary import ErrandKind, ErrandState, JobKind
from claims.workflow.decide import decide_ticket
from claims.workflow.publish import export_blocks, select_verdicts
from claims.workflow.recheck import verify_history
from claims.workflow.take_in import keep_file
from tests.people import Desk, a_decision, make_desk, taken_one
from tests.tasks.workers import Worker, tell_jobs, work_until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.django_db(transaction=True),
]

COUNT = 5
TEXT = "The harbour of Varnholm handled {} million tonnes of salt in 2023.\n\nIt had grown."
KINDS = {ErrandKind.EXPORT, ErrandKind.IMPORT, ErrandKind.FILES}


def decide_one(desk: Desk) -> None:
    ticket = taken_one(desk.team, desk.ben)
    decide_ticket(ticket, a_decision(ticket), by=desk.ben, expected_version=ticket.version)


def begin_all(desk: Desk) -> Errand:
    """An export, an import and an upload of files; gives the export."""
    rows = "".join(f"Fares rose by {n} per cent in 1900.\n" for n in range(COUNT))
    source, _ = keep_file(desk.team, "a.csv", f"claim\n{rows}".encode(), by=desk.dan)
    begin_import(source, by=desk.dan)
    files = [SimpleUploadedFile(f"{n}.txt", TEXT.format(n).encode()) for n in range(COUNT)]
    bring_files(desk.team, files, by=desk.dan)
    wanted = {"versions": "current", "since": "", "file": "verdicts", "cells": "safe"}
    return ask_export(desk.team, wanted, by=desk.ada)


def are_done() -> bool:
    return set(Errand.objects.values_list("state", flat=True)) == {ErrandState.DONE}


def test_each_row_is_there_once_and_the_file_is_the_direct_one(tmp_path: Path) -> None:
    desk = make_desk()
    for _ in range(COUNT):
        decide_one(desk)
    direct = b"".join(export_blocks(select_verdicts(), is_evidence=False, is_raw=False))
    export = begin_all(desk)
    starts = tmp_path / "starts"
    with Worker("analyse", tmp_path, FAULT="errands", FAULT_STARTS=str(starts)) as worker:
        work_until(are_done, 120, worker.told)
    export.refresh_from_db()
    parts = [open_file(path) for path in export.asked["pieces"]]
    made = b""
    for part in parts:
        with part:
            made += part.read()
    assert made == direct
    assert len(parts) == 3
    # One file of the killed piece is left for the sweep, and no file of the uploads.
    mine = {path for path, number in kept_files().items() if number == export.pk}
    assert len(mine - set(export.asked["pieces"])) == 1
    claims = Claim.objects.filter(text__startswith="Fares rose")
    assert claims.count() == COUNT == Ticket.objects.filter(claim__in=claims).count()
    assert ImportedRow.objects.count() == COUNT
    assert TicketEvent.objects.filter(ticket__claim__in=claims, sequence=1).count() == COUNT
    texts = list(Article.objects.values_list("text", flat=True))
    assert len(texts) == len(set(texts)) == COUNT
    assert verify_history().is_sound
    # Each of the three lost one worker, and nothing else did.
    tried = Job.objects.filter(kind=JobKind.ERRAND, attempts=2).values("subject_id")
    lost = Errand.objects.filter(pk__in=tried).values_list("kind", flat=True)
    assert sorted(lost) == sorted(KINDS), tell_jobs()
    for path in mine:
        drop_file(path)
