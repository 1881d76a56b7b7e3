"""A person's word on a passage, beside the machine's suggestion and never under it."""

from __future__ import annotations

from django.db import transaction

from claims.models.access import Person
from claims.models.evidence import Evidence
from claims.models.history import append_event
from claims.models.ticket import Ticket
from claims.vocabulary import Stance, TicketAction


def set_stance(evidence: Evidence, stance: str, *, by: Person) -> Evidence:
    """A person's stance on a passage (empty takes it back), beside the machine's suggestion.

    Raises ``ValueError`` for a word that is no stance.
    """
    if stance and stance not in set(Stance):
        raise ValueError("a stance is supports, refutes or neutral")
    with transaction.atomic():
        ticket = Ticket.objects.select_for_update(of=("self",)).get(pk=evidence.ticket_id)
        piece = Evidence.objects.get(pk=evidence.pk)
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
    return piece
