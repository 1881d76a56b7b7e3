"""Search providers, against a server that speaks their format, faults included."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from claims.web.client import Client
from claims.web.errors import FetchError, RateLimited, ServerError, Unreadable
from claims.web.search.cited import CitedSearch, cited_links
from claims.web.search.mediawiki import MediaWikiSearch
from claims.web.search.protocol import Found, SearchProvider
from claims.web.search.sample_web import SampleWebSearch
from tests.site.server import Site

SAMPLE = {
    "results": [
        {
            "url": "https://a.example/1",
            "title": " Mine\noutput ",
            "snippet": "70 per cent",
            "published": "2025-03-04",
        },
        {"url": "/relative", "title": "Local", "snippet": None, "published": "soon"},
        {"url": "javascript:alert(1)", "title": "Evil"},
        {"title": "No address"},
        "nonsense",
    ]
}


def wiki_page(index: int, title: str, **more: str) -> dict[str, Any]:
    return {"pageid": index, "ns": 0, "title": title, "index": index, **more}


WIKI = {
    "batchcomplete": True,
    "query": {
        "pages": [
            wiki_page(2, "Second", canonicalurl="https://w.example/wiki/Second", extract="Two."),
            wiki_page(1, "First", fullurl="https://w.example/wiki/First", extract="One."),
            wiki_page(3, "No address"),
        ]
    },
}


def serve(site: Site, path: str, answer: Any, **options: Any) -> None:
    site.add(path, json.dumps(answer), content_type="application/json; charset=utf-8", **options)


def test_the_sample_web(site: Site, client: Client) -> None:
    serve(site, "/search", SAMPLE)
    provider: SearchProvider = SampleWebSearch(client, site.url("/"))
    assert provider.search("mines 70 %", language="en", limit=5) == (
        Found("https://a.example/1", "Mine output", "70 per cent", date(2025, 3, 4)),
        Found(site.url("/relative"), "Local", "", None),
    )
    assert site.seen[0].query == {
        "q": "mines 70 %",
        "language": "en",
        "limit": "5",
        "format": "json",
    }


def test_nothing_found_is_an_answer(site: Site, client: Client) -> None:
    serve(site, "/search", {"results": []})
    serve(site, "/api.php", {"batchcomplete": True})
    assert SampleWebSearch(client, site.url("")).search("x") == ()
    assert MediaWikiSearch(client, site.url("/api.php")).search("x") == ()
    assert CitedSearch().search("x") == ()


def test_a_wiki(site: Site, client: Client) -> None:
    serve(site, "/en/api.php", WIKI)
    provider: SearchProvider = MediaWikiSearch(client, site.url("/{language}/api.php"))
    assert provider.search('rare "earth" intitle:x', language="en", limit=7) == (
        Found("https://w.example/wiki/First", "First", "One."),
        Found("https://w.example/wiki/Second", "Second", "Two."),
    )
    asked = site.seen[0].query
    assert asked["gsrsearch"] == "rare earth intitle x"
    assert (asked["action"], asked["generator"], asked["gsrlimit"]) == ("query", "search", "7")


def test_an_empty_query_asks_no_wiki(site: Site, client: Client) -> None:
    assert MediaWikiSearch(client, site.url("/api.php")).search(' ": ') == ()
    assert site.seen == []


def test_a_busy_wiki_is_asked_later(site: Site, client: Client) -> None:
    serve(site, "/api.php", {"error": {"code": "maxlag", "info": "Waiting for a host"}})
    with pytest.raises(RateLimited) as caught:
        MediaWikiSearch(client, site.url("/api.php")).search("x")
    assert caught.value.is_retryable


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ("<html>", Unreadable),
        ("[1,2]", Unreadable),
        ("null", Unreadable),
        ("[" * 200_000, Unreadable),
        ('{"error":{"code":"badquery","info":"no"},"results":3}', Unreadable),
    ],
)
def test_answers_that_are_none(
    site: Site, client: Client, answer: str, error: type[FetchError]
) -> None:
    site.add("/search", answer, content_type="application/json")
    for provider in (
        SampleWebSearch(client, site.url("")),
        MediaWikiSearch(client, site.url("/search")),
    ):
        with pytest.raises(error):
            provider.search("x")


def test_faults_of_the_service_are_faults_of_the_fetch(site: Site, client: Client) -> None:
    site.add("/search", "", status=503)
    with pytest.raises(ServerError):
        SampleWebSearch(client, site.url("")).search("x")


LINKS = (
    ("https://stats.example/mines/output-2024", "figures on mine output"),
    ("https://daily.example/", "Daily Example"),
    ("https://daily.example/old", "Earlier"),
    ("https://daily.example/report", "our earlier report on exports"),
    ("https://daily.example/data.csv", "CSV"),
    ("https://social.example/share?u=1", "Share"),
    ("https://agency.example/exports?utm_source=d", "exports"),
    ("https://agency.example/exports", "exports again"),
    ("https://pictures.example/a.jpg", "picture"),
    ("mailto:ada@daily.example", "Ada"),
)


def test_cited_links_without_furniture() -> None:
    text = "See https://written.example/out/here. And https://agency.example/exports, too."
    found = cited_links(LINKS, text, "https://daily.example/news/mines")
    assert [link.url for link in found] == [
        "https://stats.example/mines/output-2024",
        "https://daily.example/report",
        "https://daily.example/data.csv",
        "https://agency.example/exports?utm_source=d",
        "https://written.example/out/here",
    ]


def test_cited_links_nearest_to_the_query_first() -> None:
    provider: SearchProvider = CitedSearch(LINKS, "", "https://daily.example/news/mines")
    assert [link.url for link in provider.search("exports report", limit=2)] == [
        "https://daily.example/report",
        "https://agency.example/exports?utm_source=d",
    ]


def test_an_article_never_cites_itself() -> None:
    links = (("https://daily.example/news/mines?utm_source=x#c", "this very page again"),)
    assert cited_links(links, "", "https://daily.example/news/mines") == ()
