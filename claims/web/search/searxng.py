"""SearXNG, a search engine of search engines that anyone can run: web search without a key.

Written against its published search API (``GET /search?q=&format=json&language=``); the
instance must list ``json`` among its formats, or it answers 403. Promises that *found
nothing* means that engines answered: where none of them did, that is a fault.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from claims.web.errors import Forbidden, ServerError
from claims.web.search.protocol import Asking, Found, clip, fetch_json, list_rows, read_found

SERVICE = "SearXNG"
MAX_QUERY_CHARACTERS = 400


@dataclass(frozen=True, slots=True)
class SearxngSearch:
    """Searches the instance at ``base_url``; words of the query are never its commands."""

    client: Asking
    base_url: str
    name: str = "searxng"

    def search(self, query: str, *, language: str = "en", limit: int = 10) -> tuple[Found, ...]:
        """See :meth:`SearchProvider.search`."""
        words = plain_words(query)
        return self.ask(words, language=language, limit=limit) if words else ()

    def ask(self, words: str, *, language: str, limit: int) -> tuple[Found, ...]:
        """Results for a query that may hold engines' own operators (``site:``)."""
        asked = {
            "q": words[:MAX_QUERY_CHARACTERS],
            "format": "json",
            "language": language,
            "pageno": "1",
        }
        url = f"{self.base_url.rstrip('/')}/search?{urlencode(asked)}"
        try:
            answer = fetch_json(self.client, url, service=SERVICE)
        except Forbidden as problem:
            raise Forbidden(
                "SearXNG does not give JSON. Add json to search: formats: in its settings.yml "
                f"({problem.status}).",
                status=problem.status,
            ) from None
        rows = list_rows(answer, "results", SERVICE)
        read = (read_found(row, url, snippet="content", published="publishedDate") for row in rows)
        found = [one for one in read if one is not None]
        if not found:
            _refuse_silence(answer)
        return tuple(found[:limit])


def plain_words(query: str) -> str:
    """The words of a query without what engines read as commands: bangs, operators, quotes."""
    words = (word.strip("!:\"'()") for word in query.replace('"', " ").split())
    kept = (word.lstrip("-!:?") for word in words)
    return " ".join(word.replace(":", " ") for word in kept if word)


def _refuse_silence(answer: dict[str, Any]) -> None:
    silent = answer.get("unresponsive_engines")
    if isinstance(silent, list) and silent:
        named = [
            " ".join(clip(part, 60) for part in one) if isinstance(one, list) else clip(one, 60)
            for one in silent[:5]
        ]
        raise ServerError(f"SearXNG's engines did not answer: {', '.join(named)}.")
