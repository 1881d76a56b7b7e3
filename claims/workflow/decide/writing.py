"""Writing: one version of a verdict with the scale's words copied; the others stay as they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Max, Min
from django.utils import timezone

from claims.models.access import Person
from claims.models.evidence import Evidence
from claims.models.rating import Rating
from claims.models.ticket import Ticket
from claims.models.verdict import SAID_IN, Verdict
from claims.vocabulary import VerdictState
from claims.workflow.decide.checking import Decision
from claims.workflow.decide.gate import Check, count_origins, is_primary, tell_waivers


def write_verdict(
    ticket: Ticket,
    decision: Decision,
    rating: Rating,
    checks: Sequence[Check],
    evidence: Sequence[Evidence],
    *,
    reviewer_id: int,
    correction_of: Verdict | None,
    review_seconds: int,
) -> Verdict:
    """The next version, proposed and not yet stored."""
    scale = rating.scale.ratings.aggregate(best=Max("value"), worst=Min("value"))
    last = ticket.verdicts.aggregate(last=Max("version"))["last"] or 0
    return Verdict(
        ticket=ticket,
        version=last + 1,
        rating=rating,
        scale_name=rating.scale.name,
        rating_label=rating.label,
        rating_value=rating.value,
        rating_best=scale["best"],
        rating_worst=scale["worst"],
        rating_colour=rating.colour,
        rating_definition=rating.definition,
        rationale=decision.rationale.strip(),
        tolerance=decision.tolerance.strip(),
        what_would_change=decision.what_would_change.strip(),
        confidence=decision.confidence,
        reviewer_id=reviewer_id,
        decided_at=timezone.now(),
        review_seconds=review_seconds,
        correction_of=correction_of,
        correction_class=decision.correction_class if correction_of else "",
        correction_reason=decision.correction_reason.strip() if correction_of else "",
        waiver_reason=tell_waivers(checks, decision.waivers),
        evidence_count=len(evidence),
        independent_origins=count_origins(evidence),
        is_primary_reached=any(is_primary(piece) for piece in evidence),
    )


def said_by(verdict: Verdict) -> dict[str, Any]:
    """What the line of history says of a new version: its number and the digest of its words."""
    return {"version": verdict.version, SAID_IN: verdict.digest_words()}


def supersede(verdict: Verdict) -> None:
    """Let a version stand beside a newer one."""
    verdict.state = VerdictState.SUPERSEDED
    verdict.save(update_fields=["state"])


def withdraw(verdict: Verdict, *, by: Person, reason: str) -> None:
    """Take a published version back; that it was published stays on record."""
    verdict.withdrawn_at = timezone.now()
    verdict.withdrawn_by_id = by.pk
    verdict.withdrawal_reason = reason
    verdict.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawal_reason"])


def make_final(verdict: Verdict, *, by: Person, note: str = "") -> None:
    """A second person stands behind this version; the final one before it is superseded."""
    older = verdict.ticket.verdicts.filter(state=VerdictState.FINAL).first()
    if older is not None:
        supersede(older)
    verdict.state = VerdictState.FINAL
    verdict.is_sealed = False
    verdict.second_reviewer_id = by.pk
    verdict.has_agreed = True
    verdict.second_note = note
    verdict.confirmed_at = timezone.now()
    verdict.save()
