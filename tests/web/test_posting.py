"""Posting: what arrives is what was given, and nowhere but at the address that was vetted."""

from __future__ import annotations

import pytest

from claims.web.client import ClientLimits
from claims.web.errors import (
    AddressRefused,
    ConnectionFailed,
    FetchError,
    Gone,
    PortRefused,
    RateLimited,
    RedirectInvalid,
    SchemeRefused,
    ServerError,
    TimedOut,
)
from claims.web.posting import PostingClient
from tests.site.server import Exchange, Site

HEADERS = (("Content-Type", "application/json"), ("Factcheck-Event", "test"))


def client_for(site: Site, seconds: float = 5) -> PostingClient:
    allow = frozenset({site.address})
    return PostingClient(ClientLimits(deadline_seconds=seconds, read_seconds=seconds, allow=allow))


def test_what_is_posted_arrives_whole_with_its_headers(site: Site) -> None:
    body = '{"told": "§ 7: naïve"}'.encode() * 500
    client_for(site).post(site.add("/hook", "fine", status=204) + "?a=b", body, HEADERS)
    (asked,) = site.seen
    assert (asked.method, asked.path, asked.query, asked.body) == (
        "POST",
        "/hook",
        {"a": "b"},
        body,
    )
    assert asked.headers["content-type"] == "application/json"
    assert asked.headers["factcheck-event"] == "test"
    assert asked.headers["user-agent"].startswith("FactcheckWorkbench/")


@pytest.mark.parametrize(
    ("status", "problem"),
    [(302, RedirectInvalid), (410, Gone), (429, RateLimited), (503, ServerError)],
)
def test_what_was_not_taken_is_told_and_followed_nowhere(
    site: Site, status: int, problem: type[FetchError]
) -> None:
    to = (("Location", site.url("/elsewhere")), ("Retry-After", "40"))
    with pytest.raises(problem) as told:
        client_for(site).post(site.add("/hook", "", status=status, headers=to), b"{}", HEADERS)
    assert told.value.retry_after_seconds == 40
    assert site.paths() == ["/hook"]


def test_no_address_inside_no_plain_http_and_no_other_port(site: Site) -> None:
    inside = client_for(site)
    names = {"inside.example": ["10.0.0.7"], "mixed.example": ["93.184.216.34", "127.0.0.1"]}
    named = PostingClient(ClientLimits(), resolver=lambda host: names[host])
    for client, url, problem in (
        (inside, "https://127.0.0.1/hook", AddressRefused),
        (inside, "https://169.254.169.254/latest", AddressRefused),
        (named, "https://inside.example/hook", AddressRefused),
        (named, "https://mixed.example/hook", AddressRefused),
        (named, "https://inside.example:6379/", PortRefused),
        (named, "http://mixed.example/hook", SchemeRefused),
        (PostingClient(), site.url("/hook"), SchemeRefused),
    ):
        with pytest.raises(problem):
            client.post(url, b"{}", HEADERS)
    assert site.seen == []


def test_a_server_that_says_nothing_costs_the_deadline_and_no_more(site: Site) -> None:
    def sleep(exchange: Exchange) -> None:
        exchange.wait(20)

    with pytest.raises(TimedOut):
        client_for(site, seconds=0.3).post(site.add("/hook", sleep), b"{}", HEADERS)
    with pytest.raises(ConnectionFailed):
        client_for(site).post(site.add("/hook", lambda exchange: None), b"{}", HEADERS)
