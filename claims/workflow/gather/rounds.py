"""Rounds: whether a ticket whose pages were weighed is searched for once more, or why not."""

from __future__ import annotations

from django.conf import settings

from claims.models.search import Search
from claims.models.ticket import Ticket, TicketEvent
from claims.vocabulary import ProviderName, SearchOutcome, SearchStop, TicketState
from claims.workflow.gather.planning import owe_cited_round, owe_next_round

# As many independent origins as a verdict wants before it asks for a waiver.
ENOUGH_ORIGINS = 2
UNASKED = (ProviderName.CITED, ProviderName.LIBRARY, ProviderName.WAYBACK)
SILENT = (
    SearchOutcome.COULD_NOT_REACH,
    SearchOutcome.QUOTA_REACHED,
    SearchOutcome.REFUSED,
    SearchOutcome.FAILED,
)


def go_on(ticket: Ticket, origins: int) -> SearchStop | None:
    """Owe the ticket's next round and give ``None``, or give why there is none.

    ``origins`` is how many independent origins say something for or against the claim. A round
    that a person asked for is one round. Call it with the ticket's row locked.
    """
    if _is_asked_for(ticket):
        return SearchStop.ASKED_ONCE
    asked = Search.objects.filter(ticket=ticket)
    is_spent = ticket.round >= settings.SEARCH_ROUNDS or asked.count() >= settings.SEARCH_QUERIES
    if origins >= ENOUGH_ORIGINS:
        # Enough to decide on; where they have it from is looked at all the same.
        is_followed = not is_spent and owe_cited_round(ticket)
        return None if is_followed else SearchStop.ENOUGH
    if is_spent:
        return SearchStop.BUDGET_SPENT
    outside = asked.filter(round=ticket.round).exclude(provider__in=UNASKED)
    if outside.exists() and not outside.exclude(outcome__in=SILENT).exists():
        return SearchStop.NOBODY_ANSWERED
    return None if owe_next_round(ticket) else SearchStop.QUERIES_USED


def _is_asked_for(ticket: Ticket) -> bool:
    """Whether a person sent the ticket back to gathering; the machine adds nothing after that."""
    sent_back = TicketEvent.objects.filter(ticket=ticket, to_state=TicketState.GATHERING)
    return sent_back.exclude(from_state=TicketState.OPEN).exists()
