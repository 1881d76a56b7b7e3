"""Confirming: a second person agrees or sends back; nobody confirms their own."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from claims.lifecycle import LEADS, REVIEWERS, MoveRefused
from claims.models.access import Person, role_of
from claims.models.history import TicketMoved, append_event, last_event, move_ticket
from claims.models.ticket import Ticket
from claims.models.verdict import Verdict
from claims.vocabulary import (
    ConfirmationPolicy,
    TicketAction,
    VerdictState,
)
from claims.workflow.decide.checking import DecisionRefused, check_storable


def confirm_verdict(
    ticket: Ticket, *, by: Person, note: str = "", expected_version: int | None = None
) -> Verdict:
    """A second person agrees: the proposed verdict is final. The ticket stays *decided*."""
    check_storable("note", note)
    with transaction.atomic():
        row = _lock(ticket, expected_version)
        verdict = _proposed(row)
        _check_second(row, verdict, by)
        older = row.verdicts.filter(state=VerdictState.FINAL).first()
        if older is not None:
            supersede(older)
        verdict.state = VerdictState.FINAL
        verdict.second_reviewer_id = by.pk
        verdict.has_agreed = True
        verdict.second_note = note
        verdict.confirmed_at = timezone.now()
        verdict.save()
        _bump(row)
        append_event(
            row,
            TicketAction.VERDICT_CONFIRMED,
            actor=by,
            from_state=row.state,
            to_state=row.state,
            note=note,
            changes={"version": verdict.version},
        )
    return verdict


def send_back(
    ticket: Ticket, *, by: Person, note: str, expected_version: int | None = None
) -> Ticket:
    """A second person disagrees: the ticket returns to its reviewer with a note."""
    if not note.strip():
        raise DecisionRefused("note", "Say what is missing, so that the reviewer can mend it.")
    check_storable("note", note)
    with transaction.atomic():
        row = _lock(ticket, expected_version)
        verdict = _proposed(row)
        _check_second(row, verdict, by)
        verdict.state = VerdictState.SENT_BACK
        verdict.second_reviewer_id = by.pk
        verdict.has_agreed = False
        verdict.second_note = note
        verdict.save()
        return move_ticket(
            row,
            "send_back",
            actor=by,
            action=TicketAction.VERDICT_SENT_BACK,
            note=note,
            changes={"version": verdict.version},
            reserved_by_id=verdict.reviewer_id,
            reserved_until=Now() + timedelta(minutes=row.team.reservation_minutes),
            taken_at=timezone.now(),
            decided_at=None,
        )


def _lock(ticket: Ticket, expected_version: int | None) -> Ticket:
    row = Ticket.objects.select_for_update(of=("self",)).select_related("team").get(pk=ticket.pk)
    if expected_version is not None and row.version != expected_version:
        raise TicketMoved(row.pk, last_event(row.pk))
    return row


def _bump(row: Ticket) -> None:
    row.version += 1
    row.save(update_fields=["version"])


def _proposed(row: Ticket) -> Verdict:
    verdict = row.verdicts.filter(state=VerdictState.PROPOSED).first()
    if verdict is None:
        raise MoveRefused("no verdict waits for confirmation on this ticket")
    return verdict


def supersede(verdict: Verdict) -> None:
    verdict.state = VerdictState.SUPERSEDED
    verdict.save(update_fields=["state"])


def _check_second(row: Ticket, verdict: Verdict, by: Person) -> None:
    role = role_of(by, row.team)
    allowed = LEADS if row.team.confirmation == ConfirmationPolicy.LEAD else REVIEWERS
    if role not in allowed:
        who = "a lead" if allowed is LEADS else "a reviewer or a lead"
        raise MoveRefused(f"this team wants {who} to confirm")
    if verdict.reviewer_id == by.pk:
        raise MoveRefused("nobody confirms their own verdict")
