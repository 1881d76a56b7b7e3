"""Which tickets the words of a stored copy may become evidence for, and where they are sent."""

from __future__ import annotations

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse

from claims.admin.base import MAX_ID_DIGITS
from claims.admin.facts import Choosing
from claims.admin.standing import LEADS, REVIEWERS, standing_of
from claims.admin.ticket_panels.desk import WEIGHABLE
from claims.models import Search, Snapshot, Ticket
from claims.vocabulary import TicketState

SHOWN_TICKETS = 5


def offer_choosing(request: HttpRequest, row: Snapshot, *, shown_from: int) -> Choosing | None:
    """The tickets that this copy's page was found for and that the person may weigh now.

    The one that the address names comes first; ``None`` where there is none, or no text.
    """
    team = row.page.team_id
    if not row.text or not standing_of(request).has(REVIEWERS, team):
        return None
    named = request.GET.get("ticket", "")
    pk = int(named) if named.isascii() and named.isdigit() and len(named) <= MAX_ID_DIGITS else 0
    rows = Ticket.objects.filter(team=team, state__in=WEIGHABLE).order_by()
    if not standing_of(request).has(LEADS, team):
        is_free = ~Q(state=TicketState.IN_REVIEW)
        rows = rows.filter(is_free | Q(reserved_by_id=request.user.pk))
    searched = Search.objects.filter(results__page=row.page_id)
    # Two questions in one statement: as one condition they would walk all the team has open.
    found = rows.filter(pk__in=searched.values("ticket")).values_list("pk", "reserved_by")
    ids = sorted(
        found[:100].union(rows.filter(pk=pk).values_list("pk", "reserved_by")),
        key=lambda one: (one[0] != pk, one[1] != request.user.pk, -one[0]),
    )
    tickets = [
        (reverse("admin:claims_ticket_passage", args=[ticket]), f"ticket {ticket}")
        for ticket, _ in ids[:SHOWN_TICKETS]
    ]
    return Choosing(row.pk, tickets, shown_from) if tickets else None
