"""Read an article's structure: what is title, byline, date, heading, caption, prose.

Promises: blocks in order that never overlap and slice back to the text as given;
only blocks of kind ``paragraph`` hold prose that may become claims. Plain text and
Markdown are read, and text already extracted from a page. Refuses HTML (that is
another room's work) and never changes a character.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from claims.text.bylines import find_dateline, read_byline, read_published_line
from claims.text.dates import find_published_date
from claims.text.furniture import is_bio, is_caption, is_furniture
from claims.text.language import find_language
from claims.text.markup import strip_markup
from claims.text.page_marks import is_mark
from claims.text.sentences import Span, split_paragraphs, split_sentences, trim

_LONGEST_TITLE = 220
_LONGEST_HEADING, _MOST_HEADING_WORDS = 110, 16
# "No. 10 answers" is still a heading; four words and a full stop are a sentence.
_FEWEST_SENTENCE_WORDS = 4
_HEAD_LINES = 14
_TAIL_BLOCKS = 5
_ABOUT_AUTHOR = ("the writer", "the author", "about the")

_FRONT_MATTER = re.compile(
    r"\s{0,20}---[ \t]*\r?\n(?P<body>(?:[^\n]{0,500}\n){1,40}?)---[ \t]*(?:\r?\n|$)"
)
_FRONT_FIELD = re.compile(
    r"(title|author|authors|byline|date|published)[ \t]*:[ \t]*[\"']?([^\n\r]*?)[\"']?[ \t]*$",
    re.I | re.M,
)
_HASHES = re.compile(r"#{1,6}[ \t]+")
_MARKER = re.compile(r"(?:[-*+•▪◦‣][ \t]+|\d{1,2}[.)][ \t]+|>[ \t]?)+")
_STRONG_LINE = re.compile(r"(\*\*|__)(?P<inner>[^*_]{1,200})\1:?$")
_RULE = re.compile(r"(?:[-*_=~][ \t]?){3,400}$")
_IMAGE = re.compile(r"!\[[^\]]{0,300}\]\([^)]{0,600}\)$")
_LINK_LINE = re.compile(r"(?:\[[^\]]{0,300}\]\([^)]{0,600}\)|https?://\S+)$")
_WORD_COUNT = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of the article and what it is.

    ``kind`` is one of ``title standfirst heading caption dateline byline date bio
    furniture paragraph``; markers of lists, quotations and headings are left out of
    the span.
    """

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class ArticleReading:
    """What an article says about itself, and its blocks in order."""

    title: str | None
    byline: str | None
    published: date | None
    language: str | None
    blocks: tuple[Block, ...]


@dataclass(slots=True)
class _Head:
    """What the lines before the first paragraph have told so far."""

    title: str | None = None
    byline: str | None = None
    published: date | None = None
    has_standfirst: bool = False
    is_over: bool = False


def read_article(text: str) -> ArticleReading:
    """Title, byline, publishing day, language and blocks of ``text``.

    What the text does not say is ``None``; a day counts only with its year.

    >>> reading = read_article("Port reopens\\n\\nBy Ann Lee\\n\\nShips came back on Monday.")
    >>> reading.title, reading.byline, [block.kind for block in reading.blocks]
    ('Port reopens', 'Ann Lee', ['title', 'byline', 'paragraph'])
    """
    head = _Head()
    body_start, blocks = _read_front_matter(text, head)
    spans = [
        Span(span.start + body_start, span.end + body_start)
        for span in split_paragraphs(text[body_start:] if body_start else text)
    ]
    kinds = _classify(text, spans, head)
    for span, kind in zip(spans, kinds, strict=True):
        blocks.extend(_to_blocks(text, span, kind))
    blocks = _with_datelines(text, blocks, head)
    prose = " ".join(
        text[block.start : min(block.end, block.start + 2000)] for block in _first_prose(blocks)
    )
    return ArticleReading(
        title=head.title,
        byline=head.byline,
        published=head.published or _published_at_end(text, blocks),
        language=find_language(prose),
        blocks=tuple(blocks),
    )


def _read_front_matter(text: str, head: _Head) -> tuple[int, list[Block]]:
    match = _FRONT_MATTER.match(text)
    if match is None:
        return 0, []
    for field in _FRONT_FIELD.finditer(match.group("body")):
        name, value = field.group(1).lower(), field.group(2).strip()
        if not value:
            continue
        if name == "title":
            head.title = value
        elif name in {"date", "published"}:
            head.published = find_published_date(value[:60])
        else:
            head.byline = value.strip("[]\"' ")
    span = trim(text, 0, match.end())
    return match.end(), [Block(span.start, span.end, "furniture")]


def _classify(text: str, spans: list[Span], head: _Head) -> list[str]:
    kinds: list[str] = []
    line_before = ""
    for place, span in enumerate(spans):
        line = text[span.start : span.end]
        kind = _kind_of_line(line)
        if not head.is_over and kind in {"paragraph", "heading"}:
            is_last = place == len(spans) - 1
            kind = _kind_in_head(line, kind, head, is_only=is_last and head.title is None)
        # A page repeats a picture's caption for its thumbnail, right below.
        if line == line_before and len(line) < _LONGEST_TITLE and place < _HEAD_LINES:
            kind = "caption" if kinds[-1] in {"paragraph", "standfirst", "caption"} else kind
            kinds[-1] = kind if kinds[-1] != "title" else "title"
        line_before = line
        if kind == "date":
            head.published = head.published or read_published_line(line)[1]
        kinds.append(kind)
    return _settle(text, spans, kinds)


def _kind_of_line(line: str) -> str:
    """What a line is by itself, wherever it stands."""
    if _RULE.match(line) or _LINK_LINE.match(line) or is_mark(line) or is_furniture(line):
        return "furniture"
    if _IMAGE.match(line) or is_caption(line):
        return "caption"
    if _HASHES.match(line):
        return "heading"
    if read_published_line(line)[0]:
        return "date"
    if len(line) <= 600 and is_bio(line):
        return "bio"
    if _MARKER.match(line):
        return "paragraph"
    if _STRONG_LINE.match(line) or _looks_like_heading(line):
        return "heading"
    return "paragraph"


def _looks_like_heading(line: str) -> bool:
    if len(line) > _LONGEST_HEADING or len(line.split()) > _MOST_HEADING_WORDS:
        return False
    last = line.rstrip("\"'”’)]*_ ")[-1:]
    if last in ".!…;,":
        return False
    return not line[:1].islower() and not _opens_with_sentence(line)


def _opens_with_sentence(line: str) -> bool:
    """Whether a whole sentence stands before the line's last one: prose that ends in a question."""
    spans = split_sentences(line)
    return any(
        line[span.start : span.end].endswith(".")
        and len(line[span.start : span.end].split()) >= _FEWEST_SENTENCE_WORDS
        for span in spans[:-1]
    )


def _kind_in_head(line: str, kind: str, head: _Head, *, is_only: bool) -> str:
    """What a line before the first long paragraph is, given what came before it."""
    is_short = len(line) <= _LONGEST_TITLE
    if head.title is None and not is_only:
        if kind == "heading" or (is_short and not _is_prose(line)):
            head.title = _plain_title(line)
            return "title"
        head.is_over = True
        return kind
    name = read_byline(line, may_be_bare=head.byline is None and head.title is not None)
    if name and is_short:
        head.byline = head.byline or name
        return "byline"
    if kind == "heading":
        return kind
    may_be_standfirst = not head.has_standfirst and head.byline is None
    if may_be_standfirst and head.title and len(line) <= 320 and not find_dateline(line):
        head.has_standfirst = True
        return "standfirst"
    head.is_over = True
    return kind


def _is_prose(line: str) -> bool:
    return line.rstrip("\"'”’)")[-1:] in ".!…" and len(line.split()) > 6


def _plain_title(line: str) -> str:
    return strip_markup(_HASHES.sub("", line, count=1)).strip()


def _settle(text: str, spans: list[Span], kinds: list[str]) -> list[str]:
    """Second look: a standfirst stands before a byline or date, a heading before prose."""
    settled = list(kinds)
    lines = [text[span.start : min(span.end, span.start + 400)] for span in spans]
    for place, (kind, line) in enumerate(zip(kinds, lines, strict=True)):
        is_followed = {"byline", "date"} & set(kinds[place + 1 : place + 4])
        if kind == "standfirst" and not is_followed and not _is_quoted(line):
            settled[place] = "paragraph"
        is_early = place < len(kinds) - _TAIL_BLOCKS
        if kind == "bio" and is_early and not line.lower().startswith(_ABOUT_AUTHOR):
            settled[place] = "paragraph"
    for place, line in enumerate(lines):
        is_marked = _HASHES.match(line) or _STRONG_LINE.match(line)
        is_before_prose = "paragraph" in settled[place + 1 : place + 9]
        if settled[place] == "heading" and not is_marked and not is_before_prose:
            settled[place] = "paragraph"
    if len(settled) > 1 and set(settled) <= {"title"}:
        settled = ["paragraph"] * len(settled)
    return settled


def _is_quoted(line: str) -> bool:
    """Whether the whole line is one quotation, as standfirsts often are."""
    return line[0] in '“"‘' and line[-1] in '”"’' and not set(line[1:-1]) & set('“”"')


def _to_blocks(text: str, span: Span, kind: str) -> list[Block]:
    """The block of one paragraph, without its Markdown markers."""
    start = span.start
    marker = _HASHES.match(text, start, span.end) or _MARKER.match(text, start, span.end)
    if marker and marker.end() < span.end and kind in {"paragraph", "heading", "title"}:
        start = marker.end()
    return [Block(start, span.end, kind)] if start < span.end else []


def _with_datelines(text: str, blocks: list[Block], head: _Head) -> list[Block]:
    """Cut the dateline off the first paragraphs; a full date in it is the publishing day."""
    result: list[Block] = []
    paragraphs = 0
    for block in blocks:
        if block.kind == "paragraph" and paragraphs < 2:
            paragraphs += 1
            length = find_dateline(text[block.start : block.start + 200] + "x")
            if length and block.start + length < block.end:
                dateline = trim(text, block.start, block.start + length)
                result.append(Block(dateline.start, dateline.end, "dateline"))
                head.published = head.published or find_published_date(
                    text[dateline.start : dateline.end]
                )
                block = Block(block.start + length, block.end, "paragraph")
        result.append(block)
    return result


def _first_prose(blocks: list[Block]) -> list[Block]:
    prose = [block for block in blocks if block.kind == "paragraph"]
    return (prose or blocks)[:6]


def _published_at_end(text: str, blocks: list[Block]) -> date | None:
    for block in blocks[-3:]:
        line = text[block.start : block.end]
        if len(line) < 120 and line.lower().startswith(("published", "first published", "updated")):
            return find_published_date(line)
    return None
