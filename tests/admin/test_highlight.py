"""Cutting a text into marked pieces loses no character and marks only what the offsets say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.admin.highlight import Mark, cut_paragraphs
from tests.growth import assert_linear

TEXT = "A sentence. A claim of 70 per cent. Another.\n\nLast line."


def joined(text: str, claims: list[Mark], numbers: list[Mark]) -> str:
    return "\n".join(
        paragraph.hashes
        + "".join(piece.text for sentence in paragraph.sentences for piece in sentence.pieces)
        for paragraph in cut_paragraphs(text, claims, numbers)
    )


def test_a_claim_and_its_number_stand_where_the_offsets_say() -> None:
    claim = Mark(12, 35, "claim")
    number = Mark(23, 34, "number")
    first, last = cut_paragraphs(TEXT, [claim], [number])
    before, marked, after = first.sentences
    assert [sentence.claim for sentence in first.sentences] == [None, "claim", None]
    assert [(piece.text, piece.subject) for piece in marked.pieces] == [
        ("A claim of ", None),
        ("70 per cent", "number"),
        (".", None),
    ]
    assert (before.pieces[0].text, after.pieces[0].text) == ("A sentence. ", " Another.")
    assert last.sentences[0].pieces[0].text == "Last line."


def test_a_claim_over_a_line_end_is_marked_on_both_lines_and_ends_once() -> None:
    paragraphs = cut_paragraphs("One two\nthree four", [Mark(4, 13, "claim")])
    parts = [s for paragraph in paragraphs for s in paragraph.sentences if s.claim]
    assert [(s.pieces[0].text, s.is_first, s.is_last) for s in parts] == [
        ("two", True, False),
        ("three", False, True),
    ]


@pytest.mark.parametrize(
    "mark", [Mark(-3, 4, "x"), Mark(50, 900, "x"), Mark(9, 9, "x"), Mark(12, 3, "x")]
)
def test_a_span_that_does_not_fit_marks_nothing(mark: Mark) -> None:
    paragraphs = cut_paragraphs(TEXT, [mark])
    assert all(s.claim is None for paragraph in paragraphs for s in paragraph.sentences)


def test_the_marks_of_a_markdown_heading_stand_apart() -> None:
    heading, prose, tag = cut_paragraphs("## The quarry\nA #1 mine.\n#", [Mark(3, 13, "claim")])
    assert (heading.hashes, prose.hashes, tag.hashes) == ("## ", "", "")
    assert [(s.pieces[0].text, s.claim) for s in heading.sentences] == [("The quarry", "claim")]


def spoken(text: str) -> list[tuple[str, bool]]:
    """What a page shows of one line: runs of text, and whether each is emphasised."""
    (line,) = cut_paragraphs(text, [])
    pieces = [piece for sentence in line.sentences for piece in sentence.pieces]
    return [(piece.text, piece.is_emphasis) for piece in pieces if not piece.is_syntax]


def test_emphasis_in_markdown_is_emphasis_and_its_marks_are_not_shown() -> None:
    assert spoken("*It should read the small print.*") == [
        ("It should read the small print.", True)
    ]
    assert spoken("It **must** read __all__ of it.") == [
        ("It ", False),
        ("must", True),
        (" read ", False),
        ("all", True),
        (" of it.", False),
    ]


@pytest.mark.parametrize("text", ["2 * 3 * 4 = 24", "a*b*c", "snake_case_name", "* a point", "**"])
def test_a_star_that_emphasises_nothing_is_a_star(text: str) -> None:
    assert spoken(text) == [(text, False)]


def test_emphasis_may_begin_inside_a_claim_and_end_after_it() -> None:
    (line,) = cut_paragraphs("It *fell by 70 per cent. Then* rose.", [Mark(3, 24, "claim")])
    assert [
        (sentence.claim, [piece.text for piece in sentence.pieces if not piece.is_syntax])
        for sentence in line.sentences
    ] == [(None, ["It "]), ("claim", ["fell by 70 per cent."]), (None, [" Then", " rose."])]


@pytest.mark.parametrize("part", ["*a ", "*a_", "**", "* x*", "_ ", "*a*b", "*x y"])
def test_reading_emphasis_takes_linear_time(part: str) -> None:
    assert_linear(lambda size: cut_paragraphs(part * size, []), 4_000, floor_seconds=0.2)


def test_of_two_overlapping_claims_the_first_stands() -> None:
    first, _ = cut_paragraphs(TEXT, [Mark(12, 35, "a"), Mark(20, 40, "b")])
    assert [s.claim for s in first.sentences if s.claim] == ["a"]


marks = st.lists(st.tuples(st.integers(-5, 60), st.integers(-5, 60)), max_size=8)


@given(st.text(max_size=60), marks, marks)
def test_no_character_is_lost_or_moved(
    text: str, claims: list[tuple[int, int]], numbers: list[tuple[int, int]]
) -> None:
    shown = joined(
        text, [Mark(*span, "claim") for span in claims], [Mark(*span, "number") for span in numbers]
    )
    assert shown == "\n".join(line for line in text.split("\n") if line)
