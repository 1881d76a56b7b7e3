"""Stance read by meaning: what it sees that words do not, and what it leaves to the rules."""

from __future__ import annotations

import numpy as np
import pytest

from claims.text.encoder.aligning import NAMES
from claims.text.encoder.bearing import judge_by_meaning, load_bearing, read_aligned
from claims.text.stance import StanceSuggestion, suggest_stance
from claims.vocabulary import Stance
from tests.text.encoder.needs import needs_encoder

pytestmark = needs_encoder

CLAIM = "The doctor treated many children with measles."


def suggest(claim: str, passage: str) -> StanceSuggestion:
    return suggest_stance(claim, passage, judge=judge_by_meaning)


def aligned(claim: str, passage: str) -> dict[str, float]:
    return read_aligned(claim, passage, load_bearing().more["middle"])[0]


def test_every_signal_is_read_and_known_to_the_model() -> None:
    found = aligned(CLAIM, "A physician cared for Peru's youngsters.")
    assert tuple(found) == NAMES
    assert set(NAMES) < set(load_bearing().names)
    assert all(np.isfinite(value) for value in found.values())


def test_words_that_mean_the_same_lie_nearer_than_others() -> None:
    same = aligned(CLAIM, "A physician cared for youngsters who had measles.")
    other = aligned(CLAIM, "A plumber waited for lorries that had measles.")
    assert same["new_words_mean_at_6"] > other["new_words_mean_at_6"] + 0.1
    assert same["near_at_6"] > other["near_at_6"]
    assert aligned(CLAIM, CLAIM)["new_words"] == 0.0


def test_the_nearest_other_word_is_told_as_it_is_written() -> None:
    told = suggest("Dr. Lee is a Physician.", "Dr. Lee is a Surgeon.").reasons
    assert any(
        reason.startswith("read by meaning: “Physician” lies nearest to “Surgeon”")
        for reason in told
    )
    assert not any("read by meaning" in reason for reason in suggest(CLAIM, CLAIM).reasons)


def test_the_rules_stand_above_what_was_read() -> None:
    refuted = suggest(
        "The flood in Nepal killed 12 people.", "The flood in Nepal killed 31 people."
    )
    assert refuted.stance is Stance.REFUTES
    asked = suggest(CLAIM, "Who treated children with measles?")
    assert asked.stance is Stance.NEUTRAL


@pytest.mark.parametrize("text", ["", "\0", "🙂" * 50, "a" * 30_000, "12 " * 4_000, "\ud800"])
def test_any_text_is_read(text: str) -> None:
    for claim, passage in ((CLAIM, text), (text, CLAIM), (text, text)):
        scores = suggest(claim, passage).scores
        assert sum(scores.values()) == pytest.approx(1.0)
