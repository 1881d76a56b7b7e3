"""A web process that dies around its commit: what was promised is owed, the rest is not there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache

from claims.models import Article, Job, Ticket
from claims.vocabulary import ArticleState, JobKind, JobState, TicketState
from tests.people import Desk, make_desk
from tests.tasks.faults.load import tell
from tests.tasks.workers import Worker, all_jobs_ended, database_url, tell_jobs, work_until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(240),
    pytest.mark.django_db(transaction=True),
]

# Where it dies, and whether the article is there afterwards.
POINTS = {
    "before": False, "inside": False, "committed": True, "publishing": True, "published": True,
}  # fmt: skip
TEXT = "The harbour of {} handled {},000 tonnes of salt in 2023, the port authority said."


def crash_at(points: list[str], desk: Desk) -> list[int]:
    """One web process per point, at once; gives how each ended."""
    environ = {**os.environ, "DATABASE_URL": database_url()}
    environ["DJANGO_SETTINGS_MODULE"] = "factcheck.settings"
    webs = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.tasks.faults.crash_at", point, str(desk.team.pk),
             desk.ben.username, TEXT.format(f"Varnholm {point}", 40 + number)],
            env=environ, cwd=settings.BASE_DIR, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for number, point in enumerate(points)
    ]  # fmt: skip
    return [web.wait(90) for web in webs]


def without_a_job() -> int:
    """Articles and gathering tickets that nobody would ever work on."""
    detected = Job.objects.filter(kind=JobKind.DETECT).values("subject_id")
    articles = Article.objects.exclude(pk__in=detected).count()
    owed = Job.objects.exclude(state=JobState.DONE)
    tickets = Ticket.objects.filter(state=TicketState.GATHERING)
    return articles + sum(not owed.filter(team=one.team).exists() for one in tickets)


def test_a_web_process_killed_at_five_points_leaves_nothing_without_a_job(tmp_path: Path) -> None:
    cache.clear()
    desk = make_desk()
    assert crash_at(list(POINTS), desk) == [-9] * len(POINTS)
    kept = {point for point, is_kept in POINTS.items() if is_kept}
    assert {text.split()[4] for text in Article.objects.values_list("text", flat=True)} == kept
    assert without_a_job() == 0
    with Worker("fetch", tmp_path) as fetch, Worker("analyse", tmp_path) as analyse:
        work_until(
            lambda: (
                all_jobs_ended()
                and Ticket.objects.filter(state=TicketState.READY).count() == len(kept)
            ),
            90,
            lambda: fetch.told() + analyse.told(),
        )
    assert set(Job.objects.values_list("state", flat=True)) == {JobState.DONE}, tell_jobs()
    assert set(Article.objects.values_list("state", flat=True)) == {ArticleState.READ}
    tell("C7 crashes", points=len(POINTS), without_a_job=0, done=len(kept))


def test_control_a_job_owed_after_the_commit_is_lost_with_the_process() -> None:
    cache.clear()
    assert crash_at(["late-committed"], make_desk()) == [-9]
    assert Article.objects.count() == without_a_job() == 1
