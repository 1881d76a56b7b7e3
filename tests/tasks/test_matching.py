"""Matching is the queue's: no door owes it, the sweep does, and the analyse worker does it."""

from __future__ import annotations

import time

import pytest

from claims.models import ClaimMatch, Job
from claims.tasks.analysing import attempt
from claims.vocabulary import JobKind, JobState
from claims.workflow.match import owe_matching
from tests.people import Desk, open_one
from tests.tasks.test_keeping import lease

SALT = "The port of Lisbon handled 48,000 tonnes of salt in 2023."


def work_matches() -> list[str]:
    """Work what is owed of matching; gives the states it is in then."""
    jobs = [job for job in lease() if job.kind == JobKind.MATCH]
    for job in jobs:
        attempt(job, time.monotonic())
    return [Job.objects.get(pk=job.pk).state for job in jobs]


@pytest.mark.django_db
def test_new_claims_of_each_team_are_matched_by_the_worker(desk: Desk) -> None:
    for team in (desk.team, desk.other):
        open_one(team, SALT)
        open_one(team, SALT.upper())
    assert not ClaimMatch.objects.exists()
    assert owe_matching() == 2
    assert work_matches() == [JobState.DONE, JobState.DONE]
    pairs = list(ClaimMatch.objects.values_list("claim__team", "earlier__team"))
    assert sorted(pairs) == sorted((team.pk, team.pk) for team in (desk.team, desk.other))
    assert owe_matching() == 0


@pytest.mark.django_db
def test_one_that_runs_twice_changes_nothing(desk: Desk) -> None:
    open_one(desk.team, SALT)
    open_one(desk.team, SALT.upper())
    owe_matching()
    (job,) = (one for one in lease() if one.kind == JobKind.MATCH)
    attempt(job, time.monotonic())
    before = list(ClaimMatch.objects.values())
    attempt(job, time.monotonic())
    assert list(ClaimMatch.objects.values()) == before
    assert len(before) == 1
