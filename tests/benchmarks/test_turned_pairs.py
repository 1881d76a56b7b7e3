"""Pairs made for learning: neither text by itself tells the label."""

from __future__ import annotations

import random
from collections import Counter

from benchmarks.weighing.stance_sets import Pair, find_folds
from benchmarks.weighing.turned_pairs import Names, turn

CLAIM = "The second flood was in Peru and killed 31 people ."
PASSAGE = "In May a second flood in Peru killed 31 people , police said ."
SOURCE = Pair(CLAIM, PASSAGE, "supports", "flood")
PLACES = ["Peru", "Chile", "Ghana", "Spain", "Japan", "Kenya", "Malta", "Nepal", "India", "Italy"]


def make(source: Pair) -> list[Pair]:
    names, chance = Names(f"It rained in {place} ." for place in PLACES), random.Random(4)
    return [pair for _ in range(40) for pair, weight in turn(source, names, chance) if weight > 0]


def test_the_label_follows_from_both_texts_together() -> None:
    made = make(SOURCE)
    plain = [pair for pair in made if " not " not in pair.claim and " never " not in pair.claim]
    assert len(plain) > 100
    for pair in plain:
        assert (pair.claim == CLAIM, pair.passage == PASSAGE) != (True, True)
        is_turned = (pair.claim == CLAIM) != (pair.passage == PASSAGE)
        assert pair.label == ("refutes" if is_turned else "supports")
    # One exchange gives one turned claim, one turned passage, and both turned.
    assert Counter(pair.label for pair in plain) == {"refutes": 80, "supports": 40}


def test_names_numbers_and_listed_words_are_exchanged_for_their_like() -> None:
    turned = {pair.claim for pair in make(SOURCE) if pair.passage == PASSAGE}
    assert any(place in claim for claim in turned for place in PLACES[1:])
    assert any("second flood was in Peru and killed 31 " not in claim for claim in turned)
    assert any("The second" not in claim for claim in turned)
    assert any("was not in Peru" in claim or "was never in Peru" in claim for claim in turned)


def test_what_is_neutral_stays_so_and_of_a_contradiction_nothing_is_made() -> None:
    assert {pair.label for pair in make(SOURCE._replace(label="neutral"))} == {"neutral"}
    assert make(SOURCE._replace(label="refutes")) == []


def test_pairs_that_share_a_text_are_measured_together() -> None:
    pairs = [
        Pair("a", "p", "supports", "1"),
        Pair("b", "p", "refutes", "2"),
        Pair("b", "q", "supports", "3"),
        *(Pair(f"c{number}", f"r{number}", "neutral", f"g{number}") for number in range(40)),
    ]
    folds = find_folds(pairs)
    assert folds[0] == folds[1] == folds[2]
    assert set(folds) == {0, 1, 2, 3, 4}
