"""One linear pass over a page's markup: everything but the judgement of what matters.

It promises to see all of the text at any depth (a tree parser drops what lies
deeper than some hundred levels without a word) in time linear in the page, and
gives title, declarations, links, tables and blocks of visible text as they stand.
It builds no tree and runs no script.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from claims.web.tables import Table, TableBuilder

# What is inside is never shown as text.
SILENT = frozenset({"script", "style", "template", "textarea", "iframe", "object", "audio",
                    "video", "canvas", "datalist", "title", "svg", "math", "select"})  # fmt: skip
# Of these, the ones that a browser closes when a block begins inside them.
BROKEN_BY_BLOCKS = frozenset({"svg", "math", "select"})
MARGINAL = frozenset({"nav", "footer", "aside", "form", "button", "menu", "dialog"})
BLOCKS = frozenset({"address", "article", "aside", "blockquote", "body", "br", "caption", "dd",
                    "details", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer",
                    "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li",
                    "main", "nav", "ol", "option", "p", "pre", "section", "summary", "table",
                    "tbody", "td", "tfoot", "th", "thead", "tr", "ul"})  # fmt: skip
VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta",
                  "param", "source", "track", "wbr"})  # fmt: skip

HIDDEN_STYLE = re.compile(r"display\s{0,5}:\s{0,5}none", re.I)

MAX_LINKS = 10_000
MAX_TABLES = 500
MAX_DECLARATIONS = 500
MAX_LINKED_DATA_CHARACTERS = 500_000


@dataclass(slots=True)
class Outline:
    """What the pass saw. ``blocks`` pairs a text with whether it stands in a margin
    (navigation, footer, aside, form); ``links`` are raw (href, text); ``declared``
    maps lower-case meta names to their first content; ``ancestors`` is the sum of the
    depths of all ``elements``, which is what walking up from each of them would cost.
    """

    title: str = ""
    heading: str = ""
    language: str = ""
    canonical: str = ""
    base: str = ""
    depth: int = 0
    elements: int = 0
    ancestors: int = 0
    is_cut: bool = False
    declared: dict[str, str] = field(default_factory=dict)
    linked_data: list[str] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    blocks: list[tuple[str, bool]] = field(default_factory=list)

    def text(self) -> str:
        """The blocks outside margins, one to a line; all blocks where that leaves nothing."""
        inner = [text for text, is_marginal in self.blocks if not is_marginal]
        return "\n".join(inner or [text for text, _ in self.blocks])


def read_outline(html: str) -> Outline:
    """Take the markup of a page, give its outline; any string is fine."""
    target: Any = _Target()  # the stubs ask for bytes too; an HTML parser gives strings
    parser = etree.HTMLParser(target=target, huge_tree=True, encoding="utf-8")
    encoded = html.replace("\0", "").encode("utf-8", "replace")
    if not encoded.strip():
        return Outline()
    try:
        for start in range(0, len(encoded), 1 << 16):
            parser.feed(encoded[start : start + (1 << 16)])
        parser.close()
    except etree.LxmlError:
        target.outline.is_cut = True
    outline: Outline = target.finish()
    return outline


class _Target:
    """The parser's listener; a stack of names is all it remembers of the structure."""

    def __init__(self) -> None:
        self.outline = Outline()
        # Open elements with whether each is silent and marginal by itself.
        self._open: list[tuple[str, bool, bool]] = []
        self._silent = 0
        self._marginal = 0
        self._pieces: list[str] = []
        self._captured: dict[str, list[str]] = {}
        self._link: tuple[str, list[str]] | None = None
        self._tables: list[TableBuilder] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._note(tag, attributes)
        if tag in BLOCKS:
            self._end_block()
            self._break_out(tag)
        if tag in VOID:
            return
        is_hidden = "hidden" in attributes or HIDDEN_STYLE.search(attributes.get("style", ""))
        entry = (tag, tag in SILENT, tag in MARGINAL or bool(is_hidden))
        self._open.append(entry)
        self._silent += entry[1]
        self._marginal += entry[2]
        outline = self.outline
        outline.elements += 1
        outline.ancestors += len(self._open)
        outline.depth = max(outline.depth, len(self._open))
        if tag == "a" and attributes.get("href"):
            self._end_link()
            self._link = (attributes["href"], [])
        elif tag == "table":
            self._tables.append(TableBuilder())
        elif self._tables:
            self._tables[-1].start(tag, attributes)

    def _note(self, tag: str, attributes: dict[str, str]) -> None:
        outline = self.outline
        if tag == "meta" and len(outline.declared) < MAX_DECLARATIONS:
            name = attributes.get("property") or attributes.get("name")
            name = name or attributes.get("itemprop") or ""
            if name:
                outline.declared.setdefault(name.lower(), attributes.get("content", "")[:5000])
        elif tag == "link" and "canonical" in attributes.get("rel", "").lower().split():
            outline.canonical = outline.canonical or attributes.get("href", "")
        elif tag == "html":
            outline.language = outline.language or attributes.get("lang", "")[:40]
        elif tag == "base":
            outline.base = outline.base or attributes.get("href", "")
        elif tag in {"title", "h1"}:
            self._captured.setdefault(tag, [])
        elif tag == "script" and "ld+json" in attributes.get("type", "").lower():
            self._captured["ld"] = []

    def end(self, tag: str) -> None:
        if tag in VOID or not any(entry[0] == tag for entry in self._open[-200:]):
            return
        if tag in BLOCKS:
            self._end_block()
        while self._pop() != tag:
            pass
        if tag == "script" and "ld" in self._captured:
            text = "".join(self._captured.pop("ld"))
            if sum(map(len, self.outline.linked_data)) + len(text) < MAX_LINKED_DATA_CHARACTERS:
                self.outline.linked_data.append(text)
        elif tag == "a":
            self._end_link()
        elif tag == "table" and self._tables:
            self._end_table()
        elif self._tables:
            self._tables[-1].end(tag)

    def _pop(self) -> str:
        tag, is_silent, is_marginal = self._open.pop()
        self._silent -= is_silent
        self._marginal -= is_marginal
        return tag

    def _break_out(self, tag: str) -> None:
        """A block inside an unclosed ``<svg>`` or ``<select>`` is shown by browsers."""
        if not self._silent or tag == "option":
            return
        near = [entry[0] for entry in self._open[-50:]]
        broken = next((name for name in near if name in BROKEN_BY_BLOCKS), None)
        if broken is not None and "foreignobject" not in near:
            while self._pop() != broken:
                pass

    def data(self, text: str) -> None:
        near = [entry[0] for entry in self._open[-3:]]
        tag = near[-1] if near else ""
        if tag == "title" and "svg" not in near:
            self._captured.get("title", []).append(text)
        elif "h1" in near:
            self._captured.get("h1", []).append(text)
        if tag == "script" and "ld" in self._captured:
            self._captured["ld"].append(text)
        if self._silent:
            return
        self._pieces.append(text)
        if self._link is not None:
            self._link[1].append(text)
        if self._tables:
            self._tables[-1].data(text)

    def comment(self, text: str) -> None:
        """Comments are not read."""

    def close(self) -> None:
        """Called by the parser at the end."""

    def _end_block(self) -> None:
        if self._pieces:
            text = " ".join("".join(self._pieces).split())
            self._pieces = []
            if text:
                self.outline.blocks.append((text, self._marginal > 0))

    def _end_link(self) -> None:
        if self._link is not None and len(self.outline.links) < MAX_LINKS:
            href, pieces = self._link
            self.outline.links.append((href, " ".join("".join(pieces).split())[:1000]))
        self._link = None

    def _end_table(self) -> None:
        table = self._tables.pop().finish()
        if table is not None and len(self.outline.tables) < MAX_TABLES:
            self.outline.tables.append(table)

    def finish(self) -> Outline:
        """Close what the page left open."""
        self._end_block()
        self._end_link()
        while self._tables:
            self._end_table()
        for name in ("title", "h1"):
            text = " ".join("".join(self._captured.get(name, [])).split())[:1000]
            if name == "title":
                self.outline.title = text
            else:
                self.outline.heading = text
        return self.outline
