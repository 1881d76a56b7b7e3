"""The sources an article names itself: the first place to look.

It promises the links of an article that lead to other pages worth reading, those
whose words are nearest to the query first. It fetches nothing. Links within the
article's own site stay in (a newspaper cites its own report), share buttons and
front pages are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from claims.web.search.protocol import MAX_TITLE_CHARACTERS, Found, clip
from claims.web.urls import canonical_url, resolve_link, site_of

WORD = re.compile(r"\w{2,}")
URL_IN_TEXT = re.compile(r"https?://[^\s<>\"'\[\]{}|\\^`]{1,2000}")
# Addresses that share or subscribe rather than tell.
SHARING = re.compile(
    r"/(?:share|sharer|intent|login|signin|register|subscribe|newsletter|privacy|terms|cookie)"
    r"(?:[/.?-]|$)",
    re.IGNORECASE,
)
BINARY_FILE = re.compile(
    r"\.(?:jpe?g|png|gif|webp|svg|ico|mp[34]|m4a|mov|avi|zip|exe|css|js)$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class CitedSearch:
    """Searches among the links of one article.

    ``links`` are (url, anchor text) pairs as a page reading gives them, ``text`` is
    the article's text (addresses written out in it count too), ``article_url`` the
    article itself, which is never a result.
    """

    links: tuple[tuple[str, str], ...] = ()
    text: str = ""
    article_url: str = ""
    name: str = "cited"

    def search(self, query: str, *, language: str = "en", limit: int = 10) -> tuple[Found, ...]:
        """Links by number of words shared with the query, then in the order of the article.

        An empty query gives them in the article's order. ``language`` plays no part.
        """
        del language
        wanted = set(WORD.findall(query.lower()))
        found = self._citations()
        found.sort(key=lambda link: -len(wanted & _words_of(link)))
        return tuple(found[:limit])

    def _citations(self) -> list[Found]:
        written = ((found[0].rstrip(".,;:!?)"), "") for found in URL_IN_TEXT.finditer(self.text))
        own = resolve_link("", self.article_url)
        seen = {canonical_url(own)} if own else set()
        own_site = site_of(self.article_url)
        kept: list[Found] = []
        for url, label in (*self.links, *written):
            resolved = resolve_link("", url)
            if resolved is None or not is_citation(resolved, label, own_site):
                continue
            identity = canonical_url(resolved)
            if identity not in seen:
                seen.add(identity)
                kept.append(Found(resolved, title=clip(label, MAX_TITLE_CHARACTERS)))
        return kept


def _words_of(link: Found) -> set[str]:
    return set(WORD.findall(f"{link.title} {urlsplit(link.url).path}".lower()))


def is_citation(url: str, label: str, own_site: str) -> bool:
    """Whether a link of an article looks like a source rather than furniture.

    Front pages and media files are not sources. Inside the article's own site, a
    source has an anchor of at least three words or a document's address, as menus
    do not.
    """
    parts = urlsplit(url)
    if parts.path in {"", "/"} and not parts.query:
        return False
    if SHARING.search(f"{parts.path}?{parts.query}") or BINARY_FILE.search(parts.path):
        return False
    if own_site and site_of(url) == own_site:
        return len(label.split()) >= 3 or parts.path.lower().endswith((".pdf", ".csv", ".json"))
    return True


def cited_links(links: Iterable[tuple[str, str]], text: str, article_url: str) -> tuple[Found, ...]:
    """All citations of an article, in its order."""
    return CitedSearch(tuple(links), text, article_url).search("", limit=1000)
