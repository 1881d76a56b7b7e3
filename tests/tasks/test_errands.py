"""Errands and their workers: what is ended stops, and what is lost is kept once."""

from __future__ import annotations

import time

import pytest

from claims.models import Errand, Job
from claims.tasks.analysing import attempt
from claims.tasks.errands import ask_check, ask_export
from claims.tasks.exporting import BEAT_ROWS, Pulse, Stopped, take_pulse
from claims.tasks.hints import ANALYSE_KINDS
from claims.vocabulary import JobKind, JobState
from claims.workflow.errand import cancel_errand
from tests.people import make_desk, ready_one
from tests.together import meet_once, run_together

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
