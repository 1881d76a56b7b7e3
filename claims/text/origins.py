"""Group pages that carry the same underlying report.

Promises groups with the reason for each joining: text copied from each other, one wire
agency, one long quotation, one site or publisher, links to the same document. Refuses to
promise independence: a story told again in other words is not recognised, so the number
of groups is *at most* the number of independent origins.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from urllib.parse import urlsplit

from claims.text.words import cut_words

SHINGLE_WORDS = 5
COPIED_SHARE = 0.3
"""From this share of its shingles in the longer page, the shorter one is a copy."""
FEWEST_SHARED = 8
"""Fewer common shingles than this are a shared phrase, not a shared report."""
SAME_TEXT_SHARE = 0.5
"""From this share of its shingles in another text, a page is that text in another place."""
FEWEST_OF_SAME_TEXT = 40
"""So many of them at least: a sentence or two that both quote are no copy."""
QUOTE_WORDS = 8
_READ_CHARS = 60_000
_MOST_HOLDERS = 50
"""A shingle on more pages than this is furniture (a cookie notice), and joins nothing."""

_SECOND_LEVELS = frozenset(
    {"co", "com", "org", "net", "gov", "edu", "ac", "gob", "gouv", "or", "ne"}
)
_LISTED_HOSTS = (
    "blogspot.com wordpress.com medium.com substack.com tumblr.com github.io youtube.com youtu.be "
    "facebook.com twitter.com x.com t.co reddit.com instagram.com tiktok.com linkedin.com msn.com "
    "yahoo.com archive.org google.com"
)
_SHARED_HOSTS = frozenset(_LISTED_HOSTS.split())
"""Sites where everybody publishes: being on one of them is no common origin."""
_AGENCIES = {
    "Reuters": r"Reuters",
    "Associated Press": r"Associated Press|The AP|AP",
    "AFP": r"AFP|Agence France-Presse",
    "dpa": r"dpa",
    "PTI": r"PTI|Press Trust of India",
    "Xinhua": r"Xinhua",
    "APP": r"APP|Associated Press of Pakistan",
    "ANI": r"ANI",
    "PA Media": r"PA Media|PA News Agency",
    "Bloomberg": r"Bloomberg",
    "UPI": r"UPI",
    "EFE": r"EFE",
    "TASS": r"TASS",
    "Kyodo": r"Kyodo(?: News)?",
    "Yonhap": r"Yonhap",
    "Anadolu": r"Anadolu(?: Agency)?|AA",
    "IANS": r"IANS",
    "ANSA": r"ANSA",
}
_CREDITS = tuple(
    (
        name,
        re.compile(
            rf"\((?:{pattern})\)\s*[-–—:]?|^(?:By )?(?:{pattern})\s*[-–—|:]|"
            rf"(?:[Ss]ource|[Vv]ia|[Cc]redit|[Rr]eporting by|[Cc]opyright|©)(?:\s*\d{{4}})?:?\s+"
            rf"(?:the )?(?:{pattern})\b|"
            rf"[-–—]\s*(?:{pattern})\s*$|"
            rf"\b[Ww]ith (?:inputs|input|reporting|files) from (?:{pattern})\b",
            re.MULTILINE,
        ),
    )
    for name, pattern in _AGENCIES.items()
)
_QUOTED = re.compile(r"[“\"]([^“”\"\n]{30,600})[”\"]")


@dataclass(frozen=True, slots=True)
class OriginPage:
    """A page as far as its origin is concerned; ``links`` are the documents it points to."""

    id: str
    text: str
    url: str
    publisher: str | None = None
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OriginLink:
    """Why two pages, by their ids, carry one report."""

    left: str
    right: str
    reason: str


@dataclass(frozen=True, slots=True)
class Origin:
    """The ids of pages that carry one report, in the order given, and why they were joined.

    ``links`` say it pair by pair; ``reasons`` are theirs, each once.
    """

    ids: tuple[str, ...]
    reasons: tuple[str, ...]
    links: tuple[OriginLink, ...] = ()


def group_origins(pages: Sequence[OriginPage]) -> tuple[Origin, ...]:
    """The pages in groups, every page in exactly one, in the order of their first pages.

    Work grows with the text and with the pairs of pages that share something.
    """
    joined = _Groups(len(pages))
    shingles = [cut_shingles(page.text) for page in pages]
    for left, right, shared in _pairs_sharing(shingles):
        shorter = min(len(shingles[left]), len(shingles[right]))
        if shared >= min(FEWEST_SHARED, shorter) and shared >= COPIED_SHARE * shorter:
            joined.join(
                left, right, f"{round(100 * shared / shorter)} % of the shorter text is copied"
            )
    _join_by(joined, [find_credits(page.text) for page in pages], "both credit {}")
    _join_by(joined, [_quotations(page.text) for page in pages], "the same quotation: “{}”")
    _join_by(joined, [_site(page) for page in pages], "the same site, {}")
    _join_by(joined, [_publisher(page) for page in pages], "the same publisher, {}")
    _join_by(
        joined, [_own_addresses(page) for page in pages], "one links to the other or both to {}"
    )
    return tuple(
        Origin(
            tuple(pages[member].id for member in members),
            tuple(dict.fromkeys(reason for _, _, reason in links)),
            tuple(OriginLink(pages[one].id, pages[other].id, why) for one, other, why in links),
        )
        for members, links in joined.listed()
    )


def is_same_text(page: frozenset[int], text: frozenset[int]) -> bool:
    """Whether most of a page is the words of a text: it is told again there, whole or in part.

    Takes the shingles of both. A page that quotes the text among more words of its own is not.
    """
    shared = len(page & text)
    return shared >= max(FEWEST_OF_SAME_TEXT, SAME_TEXT_SHARE * len(page))


class _Groups:
    """A union–find that remembers which two members were joined, and why."""

    def __init__(self, count: int) -> None:
        self._parent = list(range(count))
        self._links: dict[tuple[int, int, str], None] = {}

    def _root(self, member: int) -> int:
        while self._parent[member] != member:
            self._parent[member] = self._parent[self._parent[member]]
            member = self._parent[member]
        return member

    def join(self, left: int, right: int, reason: str) -> None:
        first, second = sorted((self._root(left), self._root(right)))
        self._parent[second] = first
        self._links[left, right, reason] = None

    def listed(self) -> Iterable[tuple[list[int], list[tuple[int, int, str]]]]:
        members: dict[int, list[int]] = defaultdict(list)
        for member in range(len(self._parent)):
            members[self._root(member)].append(member)
        links: dict[int, list[tuple[int, int, str]]] = defaultdict(list)
        for link in self._links:
            links[self._root(link[0])].append(link)
        for root in sorted(members):
            yield members[root], links[root]


def cut_shingles(text: str) -> frozenset[int]:
    """The runs of words that make two texts alike, as numbers that hold in this process alone."""
    words = cut_words(text[:_READ_CHARS])
    if len(words) < SHINGLE_WORDS:
        return frozenset([hash(tuple(words))]) if words else frozenset()
    return frozenset(
        hash(tuple(words[place : place + SHINGLE_WORDS]))
        for place in range(len(words) - SHINGLE_WORDS + 1)
    )


def _pairs_sharing(shingles: Sequence[frozenset[int]]) -> Iterable[tuple[int, int, int]]:
    holders: dict[int, list[int]] = defaultdict(list)
    for place, marks in enumerate(shingles):
        for mark in marks:
            holders[mark].append(place)
    shared: dict[tuple[int, int], int] = defaultdict(int)
    for places in holders.values():
        if 1 < len(places) <= _MOST_HOLDERS:
            for pair in combinations(places, 2):
                shared[pair] += 1
    for (left, right), count in sorted(shared.items()):
        yield left, right, count


def _join_by(joined: _Groups, marks: Sequence[dict[str, str]], reason: str) -> None:
    """Join pages that hold the same mark; each comes with how a person reads it."""
    first_holder: dict[str, int] = {}
    for place, held in enumerate(marks):
        for mark, shown in sorted(held.items()):
            if mark in first_holder:
                joined.join(first_holder[mark], place, reason.format(shown))
            else:
                first_holder[mark] = place


def find_credits(text: str) -> dict[str, str]:
    """The agencies credited at the head or the foot of a text, each under its own name."""
    edges = text[:400] + "\n" + text[-400:]
    return {name: name for name, pattern in _CREDITS if pattern.search(edges)}


def _quotations(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for match in _QUOTED.finditer(text[:_READ_CHARS]):
        words = cut_words(match.group(1))
        if len(words) >= QUOTE_WORDS:
            said = match.group(1).split()
            more = " …" if len(said) > QUOTE_WORDS else ""
            found[" ".join(words[:12])] = " ".join(said[:QUOTE_WORDS]) + more
    return found


def _site(page: OriginPage) -> dict[str, str]:
    """The registrable part of the host, by the common two-part endings.

    A page whose publisher is known is joined by that instead: several publishers
    may share a host, and a bare address says nothing of who publishes there.
    """
    if _publisher(page):
        return {}
    try:
        host = (urlsplit(page.url).hostname or "").rstrip(".").lower()
    except ValueError:
        return {}
    labels = host.split(".")
    if not host or host.replace(".", "").isdigit() or ":" in host:
        return {}
    kept = 3 if len(labels) >= 3 and labels[-2] in _SECOND_LEVELS and len(labels[-1]) == 2 else 2
    site = ".".join(labels[-kept:])
    return {} if site in _SHARED_HOSTS else {site: site}


def _publisher(page: OriginPage) -> dict[str, str]:
    name = " ".join((page.publisher or "").split())
    return {name.casefold(): name} if name else {}


def _own_addresses(page: OriginPage) -> dict[str, str]:
    """The addresses a page stands for: its own and those it links to, but no home pages."""
    kept = (
        address.rstrip("/")
        for address in (*page.links, page.url)
        if address.count("/") > 3 or not address.endswith("/")
    )
    return {address: address for address in kept}
