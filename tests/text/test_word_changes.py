"""Changes that are told without a number."""

from __future__ import annotations

import pytest

from claims.text.compare import compare_texts
from claims.text.quantities import read_quantities
from claims.text.word_changes import read_word_changes
from claims.vocabulary import Bound, Change, Outcome
from tests.growth import assert_linear


def told(text: str) -> list[tuple[str, float | None, Change | None, Bound]]:
    return [(one.text, one.value, one.change, one.bound) for one in read_word_changes(text)]


def test_sizes_directions_and_hedges_are_read_and_offsets_slice() -> None:
    text = "Rents more than doubled, fares were halved and thefts fell by about a third in May."
    assert told(text) == [
        ("doubled", 100.0, Change.UP, Bound.OVER),
        ("halved", 50.0, Change.DOWN, Bound.ABOUT),
        ("a third", pytest.approx(1 / 3), Change.DOWN, Bound.ABOUT),
    ]
    assert all(text[one.start : one.end] == one.text for one in read_word_changes(text))


@pytest.mark.parametrize(
    "text",
    [
        "He doubled down on it.",
        "The hall doubled as a school.",
        "It was sold by a third party.",
        "The list was checked by a third.",
        "Prices fell. The house was seen by a third in the afternoon.",
        "",
        "\x00",
    ],
)
def test_what_is_no_change_is_left_alone(text: str) -> None:
    assert told(text) == []


def test_what_was_read_as_a_number_is_not_read_twice() -> None:
    text = "Sales rose by a quarter"
    (read,) = read_quantities(text)
    assert len(read_word_changes(text)) == 1
    assert read_word_changes(text, [read]) == []


@pytest.mark.parametrize(
    ("claim", "source", "outcome"),
    [
        ("The price of rice doubled.", "The price of rice rose by 98 per cent.", Outcome.MATCH),
        ("Thefts in the port halved.", "Thefts in the port fell by 20 per cent.", Outcome.DIFFERS),
        (
            "Thefts in the old port fell by 20 per cent.",
            "Thefts in the old port fell by a third.",
            Outcome.DIFFERS,
        ),
        (
            "The town has 12 burglaries per 1,000 households.",
            "There were 5 burglaries per 1,000 households in the town.",
            Outcome.DIFFERS,
        ),
        ("The yard made a loss of £14 million.", "The yard lost £14m.", Outcome.MATCH),
    ],
)
def test_changes_rates_and_losses_are_compared(claim: str, source: str, outcome: Outcome) -> None:
    assert compare_texts(claim, source).outcome is outcome


def test_the_work_grows_with_the_text() -> None:
    def read(size: int) -> object:
        text = "fell by a third in 5 per cent of " * (size // 32)
        return read_word_changes(text, read_quantities(text))

    assert_linear(read, 2_000, floor_seconds=0.5)
