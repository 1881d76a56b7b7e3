"""Checking: what a verdict must hold before it is kept, each refusal at its field."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from django.db.models import Q

from claims.models.evidence import Evidence
from claims.models.rating import Rating
from claims.models.storable import storable
from claims.models.ticket import Ticket
from claims.vocabulary import Confidence, CorrectionClass
from claims.web.rationale import MAX_CHARS, find_citations

MIN_RATIONALE_CHARS = 20
MAX_RATIONALE_CHARS = MAX_CHARS
MAX_REASON_CHARS = 2_000
WORDS = ("rationale", "tolerance", "what_would_change", "correction_reason")


class DecisionRefused(Exception):
    """A verdict that cannot be kept; names the field and the cure, and what ``others`` lack."""

    def __init__(
        self, field: str, message: str, *, others: tuple[tuple[str, str], ...] = ()
    ) -> None:
        self.field = field
        self.message = message
        self.flaws = ((field, message), *others)
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Decision:
    """What a reviewer submits: the rating, the ticked and decisive evidence, and words.

    ``waivers`` are by the item of the gate that is not met; what the rationale cites is
    evidence of the verdict too.
    """

    rating_id: int
    rationale: str
    evidence_ids: frozenset[int] = frozenset()
    decisive_ids: frozenset[int] = frozenset()
    tolerance: str = ""
    what_would_change: str = ""
    confidence: str = ""
    waivers: Mapping[str, str] = field(default_factory=dict)
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
    for name in WORDS:
        check_storable(name, getattr(decision, name))
    for item, reason in decision.waivers.items():
        check_storable(f"waiver_{item}", reason)
    if len(decision.tolerance) > 300:
        raise DecisionRefused("tolerance", "At most 300 characters.")
    for name in ("what_would_change", "correction_reason"):
        if len(getattr(decision, name)) > MAX_REASON_CHARS:
            raise DecisionRefused(name, f"At most {MAX_REASON_CHARS:,} characters.")
    if decision.confidence and decision.confidence not in set(Confidence):
        raise DecisionRefused("confidence", "Choose low, medium or high.")
    if decision.correction_class and decision.correction_class not in set(CorrectionClass):
        raise DecisionRefused("correction_class", "Choose minor, update or substantial.")


def check_correction(decision: Decision) -> None:
    """A correction of a published verdict says how much it changes, and why."""
    flaws = []
    if not decision.correction_class:
        flaws.append(("correction_class", "Choose how much it changes."))
    if not decision.correction_reason.strip():
        flaws.append(("correction_reason", "Say what is corrected and why."))
    if flaws:
        raise DecisionRefused(*flaws[0], others=tuple(flaws[1:]))


def check_storable(field: str, words: str) -> None:
    if words != storable(words):
        raise DecisionRefused(
            field, "There is a character here that cannot be kept; type it again."
        )


def find_evidence(ticket: Ticket, ids: Collection[int], numbers: Collection[int]) -> list[Evidence]:
    """The ticket's evidence of those ids or numbers, in order, with pages and sources."""
    unread = (
        f"passage__snapshot__{name}" for name in ("text", "links", "tables", "media", "search")
    )
    return list(
        Evidence.objects.filter(Q(pk__in=ids) | Q(number__in=numbers), ticket=ticket)
        .filter(is_aside=False)
        .select_related("passage__snapshot__page__source")
        .defer(*unread)
        .order_by("number")
    )


def choose_evidence(ticket: Ticket, decision: Decision) -> list[Evidence]:
    """The ticked, decisive and cited evidence of the ticket, by number, with its sources."""
    cited = find_citations(decision.rationale)
    wanted = decision.evidence_ids | decision.decisive_ids
    rows = find_evidence(ticket, wanted, cited)
    if not wanted <= {row.pk for row in rows}:
        raise DecisionRefused(
            "evidence", "Some of the ticked evidence is not on this ticket, or was put aside."
        )
    unknown = sorted(set(cited) - {row.number for row in rows})
    if unknown:
        raise DecisionRefused(
            "rationale",
            f"There is no evidence [{unknown[0]}] on this ticket. Cite by the number on its card, "
            f"or write \\[{unknown[0]}] where you mean the number itself.",
        )
    return rows
