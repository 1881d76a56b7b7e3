"""Rows of a CSV: as the standard reader cuts them where every quote closes, and whole where not."""

from __future__ import annotations

import csv
import io
import time

from hypothesis import given, settings
from hypothesis import strategies as st

from claims.web.documents.csv_rows import cut_rows

ANY = st.text(alphabet='ab,"\n\r', max_size=40)


@settings(max_examples=400, deadline=None)
@given(ANY)
def test_rows_whose_quotes_close_are_cut_as_ever(text: str) -> None:
    marked = list(csv.reader(io.StringIO(f"{text}\nlast\n", newline="")))
    if marked[-1] == ["last"]:
        assert list(cut_rows(text, ",")) == list(csv.reader(io.StringIO(text, newline="")))


@settings(max_examples=400, deadline=None)
@given(ANY)
def test_no_letter_is_ever_lost(text: str) -> None:
    cells = "".join(cell for row in cut_rows(text, ",") for cell in row)
    for letter in "ab":
        assert cells.count(letter) == text.count(letter)


def test_a_megabyte_of_open_quotes_take_moments() -> None:
    started = time.monotonic()
    for piece in ('"a,b\n', '"', '"\n', 'a,"b\n', '"a\n\n'):
        for _ in cut_rows(piece * (1_000_000 // len(piece)), ","):
            pass
    assert time.monotonic() - started < 30
