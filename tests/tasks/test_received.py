"""What a worker received and had not yet kept when it was killed is not asked for again."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from django.db import connection, transaction

from claims.models import Job, Page, Snapshot
from claims.vocabulary import FetchOutcome, JobKind, JobState
from claims.workflow.gather.sharing import shared_server
from tests.people import make_team
from tests.site.server import Site
from tests.tasks.test_killed import environ_for
from tests.tasks.workers import Worker, count_jobs, wait_until, work_until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.django_db(transaction=True),
]
PAGES = 6


def test_a_page_that_was_received_is_not_asked_for_again(tmp_path: Path) -> None:
    team, server = make_team("received"), shared_server()
    with Site(robots="") as site:
        pages = [
            Page.objects.create(team=team, url=url, canonical_url=url)
            for url in (site.add(f"/{number}", f"<p>Salt {number}") for number in range(PAGES))
        ]
        environ = environ_for(site)
        Job.objects.owe_many(JobKind.FETCH, [str(page.pk) for page in pages], team=team)
        keys = {
            job.subject_id: f"factcheck:received:{job.pk}"
            for job in Job.objects.filter(kind=JobKind.FETCH)
        }
        with Worker("fetch", tmp_path, **environ) as worker:
            with transaction.atomic(), connection.cursor() as cursor:
                # Copies can be received, but not kept.
                cursor.execute("LOCK TABLE claims_snapshot IN EXCLUSIVE MODE")
                work_until(lambda: server.exists(*keys.values()) == PAGES, 90, worker.told)
                worker.kill_tree()
            assert count_jobs(JobKind.FETCH, JobState.DONE) == 0
            assert not Snapshot.objects.exists()
            # The control: pages whose note is gone are asked for again.
            unnoted = pages[::2]
            server.delete(*[keys[page.pk] for page in unnoted])
            worker.restart()
            work_until(lambda: count_jobs(JobKind.FETCH, JobState.DONE) == PAGES, 90, worker.told)
            # What was kept needs no note any more.
            wait_until(lambda: not server.exists(*keys.values()), 30)
        asked = Counter(site.paths())
    again = {page.url.rpartition("/")[2] for page in unnoted}
    assert {path for path, count in asked.items() if count == 2} == {f"/{one}" for one in again}
    assert {path for path, count in asked.items() if count > 2} == set()
    kept = Counter(Snapshot.objects.values_list("page_id", flat=True))
    assert kept == {page.pk: 1 for page in pages}
    assert set(Page.objects.values_list("outcome", flat=True)) == {FetchOutcome.OK}
    # Each keeps the time of its own fetch.
    times = Snapshot.objects.in_bulk(field_name="id").values()
    early = {one.page_id for one in times if one.page_id not in {page.pk for page in unnoted}}
    late_start = min(one.fetched_at for one in times if one.page_id not in early)
    assert all(one.fetched_at < late_start for one in times if one.page_id in early)
