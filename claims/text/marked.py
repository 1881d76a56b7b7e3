"""Spans that a person chose in an article, beside the sentences that were cut by rule.

Promises: every sentence of a text, headings and captions too, as spans that slice back
to it; a span that a person chose stands in place of the sentences it touches, and what
is read of it is read with the whole of them in view. Time grows with the text only, and
of a long text only what stands near the span is read for it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from claims.text.articles import read_article
from claims.text.parts import Part
from claims.text.sentences import Span, split_paragraph

# How far around its sentence a text is read for a mark: a long article of news, on either side.
NEAR_CHARS = 20_000


def list_sentences(text: str) -> tuple[Span, ...]:
    """Every sentence that holds a letter or a digit, of prose or not, in order.

    Those of the prose are the very spans that detection scores; the marks of lists,
    quotations and headings stand outside.
    """
    return tuple(
        span
        for block in read_article(text).blocks
        for span in split_paragraph(text, block.start, block.end)
        if any(letter.isalnum() for letter in text[span.start : span.end])
    )


def put_marked(spans: Sequence[Span], marked: Span) -> list[Span]:
    """``spans`` with those that ``marked`` touches joined to one that holds them and it."""
    touched = [span for span in spans if span.start < marked.end and marked.start < span.end]
    whole = Span(
        min(marked.start, *(span.start for span in touched)) if touched else marked.start,
        max(marked.end, *(span.end for span in touched)) if touched else marked.end,
    )
    before = [span for span in spans if span.end <= whole.start]
    return [*before, whole, *(span for span in spans if span.start >= whole.end)]


def part_near(spans: Sequence[Span], marked: Span) -> tuple[Sequence[Span], Sequence[Span]]:
    """The sentences far before a marked one, and those near it; what is far behind is left out.

    ``spans`` are those of :func:`put_marked`: in order, one of them holding ``marked``.
    """
    at = bisect_left(spans, marked.start + 1, key=lambda span: span.start) - 1
    whole = spans[at]
    first = bisect_left(spans, whole.start - NEAR_CHARS, key=lambda span: span.end)
    last = bisect_left(spans, whole.end + NEAR_CHARS, key=lambda span: span.start)
    return spans[:first], spans[first:last]


def cut_marked(span: Span, parts: tuple[Part, ...], marked: Span) -> tuple[Part, ...]:
    """The parts of a sentence where ``marked`` lies in it: the marked words alone.

    A part that was cut by rule at the very same place stays as it is, with the words
    that it shares.
    """
    if not (span.start <= marked.start and marked.end <= span.end):
        return parts
    start, end = marked.start - span.start, marked.end - span.start
    if any((part.start, part.end) == (start, end) for part in parts):
        return parts
    return (Part(start, end),)
