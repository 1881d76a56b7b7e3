"""What services do wrong, each against each provider: a named reason, and never the key."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from claims.web.client import Client
from claims.web.errors import (
    BodyIncomplete,
    ClientError,
    FetchError,
    Forbidden,
    RateLimited,
    ServerError,
    TimedOut,
    TooLarge,
    Unreadable,
)
from claims.web.search.brave import BraveSearch
from claims.web.search.fact_checks import FactCheckSearch
from claims.web.search.feeds import FeedSearch, FeedShelf
from claims.web.search.gdelt import GdeltSearch
from claims.web.search.protocol import SearchProvider
from claims.web.search.searxng import SearxngSearch
from tests.site.server import Exchange, Site

KEY = "k3y-of-the-desk"
Make = Callable[[Client, str], SearchProvider]
# Where each one asks, and how it is made.
PROVIDERS: dict[str, tuple[str, Make]] = {
    "searxng": ("/search", lambda client, url: SearxngSearch(client, url)),
    "fact_checks": (
        "/v1alpha1/claims:search",
        lambda client, url: FactCheckSearch(client, KEY, url),
    ),
    "brave": ("/res/v1/web/search", lambda client, url: BraveSearch(client, KEY, url)),
    "gdelt": ("/api/v2/doc/doc", lambda client, url: GdeltSearch(client, url)),
    "feeds": ("/feed", lambda client, url: FeedSearch(client, (f"{url}/feed",), FeedShelf())),
}
everywhere = pytest.mark.parametrize("name", sorted(PROVIDERS))


def ask(site: Site, client: Client, name: str) -> FetchError:
    """The fault that a search ends in; no fault of any service tells the key."""
    provider = PROVIDERS[name][1](client, site.url(""))
    with pytest.raises(FetchError) as caught:
        provider.search("salt exports", limit=3)
    assert KEY not in f"{caught.value!r} {provider!r}"
    assert KEY not in str([seen.query for seen in site.seen])
    return caught.value


@everywhere
@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, ClientError),
        (401, Forbidden),
        (403, Forbidden),
        (422, ClientError),
        (500, ServerError),
    ],
)
def test_a_refusal_is_told_with_its_status(
    site: Site, client: Client, name: str, status: int, error: type[FetchError]
) -> None:
    site.add(PROVIDERS[name][0], '{"error": {}}', status=status, content_type="application/json")
    problem = ask(site, client, name)
    assert isinstance(problem, error)
    assert f"({status})" in str(problem)
    if name in ("brave", "fact_checks") and status < 500:
        assert "does not accept the key" in str(problem)


@everywhere
def test_a_service_that_has_had_enough_says_for_how_long(
    site: Site, client: Client, name: str
) -> None:
    site.add(PROVIDERS[name][0], "", status=429, headers=(("Retry-After", "3600"),))
    problem = ask(site, client, name)
    assert isinstance(problem, RateLimited)
    assert problem.retry_after_seconds == 3600
    assert "3600 seconds" in str(problem)


@everywhere
@pytest.mark.parametrize(
    "body",
    [
        "<!doctype html><title>Sign in</title>",
        '{"results": [{"url": "ht',
        "[" * 200_000,
        "\x00\xff",
    ],
    ids=["html", "cut", "deep", "binary"],
)
def test_what_is_no_answer_is_unreadable(site: Site, client: Client, name: str, body: str) -> None:
    site.add(PROVIDERS[name][0], body.encode("latin-1"), content_type="application/json")
    assert isinstance(ask(site, client, name), Unreadable)


@pytest.mark.parametrize("name", ["searxng", "fact_checks", "brave", "gdelt"])
@pytest.mark.parametrize("body", ["3", "[]", '{"results":3,"claims":3,"web":3,"articles":3}'])
def test_json_of_another_shape_is_unreadable(
    site: Site, client: Client, name: str, body: str
) -> None:
    site.add(PROVIDERS[name][0], body, content_type="application/json")
    assert isinstance(ask(site, client, name), Unreadable)


@everywhere
def test_an_answer_without_end_is_cut_off(site: Site, client: Client, name: str) -> None:
    site.add(PROVIDERS[name][0], b"{" + b" " * (1 << 19), content_type="application/json")
    assert isinstance(ask(site, client, name), TooLarge)


@everywhere
def test_an_answer_that_breaks_off_may_be_asked_for_again(
    site: Site, client: Client, name: str
) -> None:
    site.add(PROVIDERS[name][0], "{}", content_type="application/json", length=500)
    problem = ask(site, client, name)
    assert isinstance(problem, BodyIncomplete)
    assert problem.is_retryable


@everywhere
def test_a_silent_service_ends_by_the_deadline(site: Site, client: Client, name: str) -> None:
    def wait(exchange: Exchange) -> None:
        exchange.wait(5)

    site.add(PROVIDERS[name][0], wait)
    assert isinstance(ask(site, client, name), TimedOut)
