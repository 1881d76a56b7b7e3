"""From a page's markup to its outline, in one parse.

It promises to see all of the text at any depth (an lxml tree drops what lies deeper
than some hundred levels without a word) in time linear in the page, and to run no
script. While lxml's parser goes by, visible text is noted as it passes. The elements
that carry declarations, links and tables become a BeautifulSoup tree, which is then
walked; above :data:`MAX_TREE_BYTES` or :data:`MAX_TREE_MARKS` a tree could take more
than a reading child may, and they are heard straight from the parser.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bs4 import BeautifulSoup
from bs4.builder._lxml import LXMLTreeBuilder
from bs4.element import AttributeDict
from lxml import etree

from claims.web.credits import is_credit
from claims.web.media_listener import MEDIA_TAGS, MediaListener
from claims.web.outline import BlockListener, Outline
from claims.web.parts import EMPTY_PARTS, PARTS, PartsListener, Sink, is_linked_data, walk_tree

# A page of 3 MiB that is all tags takes BeautifulSoup up to 10 s and 240 MB; one of 100 kB
# with five times as many tags as any real page we have seen is as bad for its size.
MAX_TREE_BYTES = 3 * 1024 * 1024
MAX_TREE_MARKS = 60_000  # less-than signs, of which an element has one or two
FEED_BYTES = 64 * 1024


def read_outline(html: str, *, max_tree_bytes: int = MAX_TREE_BYTES) -> Outline:
    """Take the markup of a page, give its outline; any string is fine."""
    outline = Outline()
    encoded = html.replace("\0", "").encode("utf-8", "replace")
    if not encoded.strip():
        return outline
    blocks, parts = BlockListener(outline), PartsListener(outline)
    media = MediaListener(outline.media)
    try:
        # Without a tag there is no tree, and BeautifulSoup would take ".xml" for a file's name.
        if len(encoded) <= max_tree_bytes and 0 < encoded.count(b"<") <= MAX_TREE_MARKS:
            walk_tree(BeautifulSoup(encoded, builder=_PartsBuilder(blocks, media)), parts)
        else:
            _stream(encoded, _Sieve(blocks, media, parts))
    except etree.LxmlError:
        outline.is_cut = True
    blocks.end_block()
    parts.finish()
    media.finish()
    return outline


class _Sieve:
    """The parser's target: tells all to the blocks, what they are about to the media, and parts
    with their text to a sink.
    """

    def __init__(self, blocks: BlockListener, media: MediaListener, sink: Sink) -> None:
        self._blocks = blocks
        self._media = media
        self._sink = sink
        self._open: list[tuple[bool, bool]] = []  # of every element: is it kept, a comment
        self._depth = 0  # open elements that are kept
        self._raw = 0  # and those of them whose text counts although it is not shown
        self._comments = 0  # open elements that hold what readers wrote

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        was_silent = self._blocks.is_silent
        self._blocks.start(tag, attributes)
        # A player's own sources are no text that is shown.
        if (tag in MEDIA_TAGS or self._media.is_near) and (not was_silent or tag == "source"):
            self._media.start(tag, attributes, is_doubtful=self._blocks.is_marginal)
        is_raw = is_linked_data(tag, attributes) or (tag == "title" and not was_silent)
        is_kept = (
            is_raw
            or tag == "a"
            or tag in EMPTY_PARTS
            or (
                not self._blocks.is_silent and (tag in PARTS or self._names_author(tag, attributes))
            )
        )
        is_comment = "comment" in attributes.get("class", "")
        self._open.append((is_kept, is_comment))
        self._comments += is_comment
        if is_kept:
            self._depth += 1
            self._raw += is_raw or self._raw > 0
            self._sink.start(tag, attributes)

    def end(self, tag: str) -> None:
        self._blocks.end(tag)
        if tag in MEDIA_TAGS or self._media.is_near:
            self._media.end(tag)
        is_kept, is_comment = self._open.pop() if self._open else (False, False)
        self._comments -= is_comment
        if is_kept:
            self._depth -= 1
            self._raw -= self._raw > 0
            self._sink.end(tag)

    def data(self, text: str) -> None:
        self._blocks.data(text)
        if self._media.is_near and not self._blocks.is_silent:
            self._media.data(text)
        if self._depth and (self._raw or not self._blocks.is_silent):
            self._sink.data(text)

    def _names_author(self, tag: str, attributes: Mapping[str, str]) -> bool:
        return not self._comments and is_credit(tag, attributes)

    def comment(self, text: str) -> None:
        """Comments are not read."""

    def close(self) -> None:
        """Called by the parser at the end."""


class _PartsBuilder(LXMLTreeBuilder):
    """BeautifulSoup's lxml builder behind a sieve: the tree holds what is looked for.

    A strainer does the same, but after the costly half of the work: a page's tree
    takes 15 ms, a strained one 10, this one 3.
    """

    def __init__(self, blocks: BlockListener, media: MediaListener) -> None:
        super().__init__(
            huge_tree=True, multi_valued_attributes=None, attribute_dict_class=AttributeDict
        )
        self._blocks = blocks
        self._media = media

    def prepare_markup(self, markup: Any, *_: Any, **__: Any) -> Iterator[Any]:
        """Bytes in UTF-8, once: the charset was settled before, and no other is tried."""
        yield markup, "utf-8", None, False

    def parser_for(self, encoding: str | None) -> etree.HTMLParser:
        """lxml's parser with the sieve between it and this builder."""
        tree: Any = self  # bs4 declares bytes too; an HTML parser gives strings
        return _make_parser(_Sieve(self._blocks, self._media, tree), encoding or "utf-8")


def _make_parser(target: Any, encoding: str) -> etree.HTMLParser:
    return etree.HTMLParser(target=target, huge_tree=True, encoding=encoding)


def _stream(encoded: bytes, target: _Sieve) -> None:
    parser = _make_parser(target, "utf-8")
    for start in range(0, len(encoded), FEED_BYTES):
        parser.feed(encoded[start : start + FEED_BYTES])
    parser.close()
