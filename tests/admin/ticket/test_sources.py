"""Each page found for a ticket tells how far it has come, and can be tried again."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from claims.models import Job, Page, Search, SearchResult, Ticket
from claims.vocabulary import FetchOutcome, FetchReason, JobKind, JobState
from tests.admin.ticket.rows import House, make_ready

pytestmark = pytest.mark.django_db


def find(ticket: Ticket, path: str, **fields: Any) -> Page:
    """A page that a search of the ticket brought."""
    url = f"https://ports.example/{path}"
    page = Page.objects.create(
        team=ticket.team, url=url, canonical_url=url, title=f"The page {path}", **fields
    )
    search = Search.objects.filter(ticket=ticket).earliest("pk")
    rank = 1 + SearchResult.objects.filter(search=search).count()
    SearchResult.objects.create(search=search, page=page, rank=rank)
    return page


def owe(page: Page, state: JobState, attempts: int = 0) -> Job:
    Job.objects.owe(JobKind.FETCH, f"{page.pk}:2026-01-01", team=page.team)
    rows = Job.objects.filter(subject_id=page.pk, kind=JobKind.FETCH)
    rows.update(state=state, attempts=attempts)
    return rows.get()


def show(client: Client, ticket: Ticket) -> str:
    address = reverse("admin:claims_ticket_sources", args=[ticket.pk])
    return client.get(address).content.decode()


def line_of(told: str, page: Page) -> str:
    return next(one for one in told.split("<li") if page.title in one)


@pytest.fixture
def ticket(house: House) -> Ticket:
    return make_ready(house.team)


def test_each_page_tells_its_state_in_plain_words(
    ticket: Ticket, house: House, client: Client
) -> None:
    client.force_login(house.ada)
    waiting, working, again = (find(ticket, name) for name in ("a", "b", "c"))
    owe(working, JobState.PENDING)
    assert len(Job.objects.lease((JobKind.FETCH,), limit=1, seconds=60)) == 1
    owe(waiting, JobState.PENDING)
    owe(again, JobState.PENDING, attempts=2)
    refused = find(
        ticket, "d", outcome=FetchOutcome.REFUSED, reason=FetchReason.HOST_BLOCKED,
        detail="Your team blocked ports.example.",
    )  # fmt: skip
    failed = find(ticket, "e", outcome=FetchOutcome.FAILED, reason=FetchReason.TIMED_OUT)
    told = show(client, ticket)
    for page, label in (
        (waiting, ">Waiting<"), (working, ">Being fetched<"), (again, ">Tried again soon<"),
        (refused, ">Refused<"), (failed, ">Failed<"),
    ):  # fmt: skip
        assert label in line_of(told, page), page.title
    assert "your team blocked this publisher" in line_of(told, refused)
    assert "Your team blocked ports.example." in line_of(told, refused)
    assert "Try again" in line_of(told, failed)
    assert "Try again" not in line_of(told, waiting)
    done = find(ticket, "f", outcome=FetchOutcome.OK)
    assert ">Read<" in line_of(show(client, ticket), done)


def test_the_watching_page_learns_that_a_line_changed(
    ticket: Ticket, house: House, client: Client
) -> None:
    client.force_login(house.ada)
    page = find(ticket, "a")
    state = reverse("admin:claims_ticket_state", args=[ticket.pk])
    before = client.get(state).json()["sources"]
    assert client.get(state).json()["sources"] == before
    whole = client.get(reverse("admin:claims_ticket_change", args=[ticket.pk]))
    assert f'data-digest="{before}"' in whole.content.decode()
    Page.objects.filter(pk=page.pk).update(outcome=FetchOutcome.FAILED, reason="not_found")
    assert client.get(state).json()["sources"] != before


def test_a_page_that_failed_is_tried_again_once(
    ticket: Ticket, house: House, client: Client
) -> None:
    client.force_login(house.ada)
    page = find(ticket, "a", outcome=FetchOutcome.FAILED, reason=FetchReason.NOT_FOUND)
    owe(page, JobState.DONE)
    address = reverse("admin:claims_ticket_page", args=[ticket.pk])
    posted = {"version": ticket.version, "page": page.pk}
    for _ in range(2):
        assert client.post(address, posted).status_code == 302
    jobs = Job.objects.filter(kind=JobKind.FETCH, subject_id=page.pk, state=JobState.PENDING)
    assert jobs.count() == 1
    page.refresh_from_db()
    assert (page.outcome, page.reason) == ("", "")
    weighing = Job.objects.filter(kind=JobKind.WEIGH, subject_id=ticket.pk)
    assert weighing.filter(state=JobState.PENDING).count() == 1


def test_a_fetch_that_was_given_up_gets_fresh_attempts(
    ticket: Ticket, house: House, client: Client
) -> None:
    client.force_login(house.ada)
    page = find(ticket, "a", outcome=FetchOutcome.FAILED, reason=FetchReason.TIMED_OUT)
    job = owe(page, JobState.FAILED, attempts=3)
    client.post(
        reverse("admin:claims_ticket_page", args=[ticket.pk]),
        {"version": ticket.version, "page": page.pk},
    )
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.PENDING, 0)
    assert Job.objects.filter(kind=JobKind.FETCH, subject_id=page.pk).count() == 1


def test_a_page_of_another_ticket_or_by_a_contributor_is_not_tried(
    ticket: Ticket, house: House, client: Client
) -> None:
    other = make_ready(house.team, "Exports fell to 12 tonnes in May.")
    page = find(other, "a", outcome=FetchOutcome.FAILED, reason=FetchReason.TIMED_OUT)
    address = reverse("admin:claims_ticket_page", args=[ticket.pk])
    posted = {"version": ticket.version, "page": page.pk}
    client.force_login(house.ada)
    assert client.post(address, posted).status_code == 422
    client.force_login(house.dan)
    assert client.post(address, posted).status_code == 403
    assert not Job.objects.filter(kind=JobKind.FETCH, subject_id=page.pk).exists()
    assert "Try again" not in show(client, ticket)
