"""Checking: what a verdict must hold before it is kept, each refusal at its field."""

from __future__ import annotations

from dataclasses import dataclass

from claims.models.evidence import Evidence
from claims.models.rating import Rating
from claims.models.storable import storable
from claims.models.ticket import Ticket
from claims.vocabulary import (
    CorrectionClass,
)

MIN_RATIONALE_CHARS = 20
MAX_RATIONALE_CHARS = 20_000
WORDS = ("rationale", "tolerance", "what_would_change", "waiver_reason", "correction_reason")


class DecisionRefused(Exception):
    """A verdict that cannot be kept; names the field and the cure."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        self.message = message
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Decision:
    """What a reviewer submits: the rating, the ticked and decisive evidence, and words."""

    rating_id: int
    rationale: str
    evidence_ids: frozenset[int] = frozenset()
    decisive_ids: frozenset[int] = frozenset()
    tolerance: str = ""
    what_would_change: str = ""
    waiver_reason: str = ""
    correction_class: str = ""
    correction_reason: str = ""


def check_rating(ticket: Ticket, decision: Decision) -> Rating:
    rating = (
        Rating.objects.select_related("scale")
        .filter(pk=decision.rating_id, scale_id=ticket.team.scale_id, is_retired=False)
        .first()
    )
    if rating is None:
        raise DecisionRefused("rating", "Choose a rating of your team's scale.")
    return rating


def check_words(decision: Decision) -> None:
    rationale = decision.rationale.strip()
    if len(rationale) < MIN_RATIONALE_CHARS:
        raise DecisionRefused(
            "rationale",
            f"Give your reasons in at least {MIN_RATIONALE_CHARS} characters; a reader must be "
            "able to follow them.",
        )
    if len(rationale) > MAX_RATIONALE_CHARS:
        raise DecisionRefused(
            "rationale", f"At most {MAX_RATIONALE_CHARS:,} characters; this has {len(rationale):,}."
        )
    for field in WORDS:
        check_storable(field, getattr(decision, field))
    if len(decision.tolerance) > 300:
        raise DecisionRefused("tolerance", "At most 300 characters.")
    if decision.correction_class and decision.correction_class not in set(CorrectionClass):
        raise DecisionRefused("correction_class", "Choose minor, update or substantial.")


def check_storable(field: str, words: str) -> None:
    if words != storable(words):
        raise DecisionRefused(
            field, "There is a character here that cannot be kept; type it again."
        )


def check_evidence(ticket: Ticket, decision: Decision) -> list[Evidence]:
    wanted = decision.evidence_ids | decision.decisive_ids
    if not wanted and not decision.waiver_reason.strip():
        raise DecisionRefused(
            "evidence",
            "Tick the evidence this verdict rests on, or write in the waiver why there is none.",
        )
    rows = list(
        Evidence.objects.filter(ticket=ticket, pk__in=wanted).select_related(
            "passage__snapshot__page__source"
        )
    )
    if len(rows) != len(wanted):
        raise DecisionRefused("evidence", "Some of the ticked evidence is not on this ticket.")
    return rows
