"""Confirming: a second person agrees or sends back; nobody confirms their own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from claims.lifecycle import LEADS, REVIEWERS, MoveRefused
from claims.models.access import Person, role_of
from claims.models.discussion import notify
from claims.models.history import TicketMoved, append_event, last_event, move_ticket
from claims.models.rating import Rating
from claims.models.second_read import SecondRead
from claims.models.ticket import Ticket
from claims.models.verdict import Verdict
from claims.vocabulary import (
    ConfirmationPolicy,
    NoticeKind,
    ReadOutcome,
    TicketAction,
    VerdictState,
)
from claims.workflow.decide.checking import DecisionRefused, check_storable
from claims.workflow.decide.writing import make_final


def confirm_verdict(
    ticket: Ticket, *, by: Person, note: str = "", expected_version: int | None = None
) -> Verdict:
    """A second person agrees: the proposed verdict is final. The ticket stays *decided*."""
    check_storable("note", note)
    with transaction.atomic():
        row, verdict = open_second_read(ticket, by=by, expected_version=expected_version)
        make_final(verdict, by=by, note=note)
        keep_read(verdict, ReadOutcome.CONFIRMED, by=by, note=note)
        end_second_read(
            row, TicketAction.VERDICT_CONFIRMED, {"version": verdict.version}, by=by, note=note
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
        row, verdict = open_second_read(ticket, by=by, expected_version=expected_version)
        verdict.state = VerdictState.SENT_BACK
        verdict.second_reviewer_id = by.pk
        verdict.has_agreed = False
        verdict.second_note = note
        verdict.save()
        keep_read(verdict, ReadOutcome.SENT_BACK, by=by, note=note)
        notify([verdict.reviewer_id], row, NoticeKind.SENT_BACK, actor=by, told=note)
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


def open_second_read(
    ticket: Ticket, *, by: Person, expected_version: int | None, is_blind: bool = False
) -> tuple[Ticket, Verdict]:
    """The locked ticket and its proposed verdict, which this person may judge in this way now.

    Raises :class:`TicketMoved` and :class:`MoveRefused`.
    """
    row = (
        Ticket.objects.select_for_update(of=("self",))
        .select_related("team__scale", "claim")
        .get(pk=ticket.pk)
    )
    if expected_version is not None and row.version != expected_version:
        raise TicketMoved(row.pk, last_event(row.pk))
    verdict = row.verdicts.filter(state=VerdictState.PROPOSED).first()
    if verdict is None:
        raise MoveRefused("no verdict waits for confirmation on this ticket")
    _check_second(row, verdict, by)
    if verdict.is_sealed and not is_blind:
        raise MoveRefused("this second read is blind: give a rating of your own first")
    if is_blind and not verdict.is_sealed:
        raise MoveRefused("the verdict was read already, so nobody reads it blind any more")
    return row, verdict


def keep_read(
    verdict: Verdict,
    outcome: ReadOutcome,
    *,
    by: Person,
    note: str = "",
    rating: Rating | None = None,
    rationale: str = "",
) -> None:
    """Store what a second person made of a verdict."""
    SecondRead.objects.create(
        verdict=verdict,
        reader_id=int(by.pk or 0),
        is_blind=outcome in (ReadOutcome.AGREED, ReadOutcome.DISAGREED),
        outcome=outcome,
        rating=rating,
        rating_label=rating.label if rating else "",
        rating_value=rating.value if rating else None,
        rationale=rationale,
        note=note,
        at=timezone.now(),
    )


def end_second_read(
    row: Ticket, action: TicketAction, changes: Mapping[str, Any], *, by: Person, note: str = ""
) -> None:
    """The ticket's next version and its line of history; it stays *decided*."""
    row.version += 1
    row.save(update_fields=["version"])
    append_event(
        row,
        action,
        actor=by,
        from_state=row.state,
        to_state=row.state,
        note=note,
        changes=changes,
    )


def _check_second(row: Ticket, verdict: Verdict, by: Person) -> None:
    role = role_of(by, row.team)
    allowed = LEADS if row.team.confirmation == ConfirmationPolicy.LEAD else REVIEWERS
    if role not in allowed:
        who = "a lead" if allowed is LEADS else "a reviewer or a lead"
        raise MoveRefused(f"this team wants {who} to confirm")
    if verdict.reviewer_id == by.pk:
        raise MoveRefused("nobody confirms their own verdict")
    if verdict.reads.filter(reader_id=by.pk).exists():
        raise MoveRefused("you gave another rating; somebody who gave none settles it")
