"""The queues a person works from, as rows and as links: one definition for sidebar, home and list.

``?queue=NAME`` on the ticket list shows the rows that the sidebar counts.
"""

from __future__ import annotations

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse

from claims.admin.standing import LEADS, REVIEWERS, standing_of, team_days
from claims.models import Ticket
from claims.models.ticket import TicketQuerySet
from claims.vocabulary import ConfirmationPolicy

MINE, WAITING, CONFIRM, OVERDUE = "mine", "waiting", "confirm", "overdue"
QUEUES = (
    (MINE, "My queue"),
    (WAITING, "Team queue"),
    (CONFIRM, "Waiting for confirmation"),
    (OVERDUE, "Overdue"),
)


def queue_rows(
    request: HttpRequest, name: str, rows: TicketQuerySet | None = None
) -> TicketQuerySet:
    """The tickets of one queue, of the person's teams; an unknown name is an empty queue."""
    person = request.user
    own: TicketQuerySet = (Ticket.objects.all() if rows is None else rows).visible_to(person)
    if name == MINE:
        return own.mine(person)
    if name == WAITING:
        return own.waiting()
    if name == CONFIRM:
        return _confirmable(request, own.awaiting_confirmation_by(person))
    if name == OVERDUE:
        return own.due_within(team_days(request), None, 0)
    return own.none()


def queue_url(name: str = "") -> str:
    """The address of the ticket list, narrowed to a queue."""
    address = reverse("admin:claims_ticket_changelist")
    return f"{address}?queue={name}" if name else address


def _confirmable(request: HttpRequest, rows: TicketQuerySet) -> TicketQuerySet:
    """Only those that this person's role may confirm by the team's policy."""
    standing = standing_of(request)
    if standing.is_superuser:
        return rows
    led = [team for team, role in standing.roles.items() if role in LEADS]
    read = [team for team, role in standing.roles.items() if role in REVIEWERS]
    needs_lead = Q(team__confirmation=ConfirmationPolicy.LEAD)
    return rows.filter(Q(team__in=led) | (Q(team__in=read) & ~needs_lead))
