"""The same claim is found again, and never with another number."""

from __future__ import annotations

import random

import pytest

from claims.text.similarity import compare_wording

CORPUS = [
    "The flood in Sindh killed 12 people on Monday.",
    "China makes 70 per cent of the world's rare earth magnets.",
    "The central bank raised its interest rate to 22 per cent.",
    "A new dam on the Indus will cost $500 million.",
    "Schools in Punjab close for two weeks because of smog.",
]


@pytest.mark.parametrize(
    "other",
    [
        "the FLOOD in sindh killed 12 people on monday",
        "The flood in Sindh kiled 12 people on Monday.",
        "On Monday 12 people the flood in Sindh killed.",
        "The flood in Sindh killed twelve people on Monday.",
    ],
)
def test_case_typing_slips_order_and_number_words_are_the_same_claim(other: str) -> None:
    likeness = compare_wording(CORPUS[0], other)
    assert likeness.is_duplicate
    assert not likeness.is_guarded


@pytest.mark.parametrize(
    ("text", "other", "told"),
    [
        (CORPUS[0], "The flood in Sindh killed 15 people on Monday.", "12 here, 15 there"),
        (CORPUS[1], CORPUS[1].replace("70", "17"), "70 here, 17 there"),
        (CORPUS[3], CORPUS[3].replace("million", "billion"), "million here, billion there"),
        (CORPUS[4], CORPUS[4].replace("weeks", "months"), "week here, month there"),
        (CORPUS[0], CORPUS[0].replace("Sindh", "Punjab"), "Sindh here, Punjab there"),
        (
            "Exports to India rose 5 per cent in the year.",
            "Imports to India rose 5 per cent in the year.",
            "export here, import there",
        ),
        (
            "The bank did raise the rate to 22 per cent.",
            "The bank did not raise the rate to 22 per cent.",
            "none here, not there",
        ),
    ],
)
def test_another_number_unit_place_or_measure_is_guarded(text: str, other: str, told: str) -> None:
    likeness = compare_wording(text, other)
    assert likeness.is_guarded
    assert not likeness.is_duplicate
    assert told in likeness.differences


def test_a_thousand_written_in_two_ways_is_one_number() -> None:
    assert compare_wording("About 1,000 firms closed.", "About 1000 firms closed.").is_duplicate


def test_changed_numbers_are_never_called_duplicates() -> None:
    chance = random.Random(7)
    for _ in range(300):
        number, other = chance.sample(range(1, 5000), 2)
        text = f"The ministry said {number:,} homes were lost in the storm."
        assert not compare_wording(text, text.replace(f"{number:,}", str(other))).is_duplicate


@pytest.mark.parametrize("text", ["", "\x00", "9" * 10_000, "a" * 100_000])
def test_strange_texts_are_compared_all_the_same(text: str) -> None:
    assert 0 <= compare_wording(text, "The flood killed 12 people.").ratio <= 100
