"""Wikipedia, or any other MediaWiki, by the search of its action API.

Written against the published interface (``action=query``, ``generator=search``,
``prop=info|extracts``, ``formatversion=2``). Results keep the order of relevance;
the snippet is the opening of the article as plain text where the wiki offers
extracts. After them come the sources that the best articles cite (``prop=extlinks``),
those whose address shares most words with the query first: an encyclopaedia is a way to
sources, and seldom one itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlencode, urlsplit

from claims.web.errors import FetchError, RateLimited, Unreadable
from claims.web.search.cited import is_citation
from claims.web.search.protocol import (
    MAX_SNIPPET_CHARACTERS,
    MAX_TITLE_CHARACTERS,
    Asking,
    Found,
    clip,
    fetch_json,
)
from claims.web.urls import resolve_link, site_of

# The API refuses longer queries (CirrusSearch) and more than 50 results without a bot right.
MAX_QUERY_CHARACTERS = 300
MAX_RESULTS = 20  # the most for which openings are given in one answer
OPENING_CHARACTERS = 400
# Of so many of the best articles the cited sources are looked through, and so many are given.
ARTICLES_LOOKED_THROUGH = 2
SOURCES_GIVEN = 4
WORD = re.compile(r"[^\W_]{3,}")
# Error codes that ask for patience rather than for another query.
BUSY_CODES = frozenset({"maxlag", "ratelimited", "readonly", "cirrussearch-too-busy-error"})


@dataclass(frozen=True, slots=True)
class MediaWikiSearch:
    """Searches a wiki.

    ``api_url`` is the address of ``api.php``; ``{language}`` in it is replaced by the
    two-letter language of the search. ``has_sources`` asks for what the articles cite too.
    """

    client: Asking
    api_url: str = "https://{language}.wikipedia.org/w/api.php"
    name: str = "mediawiki"
    has_sources: bool = True

    def search(self, query: str, *, language: str = "en", limit: int = 10) -> tuple[Found, ...]:
        """See :meth:`SearchProvider.search`. Operators of the wiki's query syntax are defused."""
        words = " ".join(query.replace('"', " ").replace(":", " ").split())
        if not words:
            return ()
        asked = {
            "action": "query",
            "format": "json",
            "formatversion": "2",
            "generator": "search",
            "gsrsearch": words[:MAX_QUERY_CHARACTERS],
            "gsrlimit": str(min(limit, MAX_RESULTS)),
            "gsrnamespace": "0",
            "prop": "info|extracts",
            "inprop": "url",
            "exintro": "1",
            "explaintext": "1",
            "exchars": str(OPENING_CHARACTERS),
            "exlimit": "max",
            "maxlag": "5",
        }
        url = self._address(language)
        found = _read_answer(fetch_json(self.client, f"{url}?{urlencode(asked)}"), url, limit)
        sources = self._find_sources(words, found, url)
        return (*found[: limit - len(sources)], *sources) if len(sources) < limit else found

    def _address(self, language: str) -> str:
        code = language.lower() if language.isascii() and language.isalpha() else "en"
        return self.api_url.replace("{language}", code)

    def _find_sources(self, words: str, found: Sequence[Found], url: str) -> tuple[Found, ...]:
        """What the best articles cite; a fault here leaves the articles themselves standing."""
        titles = [one.title for one in found[:ARTICLES_LOOKED_THROUGH] if "|" not in one.title]
        if not self.has_sources or not titles:
            return ()
        asked = {
            "action": "query",
            "format": "json",
            "formatversion": "2",
            "prop": "extlinks",
            "titles": "|".join(titles),
            "ellimit": "max",
            "maxlag": "5",
        }
        try:
            answer = fetch_json(self.client, f"{url}?{urlencode(asked)}")
        except FetchError:
            return ()
        wanted = {word.lower() for word in WORD.findall(words)}
        best: dict[str, tuple[int, Found]] = {}
        for title, link in _list_links(answer, url):
            parts = urlsplit(link)
            told = {word.lower() for word in WORD.findall(unquote(f"{parts.path} {parts.query}"))}
            shared = len(wanted & told)
            if shared and is_citation(link, "", ""):
                best.setdefault(link, (shared, Found(link, title=f"Cited by “{title}”")))
        ordered = sorted(best.values(), key=lambda one: -one[0])
        return tuple(one for _, one in ordered[:SOURCES_GIVEN])


def _list_links(answer: Any, api_url: str) -> Iterator[tuple[str, str]]:
    """(title of the article, address) of every link that leads out of the wiki."""
    query = answer.get("query") if isinstance(answer, dict) else None
    pages = query.get("pages", []) if isinstance(query, dict) else []
    own = site_of(api_url)
    for page in pages if isinstance(pages, list) else []:
        links = page.get("extlinks", []) if isinstance(page, dict) else []
        for link in links if isinstance(links, list) else []:
            address = link.get("url") if isinstance(link, dict) else None
            url = resolve_link(api_url, address) if isinstance(address, str) else None
            if url is not None and site_of(url) != own:
                yield clip(page.get("title"), MAX_TITLE_CHARACTERS), url


def _read_answer(answer: Any, url: str, limit: int) -> tuple[Found, ...]:
    if not isinstance(answer, dict):
        raise Unreadable("The wiki's answer is not an object.")
    problem = answer.get("error")
    if isinstance(problem, dict):
        if problem.get("code") in BUSY_CODES:
            raise RateLimited("The wiki is busy.", retry_after_seconds=5.0)
        raise Unreadable(f"The wiki refused the search: {clip(problem.get('info'), 200)}")
    query = answer.get("query")
    pages = query.get("pages", []) if isinstance(query, dict) else []
    rows = [page for page in pages if isinstance(page, dict)] if isinstance(pages, list) else []
    rows.sort(key=lambda page: page["index"] if isinstance(page.get("index"), int) else 10**6)
    found = (_read_page(page, url) for page in rows)
    return tuple(result for result in found if result is not None)[:limit]


def _read_page(page: dict[str, Any], api_url: str) -> Found | None:
    address = page.get("canonicalurl") or page.get("fullurl")
    url = resolve_link(api_url, address) if isinstance(address, str) else None
    if url is None:
        return None
    return Found(
        url=url,
        title=clip(page.get("title"), MAX_TITLE_CHARACTERS),
        snippet=clip(page.get("extract"), MAX_SNIPPET_CHARACTERS),
    )
