"""Each search service's published format, against a server that speaks it."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from claims.web.client import Client
from claims.web.errors import Forbidden, RateLimited, ServerError, Unreadable
from claims.web.search.brave import BraveSearch
from claims.web.search.fact_checks import FactCheckSearch
from claims.web.search.gdelt import GdeltSearch, choose_words
from claims.web.search.mediawiki import MediaWikiSearch
from claims.web.search.protocol import Found, SearchProvider
from claims.web.search.searxng import SearxngSearch
from claims.web.search.sites import SiteSearch
from tests.site.server import Exchange, Site

KEY = "k3y-of-the-desk"
BRAVE, CLAIMS, GDELT = "/res/v1/web/search", "/v1alpha1/claims:search", "/api/v2/doc/doc"


def serve(site: Site, path: str, answer: Any, **options: Any) -> None:
    body = answer if isinstance(answer, str | bytes) else json.dumps(answer)
    site.add(path, body, content_type="application/json", **options)


SEARXNG = {
    "query": "salt",
    "number_of_results": 0,
    "results": [
        {
            "url": "https://stats.example/salt",
            "title": "Salt\n exports",
            "content": "48,000 tonnes",
            "engine": "duckduckgo",
            "publishedDate": "2024-02-03T00:00:00",
        },
        {"url": "javascript:alert(1)", "title": "Evil"},
        {"url": "https://daily.example/salt", "title": None, "publishedDate": None},
        "nonsense",
    ],
    "unresponsive_engines": [["brave", "timeout"]],
}


def test_searxng(site: Site, client: Client) -> None:
    serve(site, "/search", SEARXNG)
    provider: SearchProvider = SearxngSearch(client, site.url("/"))
    assert provider.search('!g "salt" site:evil.example -exports', language="de", limit=5) == (
        Found("https://stats.example/salt", "Salt exports", "48,000 tonnes", date(2024, 2, 3)),
        Found("https://daily.example/salt"),
    )
    asked = site.seen[0].query
    assert asked["q"] == "g salt site evil.example exports"
    assert (asked["format"], asked["language"]) == ("json", "de")


def test_searxng_found_nothing_only_where_engines_answered(site: Site, client: Client) -> None:
    serve(site, "/search", {"results": [], "unresponsive_engines": []})
    provider = SearxngSearch(client, site.url(""))
    assert provider.search("salt") == ()
    serve(site, "/search", {"results": [], "unresponsive_engines": [["google", "CAPTCHA"]]})
    with pytest.raises(ServerError, match="google CAPTCHA"):
        provider.search("salt")


def test_searxng_without_its_json_format_says_what_to_do(site: Site, client: Client) -> None:
    site.add("/search", "no", status=403)
    with pytest.raises(Forbidden, match=r"settings\.yml"):
        SearxngSearch(client, site.url("")).search("salt")


def test_trusted_sites_give_their_own_pages_alone(site: Site, client: Client) -> None:
    found = [
        "https://www.stats.example/x",
        "https://evil-stats.example/x",
        "https://un.example/a/b",
    ]
    rows = [{"url": url, "title": url} for url in (*found, "https://un.example/other")]
    serve(site, "/search", {"results": rows})
    sites = ("stats.example", "un.example/a")
    provider: SearchProvider = SiteSearch(SearxngSearch(client, site.url("")), sites)
    assert [one.url for one in provider.search("salt exports")] == [found[0], found[2]]
    assert site.seen[0].query["q"] == "salt exports site:stats.example OR site:un.example/a"


def test_a_long_list_of_sites_is_asked_in_several_queries(site: Site, client: Client) -> None:
    serve(site, "/search", {"results": []})
    sites = tuple(f"s{number}.example" for number in range(60))
    assert SiteSearch(SearxngSearch(client, site.url("")), sites).search("salt " * 200) == ()
    asked = [seen.query["q"] for seen in site.seen]
    assert len(asked) == 4
    assert all(len(query) <= 400 and query.count("site:") == 6 for query in asked)
    assert SiteSearch(SearxngSearch(client, site.url("")), ()).search("salt") == ()


REVIEWED = {
    "claims": [
        {
            "text": "The port handled 70% of all salt.",
            "claimant": "A minister",
            "claimDate": "2024-01-01T00:00:00Z",
            "claimReview": [
                {
                    "publisher": {"name": "Check Desk", "site": "check.example"},
                    "url": "https://check.example/salt",
                    "title": "No, not 70%",
                    "reviewDate": "2024-01-05T00:00:00Z",
                    "textualRating": "Mostly false",
                    "languageCode": "en",
                },
                {"publisher": {"site": "two.example"}, "url": "https://two.example/s"},
                {"publisher": "odd", "url": "data:text/html,x"},
            ],
        },
        {"text": "No review"},
    ],
    "nextPageToken": "10",
}


def test_existing_fact_checks_with_publisher_and_rating(site: Site, client: Client) -> None:
    serve(site, CLAIMS, REVIEWED)
    provider: SearchProvider = FactCheckSearch(client, KEY, site.url("/"))
    first, second = provider.search("salt 70%", language="en", limit=5)
    assert first == Found(
        "https://check.example/salt",
        "The port handled 70% of all salt.",
        "No, not 70% Said by A minister.",
        date(2024, 1, 5),
        "Check Desk",
        "Mostly false",
    )
    assert (second.publisher, second.rating) == ("two.example", "")
    asked = site.seen[0]
    assert asked.query == {"query": "salt 70%", "languageCode": "en", "pageSize": "5"}
    assert asked.headers["x-goog-api-key"] == KEY
    serve(site, CLAIMS, {})
    assert provider.search("salt") == ()


BRAVED = {
    "type": "search",
    "web": {
        "type": "search",
        "results": [
            {
                "title": "Salt",
                "url": "https://stats.example/salt",
                "description": "48,000 tonnes",
                "page_age": "2024-02-03T10:00:00",
            },
            {"title": "Odd", "url": 7},
        ],
    },
}


def test_brave(site: Site, client: Client) -> None:
    serve(site, BRAVE, BRAVED)
    provider: SearchProvider = BraveSearch(client, KEY, site.url("/"))
    assert provider.search("salt " * 90, language="ja", limit=50) == (
        Found("https://stats.example/salt", "Salt", "48,000 tonnes", date(2024, 2, 3)),
    )
    asked = site.seen[0]
    assert asked.headers["x-subscription-token"] == KEY
    assert (asked.query["count"], asked.query["search_lang"]) == ("20", "jp")
    assert len(asked.query["q"].split()) == 50
    serve(site, BRAVE, {"type": "search", "query": {"original": "x"}})
    assert provider.search("salt") == ()


ARTICLES = (
    '{"articles": [{"url": "https://daily.example/a", "url_mobile": "", '
    '"title": "It\\\'s \\"salt\\" \\\\ \\u00e9", "seendate": "20240203T101500Z", '
    '"domain": "daily.example", "language": "English", "sourcecountry": "Norway"}]}'
)


def test_gdelt(site: Site, client: Client) -> None:
    serve(site, GDELT, ARTICLES)
    provider: SearchProvider = GdeltSearch(client, site.url("/"))
    assert provider.search("70% of salt exports from Varnholm", language="en", limit=5) == (
        Found(
            "https://daily.example/a",
            'It\\\'s "salt" \\ é',
            "daily.example, Norway, English",
            date(2024, 2, 3),
            "daily.example",
        ),
    )
    asked = site.seen[0].query
    assert asked["query"] == "salt exports from Varnholm sourcelang:english"
    assert (asked["mode"], asked["format"], asked["maxrecords"]) == ("ArtList", "json", "5")
    serve(site, GDELT, "{}")
    assert provider.search("salt") == ()


def test_gdelt_is_asked_for_few_telling_words() -> None:
    chosen = choose_words("An of the harbour Varnholm handled nearly forty thousand tonnes in 2023")
    assert chosen == "harbour Varnholm handled nearly thousand tonnes"
    assert choose_words("70 % 3") == ""


@pytest.mark.parametrize(
    ("said", "error", "told"),
    [
        ("The specified phrase is too short.", Unreadable, "refused the query: The specified"),
        ("Please limit requests to one every 5 seconds.", RateLimited, "fewer queries"),
        ("<html><body>504</body>", Unreadable, "web page"),
    ],
)
def test_gdelt_tells_its_errors_with_status_200(
    site: Site, client: Client, said: str, error: type[Exception], told: str
) -> None:
    site.add(GDELT, said, content_type="text/html")
    with pytest.raises(error, match=told):
        GdeltSearch(client, site.url("")).search("salt")


def test_a_wiki_gives_the_sources_its_articles_cite(site: Site, client: Client) -> None:
    pages = [
        {"title": "Salt", "index": 1, "canonicalurl": "https://w.example/wiki/Salt"},
        {"title": "Sea", "index": 2, "canonicalurl": "https://w.example/wiki/Sea"},
    ]
    cited = [
        "https://stats.example/salt-exports-2023.csv",
        "//agency.example/salt",
        "https://stats.example/",
        "https://other.example/rain",
        site.url("/wiki/salt"),
    ]

    def answer(exchange: Exchange) -> None:
        if exchange.request.query.get("prop") != "extlinks":
            exchange.answer(json.dumps({"query": {"pages": pages}}))
            return
        links = [{"url": url} for url in cited]
        told = {"query": {"pages": [{"title": "Salt", "extlinks": links}, {"title": "Sea"}]}}
        exchange.answer(json.dumps(told))

    site.add("/api.php", answer)
    wiki = MediaWikiSearch(client, site.url("/api.php"))
    found = wiki.search("salt exports", limit=8)
    assert [one.url for one in found[2:]] == [
        "https://stats.example/salt-exports-2023.csv",
        "http://agency.example/salt",
    ]
    assert found[2].title == "Cited by “Salt”"
    assert site.seen[1].query["titles"] == "Salt|Sea"
    assert len(wiki.search("salt exports", limit=3)) == 3
