"""Taking a closing back: the compensating move by which a closed ticket stands where it stood.

Promises: history only grows; evidence, drafts and verdicts are as they were; what was being
gathered is weighed once more, and earlier claims are looked for again. Refuses a ticket whose
claim was dropped.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from claims.lifecycle import REOPENINGS, MoveRefused
from claims.models.access import Person
from claims.models.claim import Claim
from claims.models.claim_match import ClaimWords
from claims.models.history import move_ticket
from claims.models.job import Job
from claims.models.ticket import Ticket, TicketEvent
from claims.models.urgency import load_rules
from claims.vocabulary import JobKind, TicketAction, TicketState


def take_back_closing(
    ticket: Ticket,
    *,
    by: Person,
    note: str,
    expected_version: int | None = None,
    action: TicketAction = TicketAction.MOVED,
    changes: Mapping[str, Any] | None = None,
) -> Ticket:
    """The compensating move of a ticket's closing, in the caller's transaction."""
    if Claim.objects.filter(pk=ticket.claim_id, dropped_at__isnull=False).exists():
        raise MoveRefused("its claim was dropped; restore the claim in its article first")
    closings = TicketEvent.objects.filter(ticket=ticket, to_state=TicketState.CLOSED)
    was = closings.order_by("-sequence").values_list("from_state", flat=True).first()
    moved = move_ticket(
        ticket,
        REOPENINGS[TicketState(was or TicketState.READY)],
        actor=by,
        note=note,
        expected_version=expected_version,
        action=action,
        changes={"close_reason": [ticket.close_reason, None], **(changes or {})},
        close_reason="",
        notice_on=load_rules(ticket.team).notice_on(ticket.due_on),
    )
    if moved.state == TicketState.GATHERING:
        # What it waited for may have ended meanwhile, and its round have been weighed.
        Job.objects.owe_anew(JobKind.WEIGH, f"{moved.pk}:{moved.round}", team=moved.team)
    # Nobody looks for what a finished ticket's claim is like.
    ClaimWords.objects.filter(claim_id=moved.claim_id).owe_again()
    return moved
