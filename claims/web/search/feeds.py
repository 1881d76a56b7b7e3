"""Feeds of chosen publishers: a search over what they published lately.

Reads RSS 2.0, RSS 1.0 and Atom by their element names, whatever their namespaces.
Promises that a process fetches a feed once in ten minutes at most, however many queries
look into it (the :class:`FeedShelf` is shared by its threads), that one feed's fault does
not hide the others' items, and that markup in a feed stays text. Refuses entities and
anything that is no feed.
"""

from __future__ import annotations

import html
import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from email.utils import parsedate_to_datetime
from itertools import islice

from lxml import etree

from claims.text.bm25 import WordIndex
from claims.text.words import STOP_STEMS, cut_words
from claims.web.declarations import parse_day
from claims.web.errors import FetchError, Unreadable
from claims.web.search.protocol import (
    MAX_SNIPPET_CHARACTERS,
    MAX_TITLE_CHARACTERS,
    Asking,
    Found,
    clip,
    fetch_answer,
)
from claims.web.urls import resolve_link

# A little less than the ten minutes between two readings, so that each one finds it due.
KEEP_SECONDS = 590.0
# A look into all feeds ends by then; what was not read by then is read at the next one.
PATIENCE_SECONDS = 20.0
MAX_FEEDS = 40
MAX_ITEMS = 500
MAX_TEXT_CHARACTERS = 20_000
TAG = re.compile(r"<[^<>]{0,2000}>")
ITEMS = frozenset({"item", "entry"})
ROOTS = frozenset({"rss", "feed", "rdf"})
SUMMARIES = ("description", "summary", "encoded", "content")
DAYS = ("pubdate", "published", "date", "updated")


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a feed; ``publisher`` is the feed's own title."""

    url: str
    title: str
    summary: str
    published: date | None
    publisher: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What one feed held, or why it could not be read; not ``is_fresh`` is from the shelf."""

    url: str
    items: tuple[Item, ...] = ()
    fault: FetchError | None = None
    is_fresh: bool = True


@dataclass(slots=True)
class FeedShelf:
    """Feeds read lately, shared by threads; each is fetched by one of them at a time."""

    keep_seconds: float = KEEP_SECONDS
    clock: Callable[[], float] = time.monotonic
    _kept: dict[str, tuple[float, tuple[Item, ...]]] = field(default_factory=dict)
    _locks: dict[str, threading.Lock] = field(default_factory=dict)
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def read(self, client: Asking, url: str, *, may_fetch: bool = True) -> Reading | None:
        """A feed's items in its order; ``None`` where it would have to be fetched first."""
        with self._guard:
            lock = self._locks.setdefault(url, threading.Lock())
        with lock:
            kept, now = self._kept.get(url), self.clock()
            if kept is not None and now - kept[0] < self.keep_seconds:
                return Reading(url, kept[1], is_fresh=False)
            if not may_fetch:
                return None
            try:
                items = read_feed(fetch_answer(client, url, service=f"The feed {url}"), url)
            except FetchError as problem:
                return Reading(url, fault=problem)
            self._kept[url] = (now, items)
            return Reading(url, items)


@dataclass(frozen=True, slots=True)
class FeedSearch:
    """Searches among the recent items of ``feeds`` (their URLs)."""

    client: Asking
    feeds: tuple[str, ...]
    shelf: FeedShelf
    patience_seconds: float = PATIENCE_SECONDS
    name: str = "feeds"

    def search(self, query: str, *, language: str = "en", limit: int = 10) -> tuple[Found, ...]:
        """Items by BM25 over title and summary; ``language`` plays no part.

        Raises the last fault where no feed at all could be read.
        """
        del language
        items = list_items(self.read_all())
        wanted = [word for word in cut_words(query) if word not in STOP_STEMS]
        texts = [cut_words(f"{one.title} {one.summary}") for one in items]
        scores = WordIndex(texts, only=set(wanted)).score_texts(dict.fromkeys(wanted, 1.0))
        order = sorted(range(len(items)), key=lambda place: -scores[place])
        best = [items[place] for place in order[:limit] if _says_enough(wanted, texts[place])]
        return tuple(
            Found(one.url, one.title, one.summary, one.published, one.publisher) for one in best
        )

    def read_all(self) -> list[Reading]:
        """Each feed that could be asked in time, or that lies on the shelf."""
        until = time.monotonic() + self.patience_seconds
        read = (
            self.shelf.read(self.client, url, may_fetch=time.monotonic() < until)
            for url in self.feeds[:MAX_FEEDS]
        )
        return [one for one in read if one is not None]


def list_items(readings: Sequence[Reading]) -> list[Item]:
    """All items of all feeds, each URL once; raises the last fault where none could be read."""
    faults = [one.fault for one in readings if one.fault is not None]
    if faults and len(faults) == len(readings):
        raise faults[-1]
    found: dict[str, Item] = {}
    for reading in readings:
        for item in reading.items:
            found.setdefault(item.url, item)
    return list(found.values())


def _says_enough(wanted: Sequence[str], text: Sequence[str]) -> bool:
    """Whether an item shares two words with the query (or its only one): one is chance."""
    shared = set(wanted) & set(text)
    return len(shared) >= min(2, len(set(wanted))) and bool(shared)


def read_feed(body: bytes, url: str) -> tuple[Item, ...]:
    """The items of a feed's bytes in its order; raises :class:`Unreadable` for what is none."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False
    )
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None or _name_of(root) not in ROOTS:
        raise Unreadable(f"{url} is not a feed (RSS or Atom).")
    publisher = clip(_plain(_first_text(root, ("title",))), MAX_TITLE_CHARACTERS)
    entries = islice((one for one in root.iter() if _name_of(one) in ITEMS), MAX_ITEMS)
    found = (_read_item(entry, url, publisher) for entry in entries)
    return tuple(one for one in found if one is not None)


def _read_item(entry: etree._Element, feed_url: str, publisher: str) -> Item | None:
    url = resolve_link(feed_url, _link_of(entry))
    if url is None:
        return None
    return Item(
        url=url,
        title=clip(_plain(_first_text(entry, ("title",))), MAX_TITLE_CHARACTERS),
        summary=clip(_plain(_first_text(entry, SUMMARIES)), MAX_SNIPPET_CHARACTERS),
        published=_read_day(_first_text(entry, DAYS)),
        publisher=publisher,
    )


def _link_of(entry: etree._Element) -> str:
    """The item's own page: Atom's alternate link, RSS's link, else a guid that is an address."""
    guid = ""
    for child in entry:
        name = _name_of(child)
        if name == "link":
            href, rel = child.get("href"), child.get("rel", "alternate")
            if href and rel == "alternate":
                return href
            if not href and child.text and child.text.strip():
                return child.text.strip()
        elif name == "guid" and child.get("isPermaLink", "true") == "true":
            guid = (child.text or "").strip()
    return guid if guid.startswith(("http://", "https://")) else ""


def _first_text(parent: etree._Element, names: Sequence[str]) -> str:
    """The text of the first child of these names, in the order of the names; a channel's too."""
    children = list(_children(parent))
    for name in names:
        for child in children:
            if _name_of(child) == name:
                text = "".join(map(str, child.itertext()))
                if text.strip():
                    return text[:MAX_TEXT_CHARACTERS]
    return ""


def _children(parent: etree._Element) -> Iterator[etree._Element]:
    for child in parent:
        yield child
        if _name_of(child) == "channel":
            yield from child


def _name_of(element: etree._Element) -> str:
    """The name without its namespace, in lower case; ``""`` for comments and the like."""
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def _plain(text: str) -> str:
    """Text without markup: feeds carry HTML, escaped once."""
    return html.unescape(TAG.sub(" ", html.unescape(text) if "&lt;" in text else text))


def _read_day(text: str) -> date | None:
    text = text.strip()[:60]
    day = parse_day(text)
    if day is not None or not text:
        return day
    try:
        return parsedate_to_datetime(text).date()
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
