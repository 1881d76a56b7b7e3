"""Sort: what an assignment rule would have caught among the newest tickets. Changes nothing."""

from __future__ import annotations

from claims.models.team_rules import AssignmentRule
from claims.models.ticket import Ticket
from claims.models.urgency import facts_of, meets

LOOKED_AT = 500


def find_caught(rule: AssignmentRule) -> tuple[list[Ticket], int]:
    """The tickets among the team's newest 500 that the rule meets, and how many were looked at."""
    rows = Ticket.objects.filter(team_id=rule.team_id).order_by("-id")
    looked = list(rows.select_related("claim").defer("claim__search")[:LOOKED_AT])
    facts = facts_of([ticket.claim for ticket in looked])
    return [ticket for ticket in looked if meets(rule, facts[ticket.claim_id])], len(looked)
