"""Quotes found again: moved, rewritten or gone, never mistaken for other words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.text.anchors import (
    Anchor,
    Found,
    Searched,
    Standing,
    find_anchor,
    make_anchor,
    text_fragment,
)
from tests.growth import assert_linear

QUOTE = "Output of the “deep” mines rose to 70 per cent of the total in 2019."
NUMBERS = " ".join(map(str, range(20)))
DASH, REST = "%E2%80%93", "%204%20well%2Dknown%20per%20cent"
TEXT = f"Mining there\n\nA first sentence. {QUOTE} A last sentence.\n\nOther words."


def anchored(text: str, words: str) -> Anchor:
    start = text.index(words)
    return make_anchor(text, start, start + len(words))


def words_of(text: str, found: Found) -> str:
    return text[found.start : found.end]


def test_a_quote_carries_its_words_its_surroundings_and_its_offsets() -> None:
    anchor = anchored(TEXT, QUOTE)
    assert anchor.exact == QUOTE
    assert anchor.prefix.endswith("A first sentence. ")
    assert anchor.suffix.startswith(" A last sentence.")
    assert TEXT[anchor.start : anchor.end] == QUOTE


def test_a_page_and_a_row_of_a_table_are_named() -> None:
    text = "[page 1]\n\nIntro.\n\n[page 2]\n\nYear | Share\n2018 | 64\n2019 | 70\n\nEnd."
    row = text.index("2019 | 70")
    anchor = make_anchor(text, row, row + 9, has_pages=True)
    assert (anchor.page, anchor.row) == (2, 3)
    assert make_anchor(text, text.index("End."), len(text)).row == 0


def test_the_same_text_holds_the_quote_where_it_was() -> None:
    anchor = anchored(TEXT, QUOTE)
    assert find_anchor(TEXT, anchor) == Found(Standing.HERE, anchor.start, anchor.end)


def test_a_quote_is_found_behind_new_paragraphs_and_in_other_signs() -> None:
    anchor = anchored(TEXT, QUOTE)
    later = "A new first paragraph.\n\n" + TEXT.replace("“deep”", '"deep"').replace(
        "rose to 70 per", "rose  to\u00a070\nper"
    )
    found = find_anchor(later, anchor)
    assert found.standing is Standing.MOVED
    assert words_of(later, found).split() == QUOTE.replace("“", '"').replace("”", '"').split()


def test_of_several_places_the_one_between_the_same_words_is_chosen() -> None:
    text = "By men: 70 per cent.\nBy women: 70 per cent.\nBy all: 70 per cent."
    start = text.index("70", text.index("women"))
    anchor = make_anchor(text, start, start + 12)
    later = f"Revised.\n{text}"
    found = find_anchor(later, anchor)
    assert later[: found.start].endswith("By women: ")


def test_the_same_words_at_the_same_offset_may_be_another_quote() -> None:
    text = "Of men: 70 per cent.\nOf all: 70 per cent."
    anchor = make_anchor(text, text.rindex("70"), len(text))
    later = "Of all: 70 per cent.\nOf men: 70 per cent."
    assert later[anchor.start : anchor.end] == "70 per cent."
    found = find_anchor(later, anchor)
    assert (found.standing, found.is_unsure) == (Standing.MOVED, False)
    assert later[: found.start] == "Of all: "


def test_where_the_surroundings_tell_nothing_it_is_said() -> None:
    line = "The share was 70 per cent.\n"
    anchor = make_anchor(line, 0, len(line) - 1)
    found = find_anchor(f"Revised.\n{line * 3}", anchor)
    assert (found.standing, found.is_unsure) == (Standing.MOVED, True)
    assert not find_anchor(f"Revised.\n{line}", anchor).is_unsure
    assert not find_anchor(line * 3, anchor).is_unsure
    # What is another quote's is not this one's.
    searched = Searched(f"Revised.\n{line * 3}")
    taken: set[tuple[int, int]] = set()
    for _ in range(3):
        one = searched.find_same(anchor, taken=taken)
        taken.add((one.start, one.end))
    assert len(taken) == 3
    assert searched.find_same(anchor, taken=taken).standing is Standing.GONE


def test_a_changed_number_is_changed_and_not_found() -> None:
    later = TEXT.replace("70 per cent", "68 per cent")
    found = find_anchor(later, anchored(TEXT, QUOTE))
    assert found.standing is Standing.CHANGED
    assert "68 per cent" in words_of(later, found)


def test_a_quote_that_was_taken_out_is_gone() -> None:
    later = TEXT.replace(QUOTE, "")
    assert find_anchor(later, anchored(TEXT, QUOTE)) == Found(Standing.GONE)
    assert find_anchor("", anchored(TEXT, QUOTE)).standing is Standing.GONE


@given(st.text(max_size=40), st.text(min_size=1, max_size=30), st.text(max_size=40))
def test_whatever_stands_before_it_the_quote_is_found(before: str, words: str, after: str) -> None:
    anchor = make_anchor(words, 0, len(words))
    found = find_anchor(before + words + after, anchor)
    assert (found.standing in (Standing.HERE, Standing.MOVED)) == bool(
        words.strip().strip("\u00ad\u200b\u200c\u200d\u2060\ufeff \t")
    ) or not words.strip()


@pytest.mark.parametrize(
    ("exact", "prefix", "suffix", "fragment"),
    [
        (
            "Output rose by 3%",
            "and so ",
            " again, but",
            ":~:text=so-,Output%20rose%20by%203%25,-again%2C",
        ),
        ("Output, 3 – 4 well-known per cent", "", "", f":~:text=Output%2C%203%20{DASH}{REST}"),
        (NUMBERS, "x", "y", ":~:text=0%201%202%203%204,15%2016%2017%2018%2019"),
        ("2019 | 70 | 4.1", "2018 | 64\n", "", ":~:text=2019,4.1"),
        ("  \n", "", "", ""),
    ],
)
def test_a_link_names_the_words_as_browsers_read_them(
    exact: str, prefix: str, suffix: str, fragment: str
) -> None:
    assert text_fragment(exact, prefix, suffix) == fragment


def test_finding_grows_with_the_text() -> None:
    anchor = anchored(TEXT, QUOTE)
    assert_linear(lambda size: find_anchor("output mines rose 2019 " * size, anchor), 2_000,
                  floor_seconds=1.0)  # fmt: skip
    assert_linear(lambda size: make_anchor("a | b\n" * size, 6 * size - 3, 6 * size), 2_000,
                  floor_seconds=1.0)  # fmt: skip
