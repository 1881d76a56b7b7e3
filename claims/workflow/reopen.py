"""Reopen: a closed ticket stands again where it stood, or in the queue, because a person says so.

Refuses a ticket that was merged into another one: that is split, so that its places come back.
"""

from __future__ import annotations

from django.db import transaction

from claims.lifecycle import MoveRefused
from claims.models.access import Person
from claims.models.claim_match import find_roots
from claims.models.reopening import take_back_closing
from claims.models.ticket import Ticket


def reopen_ticket(
    ticket: Ticket, *, by: Person, note: str, expected_version: int | None = None
) -> Ticket:
    """Open a closed ticket again, with a reason.

    Raises ``MoveRefused`` without one, where the ticket is not closed, was merged or its claim
    dropped, and ``TicketMoved`` where it is not at ``expected_version`` any more.
    """
    if not note.strip():
        raise MoveRefused("say why it is opened again")
    with transaction.atomic():
        if find_roots([ticket.claim_id]):
            raise MoveRefused("this ticket was merged into another one; split them again")
        return take_back_closing(ticket, by=by, note=note, expected_version=expected_version)
