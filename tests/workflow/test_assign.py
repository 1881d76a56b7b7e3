"""Take next hands every ticket out once; assignment, release and reservations."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models.functions import Now

from claims.lifecycle import MoveRefused
from claims.models import Membership, Ticket, TicketEvent
from claims.models.history import TicketMoved, move_ticket
from claims.vocabulary import Role, TicketState
from claims.workflow.assign import (
    assign_ticket,
    expire_reservations,
    release_ticket,
    renew_reservation,
    skip_ticket,
    take_next,
    take_ticket,
)
from claims.workflow.decide import close_ticket
from claims.workflow.recheck import verify_history
from tests.people import Desk, make_desk, make_person, ready_many, ready_one, taken_one
from tests.together import meet_once, run_together


def rank(ticket: Ticket, priority: int) -> Ticket:
    Ticket.objects.filter(pk=ticket.pk).update(priority=priority)
    return ticket


def test_the_most_urgent_then_the_oldest(desk: Desk) -> None:
    low, high, second = (ready_one(desk.team) for _ in range(3))
    for ticket, priority in ((low, 10), (high, 90), (second, 90)):
        rank(ticket, priority)
    order = [take_next(desk.team, desk.ben) for _ in range(4)]
    assert [ticket and ticket.pk for ticket in order] == [high.pk, second.pk, low.pk, None]


def test_what_was_taken_is_reserved_for_the_taker(desk: Desk) -> None:
    ready_one(desk.team)
    ticket = take_next(desk.team, desk.ben)
    assert ticket is not None
    assert (ticket.state, ticket.reserved_by) == (TicketState.IN_REVIEW, desk.ben)
    left = ticket.reserved_until - ticket.taken_at
    assert timedelta(minutes=44) < left < timedelta(minutes=46)


def test_an_assigned_ticket_comes_first_and_only_to_its_assignee(desk: Desk) -> None:
    rank(ready_one(desk.team), 90)
    mine = rank(ready_one(desk.team), 10)
    assign_ticket(mine, desk.ben, by=desk.ada)
    first = take_next(desk.team, desk.chloe)
    assert first is not None
    assert first.pk != mine.pk
    assert take_next(desk.team, desk.chloe) is None
    with pytest.raises(MoveRefused, match="assigned to somebody else"):
        take_ticket(Ticket.objects.get(pk=mine.pk), desk.chloe)
    given = take_next(desk.team, desk.ben)
    assert given is not None
    assert given.pk == mine.pk


@pytest.mark.parametrize("how", ["removed", "inactive", "demoted"])
def test_a_ticket_of_someone_who_may_not_review_any_more_is_everyones(desk: Desk, how: str) -> None:
    ticket = assign_ticket(ready_one(desk.team), desk.ben, by=desk.ada)
    membership = Membership.objects.get(user=desk.ben)
    if how == "removed":
        membership.delete()
    elif how == "inactive":
        desk.ben.is_active = False
        desk.ben.save()
    else:
        membership.role = Role.CONTRIBUTOR
        membership.save()
    with pytest.raises(MoveRefused):
        take_next(desk.team, desk.ben)
    taken = take_next(desk.team, desk.chloe)
    assert taken is not None
    assert taken.pk == ticket.pk


@pytest.mark.parametrize("name", ["dan", "eve"])
def test_strangers_and_contributors_take_and_give_nothing(desk: Desk, name: str) -> None:
    person = getattr(desk, name)
    ticket = ready_one(desk.team)
    with pytest.raises(MoveRefused):
        take_next(desk.team, person)
    with pytest.raises(MoveRefused):
        take_ticket(ticket, person)
    with pytest.raises(MoveRefused):
        assign_ticket(ticket, desk.ben, by=person)
    with pytest.raises(MoveRefused):
        assign_ticket(ticket, person, by=desk.ada)


def test_only_a_lead_assigns_and_nothing_that_is_finished(desk: Desk) -> None:
    ticket = ready_one(desk.team)
    with pytest.raises(MoveRefused):
        assign_ticket(ticket, desk.ben, by=desk.chloe)
    closed = move_ticket(ticket, "close", actor=desk.ada)
    with pytest.raises(MoveRefused):
        assign_ticket(closed, desk.ben, by=desk.ada)


def test_assigning_over_a_newer_version_is_refused(desk: Desk) -> None:
    ticket = ready_one(desk.team)
    assign_ticket(ticket, desk.ben, by=desk.ada)
    with pytest.raises(TicketMoved):
        assign_ticket(ticket, desk.chloe, by=desk.ada)
    assert TicketEvent.objects.latest("id").changes == {"assigned_to": [None, "ben"]}


def test_release_gives_the_ticket_back_with_its_note(desk: Desk) -> None:
    ticket = taken_one(desk.team, desk.ben)
    Ticket.objects.filter(pk=ticket.pk).update(taken_at=Now() - timedelta(minutes=5))
    ticket.refresh_from_db()
    released = release_ticket(ticket, desk.ben, note="Needs a chemist.")
    assert (released.state, released.reserved_by, released.reserved_until) == (
        TicketState.READY,
        None,
        None,
    )
    assert 299 <= released.review_seconds <= 302
    assert TicketEvent.objects.latest("id").note == "Needs a chemist."


def test_a_reservation_that_ran_out_returns_its_ticket(desk: Desk) -> None:
    kept, lost = taken_one(desk.team, desk.ben), taken_one(desk.team, desk.chloe)
    Ticket.objects.filter(pk=lost.pk).update(reserved_until=Now() - timedelta(seconds=1))
    assert expire_reservations() == 1
    assert expire_reservations() == 0
    assert Ticket.objects.get(pk=lost.pk).state == TicketState.READY
    assert Ticket.objects.get(pk=kept.pk).state == TicketState.IN_REVIEW
    assert not renew_reservation(lost, desk.chloe)
    assert renew_reservation(kept, desk.ben)
    assert not renew_reservation(kept, desk.chloe)


# Eight at once --------------------------------------------------------------------

TICKETS, TAKERS = 200, 8


def eight_reviewers(desk: Desk) -> list[User]:
    return [make_person(f"reviewer{n}", desk.team, Role.REVIEWER) for n in range(TAKERS)]


@pytest.mark.django_db(transaction=True)
def test_eight_takers_share_two_hundred_tickets_exactly() -> None:
    desk = make_desk()
    ready_many(desk.team, TICKETS)
    people = eight_reviewers(desk)

    def take_all(number: int) -> list[int]:
        taken = []
        while ticket := take_next(desk.team, people[number]):
            taken.append(ticket.pk)
        return taken

    taken = Counter(pk for one in run_together(TAKERS, take_all) for pk in one)
    assert (len(taken), set(taken.values())) == (TICKETS, {1})
    assert not Ticket.objects.waiting().exists()
    assert verify_history().is_sound


@pytest.mark.django_db(transaction=True)
def test_whatever_comes_between_each_ticket_is_with_one_person_at_a_time_and_none_is_lost() -> None:
    """Passed over, handed back, run out, and one of the eight removed while holding one."""
    desk, many = make_desk(), 80
    ready_many(desk.team, many)
    people = eight_reviewers(desk)
    open_ones = Ticket.objects.exclude(state=TicketState.CLOSED)
    leaves = people[0]

    def work(number: int) -> int:
        if number == TAKERS:
            expired = 0
            while open_ones.exists():
                expired += expire_reservations()
            return expired
        person, taken = people[number], 0
        while open_ones.exists():
            ticket = take_next(desk.team, person)
            if ticket is None:
                continue
            taken += 1
            if person is leaves and taken == 3:
                Membership.objects.filter(user=person).delete()
                return taken
            # The first to have it passes three of four on; who has it then ends it.
            fate = ticket.pk % 4 if ticket.version == 2 else 3
            if fate == 0:
                skip_ticket(ticket, person, reason="Not my field.")
            elif fate == 1:
                release_ticket(ticket, person)
            elif fate == 2:
                past = Now() - timedelta(seconds=1)
                Ticket.objects.filter(pk=ticket.pk).update(reserved_until=past)
            else:
                close_ticket(ticket, "opinion", by=person)
        return taken

    *taken, expired = run_together(TAKERS + 1, work)
    moves = TicketEvent.objects.order_by("ticket", "sequence")
    stood: dict[int, str] = {}
    for event in moves:
        assert event.from_state == stood.get(event.ticket_id, ""), "two had it at once"
        stood[event.ticket_id] = event.to_state
    assert set(stood.values()) == {TicketState.CLOSED}
    assert len(stood) == many
    assert moves.filter(to_state=TicketState.IN_REVIEW).count() == sum(taken)
    assert expired > many // 4 - 1, "what ran out, and what the one who left had"
    assert verify_history().is_sound


@pytest.mark.django_db(transaction=True)
def test_control_look_then_save_hands_tickets_out_twice() -> None:
    desk = make_desk()
    ready_many(desk.team, TAKERS)
    people = eight_reviewers(desk)
    meet = meet_once(TAKERS)

    def take_naively(number: int) -> list[int]:
        taken = []
        while ticket := Ticket.objects.waiting().for_team(desk.team).most_urgent_first().first():
            meet()
            with transaction.atomic():
                ticket.state = TicketState.IN_REVIEW
                ticket.reserved_by = people[number]
                ticket.save()
            taken.append(ticket.pk)
        return taken

    taken = Counter(pk for one in run_together(TAKERS, take_naively) for pk in one)
    assert max(taken.values()) > 1
