"""Kept texts: what changes, and that every kept character is found again as given."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from claims.text.kept import keep_text
from tests.growth import assert_linear

PIECES = st.lists(
    st.sampled_from(
        ["\n", "\r", "\r\n", " ", "\ufeff", "Salt", "[", "]", "(", ")", "[salt](https://a.example/1)",
         "![pier](https://a.example/p.png)", "nearly 70\r\nper cent", "é", "𝟟"]
    )
)  # fmt: skip


def test_blanks_line_ends_and_link_targets_go_and_the_rest_stays() -> None:
    kept = keep_text('  \r\nPort\r\n\r\n[Some 40](https://a.example/t "T") ships\rcame. \n')
    assert kept.text == "Port\n\nSome 40 ships\ncame."
    assert kept.links == (("https://a.example/t", "Some 40"),)


@given(PIECES.map("".join))
def test_each_kept_character_stands_where_it_is_said_to_stand(text: str) -> None:
    kept = keep_text(text)
    for place, letter in enumerate(kept.text):
        start, end = kept.span_as_given(place, place + 1)
        assert end == start + 1
        assert text[start:end] in ({"\r", "\n"} if letter == "\n" else {letter})


@given(PIECES.map("".join))
def test_spans_without_a_cut_inside_slice_back(text: str) -> None:
    kept = keep_text(text)
    for place in range(len(kept.text)):
        start, end = kept.span_as_given(place, len(kept.text))
        if end - start == len(kept.text) - place and "\r" not in text:
            assert text[start:end] == kept.text[place:]


def test_a_link_inside_a_span_is_part_of_it_and_one_around_it_is_not() -> None:
    text = "\n\nAs [the table](https://a.example/1) shows."
    kept = keep_text(text)
    start, end = kept.span_as_given(0, len(kept.text))
    assert text[start:end] == text.strip()
    start, end = kept.span_as_given(3, 12)
    assert text[start:end] == "the table"


def test_time_grows_with_the_text() -> None:
    assert_linear(
        lambda size: keep_text("\r\n[a](https://b.example/)" * size), 4_000, floor_seconds=0.2
    )
    assert_linear(
        lambda size: keep_text("[" * size + "](https://b.example/" * 10), 40_000, floor_seconds=0.2
    )
