"""Suggest how a passage bears on a claim: supports, refutes or neutral.

Promises a suggestion with a confidence, three scores that add up to one and the reasons
in plain words; *neutral* where little is shared, and *refutes* because of a number only
when the numbers measure the same thing. Refuses to decide: a person does, and this is
never a verdict.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from claims.text.compare import Comparison, compare_texts
from claims.text.stance_signals import Signals, read_signals
from claims.vocabulary import Outcome, Stance

_LONGEST_PASSAGE = 20_000
_LEAST_COVERAGE = 0.34
"""Below this share of the claim's words a passage is about something else."""
_NUMBER_REFUTES = 0.75
"""Least score for *refutes* once the same thing is measured and the numbers differ."""
_PLAIN_COVERAGE, _NEGATION_REFUTES = 0.9, 0.55
"""A sentence that says all the claim says, but for a *not*, says the opposite."""
_NEUTRAL_HANDICAP = 0.4
"""Passages arrive ranked: neutral must be about as likely as the other two together."""


@dataclass(frozen=True, slots=True)
class StanceSuggestion:
    """The suggested stance, how sure it is (0 … 1), all three scores and the reasons."""

    stance: Stance
    confidence: float
    scores: dict[Stance, float]
    reasons: tuple[str, ...]


def suggest_stance(
    claim_text: str, passage_text: str, *, comparison: Comparison | None = None
) -> StanceSuggestion:
    """The stance of a passage towards a claim.

    ``comparison`` is what :func:`claims.text.compare.compare_texts` found for the pair;
    without it the numbers are compared here, with no dates known.
    """
    passage_text = passage_text[:_LONGEST_PASSAGE]
    claim_text = claim_text[:_LONGEST_PASSAGE]
    if comparison is None:
        comparison = compare_texts(claim_text, passage_text)
    signals = read_signals(claim_text, passage_text, comparison)
    scores = _temper(_score(signals), signals, comparison)
    stance = max(scores, key=lambda word: scores[word])
    return StanceSuggestion(stance, scores[stance], scores, _say(signals))


def _say(signals: Signals) -> tuple[str, ...]:
    share = round(100 * signals.values["coverage"])
    return (f"{share} % of the claim's words are in the passage", *signals.notes)


def _score(signals: Signals) -> dict[Stance, float]:
    weights = _load_weights()
    sums = {
        stance: sum(
            weight * signals.values.get(name, 0.0) for name, weight in weights[stance.value].items()
        )
        for stance in Stance
    }
    sums[Stance.NEUTRAL] -= _NEUTRAL_HANDICAP
    highest = max(sums.values())
    raised = {stance: math.exp(total - highest) for stance, total in sums.items()}
    whole = sum(raised.values())
    return {stance: value / whole for stance, value in raised.items()}


def _temper(
    scores: dict[Stance, float], signals: Signals, comparison: Comparison
) -> dict[Stance, float]:
    """What the rules insist on, whatever the weights say."""
    coverage = signals.values["coverage"]
    if comparison.outcome is Outcome.DIFFERS:
        return _raise_to(scores, Stance.REFUTES, _NUMBER_REFUTES)
    is_flipped = signals.values["negation_flipped"] and not signals.values["numbers_other"]
    if is_flipped and signals.values["coverage_near"] >= _PLAIN_COVERAGE:
        return _raise_to(scores, Stance.REFUTES, _NEGATION_REFUTES)
    if coverage < _LEAST_COVERAGE or comparison.outcome is Outcome.DIFFERENT_PERIOD:
        return _raise_to(scores, Stance.NEUTRAL, 0.5)
    return scores


def _raise_to(scores: dict[Stance, float], stance: Stance, least: float) -> dict[Stance, float]:
    if scores[stance] >= least:
        return scores
    rest = 1.0 - scores[stance]
    return {
        word: least if word is stance else score / rest * (1.0 - least)
        for word, score in scores.items()
    }


@lru_cache(maxsize=1)
def _load_weights() -> dict[str, dict[str, float]]:
    """The linear model's weights by stance and signal; see ``docs/MODEL_CARD_STANCE.md``."""
    stored = files("claims.text").joinpath("models", "stance.json").read_text(encoding="utf-8")
    weights: dict[str, dict[str, float]] = json.loads(stored)["weights"]
    return weights
