"""Searching as a worker does it: set up, counted, asked, answered, and once more if need be."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone

from claims.models import (
    Article,
    Job,
    Page,
    Provider,
    Search,
    SearchResult,
    Snapshot,
    Source,
    Team,
    Ticket,
)
from claims.models.bodies import store_body
from claims.models.claim import Appearance
from claims.tasks.analysing import attempt
from claims.vocabulary import (
    JobKind,
    JobState,
    ProviderName,
    SearchOutcome,
    SearchPurpose,
    SearchStop,
    SourceType,
    TicketState,
)
from claims.workflow.gather import (
    go_on,
    keep_looked,
    library,
    plan_looks,
    plan_searches,
    settle_idle_tickets,
)
from claims.workflow.gather.library import search_library
from claims.workflow.gather.planning import gather_more
from claims.workflow.gather.providers import archive_in_use
from claims.workflow.gather.setups import places_for_team, read_setups
from tests.people import Desk, add_evidence, make_team, open_one, taken_one
from tests.site.server import Site

CLAIM = "The harbour of Varnholm handled 70 per cent of the salt exports in 2023."
KEY = "k3y-of-the-desk"
BRAVE, SEARCH = "/res/v1/web/search", "/search"


@pytest.fixture
def web(settings: Any) -> Iterator[Site]:
    """A local server that the client may reach."""
    with Site() as running:
        settings.FETCH_ALLOW = (running.address,)
        settings.SEARCH_ROUNDS = 3
        cache.clear()
        yield running


def switch_on(name: ProviderName, site: Site, **fields: Any) -> None:
    Provider.objects.filter(name=name).update(
        is_on=True, **{"base_url": site.url(""), "key": KEY, **fields}
    )


def serve(site: Site, path: str, urls: list[str]) -> None:
    rows = [{"url": url, "title": url} for url in urls]
    site.add(path, json.dumps({"results": rows, "web": {"results": rows}}))


def run_searches(ticket: Ticket) -> list[Search]:
    """Lease, put and keep every search that is owed; gives the ticket's rows in their order."""
    while jobs := Job.objects.lease((JobKind.SEARCH,), limit=50, seconds=60):
        keep_looked([look.run() for look in plan_looks(jobs)])
    return list(Search.objects.filter(ticket=ticket).order_by("id"))


def brave_searches(ticket: Ticket) -> list[Search]:
    return [one for one in run_searches(ticket) if one.provider == ProviderName.BRAVE]


def provider(name: ProviderName = ProviderName.BRAVE) -> Provider:
    return Provider.objects.get(name=name)


def test_new_places_are_off_until_somebody_sets_them_up(desk: Desk, settings: Any) -> None:
    settings.SAMPLE_WEB_URL = settings.WIKIPEDIA_API_URL = ""
    assert [one.name for one in places_for_team(desk.team.pk)] == [ProviderName.LIBRARY]
    assert archive_in_use() is None
    assert Provider.objects.count() == len(ProviderName)
    Provider.objects.filter(name=ProviderName.BRAVE).update(is_on=True)
    setup = read_setups()[ProviderName.BRAVE]
    assert (setup.is_ready, setup.missing) == (False, "It has no key.")
    settings.BRAVE_KEY = KEY
    assert read_setups()[ProviderName.BRAVE].is_ready
    Provider.objects.filter(name=ProviderName.BRAVE).update(is_on=False)
    assert not read_setups()[ProviderName.BRAVE].is_ready
    assert KEY not in repr(read_setups())


def test_what_is_found_is_kept_and_the_place_is_well(desk: Desk, web: Site) -> None:
    switch_on(ProviderName.BRAVE, web)
    serve(web, BRAVE, ["https://stats.example/salt"])
    ticket = plan_searches(open_one(desk.team, CLAIM))
    searches = brave_searches(ticket)
    assert {one.outcome for one in searches} == {SearchOutcome.FOUND}
    assert {one.purpose for one in searches} == {SearchPurpose.SUPPORT, SearchPurpose.CONTRADICT}
    row = provider()
    assert (row.used_today, row.last_error_at) == (len(searches), None)
    assert row.last_success_at is not None


def test_a_quota_is_an_outcome_and_no_error(desk: Desk, web: Site) -> None:
    switch_on(ProviderName.BRAVE, web, daily_quota=2)
    serve(web, BRAVE, [])
    searches = brave_searches(plan_searches(open_one(desk.team, CLAIM)))
    outcomes = [one.outcome for one in searches]
    assert sorted(outcomes) == ["found_nothing", "found_nothing", "quota_reached"]
    assert web.paths().count(BRAVE) == 2
    spent = next(one for one in searches if one.outcome == SearchOutcome.QUOTA_REACHED)
    assert "2 queries of today" in spent.detail
    assert (provider().used_today, provider().last_error) == (2, "")
    Provider.objects.update(used_on=timezone.now().date() - timedelta(days=1))
    assert provider().used_today == 0
    assert Provider.objects.all().take_queries(ProviderName.BRAVE, 5, 2) == 2


def test_a_service_that_has_had_enough_is_left_alone(desk: Desk, web: Site) -> None:
    switch_on(ProviderName.BRAVE, web)
    web.add(BRAVE, "", status=429, headers=(("Retry-After", "3600"),))
    searches = brave_searches(plan_searches(open_one(desk.team, CLAIM)))
    outcomes = {one.outcome for one in searches}
    assert SearchOutcome.QUOTA_REACHED in outcomes
    # Those leased together with it find the host resting.
    assert outcomes <= {SearchOutcome.QUOTA_REACHED, SearchOutcome.COULD_NOT_REACH}
    row = provider()
    assert row.quiet_until is not None
    assert "3600 seconds" in row.last_error
    asked = web.paths().count(BRAVE)
    (later, *_) = brave_searches(plan_searches(open_one(desk.team, "Salt cost 12 crowns.")))
    assert "left alone until" in later.detail
    assert web.paths().count(BRAVE) == asked


def test_a_wrong_key_is_told_without_the_key(desk: Desk, web: Site) -> None:
    switch_on(ProviderName.BRAVE, web)
    web.add(BRAVE, json.dumps({"error": KEY}), status=401)
    searches = brave_searches(plan_searches(open_one(desk.team, CLAIM)))
    assert {one.outcome for one in searches} == {SearchOutcome.FAILED}
    told = [searches[0].detail, provider().last_error]
    assert all("does not accept the key" in one and KEY not in one for one in told)
    assert KEY not in str(list(Job.objects.values()))


def test_a_place_that_was_switched_off_meanwhile_is_not_asked(desk: Desk, web: Site) -> None:
    switch_on(ProviderName.BRAVE, web)
    serve(web, BRAVE, [])
    ticket = plan_searches(open_one(desk.team, CLAIM))
    Provider.objects.update(is_on=False)
    assert all("switched off" in one.detail for one in brave_searches(ticket))
    assert web.paths() == []


def test_a_review_comes_with_its_publisher_and_rating(desk: Desk, web: Site) -> None:
    switch_on(ProviderName.FACT_CHECKS, web)
    review = {
        "publisher": {"name": "Check Desk"},
        "url": "https://check.example/salt",
        "textualRating": "False\x00",
        "reviewDate": "2024-01-05T00:00:00Z",
    }
    answer = {"claims": [{"text": "70% of salt", "claimReview": [review]}]}
    web.add("/v1alpha1/claims:search", json.dumps(answer))
    run_searches(plan_searches(open_one(desk.team, CLAIM)))
    result = SearchResult.objects.filter(search__provider=ProviderName.FACT_CHECKS).first()
    assert result is not None
    assert (result.publisher, result.rating, result.title) == ("Check Desk", "False", "70% of salt")
    assert result.published_on is not None


def test_trusted_sites_are_those_of_the_ticket_s_team(desk: Desk, web: Site) -> None:
    switch_on(ProviderName.SITES, web)
    serve(web, SEARCH, ["https://stats.example/salt", "https://theirs.example/salt"])
    assert ProviderName.SITES not in [one.name for one in places_for_team(desk.team.pk)]
    for team, host in ((desk.team, "stats.example"), (make_team("Other"), "theirs.example")):
        Source.objects.create(team=team, prefix=host, name=host, standing="trusted")
    ticket = plan_searches(open_one(desk.team, CLAIM))
    run_searches(ticket)
    found = SearchResult.objects.filter(search__provider=ProviderName.SITES)
    assert set(found.values_list("page__url", flat=True)) == {"https://stats.example/salt"}


def test_a_place_is_asked_in_a_language_of_its_list(desk: Desk, web: Site) -> None:
    switch_on(ProviderName.BRAVE, web, languages="no de")
    serve(web, BRAVE, [])
    ticket = open_one(desk.team, CLAIM)
    article = Article.objects.create(team=desk.team, title="Salt", text=CLAIM, language="de")
    Appearance.objects.create(claim=ticket.claim, article=article, start=0, end=len(CLAIM))
    assert {one.language for one in brave_searches(plan_searches(ticket))} == {"de"}
    assert {seen.query["search_lang"] for seen in web.seen} == {"de"}


def test_the_library_ranks_by_how_rare_a_word_is_and_holds_articles(desk: Desk) -> None:
    def add(title: str, text: str, url: str) -> Article:
        return Article.objects.create(
            team=desk.team, title=title, text=text, url=url, canonical_url=url, sha256=title
        )

    for number in range(8):
        add(f"Harbour {number}", "harbour " * 20, f"https://d.example/{number}")
    rare = add("Brine", "A harbour sold brine and some rain.", "https://d.example/brine")
    add("Pasted", "brine brine", "")
    found = search_library(desk.team.pk, "harbour brine").found
    assert found[0].url == rare.url
    assert len(found) == 8
    others = search_library(desk.team.pk, "harbour brine", but_articles=[rare.pk]).found
    assert rare.url not in [one.url for one in others]
    assert len(search_library(make_team("Other").pk, "harbour brine")) == 0


@pytest.mark.parametrize("common", [1000, 40])
def test_the_library_is_not_flooded_by_pages_full_of_common_words(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, common: int
) -> None:
    """With many pages a word is common to more than are looked at: 40 stands for that here."""
    monkeypatch.setattr(library, "COMMON", common)
    body = store_body(b"<p>salt</p>")
    held: dict[str, Any] = {
        "status": 200, "fetched_at": timezone.now(), "read_at": timezone.now(), "seconds": 0.1,
        "size_bytes": 1, "sha256": body.sha256, "body_path": body.path, "fetcher": "test",
    }  # fmt: skip

    def add(text: str, team: Team) -> Page:
        url = f"https://d.example/{team.pk}/{Page.objects.count()}"
        page = Page.objects.create(team=team, url=url, canonical_url=url)
        Snapshot.objects.create(page=page, final_url=url, text=text, **held)
        return page

    far = make_team("Other")
    foreign = add("The harbour sold brine.", far)
    meant = add("A harbour sold brine and some rain in the yearbook.", desk.team)
    for _ in range(60):
        add("harbour salt exports " * 60, desk.team)
    found = search_library(desk.team.pk, "brine harbour salt exports")
    assert found.stored[0][0] == meant
    assert len(found.stored) == 8
    assert [page for page, _, _ in search_library(desk.team.pk, "sold brine").stored] == [meant]
    assert len(search_library(desk.team.pk, "harbour salt").stored) == 8
    assert [page for page, _, _ in search_library(far.pk, "harbour").stored] == [foreign]
    assert len(search_library(desk.team.pk, "the of and")) == 0


def test_rounds_go_on_until_a_reason_to_stop(desk: Desk, web: Site, settings: Any) -> None:
    switch_on(ProviderName.BRAVE, web)
    serve(web, BRAVE, [])
    ticket = plan_searches(open_one(desk.team, CLAIM))
    run_searches(ticket)
    assert go_on(ticket, origins=2) is SearchStop.ENOUGH
    assert go_on(ticket, origins=1) is None
    ticket.refresh_from_db()
    assert (ticket.round, ticket.state) == (2, TicketState.GATHERING)
    run_searches(ticket)
    asked = [(one.round, one.query.casefold()) for one in brave_searches(ticket)]
    assert {number for number, _ in asked} == {1, 2}
    assert len({query for _, query in asked}) == len(asked), "no query twice"
    settings.SEARCH_ROUNDS = 2
    assert go_on(ticket, origins=0) is SearchStop.BUDGET_SPENT
    settings.SEARCH_ROUNDS, settings.SEARCH_QUERIES = 9, len(asked)
    assert go_on(ticket, origins=0) is SearchStop.BUDGET_SPENT
    settings.SEARCH_QUERIES = 900
    while (stop := go_on(ticket, origins=0)) is None:
        run_searches(ticket)
    assert stop is SearchStop.QUERIES_USED


def test_nobody_who_answers_ends_the_search_and_the_library_alone_makes_no_round(
    desk: Desk, web: Site
) -> None:
    alone = plan_searches(open_one(desk.team, "Salt cost 12 crowns at Varnholm in 2020."))
    run_searches(alone)
    assert go_on(alone, origins=0) is SearchStop.QUERIES_USED
    switch_on(ProviderName.BRAVE, web)
    web.add(BRAVE, "", status=403)
    ticket = plan_searches(open_one(desk.team, CLAIM))
    run_searches(ticket)
    assert go_on(ticket, origins=0) is SearchStop.NOBODY_ANSWERED


def test_a_person_s_own_query_goes_where_they_want_it_and_is_one_round(
    desk: Desk, web: Site
) -> None:
    switch_on(ProviderName.BRAVE, web)
    switch_on(ProviderName.SEARXNG, web)
    serve(web, BRAVE, [])
    serve(web, SEARCH, [])
    ticket = taken_one(desk.team, desk.ben, CLAIM)
    ticket = gather_more(ticket, by=desk.ben, query="salt  ledger", places=[ProviderName.SEARXNG])
    (search,) = run_searches(ticket)
    assert (search.provider, search.query, search.round) == ("searxng", "salt ledger", 2)
    assert web.paths() == [SEARCH]
    assert go_on(ticket, origins=0) is SearchStop.ASKED_ONCE


def test_feeds_are_searched_by_a_worker(desk: Desk, web: Site) -> None:
    item = "<item><title>Varnholm salt exports</title><link>https://d.example/1</link></item>"
    url = web.add("/rss", f"<rss><channel>{item}</channel></rss>")
    switch_on(ProviderName.FEEDS, web, places=url)
    run_searches(plan_searches(open_one(desk.team, CLAIM)))
    found = SearchResult.objects.filter(search__provider=ProviderName.FEEDS)
    assert found.first().page.url == "https://d.example/1"  # type: ignore[union-attr]
    assert web.paths().count("/rss") == 1


def weigh_once(ticket: Ticket) -> Ticket:
    """The round's weighing, as the analyse queue does it."""
    settle_idle_tickets()
    Job.objects.filter(kind=JobKind.WEIGH, state=JobState.PENDING).update(due_at=timezone.now())
    (job,) = Job.objects.lease((JobKind.WEIGH,), limit=1, seconds=60)
    attempt(job, time.monotonic())
    return Ticket.objects.select_related("claim", "team").get(pk=ticket.pk)


def test_a_ticket_with_too_little_is_searched_for_again_and_then_ready(
    desk: Desk, web: Site, settings: Any
) -> None:
    settings.SEARCH_ROUNDS = 2
    switch_on(ProviderName.BRAVE, web)
    serve(web, BRAVE, [])
    ticket = plan_searches(open_one(desk.team, CLAIM))
    # Whose it will be makes no round a person's own.
    Ticket.objects.filter(pk=ticket.pk).update(assigned_to=desk.ben)
    run_searches(ticket)
    ticket = weigh_once(ticket)
    assert (ticket.state, ticket.round, ticket.search_stop) == (TicketState.GATHERING, 2, "")
    run_searches(ticket)
    ticket = weigh_once(ticket)
    assert (ticket.state, ticket.search_stop) == (TicketState.READY, SearchStop.BUDGET_SPENT)


def test_enough_evidence_ends_the_search(desk: Desk, web: Site) -> None:
    switch_on(ProviderName.BRAVE, web)
    serve(web, BRAVE, [])
    ticket = plan_searches(open_one(desk.team, CLAIM))
    told = {
        SourceType.OFFICIAL: "The harbour of Varnholm handled 70 per cent of salt exports in 2023.",
        SourceType.AGENCY: "In 2023 only 40 per cent of the salt exports left by Varnholm harbour.",
    }
    for kind, quote in told.items():
        page = add_evidence(ticket, quote, source_type=kind).passage.snapshot.page
        search = Search.objects.filter(ticket=ticket, provider="brave")[0]
        search.results.create(page=page, rank=1 + search.results.count())
    run_searches(ticket)
    ticket = weigh_once(ticket)
    assert (ticket.state, ticket.search_stop) == (TicketState.READY, SearchStop.ENOUGH)
