"""Deciding: a verdict as a new version, its correction or withdrawal, closing without one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from claims.models.access import Person
from claims.models.discussion import tell_lost
from claims.models.history import hold_for_move, move_ticket
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
    check_storable,
    check_words,
    choose_evidence,
)
from claims.workflow.decide.freezing import freeze_evidence
from claims.workflow.decide.gate import check_gate, keep_waivers, refuse_unwaived
from claims.workflow.decide.sealing import is_drawn_blind, seal_verdict
from claims.workflow.decide.writing import said_by, supersede, withdraw, write_verdict


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
    is_blind = is_drawn_blind(ticket)
    needs_second = is_blind or ticket.team.confirmation != ConfirmationPolicy.NONE
    changes = {"rating": rating.label, "scale": rating.scale.name}
    if is_blind:
        changes = {"second_read": "blind", "sealed": seal_verdict(rating, decision.rationale)}
    with transaction.atomic():
        hold_for_move(ticket, "decide", actor=by, expected_version=expected_version)
        evidence = choose_evidence(ticket, decision)
        checks = check_gate(ticket, evidence, decision.decisive_ids)
        refuse_unwaived(checks, decision.waivers)
        verdict = write_verdict(
            ticket,
            decision,
            rating,
            checks,
            evidence,
            reviewer_id=int(by.pk or 0),
            correction_of=published,
            review_seconds=_spent(ticket),
        )
        verdict.is_blind = verdict.is_sealed = is_blind
        if not needs_second:
            verdict.state = VerdictState.FINAL
        tell_lost(ticket.reserved_by_id, [ticket], by=by, told="It was decided.")
        move_ticket(
            ticket,
            "decide",
            actor=by,
            action=TicketAction.VERDICT_PROPOSED,
            note="" if is_blind else rating.label,
            changes={**changes, **said_by(verdict)},
            decided_at=verdict.decided_at,
        )
        if published is not None and not needs_second:
            supersede(published)
        verdict.save()
        keep_waivers(verdict, checks, decision.waivers)
        freeze_evidence(verdict, evidence, decision)
        Draft.objects.filter(ticket=ticket, author_id=by.pk).delete()
    return verdict


def _spent(ticket: Ticket) -> int:
    """Seconds in review, those of this time with those of before."""
    now = timezone.now()
    spent = int((now - ticket.taken_at).total_seconds()) if ticket.taken_at else 0
    return spent + ticket.review_seconds


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
            **_reserved_for(by, ticket),
        )


def withdraw_verdict(
    ticket: Ticket, *, by: Person, note: str, expected_version: int | None = None
) -> Ticket:
    """Take a published verdict back: it is told no more, and the ticket is in review again.

    The version stays, with who withdrew it, when and why; a newer one is its correction. Raises
    as :func:`reopen_for_correction` does.
    """
    if not note.strip():
        raise DecisionRefused("note", "Say why the published verdict is taken back.")
    check_storable("note", note)
    with transaction.atomic():
        verdict = ticket.verdicts.filter(state=VerdictState.FINAL).first()
        row = move_ticket(
            ticket,
            "withdraw",
            actor=by,
            action=TicketAction.VERDICT_WITHDRAWN,
            note=note,
            changes={"version": verdict.version, "rating": verdict.rating_label} if verdict else {},
            expected_version=expected_version,
            **_reserved_for(by, ticket),
        )
        if verdict is not None:
            withdraw(verdict, by=by, reason=note.strip())
    return row


def _reserved_for(person: Person, ticket: Ticket) -> dict[str, Any]:
    minutes = ticket.team.reservation_minutes
    return {
        "reserved_by_id": person.pk,
        "reserved_until": Now() + timedelta(minutes=minutes),
        "taken_at": timezone.now(),
    }


def close_ticket(
    ticket: Ticket, reason: str, *, by: Person, note: str = "", expected_version: int | None = None
) -> Ticket:
    """Close a ticket without a verdict, for a reason of the closed list; who had it is told."""
    if reason not in set(CloseReason):
        raise DecisionRefused("close_reason", "Choose why the ticket is closed.")
    published = ticket.verdicts.filter(published_at__isnull=False).order_by("-version").first()
    if published is not None and published.withdrawn_at is None:
        raise DecisionRefused(
            "close_reason",
            "A verdict of this ticket is published; it changes only through a correction.",
        )
    with transaction.atomic():
        tell_lost(ticket.had_by_id, [ticket], by=by, told=f"It was closed. {note}".strip())
        return move_ticket(
            ticket,
            "close",
            actor=by,
            note=note,
            expected_version=expected_version,
            changes={"close_reason": reason},
            close_reason=reason,
        )
