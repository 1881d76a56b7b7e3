"""Blocked publishers: one reading of hosts, and not one request to them."""

from __future__ import annotations

import pytest

from claims.vocabulary import FetchOutcome, FetchReason
from claims.web.blocking import is_below, read_prefix
from claims.web.client import Client, ClientLimits
from claims.web.errors import HostBlocked, UrlInvalid
from claims.web.urls import parse_http_url
from tests.site.server import Site


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("example.org", "example.org"),
        (" https://Example.ORG:443/ ", "example.org"),
        ("http://example.org/News/2024/?page=2#top", "example.org/News/2024"),
        ("exämple.org", "xn--exmple-cua.org"),
        ("example.org.", "example.org"),
        ("127.0.0.1:8200", "127.0.0.1:8200"),
        ("[::1]:8200", "[::1]:8200"),
    ],
)
def test_a_prefix_has_one_spelling(typed: str, kept: str) -> None:
    assert read_prefix(typed) == kept
    assert read_prefix(kept) == kept


@pytest.mark.parametrize("typed", ["", "ftp://example.org", "a b", "user:pw@example.org", "1.2.3"])
def test_what_is_no_host_is_no_prefix(typed: str) -> None:
    with pytest.raises(UrlInvalid):
        read_prefix(typed)


@pytest.mark.parametrize(
    ("url", "prefix", "is_below_it"),
    [
        ("https://example.org/", "example.org", True),
        ("http://EXAMPLE.org:80/a?b=c", "example.org", True),
        ("https://news.example.org/a", "example.org", True),
        ("https://exämple.org/", "xn--exmple-cua.org", True),
        ("https://notexample.org/", "example.org", False),
        ("https://example.org.evil.net/", "example.org", False),
        ("https://example.org/blog", "example.org/blog", True),
        ("https://example.org/blog/2", "example.org/blog", True),
        ("https://example.org/blog/2", "example.org/blog/", True),
        ("https://example.org/blogs", "example.org/blog", False),
        ("https://example.org/", "example.org/blog", False),
        ("http://127.0.0.1:8200/x", "127.0.0.1:8200", True),
        ("http://127.0.0.1:8201/x", "127.0.0.1:8200", False),
        ("http://127.0.0.1:8201/x", "127.0.0.1", True),
    ],
)
def test_what_lies_below_a_prefix(url: str, prefix: str, is_below_it: bool) -> None:
    assert is_below(parse_http_url(url), prefix) is is_below_it


def test_a_blocked_publisher_is_not_asked_and_not_followed_to() -> None:
    with Site() as near, Site() as far:
        far.add("/page", "<p>Far</p>")
        near.add("/page", "<p>Near</p>")
        near.add("/away", "", status=302, headers=(("Location", far.url("/page")),))
        client = Client(ClientLimits(allow=frozenset({near.address, far.address})))
        blocked = (read_prefix(far.url("/")),)
        assert client.fetch(near.url("/page"), blocked=blocked).status == 200
        assert client.fetch(near.url("/away")).status == 200
        asked = len(far.paths())
        for url in (far.url("/page"), near.url("/away")):
            with pytest.raises(HostBlocked) as caught:
                client.fetch(url, blocked=blocked)
            assert caught.value.reason is FetchReason.HOST_BLOCKED
            assert caught.value.outcome is FetchOutcome.REFUSED
        assert len(far.paths()) == asked
