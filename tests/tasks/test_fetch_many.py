"""Many pages of many hosts, a tenth of which misbehave, with a worker killed among them.

The small brother of ``benchmarks/speed/fetch_many.py``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db.models.functions import Now

from benchmarks.speed.bad_web import FAULTS, WebRun, fault_of, running_web
from claims.models import Job, Page, Snapshot
from claims.vocabulary import FetchOutcome, FetchReason, JobKind, JobState
from tests.people import make_team
from tests.tasks.workers import Worker, work_until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.django_db(transaction=True),
]

HOSTS, URLS, BAD_SHARE = 60, 60, 1 / 6


@pytest.fixture
def web() -> Iterator[WebRun]:
    cache.clear()
    with running_web(HOSTS, BAD_SHARE) as running:
        yield running


def test_every_page_ends_with_a_copy_or_a_reason(web: WebRun, tmp_path: Path) -> None:
    team, urls = make_team("many"), web.urls(URLS)
    pages = Page.objects.bulk_create(Page(team=team, url=url, canonical_url=url) for url in urls)
    Job.objects.owe_many(JobKind.FETCH, [str(page.pk) for page in pages], team=team)
    environ = {
        "FACTCHECK_FETCH_ALLOW": web.pairs,
        "FACTCHECK_FETCH_DEADLINE_SECONDS": "1",
        "FACTCHECK_TASK_SOFT_LIMIT_SECONDS": "1.5",
        "FACTCHECK_TASK_HARD_LIMIT_SECONDS": "2",
        "FACTCHECK_JOB_LEASE_SECONDS": "20",
    }
    fetches = Job.objects.filter(kind=JobKind.FETCH)
    with Worker("fetch", tmp_path, **environ) as worker:
        work_until(lambda: Snapshot.objects.count() >= 10, 60, worker.told)
        worker.kill_tree()
        held = fetches.filter(state=JobState.LEASED).values_list("subject_id", flat=True)
        cut_off = {urls.index(page.url) for page in pages if page.pk in set(held)}
        worker.restart()

        def is_over() -> bool:
            # The pauses between attempts are not what this is about.
            fetches.filter(state=JobState.PENDING).update(due_at=Now())
            return not fetches.unfinished().exists()

        work_until(is_over, 150, worker.told)

    told = web.told()
    assert {fault_of(number, BAD_SHARE) for number in range(HOSTS)} == {"", *FAULTS}
    assert set(fetches.values_list("state", flat=True)) <= {JobState.DONE, JobState.FAILED}
    ends = Counter(Page.objects.values_list("outcome", flat=True))
    good = sum(not fault_of(number % HOSTS, BAD_SHARE) for number in range(URLS))
    assert ends[FetchOutcome.OK] == Snapshot.objects.count() == good
    assert ends[""] == 0
    reasons = set(Page.objects.exclude(outcome=FetchOutcome.OK).values_list("reason", flat=True))
    assert reasons <= set(FetchReason)
    # No host had two requests at a time, not even of the worker that was killed and the next.
    assert set(told["most"].values()) == {1}
    # Only what the dead worker held was asked for again, but for what may pass by itself.
    again = {
        int(place.rpartition("/")[2]) for place, all_of in told["asked"].items() if len(all_of) > 1
    }
    assert {number for number in again if not fault_of(number % HOSTS, BAD_SHARE)} <= cut_off
