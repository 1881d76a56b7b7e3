"""Spreading tickets over people: by load, in turn, by skill; nobody who is away or has enough."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claims.lifecycle import MoveRefused
from claims.models import AssignmentRule, Membership, Skip, Ticket, TicketEvent
from claims.models.history import append_event, touch_ticket
from claims.models.openings import keep_tags
from claims.models.receivers import load_receivers
from claims.vocabulary import Spread, TicketAction, TicketState
from claims.workflow.assign import (
    assign_next,
    assign_ticket,
    hand_over,
    skip_ticket,
    take_next,
    take_ticket,
)
from claims.workflow.distribute import distribute_tickets, move_work
from claims.workflow.recheck import verify_history
from claims.workflow.sort import find_caught
from tests.people import Desk, make_claim, make_desk, open_one, ready_many, ready_one, taken_one
from tests.together import meet_once, run_together


def given(desk: Desk) -> Counter[str]:
    """How many tickets each was given."""
    rows = Ticket.objects.filter(team=desk.team, assigned_to__isnull=False)
    return Counter(rows.values_list("assigned_to__username", flat=True))


def set_member(person: Any, **fields: Any) -> None:
    Membership.objects.filter(user=person).update(**fields)


def test_by_load_the_one_with_least_gets_next(desk: Desk) -> None:
    ready_many(desk.team, 7)
    take_ticket(Ticket.objects.earliest("pk"), desk.ben)
    done = distribute_tickets(desk.team, Spread.LOAD, count=5, by=desk.ada)
    assert (done.count, done.left) == (5, 0)
    assert given(desk) == {"ada": 2, "ben": 1, "chloe": 2}
    assert verify_history().first_bad is None


def test_many_cost_as_many_statements_as_few_and_leave_the_same_history(desk: Desk) -> None:
    """Two statements for all of them; who had a ticket and may not review any more is named."""
    counts = []
    for many in (3, 12):
        ready_many(desk.team, many)
        with CaptureQueriesContext(connection) as statements:
            assert distribute_tickets(desk.team, Spread.LOAD, count=many, by=desk.ada).count == many
        counts.append(len(statements))
    assert counts[0] == counts[1]
    Membership.objects.filter(user=desk.ben).delete()
    left = given(desk)["ben"]
    assert distribute_tickets(desk.team, Spread.LOAD, count=50, by=desk.ada).count == left > 0
    told = TicketEvent.objects.filter(action=TicketAction.ASSIGNED).order_by("-id")[:left]
    assert {tuple(one.changes["assigned_to"]) for one in told} <= {("ben", "ada"), ("ben", "chloe")}
    assert verify_history().first_bad is None


def test_in_turn_goes_on_where_it_ended(desk: Desk) -> None:
    ready_many(desk.team, 4)
    for _ in range(4):
        distribute_tickets(desk.team, Spread.TURN, count=1, by=desk.ada)
    assert sorted(given(desk).values()) == [1, 1, 2]


def test_by_skill_tags_and_languages_count_and_the_rest_stays(desk: Desk) -> None:
    trade, other = ready_many(desk.team, 2)
    keep_tags(desk.team, {trade.pk: ["trade"]})
    set_member(desk.chloe, skills=" Trade, ur")
    done = distribute_tickets(desk.team, Spread.SKILL, count=5, by=desk.ada)
    assert (done.by_person, done.left) == ((("chloe", 1),), 1)
    assert Ticket.objects.get(pk=trade.pk).assigned_to == desk.chloe
    assert Ticket.objects.get(pk=other.pk).assigned_to is None


def test_who_is_away_or_has_enough_is_given_nothing_by_any_door(desk: Desk) -> None:
    today = timezone.now().date()
    set_member(desk.ben, away_from=today, away_until=today + timedelta(days=2))
    set_member(desk.chloe, limit=2)
    ready_many(desk.team, 6)
    distribute_tickets(desk.team, Spread.TURN, count=6, by=desk.ada)
    assert given(desk) == {"ada": 4, "chloe": 2}
    free = ready_one(desk.team)
    for person, why in ((desk.ben, "away"), (desk.chloe, "limit")):
        with pytest.raises(MoveRefused, match=why):
            assign_ticket(free, person, by=desk.ada)
        with pytest.raises(MoveRefused, match=why):
            assign_next(desk.team, person, count=5, by=desk.ada)
    held = take_ticket(free, desk.ada)
    with pytest.raises(MoveRefused, match="away"):
        hand_over(held, desk.ben, by=desk.ada, note="")
    set_member(desk.chloe, limit=3)
    assert len(assign_next(desk.team, desk.chloe, count=5, by=desk.ada)) == 0
    assert assign_ticket(ready_one(desk.team), desk.chloe, by=desk.ada).assigned_to == desk.chloe
    set_member(desk.ben, away_until=today - timedelta(days=1), away_from=None)
    assert not next(one for one in load_receivers(desk.team) if one.person == desk.ben).is_away


def test_handed_over_it_is_first_in_the_colleagues_line_with_its_note(desk: Desk) -> None:
    ready_one(desk.team)
    ticket = taken_one(desk.team, desk.ben)
    hand_over(ticket, desk.chloe, by=desk.ben, note="You know the port.")
    event = TicketEvent.objects.latest("id")
    assert (event.action, event.note) == ("handed_over", "You know the port.")
    assert event.changes == {"assigned_to": [None, "chloe"]}
    taken = take_next(desk.team, desk.chloe)
    assert taken is not None
    assert taken.pk == ticket.pk
    for person in (desk.dan, desk.eve):
        with pytest.raises(MoveRefused):
            hand_over(Ticket.objects.get(pk=ticket.pk), person, by=desk.chloe, note="")


def test_what_was_skipped_waits_for_the_others_and_may_be_taken_by_hand(desk: Desk) -> None:
    ticket = take_next(desk.team, desk.ben) or ready_one(desk.team)
    ticket = take_ticket(ticket, desk.ben)
    skip_ticket(ticket, desk.ben, reason="It is about my cousin.")
    assert take_next(desk.team, desk.ben) is None
    assert TicketEvent.objects.latest("id").note == "It is about my cousin."
    taken = take_next(desk.team, desk.chloe)
    assert taken is not None
    assert taken.pk == ticket.pk
    skip_ticket(taken, desk.chloe, reason="Nor I.")
    assert take_ticket(Ticket.objects.get(pk=ticket.pk), desk.ben).reserved_by == desk.ben
    assert list(Skip.objects.values_list("person__username", flat=True)) == ["chloe"]


@pytest.mark.parametrize("name", ["chloe", "dan", "eve"])
def test_nobody_skips_or_hands_over_what_another_holds(desk: Desk, name: str) -> None:
    held, person = taken_one(desk.team, desk.ben), getattr(desk, name)
    with pytest.raises(MoveRefused):
        skip_ticket(held, person, reason="No.")
    with pytest.raises(MoveRefused):
        hand_over(held, desk.ada, by=person, note="")
    with pytest.raises(MoveRefused, match="why"):
        skip_ticket(held, desk.ben, reason=" ")
    if name != "chloe":
        with pytest.raises(MoveRefused):
            skip_ticket(ready_one(desk.team), person, reason="No.")
        with pytest.raises(MoveRefused):
            distribute_tickets(desk.team, Spread.LOAD, count=1, by=person)
        with pytest.raises(MoveRefused):
            move_work(desk.team, desk.ben, None, by=person)


def test_work_is_moved_as_far_as_there_is_room(desk: Desk) -> None:
    held = taken_one(desk.team, desk.ben)
    for ticket in ready_many(desk.team, 3):
        assign_ticket(ticket, desk.ben, by=desk.ada)
    set_member(desk.chloe, limit=2)
    moved = move_work(desk.team, desk.ben, desk.chloe, by=desk.ada)
    assert (len(moved.gone), moved.stayed) == (2, 1)
    assert Ticket.objects.get(pk=held.pk).state == TicketState.IN_REVIEW
    moved = move_work(desk.team, desk.ben, None, by=desk.ada, is_all=True)
    assert (len(moved.gone), moved.stayed) == (2, 0)
    assert given(desk) == {"chloe": 2}
    assert Ticket.objects.get(pk=held.pk).state == TicketState.READY
    assert verify_history().first_bad is None


def test_an_assignment_rule_tags_and_gives_new_tickets_and_shows_what_it_catches(
    desk: Desk,
) -> None:
    old = open_one(desk.team, "Tariffs on salt rose by 7 per cent.")
    rule = AssignmentRule.objects.create(
        team=desk.team, name="Trade", words="tariffs", tag="trade", assignee=desk.ben
    )
    caught, looked = find_caught(rule)
    assert ([one.pk for one in caught], looked) == ([old.pk], 1)
    set_member(desk.ben, limit=1)
    first = open_one(desk.team, "Tariffs on tin rose by 8 per cent.")
    second = open_one(desk.team, "Tariffs on zinc rose by 9 per cent.")
    assert (first.assigned_to, second.assigned_to) == (desk.ben, None)
    assert list(second.taggings.values_list("tag__name", flat=True)) == ["trade"]
    assert not old.taggings.exists()
    assert TicketEvent.objects.get(ticket=first).changes["assigned_to"] == [None, "ben"]
    assert open_one(desk.team, make_claim(desk.team).text).taggings.count() == 0


@pytest.fixture
def busy(transactional_db: None) -> Desk:
    from claims.workflow.equip import add_shipped_scales

    add_shipped_scales()
    return make_desk()


@pytest.mark.django_db(transaction=True)
def test_leads_who_distribute_at_once_give_each_ticket_once_and_pass_no_limit(busy: Desk) -> None:
    ready_many(busy.team, 12)
    set_member(busy.ben, limit=3)
    set_member(busy.chloe, limit=4)
    set_member(busy.ada, limit=0)
    run_together(4, lambda _: distribute_tickets(busy.team, Spread.LOAD, count=6, by=busy.ada))
    assert given(busy) == {"ben": 3, "chloe": 4}
    assert TicketEvent.objects.filter(action=TicketAction.ASSIGNED).count() == 7
    assert verify_history().first_bad is None


@pytest.mark.django_db(transaction=True)
def test_control_without_the_held_memberships_a_limit_is_passed(busy: Desk) -> None:
    tickets = ready_many(busy.team, 4)
    set_member(busy.ben, limit=1)
    meet = meet_once(4)

    def give_unheld(number: int) -> None:
        with transaction.atomic():
            ben = next(one for one in load_receivers(busy.team) if one.person == busy.ben)
            meet()
            if ben.is_open:
                touch_ticket(tickets[number], assigned_to_id=busy.ben.pk)
                append_event(tickets[number], TicketAction.ASSIGNED, actor=busy.ada)

    run_together(4, give_unheld)
    assert given(busy) == {"ben": 4}
