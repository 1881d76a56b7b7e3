"""An article's text in pieces: which characters belong to which claim and which number.

Promises: offsets on the raw text; every character of it comes out once and in
order; pieces are plain text that the template escapes afterwards. Spans that
overlap or lie outside the text are left out rather than guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

_PARAGRAPH = re.compile(r"[^\n]+")
_HASHES = re.compile(r"#{1,6}[ \t]+(?=\S)")
# Markdown's emphasis within a line; what lies between holds none of its marks, so this is linear.
_EMPHASIS = re.compile(
    r"(?<![\w*])(?P<open>\*{1,3})(?=[^\s*])[^*\n]*[^\s*](?P<close>(?P=open))(?![\w*])"
    r"|(?<![\w_])(?P<open_>_{1,2})(?=[^\s_])[^_\n]*[^\s_](?P<close_>(?P=open_))(?![\w_])"
)


@dataclass(frozen=True, slots=True)
class Mark:
    """Characters ``start`` to ``end`` (exclusive) and what they are."""

    start: int
    end: int
    subject: Any


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text; ``subject`` is the mark's, ``None`` for plain text.

    ``is_syntax`` says that it is a mark of Markdown, which a page leaves out;
    ``is_emphasis`` that it stands between two of them.
    """

    text: str
    subject: Any = None
    is_syntax: bool = False
    is_emphasis: bool = False


@dataclass(frozen=True, slots=True)
class Sentence:
    """Part of a paragraph that belongs to one claim or to none, with its numbers inside.

    ``start`` is its first character in the text. ``is_first`` and ``is_last`` are false
    where a claim runs over a line end.
    """

    pieces: Sequence[Piece]
    claim: Any = None
    is_first: bool = True
    is_last: bool = True
    start: int = 0

    @property
    def is_simple(self) -> bool:
        """Whether it is one whole run of bare words that can be chosen, as most sentences are."""
        one = self.pieces[0] if len(self.pieces) == 1 else None
        return (
            one is not None
            and not (one.subject or one.is_syntax or one.is_emphasis)
            and self.is_first
            and self.is_last
            and getattr(self.claim, "kind", "") == "sentence"
        )

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing to read in it."""
        return all(piece.text.isspace() for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One line of the text; ``hashes`` are the marks that make it a heading in Markdown."""

    sentences: Sequence[Sentence] = field(default_factory=list)
    hashes: str = ""


def cut_paragraphs(
    text: str, claims: Iterable[Mark], numbers: Iterable[Mark] = ()
) -> list[Paragraph]:
    """The text as paragraphs of marked sentences; ``numbers`` are offsets of the same text."""
    claim_marks = _disjoint(claims, len(text))
    number_marks = _disjoint(numbers, len(text))
    paragraphs = []
    for line in _PARAGRAPH.finditer(text):
        mark = _HASHES.match(line[0])
        hashes = mark[0] if mark else ""
        start = line.start() + len(hashes)
        sentences = list(_sentences(text, start, line.end(), claim_marks, number_marks))
        styles = list(_styles(text, start, line.end()))
        paragraphs.append(Paragraph(_styled(sentences, start, styles), hashes))
    return paragraphs


def _disjoint(marks: Iterable[Mark], length: int) -> list[Mark]:
    """In order, without what overlaps an earlier one or leaves the text."""
    kept: list[Mark] = []
    for mark in sorted(marks, key=lambda one: (one.start, -one.end)):
        if 0 <= mark.start < mark.end <= length and (not kept or mark.start >= kept[-1].end):
            kept.append(mark)
    return kept


def _within(marks: Sequence[Mark], start: int, end: int) -> Iterator[Mark]:
    """Marks clipped to a span, with the plain runs between them as marks without a subject."""
    at = start
    for mark in marks[_first_ending_after(marks, start) :]:
        if mark.start >= end:
            break
        if mark.start > at:
            yield Mark(at, mark.start, None)
        yield Mark(max(mark.start, start), min(mark.end, end), mark)
        at = min(mark.end, end)
    if at < end:
        yield Mark(at, end, None)


def _first_ending_after(marks: Sequence[Mark], at: int) -> int:
    low, high = 0, len(marks)
    while low < high:
        middle = (low + high) // 2
        if marks[middle].end > at:
            high = middle
        else:
            low = middle + 1
    return low


def _sentences(
    text: str, start: int, end: int, claims: Sequence[Mark], numbers: Sequence[Mark]
) -> Iterator[Sentence]:
    for run in _within(claims, start, end):
        pieces = [
            Piece(text[part.start : part.end], part.subject.subject if part.subject else None)
            for part in _within(numbers, run.start, run.end)
        ]
        if run.subject is None:
            yield Sentence([Piece("".join(piece.text for piece in pieces))], start=run.start)
        else:
            whole: Mark = run.subject
            yield Sentence(
                pieces,
                whole.subject,
                is_first=run.start == whole.start,
                is_last=run.end == whole.end,
                start=run.start,
            )


def _styles(text: str, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
    """Spans of emphasis on the text: ``(start, end, is_syntax)`` in order."""
    for found in _EMPHASIS.finditer(text, start, end):
        kind = "" if found["open"] else "_"
        opens, closes = found.span(f"open{kind}"), found.span(f"close{kind}")
        yield (*opens, True)
        yield (opens[1], closes[0], False)
        yield (*closes, True)


def _styled(
    sentences: Sequence[Sentence], at: int, styles: Sequence[tuple[int, int, bool]]
) -> Sequence[Sentence]:
    """The sentences with their pieces cut where emphasis begins and ends."""
    if not styles:
        return sentences
    marks = [Mark(start, end, is_syntax) for start, end, is_syntax in styles]
    cut = []
    for sentence in sentences:
        pieces: list[Piece] = []
        for piece in sentence.pieces:
            for part in _within(marks, at, at + len(piece.text)):
                inside = part.subject is not None
                is_syntax = inside and part.subject.subject
                text = piece.text[part.start - at : part.end - at]
                pieces.append(Piece(text, piece.subject, is_syntax, inside and not is_syntax))
            at += len(piece.text)
        cut.append(replace(sentence, pieces=pieces))
    return cut
