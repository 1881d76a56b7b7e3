"""A rationale's Markdown as markup that is safe to show, with its citations as links.

Promises: paragraphs, emphasis, lists, quotations and code; ``[2]`` is a citation
of evidence 2 wherever it is not code or behind a backslash; a link leads only where ``outside``
says, with the host beside it and a ``rel`` that tells the other side nothing. No markup of the
author's, no picture, no heading, no other attribute: the allow-list of a kept library (nh3) has
the last word. Takes up to :data:`MAX_CHARS` and refuses more, so its time is bounded.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Collection, Sequence
from functools import cache
from typing import Protocol

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

MAX_CHARS = 20_000
REL = "noopener noreferrer nofollow"
MAX_NESTING = 20
TAGS = {
    *("p", "br", "em", "strong", "s", "ul", "ol", "li", "blockquote", "code", "pre", "hr"),
    *("a", "span", "bdi"),
}
ATTRIBUTES = {"a": {"href", "target", "rel", "class"}, "ol": {"start"}, "span": {"class"}}
_CITATION = re.compile(r"\[(\d{1,3})\]", re.ASCII)


class Leads(Protocol):
    """Where a link may lead: its text is the address, empty for none, and ``host`` is shown."""

    @property
    def host(self) -> str:
        """The host a reader checks."""


def render_rationale(
    text: str, *, evidence: Collection[int], outside: Callable[[str], Leads], page: str = ""
) -> str:
    """The markup; citations of ``evidence`` lead to ``page`` at that card, others stay text.

    Raises ``ValueError`` for a text over :data:`MAX_CHARS`.
    """
    tokens = _parse(text)
    for token in tokens:
        if token.children:
            token.children = _finish(token.children, evidence, outside, page)
    markup = _reader().renderer.render(tokens, _reader().options, {})
    return nh3.clean(
        markup,
        tags=TAGS,
        clean_content_tags=set(),
        attributes=ATTRIBUTES,
        url_schemes={"http", "https"},
        link_rel=None,
    )


def find_citations(text: str) -> tuple[int, ...]:
    """The numbers of the evidence that a rationale cites, each once, in order.

    >>> find_citations("See [2], not `[3]`; [2] again.")
    (2,)
    """
    cited = [
        int(child.content)
        for token in _parse(text)
        for child in token.children or ()
        if child.type == "citation"
    ]
    return tuple(dict.fromkeys(cited))


def _parse(text: str) -> list[Token]:
    if len(text) > MAX_CHARS:
        raise ValueError(f"At most {MAX_CHARS:,} characters; this has {len(text):,}.")
    tokens = _reader().parse(text)
    # The library leaves out what lies deeper; then all of it is told as one paragraph.
    is_too_deep = any(token.level >= MAX_NESTING - 1 for token in tokens)
    return _reader().parseInline(text) if is_too_deep else tokens


@cache
def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False, "breaks": True, "maxNesting": MAX_NESTING})
    reader.enable("strikethrough")
    reader.disable(["heading", "lheading", "reference", "image", "html_block", "html_inline"])
    reader.inline.ruler.before("link", "citation", _read_citation)
    return reader


def _read_citation(state: StateInline, silent: bool) -> bool:
    found = _CITATION.match(state.src, state.pos, state.posMax)
    if found is None:
        return False
    if not silent:
        state.push("citation", "", 0).content = found[1]
    state.pos = found.end()
    return True


def _finish(
    children: Sequence[Token],
    evidence: Collection[int],
    outside: Callable[[str], Leads],
    page: str,
) -> list[Token]:
    """The inline tokens with citations and links as markup of our own."""
    done: list[Token] = []
    closes: list[str] = []
    for child in children:
        if child.type == "citation":
            done.append(_markup(_cite(child.content, evidence, page)))
        elif child.type == "link_open":
            address = outside(str(child.attrGet("href") or ""))
            written = f"{address}"
            closes.append(
                f'</a> <span class="tk-host">({html.escape(address.host)})</span>'
                if written
                else "</bdi>"
            )
            done.append(_markup(_open(written)))
        elif child.type == "link_close":
            done.append(_markup(closes.pop()))
        else:
            done.append(child)
    return done


def _open(address: str) -> str:
    if not address:
        return "<bdi>"
    return f'<a href="{html.escape(address)}" rel="{REL}" target="_blank">'


def _cite(written: str, evidence: Collection[int], page: str) -> str:
    number = int(written)
    if number not in evidence:
        return f"[{written}]"
    return f'<a class="tk-cite" href="{html.escape(page)}#e-{number}">[{written}]</a>'


def _markup(written: str) -> Token:
    made = Token("html_inline", "", 0)
    made.content = written
    return made
