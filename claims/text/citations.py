"""Whose report a page passes on: "according to …", wire credits and links, towards the source.

Promises: a citation names one page of those given, or a body by its name with the link of
the page that seems to lead there; chains end, and pages that cite each other in a circle
are told apart from a chain that ends at a source. Refuses to follow "officials" and
"critics", who have no page, and to call a page's own publisher a source of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from claims.text.claimants import find_claimant
from claims.text.origins import find_credits
from claims.text.places import is_place_word
from claims.text.saying_words import DATA_NOUNS, GROUP_NOUNS
from claims.text.sentences import split_sentences

MOST_CITED = 12
"""More than this of one page is a list of links, and a person would not read it."""
LONGEST_NAME = 80
_WORD = re.compile(r"[^\W_]+")
_SMALL = frozenset(["the", "of", "for", "and", "on", "in", "de", "la", "du", "des", "von", "der"])
_NOBODY = GROUP_NOUNS | DATA_NOUNS
_SHORTEST_HOST_NAME = 3


@dataclass(frozen=True, slots=True)
class CitingPage:
    """A page as far as its sources are concerned.

    ``quotes`` are its passages about the claim, ``edges`` its text, of which head and foot
    are read for credits; ``links`` are its links to other sites.
    """

    id: str
    url: str
    publisher: str = ""
    quotes: tuple[str, ...] = ()
    edges: str = ""
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Citation:
    """``citing`` takes its report from ``cited`` (a page's id), or from the body ``name``.

    ``url`` is where the page itself links to for it; empty where it does not.
    """

    citing: str
    cited: str | None
    name: str
    url: str
    reason: str


def find_citations(pages: Sequence[CitingPage]) -> tuple[Citation, ...]:
    """What the pages cite, page by page in their order; at most ``MOST_CITED`` of each.

    A page is named once for each page that cites it, by the plainest reason: words before links.
    """
    by_address: dict[str, CitingPage] = {}
    for page in pages:
        by_address.setdefault(_address(page.url), page)
    found: list[Citation] = []
    for page in pages:
        seen: set[str] = set()
        for citation in _read(page, pages, by_address):
            key = citation.cited or citation.name.casefold()
            if key not in seen and len(seen) < MOST_CITED:
                seen.add(key)
                found.append(citation)
    return tuple(found)


def find_circles(cites: Mapping[str, Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    """The groups of pages that cite each other round in a circle, each in order of its ids.

    ``cites`` gives for each page's id the ids it cites.
    """
    reach = {page: _reach(page, cites) for page in cites}
    circles: dict[tuple[str, ...], None] = {}
    for page, reached in reach.items():
        if page in reached:
            mates = {other for other in reached if page in reach.get(other, ())}
            circles[tuple(sorted(mates))] = None
    return tuple(circles)


def trace_chain(start: str, cites: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """The page's longest way of citations, itself first, up to one that cites none or a circle.

    >>> trace_chain("a", {"a": ["b", "c"], "c": ["d"]})
    ('a', 'c', 'd')
    """
    before: dict[str, str] = {}
    # Breadth first: the last one reached lies furthest, and each page is seen once.
    queue = [start]
    for page in queue:
        for cited in cites.get(page, ()):
            if cited not in before and cited != start:
                before[cited] = page
                queue.append(cited)
    way = [queue[-1]]
    while way[-1] != start:
        way.append(before[way[-1]])
    return tuple(reversed(way))


def _reach(start: str, cites: Mapping[str, Sequence[str]]) -> set[str]:
    reached: set[str] = set()
    waiting = list(cites.get(start, ()))
    while waiting:
        page = waiting.pop()
        if page not in reached:
            reached.add(page)
            waiting.extend(cites.get(page, ()))
    return reached


def _read(
    page: CitingPage, pages: Sequence[CitingPage], by_address: Mapping[str, CitingPage]
) -> Iterator[Citation]:
    """All that a page cites, what its words say before what it links to."""
    for name, reason in _named(page):
        if _is_name_of(name, page.publisher):
            continue
        cited = next(
            (one for one in pages if one.id != page.id and _is_name_of(name, one.publisher)), None
        )
        url = next((link for link in page.links if _leads_to(link, name)), "")
        if cited is None and url:
            cited = by_address.get(_address(url))
        if cited is None or cited.id != page.id:
            yield Citation(page.id, cited.id if cited else None, name, url, reason)
    for link in page.links:
        cited = by_address.get(_address(link))
        if cited is not None and cited.id != page.id:
            yield Citation(page.id, cited.id, cited.publisher, link, "links to it")


def _named(page: CitingPage) -> Iterator[tuple[str, str]]:
    for quote in page.quotes:
        for span in split_sentences(quote):
            name = find_claimant(quote[span.start : span.end])
            if name and len(name) <= LONGEST_NAME and _is_body(name):
                yield name, f"its passage gives {name} as the one who says it"
    for name in find_credits(page.edges):
        yield name, f"it credits {name}"


def _is_body(name: str) -> bool:
    """Whether a name may be one that publishes: "critics" and "the ministry" have no page.

    "Beijing" and "China" act more often than they tell, and would be found on every page.
    """
    capitals = [word for word in _words(name) if word[0].isupper() and word.lower() not in _SMALL]
    is_nobody = [word.lower() in _NOBODY for word in capitals]
    if len(capitals) == 1:
        return not (is_place_word(capitals[0]) or is_nobody[0])
    # "World Bank" is made of words of places too, but one of them is a body's.
    return any(is_nobody) or any(not is_place_word(word) for word in capitals)


def _words(name: str) -> list[str]:
    return _WORD.findall(name)


def _plain(name: str) -> tuple[str, ...]:
    return tuple(low for word in _words(name) if (low := word.casefold()) not in _SMALL)


def _initials(words: Sequence[str]) -> str:
    return "".join(word[0] for word in words)


def _is_name_of(name: str, publisher: str) -> bool:
    """Whether a name in a text is that publisher: its words, or its initials.

    >>> _is_name_of("the World Bank", "World Bank Data"), _is_name_of("IMF", "The Sun")
    (True, False)
    """
    said, known = _plain(name), _plain(publisher)
    if not said or not known:
        return False
    if said == known or (len(said) == 1 and len(known) > 2 and said[0] == _initials(known)):
        return True
    # One word of many is no name: "China" is not "China Daily".
    return len(said) > 1 and any(
        known[at : at + len(said)] == said for at in range(len(known) - len(said) + 1)
    )


def _leads_to(link: str, name: str) -> bool:
    """Whether a link's host is the name written together, or its initials."""
    labels = _address(link).split("/")[0].split(".")
    words = _plain(name)
    known = {"".join(words), _initials(words) if len(words) > 1 else ""}
    return any(len(label) >= _SHORTEST_HOST_NAME and label in known for label in labels[:-1])


def _address(url: str) -> str:
    """A URL without what does not tell documents apart: scheme, ``www.``, fragment, last slash."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return url
    query = f"?{parts.query}" if parts.query else ""
    return f"{host}{parts.path.rstrip('/')}{query}"
