"""A page that did not change is checked and not stored again; a fresh one is not fetched again."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.utils import timezone

from claims.models import Job, Page, Search, SearchResult, Snapshot, Team
from claims.tasks import work_fetches
from claims.tasks.fetching import keep_looks, run_look
from claims.vocabulary import FetchOutcome, FetchReason, JobKind, JobState, SearchPurpose
from claims.web.search.protocol import Found
from claims.workflow.gather import Looked, plan_looks
from tests.people import make_team, open_one
from tests.site.server import Exchange, Site

pytestmark = pytest.mark.django_db(transaction=True)


def fetch(team: Team, url: str, turn: int) -> Page:
    """Let a worker fetch the page once more."""
    page, _ = Page.objects.get_or_create(team=team, url=url, canonical_url=url)
    Job.objects.owe(JobKind.FETCH, f"{page.pk}:{turn}", team=team)
    work_fetches()
    assert not Job.objects.unfinished().filter(kind=JobKind.FETCH).exists()
    page.refresh_from_db()
    return page


def asked(web: Site, path: str) -> list[dict[str, str]]:
    return [one.headers for one in web.seen if one.path == path]


def test_a_page_that_is_still_the_same_is_a_check_of_its_copy(web: Site) -> None:
    team, url = make_team("copies"), web.url("/conditional")
    first = fetch(team, url, 1)
    before = timezone.now()
    page = fetch(team, url, 2)
    snapshot = Snapshot.objects.get()
    assert [datetime.fromisoformat(at) > before for at in snapshot.checks] == [True]
    assert first.fetched_at
    assert page.fetched_at
    assert page.fetched_at > first.fetched_at
    assert page.outcome == FetchOutcome.OK
    assert asked(web, "/conditional")[1]["if-none-match"] == '"v1"'
    assert asked(web, "/conditional")[1]["if-modified-since"].startswith("Tue, 04 Mar 2025")
    # Read once, for there is one copy.
    assert Job.objects.filter(kind=JobKind.READ).count() == 1


def want(team: Team, urls: list[str]) -> None:
    """A ticket for each address, whose search has just found it."""
    searches = [
        Search.objects.create(
            ticket=open_one(team, f"Salt {number}."),
            provider="brave",
            purpose=SearchPurpose.SUPPORT,
        )
        for number in range(len(urls))
    ]
    Job.objects.owe_many(JobKind.SEARCH, [str(one.pk) for one in searches], team=team)
    jobs = Job.objects.lease((JobKind.SEARCH,), limit=len(urls), seconds=60)
    found = zip(jobs, urls, strict=True)
    keep_looks([Looked(job, found=(Found(url, "Salt", ""),)) for job, url in found])


@pytest.mark.parametrize(("tickets", "is_one_page"), [(50, True), (10, False)])
def test_fifty_tickets_that_want_one_page_ask_for_it_once(
    web: Site, tickets: int, is_one_page: bool
) -> None:
    team, url = make_team("copies"), web.add("/wanted", "<p>Salt")
    # The control: where the address is another one, each is asked for.
    name = "utm_source" if is_one_page else "page"
    want(team, [f"{url}?{name}={number}#part{number}" for number in range(tickets)])
    work_fetches()
    assert web.paths().count("/wanted") == (1 if is_one_page else tickets)
    assert Page.objects.count() == Snapshot.objects.count() == (1 if is_one_page else tickets)
    assert SearchResult.objects.count() == tickets


def test_a_page_that_changed_is_a_new_copy(web: Site) -> None:
    team, bodies = make_team("copies"), [b"<p>one", b"<p>two"]

    def serve(x: Exchange) -> None:
        x.answer(bodies.pop(0), headers=(("ETag", f'"{len(bodies)}"'),))

    url = web.add("/changing", serve)
    fetch(team, url, 1)
    fetch(team, url, 2)
    assert asked(web, "/changing")[1]["if-none-match"] == '"1"'
    assert Snapshot.objects.filter(checks=[]).count() == 2


@pytest.mark.parametrize("why", ["failed since", "bytes gone", "an archive's"])
def test_without_a_good_copy_the_whole_page_is_asked_for(web: Site, why: str) -> None:
    team, url = make_team("copies"), web.url("/conditional")
    page = fetch(team, url, 1)
    if why == "failed since":
        Page.objects.filter(pk=page.pk).update(
            outcome=FetchOutcome.FAILED, reason=FetchReason.TIMED_OUT
        )
    elif why == "bytes gone":
        Snapshot.objects.update(body_deleted_at=timezone.now())
    else:
        Snapshot.objects.update(archived_at=timezone.now())
    fetch(team, url, 2)
    assert "if-none-match" not in asked(web, "/conditional")[1]
    assert Snapshot.objects.count() == 2


def test_a_fresh_page_is_fetched_once_for_two_teams(web: Site) -> None:
    url = web.add("/fresh", "<p>text", headers=(("Cache-Control", "max-age=60"),))
    for name in ("one", "two"):
        fetch(make_team(name), url, 1)
    assert len(asked(web, "/fresh")) == 1
    first, second = Snapshot.objects.order_by("pk")
    assert (second.sha256, second.fetched_at) == (first.sha256, first.fetched_at)
    assert second.headers == first.headers
    assert Job.objects.filter(kind=JobKind.READ, state=JobState.PENDING).count() == 2


def test_a_private_page_is_fetched_for_each_team(web: Site) -> None:
    url = web.add("/own", "<p>text", headers=(("Cache-Control", "private, max-age=60"),))
    for name in ("one", "two"):
        fetch(make_team(name), url, 1)
    assert len(asked(web, "/own")) == 2


def test_a_kept_answer_is_not_stored_twice_for_one_page(web: Site) -> None:
    team = make_team("one")
    url = web.add("/fresh", "<p>text", headers=(("Cache-Control", "max-age=60"),))
    fetch(team, url, 1)
    fetch(team, url, 2)
    assert len(asked(web, "/fresh")) == 1
    assert Snapshot.objects.count() == 1


def test_a_failed_look_holds_nothing_of_what_came(web: Site) -> None:
    """Bytes of a flood would hang on the error until it is kept."""
    team, url = make_team("copies"), web.url("/flood-body")
    page = Page.objects.create(team=team, url=url, canonical_url=url)
    Job.objects.owe(JobKind.FETCH, str(page.pk), team=team)
    (look,) = plan_looks(Job.objects.lease((JobKind.FETCH,), limit=1, seconds=60))
    heavy, light = look.run(), run_look(look)
    assert heavy.error is not None
    assert heavy.error.__traceback__ is not None
    assert light is not None
    assert light.error is not None
    assert light.error.reason == FetchReason.TOO_LARGE
    assert (light.error.__traceback__, light.error.__context__) == (None, None)
