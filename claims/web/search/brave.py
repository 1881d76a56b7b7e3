"""Brave Search, an index of its own, by its web search API.

Written against the published interface (``GET …/web/search`` with the key in
``X-Subscription-Token``, results under ``web.results``). At most 400 characters and 50
words a query, 20 results an answer.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlencode

from claims.web.search.protocol import Asking, Found, fetch_json, list_rows, read_found

SERVICE = "Brave Search"
KEY_HEADER = "X-Subscription-Token"
MAX_QUERY_CHARACTERS = 400
MAX_QUERY_WORDS = 50
MAX_RESULTS = 20
# The service's own names for languages that it does not call by their two letters.
LANGUAGES = {"ja": "jp", "zh": "zh-hans", "pt": "pt-pt"}


@dataclass(frozen=True, slots=True)
class BraveSearch:
    """Searches the web; ``base_url`` is the service's root."""

    client: Asking
    key: str = field(repr=False)
    base_url: str = "https://api.search.brave.com"
    name: str = "brave"

    def search(self, query: str, *, language: str = "en", limit: int = 10) -> tuple[Found, ...]:
        """See :meth:`SearchProvider.search`."""
        words = " ".join(query.split()[:MAX_QUERY_WORDS])[:MAX_QUERY_CHARACTERS]
        if not words:
            return ()
        asked = {
            "q": words,
            "count": str(min(limit, MAX_RESULTS)),
            "search_lang": LANGUAGES.get(language, language),
            "result_filter": "web",
            "text_decorations": "0",
            "spellcheck": "0",
        }
        url = f"{self.base_url.rstrip('/')}/res/v1/web/search?{urlencode(asked)}"
        answer = fetch_json(self.client, url, service=SERVICE, secret=(KEY_HEADER, self.key))
        web = answer.get("web", {}) if isinstance(answer, dict) else None
        rows = list_rows(web, "results", SERVICE)
        found = (read_found(row, url, snippet="description", published="page_age") for row in rows)
        return tuple(one for one in found if one is not None)[:limit]
