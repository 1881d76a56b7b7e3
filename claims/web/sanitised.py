"""A fetched page as markup that is safe to show: its words and their order, and nothing live.

Promises: only elements of an allow-list, without attributes but the span of a table's cells;
no script, style, address, picture or form; text is escaped. A first pass makes the markup
shallow and small in linear time, and the allow-list of a kept library (nh3) has the last word.
Refuses pages over :data:`MAX_BYTES`.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import nh3
from lxml import etree

from claims.text.anchors import Anchor, Standing, find_anchor
from claims.web.charsets import decode_page

# Two megabytes that are all tags take 2 s here; a larger page is read as text.
MAX_BYTES = 2 * 1024 * 1024
# Real pages stay under 60; the library's time grows with the square of a hostile depth.
MAX_DEPTH = 100
# Its time grows with the square of the references in a text too: so many take 0.2 s.
MAX_REFERENCES = 100_000
MAX_ALT_CHARS = 300


def _names(written: str) -> frozenset[str]:
    return frozenset(written.split())


BLOCKS = _names(
    "address article aside blockquote br caption dd div dl dt figcaption figure footer h1 h2 h3 "
    "h4 h5 h6 header hr li main nav ol p pre section table tbody td tfoot th thead tr ul"
)
INLINE = _names("abbr b cite code del em i ins kbd q s samp small strong sub sup time u var")
VOID = frozenset({"br", "hr"})
# The page around it has the first heading and the main part.
RENAMED = {"h1": "h2", "main": "div"}
# What these hold is not text that a reader of the page sees.
SILENT = _names(
    "applet audio canvas embed head iframe math noembed noframes object script select style svg "
    "template textarea title video"
)
SPANS = ("colspan", "rowspan")
_SPAN = re.compile(r"[1-9][0-9]?", re.ASCII)
ALLOWED = {*BLOCKS, *INLINE, "mark"}
ATTRIBUTES = {"td": set(SPANS), "th": set(SPANS), "mark": {"id"}}


@dataclass(frozen=True, slots=True)
class SafePage:
    """Markup to be shown as it is; ``is_marked`` says whether the quote was found in it."""

    markup: str
    is_marked: bool


@dataclass(frozen=True, slots=True)
class _Token:
    """A tag as it is written, or text that is still to be escaped."""

    text: str
    is_tag: bool = False
    is_block: bool = False


def sanitise_page(
    body: bytes, *, charset: str | None = None, quote: Anchor | None = None
) -> SafePage:
    """The page's safe markup, with the quote in ``<mark>``, the first of them named ``quote``.

    Raises ``ValueError`` for a page over :data:`MAX_BYTES` or :data:`MAX_REFERENCES`.
    """
    if len(body) > MAX_BYTES:
        raise ValueError(f"The page has more than {MAX_BYTES:,} bytes.")
    tokens = _reduce(decode_page(body, charset)[0])
    spans = _find(tokens, quote) if quote is not None else None
    markup = "".join(_written(tokens, spans))
    if markup.count("&") > MAX_REFERENCES:
        raise ValueError("The page has more signs than are shown as a page.")
    safe = nh3.clean(
        markup,
        tags=ALLOWED,
        clean_content_tags=set(),
        attributes=ATTRIBUTES,
        url_schemes=set(),
        link_rel=None,
    )
    return SafePage(safe, is_marked=spans is not None)


class _Reducer:
    """lxml's parser target: allowed tags and text as tokens, the rest left out."""

    def __init__(self) -> None:
        self.tokens: list[_Token] = []
        self._words: list[str] = []
        self._kept: list[bool] = []
        self._silent = 0
        self._depth = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        tag = RENAMED.get(tag, tag)
        is_silent = tag in SILENT
        self._silent += is_silent
        is_kept = not self._silent and (tag in BLOCKS or tag in INLINE) and self._depth < MAX_DEPTH
        self._kept.append(is_kept)
        if tag == "img" and not self._silent:
            alt = " ".join((attributes.get("alt") or "").split())[:MAX_ALT_CHARS]
            self._words.append(f"[picture: {alt}]" if alt else "")
        if is_kept:
            self._depth += 1
            spans = "".join(
                f' {name}="{attributes[name]}"'
                for name in SPANS
                if tag in ("td", "th") and _SPAN.fullmatch(attributes.get(name) or "")
            )
            self._tag(f"<{tag}{spans}>", tag)

    def end(self, tag: str) -> None:
        tag = RENAMED.get(tag, tag)
        self._silent -= tag in SILENT and self._silent > 0
        if self._kept and self._kept.pop():
            self._depth -= 1
            if tag not in VOID:
                self._tag(f"</{tag}>", tag)

    def data(self, text: str) -> None:
        if not self._silent and text:
            self._words.append(text)

    def comment(self, text: str) -> None:
        """Comments are left out."""

    def close(self) -> None:
        """Called by the parser at the end."""
        self._flush()

    def _tag(self, written: str, tag: str) -> None:
        self._flush()
        self.tokens.append(_Token(written, is_tag=True, is_block=tag in BLOCKS))

    def _flush(self) -> None:
        if self._words:
            self.tokens.append(_Token("".join(self._words)))
            self._words = []


def _reduce(page: str) -> list[_Token]:
    target = _Reducer()
    told: Any = target  # the stubs want methods that the parser does not
    parser = etree.HTMLParser(target=told, huge_tree=True, encoding="utf-8")
    encoded = page.replace("\0", "").encode("utf-8", "replace")
    if not encoded.strip():
        return []
    try:
        parser.feed(encoded)
        parser.close()
    except etree.LxmlError:
        # What was read until then is shown.
        return target.tokens
    return target.tokens


def _find(tokens: list[_Token], quote: Anchor) -> tuple[int, int] | None:
    """The quote's span in the text of all tokens, blocks parted by line ends."""
    text = "".join(_spoken(token) for token in tokens)
    found = find_anchor(text, Anchor(quote.exact, quote.prefix, quote.suffix, 0, 0))
    is_same = found.standing in (Standing.HERE, Standing.MOVED)
    return (found.start, found.end) if is_same and not found.is_unsure else None


def _spoken(token: _Token) -> str:
    if token.is_tag:
        return "\n" if token.is_block else ""
    return token.text


def _written(tokens: list[_Token], span: tuple[int, int] | None) -> Iterator[str]:
    """The markup; text inside the span is marked, however many elements it runs through."""
    at, is_first = 0, True
    for token in tokens:
        spoken = _spoken(token)
        if token.is_tag:
            yield token.text
        else:
            start, end = (
                (max(span[0] - at, 0), max(min(span[1] - at, len(spoken)), 0)) if span else (0, 0)
            )
            inside = spoken[start:end]
            if start < end and inside.strip():
                yield html.escape(spoken[:start], quote=False)
                yield (
                    f'<mark id="quote">{html.escape(inside, quote=False)}</mark>'
                    if is_first
                    else (f"<mark>{html.escape(inside, quote=False)}</mark>")
                )
                yield html.escape(spoken[end:], quote=False)
                is_first = False
            else:
                yield html.escape(spoken, quote=False)
        at += len(spoken)
