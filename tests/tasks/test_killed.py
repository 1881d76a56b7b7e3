"""Workers killed in mid-work: no job lost, nothing kept twice; and a control that loses."""

from __future__ import annotations

import os
import signal
import threading
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db.models.functions import Now

from claims.models import Evidence, Job, Page, Search, SearchResult, Snapshot, Team, Ticket
from claims.models.job import MAX_ATTEMPTS
from claims.tasks import nudge, sweep_jobs
from claims.vocabulary import JobKind, JobState, SearchOutcome, SearchPurpose, TicketState
from tests.people import make_desk, open_one
from tests.site.server import Exchange, Site
from tests.tasks.workers import (
    Worker,
    all_jobs_ended,
    count_jobs,
    tell_jobs,
    wait_until,
    work_until,
)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.django_db(transaction=True),
]

PAGES = 12
TEXT = "The harbour of Varnholm handled 48,000 tonnes of salt in 2023, the yearbook shows. "


def gathering_ticket(team: Team, site: Site, paths: list[str]) -> Ticket:
    """A ticket whose search has found these pages, their fetches owed."""
    ticket = open_one(team, "The harbour of Varnholm handled 48,000 tonnes of salt in 2023.")
    Ticket.objects.filter(pk=ticket.pk).update(state=TicketState.GATHERING)
    search = Search.objects.create(
        ticket=ticket,
        provider="cited",
        purpose=SearchPurpose.CITED,
        outcome=SearchOutcome.FOUND,
    )
    for rank, path in enumerate(paths, start=1):
        page = Page.objects.create(team=team, url=site.url(path), canonical_url=site.url(path))
        SearchResult.objects.create(search=search, page=page, rank=rank)
        Job.objects.owe(JobKind.FETCH, str(page.pk), team=team)
    return ticket


def run_out_leases() -> None:
    """As if the lease's time had passed."""
    Job.objects.filter(state=JobState.LEASED).update(lease_until=Now() - timedelta(seconds=1))


def environ_for(*sites: Site) -> dict[str, str]:
    cache.clear()
    return {
        "FACTCHECK_FETCH_ALLOW": ",".join(f"127.0.0.1:{site.port}" for site in sites),
        "FACTCHECK_FETCH_DEADLINE_SECONDS": "2",
        "FACTCHECK_TASK_SOFT_LIMIT_SECONDS": "2.5",
        "FACTCHECK_TASK_HARD_LIMIT_SECONDS": "3",
        "FACTCHECK_JOB_LEASE_SECONDS": "4",
    }


def test_a_fetch_worker_killed_in_mid_fetch_loses_and_doubles_nothing(tmp_path: Path) -> None:
    is_open = threading.Event()
    body = f"<html><body><article><p>{TEXT * 10}</p></article></body></html>"

    def answer(exchange: Exchange) -> None:
        while not is_open.is_set() and exchange.wait(0.05):
            pass
        exchange.answer(body.replace("Varnholm", exchange.request.path))

    with Site() as first, Site() as second:
        sites = (first, second)
        for site in sites:
            for number in range(PAGES):
                site.add(f"/{number}", answer)
        team = make_desk().team
        for site in sites:
            paths = [f"/{number}" for number in range(PAGES // 2)]
            for path in paths:
                page = Page.objects.create(
                    team=team, url=site.url(path), canonical_url=site.url(path)
                )
                Job.objects.owe(JobKind.FETCH, str(page.pk), team=team)
        with Worker("fetch", tmp_path, **environ_for(*sites)) as worker:

            def is_fetching() -> bool:
                nudge((JobKind.FETCH,))
                return bool(set(first.paths()) - {"/robots.txt"})

            wait_until(is_fetching, 90, worker.told)
            worker.kill_tree()
            assert count_jobs(JobKind.FETCH, JobState.LEASED) == PAGES
            assert Snapshot.objects.count() == 0

            # Control: without the sweep a restarted worker never sees them again.
            is_open.set()
            cache.clear()
            worker.restart()
            wait_until(lambda: worker.log.read_text().count(" ready.") == 2, 90, worker.told)
            for _ in range(10):
                nudge((JobKind.FETCH,))
                threading.Event().wait(0.45)
            assert count_jobs(JobKind.FETCH, JobState.LEASED) == PAGES
            assert Snapshot.objects.count() == 0

            work_until(lambda: count_jobs(JobKind.FETCH, JobState.DONE) == PAGES, 90, worker.told)
            assert worker.stop(60) < 30
    assert set(Job.objects.filter(kind=JobKind.FETCH).values_list("attempts", flat=True)) == {2}
    snapshots = Counter(Snapshot.objects.values_list("page_id", flat=True))
    assert (len(snapshots), set(snapshots.values())) == (PAGES, {1})
    assert count_jobs(JobKind.READ, JobState.PENDING) == PAGES


def test_an_analyse_worker_killed_in_mid_read_loses_and_doubles_nothing(tmp_path: Path) -> None:
    body = f"<html><body><article><p>{TEXT * 10}</p></article></body></html>"
    with Site() as site:
        paths = [f"/{number}" for number in range(6)]
        for path in paths:
            site.add(path, body.replace("Varnholm", f"Varnholm {path}"))
        team = make_desk().team
        gathering_ticket(team, site, paths)
        environ = {**environ_for(site)}
        for name in ("TASK_SOFT_LIMIT", "TASK_HARD_LIMIT", "JOB_LEASE", "FETCH_DEADLINE"):
            del environ[f"FACTCHECK_{name}_SECONDS"]
        with Worker("fetch", tmp_path, **environ) as fetch:
            work_until(lambda: count_jobs(JobKind.READ, JobState.PENDING) == 6, 90, fetch.told)
        with Worker("analyse", tmp_path, **environ) as analyse:

            def is_reading() -> bool:
                nudge((JobKind.READ,))
                return count_jobs(JobKind.READ, JobState.LEASED) > 0

            # The whole tree, then one pool process alone.
            wait_until(is_reading, 90, analyse.told)
            analyse.kill_tree()
            assert Snapshot.objects.filter(read_at__isnull=False).count() < 6
            analyse.restart()
            run_out_leases()
            sweep_jobs()
            wait_until(is_reading, 90, analyse.told)
            for child in analyse.children():
                os.kill(child, signal.SIGKILL)
            wait_until(lambda: bool(analyse.children()), 20, analyse.told)
            run_out_leases()
            work_until(
                lambda: all_jobs_ended() and Ticket.objects.get().state == TicketState.READY,
                60,
                analyse.told,
            )
    reads = Job.objects.filter(kind=JobKind.READ)
    assert set(reads.values_list("state", flat=True)) == {JobState.DONE}, tell_jobs()
    assert 1 < max(reads.values_list("attempts", flat=True)) <= MAX_ATTEMPTS
    assert Snapshot.objects.filter(read_at__isnull=False).count() == Snapshot.objects.count() == 6
    passages = Counter(Evidence.objects.values_list("passage_id", flat=True))
    assert set(passages.values()) == {1}
    numbers = list(Evidence.objects.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
