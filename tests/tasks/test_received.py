"""What a worker received and had not yet kept when it was killed is not asked for again."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from django.db import connection, transaction

from claims.models import Job, Page, Provider, Search, SearchResult, Snapshot, Team, Ticket
from claims.vocabulary import (
    FetchOutcome,
    JobKind,
    JobState,
    ProviderName,
    SearchOutcome,
    SearchPurpose,
    TicketState,
)
from claims.workflow.gather.sharing import shared_server
from tests.people import make_team, open_one
from tests.site.server import Site
from tests.tasks.test_killed import environ_for
from tests.tasks.workers import Worker, count_jobs, wait_until, work_until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.django_db(transaction=True),
]
PAGES = 6
STAMP, KEY, BRAVE = "20230503120000", "k3y-of-the-desk", "/res/v1/web/search"
# Search services, an archive's index and its copy: so many answers.
ANSWERS = 4


def serve_archive(archive: Site, url: str) -> str:
    """Let the archive have a copy of the page; gives the path of its bytes."""
    closest = {"available": True, "status": "200", "timestamp": STAMP, "url": "x"}
    archive.add("/wayback/available", json.dumps({"archived_snapshots": {"closest": closest}}))
    path = f"/web/{STAMP}id_/{url}"
    archive.add(path, "<p>Salt as it was</p>")
    return path


def owe_searches(team: Team, site: Site, archive: Site) -> tuple[Search, Search]:
    """Two questions to a service, which finds one page for each."""
    row = {"url": "https://gazette.example/salt", "title": "Salt"}
    site.add(BRAVE, json.dumps({"web": {"results": [row]}}))
    for name, place in ((ProviderName.BRAVE, site), (ProviderName.WAYBACK, archive)):
        Provider.objects.filter(name=name).update(is_on=True, base_url=place.url(""), key=KEY)
    ticket = open_one(team)
    Ticket.objects.filter(pk=ticket.pk).update(state=TicketState.GATHERING)
    first, second = (
        Search.objects.create(
            ticket=ticket, provider="brave", query=words, purpose=SearchPurpose.SUPPORT
        )
        for words in ("salt exports", "salt imports")
    )
    Job.objects.owe_many(JobKind.SEARCH, [str(first.pk), str(second.pk)], team=team)
    return first, second


def test_what_was_received_is_not_asked_for_again(tmp_path: Path) -> None:
    team, server = make_team("received"), shared_server()
    with Site(robots="") as site, Site(robots="") as archive:
        *pages, dead = [
            Page.objects.create(team=team, url=url, canonical_url=url)
            for url in (site.add(f"/{number}", f"<p>Salt {number}") for number in range(PAGES + 1))
        ]
        copy = serve_archive(archive, dead.url)
        noted, unnoted_search = owe_searches(team, site, archive)
        Job.objects.owe_many(JobKind.FETCH, [str(page.pk) for page in pages], team=team)
        Job.objects.owe(JobKind.FETCH, f"{dead.pk}:2026-01-01:archived", team=team)
        owed = list(Job.objects.filter(kind__in=(JobKind.FETCH, JobKind.SEARCH)))
        keys = {(job.kind, job.subject_id): f"factcheck:received:{job.pk}" for job in owed}
        of_pages = [keys[JobKind.FETCH, page.pk] for page in pages]
        of_services = sorted({*keys.values()} - {*of_pages})

        def is_all_noted() -> bool:
            told = sum(server.hlen(key) for key in of_services)
            return told == ANSWERS and server.exists(*of_pages) == PAGES

        def is_over() -> bool:
            return not Job.objects.filter(pk__in=[job.pk for job in owed]).unfinished().exists()

        with Worker("fetch", tmp_path, **environ_for(site, archive)) as worker:
            with transaction.atomic(), connection.cursor() as cursor:
                # Answers can be received, but not kept.
                cursor.execute("LOCK TABLE claims_snapshot, claims_searchresult IN EXCLUSIVE MODE")
                work_until(is_all_noted, 90, worker.told)
                worker.kill_tree()
            assert count_jobs(JobKind.FETCH, JobState.DONE) == 0
            assert count_jobs(JobKind.SEARCH, JobState.DONE) == 0
            assert not Snapshot.objects.exists()
            assert not any(
                KEY.encode() in line for key in of_services for line in server.hvals(key)
            )
            # The control: what is not noted is asked for again.
            unnoted = pages[::2]
            server.delete(*[keys[JobKind.FETCH, page.pk] for page in unnoted])
            server.delete(keys[JobKind.SEARCH, unnoted_search.pk])
            worker.restart()
            work_until(is_over, 90, worker.told)
            # What was kept needs no note any more.
            wait_until(lambda: not server.exists(*keys.values()), 30)
        asked = Counter(one.query["q"] if one.path == BRAVE else one.path for one in site.seen)
        asked_of_archive = Counter(archive.paths())
    again = {f"/{page.url.rpartition('/')[2]}" for page in unnoted} | {unnoted_search.query}
    assert {path for path, count in asked.items() if count == 2} == again
    assert {path for path, count in asked.items() if count > 2} == set()
    assert asked[noted.query] == 1
    assert asked_of_archive == {"/robots.txt": 1, "/wayback/available": 1, copy: 1}
    outcomes = Search.objects.filter(ticket=noted.ticket).values_list("outcome", "result_count")
    assert set(outcomes) == {(SearchOutcome.FOUND, 1)}
    assert SearchResult.objects.filter(search__ticket=noted.ticket).count() == 2
    kept = Counter(Snapshot.objects.values_list("page_id", flat=True))
    assert kept == {page.pk: 1 for page in (*pages, dead)}
    fetched = Page.objects.filter(pk__in=kept)
    assert set(fetched.values_list("outcome", flat=True)) == {FetchOutcome.OK}
    stands_in = Snapshot.objects.get(page=dead).archived_at
    assert stands_in is not None
    assert f"{stands_in:%Y%m%d%H%M%S}" == STAMP
    # Each keeps the time of its own fetch.
    times = Snapshot.objects.filter(page__in=pages)
    early = {one.page_id for one in times if one.page_id not in {page.pk for page in unnoted}}
    late_start = min(one.fetched_at for one in times if one.page_id not in early)
    assert all(one.fetched_at < late_start for one in times if one.page_id in early)
