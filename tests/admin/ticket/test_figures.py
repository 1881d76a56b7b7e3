"""Numbers in words: exact, signed, and silent where nothing is known."""

from __future__ import annotations

import doctest
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from claims.admin.ticket_panels import figures, spans, wording
from claims.admin.ticket_panels.figures import (
    show_difference,
    show_number,
    show_period,
    show_quantity,
)
from claims.admin.ticket_panels.spans import cut_at
from claims.vocabulary import (
    CloseReason,
    ComparisonFlag,
    FetchReason,
    Outcome,
    SearchOutcome,
    SearchPurpose,
    SourceType,
    Stance,
    TicketAction,
)


@pytest.mark.parametrize("module", [figures, spans])
def test_examples_hold(module: Any) -> None:
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0"),
        (69.2, "69.2"),
        (390_000, "390,000"),
        (500_000_000, "500 million"),
        (1_250_000_000, "1.25 billion"),
        (1_234_567, "1,234,567"),
        (1_234_567_890, "1,234,567,890"),
        (-12.5, "−12.5"),
        (0.00001, "1e-05"),
        (1e300, "1e+300"),
        (float("nan"), ""),
        (float("inf"), ""),
        (None, ""),
        (True, ""),
        ("70", ""),
    ],
)
def test_numbers(value: object, shown: str) -> None:
    assert show_number(value) == shown


@given(some.integers(-(10**14), 10**14))
def test_a_shown_number_is_the_number(value: int) -> None:
    text = show_number(value).replace("−", "-").replace(",", "")
    number, _, word = text.partition(" ")
    scale = {"": 1, "million": 10**6, "billion": 10**9, "trillion": 10**12}[word]
    assert round(float(number) * scale) == value


@pytest.mark.parametrize(
    ("quantity", "shown"),
    [
        ({"value": 70, "unit": "percent", "bound": "~"}, "≈ 70 %"),
        ({"value": 500_000_000, "unit": "USD", "bound": "="}, "500 million USD"),
        ({"low": 5, "high": 10, "unit": "km", "bound": "="}, "5 – 10 km"),
        (
            {
                "value": 12,
                "unit": "element",
                "kind": "count",
                "unit_name": "element",
                "counted": "rare earth elements",
                "bound": "=",
            },
            "12 rare earth elements",
        ),
        ({"value": 2.5, "unit": "percent", "bound": "<=", "change": "up"}, "↑ ≤ 2.5 %"),
        ({"value": 3, "unit": "1", "bound": "?"}, "3"),
        ({}, ""),
        ([], ""),
        (None, ""),
    ],
)
def test_quantities(quantity: object, shown: str) -> None:
    assert show_quantity(quantity) == shown


def test_differences() -> None:
    percent = {"unit": "percent"}
    assert show_difference({"absolute": 69.2 - 70, "relative": -0.8 / 70}, percent) == (
        "−0.8 points",
        "−1.1 %",
    )
    assert show_difference({"absolute": 0, "relative": 0}, percent) == ("none", "")
    assert show_difference({"absolute": None, "relative": None}, percent) == ("", "")
    assert show_difference("x", percent) == ("", "")


@pytest.mark.parametrize(
    ("start", "end", "shown"),
    [
        ("2019-01-01", "2019-12-31", "2019"),
        ("2019-01-01", "2021-12-31", "2019 – 2021"),
        ("2025-10-09", "2025-10-09", "2025-10-09"),
        ("2025-10-01", "2025-10-31", "2025-10-01 – 2025-10-31"),
        ("2025-01-01", "2025-03-31", "2025-01-01 – 2025-03-31"),
        ("2025-01-01", None, "since 2025"),
        (None, "2030-12-31", "until 2030"),
    ],
)
def test_periods(start: str | None, end: str | None, shown: str) -> None:
    assert show_period({"from": start, "to": end}) == shown


@given(some.text(), some.lists(some.tuples(some.integers(-3, 40), some.integers(-3, 40))))
def test_pieces_join_to_the_text(text: str, marked: list[tuple[int, int]]) -> None:
    assert "".join(piece.text for piece in cut_at(text, marked)) == text


@pytest.mark.parametrize(
    ("words", "covered"),
    [
        (Outcome, wording.OUTCOMES),
        (ComparisonFlag, wording.FLAGS),
        (Stance, wording.STANCES),
        (SourceType, wording.SOURCE_TYPES),
        (SearchOutcome, wording.SEARCH_OUTCOMES),
        (SearchPurpose, wording.PURPOSES),
        (FetchReason, wording.FETCH_REASONS),
        (CloseReason, wording.CLOSE_REASONS),
        (TicketAction, wording.ACTIONS),
    ],
)
def test_every_word_has_its_wording(words: Any, covered: Any) -> None:
    assert set(words) == set(covered)
