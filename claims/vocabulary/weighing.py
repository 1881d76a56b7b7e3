"""The words of weighing: stances, outcomes, what is matched, and what people correct."""

from __future__ import annotations

from claims.vocabulary.words import Word


class Stance(Word):
    """How a passage bears on a claim."""

    SUPPORTS = "supports"
    REFUTES = "refutes"
    NEUTRAL = "neutral"


class Outcome(Word):
    """What came of setting a claim's number beside a source's."""

    MATCH = "match"
    WITHIN_ROUNDING = "within_rounding"
    DIFFERS = "differs"
    DIFFERENT_PERIOD = "different_period"
    DIFFERENT_SCOPE = "different_scope"
    NOT_COMPARABLE = "not_comparable"


class ComparisonFlag(Word):
    """What a reader should know besides the outcome."""

    TRUE_THEN_NOT_NOW = "true_then_not_now"
    FAR_BEYOND_BOUND = "far_beyond_bound"
    CONVERTED = "converted"


class CorrectionKind(Word):
    """What a person set against the machine's reading; the row keeps both.

    ``frame_field`` names its slot in the row's ``field``; ``wording`` is the
    self-contained wording, ``comparison`` what came of setting two numbers side by side,
    ``period`` the time that a source's number speaks of, ``bearing`` whether a passage bears on
    the claim, ``origin`` which pages carry one report, ``match`` what an earlier claim or a
    fact-check by others is to the claim.
    """

    CLAIM_MADE = "claim_made"
    CLAIM_DROPPED = "claim_dropped"
    CLAIM_RESTORED = "claim_restored"
    SPAN_CHANGED = "span_changed"
    FRAME_FIELD = "frame_field"
    WORDING = "wording"
    CLAIMANT = "claimant"
    STANCE = "stance"
    COMPARISON = "comparison"
    ORIGIN = "origin"
    PERIOD = "period"
    BEARING = "bearing"
    MATCH = "match"


class MatchAnswer(Word):
    """What a person said of a claim that looks like an earlier one.

    ``same``: it is the same claim, seen again. ``related``: the same statement with another
    number, unit, period or place. ``other``: another claim.
    """

    SAME = "same"
    RELATED = "related"
    OTHER = "other"


class FactCheckWay(Word):
    """How a fact-check by others came to the team."""

    SEARCH = "search"
    PAGE = "page"
    FILE = "file"

    @property
    def label(self) -> str:
        """In words: ``found by a search`` …"""
        return {
            "search": "found by a search",
            "page": "declared on a fetched page",
            "file": "imported from a file",
        }[self.value]


class MoneyTableKind(Word):
    """What a dated table of money holds."""

    RATES = "rates"
    PRICES = "prices"

    @property
    def label(self) -> str:
        """In words: ``Exchange rates``, ``Price levels``."""
        return {"rates": "Exchange rates", "prices": "Price levels"}[self.value]
