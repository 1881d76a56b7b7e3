"""What servers do wrong: every fault ends soon, within its bounds, with its reason."""

from __future__ import annotations

import gzip
import socket
import time
import tracemalloc

import pytest

from claims.vocabulary import FetchOutcome, FetchReason
from claims.web.client import Client
from claims.web.errors import FetchError
from tests.site.routes import ARTICLE, make_double_bomb
from tests.site.server import Site
from tests.web.conftest import MakeClient

FAULTS = {
    "/silent": "timed_out",
    "/silent-head": "timed_out",
    "/drip-status": "timed_out",
    "/drip-headers": "timed_out",
    "/drip-body": "timed_out",
    "/drip-chunks": "timed_out",
    "/drip-100": "timed_out",
    "/redirect-slow": "timed_out",
    "/endless-100": "response_invalid",
    "/endless-headers": "response_invalid",
    "/endless-header-line": "response_invalid",
    "/many-headers": "response_invalid",
    "/not-http": "response_invalid",
    "/bad-chunk": "response_invalid",
    "/length-lie-long": "response_invalid",
    "/gzip-cut": "response_invalid",
    "/hang-up": "connection_failed",
    "/flood-body": "too_large",
    "/flood-chunks": "too_large",
    "/flood-trailers": "too_large",
    "/length-lie-huge": "too_large",
    "/length-lie-absurd": "too_large",
    "/bomb-gzip": "too_large",
    "/big-9MB": "too_large",
    "/bomb-gzip-gzip": "encoding_refused",
    "/gzip-broken": "encoding_refused",
    "/encoded?name=br": "encoding_refused",
    "/encoded?name=zstd": "encoding_refused",
    "/encoded?name=deflate": "encoding_refused",
    "/encoded?name=gzip,br": "encoding_refused",
    "/bomb-br": "encoding_refused",
    "/bomb-zstd": "encoding_refused",
    "/bomb-br-untold": "type_refused",
    "/bomb-zstd-untold": "type_refused",
    "/drip-by-second": "timed_out",
    "/zip": "type_refused",
    "/svg": "type_refused",
    "/xml-laughs": "type_refused",
    "/typed?type=image/png": "type_refused",
    "/typed?type=application/pdf": "type_refused",
    "/typed?type=text/xml": "type_refused",
}


@pytest.mark.parametrize(("path", "reason"), FAULTS.items())
def test_a_fault_ends_in_time_with_its_reason(
    site: Site, make_client: MakeClient, path: str, reason: str
) -> None:
    make_double_bomb()  # takes the server a while, once
    # What ends by its size must not be ended by the clock of a busy machine.
    seconds = 0.4 if reason == "timed_out" else 5.0
    client = make_client(deadline_seconds=seconds, read_seconds=0.8 * seconds)
    started = time.monotonic()
    with pytest.raises(FetchError) as caught:
        client.fetch(site.url(path))
    assert time.monotonic() - started < client.limits.deadline_seconds + 0.5
    assert caught.value.reason is FetchReason(reason)
    assert str(caught.value)


@pytest.mark.parametrize(
    ("code", "reason", "is_retryable"),
    [
        (400, "client_error", False),
        (401, "needs_login", False),
        (402, "needs_payment", False),
        (403, "forbidden", False),
        (404, "not_found", False),
        (410, "gone", False),
        (418, "client_error", False),
        (429, "rate_limited", True),
        (451, "forbidden", False),
        (500, "server_error", True),
        (503, "server_error", True),
        (204, "response_invalid", False),
        (206, "response_invalid", False),
        (999, "response_invalid", False),
    ],
)
def test_a_status_has_its_reason(
    site: Site, client: Client, code: int, reason: str, is_retryable: bool
) -> None:
    with pytest.raises(FetchError) as caught:
        client.fetch(site.url(f"/status?code={code}&retry_after=120"))
    error = caught.value
    assert (error.reason, error.is_retryable) == (reason, is_retryable)
    assert (error.status, error.retry_after_seconds) == (code, 120.0)
    assert error.outcome is FetchOutcome.FAILED


@pytest.mark.parametrize(
    ("header", "low", "high"),
    [
        ("Fri, 31 Dec 2100 23:59:59 GMT", 86400, 86400),
        ("Fri, 31 Dec 1999 23:59:59 GMT", 0, 0),
        ("99999999999999999999", 86400, 86400),
    ],
)
def test_retry_after_is_bounded(
    site: Site, client: Client, header: str, low: float, high: float
) -> None:
    site.add("/busy", lambda x: x.answer(status=503, headers=(("Retry-After", header),)))
    with pytest.raises(FetchError) as caught:
        client.fetch(site.url("/busy"))
    assert low <= (caught.value.retry_after_seconds or 0) <= high


@pytest.mark.parametrize("header", ["soon", "-1", "1e9", "Fri, 99 Foo 2100", "٣", ""])
def test_nonsense_after_retry_after_is_nothing(site: Site, client: Client, header: str) -> None:
    raw = header.encode().decode("latin-1")
    site.add("/busy", lambda x: x.answer(status=503, headers=(("Retry-After", raw),)))
    with pytest.raises(FetchError) as caught:
        client.fetch(site.url("/busy"))
    assert caught.value.retry_after_seconds is None


def test_nobody_listening(make_client: MakeClient) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    client = make_client(allow=frozenset({("127.0.0.1", port)}))
    with pytest.raises(FetchError) as caught:
        client.fetch(f"http://127.0.0.1:{port}/")
    assert caught.value.reason is FetchReason.CONNECTION_FAILED
    assert caught.value.is_retryable


def test_nine_honest_megabytes_come_through_whole(site: Site, make_client: MakeClient) -> None:
    client = make_client(max_bytes=10 << 20, deadline_seconds=15, read_seconds=10)
    fetched = client.fetch(site.url("/big-9MB"))
    assert len(fetched.body) > 9_000_000
    assert fetched.body.endswith(b"<p>the end</p>")
    assert not fetched.is_cut


def test_a_bomb_costs_no_more_memory_than_the_cap(site: Site, make_client: MakeClient) -> None:
    bomb = gzip.compress(b" " * (200 << 20), 9)
    site.add("/bomb", bomb, headers=(("Content-Encoding", "gzip"),))
    client = make_client(deadline_seconds=10)
    tracemalloc.start()
    with pytest.raises(FetchError):
        client.fetch(site.url("/bomb"))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 12 << 20


def test_a_page_of_exactly_the_cap_is_kept(site: Site, make_client: MakeClient) -> None:
    site.add("/exact", b"a" * 5000, content_type="text/plain")
    assert len(make_client(max_bytes=5000).fetch(site.url("/exact")).body) == 5000
    with pytest.raises(FetchError) as caught:
        make_client(max_bytes=4999).fetch(site.url("/exact"))
    assert caught.value.reason is FetchReason.TOO_LARGE


def test_gzip_in_several_members_and_with_padding(site: Site, client: Client) -> None:
    body = gzip.compress(b"<p>one</p>") + gzip.compress(b"<p>two</p>") + b"\0" * 20
    site.add("/members", body, headers=(("Content-Encoding", "x-gzip"),))
    assert client.fetch(site.url("/members")).body == b"<p>one</p><p>two</p>"


def test_the_next_page_is_fetched_after_any_fault(site: Site, client: Client) -> None:
    for path in ("/bad-chunk", "/hang-up", "/encoded?name=br", "/endless-100"):
        with pytest.raises(FetchError):
            client.fetch(site.url(path))
    assert client.fetch(site.url("/article")).body == ARTICLE.encode()
