"""Suggest how a passage bears on a claim: supports, refutes or neutral.

Promises a suggestion with a confidence, three scores that add up to one and the reasons
in plain words; *neutral* where little is shared, and *refutes* because of a number only
when the numbers measure the same thing. Refuses to decide: a person does, and this is
never a verdict.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass

from claims.text.compare import Comparison, compare_texts
from claims.text.stance_model import LogOdds, load_model
from claims.text.stance_signals import Signals, read_signals
from claims.text.table_rows import is_row
from claims.text.voice import Voice, asks_only, read_voice
from claims.vocabulary import ComparisonFlag, Outcome, QuantityKind, Stance

_LONGEST_PASSAGE = 20_000
_PUT_IN = re.compile(r" \[[^\]\[]{0,60}\]")
"""A date that was worked out and put into the wording is no word that a source would use."""
_LEAST_COVERAGE, _LEAST_NEARNESS, _LEAST_WITHOUT_A_WORD = 0.34, 0.2, 0.3
"""Below this share of the claim's words, and of nearness in what they speak of, a passage is
about something else; where it shares no word at all it must lie nearer."""
_NUMBER_REFUTES = 0.75
"""Least score for *refutes* once the same thing is measured and the numbers differ."""
_NUMBER_SUPPORTS, _WORDING_SUPPORTS = 0.52, 0.2
"""Least score for *supports* once the same number is given for the same thing; all of the
claim's words in the passage would add the second figure."""
_NUMBER_DENIED = 0.6
_NOT_STATED = 0.6
"""Least score for *refutes* where the number is denied, for *neutral* where it is only asked
about or passed on."""
_PLAIN_COVERAGE, _NEGATION_REFUTES = 0.9, 0.55
"""A sentence that says all the claim says, but for a *not*, says the opposite."""
NEUTRAL_HANDICAP = 0.7
"""Passages arrive ranked: neutral must be about as likely as the other two together."""


@dataclass(frozen=True, slots=True)
class StanceSuggestion:
    """The suggested stance, how sure it is (0 … 1), all three scores and the reasons."""

    stance: Stance
    confidence: float
    scores: dict[Stance, float]
    reasons: tuple[str, ...]


Judge = Callable[[Signals, str, str], tuple[LogOdds, tuple[str, ...]]]
"""Takes the signals of a claim and a passage and both texts; gives what each stance is worth,
and what a reader may be told of it."""


def judge_by_words(signals: Signals, _claim: str, _passage: str) -> tuple[LogOdds, tuple[str, ...]]:
    """The committed model over the signals alone; always there."""
    return load_model().weigh(signals.values), ()


def suggest_stance(
    claim_text: str,
    passage_text: str,
    *,
    comparison: Comparison | None = None,
    passage_context: str = "",
    judge: Judge = judge_by_words,
) -> StanceSuggestion:
    """The stance of a passage towards a claim.

    ``comparison`` is what :func:`claims.text.compare.compare_texts` found for the pair;
    without it the numbers are compared here, with no dates known. ``passage_context`` is
    the one given there: the words of a table's header belong to its row. ``judge`` weighs the
    signals; with the optional encoder :func:`claims.text.encoder.bearing.judge_by_meaning` can.
    """
    passage_text = passage_text[:_LONGEST_PASSAGE]
    claim_text = claim_text[:_LONGEST_PASSAGE]
    if comparison is None:
        comparison = compare_texts(claim_text, passage_text, passage_context=passage_context)
    voice = _voice_of(passage_text, comparison)
    claim_voice = _voice_of(claim_text, comparison, is_claim=True)
    whole = passage_text
    if is_row(passage_text, passage_context):
        whole = f"{passage_context} {passage_text}"[-_LONGEST_PASSAGE:]
    bare_claim = _PUT_IN.sub("", claim_text)
    signals = read_signals(bare_claim, whole, comparison)
    worth, read = judge(signals, bare_claim, whole)
    scores, told = _temper(_share_out(worth), signals, comparison, (claim_voice, voice))
    stance = max(scores, key=lambda word: scores[word])
    return StanceSuggestion(stance, scores[stance], scores, (*told, *_say(signals), *read))


def _voice_of(text: str, comparison: Comparison, *, is_claim: bool = False) -> Voice:
    quantity = comparison.claim_quantity if is_claim else comparison.passage_quantity
    if quantity is None:
        return Voice.ASKS if asks_only(text) and not is_claim else Voice.STATES
    return read_voice(text, quantity.start, quantity.end)


def _say(signals: Signals) -> tuple[str, ...]:
    share = round(100 * signals.values["coverage"])
    return (f"{share} % of the claim's words are in the passage", *signals.notes)


def _share_out(worth: LogOdds) -> dict[Stance, float]:
    sums = dict(worth)
    sums[Stance.NEUTRAL] -= NEUTRAL_HANDICAP
    highest = max(sums.values())
    raised = {stance: math.exp(total - highest) for stance, total in sums.items()}
    whole = sum(raised.values())
    return {stance: value / whole for stance, value in raised.items()}


_AGREEMENTS = (Outcome.MATCH, Outcome.WITHIN_ROUNDING)
_Scores = dict[Stance, float]
_ELSEWHERE = {
    Outcome.DIFFERENT_PERIOD: "it speaks of another time, so it neither supports nor refutes",
    Outcome.DIFFERENT_SCOPE: "it speaks of another scope, so it neither supports nor refutes",
}


def _temper(
    scores: _Scores, signals: Signals, comparison: Comparison, voices: tuple[Voice, Voice]
) -> tuple[_Scores, tuple[str, ...]]:
    """What the rules insist on, whatever the weights say, and the reason where one did."""
    outcome = comparison.outcome
    if outcome is Outcome.DIFFERS or outcome in _AGREEMENTS:
        is_plain = outcome is Outcome.DIFFERS or _speaks_for_itself(comparison)
        return _temper_number(scores, signals, outcome, voices, is_plain=is_plain)
    if voices[1] is Voice.ASKS:
        return _raise_to(scores, Stance.NEUTRAL, _NOT_STATED), ("the passage only asks",)
    if _is_number_of_another_thing(comparison):
        reason = f"the same figure, but of something else: {comparison.reasons[0]}"
        return _raise_to(scores, Stance.NEUTRAL, 0.5), (reason,)
    if outcome in _ELSEWHERE:
        told: tuple[str, ...] = (_ELSEWHERE[outcome],)
        if ComparisonFlag.TRUE_THEN_NOT_NOW in comparison.flags:
            told = ("it gives the claim's number, but for an earlier time", *told)
        return _raise_to(scores, Stance.NEUTRAL, 0.5), told
    is_flipped = signals.values["negation_flipped"] and not signals.values["numbers_other"]
    if is_flipped and signals.values["coverage_near"] >= _PLAIN_COVERAGE:
        return _raise_to(scores, Stance.REFUTES, _NEGATION_REFUTES), ()
    if _is_elsewhere(signals):
        return _raise_to(scores, Stance.NEUTRAL, 0.5), ()
    if _is_number_alone(signals, comparison):
        return _raise_to(scores, Stance.NEUTRAL, 0.5), ("its numbers are in another unit",)
    return scores, ()


_DISAGREEMENTS = ("antonyms", "rivals", "other_place", "date_clashes", "negation_flipped")


def _is_number_alone(signals: Signals, comparison: Comparison) -> bool:
    """Whether nothing but numbers that no table brings together speaks against the claim."""
    values = signals.values
    return (
        comparison.is_other_unit
        and bool(values["numbers_other"])
        and not any(values[name] for name in _DISAGREEMENTS)
    )


def _is_elsewhere(signals: Signals) -> bool:
    """Whether so few words are shared that other numbers, or none, and places are another's."""
    values = signals.values
    if values["coverage"] >= _LEAST_COVERAGE:
        return False
    is_other = values["numbers_other"] or values["numbers_none"] or values["other_place"]
    least = _LEAST_NEARNESS if values["coverage"] else _LEAST_WITHOUT_A_WORD
    return bool(is_other) or signals.nearness < least


def _speaks_for_itself(comparison: Comparison) -> bool:
    """Whether an agreement is about a thing that has a unit or a noun, not about a name."""
    quantity = comparison.claim_quantity
    if quantity is None or quantity.kind in (QuantityKind.NUMBER, QuantityKind.ORDINAL):
        return False
    # The fifty of a title counts nothing.
    return not (
        (quantity.counted or "")[:1].isupper()
        or (quantity.text[:1].isupper() and quantity.start > 0 and quantity.text.isalpha())
    )


def _is_number_of_another_thing(comparison: Comparison) -> bool:
    claim, source = comparison.claim_quantity, comparison.passage_quantity
    if not comparison.is_other_thing or claim is None or source is None:
        return False
    # Counted nouns have more synonyms than are listed.
    if claim.kind is QuantityKind.COUNT:
        return False
    return claim.value is not None and (claim.unit, claim.value) == (source.unit, source.value)


def _temper_number(
    scores: _Scores,
    signals: Signals,
    outcome: Outcome,
    voices: tuple[Voice, Voice],
    *,
    is_plain: bool,
) -> tuple[_Scores, tuple[str, ...]]:
    """Where both numbers measure one thing, what comes of them and in whose voice they stand."""
    claimed, told = voices
    if told in (Voice.ASKS, Voice.PASSES_ON):
        said = "asks about the number" if told is Voice.ASKS else "only passes the number on"
        return _raise_to(scores, Stance.NEUTRAL, _NOT_STATED), (f"the passage {said}",)
    if outcome is Outcome.DIFFERS:
        if Voice.DENIES in voices:
            return _raise_to(scores, Stance.NEUTRAL, _NOT_STATED), ("a denial of another number",)
        return _raise_to(scores, Stance.REFUTES, _NUMBER_REFUTES), ()
    if not is_plain:
        if _is_elsewhere(signals):
            return _raise_to(scores, Stance.NEUTRAL, 0.5), ()
        return scores, ()
    if (told is Voice.DENIES) is not (claimed is Voice.DENIES):
        reason = "the claim's number stands there, but in a sentence that denies it"
        return _raise_to(scores, Stance.REFUTES, _NUMBER_DENIED), (reason,)
    least = _NUMBER_SUPPORTS + _WORDING_SUPPORTS * signals.values["coverage"]
    return _raise_to(scores, Stance.SUPPORTS, least), ("it gives the claim's number for the same",)


def _raise_to(scores: dict[Stance, float], stance: Stance, least: float) -> dict[Stance, float]:
    if scores[stance] >= least:
        return scores
    rest = 1.0 - scores[stance]
    return {
        word: least if word is stance else score / rest * (1.0 - least)
        for word, score in scores.items()
    }
