"""A person's word on a passage and its number, beside the machine's and never under it.

Promises: each word is a line of the ticket's history and a correction that is kept for good,
with what the machine said then; a word that agrees with the machine is kept too, for without
those nobody could say how often people disagree.
"""

from __future__ import annotations

from django.db import transaction

from claims.models.access import Person
from claims.models.correction import keep_correction
from claims.models.evidence import Evidence
from claims.models.history import append_event
from claims.models.ticket import Ticket
from claims.vocabulary import CorrectionKind, Outcome, Stance, TicketAction


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
        append_event(
            ticket,
            TicketAction.STANCE_SET,
            actor=by,
            changes={
                "evidence": piece.number,
                "stance": [before, stance],
                "suggested": piece.suggested_stance,
            },
        )
        _keep(ticket, piece, CorrectionKind.STANCE, piece.suggested_stance, stance, by=by)
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
        append_event(
            ticket,
            TicketAction.COMPARISON_SET,
            actor=by,
            changes={
                "evidence": piece.number,
                "comparison": [before, outcome],
                "machine": piece.outcome,
            },
        )
        _keep(ticket, piece, CorrectionKind.COMPARISON, piece.outcome, outcome, by=by)
    return piece


def _lock(evidence: Evidence) -> tuple[Ticket, Evidence]:
    ticket = Ticket.objects.select_for_update(of=("self",)).get(pk=evidence.ticket_id)
    return ticket, Evidence.objects.get(pk=evidence.pk)


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
