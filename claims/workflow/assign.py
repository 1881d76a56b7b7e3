"""Assign: who works on which ticket, and until when.

Promises: *Take next* hands a ticket to exactly one person, however many press
at once (row locks that skip what another one holds); a reservation ends by
the database's clock and returns its ticket to the queue.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.db.models.functions import Now
from django.utils import timezone

from claims.lifecycle import LEADS, REVIEWERS, UNFINISHED, MoveRefused
from claims.models.access import Person, role_of
from claims.models.discussion import notify, say_where, tell_given, tell_lost
from claims.models.hand_out import give_out, hand_out
from claims.models.history import append_event, move_ticket, touch_ticket
from claims.models.receivers import load_receiver
from claims.models.storable import storable
from claims.models.team import Team
from claims.models.ticket import Ticket
from claims.models.ticket_marks import Skip
from claims.vocabulary import NoticeKind, TicketAction, TicketState

# A slip of a bulk act stays small.
MOST_AT_ONCE = 200
SKIP_REASON_CHARS = 300


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


def most_urgent_teams(teams: Sequence[Team], person: Person) -> list[Team]:
    """The teams, first the one whose next ticket for this person is the most urgent.

    As in :func:`take_next`: what was given to the person comes before everything else.
    """
    if len(teams) < 2:
        return list(teams)
    skipped = Skip.objects.filter(ticket=OuterRef("pk"), person_id=person.pk)

    def urgency(team: Team) -> tuple[bool, int]:
        waiting = Ticket.objects.waiting().for_team(team).filter(~Exists(skipped))
        first = waiting.most_urgent_first().values_list("priority", flat=True)
        given = first.filter(assigned_to_id=person.pk).first()
        free = first.filter(assigned_to__isnull=True).first() if given is None else None
        return given is not None, next((one for one in (given, free) if one is not None), -1)

    return sorted(teams, key=urgency, reverse=True)


def assign_next(team: Team, assignee: Person, *, count: int, by: Person) -> list[Ticket]:
    """A lead gives the next ``count`` free waiting tickets (at most 200) to a reviewer.

    The most urgent first; gives those that went, fewer where fewer wait or where the
    reviewer's limit is reached.
    """
    if role_of(by, team) not in LEADS:
        raise MoveRefused("only a lead assigns tickets")
    with transaction.atomic():
        fits = check_receiver(team, assignee, count=min(count, MOST_AT_ONCE))
        gone = give_out(team, assignee, count=fits, by=by)
        tell_given(assignee.pk, gone, by=by)
    return gone


def take_ticket(ticket: Ticket, person: Person, *, expected_version: int | None = None) -> Ticket:
    """Reserve this very ticket for the person, if it still waits and is not someone else's."""
    is_free = Ticket.objects.filter(pk=ticket.pk).unassigned().exists()
    if ticket.assigned_to_id not in (None, person.pk) and not is_free:
        raise MoveRefused("this ticket was assigned to somebody else")
    with transaction.atomic():
        Skip.objects.filter(ticket=ticket, person_id=person.pk).delete()
        return _reserve(ticket, person, expected_version=expected_version)


def release_ticket(
    ticket: Ticket, person: Person, *, note: str = "", expected_version: int | None = None
) -> Ticket:
    """Hand a ticket back to the queue, with a note for the next person.

    Where a lead does so, who held it is told.
    """
    kept = None if ticket.assigned_to_id == person.pk else ticket.assigned_to_id
    with transaction.atomic():
        tell_lost(ticket.reserved_by_id, [ticket], by=person, told=say_where(None, note))
        return move_ticket(
            ticket,
            "release",
            actor=person,
            note=note,
            expected_version=expected_version,
            assigned_to_id=kept,
        )


def skip_ticket(
    ticket: Ticket, person: Person, *, reason: str, expected_version: int | None = None
) -> Ticket:
    """Pass a ticket over: it waits for the others, and this person is not offered it again.

    What the person held goes back to the queue. Raises ``MoveRefused`` without a reason, for
    a ticket that neither waits nor is this person's, and for who may not review.
    """
    if not reason.strip():
        raise MoveRefused("say in a few words why you skip it")
    is_held = ticket.state == TicketState.IN_REVIEW
    if is_held and ticket.reserved_by_id != person.pk:
        raise MoveRefused("somebody else works on this ticket")
    if not is_held and ticket.state != TicketState.READY:
        raise MoveRefused("only a ticket that waits or that you hold is skipped")
    if role_of(person, ticket.team) not in REVIEWERS:
        raise MoveRefused("only a reviewer or a lead of this team skips tickets")
    kept = None if ticket.assigned_to_id == person.pk else ticket.assigned_to_id
    reason = storable(reason.strip(), SKIP_REASON_CHARS)
    said: Any = {"actor": person, "note": reason, "action": TicketAction.SKIPPED}
    with transaction.atomic():
        if is_held:
            move_ticket(
                ticket, "release", expected_version=expected_version, assigned_to_id=kept, **said
            )
        else:
            touch_ticket(ticket, expected_version=expected_version, assigned_to_id=kept)
            append_event(ticket, **said)
        Skip.objects.update_or_create(
            ticket=ticket, person_id=person.pk, defaults={"reason": reason, "at": Now()}
        )
    return Ticket.objects.get(pk=ticket.pk)


def hand_over(
    ticket: Ticket, to: Person, *, by: Person, note: str, expected_version: int | None = None
) -> Ticket:
    """Give the ticket one holds to a colleague, who finds it first in line, with a note.

    Raises ``MoveRefused`` where the colleague may not review, is away or has enough.
    """
    if to.pk == ticket.reserved_by_id:
        raise MoveRefused("this ticket is that person's already")
    with transaction.atomic():
        check_receiver(ticket.team, to)
        notify([to.pk], ticket, NoticeKind.GIVEN, actor=by, told=note)
        tell_lost(ticket.reserved_by_id, [ticket], by=by, told=say_where(to, note))
        return move_ticket(
            ticket,
            "release",
            actor=by,
            action=TicketAction.HANDED_OVER,
            note=note,
            changes={"assigned_to": [_name(ticket.assigned_to_id), _name(to)]},
            expected_version=expected_version,
            assigned_to_id=to.pk,
        )


def check_receiver(team: Team, person: Person, *, count: int = 1) -> int:
    """How many of ``count`` tickets may be given to the person now; their limit is held.

    Raises ``MoveRefused`` where none may: no reviewer of the team, away, or at the limit.
    """
    receiver = load_receiver(team, person)
    if receiver is None:
        # Whoever stands above the teams has no place in one, and so no limit.
        if role_of(person, team) not in REVIEWERS:
            raise MoveRefused("a ticket is assigned to a reviewer or lead of its own team")
        return count
    if receiver.is_away:
        raise MoveRefused(f"{receiver.person} is away; choose somebody else")
    if receiver.room == 0:
        raise MoveRefused(f"{receiver.person} has {receiver.load} tickets, the limit set for them")
    return count if receiver.room is None else min(count, receiver.room)


def assign_ticket(
    ticket: Ticket, assignee: Person | None, *, by: Person, expected_version: int | None = None
) -> Ticket:
    """A lead gives a waiting ticket to a reviewer of its team, or to nobody.

    Whoever is away or at the limit is given nothing; whose it was is told. Raises
    ``TicketMoved`` where the ticket is not at ``expected_version`` any more.
    """
    role = role_of(by, ticket.team)
    if role not in LEADS:
        raise MoveRefused("only a lead assigns tickets")
    if ticket.state not in UNFINISHED:
        raise MoveRefused("this ticket is finished; there is nothing to assign")
    with transaction.atomic():
        if assignee is not None and assignee.pk != ticket.assigned_to_id:
            check_receiver(ticket.team, assignee)
        touch_ticket(
            ticket,
            expected_version=expected_version,
            assigned_to_id=assignee.pk if assignee else None,
        )
        append_event(
            ticket,
            TicketAction.ASSIGNED,
            actor=by,
            changes={"assigned_to": [_name(ticket.assigned_to_id), _name(assignee)]},
        )
        if assignee is not None:
            notify([assignee.pk], ticket, NoticeKind.GIVEN, actor=by)
        is_other = assignee is None or assignee.pk != ticket.assigned_to_id
        # Who works on it keeps it.
        if is_other and ticket.assigned_to_id != ticket.reserved_by_id:
            tell_lost(ticket.assigned_to_id, [ticket], by=by, told=say_where(assignee))
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
