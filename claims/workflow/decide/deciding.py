"""Deciding: a verdict as a new version, its correction, and closing without one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import Max, Min
from django.db.models.functions import Now
from django.utils import timezone

from claims.models.access import Person
from claims.models.history import move_ticket
from claims.models.rating import Rating
from claims.models.ticket import Ticket
from claims.models.verdict import Draft, Verdict
from claims.vocabulary import (
    CloseReason,
    ConfirmationPolicy,
    TicketAction,
    VerdictState,
)
from claims.workflow.decide.checking import (
    Decision,
    DecisionRefused,
    check_correction,
    check_rating,
    check_words,
    choose_evidence,
)
from claims.workflow.decide.confirming import supersede
from claims.workflow.decide.freezing import freeze_evidence
from claims.workflow.decide.gate import (
    Check,
    check_gate,
    keep_waivers,
    refuse_unwaived,
    tell_waivers,
)


def decide_ticket(
    ticket: Ticket, decision: Decision, *, by: Person, expected_version: int
) -> Verdict:
    """Give a verdict: final, or proposed where the team wants a second person.

    Raises :class:`DecisionRefused` at a field,
    :class:`~claims.models.history.TicketMoved` when somebody was first, and
    :class:`~claims.lifecycle.MoveRefused` where role or state forbid it.
    """
    rating = check_rating(ticket, decision)
    check_words(decision)
    published = ticket.verdicts.filter(state=VerdictState.FINAL).first()
    if published is not None:
        check_correction(decision)
    needs_second = ticket.team.confirmation != ConfirmationPolicy.NONE
    with transaction.atomic():
        now = timezone.now()
        spent = int((now - ticket.taken_at).total_seconds()) if ticket.taken_at else 0
        move_ticket(
            ticket,
            "decide",
            actor=by,
            expected_version=expected_version,
            action=TicketAction.VERDICT_PROPOSED,
            note=rating.label,
            changes={"rating": rating.label, "scale": rating.scale.name},
            decided_at=now,
        )
        evidence = choose_evidence(ticket, decision)
        checks = check_gate(ticket, evidence, decision.decisive_ids)
        refuse_unwaived(checks, decision.waivers)
        if published is not None and not needs_second:
            supersede(published)
        verdict = _write_verdict(
            ticket, decision, rating, by, published, spent + ticket.review_seconds, checks
        )
        if not needs_second:
            verdict.state = VerdictState.FINAL
        verdict.save()
        keep_waivers(verdict, checks, decision.waivers)
        freeze_evidence(verdict, evidence, decision)
        Draft.objects.filter(ticket=ticket, author_id=by.pk).delete()
    return verdict


def _write_verdict(
    ticket: Ticket,
    decision: Decision,
    rating: Rating,
    by: Person,
    published: Verdict | None,
    review_seconds: int,
    checks: Sequence[Check],
) -> Verdict:
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
        rationale=decision.rationale.strip(),
        tolerance=decision.tolerance.strip(),
        what_would_change=decision.what_would_change.strip(),
        reviewer_id=int(by.pk or 0),
        decided_at=timezone.now(),
        review_seconds=review_seconds,
        correction_of=published,
        correction_class=decision.correction_class if published else "",
        correction_reason=decision.correction_reason.strip() if published else "",
        confidence=decision.confidence,
        waiver_reason=tell_waivers(checks, decision.waivers),
    )


def reopen_for_correction(
    ticket: Ticket, *, by: Person, note: str, expected_version: int | None = None
) -> Ticket:
    """Open a published ticket again; the published verdict stays until another one is final."""
    if not note.strip():
        raise DecisionRefused("note", "Say why the published verdict needs correcting.")
    with transaction.atomic():
        return move_ticket(
            ticket,
            "correct",
            actor=by,
            note=note,
            expected_version=expected_version,
            reserved_by_id=by.pk,
            reserved_until=Now() + timedelta(minutes=ticket.team.reservation_minutes),
            taken_at=timezone.now(),
        )


def close_ticket(
    ticket: Ticket, reason: str, *, by: Person, note: str = "", expected_version: int | None = None
) -> Ticket:
    """Close a ticket without a verdict, for a reason of the closed list."""
    if reason not in set(CloseReason):
        raise DecisionRefused("close_reason", "Choose why the ticket is closed.")
    if ticket.verdicts.filter(published_at__isnull=False).exists():
        raise DecisionRefused(
            "close_reason",
            "A verdict of this ticket is published; it changes only through a correction.",
        )
    with transaction.atomic():
        return move_ticket(
            ticket,
            "close",
            actor=by,
            note=note,
            expected_version=expected_version,
            changes={"close_reason": reason},
            close_reason=reason,
        )
