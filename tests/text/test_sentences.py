"""Sentences: where they end, where they do not, and that the places always hold."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from claims.text.sentences import Span, split_paragraphs, split_sentences
from tests.growth import assert_linear


def cut(text: str) -> list[str]:
    return [text[span.start : span.end] for span in split_sentences(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Mr. Osman met Gen. Rashid at St. Anne's on Sept. 4.",
        "The firm, Holt & Co., paid Jane R. Marsh in the U.S. Senate race.",
        "Prices rose 2.5 per cent to Rs. 40 a kilo, i.e. more than in May.",
        "She asked about No. 7 and p. 31 at 5 p.m. on Friday.",
        "“Why now?” Marsh asked.",
        "The address is https://example.org/a.b/c.html?x=1.2 for now.",
        "He works at Yahoo! in sales.",
        "It was … well … a start.",
        "The (so-called.) rule applied.",
        "Output fell (see fig. 3) by 4 p.c. in 2020.",
        "It named: 1) the port; 2) the city; and 3) the bank.",
        "Risk rose (95% CI: 1.9, 4.2) and fell (95% CI: 2.1, 3.0) later.",
    ],
)
def test_stays_in_one_piece(text: str) -> None:
    assert cut(text) == [text]


@pytest.mark.parametrize(
    "sentences",
    [
        ["It ended.", "Nobody paid."],
        ["Was it paid?", "No!", "It was not."],
        ["They moved to the U.S.", "The rest stayed."],
        ["“We paid.", "Nobody thanked us.", "We left.”", "He shrugged."],
        ["He said, “It is done.”", "Then he left."],
        ["The plan (it failed) ended.", "(A second one began.)"],
        ["Trade fell in 2019.", "12 ports closed."],
        ["We chose plan B.", "It failed."],
        ["The war ended in May.", "Grain came back."],
        ["He was ill.", "Marsh took over."],
        ["It grew by 5%.", "$3 million was lost."],
        ["They waited...", "Then the lights went out."],
        ["Footnotes stay.[12]", "Nothing else does."],
        ["這是第一句。", "這是第二句。"],
        ["یہ پہلا جملہ ہے۔", "یہ دوسرا ہے۔"],
    ],
)
def test_cuts_between(sentences: list[str]) -> None:
    assert cut(" ".join(sentences)) == sentences


def test_a_line_break_is_a_hard_boundary() -> None:
    assert cut("A heading without a stop\nThe text. More text.\n\nLast") == [
        "A heading without a stop",
        "The text.",
        "More text.",
        "Last",
    ]


def test_wrapped_lines_read_on() -> None:
    text = (
        "The committee met on Monday in the old harbour hall and voted\n"
        "for a new pier, which will replace the one that burned down.\n"
        "Nobody objected.\n"
    )
    found = cut(text)
    assert found[0].startswith("The committee")
    assert found[0].endswith("burned down.")
    assert found[1] == "Nobody objected."


def test_short_lines_are_not_wrapped_text() -> None:
    assert len(split_paragraphs("first item\nsecond item\nthird item")) == 3


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\u200b", "\ufeff\u00a0\t"])
def test_nothing_gives_nothing(text: str) -> None:
    assert split_sentences(text) == ()


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from("aB1 .!?…“”\"'’()[]\n\t\u00a0\u200b。$-•"), max_size=200))
@example("\x00. A\x00. B")
@example("😀. 😀! 😀")
def test_places_hold_for_any_text(text: str) -> None:
    before = 0
    for span in split_sentences(text):
        piece = text[span.start : span.end]
        assert before <= span.start < span.end <= len(text)
        assert piece == piece.strip()
        before = span.end


@settings(deadline=None)
@given(st.text(max_size=300))
def test_no_letter_is_lost(text: str) -> None:
    kept = "".join(text[span.start : span.end] for span in split_sentences(text))
    assert [c for c in kept if c.isalnum()] == [c for c in text if c.isalnum()]


@pytest.mark.parametrize(
    "unit",
    ["a", ".", ". ", "A. ", "“", ".”", " ", "\n", "1. ", "• ", "? “A ", "x" * 60 + "\n", "\u00a0"],
)
def test_time_grows_no_faster_than_the_text(unit: str) -> None:
    assert_linear(
        lambda size: split_sentences(unit * (size // len(unit))), 40_000, floor_seconds=0.5
    )


def test_a_span_is_a_value() -> None:
    assert split_sentences("One.") == (Span(0, 4),)
