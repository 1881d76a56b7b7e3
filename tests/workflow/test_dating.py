"""A page as it was on a day: asked by a person, answered by an archive, weighed where wanted."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from claims.models import Job, Page, Provider, Search, SearchResult, Snapshot, Source, Ticket
from claims.tasks import work_fetches
from claims.vocabulary import (
    FetchOutcome,
    JobKind,
    JobState,
    SearchOutcome,
    SearchPurpose,
    SourceStanding,
    TicketState,
)
from claims.workflow import gather
from claims.workflow.gather.visiting import known_copies
from claims.workflow.weigh.cutting import MAX_EVIDENCE, list_snapshots
from claims.workflow.weigh.weighing import weigh_ticket
from tests.archive import INDEX, keep_dated
from tests.people import Desk, add_evidence, open_one
from tests.site.server import Site

pytestmark = pytest.mark.django_db(transaction=True)

DAY, STAMP = date(2020, 2, 1), "20200128080000"
CLAIM = "The harbour of Varnholm handled 48,000 tonnes of salt in 2023."


def page_of(tonnes: str) -> str:
    told = f"<p>The harbour of Varnholm handled {tonnes} tonnes of salt in a year.</p>" * 12
    return f"<html><title>Salt</title><body><article>{told}</article></body></html>"


@pytest.fixture
def ticket(desk: Desk, web: Site, archive: Site) -> Ticket:
    """A ticket in review, one page of which was found and read as it is now."""
    ticket = open_one(desk.team, CLAIM)
    Ticket.objects.filter(pk=ticket.pk).update(state=TicketState.IN_REVIEW)
    search = Search.objects.create(
        ticket=ticket, provider="brave", purpose="support", outcome=SearchOutcome.FOUND
    )
    url = web.add("/salt", page_of("48,000"))
    page = Page.objects.create(team=desk.team, url=url, canonical_url=url)
    SearchResult.objects.create(search=search, page=page, rank=1)
    Job.objects.owe(JobKind.FETCH, str(page.pk), team=desk.team)
    work()
    ticket.refresh_from_db()
    return ticket


def work() -> None:
    """What workers do: fetch and ask, then read."""
    work_fetches()
    for job in Job.objects.lease((JobKind.READ,), limit=5, seconds=60):
        snapshot = Snapshot.objects.select_related("page").get(pk=job.subject_id)
        gather.keep_reading(job, snapshot, gather.read_snapshot(snapshot))


def ask_at_ticket(client: Client, ticket: Ticket, on: date | str = DAY) -> int:
    page = Page.objects.earliest("pk")
    address = reverse("admin:claims_ticket_copy", args=[ticket.pk])
    return client.post(address, {"version": ticket.version, "page": page.pk, "on": on}).status_code


def show(client: Client, ticket: Ticket) -> str:
    address = reverse("admin:claims_ticket_sources", args=[ticket.pk])
    return client.get(address).content.decode()


def test_a_copy_of_a_day_is_shown_as_it_comes_and_weighed(
    ticket: Ticket, desk: Desk, web: Site, archive: Site, client: Client
) -> None:
    client.force_login(desk.ben)
    page = Page.objects.get()
    keep_dated(archive, page.url, STAMP, page_of("31,000"))
    assert "As it was on a day" in show(client, ticket)
    for _ in range(2):  # a second click asks nothing twice
        assert ask_at_ticket(client, ticket) == 302
    asked = Search.objects.get(purpose=SearchPurpose.COPY)
    assert (asked.wanted_on, asked.asked_by, asked.team) == (DAY, desk.ben, desk.team)
    assert "Being asked" in show(client, ticket)
    assert gather.waits_for_work(ticket)
    assert Job.objects.filter(kind=JobKind.WEIGH, subject_id=ticket.pk).count() == 1
    work()
    asked.refresh_from_db()
    assert (asked.outcome, asked.detail) == (SearchOutcome.FOUND, "A copy of 28 January 2020.")
    copy = asked.copy
    assert copy is not None
    assert copy.archived_at == datetime(2020, 1, 28, 8, tzinfo=UTC)
    assert archive.seen[0].query["to"] == "20200201235959"
    told = show(client, ticket)
    assert reverse("admin:claims_snapshot_change", args=[copy.pk]) in told
    assert "What changed since" in told
    # What the page says now stands first, and its own state is as it was.
    live, dated = list_snapshots(ticket)
    assert (live.archived_at, dated) == (None, copy)
    quotes = {(one.snapshot.pk, "31,000" in one.quote) for one in weigh_ticket(ticket).passages}
    assert quotes == {(live.pk, False), (copy.pk, True)}
    # It has its place among the evidence, however much was found.
    search = Search.objects.get(provider="brave")
    for number in range(20):
        quote = f"The harbour of Varnholm handled 48,{number:03} tonnes of salt in 2023."
        found = add_evidence(ticket, quote).passage.snapshot.page
        SearchResult.objects.create(search=search, page=found, rank=2 + number)
    passages = weigh_ticket(ticket).passages
    assert len(passages) == MAX_EVIDENCE + 1
    assert "31,000" in passages[-1].quote
    page.refresh_from_db()
    assert (page.outcome, page.reason, page.detail) == (FetchOutcome.OK, "", "")
    # The conditional request is about the live copy, whatever was fetched last.
    Snapshot.objects.filter(pk=live.pk).update(headers={"response": [["ETag", '"a"']]})
    assert known_copies([page])[page.pk].snapshot_id == live.pk
    # Nor is a server's word for what came out of a file, whose headers anybody may have written.
    forged = Snapshot.objects.get(pk=live.pk)
    forged.pk, forged.fetcher, forged.fetched_at = None, "WARC file", timezone.now()
    forged.save(force_insert=True)
    assert known_copies([page])[page.pk].snapshot_id == live.pk
    sheet = client.get(reverse("admin:claims_page_change", args=[page.pk])).content.decode()
    assert "28 Jan 2020, 08:00 UTC (an archive’s copy)" in sheet


@pytest.mark.parametrize(
    ("answer", "status", "outcome", "told"),
    [
        ("[]", 200, SearchOutcome.FOUND_NOTHING, "The archive has no copy of the page."),
        ("<html>", 200, SearchOutcome.FAILED, "web page"),
        ("", 403, SearchOutcome.FAILED, "403"),
    ],
)
def test_what_went_wrong_is_said_and_can_be_tried_again(
    ticket: Ticket, desk: Desk, archive: Site, client: Client,
    answer: str, status: int, outcome: SearchOutcome, told: str,
) -> None:  # fmt: skip
    client.force_login(desk.ben)
    archive.add(INDEX, answer, status=status)
    archive.add("/wayback/available", answer or "{}", status=status)
    if answer == "[]":
        archive.add("/wayback/available", '{"archived_snapshots": {}}')
    page = Page.objects.get()
    address = reverse("admin:claims_page_as_was", args=[page.pk])
    assert client.post(address, {"on": DAY}).status_code == 302
    assert "Being asked" in client.get(address).content.decode()
    work()
    asked = Search.objects.get(purpose=SearchPurpose.COPY)
    assert (asked.outcome, asked.ticket) == (outcome, None)
    shown = client.get(address).content.decode()
    assert told in shown
    assert "Try again" in shown
    page.refresh_from_db()
    assert (page.outcome, page.detail) == (FetchOutcome.OK, "")
    keep_dated(archive, page.url, "20200305080000", page_of("31,000"))
    assert client.post(address, {"on": DAY}).status_code == 302
    work()
    shown = client.get(address).content.decode()
    assert "A copy of 5 March 2020. The archive has none from before" in shown
    # The same copy is not kept twice.
    client.post(address, {"on": "2020-02-15"})
    work()
    assert Snapshot.objects.filter(archived_at__isnull=False).count() == 1
    assert not Job.objects.filter(state=JobState.FAILED).exists()


def test_a_copy_without_text_leaves_the_page_as_it_is(
    ticket: Ticket, desk: Desk, archive: Site
) -> None:
    page = Page.objects.get()
    keep_dated(archive, page.url, STAMP, "<p>Salt.</p><p>Subscribe to continue reading.</p>")
    search = gather.ask_copy(page, DAY, by=desk.ben)
    work()
    search.refresh_from_db()
    assert search.detail.endswith("shows its beginning only.")
    page.refresh_from_db()
    assert (page.outcome, page.reason, page.title) == (FetchOutcome.OK, "", "Salt")
    assert Search.objects.filter(purpose=SearchPurpose.COPY).count() == 1


def test_what_cannot_be_asked_is_refused_in_words(
    ticket: Ticket, desk: Desk, archive: Site, client: Client
) -> None:
    client.force_login(desk.ben)
    tomorrow = timezone.now().date() + timedelta(days=1)
    for day in ("", "soon", "1990-01-01", tomorrow):
        assert ask_at_ticket(client, ticket, day) == 422
    other = Page.objects.create(team=desk.team, url="https://o.example/", canonical_url="o")
    address = reverse("admin:claims_ticket_copy", args=[ticket.pk])
    assert client.post(address, {"page": other.pk, "on": DAY}).status_code == 422
    Provider.objects.filter(name="wayback").update(is_on=False)
    sheet = reverse("admin:claims_page_as_was", args=[other.pk])
    answer = client.post(sheet, {"on": DAY})
    assert answer.status_code == 422
    assert "switched off" in answer.content.decode()
    assert "As it was on a day" not in show(client, ticket)
    client.force_login(desk.dan)
    assert ask_at_ticket(client, ticket) == client.get(sheet).status_code == 403
    assert not Search.objects.filter(purpose=SearchPurpose.COPY).exists()
    assert archive.seen == []


def test_a_blocked_publisher_is_not_had_by_way_of_the_archive(
    ticket: Ticket, desk: Desk, archive: Site
) -> None:
    page = Page.objects.get()
    keep_dated(archive, page.url, STAMP, page_of("31,000"))
    Source.objects.create(
        team=desk.team, prefix="127.0.0.1", name="Blocked", standing=SourceStanding.BLOCKED
    )
    search = gather.ask_copy(page, DAY, by=desk.ben)
    work()
    search.refresh_from_db()
    assert (search.outcome, search.copy) == (SearchOutcome.REFUSED, None)
    assert "Your team blocked" in search.detail
    assert archive.seen == []
