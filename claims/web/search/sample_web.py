"""The search page of the sample web that comes with the workbench.

It speaks ``GET {base}/search?q=…&language=…&limit=…&format=json`` and answers
``{"results": [{"url", "title", "snippet", "published"}]}``, ``published`` being an
ISO date or null.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from claims.web.errors import Unreadable
from claims.web.search.protocol import Asking, Found, fetch_json, read_found


@dataclass(frozen=True, slots=True)
class SampleWebSearch:
    """Searches the sample web at ``base_url``."""

    client: Asking
    base_url: str
    name: str = "sample_web"

    def search(self, query: str, *, language: str = "en", limit: int = 10) -> tuple[Found, ...]:
        """See :meth:`SearchProvider.search`."""
        asked = {"q": query, "language": language, "limit": str(limit), "format": "json"}
        url = f"{self.base_url.rstrip('/')}/search?{urlencode(asked)}"
        answer = fetch_json(self.client, url)
        results = answer.get("results") if isinstance(answer, dict) else None
        if not isinstance(results, list):
            raise Unreadable("The search answer holds no list of results.")
        found = (
            read_found(result, url, snippet="snippet", published="published")
            for result in results
            if isinstance(result, dict)
        )
        return tuple(result for result in found if result is not None)[:limit]
