"""Politeness: one at a time, a pause after each, and leases that end."""

from __future__ import annotations

import threading
import time
from itertools import pairwise

import pytest

from claims.web.errors import HostBusy
from claims.web.robots import MemoryRobotsStore, Robots
from claims.web.throttle import MemoryThrottleStore, Throttle, throttle_key
from tests.site.server import Site
from tests.web.conftest import MakeClient


def test_a_host_is_entered_once_at_a_time() -> None:
    throttle = Throttle(MemoryThrottleStore(), delay_seconds=0.0)
    assert throttle.try_enter("a") == 0.0
    assert throttle.try_enter("a") > 0.0
    assert throttle.try_enter("b") == 0.0
    throttle.leave("a")
    assert throttle.try_enter("a") == 0.0


def test_a_pause_follows_each_request() -> None:
    throttle = Throttle(MemoryThrottleStore(), delay_seconds=0.2)
    throttle.try_enter("a")
    time.sleep(0.1)
    throttle.leave("a")
    assert 0.15 < throttle.try_enter("a") <= 0.2


def test_a_dead_holder_blocks_no_longer_than_its_lease() -> None:
    throttle = Throttle(MemoryThrottleStore(), delay_seconds=0.0, lease_seconds=0.1)
    throttle.try_enter("a")
    assert throttle.try_enter("a") > 0.0
    time.sleep(0.12)
    assert throttle.try_enter("a") == 0.0


def test_own_delays_and_crawl_delay() -> None:
    throttle = Throttle(MemoryThrottleStore(), delay_seconds=1.0, own_delays={"a:81": 0.0})
    throttle.try_enter("a:81", crawl_delay_seconds=9)
    throttle.leave("a:81", crawl_delay_seconds=9)
    assert throttle.try_enter("a:81") == 0.0
    throttle.try_enter("b", crawl_delay_seconds=9)
    throttle.leave("b", crawl_delay_seconds=9)
    assert 8 < throttle.try_enter("b") <= 9
    throttle.try_enter("c", crawl_delay_seconds=10_000)
    throttle.leave("c", crawl_delay_seconds=10_000)
    assert throttle.try_enter("c") <= 30


def test_concurrency_can_be_more_than_one() -> None:
    throttle = Throttle(MemoryThrottleStore(), delay_seconds=0.0, concurrency=2)
    assert [throttle.try_enter("a") > 0 for _ in range(3)] == [False, False, True]


def test_thousands_of_idle_hosts_are_forgotten() -> None:
    store = MemoryThrottleStore()
    throttle = Throttle(store, delay_seconds=0.0)
    for number in range(3000):
        throttle.try_enter(str(number))
        throttle.leave(str(number))
    assert len(store._hosts) <= 1000


@pytest.mark.parametrize(("port", "key"), [(80, "a"), (443, "a"), (8080, "a:8080")])
def test_the_key_of_a_host(port: int, key: str) -> None:
    assert throttle_key("a", port) == key


def test_the_server_never_sees_two_at_once_nor_too_soon(
    site: Site, make_client: MakeClient
) -> None:
    throttle = Throttle(MemoryThrottleStore(), delay_seconds=0.05)
    client = make_client(
        throttle=throttle,
        robots=Robots(MemoryRobotsStore()),
        deadline_seconds=5,
        patience_seconds=5,
    )
    threads = [
        threading.Thread(target=client.fetch, args=(site.url("/slow?seconds=0.02"),))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    visits = sorted(site.seen, key=lambda seen: seen.started)
    assert [visit.path for visit in visits] == ["/robots.txt"] + ["/slow"] * 8
    gaps = [later.started - earlier.ended for earlier, later in pairwise(visits)]
    assert min(gaps) >= 0.04


def test_who_would_wait_too_long_is_sent_away(site: Site, make_client: MakeClient) -> None:
    throttle = Throttle(MemoryThrottleStore(), delay_seconds=60)
    client = make_client(throttle=throttle, patience_seconds=0.1)
    client.fetch(site.url("/article"))
    started = time.monotonic()
    with pytest.raises(HostBusy) as caught:
        client.fetch(site.url("/article"))
    assert time.monotonic() - started < 0.5
    assert caught.value.is_retryable
    assert 50 < (caught.value.retry_after_seconds or 0) <= 60
    assert site.paths() == ["/article"]


def test_a_failed_fetch_gives_its_place_back(site: Site, make_client: MakeClient) -> None:
    client = make_client(throttle=Throttle(MemoryThrottleStore(), delay_seconds=0.0))
    for _ in range(3):
        with pytest.raises(Exception, match="fault"):
            client.fetch(site.url("/status?code=500"))
    assert len(site.seen) == 3
