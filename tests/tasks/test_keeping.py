"""What the tasks do with what looks bring: each job ends by itself, whatever the others do."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.db.models.functions import Now

from claims import tasks
from claims.models import Article, Job, Page, Search, SearchResult, Snapshot, Team, Ticket
from claims.models.bodies import store_body
from claims.models.job import MAX_ATTEMPTS
from claims.tasks.analysing import attempt
from claims.tasks.fetching import keep_looks, run_look
from claims.tasks.hints import ANALYSE_KINDS, FETCH_KINDS, SEND_KINDS
from claims.vocabulary import JobKind, JobState, SearchOutcome, SearchPurpose, TicketState
from claims.web.client import Fetched
from claims.web.errors import (
    ConnectionFailed,
    FetchError,
    Gone,
    HostBusy,
    RateLimited,
    RobotsUnavailable,
    TimedOut,
)
from claims.web.search.protocol import Found
from claims.workflow import tell
from claims.workflow.gather import Look, Looked, plan_looks, settle_idle_tickets
from claims.workflow.gather.remembering import note_received, recall_received
from claims.workflow.ingest import ingest_text, ingest_url
from tests.people import make_desk, make_team, open_one
from tests.together import run_together


@pytest.fixture
def team(db: None) -> Iterator[Team]:
    cache.clear()
    yield make_team("task-desk")
    cache.clear()


def a_page(team: Team, path: str = "a") -> Page:
    url = f"https://gazette.example/{path}"
    return Page.objects.create(team=team, url=url, canonical_url=url)


def a_search(team: Team, provider: str = "sample_web") -> Search:
    ticket = open_one(team)
    Ticket.objects.filter(pk=ticket.pk).update(state=TicketState.GATHERING)
    search = Search.objects.create(
        ticket=ticket, provider=provider, query="salt", purpose=SearchPurpose.SUPPORT
    )
    Job.objects.owe(JobKind.SEARCH, str(search.pk), team=team)
    return search


def lease() -> list[Job]:
    return Job.objects.lease(tuple(JobKind), limit=100, seconds=60)


def fetched(body: bytes = b"<p>Salt</p>", **fields: Any) -> dict[str, Any]:
    told: dict[str, Any] = {
        "requested_url": "https://gazette.example/a", "final_url": "https://gazette.example/a",
        "redirects": (), "status": 200, "request_headers": (), "headers": (),
        "content_type": "text/html", "charset": None, "body": body, "is_cut": False,
        "started_at": datetime.now(UTC), "seconds": 0.1, "address": "192.0.2.1", "tls_name": None,
    } | fields  # fmt: skip
    return {"fetched": Fetched(**told), "body": store_body(body)}


def keep_error(error: FetchError) -> Job:
    (job,) = lease()
    keep_looks([Looked(job, error=error)])
    return Job.objects.get(pk=job.pk)


def test_a_page_that_came_is_kept_and_its_reading_owed(team: Team) -> None:
    page = a_page(team)
    Job.objects.owe(JobKind.FETCH, f"{page.pk}:2026-01-01", team=team)
    (job,) = lease()
    hostile = (("X-Odd", "a\x00\ud800b"),)
    keep_looks([Looked(job, **fetched(headers=hostile, content_type="text/html\x00"))])
    snapshot = Snapshot.objects.get()
    page.refresh_from_db()
    assert (page.outcome, Job.objects.get(pk=job.pk).state) == ("ok", JobState.DONE)
    assert snapshot.headers["response"] == [["X-Odd", "a?b"]]
    assert Job.objects.get(kind=JobKind.READ).subject_id == snapshot.pk


def test_what_came_after_the_lease_was_lost_is_not_kept(
    team: Team, django_capture_on_commit_callbacks: Any
) -> None:
    page = a_page(team)
    Job.objects.owe(JobKind.FETCH, str(page.pk), team=team)
    (late,) = lease()
    Job.objects.update(lease_until=Now() - timedelta(seconds=1))
    Job.objects.retake_expired()
    (holder,) = lease()
    came = fetched()
    note_received(late, came["fetched"])
    with django_capture_on_commit_callbacks(execute=True):
        keep_looks([Looked(late, **came)])
    assert not Snapshot.objects.exists()
    # The page need not be asked for again.
    assert recall_received(holder) == came["fetched"]
    with django_capture_on_commit_callbacks(execute=True):
        keep_looks([Looked(holder, **came)])
    keep_looks([Looked(holder, **came)])
    assert Snapshot.objects.count() == 1
    assert recall_received(holder) is None


def test_never_is_never(team: Team) -> None:
    page = a_page(team)
    Job.objects.owe(JobKind.FETCH, str(page.pk), team=team)
    assert keep_error(Gone("It is gone.", status=410)).state == JobState.DONE
    page.refresh_from_db()
    assert (page.outcome, page.reason, page.detail) == ("failed", "gone", "It is gone.")


def test_try_again_three_times_then_the_page_and_the_job_say_why(team: Team) -> None:
    page = a_page(team)
    Job.objects.owe(JobKind.FETCH, str(page.pk), team=team)
    for _ in range(MAX_ATTEMPTS):
        Job.objects.update(due_at=Now())
        job = keep_error(TimedOut("It took too long."))
    page.refresh_from_db()
    assert (job.state, job.reason, job.attempts) == (JobState.FAILED, "timed_out", MAX_ATTEMPTS)
    assert (page.outcome, page.reason) == ("failed", "timed_out")


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (RateLimited("Later.", retry_after_seconds=3600), JobState.FAILED),
        (RobotsUnavailable("Later.", retry_after_seconds=300), JobState.FAILED),
        (RateLimited("Soon.", retry_after_seconds=5), JobState.PENDING),
    ],
)
def test_a_ticket_does_not_wait_an_hour_for_one_page(
    team: Team, error: FetchError, state: JobState
) -> None:
    page = a_page(team)
    Job.objects.owe(JobKind.FETCH, str(page.pk), team=team)
    assert keep_error(error).state == state
    page.refresh_from_db()
    assert bool(page.reason) == (state == JobState.FAILED)


def test_a_busy_host_is_no_attempt(team: Team) -> None:
    page = a_page(team)
    Job.objects.owe(JobKind.FETCH, str(page.pk), team=team)
    for _ in range(MAX_ATTEMPTS + 1):
        Job.objects.update(due_at=Now())
        job = keep_error(HostBusy("Enough.", retry_after_seconds=1))
    assert (job.state, job.attempts) == (JobState.PENDING, 0)


def test_a_provider_that_cannot_be_reached_ends_at_once_and_spares_the_next(team: Team) -> None:
    search = a_search(team, "wikipedia")
    assert keep_error(ConnectionFailed("No connection.")).state == JobState.DONE
    search.refresh_from_db()
    assert search.outcome == SearchOutcome.COULD_NOT_REACH
    assert search.detail.startswith("Wikipedia could not be reached at ")
    second = a_search(team, "wikipedia")
    looks = plan_looks(lease())
    started = time.monotonic()
    keep_looks([look.run() for look in looks])
    assert time.monotonic() - started < 1
    second.refresh_from_db()
    assert second.outcome == SearchOutcome.COULD_NOT_REACH


def test_found_pages_are_linked_and_fetched_once_for_all(team: Team) -> None:
    first, second = a_search(team), a_search(team)
    jobs = {job.subject_id: job for job in lease()}
    found = (
        Found(url="https://gazette.example/a?utm_source=x", title="T\x00\ud800", snippet="s\x00"),
        Found(url="https://gazette.example/a", title="again", snippet=""),
        Found(url="not a url", title="", snippet=""),
        Found(url="https://gazette.example/b", title="B", snippet=""),
    )
    keep_looks([Looked(jobs[one.pk], found=found) for one in (first, second)])
    assert SearchResult.objects.filter(search=first).count() == 2
    assert Page.objects.count() == 2
    assert Job.objects.filter(kind=JobKind.FETCH).count() == 2
    assert SearchResult.objects.filter(search=first).order_by("rank")[0].title == "T?"


def test_an_empty_answer_is_kept_and_the_ticket_weighed(team: Team) -> None:
    search = a_search(team)
    (job,) = lease()
    keep_looks([Looked(job, found=())])
    search.refresh_from_db()
    assert (search.outcome, search.result_count) == (SearchOutcome.FOUND_NOTHING, 0)
    assert "had nothing" in search.detail
    assert Job.objects.filter(kind=JobKind.WEIGH, subject_id=search.ticket_id).count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_result_that_cannot_be_kept_spends_its_own_attempt_alone() -> None:
    team = make_team("task-desk")
    pages = [a_page(team, str(number)) for number in range(5)]
    for page in pages:
        Job.objects.owe(JobKind.FETCH, str(page.pk), team=team)
    jobs = lease()
    results = [Looked(job, **fetched(f"<p>{job.pk}</p>".encode())) for job in jobs]
    results[2] = Looked(jobs[2], **fetched(status=10**9))
    keep_looks(results)
    assert Snapshot.objects.count() == 4
    bad = Job.objects.get(pk=jobs[2].pk)
    assert (bad.state, bad.attempts, bad.reason) == (JobState.PENDING, 1, "error")


@pytest.mark.django_db(transaction=True)
def test_a_look_that_raises_gives_nothing_and_is_counted() -> None:
    team = make_team("task-desk")
    Job.objects.owe(JobKind.FETCH, str(a_page(team).pk), team=team)
    (job,) = lease()

    def fall() -> Looked:
        raise OSError(28, "No space left on device")

    assert run_look(Look(job, fall)) is None
    job.refresh_from_db()
    assert (job.state, job.attempts, job.reason) == (JobState.PENDING, 1, "error")


def test_an_article_and_a_search_of_the_same_number_are_kept_apart(team: Team) -> None:
    search = a_search(team)
    article = Article.objects.create(
        pk=search.pk, team=team, state="fetching", url="https://gazette.example/article"
    )
    Job.objects.owe(JobKind.FETCH_ARTICLE, str(article.pk), team=team)
    by_kind = {job.kind: job for job in lease()}
    gone = Looked(by_kind["fetch_article"], error=Gone("It is gone.", status=410))
    keep_looks([gone, Looked(by_kind["search"], found=())])
    article.refresh_from_db()
    search.refresh_from_db()
    assert (article.state, article.failure) == ("failed", "gone")
    assert search.outcome == SearchOutcome.FOUND_NOTHING
    assert set(Job.objects.exclude(kind="weigh").values_list("state", flat=True)) == {"done"}


@pytest.mark.django_db(transaction=True)
def test_of_two_searches_that_end_together_one_wakes_the_ticket() -> None:
    team = make_team("task-desk")
    for _ in range(15):
        first = a_search(team)
        second = Search.objects.create(
            ticket=first.ticket, provider="library", query="salt", purpose=SearchPurpose.SUPPORT
        )
        Job.objects.owe(JobKind.SEARCH, str(second.pk), team=team)
        jobs = lease()
        assert len(jobs) == 2
        run_together(2, lambda n, jobs=jobs: keep_looks([Looked(jobs[n], found=())]))
        (weighing,) = lease()
        assert (weighing.kind, weighing.subject_id) == (JobKind.WEIGH, first.ticket_id)
        Job.objects.all().delete()


def test_an_article_whose_attempts_are_used_up_says_so(team: Team) -> None:
    article = ingest_url(team, "https://gazette.example/article").article
    for _ in range(MAX_ATTEMPTS):
        Job.objects.update(due_at=Now())
        keep_error(TimedOut("It took too long."))
    article.refresh_from_db()
    assert (article.state, article.failure) == ("failed", "timed_out")


def test_a_job_whose_subject_is_gone_is_done(team: Team) -> None:
    for kind in JobKind:
        Job.objects.owe(kind, "4711", team=team)
    jobs = lease()
    keep_looks([look.run() for look in plan_looks(jobs) if look.job.kind in FETCH_KINDS])
    for job in jobs:
        if job.kind in ANALYSE_KINDS:
            attempt(job, time.monotonic())
        elif job.kind in SEND_KINDS:
            tell.keep_sent(tell.plan_send(job), None)
    assert set(Job.objects.values_list("state", flat=True)) == {JobState.DONE}


# Failed for good ------------------------------------------------------------------------


def spend(kind: JobKind) -> None:
    """Let the worker be lost on the last attempt, and sweep."""
    jobs = Job.objects.filter(kind=kind)
    lease()
    jobs.update(attempts=MAX_ATTEMPTS, lease_until=Now() - timedelta(seconds=1))
    tasks.sweep_jobs()
    assert jobs.get().state == JobState.FAILED


def test_a_search_lost_for_good_does_not_hold_its_ticket(team: Team) -> None:
    search = a_search(team)
    spend(JobKind.SEARCH)
    search.refresh_from_db()
    assert search.outcome == SearchOutcome.FAILED
    assert "every attempt" in search.detail
    assert Job.objects.filter(kind=JobKind.WEIGH).count() == 1


def test_a_fetch_lost_for_good_does_not_hold_its_ticket(team: Team) -> None:
    search = a_search(team)
    (job,) = lease()
    keep_looks([Looked(job, found=(Found("https://gazette.example/a", "A", ""),))])
    assert not Job.objects.filter(kind=JobKind.WEIGH).exists()
    spend(JobKind.FETCH)
    assert Page.objects.get().reason == "reader_killed"
    assert Job.objects.get(kind=JobKind.WEIGH).subject_id == search.ticket_id


def test_a_reading_lost_for_good_does_not_hold_its_ticket(team: Team) -> None:
    a_search(team)
    (job,) = lease()
    keep_looks([Looked(job, found=(Found("https://gazette.example/a", "A", ""),))])
    (job,) = lease()
    keep_looks([Looked(job, **fetched())])
    assert settle_idle_tickets() == 0
    spend(JobKind.READ)
    assert Page.objects.get().outcome == "failed"
    assert Job.objects.filter(kind=JobKind.WEIGH).count() == 1


def test_a_weighing_lost_for_good_leaves_the_ticket_ready_and_says_so(team: Team) -> None:
    search = a_search(team)
    (job,) = lease()
    keep_looks([Looked(job, found=())])
    spend(JobKind.WEIGH)
    ticket = Ticket.objects.get(pk=search.ticket_id)
    assert ticket.state == TicketState.READY
    assert "incomplete" in ticket.events.order_by("-sequence")[0].note


def test_a_detection_lost_for_good_is_seen_and_a_person_can_retry_it(team: Team) -> None:
    text = "The port handled 48,000 tonnes of salt in 2023, up 12 per cent on the year before."
    article = ingest_text(team, text).article
    spend(JobKind.DETECT)
    article.refresh_from_db()
    assert article.state == "failed"
    assert "could not be detected" in article.failure_detail
    desk = make_desk()
    assert tasks.retry_jobs(Job.objects.filter(kind=JobKind.DETECT), by=desk.ada) == 1
    for job in lease():
        attempt(job, time.monotonic())
    article.refresh_from_db()
    assert article.state == "read"
    assert Ticket.objects.filter(claim__team=team).exists()


def test_the_sweep_wakes_tickets_that_nothing_else_wakes(team: Team) -> None:
    waiting, idle = a_search(team), a_search(team)
    idle.outcome = SearchOutcome.FOUND_NOTHING
    idle.save()
    assert tasks.sweep_jobs()["weighings_owed"] == 1
    assert tasks.sweep_jobs()["weighings_owed"] == 0
    assert Job.objects.get(kind=JobKind.WEIGH).subject_id == idle.ticket_id
    waiting.refresh_from_db()
    assert waiting.outcome == SearchOutcome.PENDING


def test_idle_tickets_behind_many_waiting_ones_are_woken(team: Team) -> None:
    searches = [a_search(team) for _ in range(6)]
    Search.objects.filter(pk=searches[-1].pk).update(outcome=SearchOutcome.FOUND_NOTHING)
    assert settle_idle_tickets(limit=2) == 1


def test_a_silent_broker_costs_a_person_about_a_second(team: Team, settings: LazySettings) -> None:
    from factcheck.celery import app

    reached = app.conf.broker_url
    before = app.pool
    app.conf.broker_url = "redis://127.0.0.1:1/0"
    app.set_default()
    app.amqp._producer_pool = None
    app._pool = None
    try:
        started = time.monotonic()
        tasks.nudge()
        assert time.monotonic() - started < 2
    finally:
        app.conf.broker_url = reached
        app._pool = before
        app.amqp._producer_pool = None


def test_articles_are_fetched_by_the_same_jobs(team: Team) -> None:
    ingest_url(team, "https://gazette.example/article")
    (look,) = plan_looks(lease())
    assert look.job.kind == JobKind.FETCH_ARTICLE
    assert Article.objects.get().state == "fetching"
