"""Marks drawn by offsets: nothing comes alive, no entity is torn, no character is lost.

Some five hundred awkward strings stand as the text and, in turn, as what is
marked in it, through the very templates that draw an article and a ticket.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.template.loader import get_template
from django.utils.html import escape

from claims.admin.highlight import Mark, cut_paragraphs
from claims.admin.ticket_panels.spans import cut_at
from tests.admin.hostile.naughty import naughty_strings

SENTENCE = get_template("claims/article/sentence.html")
TAG = re.compile(r"<[^>]*>")
OPENED = re.compile(r"<(/?[a-zA-Z!?]+)")
ENTITY = re.compile(r"&(?:lt|gt|amp|quot|#x27);")
OURS = {"mark", "/mark", "span", "/span", "a", "/a", "em", "/em", "button", "/button"}
Spans = list[tuple[int, int]]


def numbers(spans: Spans) -> list[Mark]:
    return [Mark(start, end, SimpleNamespace(read="<7 & 8>")) for start, end in spans]


def claims(spans: Spans) -> list[Mark]:
    card = SimpleNamespace(
        band="strong", id=7, score=0.8, version=0, told="<7 & 8>", ticket=SimpleNamespace(pk=7),
        ticket_url="/admin/", badge=SimpleNamespace(text="x"),
    )  # fmt: skip
    return [
        Mark(start, end, SimpleNamespace(key=f"{start}-{end}", kind="claim", card=card))
        for start, end in spans
    ]


def draw(text: str, claim_spans: Spans, number_spans: Spans) -> tuple[str, str]:
    """The page's markup of the text, and the text its pieces hold."""
    paragraphs = cut_paragraphs(text, claims(claim_spans), numbers(number_spans))
    drawn, held = [], []
    for paragraph in paragraphs:
        held.append(
            paragraph.hashes + "".join(p.text for s in paragraph.sentences for p in s.pieces)
        )
        drawn += [SENTENCE.render({"sentence": one}) for one in paragraph.sentences]
    return "".join(drawn), "\n".join(held)


def is_sound(markup: str) -> bool:
    """Only our own elements, and every ``&`` begins one of the entities that escaping makes."""
    return set(OPENED.findall(markup)) <= OURS and not re.search(r"&", ENTITY.sub("", markup))


def shown(markup: str) -> str:
    """What a reader sees, without the chips that name a ticket."""
    return html.unescape(TAG.sub("", re.sub(r"<a class=\"fa-chip\".*?</a>", "", markup)))


def spans_of(term: str, text: str) -> Spans:
    found, at = [], text.find(term)
    while at >= 0:
        found.append((at, at + len(term)))
        at = text.find(term, at + len(term))
    return found


def texts_with_terms() -> Iterator[tuple[str, str]]:
    strings = naughty_strings()
    for number, text in enumerate(strings):
        other = strings[(number * 7 + 3) % len(strings)]
        yield f"{text} and {other}{text} & <{other}>", text
        yield f"lt amp quot {text} &lt; {other}", "lt"
        yield f"{other}{text}", other


def test_there_are_some_five_hundred() -> None:
    assert len(naughty_strings()) >= 500


def test_any_text_with_any_term_marked_stays_itself() -> None:
    for text, term in texts_with_terms():
        spans = spans_of(term, text)
        for claim_spans, number_spans in ((spans, []), ([], spans), (spans, [(1, len(text) - 1)])):
            markup, held = draw(text, claim_spans, number_spans)
            assert is_sound(markup), (text, term, markup)
            assert held == "\n".join(line for line in text.split("\n") if line)
        pieces = cut_at(text, spans)
        assert "".join(piece.text for piece in pieces) == text
        marked = [piece.text for piece in pieces if piece.is_marked]
        assert marked == [term] * len(spans)


def test_what_is_read_is_the_text() -> None:
    """Through the template: nothing shown twice, nothing swallowed but Markdown's own marks."""
    for text, term in texts_with_terms():
        markup, held = draw(text, spans_of(term, text), [])
        strip = str.maketrans("", "", "*_#\n ")
        assert shown(markup).translate(strip) == held.translate(strip), text


@pytest.mark.parametrize(
    "spans",
    [
        [(-5, 3)], [(3, -1)], [(0, 10**9)], [(10**9, 10**9 + 1)], [(5, 5)], [(6, 2)], [(0, 0)],
        [(2, 9), (4, 6)], [(2, 9), (2, 9)], [(2, 9), (2, 5)], [(2, 6), (5, 9)], [(0, 12), (1, 11)],
        [(-1, 0), (0, 1), (1, 2), (2, 40)], [(i, i + 2) for i in range(-3, 40)],
    ],
)  # fmt: skip
def test_offsets_that_do_not_fit_lose_nothing(spans: Spans) -> None:
    text = "a & <b>c</b>\n\u202e&lt;d\u0301\U0001f468\u200d\U0001f469 \"e'"
    for claim_spans, number_spans in ((spans, spans), (spans, []), ([], spans)):
        markup, held = draw(text, claim_spans, number_spans)
        assert is_sound(markup)
        assert held == text
    assert "".join(piece.text for piece in cut_at(text, spans)) == text


def _escape_first(text: str, term: str) -> str:
    return escape(text).replace(escape(term), f"<mark>{escape(term)}</mark>")


def _mark_first(text: str, term: str) -> str:
    return text.replace(term, f"<mark>{term}</mark>")


@pytest.mark.parametrize(("way", "fewest"), [(_escape_first, 100), (_mark_first, 600)])
def test_marking_by_replacement_would_tear_entities(
    way: Callable[[str, str], str], fewest: int
) -> None:
    """The control: the two ways that do without offsets."""
    torn: list[Any] = [term for text, term in texts_with_terms() if not is_sound(way(text, term))]
    assert len(torn) >= fewest
