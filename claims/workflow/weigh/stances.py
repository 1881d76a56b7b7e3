"""A person's word on a passage, its number and the time of it, beside the machine's.

Promises: each word is a line of the ticket's history and a correction that is kept for good,
with what the machine said then; a word that agrees with the machine is kept too, for without
those nobody could say how often people disagree.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction

from claims.lifecycle import MoveRefused
from claims.models.access import Person
from claims.models.correction import keep_correction
from claims.models.evidence import Evidence
from claims.models.history import append_event
from claims.models.ticket import Ticket
from claims.text.quantity import Period
from claims.vocabulary import CorrectionKind, Outcome, Stance, TicketAction
from claims.workflow.weigh.holding import recompare


def set_stance(evidence: Evidence, stance: str, *, by: Person) -> Evidence:
    """A person's stance on a passage (empty takes it back), beside the machine's suggestion.

    Raises ``ValueError`` for a word that is no stance.
    """
    if stance and stance not in set(Stance):
        raise ValueError("a stance is supports, refutes or neutral")
    with transaction.atomic():
        ticket, piece = _lock(evidence)
        if piece.stance == stance:
            return piece
        before, piece.stance = piece.stance, stance
        piece.stance_by_id = by.pk if stance else None
        piece.save(update_fields=["stance", "stance_by"])
        machine = piece.suggested_stance
        changes = {"stance": [before, stance], "suggested": machine}
        _tell(ticket, piece, TicketAction.STANCE_SET, changes, by=by)
        _keep(ticket, piece, CorrectionKind.STANCE, machine, stance, by=by)
    return piece


def set_outcome(evidence: Evidence, outcome: str, *, by: Person) -> Evidence:
    """What a person says came of setting two numbers side by side (empty takes it back).

    Raises ``ValueError`` for a word that is no outcome.
    """
    if outcome and outcome not in set(Outcome):
        raise ValueError("an outcome is one of the closed set")
    with transaction.atomic():
        ticket, piece = _lock(evidence)
        if piece.set_outcome == outcome:
            return piece
        before, piece.set_outcome = piece.set_outcome, outcome
        piece.set_outcome_by_id = by.pk if outcome else None
        piece.save(update_fields=["set_outcome", "set_outcome_by"])
        changes = {"comparison": [before, outcome], "machine": piece.outcome}
        _tell(ticket, piece, TicketAction.COMPARISON_SET, changes, by=by)
        _keep(ticket, piece, CorrectionKind.COMPARISON, piece.outcome, outcome, by=by)
    return piece


def set_bearing(evidence: Evidence, *, is_aside: bool, by: Person) -> Evidence:
    """Say that a passage does not bear on the claim, or that it does after all.

    One put aside keeps its number and all that was said of it, and counts nowhere.
    """
    with transaction.atomic():
        ticket, piece = _lock(evidence)
        if piece.is_aside == is_aside:
            return piece
        piece.is_aside = is_aside
        piece.aside_by_id = by.pk if is_aside else None
        piece.save(update_fields=["is_aside", "aside_by"])
        changes = {"bears_on_the_claim": [is_aside, not is_aside]}
        _tell(ticket, piece, TicketAction.BEARING_SET, changes, by=by)
        said = "does not bear on it" if is_aside else ""
        _keep(ticket, piece, CorrectionKind.BEARING, "bears on it", said, by=by)
    return piece


def set_period(evidence: Evidence, period: Period | None, *, by: Person) -> Evidence:
    """Say of which time the source's number speaks; ``None`` goes back to the machine's reading.

    The pair is compared anew at once. Raises ``MoveRefused`` where no number was compared.
    """
    with transaction.atomic():
        ticket, piece = _lock(evidence)
        stored: Any = piece.comparison
        held = stored.get("passage_quantity") if isinstance(stored, dict) else None
        if not isinstance(held, dict):
            raise MoveRefused("no number of this passage was compared")
        before = piece.set_period
        read = before["machine"] if before else held.get("period")
        fresh = _period_row(before or held, period, read) if period else None
        if fresh == before:
            return piece
        piece.set_period = fresh
        piece.set_period_by_id = by.pk if fresh else None
        piece.save(update_fields=["set_period", "set_period_by"])
        recompare(ticket, only=piece.pk)
        changes = {"period": [_say(before or read), _say(fresh or read)]}
        _tell(ticket, piece, TicketAction.PERIOD_SET, changes, by=by)
        said = _say(fresh) if fresh else ""
        _keep(ticket, piece, CorrectionKind.PERIOD, _say(read), said, by=by)
    return piece


def _period_row(held: dict[str, Any], period: Period, read: Any) -> dict[str, Any]:
    return {"start": held["start"], "end": held["end"], "machine": read, **period.to_json()}


def _say(period: Any) -> str:
    """A stored period for the history: its two days."""
    if not isinstance(period, dict):
        return ""
    ends = (period.get("from"), period.get("to"))
    return " to ".join(dict.fromkeys(str(end) for end in ends if end))


def _lock(evidence: Evidence) -> tuple[Ticket, Evidence]:
    ticket = Ticket.objects.select_for_update(of=("self",)).get(pk=evidence.ticket_id)
    return ticket, Evidence.objects.get(pk=evidence.pk)


def _tell(
    ticket: Ticket, piece: Evidence, action: TicketAction, changes: dict[str, Any], *, by: Person
) -> None:
    append_event(ticket, action, actor=by, changes={"evidence": piece.number, **changes})


def _keep(
    ticket: Ticket, piece: Evidence, kind: CorrectionKind, machine: str, person: str, *, by: Person
) -> None:
    keep_correction(
        kind,
        by=by,
        team_id=ticket.team_id,
        claim_id=ticket.claim_id,
        # A claim may have had several tickets: the row's own id tells its evidence apart.
        field=f"evidence {piece.pk}",
        machine=machine,
        person=person or None,
    )
