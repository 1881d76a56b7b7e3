"""Stance is a suggestion: it adds up, says why, and refutes by a number only on one subject."""

from __future__ import annotations

import pytest

from claims.text.compare import Comparison, compare_texts
from claims.text.stance import suggest_stance
from claims.text.stance_signals import read_signals
from claims.vocabulary import Outcome, Stance

FLOOD = "The flood in Nepal killed 12 people."


@pytest.mark.parametrize(
    ("claim", "passage", "stance"),
    [
        (FLOOD, "Officials in Nepal said the flood killed 12 people.", Stance.SUPPORTS),
        (FLOOD, "The flood in Nepal killed 31 people, officials said.", Stance.REFUTES),
        (FLOOD, "The council met to talk about school meals.", Stance.NEUTRAL),
        (FLOOD, "", Stance.NEUTRAL),
        (
            "The country controls nearly 70 per cent of global rare earth production.",
            "Rare earths are used in magnets, wind turbines and phones.",
            Stance.NEUTRAL,
        ),
        (
            "The bank raised interest rates in May.",
            "The bank did not raise interest rates in May.",
            Stance.REFUTES,
        ),
        (
            "In 2025 China supplies 70 per cent of global production.",
            "In 2010 China supplied 97 per cent of global production.",
            Stance.NEUTRAL,
        ),
    ],
)
def test_plain_cases(claim: str, passage: str, stance: Stance) -> None:
    assert suggest_stance(claim, passage).stance is stance


def test_scores_add_up_and_the_confidence_is_the_highest() -> None:
    found = suggest_stance(FLOOD, "Nepal was hit by a flood; 12 died.")
    assert set(found.scores) == set(Stance)
    assert sum(found.scores.values()) == pytest.approx(1.0)
    assert found.confidence == max(found.scores.values()) == found.scores[found.stance]


def test_another_number_for_another_thing_does_not_refute() -> None:
    found = suggest_stance(FLOOD, "A storm in Peru destroyed 31 boats last week.")
    assert found.stance is not Stance.REFUTES


@pytest.mark.parametrize(
    ("claim", "passage", "stance"),
    [
        ("It is her second novel.", "It is her first novel.", Stance.REFUTES),
        ("The band formed in 2004.", "The band disbanded in 2004.", Stance.REFUTES),
        (
            "The minister signed the treaty.",
            "The minister refused to sign the treaty.",
            Stance.REFUTES,
        ),
    ],
)
def test_opposites_and_denials_turn_the_stance(claim: str, passage: str, stance: Stance) -> None:
    assert suggest_stance(claim, passage).stance is stance


def test_rare_earths_are_no_denial() -> None:
    controls = "The ministry announced export controls on 12 rare earth elements."
    passage = "The ministry put export controls on five more elements, 12 in all."
    assert suggest_stance(controls, passage).stance is not Stance.REFUTES


def test_a_rival_is_named_in_the_reasons() -> None:
    reasons = suggest_stance("It is her second novel.", "It is her first novel.").reasons
    assert "“second” against “first”" in reasons


def test_a_comparison_that_was_made_is_used_not_made_again() -> None:
    passage = "The flood in Nepal killed 31 people, officials said."
    differs = compare_texts(FLOOD, passage)
    assert differs.outcome is Outcome.DIFFERS
    corrected = Comparison(Outcome.NOT_COMPARABLE, reasons=("a reviewer said so",))
    with_number = suggest_stance(FLOOD, passage, comparison=differs)
    without = suggest_stance(FLOOD, passage, comparison=corrected)
    assert with_number.scores[Stance.REFUTES] >= 0.75
    assert without.scores[Stance.REFUTES] < with_number.scores[Stance.REFUTES]


def test_the_reasons_name_what_was_seen() -> None:
    told = " | ".join(suggest_stance(FLOOD, "The flood in Nepal killed 31 people.").reasons)
    assert "% of the claim's words are in the passage" in told
    assert "numbers: differs" in told
    told = " | ".join(suggest_stance("Prices rose in May.", "Prices fell in May.").reasons)
    assert "“rose” against “fell”" in told


def test_the_same_signals_come_in_the_same_order_for_any_pair() -> None:
    names = list(read_signals(FLOOD, "The flood killed 12.").values)
    assert list(read_signals("", "").values) == names
    assert list(read_signals("\x00", "9" * 10_000, compare_texts("1", "2")).values) == names


@pytest.mark.parametrize(
    "passage", ["\x00", "9" * 10_000, "word " * 20_000, "п" * 3000, "7 " * 3000]
)
def test_strange_passages_get_a_stance(passage: str) -> None:
    assert suggest_stance(FLOOD, passage).stance in Stance
    assert suggest_stance(passage, FLOOD).stance in Stance


DEAL = "A $500 million contract to build the refinery was signed in Karachi."


def test_the_same_number_for_the_same_thing_backs_with_a_moderate_score() -> None:
    passage = "Officials put the Karachi refinery contract at $500 million."
    found = suggest_stance(DEAL, passage)
    assert found.stance is Stance.SUPPORTS
    assert 0.5 < found.confidence < 0.95
    assert any("claim's number" in reason for reason in found.reasons)


@pytest.mark.parametrize(
    ("passage", "stance"),
    [
        ("No $500 million contract to build the refinery was signed in Karachi.", Stance.REFUTES),
        ("Was a $500 million contract signed to build the refinery in Karachi?", Stance.NEUTRAL),
        (
            "A widely shared post says a $500 million refinery contract was signed in Karachi.",
            Stance.NEUTRAL,
        ),
    ],
)
def test_the_voice_decides_what_an_equal_number_means(passage: str, stance: Stance) -> None:
    assert suggest_stance(DEAL, passage).stance is stance


def test_another_time_stays_neutral_and_says_so() -> None:
    claim = "In 2025 China supplies 70 per cent of global production."
    told = suggest_stance(claim, "In 2010 China supplied 97 per cent of global production.").reasons
    assert any("another time" in reason for reason in told)
    told = suggest_stance(claim, "In 2015 China supplied 70 per cent of global production.").reasons
    assert any("earlier time" in reason for reason in told)
