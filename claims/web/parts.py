"""The parts of a page that are no running text: declarations, links, tables.

It promises one reading of them for every page, whether their elements come out of
a BeautifulSoup tree or straight from the parser: :class:`PartsListener` hears the
elements in the order of the page, in time linear in their number. Looking for
tables or link texts from each element of a tree anew is quadratic where a page
nests them ten thousand deep.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from bs4 import BeautifulSoup
from bs4.element import Tag

from claims.web.credits import MAX_CREDIT_CHARACTERS, MAX_CREDITS, is_credit
from claims.web.outline import Outline
from claims.web.tables import TableBuilder

MAX_LINKS = 10_000
MAX_TABLES = 500
MAX_DECLARATIONS = 500
MAX_LINKED_DATA_CHARACTERS = 500_000
MAX_HEADINGS = 20

# Elements that say something here; those of the first line hold no text.
EMPTY_PARTS = frozenset({"meta", "link", "base"})
PARTS = EMPTY_PARTS | {"a", "h1", "table", "caption", "tr", "td", "th"}


class Sink(Protocol):
    """What takes elements: a tree's builder or a listener."""

    def start(self, tag: str, attributes: Mapping[str, str], /) -> object:
        """An element begins."""
        ...

    def end(self, tag: str, /) -> object:
        """An element ends."""
        ...

    def data(self, text: str, /) -> object:
        """Text."""
        ...


def is_linked_data(tag: str, attributes: Mapping[str, str]) -> bool:
    """Whether an element holds JSON-LD."""
    return tag == "script" and "ld+json" in attributes.get("type", "").lower()


class PartsListener:
    """Hears parts and what is inside them; fills an outline with what they say."""

    def __init__(self, outline: Outline) -> None:
        self._outline = outline
        # What is being captured: the name of an open title, h1 or script, and its text.
        self._captured: tuple[str, list[str]] | None = None
        self._link: tuple[str, list[str]] | None = None
        self._tables: list[TableBuilder] = []
        # The open elements that credit an author: name, place among all, where its text begins.
        self._credits: list[tuple[str, int, int]] = []
        self._credited: list[str] = []
        self._linked_data_characters = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        if len(self._outline.credits) < MAX_CREDITS and is_credit(tag, attributes):
            self._credits.append((tag, len(self._outline.credits), len(self._credited)))
            self._outline.credits.append("")
        if tag in EMPTY_PARTS:
            self._note(tag, attributes)
        elif tag == "a" and attributes.get("href"):
            self._end_link()
            self._link = (attributes["href"], [])
        elif tag == "table":
            self._tables.append(TableBuilder())
        elif tag in {"title", "h1"} or is_linked_data(tag, attributes):
            self._captured = (tag, [])
        elif self._tables:
            self._tables[-1].start(tag, attributes)

    def end(self, tag: str) -> None:
        """An element ends."""
        if self._credits and tag == self._credits[-1][0]:
            self._end_credit()
        if tag == "a":
            self._end_link()
        elif tag == "table" and self._tables:
            self._end_table()
        elif self._captured is not None and tag == self._captured[0]:
            self._end_capture()
        elif self._tables:
            self._tables[-1].end(tag)

    def data(self, text: str) -> None:
        """Text inside a part."""
        if self._captured is not None:
            self._captured[1].append(text)
            if self._captured[0] != "h1":
                return
        if self._credits:
            self._credited.append(text)
        if self._link is not None:
            self._link[1].append(text)
        if self._tables:
            self._tables[-1].data(text)

    def finish(self) -> None:
        """Close what the page left open."""
        self._end_capture()
        self._end_link()
        while self._credits:
            self._end_credit()
        while self._tables:
            self._end_table()

    def _note(self, tag: str, attributes: Mapping[str, str]) -> None:
        outline = self._outline
        if tag == "link" and "canonical" in attributes.get("rel", "").lower().split():
            outline.canonical = outline.canonical or attributes.get("href", "")
        elif tag == "base":
            outline.base = outline.base or attributes.get("href", "")
        elif tag == "meta" and len(outline.declared) < MAX_DECLARATIONS:
            name = attributes.get("property") or attributes.get("name")
            name = name or attributes.get("itemprop") or ""
            if name:
                outline.declared.setdefault(name.lower(), attributes.get("content", "")[:5000])

    def _end_capture(self) -> None:
        if self._captured is None:
            return
        (tag, pieces), self._captured = self._captured, None
        outline = self._outline
        if tag == "script":
            text = "".join(pieces)
            self._linked_data_characters += len(text)
            if self._linked_data_characters < MAX_LINKED_DATA_CHARACTERS:
                outline.linked_data.append(text)
            return
        line = " ".join("".join(pieces).split())[:1000]
        if tag == "title":
            outline.title = outline.title or line
        elif line and len(outline.headings) < MAX_HEADINGS:
            outline.headings.append(line)

    def _end_link(self) -> None:
        if self._link is not None and len(self._outline.links) < MAX_LINKS:
            href, pieces = self._link
            self._outline.links.append((href, " ".join("".join(pieces).split())[:1000]))
        self._link = None

    def _end_credit(self) -> None:
        _, place, start = self._credits.pop()
        line = " ".join("".join(self._credited[start:]).split())
        if len(line) <= MAX_CREDIT_CHARACTERS:
            self._outline.credits[place] = line

    def _end_table(self) -> None:
        table = self._tables.pop().finish()
        if table is not None and len(self._outline.tables) < MAX_TABLES:
            self._outline.tables.append(table)


def walk_tree(soup: BeautifulSoup, sink: Sink) -> None:
    """Tell a tree's elements and texts in the order of the page; any depth is fine."""
    path: list[Tag] = []
    for node in soup.descendants:
        while path and node.parent is not path[-1]:
            sink.end(path.pop().name)
        if isinstance(node, Tag):
            attributes: Any = node.attrs  # strings: the builder splits no class names
            sink.start(node.name, attributes)
            path.append(node)
        else:
            sink.data(str(node))
    while path:
        sink.end(path.pop().name)
