"""A retry by a person: what failed is asked again, and a ready ticket is weighed anew."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.test import Client

from claims import tasks
from claims.models import Evidence, Job, Page, Search, Ticket
from claims.models.job import MAX_ATTEMPTS
from claims.tasks.analysing import attempt
from claims.tasks.fetching import keep_looks
from claims.vocabulary import JobKind, JobState, SearchOutcome, TicketState
from claims.web.errors import TimedOut
from claims.web.search.protocol import Found
from claims.workflow.gather import Looked, waits_for_work
from claims.workflow.weigh import set_stance
from tests.people import Desk, add_evidence
from tests.tasks.test_keeping import a_search, fetched, lease


def fail(kind: JobKind) -> None:
    """Let the job fail for good, as its own errors make it."""
    for _ in range(MAX_ATTEMPTS):
        Job.objects.filter(state=JobState.PENDING).update(due_at=Now())
        (job,) = lease()
        assert job.kind == kind
        keep_looks([Looked(job, error=TimedOut("It took too long."))])


def work_analyses_due() -> None:
    """Work everything of the analyse queue that is due."""
    Job.objects.filter(state=JobState.PENDING).update(due_at=Now() - timedelta(seconds=1))
    for job in lease():
        attempt(job, time.monotonic())


@pytest.fixture
def ready(desk: Desk) -> Ticket:
    """A ticket that went on without the one page its search had found."""
    search = a_search(desk.team)
    (job,) = lease()
    keep_looks([Looked(job, found=(Found("https://gazette.example/a", "A", ""),))])
    fail(JobKind.FETCH)
    work_analyses_due()
    ticket = Ticket.objects.get(pk=search.ticket_id)
    assert ticket.state == TicketState.READY
    return ticket


def bring_the_page() -> None:
    """The page comes this time, and is read."""
    (job,) = Job.objects.lease((JobKind.FETCH,), limit=9, seconds=60)
    words = "The port handled 48,000 tonnes of salt in 2023, the yearbook says. " * 6
    keep_looks([Looked(job, **fetched(f"<article><p>{words}</p></article>".encode()))])
    (job,) = Job.objects.lease((JobKind.READ,), limit=9, seconds=60)
    attempt(job, time.monotonic())


def test_a_ready_ticket_is_weighed_anew_when_the_retried_page_has_come(
    desk: Desk, ready: Ticket
) -> None:
    held = add_evidence(ready)
    set_stance(held, "refutes", by=desk.ben)
    assert tasks.retry_ticket(ready, by=desk.ben) == 1
    assert Page.objects.get(canonical_url__contains="gazette").outcome == ""
    assert waits_for_work(ready)
    (again,) = Job.objects.filter(kind=JobKind.WEIGH, state=JobState.PENDING)
    # It waits for what is retried, and waiting is no attempt.
    for _ in range(MAX_ATTEMPTS + 1):
        Job.objects.filter(pk=again.pk).update(due_at=Now())
        (job,) = Job.objects.lease((JobKind.WEIGH,), limit=9, seconds=60)
        attempt(job, time.monotonic())
    again.refresh_from_db()
    assert (again.state, again.attempts) == (JobState.PENDING, 0)
    bring_the_page()
    assert not waits_for_work(ready)
    work_analyses_due()
    assert Job.objects.get(pk=again.pk).state == JobState.DONE
    ready.refresh_from_db()
    assert ready.state == TicketState.READY
    pieces = Evidence.objects.filter(ticket=ready).order_by("number")
    assert pieces.filter(passage__quote__contains="48,000 tonnes").exists()
    # What the person set stands.
    first = pieces[0]
    assert (first.pk, first.number, first.stance) == (held.pk, 1, "refutes")


def test_control_without_another_weighing_the_page_that_came_is_never_seen(
    desk: Desk, ready: Ticket
) -> None:
    Job.objects.all().retry()
    bring_the_page()
    work_analyses_due()
    assert not Evidence.objects.filter(ticket=ready).exists()


def test_two_retries_owe_one_weighing(desk: Desk, ready: Ticket) -> None:
    assert tasks.retry_ticket(ready, by=desk.ben) == 1
    assert tasks.retry_ticket(ready, by=desk.ben) == 0
    fail_again = Job.objects.filter(kind=JobKind.FETCH)
    fail_again.update(state=JobState.FAILED)
    assert tasks.retry_jobs(fail_again, by=desk.ada) == 1
    assert Job.objects.filter(kind=JobKind.WEIGH, state=JobState.PENDING).count() == 1


def test_a_retried_search_is_pending_until_it_ends(desk: Desk) -> None:
    search = a_search(desk.team)
    fail_job = Job.objects.get(kind=JobKind.SEARCH)
    Job.objects.filter(pk=fail_job.pk).update(state=JobState.FAILED, attempts=MAX_ATTEMPTS)
    Search.objects.filter(pk=search.pk).update(outcome=SearchOutcome.FAILED)
    Ticket.objects.filter(pk=search.ticket_id).update(state=TicketState.READY)
    assert tasks.retry_ticket(search.ticket, by=desk.ben) == 1
    search.refresh_from_db()
    assert search.outcome == SearchOutcome.PENDING
    (job,) = Job.objects.lease((JobKind.SEARCH,), limit=9, seconds=60)
    keep_looks([Looked(job, found=())])
    assert not waits_for_work(search.ticket)


def test_a_ticket_with_a_verdict_is_not_weighed_anew(desk: Desk, ready: Ticket) -> None:
    Ticket.objects.filter(pk=ready.pk).update(state=TicketState.DECIDED)
    assert tasks.retry_ticket(ready, by=desk.ben) == 1
    assert not Job.objects.filter(kind=JobKind.WEIGH, state=JobState.PENDING).exists()


def test_people_see_what_failed_and_retry_it_from_the_ticket(desk: Desk, ready: Ticket) -> None:
    address = f"/admin/claims/ticket/{ready.pk}/"
    client = Client()
    client.force_login(desk.ben)
    page = client.get(f"{address}change/").content.decode()
    assert "Fetching a page" in page
    assert "Failed after 3" in page
    assert "the site took too long" in page
    assert "Retry what failed" in page
    client.post(f"{address}retry/", {"version": ready.version})
    page = client.get(f"{address}change/").content.decode()
    assert "Retry what failed" not in page
    assert "Waiting" in page
    lead = Client()
    lead.force_login(desk.ada)
    Job.objects.filter(kind=JobKind.FETCH).update(due_at=Now() - timedelta(minutes=12))
    assert "12 min" in lead.get("/admin/").content.decode()
