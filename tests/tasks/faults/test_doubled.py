"""Every hint delivered five times to workers that lease in the same instant: one effect a key."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack
from pathlib import Path

import pytest
import redis
from django.conf import settings
from django.db import IntegrityError, transaction

from claims.models import Job, Snapshot
from claims.tasks.hints import WORK_FETCHES, hint
from claims.vocabulary import JobKind, JobState
from tests.people import make_desk
from tests.tasks.faults.load import environ_for, gathering, some_sites, tell
from tests.tasks.workers import Worker, count_jobs, wait_until, work_until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(240),
    pytest.mark.django_db(transaction=True),
]

PAGES = 12
DELIVERIES = 5


def fetch_with(fault: str, workers: int, folder: Path) -> tuple[Counter[int], Counter[str]]:
    """Snapshots per page and requests per path after so many workers were hinted at once."""
    server = redis.Redis.from_url(settings.REDIS_URL)
    server.delete("fault:barrier")
    with some_sites(2, least_seconds=0.1, most_seconds=0.2) as sites, ExitStack() as stack:
        environ = environ_for(*sites, FAULT=fault)
        running = [stack.enter_context(Worker("fetch", folder, **environ)) for _ in range(workers)]
        for worker in running:
            wait_until(lambda worker=worker: " ready." in worker.log.read_text(), 90, worker.told)
        urls = [sites[number % 2].url(f"/{number}") for number in range(PAGES)]
        gathering(make_desk().team, urls)
        assert hint(WORK_FETCHES, DELIVERIES * PAGES)
        work_until(lambda: count_jobs(JobKind.FETCH, JobState.DONE) == PAGES, 60)
        # Whoever else has the same work ends it too.
        for worker in running:
            worker.stop(60)
        asked = Counter(path for site in sites for path in site.paths() if path != "/robots.txt")
    return Counter(Snapshot.objects.values_list("page_id", flat=True)), asked


def test_five_deliveries_to_four_workers_at_a_barrier_have_one_effect(tmp_path: Path) -> None:
    kept, asked = fetch_with("barrier", 4, tmp_path)
    assert (len(kept), set(kept.values())) == (PAGES, {1})
    assert set(asked.values()) == {1}
    fetches = Job.objects.filter(kind=JobKind.FETCH)
    assert set(fetches.values_list("attempts", flat=True)) == {1}
    assert count_jobs(JobKind.READ, JobState.PENDING) == PAGES
    # And where all else failed, the database refuses a second row of a key.
    one = fetches[0]
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.create(team=one.team, kind=one.kind, key=one.key, subject_id=one.subject_id)
    tell("C2 doubled", messages=DELIVERIES * PAGES, workers=4, most_snapshots=1)


def test_control_without_lock_and_fence_pages_are_fetched_and_kept_twice(tmp_path: Path) -> None:
    kept, asked = fetch_with("unlocked", 2, tmp_path)
    assert max(kept.values()) > 1
    assert max(asked.values()) > 1
