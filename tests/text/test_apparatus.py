"""Source lines, keyword lists and repetitions are told from statements."""

from __future__ import annotations

import pytest

from claims.text.apparatus import is_apparatus, is_heading, says_the_same


@pytest.mark.parametrize(
    ("text", "is_it"),
    [
        ("Source: Harbour Office, Yearbook 2024. Figures for 2024 are estimates.", True),
        ("Public sources: Ministry of Ports, Order No. 18 of 2024.", True),
        ("salt trade; harbour dues; coastal shipping", True),
        ("Photo: I. Fennimore", True),
        ("Sources say that the harbour handled 48,000 tonnes.", False),
        ("Figures released on Monday show 48,000 tonnes; 3,000 more than before.", False),
        ("The harbour opened, grew; then it shut; it is empty.", False),
        ("", False),
    ],
)
def test_apparatus(text: str, is_it: bool) -> None:
    assert is_apparatus(text) is is_it


def test_headings_have_no_full_stop() -> None:
    assert is_heading("Salt trade in the north")
    assert not is_heading("Salt is traded in the north.")
    assert not is_heading("word " * 100)


def test_a_repetition_has_the_same_numbers_and_nearly_the_same_words() -> None:
    long = "The harbour handled 48,000 tonnes of salt, the yearbook says."
    assert says_the_same("The harbour handled 48,000 tonnes of salt", long)
    assert not says_the_same("The harbour handled 31,000 tonnes of salt", long)
    assert not says_the_same("48,000 people watched a boat race", long)
    assert not says_the_same("", "")
