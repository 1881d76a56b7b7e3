"""Beginning: open tickets that wait for room, most urgent first.

A file can bring ten thousand claims. Their tickets stand open at once, but only so many of a
team are prepared ahead of its reviewers; the next begin when tickets are taken, so sources
are asked no faster than people work and evidence is fresh when it is read.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import Exists, OuterRef

from claims.models.team import Team
from claims.models.ticket import Ticket
from claims.vocabulary import TicketState
from claims.workflow.gather.planning import plan_searches

# Gathering or ready, of one team: about a day's work of five people.
PREPARED_AHEAD = 100
# One sweep begins no more than this, so that it ends soon; the next one comes in seconds.
BEGUN_AT_ONCE = 25
AHEAD = (TicketState.GATHERING, TicketState.READY)


def begin_open_tickets() -> int:
    """Owe the searches of open tickets where a team has room; gives how many began.

    Safe with two sweeps at once: tickets that another one holds are skipped.
    """
    waiting = Ticket.objects.filter(team=OuterRef("pk"), state=TicketState.OPEN)
    begun = 0
    for team in Team.objects.filter(Exists(waiting)).order_by("pk"):
        begun += _begin(team, BEGUN_AT_ONCE - begun)
        if begun >= BEGUN_AT_ONCE:
            break
    return begun


def _begin(team: Team, limit: int) -> int:
    ahead = Ticket.objects.filter(team=team, state__in=AHEAD).order_by()
    room = PREPARED_AHEAD - ahead[:PREPARED_AHEAD].count()
    if room <= 0:
        return 0
    with transaction.atomic():
        waiting = Ticket.objects.filter(team=team, state=TicketState.OPEN).most_urgent_first()
        free = waiting.select_related("claim", "team").select_for_update(
            skip_locked=True, of=("self",)
        )
        tickets = list(free[: min(room, limit)])
        for ticket in tickets:
            plan_searches(ticket)
    return len(tickets)
