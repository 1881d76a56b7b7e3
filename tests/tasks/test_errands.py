"""Errands and their workers: what is ended stops, and what is lost is kept once."""

from __future__ import annotations

import io
import os
import time
from collections.abc import Callable
from contextlib import nullcontext
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from claims.models import Errand, Job, Ticket
from claims.models.errand_files import keep_file, open_file
from claims.tasks import exporting, sweep_copies
from claims.tasks.analysing import attempt
from claims.tasks.errands import ask_check, ask_export
from claims.tasks.exporting import BEAT_ROWS, Pulse, Stopped, take_pulse
from claims.tasks.hints import ANALYSE_KINDS
from claims.vocabulary import ErrandState, JobKind, JobState
from claims.workflow.decide import confirm_verdict, decide_ticket
from claims.workflow.errand import ORPHAN_HOURS, cancel_errand
from claims.workflow.publish import export_blocks, select_verdicts
from tests.people import Desk, a_decision, add_evidence, make_desk, ready_one, taken_one
from tests.together import meet_once, run_together
from tests.working import work_all, work_one

WANTED = {"versions": "current", "since": "", "file": "verdicts", "cells": "safe"}


def beat_often(pulse: Pulse) -> None:
    for _ in range(BEAT_ROWS):
        pulse.beat()


@pytest.mark.django_db(transaction=True)
def test_an_export_that_is_ended_stops_within_a_beat() -> None:
    desk = make_desk()
    errand = ask_export(desk.team, WANTED, by=desk.ben)
    with take_pulse(errand) as pulse:
        beat_often(pulse)
        assert Errand.objects.get(pk=errand.pk).done == BEAT_ROWS
        cancel_errand(errand, by=desk.ada)
        pulse.told_at = 0.0
        with pytest.raises(Stopped):
            beat_often(pulse)
    assert Job.objects.get(kind=JobKind.ERRAND).state == JobState.CANCELLED


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_guarded", [True, False])
def test_a_worker_that_lost_its_lease_keeps_nothing_twice(is_guarded: bool) -> None:
    desk = make_desk()
    ready_one(desk.team)
    errand = ask_check(desk.team, by=desk.ada)
    meet = meet_once(2)
    (job,) = Job.objects.all().lease(ANALYSE_KINDS, limit=1, seconds=60)

    def slice_of_it(number: int) -> None:
        meet()
        if is_guarded:
            attempt(job, time.monotonic())
        else:
            # The control owes what follows without asking whether the work is still its own.
            Job.objects.owe(JobKind.ERRAND, f"{errand.pk}:after-{number}", team=desk.team)

    run_together(2, slice_of_it)
    parts = Job.objects.filter(kind=JobKind.ERRAND).count()
    assert parts == (2 if is_guarded else 3)


def decided(desk: Desk) -> Ticket:
    ticket = taken_one(desk.team, desk.ben)
    cited = frozenset([add_evidence(ticket).pk])
    decision = a_decision(ticket, evidence_ids=cited, decisive_ids=cited)
    decide_ticket(ticket, decision, by=desk.ben, expected_version=ticket.version)
    return Ticket.objects.get(pk=ticket.pk)


def direct(file: str) -> bytes:
    return b"".join(export_blocks(select_verdicts(), is_evidence=file == "evidence", is_raw=False))


def made(errand: Errand) -> bytes:
    errand.refresh_from_db()
    assert errand.state == ErrandState.DONE
    parts = []
    for path in errand.asked["pieces"]:
        with open_file(path) as piece:
            parts.append(piece.read())
    return b"".join(parts)


def after_looks(count: int, act: Callable[[], object]) -> Callable[..., Any]:
    """An execute wrapper that does it, in a session of its own, once so many steps were listed."""
    seen = 0

    def look(execute: Any, sql: str, *rest: Any) -> Any:
        nonlocal seen
        given = execute(sql, *rest)
        seen += 'SELECT DISTINCT "claims_verdict"."ticket_id"' in sql
        if seen == count:
            seen += 1
            run_together(1, lambda _: act())
        return given

    return look


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("file", ["verdicts", "evidence"])
@pytest.mark.parametrize("is_guarded", [True, False])
def test_a_piece_tells_one_moment_whatever_is_decided_meanwhile(
    monkeypatch: pytest.MonkeyPatch, is_guarded: bool, file: str
) -> None:
    desk = make_desk()
    tickets = [decided(desk) for _ in range(3)]
    left = taken_one(desk.team, desk.ben)
    monkeypatch.setattr(exporting, "TICKETS_A_STEP", 1)
    if not is_guarded:
        # The control reads each step at its own moment.
        monkeypatch.setattr(exporting, "one_instant", nullcontext)

    def change() -> None:
        confirm_verdict(tickets[2], by=desk.chloe)
        cited = frozenset([add_evidence(left).pk])
        decision = a_decision(left, evidence_ids=cited, decisive_ids=cited)
        decide_ticket(left, decision, by=desk.ben, expected_version=left.version)

    before = direct(file)
    errand = ask_export(desk.team, {**WANTED, "file": file}, by=desk.ada)
    with connection.execute_wrapper(after_looks(1, change)):
        work_all()
    assert direct(file) != before
    assert made(errand) == (before if is_guarded else direct(file))
    assert len(errand.asked["moments"]) == 1


@pytest.mark.django_db(transaction=True)
def test_pieces_tell_each_ticket_once_at_the_moment_that_is_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desk = make_desk()
    tickets = [decided(desk) for _ in range(3)]
    monkeypatch.setattr(exporting, "TICKETS_A_STEP", 1)
    monkeypatch.setattr(exporting, "SECONDS_A_JOB", 0.0)
    errand = ask_export(desk.team, WANTED, by=desk.ada)
    before = direct("verdicts").split(b"\r\n")
    assert work_one()
    for ticket in tickets:
        confirm_verdict(ticket, by=desk.chloe)
    since = timezone.now()
    work_all()
    after = direct("verdicts").split(b"\r\n")
    assert made(errand).split(b"\r\n") == [*before[:2], *after[2:]]
    first, *others = errand.asked["moments"]
    assert first < since.isoformat() < min(others)


@pytest.mark.django_db(transaction=True)
def test_what_a_killed_worker_had_stored_is_swept() -> None:
    desk = make_desk()
    decided(desk)
    errand = ask_export(desk.team, WANTED, by=desk.ada)
    work_all()
    whole = made(errand)
    gone = [keep_file(f"{number}-7-1.csv", io.BytesIO(b"x")) for number in (errand.pk, 10**9)]
    young = keep_file(f"{errand.pk}-8-1.csv", io.BytesIO(b"x"))
    old = (timezone.now() - timedelta(hours=ORPHAN_HOURS + 1)).timestamp()
    for path in (*gone, *errand.asked["pieces"]):
        os.utime(default_storage.path(path), (old, old))
    sweep_copies()
    assert not any(map(default_storage.exists, gone))
    assert default_storage.exists(young)
    assert made(errand) == whole
    default_storage.delete(young)
