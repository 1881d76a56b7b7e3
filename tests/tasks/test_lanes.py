"""Lanes: what waits for one host takes nothing from the others."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.db import transaction
from django.db.models.functions import Now

from claims.models import Job, Page, Snapshot, Team
from claims.tasks import work_fetches
from claims.tasks.fetching import THREADS, begin_looks
from claims.tasks.lanes import ALL_LENGTH, LANE_LENGTH, Lanes
from claims.tasks.stopping import STOPPING
from claims.vocabulary import JobKind, JobState
from claims.workflow.gather import Look, Looked
from claims.workflow.gather.providers import page_client
from tests.people import make_team
from tests.site.server import Exchange, Site

SLOW_SECONDS = 0.3


def looks(lane: str, count: int, pause_seconds: float = 0.0) -> list[Look]:
    jobs = [Job(pk=number, key=f"{lane}{number}") for number in range(count)]
    return [Look(job, partial(Looked, job), lane, pause_seconds) for job in jobs]


def test_a_host_has_one_look_at_a_time_and_its_pause() -> None:
    lanes = Lanes()
    lanes.add([*looks("slow.example", 3, pause_seconds=1.0), *looks("quick.example", 1)], now=0.0)
    first = lanes.take(10, now=0.0)
    assert sorted(look.lane for look in first) == ["quick.example", "slow.example"]
    assert lanes.take(10, now=5.0) == []
    slow = next(look for look in first if look.lane == "slow.example")
    assert lanes.end(slow, now=5.0, may_follow=True) is None
    assert lanes.seconds_until_open(now=5.0) == 1.0
    assert lanes.take(10, now=5.5) == []
    assert [look.lane for look in lanes.take(10, now=6.0)] == ["slow.example"]


def test_without_a_pause_the_next_one_follows_in_the_same_thread() -> None:
    lanes = Lanes()
    lanes.add(looks("allowed.example", 2), now=0.0)
    (first,) = lanes.take(10, now=0.0)
    second = lanes.end(first, now=0.1, may_follow=True)
    assert second is not None
    assert second.job.pk == 1
    assert lanes.end(second, now=0.2, may_follow=True) is None
    assert (len(lanes), lanes.running) == (0, [])


def test_who_waits_is_known_before_anybody_begins_it() -> None:
    lanes = Lanes()
    paused, quick = looks("paused.example", 3, 1.0), looks("quick.example", 3)
    lanes.add([*paused, *quick], now=0.0)
    # No thread is free: all wait, and none goes on by itself.
    may, may_not = lanes.hold_back()
    assert (may, len(may_not)) == ([], 6)
    first = lanes.take(10, now=0.0)
    # A host with a pause is begun by the main thread; without one its thread goes on.
    may, may_not = lanes.hold_back()
    assert (may, may_not) == ([quick[1].job, quick[2].job], [])
    here = next(look for look in first if look.lane == "quick.example")
    # Not before that is said, though.
    assert lanes.end(here, now=0.1, may_follow=True) is None
    for job in may:
        job.is_waiting = False
    (here,) = lanes.take(10, now=0.2)
    assert lanes.end(here, now=0.3, may_follow=True) is quick[2]
    assert lanes.hold_back() == ([], [])


@pytest.mark.django_db
def test_a_worker_s_death_is_charged_to_what_had_begun_alone() -> None:
    team, lanes = make_team("lanes"), Lanes()
    Job.objects.owe_many(JobKind.FETCH, [str(number) for number in range(6)], team=team)
    jobs = Job.objects.lease((JobKind.FETCH,), limit=6, seconds=60)
    for lane, pause, here in (("paused", 5.0, jobs[:3]), ("quick", 0.0, jobs[3:])):
        lanes.add([Look(job, partial(Looked, job), lane, pause) for job in here], time.monotonic())

    def charged() -> list[int]:
        """Who is, if the worker dies now."""
        with transaction.atomic():
            Job.objects.update(lease_until=Now() - timedelta(seconds=1))
            assert Job.objects.retake_expired() == (6, [])
            found = list(Job.objects.order_by("pk").values_list("attempts", flat=True))
            transaction.set_rollback(True)
        return found

    # Nothing is said yet: what plans them may be what dies of them.
    assert charged() == [1] * 6
    begun = begin_looks(lanes, 10)
    assert [look.job for look in begun] == [jobs[0], jobs[3]]
    assert charged() == [1, 0, 0, 1, 1, 1]
    lanes.end(begun[0], time.monotonic() - 10, may_follow=False)
    assert [look.job for look in begin_looks(lanes, 10)] == [jobs[1]]
    assert charged() == [1, 1, 0, 1, 1, 1]


def test_what_does_not_fit_goes_to_the_end_of_its_hosts_line() -> None:
    lanes = Lanes()
    left_over = lanes.add(looks("flooded.example", LANE_LENGTH + 3, pause_seconds=2.0), now=100.0)
    assert len(lanes) == LANE_LENGTH
    assert [seconds for _, seconds in left_over] == [2.0 * (LANE_LENGTH + n) for n in (1, 2, 3)]
    # Those of the next batch stand behind them, however soon it comes.
    (late, *_) = lanes.add(looks("flooded.example", 1, pause_seconds=2.0), now=101.0)
    assert late[1] == pytest.approx(2.0 * (LANE_LENGTH + 4) - 1.0)


def test_all_lanes_together_are_short_too_and_searches_of_the_database_wait_for_nobody() -> None:
    lanes = Lanes()
    many = [look for host in range(ALL_LENGTH) for look in looks(f"{host}.example", 2)]
    assert len(lanes.add(many, now=0.0)) == ALL_LENGTH
    assert lanes.add(looks("", 50), now=0.0) == []
    assert sum(look.lane == "" for look in lanes.take(1000, now=0.0)) == 50


def test_what_waited_too_long_is_given_back() -> None:
    lanes = Lanes()
    lanes.add(looks("slow.example", 2), now=0.0)
    lanes.take(10, now=0.0)
    assert lanes.drop(29.0) == []
    assert [job.pk for job in lanes.drop(30.0)] == [1]
    assert len(lanes) == 0


@pytest.fixture
def sites(settings: LazySettings) -> Iterator[tuple[Site, Site]]:
    """Two hosts that may be asked; the client of this process knows them."""
    with Site() as slow, Site() as quick:
        settings.FETCH_ALLOW = (slow.address, quick.address)
        cache.clear()
        page_client.cache_clear()
        yield slow, quick
    page_client.cache_clear()
    cache.clear()


def owe_pages(team: Team, site: Site, count: int) -> None:
    urls = [site.url(f"/page?n={number}") for number in range(count)]
    pages = Page.objects.bulk_create(Page(team=team, url=url, canonical_url=url) for url in urls)
    Job.objects.owe_many(JobKind.FETCH, [str(page.pk) for page in pages], team=team)


@pytest.mark.django_db(transaction=True)
def test_a_slow_host_with_many_pages_holds_up_nobody(sites: tuple[Site, Site]) -> None:
    slow, quick = sites

    def serve_slowly(x: Exchange) -> None:
        x.wait(SLOW_SECONDS)
        x.answer("<p>late")

    slow.add("/page", serve_slowly)
    quick.add("/page", lambda x: x.answer("<p>soon"))
    team = make_team("lanes")
    # More than there are threads, and due before the others: without lanes all would wait here.
    owe_pages(team, slow, THREADS + 50)
    owe_pages(team, quick, 20)

    def stop_when_quick_is_done() -> None:
        for _ in range(600):
            if sum(one.ended > 0 for one in quick.seen if one.path == "/page") == 20:
                break
            time.sleep(0.1)
        STOPPING.set()

    watcher = threading.Thread(target=stop_when_quick_is_done)
    watcher.start()
    work_fetches()
    watcher.join()
    STOPPING.clear()
    last_quick = max(one.ended for one in quick.seen)
    asked = sorted((one.started, one.ended) for one in slow.seen if one.path == "/page")
    assert sum(end < last_quick for _, end in asked) <= 10
    assert all(begin >= end - 0.05 for (_, end), (begin, _) in itertools.pairwise(asked))
    # What had not begun is owed still, uncounted, each in its turn.
    left = Job.objects.filter(kind=JobKind.FETCH).exclude(state=JobState.DONE)
    assert (
        left.count()
        == THREADS + 50 - Snapshot.objects.filter(final_url__contains=f":{slow.port}/").count()
    )
    assert set(left.values_list("state", "attempts")) == {(JobState.PENDING, 0)}
    assert len(set(left.values_list("due_at", flat=True))) > 100
