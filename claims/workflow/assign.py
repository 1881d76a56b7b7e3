"""Assign: who works on which ticket, and until when.

Promises: *Take next* hands a ticket to exactly one person, however many press
at once (row locks that skip what another one holds); a reservation ends by
the database's clock and returns its ticket to the queue.
"""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from claims.lifecycle import LEADS, REVIEWERS, UNFINISHED, MoveRefused
from claims.models.access import Person, role_of
from claims.models.hand_out import give_out, hand_out
from claims.models.history import append_event, move_ticket, touch_ticket
from claims.models.team import Team
from claims.models.ticket import Ticket
from claims.vocabulary import TicketAction

# A slip of a bulk act stays small.
MOST_AT_ONCE = 200


def take_next(team: Team, person: Person) -> Ticket | None:
    """Reserve the most urgent waiting ticket for this person; ``None`` when nothing waits.

    A ticket that was assigned to the person comes before the others.
    Raises :class:`~claims.lifecycle.MoveRefused` for someone who may not review.
    """
    return next(iter(take_many(team, person, count=1)), None)


def take_many(team: Team, person: Person, *, count: int) -> list[Ticket]:
    """Reserve the next ``count`` waiting tickets at once (at most 200), as :func:`take_next`."""
    taken = hand_out(team, person, count=min(count, MOST_AT_ONCE))
    if not taken and role_of(person, team) not in REVIEWERS:
        raise MoveRefused("only a reviewer or a lead of this team takes tickets")
    return taken


def assign_next(team: Team, assignee: Person, *, count: int, by: Person) -> list[Ticket]:
    """A lead gives the next ``count`` free waiting tickets (at most 200) to a reviewer.

    The most urgent first; gives those that went, fewer where fewer wait.
    """
    if role_of(by, team) not in LEADS:
        raise MoveRefused("only a lead assigns tickets")
    if role_of(assignee, team) not in REVIEWERS:
        raise MoveRefused("a ticket is assigned to a reviewer or lead of its own team")
    return give_out(team, assignee, count=min(count, MOST_AT_ONCE), by=by)


def take_ticket(ticket: Ticket, person: Person, *, expected_version: int | None = None) -> Ticket:
    """Reserve this very ticket for the person, if it still waits and is not someone else's."""
    is_free = Ticket.objects.filter(pk=ticket.pk).unassigned().exists()
    if ticket.assigned_to_id not in (None, person.pk) and not is_free:
        raise MoveRefused("this ticket was assigned to somebody else")
    with transaction.atomic():
        return _reserve(ticket, person, expected_version=expected_version)


def release_ticket(
    ticket: Ticket, person: Person, *, note: str = "", expected_version: int | None = None
) -> Ticket:
    """Hand a ticket back to the queue, with a note for the next person."""
    kept = None if ticket.assigned_to_id == person.pk else ticket.assigned_to_id
    with transaction.atomic():
        return move_ticket(
            ticket,
            "release",
            actor=person,
            note=note,
            expected_version=expected_version,
            assigned_to_id=kept,
        )


def assign_ticket(ticket: Ticket, assignee: Person | None, *, by: Person) -> Ticket:
    """A lead gives a waiting ticket to a reviewer of its team, or to nobody."""
    role = role_of(by, ticket.team)
    if role not in LEADS:
        raise MoveRefused("only a lead assigns tickets")
    if ticket.state not in UNFINISHED:
        raise MoveRefused("this ticket is finished; there is nothing to assign")
    if assignee is not None and role_of(assignee, ticket.team) not in REVIEWERS:
        raise MoveRefused("a ticket is assigned to a reviewer or lead of its own team")
    with transaction.atomic():
        touch_ticket(ticket, assigned_to_id=assignee.pk if assignee else None)
        append_event(
            ticket,
            TicketAction.ASSIGNED,
            actor=by,
            changes={"assigned_to": [_name(ticket.assigned_to_id), _name(assignee)]},
        )
    return Ticket.objects.get(pk=ticket.pk)


def renew_reservation(ticket: Ticket, person: Person) -> bool:
    """Lengthen the holder's reservation while the person works; ``False`` if it is lost."""
    renewed = (
        Ticket.objects.held_by(person)
        .filter(pk=ticket.pk)
        .update(reserved_until=Now() + timedelta(minutes=ticket.team.reservation_minutes))
    )
    return bool(renewed)


def expire_reservations(*, limit: int = 200) -> int:
    """Return tickets to their queue whose reservation ran out, or whose holder may not review.

    Gives how many. What the holder had typed stays that person's draft.
    """
    expired = 0
    with transaction.atomic():
        rows = Ticket.objects.overstayed().select_related("team", "reserved_by")
        for ticket in rows.select_for_update(skip_locked=True, of=("self",))[:limit]:
            holder = ticket.reserved_by
            is_member = holder is not None and role_of(holder, ticket.team) in REVIEWERS
            why = "The reservation ran out." if is_member else "Its holder may no longer review."
            move_ticket(ticket, "expire", actor=None, note=why)
            expired += 1
    return expired


def _reserve(ticket: Ticket, person: Person, *, expected_version: int | None = None) -> Ticket:
    minutes = ticket.team.reservation_minutes
    return move_ticket(
        ticket,
        "take",
        actor=person,
        expected_version=expected_version,
        reserved_by_id=person.pk,
        reserved_until=Now() + timedelta(minutes=minutes),
        taken_at=timezone.now(),
    )


def _name(person: Person | int | None) -> str | None:
    if person is None:
        return None
    if isinstance(person, int):
        found = get_user_model().objects.filter(pk=person).first()
        return str(found) if found else None
    return str(person)
