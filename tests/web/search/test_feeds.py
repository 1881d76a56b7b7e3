"""Feeds of publishers: their formats, their faults, and how often they are fetched."""

from __future__ import annotations

from datetime import date

import pytest

from claims.web.client import Client
from claims.web.errors import NotFound, Unreadable
from claims.web.search.feeds import FeedSearch, FeedShelf, Item, read_feed
from tests.site.server import Site

RSS = """<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel><title>Daily Example</title><link>https://daily.example/</link>
<item><title>Salt exports rise</title><link>https://daily.example/salt</link>
<description>&lt;p&gt;Up to &lt;b&gt;48,000&lt;/b&gt; tonnes &amp;amp; more&lt;/p&gt;</description>
<pubDate>Sat, 03 Feb 2024 10:15:00 +0100</pubDate></item>
<item><title>Rain</title><guid isPermaLink="true">https://daily.example/rain</guid>
<pubDate>soon</pubDate></item>
<item><title>No address</title><guid isPermaLink="false">urn:1</guid></item>
<item><title>Evil</title><link>javascript:alert(1)</link></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title type="text">Agency</title>
<entry><title type="html">Salt &amp;amp; sea</title><link rel="self" href="/self"/>
<link href="/exports" rel="alternate"/><updated>2024-03-05T00:00:00Z</updated>
<published>2024-03-04T00:00:00Z</published><summary>Salt exports fell.</summary></entry></feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Old</title></channel><item><title>One</title><link>https://o.example/1</link>
<dc:date>2024-01-02</dc:date></item></rdf:RDF>"""
LAUGHS = """<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c SYSTEM "file:///etc/passwd">]>
<rss><channel><item><title>&b;&c;salt</title><link>https://x.example/1</link></item></channel></rss>"""
HERE = "https://feeds.example/rss"


def test_rss() -> None:
    assert read_feed(RSS.encode(), HERE) == (
        Item(
            "https://daily.example/salt",
            "Salt exports rise",
            "Up to 48,000 tonnes & more",
            date(2024, 2, 3),
            "Daily Example",
        ),
        Item("https://daily.example/rain", "Rain", "", None, "Daily Example"),
    )


def test_atom_and_the_older_rss() -> None:
    (entry,) = read_feed(ATOM.encode(), HERE)
    assert entry == Item(
        "https://feeds.example/exports",
        "Salt & sea",
        "Salt exports fell.",
        date(2024, 3, 4),
        "Agency",
    )
    (old,) = read_feed(RDF.encode(), HERE)
    assert (old.url, old.published, old.publisher) == (
        "https://o.example/1",
        date(2024, 1, 2),
        "Old",
    )


def test_entities_are_not_followed() -> None:
    (item,) = read_feed(LAUGHS.encode(), HERE)
    assert "root:" not in item.title
    assert len(item.title) < 60


@pytest.mark.parametrize("body", ["", "<html><p>Sign in</p></html>", "{}", "<a>" * 10])
def test_what_is_no_feed_is_refused(body: str) -> None:
    with pytest.raises(Unreadable):
        read_feed(body.encode(), HERE)


def test_a_search_over_recent_items(site: Site, client: Client) -> None:
    feeds = (site.add("/rss", RSS, content_type="application/rss+xml"), site.add("/atom", ATOM))
    search = FeedSearch(client, feeds, FeedShelf())
    found = search.search("tonnes of salt exports", limit=5)
    assert [one.url for one in found] == ["https://daily.example/salt", site.url("/exports")]
    assert (found[0].publisher, found[0].published) == ("Daily Example", date(2024, 2, 3))
    assert search.search("reindeer") == ()


def test_a_feed_is_fetched_once_for_many_queries_and_again_later(
    site: Site, client: Client
) -> None:
    now = 1000.0
    shelf = FeedShelf(clock=lambda: now)
    search = FeedSearch(client, (site.add("/rss", RSS),), shelf)
    for query in ("salt exports", "rain", "sea"):
        search.search(query)
    assert site.paths() == ["/rss"]
    now += 601
    search.search("salt")
    assert site.paths() == ["/rss", "/rss"]


def test_one_feed_that_fails_does_not_hide_the_others(site: Site, client: Client) -> None:
    feeds = (site.url("/gone"), site.add("/rss", RSS))
    assert len(FeedSearch(client, feeds, FeedShelf()).search("salt exports")) == 1
    with pytest.raises(NotFound):
        FeedSearch(client, feeds[:1], FeedShelf()).search("salt exports")


def test_many_slow_feeds_end_in_time_and_those_read_are_searched(
    site: Site, client: Client
) -> None:
    feeds = tuple(site.add(f"/{number}", RSS) for number in range(3))
    shelf = FeedShelf()
    assert FeedSearch(client, feeds, shelf, patience_seconds=0.0).read_all() == []
    assert site.seen == []
    FeedSearch(client, feeds[:1], shelf).read_all()
    found = FeedSearch(client, feeds, shelf, patience_seconds=0.0).search("salt exports")
    assert len(found) == 1
    assert site.paths() == ["/0"]
