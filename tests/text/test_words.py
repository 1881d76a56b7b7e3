"""Words and numbers come in one form, whatever they were written in."""

from __future__ import annotations

import pytest

from claims.text.words import content_words, cut_words, normalise_number, numbers_of, stem
from tests.growth import assert_cpu_under


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("1,000", "1000"),
        ("2.50", "2.5"),
        ("3,5", "3.5"),
        ("007", "7"),
        ("0", "0"),
        ("0.50", "0.5"),
        ("1.2.3", "1.2.3"),
    ],
)
def test_numbers_are_normalised(written: str, number: str) -> None:
    assert normalise_number(written) == number


def test_full_width_digits_and_joined_groups_are_read() -> None:
    assert cut_words("７０ and 12\u202f000 and 1,000") == ["70", "and", "12000", "and", "1000"]


def test_two_numbers_side_by_side_are_not_joined() -> None:
    assert numbers_of("in 2019 500 people") == {"2019", "500"}


def test_number_words_are_numbers() -> None:
    assert numbers_of("Seven of twenty") == {"7", "20"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("elements", "element"),
        ("countries", "country"),
        ("produced", "produces"),
        ("stopping", "stop"),
        ("died", "deaths"),
        ("women", "woman"),
        ("grew", "growth"),
    ],
)
def test_forms_of_a_word_meet(one: str, other: str) -> None:
    assert stem(one) == stem(other)


@pytest.mark.parametrize(("one", "other"), [("news", "new"), ("bus", "bush"), ("red", "r")])
def test_different_words_stay_apart(one: str, other: str) -> None:
    assert stem(one) != stem(other)


def test_possessives_and_stop_words_go() -> None:
    assert content_words("The country's output of the mine") == ["country", "output", "mine"]


def test_long_runs_are_cut_and_a_long_line_is_read_in_time() -> None:
    assert len(cut_words("9" * 10_000)[0]) == 48
    assert_cpu_under(4, lambda: (cut_words("1,2 " * 500_000), cut_words("a" * 2_000_000)))
