"""A list of trusted sites, searched through SearXNG's ``site:``.

Promises results of the listed sites alone: an engine that does not know the operator
answers with other pages, and those are left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from claims.web.search.protocol import Found
from claims.web.search.searxng import MAX_QUERY_CHARACTERS, SearxngSearch, plain_words

# One query names so many sites at most, or nothing is left of it for words.
SITES_PER_QUERY = 6
MAX_SITES = 24


@dataclass(frozen=True, slots=True)
class SiteSearch:
    """Searches ``sites``, each a host with or without the beginning of a path."""

    engine: SearxngSearch
    sites: tuple[str, ...]
    name: str = "sites"

    def search(self, query: str, *, language: str = "en", limit: int = 10) -> tuple[Found, ...]:
        """See :meth:`SearchProvider.search`; a long list is asked in several queries."""
        words = plain_words(query)
        sites = self.sites[:MAX_SITES]
        if not words or not sites:
            return ()
        found: dict[str, Found] = {}
        for start in range(0, len(sites), SITES_PER_QUERY):
            some = sites[start : start + SITES_PER_QUERY]
            named = " OR ".join(f"site:{site}" for site in some)
            room = MAX_QUERY_CHARACTERS - len(named) - 1
            for one in self.engine.ask(
                f"{words[: max(room, 0)]} {named}", language=language, limit=4 * limit
            ):
                if any(is_of_site(one.url, site) for site in some):
                    found.setdefault(one.url, one)
            if len(found) >= limit:
                break
        return tuple(found.values())[:limit]


def is_of_site(url: str, site: str) -> bool:
    """Whether a URL stands on that host or below it, and below the path if one is named.

    >>> is_of_site("https://www.stats.example/a/b", "stats.example/a")
    True
    """
    parts = urlsplit(url)
    host, _, path = site.partition("/")
    own = (parts.hostname or "").lower()
    if own != host and not own.endswith(f".{host}"):
        return False
    return not path or parts.path.startswith(f"/{path}")
