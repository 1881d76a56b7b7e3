"""What an answer says of its freshness is obeyed, and nothing is guessed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from claims.web.answers import Fetched
from claims.web.caching import MAX_FRESH_SECONDS, fresh_seconds
from claims.web.client import Client
from claims.web.errors import FetchError, HostBlocked
from tests.site.server import Site
from tests.web.conftest import MakeClient

DATE = ("Date", "Tue, 04 Mar 2025 10:00:00 GMT")


class Kept:
    """A cache in a dictionary."""

    def __init__(self) -> None:
        self.answers: dict[str, Fetched] = {}

    def get(self, url: str) -> Fetched | None:
        return self.answers.get(url)

    def put(self, url: str, fetched: Fetched, keep_seconds: float) -> None:
        assert keep_seconds > 0
        self.answers[url] = fetched


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ((), 0),
        ((("Cache-Control", "max-age=60"),), 60),
        ((("cache-control", 'public, MAX-AGE="60"'),), 60),
        ((("Cache-Control", "max-age=60, s-maxage=10"),), 10),
        ((("Cache-Control", "max-age=60"), ("Age", "50")), 10),
        ((("Cache-Control", "max-age=60"), ("Age", "500")), 0),
        ((("Cache-Control", "max-age=60"), ("Cache-Control", "no-store")), 0),
        ((("Cache-Control", "max-age=60, private"),), 0),
        ((("Cache-Control", "no-cache, max-age=60"),), 0),
        ((("Cache-Control", "max-age=-5"),), 0),
        ((("Cache-Control", "max-age=soon"),), 0),
        ((("Cache-Control", "max-age=31536000"),), MAX_FRESH_SECONDS),
        ((("Cache-Control", "max-age=60"), ("Vary", "Accept-Encoding, Cookie")), 60),
        ((("Cache-Control", "max-age=60"), ("Vary", "*")), 0),
        ((("Cache-Control", "max-age=60"), ("Vary", "Accept-Language")), 0),
        ((("Expires", "Tue, 04 Mar 2025 10:05:00 GMT"), DATE), 300),
        ((("Expires", "Tue, 04 Mar 2025 09:00:00 GMT"), DATE), 0),
        ((("Expires", "0"), DATE), 0),
        ((("Expires", "Tue, 04 Mar 2025 10:05:00 GMT"), DATE, ("Pragma", "no-cache")), 0),
        # A cookie may make the page somebody's own.
        ((("Cache-Control", "max-age=60"), ("Set-Cookie", "id=7")), 0),
        # Said twice in two ways, or too much to be read: not held to.
        ((("Cache-Control", "max-age=60"), ("Cache-Control", "max-age=5")), 0),
        ((("Cache-Control", "max-age=60" + ", x" * 500 + ", no-store"),), 0),
        # max-age wins over Expires.
        (
            (("Cache-Control", "max-age=5"), ("Expires", "Tue, 04 Mar 2025 10:05:00 GMT"), DATE),
            5,
        ),
    ],
)
def test_freshness_is_what_the_server_said(
    site: Site,
    make_client: MakeClient,
    headers: tuple[tuple[str, str], ...],
    seconds: float,
) -> None:
    fetched = make_client().fetch(site.add("/fresh", "<p>text", headers=headers))
    assert fresh_seconds(replace(fetched, seconds=0.0)) == seconds
    # What it took to come has passed.
    assert fresh_seconds(replace(fetched, seconds=3.0)) in {max(seconds - 3, 0), MAX_FRESH_SECONDS}


def test_who_is_sent_on_asks_for_himself(site: Site, kept: tuple[Client, Kept]) -> None:
    client, cache = kept
    site.add("/fresh", "<p>text", headers=(("Cache-Control", "max-age=60"),))
    private = (("Location", "/fresh"), ("Cache-Control", "private"))
    url = site.add("/mine", b"", status=302, headers=private)
    client.fetch(url)
    client.fetch(url)
    assert site.paths() == ["/mine", "/fresh"] * 2
    assert cache.answers == {}


@pytest.fixture
def kept(make_client: MakeClient) -> tuple[Client, Kept]:
    cache = Kept()
    return make_client(cache=cache), cache


def test_a_fresh_answer_is_given_again_without_asking(
    site: Site, kept: tuple[Client, Kept]
) -> None:
    client, _ = kept
    url = site.add("/fresh", "<p>text", headers=(("Cache-Control", "max-age=60"),))
    first, second = client.fetch(url), client.fetch(url)
    assert site.paths() == ["/fresh"]
    assert (first.is_from_cache, second.is_from_cache) == (False, True)
    assert (second.body, second.started_at) == (first.body, first.started_at)


def test_what_says_nothing_or_asks_not_to_is_fetched_again(
    site: Site, kept: tuple[Client, Kept]
) -> None:
    client, cache = kept
    url = site.add("/plain", "<p>text")
    client.fetch(url)
    client.fetch(url)
    assert site.paths() == ["/plain", "/plain"]
    assert cache.answers == {}


def test_a_wish_of_ones_own_is_never_answered_from_the_cache(
    site: Site, kept: tuple[Client, Kept]
) -> None:
    client, _ = kept
    url = site.add("/fresh", "<p>text", headers=(("Cache-Control", "max-age=60"),))
    client.fetch(url)
    client.fetch(url, etag='"v1"')
    client.fetch(url, secret=("X-Key", "s"))
    client.fetch(url, accept=frozenset({"text/html"}))
    assert site.paths() == ["/fresh"] * 4


def test_a_kept_answer_that_came_by_a_blocked_publisher_is_refused(
    site: Site, kept: tuple[Client, Kept]
) -> None:
    client, _ = kept
    url = site.add("/fresh", "<p>text", headers=(("Cache-Control", "max-age=60"),))
    client.fetch(url)
    with pytest.raises(HostBlocked):
        client.fetch(url, blocked=("127.0.0.1",))


def test_a_condition_goes_only_to_the_address_it_was_told_for(
    site: Site, make_client: MakeClient
) -> None:
    site.add("/old", b"", status=302, headers=(("Location", "/conditional"),))
    client = make_client()
    fetched = client.fetch(site.url("/old"), etag='"v1"', known_url=site.url("/conditional"))
    assert fetched.is_unchanged
    assert fetched.redirects == (site.url("/old"),)
    assert "if-none-match" not in site.seen[0].headers
    # A page that answers 304 to nobody's condition has nothing to show.
    site.add("/odd", b"", status=304)
    with pytest.raises(FetchError):
        client.fetch(site.url("/odd"))
