"""Lookups that stay cheap, nearness by what words tell, and a guard over words and frame."""

from __future__ import annotations

from datetime import date
from itertools import combinations

import pytest

from claims.text.seen_before import (
    MOST_BROUGHT,
    MOST_KEPT_WORDS,
    NEAR_SCORE,
    Statement,
    compare_statements,
    narrow_lookup,
    nearness,
    plan_lookups,
    telling_words,
    weigh_words,
)

MILLION = 1_000_000
FLOOD = "The flood killed 12 people in Sindh on Monday."


def expected(lookup: tuple[str, ...], counts: dict[str, int]) -> float:
    """How many claims a lookup should bring, were words independent."""
    share = 1.0
    for word in lookup:
        share *= counts[word] / MILLION
    return share * MILLION


def test_rare_words_are_looked_up_alone() -> None:
    counts = {"kumquat": 90, "heifer": 300, "year": 400_000, "rise": 200_000}
    lookups = plan_lookups(counts, MILLION)
    assert ("kumquat",) in lookups
    assert ("heifer",) in lookups
    assert not any(set(one) <= {"year", "rise"} for one in lookups)


@pytest.mark.parametrize("common", [400, 30_000, 80_000])
def test_no_lookup_brings_thousands_or_reads_everything(common: int) -> None:
    counts = {f"word{place}": common + place for place in range(30)}
    lookups = plan_lookups(counts, MILLION)
    assert lookups
    assert all(expected(one, counts) <= MOST_BROUGHT + 1 for one in lookups)
    assert sum(counts[word] for one in lookups for word in one) <= 400_000


def test_one_misspelt_word_leaves_another_lookup() -> None:
    counts = {word: 3_000 + place for place, word in enumerate("abcdefgh")}
    lookups = plan_lookups(counts, MILLION)
    assert not set(lookups[0]).intersection(*lookups[1:])
    assert not any(set(one) <= set(other) for one, other in combinations(lookups, 2))


def test_a_number_alone_is_looked_up_only_where_it_is_rare() -> None:
    assert plan_lookups({"flood": 900, "48125": 2}, MILLION)[-1] == ("48125",)
    assert ("2023",) not in plan_lookups({"flood": 300, "2023": 90_000}, MILLION)


def test_words_known_to_nobody_bring_nothing() -> None:
    assert plan_lookups({}, MILLION) == []
    assert plan_lookups({"year": 900_000}, MILLION) == []


def test_a_lookup_is_narrowed_until_no_word_is_left() -> None:
    counts = {"flood": 10, "water": 20, "12": 1, "monday": 30}
    brought = {"flood": 400, "water": 400, "monday": 60, "12": 1}
    assert narrow_lookup(("flood",), counts, brought) == ("flood", "monday")
    assert narrow_lookup(("flood",), counts, {}) == ("flood", "water")
    assert narrow_lookup(("flood", "monday"), counts, brought) == ("flood", "monday", "water")
    assert narrow_lookup(("flood", "monday", "water"), counts, brought) is None


def test_words_of_one_meaning_are_one() -> None:
    one = telling_words("Output of the firms rose")
    other = telling_words("Production of companies increased.")
    assert set(one) == set(other)


def test_rare_words_tell_more() -> None:
    words = ["kumquat", "year", "rise"]
    weights = weigh_words({"kumquat": 2, "year": 300_000, "rise": 300_000}, words, MILLION)
    rare = nearness(weights, {"kumquat": weights["kumquat"]})
    common = nearness(weights, {"year": weights["year"]})
    assert rare > NEAR_SCORE > common
    assert nearness(weights, weights) == pytest.approx(1.0)
    assert nearness({}, {}) == 0.0


@pytest.mark.parametrize(
    ("other", "told"),
    [
        (Statement(FLOOD.replace("12", "15")), "12 here, 15 there"),
        (Statement(FLOOD.replace("Sindh", "Punjab")), "Sindh here, Punjab there"),
        (
            Statement(FLOOD, period=(date(2019, 1, 1), date(2019, 12, 31))),
            "2023-01-01 to 2023-12-31 here, 2019-01-01 to 2019-12-31 there",
        ),
        (Statement(FLOOD, place="Peru"), "Pakistan here, Peru there"),
        (Statement(FLOOD, numbers=frozenset({"12 injured"})), "12 here, 12 injured there"),
    ],
    ids=["number", "place", "period", "frame's place", "unit"],
)
def test_what_differs_is_told(other: Statement, told: str) -> None:
    period = (date(2023, 1, 1), date(2023, 12, 31))
    mine = Statement(FLOOD, frozenset({"12"}), period, "Pakistan")
    found = compare_statements(mine, other)
    assert told in found.differences
    assert found.is_near


def test_the_same_in_another_order_differs_in_nothing() -> None:
    mine = Statement(FLOOD, frozenset({"12"}), place="Pakistan")
    other = Statement("On Monday in Sindh the flood killed 12 people.", place="Pakistani")
    assert compare_statements(mine, other).differences == ()


def test_in_other_words_only_what_both_name_differs() -> None:
    mine = Statement("Twelve people died when the river broke its banks in Sindh, 40 km inland.")
    assert compare_statements(mine, Statement(FLOOD), near=0.6).differences == ()


def test_a_number_of_the_present_is_another_one_years_later() -> None:
    text = "Unemployment is 5 per cent."
    mine = Statement(text, frozenset({"5 percent"}), said_on=date(2024, 5, 1))
    old = Statement(text, frozenset({"5 percent"}), said_on=date(2019, 5, 1))
    assert compare_statements(mine, old).differences == (
        "said on 2024-05-01 here, said on 2019-05-01 there",
    )
    flat = Statement("The earth is flat.", said_on=date(2024, 5, 1))
    older = Statement("The earth is flat.", said_on=date(2009, 5, 1))
    assert compare_statements(flat, older).differences == ()


@pytest.mark.parametrize(
    "text", ["", "\x00", "​" * 50, "9" * 10_000, "the of and", "word " * 20_000, "７０％ 70 %"]
)
def test_hostile_text_is_read(text: str) -> None:
    assert len(telling_words(text)) <= MOST_KEPT_WORDS
    assert 0 <= compare_statements(Statement(text[:2000]), Statement(FLOOD)).score <= 1
