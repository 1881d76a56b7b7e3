"""Marks of pages inside a text: found again, never forged, and no passage of their own."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.text.apparatus import is_apparatus
from claims.text.detection import detect_claims
from claims.text.page_marks import (
    CAPTIONS,
    add_captions,
    count_pages,
    disarm_marks,
    drop_pages,
    find_captions,
    find_page,
    is_mark,
    mark_left_out,
    mark_page,
    read_left_out,
)
from claims.text.table_rows import find_headers

TEXT = "[page 1]\n\nOne.\n\n[page 2]\n\nTwo [page 9] inside.\n\n[left out: the rest]"


def test_a_place_knows_its_page() -> None:
    assert find_page(TEXT, TEXT.index("One")) == 1
    assert find_page(TEXT, TEXT.index("inside")) == 2
    assert find_page("No pages.", 4) is None
    assert count_pages(TEXT) == 2


def test_what_was_left_out_is_the_last_line() -> None:
    assert read_left_out(TEXT) == "the rest"
    assert read_left_out(f"{TEXT}\nMore.") == ""
    assert read_left_out("") == ""


def test_marks_are_apparatus_and_words_are_not() -> None:
    assert is_apparatus(mark_page(12))
    assert is_apparatus(mark_left_out("all but the first 500 of 612 pages"))
    assert not is_apparatus("Output rose by 12 per cent on page 12.")


@pytest.mark.parametrize(
    "note",
    [
        mark_left_out("all but the first 500 of 612 pages"),
        mark_left_out("all but the first 5,000 rows of a table; columns beyond the first 100"),
        mark_page(3),
        CAPTIONS,
    ],
)
def test_a_note_of_ours_is_never_a_claim(note: str) -> None:
    prose = "Output of the mines rose by 7 per cent in 2024, the survey found in its report."
    told = [claim.text for claim in detect_claims(f"{prose}\n\n{note}")]
    assert told == [prose]
    assert [claim.text for claim in detect_claims(f"{note}\n\n{prose}")] == [prose]


def test_captions_stand_behind_the_text_and_are_found_there() -> None:
    text = add_captions(
        "Salt rose.\nIt fell.", ["A crane.", "", "It fell.", "A crane.", "A\nship."]
    )
    assert text == f"Salt rose.\nIt fell.\n\n{CAPTIONS}\nA crane.\nA ship."
    assert text[: find_captions(text)] == "Salt rose.\nIt fell."
    for without in (add_captions("Salt rose.", ["Salt rose."]), add_captions("  ", ["A crane."])):
        assert find_captions(without) == len(without)


@pytest.mark.parametrize("own", [CAPTIONS, f" {CAPTIONS} "])
def test_a_page_that_writes_the_mark_itself_loses_none_of_its_text(own: str) -> None:
    text = add_captions(f"Salt rose.\n\n{own}\nIt fell.", [f"{CAPTIONS}"])
    assert text[: find_captions(text)].endswith("It fell.")
    assert not is_mark(text.rpartition("\n")[2])


@pytest.mark.parametrize(
    "line", ["[page 3]", " [ Page 3 ] ", "[left out: x]", "[PAGE x]", CAPTIONS]
)
def test_a_documents_own_words_never_pass_for_a_mark(line: str) -> None:
    assert not is_mark(disarm_marks(line))


def test_a_sentence_over_the_end_of_a_page_is_one_again() -> None:
    text = "[page 1]\n\nOutput rose by\n\n[page 2]\n\nthree per cent.\n\n[page 3]\n\nThen it fell."
    assert drop_pages(text) == "Output rose by three per cent.\n\nThen it fell."
    assert drop_pages("[page 1]\n\n[page 2]\n\nText.") == "Text."


def test_a_table_goes_on_over_the_end_of_a_page() -> None:
    text = "Output\nCountry | 2024\nChina | 70\n\n[page 2]\n\nChile | 1\nEnd.\nPeru | 2"
    headers = find_headers(text)
    assert headers[text.index("Chile")] == "Output\nCountry | 2024"
    assert text.index("Peru") not in headers


def test_another_header_behind_the_end_of_a_page_begins_anew() -> None:
    text = "Country | 2024\nChina | 70\n\n[page 2]\n\nMetal | Share\nCopper | 5"
    assert find_headers(text)[text.index("Copper")].endswith("Metal | Share")


@given(st.text(alphabet="[]page left out:1 \n.aA", max_size=120))
def test_any_text_is_answered(text: str) -> None:
    find_page(text, len(text))
    drop_pages(text)
    assert not any(map(is_mark, disarm_marks(text).split("\n")))


def test_ten_megabytes_take_moments() -> None:
    started = time.monotonic()
    for piece in ("[page ", "[page 1]\n\n", "\n", "[left out: ", " [", "[page 1"):
        text = piece * (5_000_000 // len(piece))
        drop_pages(text)
        disarm_marks(text)
        find_page(text, len(text))
        read_left_out(text)
        count_pages(text)
    assert time.monotonic() - started < 40
