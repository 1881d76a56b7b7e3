"""However many servers send their utmost at once, few of their bodies grow heavy."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from claims.web.answers import Fetched
from claims.web.bodies import LIGHT_BYTES, HeavyRoom, collect_body
from claims.web.errors import FetchError, HostBusy
from tests.site.server import Exchange, Site
from tests.web.conftest import MakeClient

SERVERS, PLACES, MAX_BYTES = 6, 2, 4 * LIGHT_BYTES


@pytest.mark.parametrize(("is_gzip", "is_bounded"), [(False, True), (True, True), (False, False)])
def test_few_grow_at_once_and_the_others_in_their_turn(is_gzip: bool, is_bounded: bool) -> None:
    """Without the room, the control, all grow at once."""
    room, may_end = HeavyRoom(PLACES), threading.Event()
    heavy = threading.Semaphore(0)
    body = b"x" * (2 * LIGHT_BYTES)
    sent = gzip.compress(body) if is_gzip else body

    def chunks() -> Iterator[bytes]:
        yield sent[: len(sent) - 1]
        heavy.release()  # asked for more: the body has grown
        may_end.wait(30)
        yield sent[-1:]

    def collect(_: int) -> int:
        with room.entrance(lambda: 30.0) as enter:
            collected, _ = collect_body(
                chunks(),
                is_gzip=is_gzip,
                max_bytes=MAX_BYTES,
                enter_heavy=enter if is_bounded else lambda: None,
            )
            return len(collected)

    with ThreadPoolExecutor(SERVERS) as pool:
        collected = [pool.submit(collect, number) for number in range(SERVERS)]
        for _ in range(PLACES if is_bounded else SERVERS):
            assert heavy.acquire(timeout=30)
        assert not heavy.acquire(timeout=0.2)
        may_end.set()
        assert [one.result(30) for one in collected] == [len(body)] * SERVERS


def test_who_finds_no_place_in_time_is_told_to_come_again(
    site: Site, make_client: MakeClient
) -> None:
    client = make_client(deadline_seconds=1.0, max_bytes=MAX_BYTES)
    client._heavy = HeavyRoom(1)
    site.add("/large", "<p>" + "x" * 2 * LIGHT_BYTES)
    with client._heavy.entrance(lambda: 1.0) as enter:
        enter()
        with pytest.raises(HostBusy) as told:
            client.fetch(site.url("/large"))
        # A light page needs no place.
        assert client.fetch(site.url("/article")).body
    assert told.value.retry_after_seconds
    assert len(client.fetch(site.url("/large")).body) > LIGHT_BYTES


def test_what_takes_an_answer_has_it_before_the_connection_is_closed(
    site: Site, make_client: MakeClient
) -> None:
    is_taken, is_closed, in_order = threading.Event(), threading.Event(), []

    def answer(exchange: Exchange) -> None:
        exchange.answer("<p>text")
        exchange.connection.recv(1)  # ends when the client closes
        in_order.append(is_taken.is_set())
        is_closed.set()

    def take(fetched: Fetched) -> None:
        assert not is_closed.wait(0.1)
        assert (fetched.body, fetched.requested_url) == (b"<p>text", url)
        is_taken.set()

    url = site.add("/taken", answer)
    make_client().fetch(url, take=take)
    assert is_closed.wait(30)
    assert in_order == [True]


def test_a_fault_in_taking_is_no_fault_of_the_host(site: Site, make_client: MakeClient) -> None:
    def take(_: Fetched) -> None:
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="the disk is full"):
        make_client().fetch(site.url("/article"), take=take)
    with pytest.raises(FetchError):
        make_client().fetch(site.url("/missing"), take=take)
