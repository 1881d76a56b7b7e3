"""Wikipedia, or any other MediaWiki, by the search of its action API.

Written against the published interface (``action=query``, ``generator=search``,
``prop=info|extracts``, ``formatversion=2``). Results keep the order of relevance;
the snippet is the opening of the article as plain text where the wiki offers
extracts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from claims.web.client import Client
from claims.web.errors import RateLimited, Unreadable
from claims.web.search.protocol import (
    MAX_SNIPPET_CHARACTERS,
    MAX_TITLE_CHARACTERS,
    Found,
    clip,
    fetch_json,
)
from claims.web.urls import resolve_link

# The API refuses longer queries (CirrusSearch) and more than 50 results without a bot right.
MAX_QUERY_CHARACTERS = 300
MAX_RESULTS = 20  # the most for which openings are given in one answer
OPENING_CHARACTERS = 400
# Error codes that ask for patience rather than for another query.
BUSY_CODES = frozenset({"maxlag", "ratelimited", "readonly", "cirrussearch-too-busy-error"})


@dataclass(frozen=True, slots=True)
class MediaWikiSearch:
    """Searches a wiki.

    ``api_url`` is the address of ``api.php``; ``{language}`` in it is replaced by the
    two-letter language of the search.
    """

    client: Client
    api_url: str = "https://{language}.wikipedia.org/w/api.php"
    name: str = "mediawiki"

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
        code = language.lower() if language.isascii() and language.isalpha() else "en"
        url = f"{self.api_url.replace('{language}', code)}?{urlencode(asked)}"
        return _read_answer(fetch_json(self.client, url), url, limit)


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
