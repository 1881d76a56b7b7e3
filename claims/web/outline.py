"""What one pass over a page's markup shows: everything but the judgement of what matters.

:class:`Outline` is the value, :class:`BlockListener` what notes visible text, depth
and size in it while a parser goes by. It promises to see text at any depth and
remembers no more of the structure than a stack of names. Which parser goes by, and
what becomes of links, tables and declarations, is the business of
:mod:`claims.web.markup` and :mod:`claims.web.parts`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from claims.web.media import SeenMedia
from claims.web.tables import Table

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


@dataclass(slots=True)
class Outline:
    """What the pass saw. ``blocks`` pairs a text with whether it stands in a margin
    (navigation, footer, aside, form); ``links`` are raw (href, text); ``declared``
    maps lower-case meta names to their first content; ``headings`` are those of the first
    level, ``credits`` the texts of elements that name an author; ``ancestors`` is the sum of the
    depths of all ``elements``, which is what walking up from each of them would cost.
    """

    title: str = ""
    language: str = ""
    canonical: str = ""
    base: str = ""
    depth: int = 0
    elements: int = 0
    ancestors: int = 0
    is_cut: bool = False
    declared: dict[str, str] = field(default_factory=dict)
    linked_data: list[str] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    credits: list[str] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    media: list[SeenMedia] = field(default_factory=list)
    blocks: list[tuple[str, bool]] = field(default_factory=list)

    def text(self) -> str:
        """The blocks outside margins, one to a line; all blocks where that leaves nothing."""
        inner = [text for text, is_marginal in self.blocks if not is_marginal]
        return "\n".join(inner or [text for text, _ in self.blocks])


class BlockListener:
    """Listens to a parser's events; fills blocks, language, depth and sizes of an outline."""

    def __init__(self, outline: Outline) -> None:
        self.outline = outline
        # Open elements with whether each is silent and marginal by itself.
        self._open: list[tuple[str, bool, bool]] = []
        self._silent = 0
        self._marginal = 0
        self._pieces: list[str] = []

    @property
    def is_silent(self) -> bool:
        """Whether text here would not be shown."""
        return self._silent > 0

    @property
    def is_marginal(self) -> bool:
        """Whether what stands here is in a margin or hidden."""
        return self._marginal > 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        outline = self.outline
        if tag == "html":
            outline.language = outline.language or attributes.get("lang", "")[:40]
        if tag in BLOCKS:
            self.end_block()
            if self._silent:
                self._break_out(tag)
        if tag in VOID:
            return
        is_hidden = "hidden" in attributes or (
            "style" in attributes and HIDDEN_STYLE.search(attributes["style"]) is not None
        )
        entry = (tag, tag in SILENT, is_hidden or tag in MARGINAL)
        self._open.append(entry)
        self._silent += entry[1]
        self._marginal += entry[2]
        depth = len(self._open)
        outline.elements += 1
        outline.ancestors += depth
        if depth > outline.depth:
            outline.depth = depth

    def end(self, tag: str) -> None:
        """An element ends."""
        if tag in BLOCKS:
            if tag in VOID:
                return
            self.end_block()
        elif tag in VOID:
            return
        if self._open and self._open[-1][0] == tag:
            self._pop()
        elif any(entry[0] == tag for entry in self._open[-200:]):
            while self._pop() != tag:
                pass

    def data(self, text: str) -> None:
        """Text, shown or not."""
        if not self._silent:
            self._pieces.append(text)

    def end_block(self) -> None:
        """A paragraph is over; also to be called at the end of the page."""
        if self._pieces:
            text = " ".join("".join(self._pieces).split())
            self._pieces = []
            if text:
                self.outline.blocks.append((text, self._marginal > 0))

    def _pop(self) -> str:
        tag, is_silent, is_marginal = self._open.pop()
        self._silent -= is_silent
        self._marginal -= is_marginal
        return tag

    def _break_out(self, tag: str) -> None:
        """A block inside an unclosed ``<svg>`` or ``<select>`` is shown by browsers."""
        if tag == "option":
            return
        near = [entry[0] for entry in self._open[-50:]]
        broken = next((name for name in near if name in BROKEN_BY_BLOCKS), None)
        if broken is not None and "foreignobject" not in near:
            while self._pop() != broken:
                pass
