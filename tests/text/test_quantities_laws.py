"""What holds for every text: offsets slice back, order, no crash, values that can be printed."""

from __future__ import annotations

import json
import math
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.text.dates import read_dates
from claims.text.quantities import read_quantities
from claims.text.quantity import Quantity

PIECES = st.sampled_from(
    [
        "0",
        "1",
        "5",
        "12",
        "70",
        "500",
        "1,000",
        "27,349.19",
        "2019",
        "1.2.3",
        "1,2,3",
        ".",
        ",",
        "-",
        "–",
        "—",
        "'",
        '"',
        "(",
        ")",
        "%",
        "$",
        "£",
        "€",
        "US$",
        "Rs",
        "+",
        "/",
        ":",
        "±",
        "~",
        "½",
        "million",
        "bn",
        "crore",
        "hundred",
        "thousand",
        "dozen",
        "dozens",
        "thousands",
        "and",
        "a",
        "half",
        "one",
        "two",
        "twenty",
        "of",
        "in",
        "to",
        "from",
        "between",
        "about",
        "over",
        "up",
        "at",
        "least",
        "per",
        "cent",
        "percent",
        "points",
        "km",
        "mph",
        "°C",
        "year",
        "-",
        "old",
        "people",
        "elements",
        "rose",
        "fell",
        "by",
        "last",
        "Q3",
        "March",
        "May",
        "FY",
        "ago",
        "1/2",
        "x",
        "10",
        "^",
        "e6",
        "p",
        "m",
        "k",
        "\u200b",
        "\xa0",
        "\u202f",
        "\x00",
        "７",
        "٣",
        "²",
        "🙂",
        "שלום",
        "\n",
        "Mr.",
        "COVID",
        "-19",
        "s",
        "th",
    ]
)
NEWSLIKE = st.lists(st.tuples(PIECES, st.sampled_from(["", " ", " "])), max_size=40).map(
    lambda pairs: "".join(piece + space for piece, space in pairs)
)


def check(text: str) -> None:
    end = 0
    for one in read_quantities(text, published=date(2025, 11, 18)):
        assert text[one.start : one.end] == one.text
        assert one.text
        assert one.start >= end, "quantities overlap"
        end = one.end
        assert (one.value is None) == (one.low is not None) == (one.high is not None)
        if one.low is not None and one.high is not None:
            assert one.low <= one.high
        for number in (one.value, one.low, one.high):
            assert number is None or math.isfinite(number)
        printed = json.loads(json.dumps(one.to_json(), allow_nan=False))
        assert Quantity.from_json(printed) == one
    end = 0
    for span in read_dates(text, published=date(2025, 11, 18)):
        assert text[span.start : span.end] == span.text
        assert span.start >= end, "dates overlap"
        end = span.end
        if span.from_on and span.to_on:
            assert span.from_on <= span.to_on


@settings(max_examples=400, deadline=None)
@given(NEWSLIKE)
def test_numberlike_text(text: str) -> None:
    check(text)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80))
def test_any_text(text: str) -> None:
    check(text)


@given(st.integers(min_value=2, max_value=10**12))
def test_an_integer_is_read_as_itself_however_it_is_grouped(number: int) -> None:
    for written in (f"{number:,}", f"{number:_}".replace("_", "\u202f")):
        (found,) = read_quantities(f"It cost €{written} to build.")
        assert found.value == number


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\x00",
        "9" * 10_000,
        "9," * 5_000,
        "1/2" * 3_000,
        "one hundred and " * 2_000,
        "$" * 5_000,
        "-" * 5_000 + "5",
        "🙂" * 2_000,
        "\ud800 5 km",
        "in 2019 " * 2_000,
        "\u200b" * 5_000 + "5 km",
        "5 or more " * 2_000,
        "between " * 3_000,
    ],
)
def test_hostile_text_is_read_without_a_crash(text: str) -> None:
    check(text)
