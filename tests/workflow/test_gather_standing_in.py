"""Where a page cannot be had, an archive's copy stands in for it and says of which day it is."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from claims.models import Job, Page, Search, SearchResult, Snapshot, Ticket
from claims.models.provider import Provider
from claims.tasks import work_fetches
from claims.vocabulary import (
    FetchOutcome,
    FetchReason,
    JobKind,
    SearchOutcome,
    SearchPurpose,
    TicketState,
)
from claims.workflow import gather
from tests.people import make_team, open_one
from tests.site.server import Exchange, Site

pytestmark = pytest.mark.django_db(transaction=True)

STAMP, TAKEN_AT = "20230503120000", datetime(2023, 5, 3, 12, tzinfo=UTC)
COPY = (
    "<html><head><title>Salt in 2023</title></head><body><article>"
    + "<p>The harbour of Varnholm handled 48,000 tonnes of salt in 2023.</p>" * 12
    + '<a href="/yearbook">Yearbook</a></article></body></html>'
)
WALL = "<p>The harbour handled salt.</p><p>Subscribe to continue reading.</p>"


def keep_copy(archive: Site, url: str, body: str = COPY) -> str:
    """Let the archive have a copy; gives the path of its bytes."""
    closest = f'{{"available": true, "status": "200", "timestamp": "{STAMP}", "url": "x"}}'
    archive.add(
        "/wayback/available",
        f'{{"archived_snapshots": {{"closest": {closest}}}}}',
        content_type="application/json",
    )
    path = f"/web/{STAMP}id_/{url}"
    archive.add(path, body)
    return path


def gather_page(url: str) -> tuple[Page, Ticket]:
    """Fetch and read a page that a search found, with all that this makes owed."""
    team = make_team("stand-in")
    ticket = open_one(team)
    Ticket.objects.filter(pk=ticket.pk).update(state=TicketState.GATHERING)
    search = Search.objects.create(
        ticket=ticket,
        provider="cited",
        purpose=SearchPurpose.CITED,
        outcome=SearchOutcome.FOUND,
    )
    page = Page.objects.create(team=team, url=url, canonical_url=url)
    SearchResult.objects.create(search=search, page=page, rank=1)
    Job.objects.owe(JobKind.FETCH, str(page.pk), team=team)
    for _ in range(3):
        work_fetches()
        for job in Job.objects.lease((JobKind.READ,), limit=5, seconds=60):
            snapshot = Snapshot.objects.get(pk=job.subject_id)
            gather.keep_reading(job, snapshot, gather.read_snapshot(snapshot))
    page.refresh_from_db()
    return page, ticket


@pytest.mark.parametrize(
    ("status", "reason"), [(404, FetchReason.NOT_FOUND), (410, FetchReason.GONE)]
)
def test_a_dead_link_is_read_from_the_archive(
    web: Site, archive: Site, status: int, reason: FetchReason
) -> None:
    url = web.add("/gone", "no more", status=status)
    path = keep_copy(archive, url)
    page, _ = gather_page(url)
    copy = Snapshot.objects.get()
    assert copy.archived_at == TAKEN_AT
    assert copy.final_url == archive.url(path)
    assert "48,000 tonnes of salt" in copy.text
    # Links are the page's own, not the archive's.
    assert [link["url"] for link in copy.links] == [web.url("/yearbook")]
    assert (page.outcome, page.reason) == (FetchOutcome.OK, reason)
    assert page.detail.endswith("The copy that an archive took on 3 May 2023 is read instead.")
    assert f"({status})" in page.detail
    asked = Search.objects.get(page=page)
    assert (asked.provider, asked.team, asked.ticket) == ("wayback", page.team, None)
    assert (asked.outcome, asked.copy, asked.query) == (SearchOutcome.FOUND, copy, url)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (WALL, FetchReason.NEEDS_PAYMENT),
        ("<h1>Salt</h1><p>Please log in to read this.</p>", FetchReason.NEEDS_LOGIN),
        ("<div id=root></div><script src=a.js></script>", FetchReason.NEEDS_JAVASCRIPT),
    ],
)
def test_a_page_behind_a_barrier_is_read_from_the_archive(
    web: Site, archive: Site, body: str, reason: FetchReason
) -> None:
    url = web.add("/wall", body)
    keep_copy(archive, url)
    page, _ = gather_page(url)
    shown, copy = Snapshot.objects.order_by("pk")
    assert (shown.archived_at, copy.archived_at) == (None, TAKEN_AT)
    assert (page.outcome, page.reason) == (FetchOutcome.OK, reason)


def test_without_a_copy_the_page_says_why_and_the_ticket_goes_on(web: Site, archive: Site) -> None:
    page, ticket = gather_page(web.url("/missing"))
    assert (page.outcome, page.reason) == (FetchOutcome.FAILED, FetchReason.NOT_FOUND)
    assert page.detail.endswith("The archive has no copy of the page.")
    asked = Search.objects.get(page=page)
    assert (asked.outcome, asked.copy) == (SearchOutcome.FOUND_NOTHING, None)
    assert not gather.waits_for_work(ticket)
    assert Job.objects.filter(kind=JobKind.WEIGH, subject_id=ticket.pk).count() == 1


def test_while_the_archive_is_off_nothing_is_asked_of_it(web: Site, archive: Site) -> None:
    Provider.objects.update(is_on=False)
    page, _ = gather_page(web.add("/wall", WALL))
    assert archive.seen == []
    assert (page.outcome, page.reason) == (FetchOutcome.FAILED, FetchReason.NEEDS_PAYMENT)
    # What the page does show is kept and may be evidence.
    assert "handled salt" in Snapshot.objects.get().text


def test_a_copy_that_shows_no_more_is_no_page(web: Site, archive: Site) -> None:
    url = web.add("/wall", WALL)
    keep_copy(archive, url, WALL)
    page, _ = gather_page(url)
    assert (page.outcome, page.reason) == (FetchOutcome.FAILED, FetchReason.NEEDS_PAYMENT)
    assert page.detail.endswith("But: Without a payment the page shows its beginning only.")
    assert archive.paths().count("/wayback/available") == 1


def test_a_copy_that_leads_out_of_the_archive_is_none(web: Site, archive: Site) -> None:
    url = web.add("/gone", "no more", status=404)
    path = keep_copy(archive, url)

    def lead_on(x: Exchange) -> None:
        x.answer(status=302, headers=(("Location", web.url("/article")),))

    archive.add(path, lead_on)
    page, _ = gather_page(url)
    assert not Snapshot.objects.exists()
    assert (page.outcome, page.reason) == (FetchOutcome.FAILED, FetchReason.NOT_FOUND)


def test_refusals_of_robots_are_not_gone_round(web: Site, archive: Site) -> None:
    web.robots = "User-agent: *\nDisallow: /"
    page, _ = gather_page(web.url("/article"))
    assert (page.outcome, page.reason) == (FetchOutcome.REFUSED, FetchReason.ROBOTS_REFUSED)
    assert archive.seen == []
