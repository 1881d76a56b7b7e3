"""The desk: one person in front of one ticket, as one request finds them.

Promises: a ticket of another team does not exist (404); every question of the
shape "may this person do that now" is answered here, from the lifecycle table.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import Http404, HttpRequest
from django.utils import timezone

from claims.admin.standing import get_visible_or_404, standing_of
from claims.lifecycle import LEADS, REVIEWERS, list_moves
from claims.models import Ticket
from claims.models.access import Person
from claims.vocabulary import Role, TicketState

WEIGHABLE = frozenset(
    {TicketState.OPEN, TicketState.GATHERING, TicketState.READY, TicketState.IN_REVIEW}
)


@dataclass(frozen=True, slots=True)
class Desk:
    """A ticket, the person who looks at it, the role there, and the moment of looking.

    ``is_blind``: somebody else's verdict waits for its blind read, so nothing of it, and nothing
    that people said of the evidence, is shown to this person.
    """

    ticket: Ticket
    person: Person
    role: Role
    now: datetime
    is_blind: bool = False

    @property
    def state(self) -> TicketState:
        """Where the ticket stands."""
        return TicketState(self.ticket.state)

    @property
    def is_reviewer(self) -> bool:
        """Whether the person may review in this team at all."""
        return self.role in REVIEWERS

    @property
    def is_lead(self) -> bool:
        """Whether the person leads this team."""
        return self.role in LEADS

    @property
    def is_holder(self) -> bool:
        """Whether the reservation is this person's."""
        return self.ticket.reserved_by_id is not None and (
            self.ticket.reserved_by_id == self.person.pk
        )

    @property
    def verbs(self) -> frozenset[str]:
        """The moves this person may make now."""
        moves = list_moves(self.state, self.role, is_holder=self.is_holder)
        return frozenset(move.verb for move in moves)

    @property
    def may_take(self) -> bool:
        """Whether the person may take this ticket now: nobody else who can review was given it."""
        if "take" not in self.verbs:
            return False
        if self.ticket.assigned_to_id in (None, self.person.pk):
            return True
        return Ticket.objects.filter(pk=self.ticket.pk).unassigned().exists()

    @property
    def may_weigh(self) -> bool:
        """Whether the person may correct the frame and set stances now."""
        if not self.is_reviewer or self.state not in WEIGHABLE:
            return False
        return self.state is not TicketState.IN_REVIEW or self.is_holder or self.is_lead


def load_desk(request: HttpRequest, ticket_id: object) -> Desk:
    """The desk for a ticket the person may see; ``Http404`` for any other."""
    rows = Ticket.objects.select_related("claim", "team__scale", "assigned_to", "reserved_by")
    ticket = get_visible_or_404(request, rows.defer("claim__search"), ticket_id)
    role = standing_of(request).role_in(ticket.team_id)
    if role is None:
        raise Http404("There is nothing here, or it is not yours to see.")
    is_blind = ticket.state == TicketState.DECIDED and (
        ticket.verdicts.filter(is_sealed=True).exclude(reviewer_id=request.user.pk).exists()
    )
    return Desk(
        ticket=ticket, person=request.user, role=role, now=timezone.now(), is_blind=is_blind
    )


def name_of(person: object) -> str:
    """A person's full name, else the login name; empty for nobody."""
    if person is None:
        return ""
    full = getattr(person, "get_full_name", lambda: "")()
    return str(full or person)
