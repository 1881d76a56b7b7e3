"""Handing out many tickets at once: order, roles, history, and nobody twice."""

from __future__ import annotations

from collections import Counter

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from claims.lifecycle import MoveRefused
from claims.models import Membership, Ticket, TicketEvent
from claims.models.history import digest_event
from claims.vocabulary import Role, TicketAction, TicketState
from claims.workflow.assign import assign_next, assign_ticket, take_many, take_next
from claims.workflow.recheck import verify_history
from tests.people import Desk, make_desk, make_person, ready_many, ready_one
from tests.together import meet_once, run_together

NAMES = ('Zoë "Quote" O\'Neil', "back\\slash", "tab\tand\x7f\x1f", "𝔘nicode \u2028 😀", "</script>")


def test_taking_one_costs_one_statement(desk: Desk) -> None:
    ready_one(desk.team)
    with CaptureQueriesContext(connection) as statements:
        assert take_next(desk.team, desk.ben) is not None
    assert len(statements) == 1


def test_the_functions_keep_their_plans_and_their_order_by_index(db: None) -> None:
    """Without these settings a plan is made at every call, and the whole queue is sorted."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname, array_to_string(proconfig, ' ') FROM pg_proc WHERE proname = ANY(%s)",
            [["claims_hand_out", "claims_give_out", "claims_append_events", "claims_pick_free"]],
        )
        assert dict(cursor.fetchall()) == {
            "claims_hand_out": "plan_cache_mode=force_generic_plan",
            "claims_give_out": "plan_cache_mode=force_generic_plan",
            "claims_append_events": "plan_cache_mode=force_generic_plan",
            "claims_pick_free": "enable_sort=off",
        }


def test_many_come_in_the_queues_order_own_first(desk: Desk) -> None:
    tickets = ready_many(desk.team, 6)
    for place, ticket in enumerate(tickets):
        Ticket.objects.filter(pk=ticket.pk).update(priority=10 * place)
    own = assign_ticket(Ticket.objects.get(pk=tickets[0].pk), desk.ben, by=desk.ada)
    assign_ticket(Ticket.objects.get(pk=tickets[5].pk), desk.chloe, by=desk.ada)
    taken = take_many(desk.team, desk.ben, count=3)
    assert [one.pk for one in taken] == [own.pk, tickets[4].pk, tickets[3].pk]
    for one in taken:
        fresh = Ticket.objects.get(pk=one.pk)
        assert (one.state, one.version, one.reserved_by_id, one.reserved_until) == (
            TicketState.IN_REVIEW,
            fresh.version,
            desk.ben.pk,
            fresh.reserved_until,
        )
    assert len(take_many(desk.team, desk.ben, count=50)) == 2
    assert take_many(desk.team, desk.ben, count=0) == []


@pytest.mark.parametrize("name", NAMES)
def test_the_database_writes_history_as_the_house_does(desk: Desk, name: str) -> None:
    User.objects.filter(pk=desk.ada.pk).update(first_name=name, last_name="", username=name)
    ada = User.objects.get(pk=desk.ada.pk)
    ready_many(desk.team, 3)
    (given,) = assign_next(desk.team, ada, count=1, by=ada)
    assert len(take_many(desk.team, ada, count=3)) == 3
    events = list(TicketEvent.objects.filter(actor=ada).order_by("ticket", "sequence"))
    assert len(events) == 4
    assert [one.digest for one in events] == [digest_event(one) for one in events]
    assigned = TicketEvent.objects.get(ticket=given, action=TicketAction.ASSIGNED)
    assert assigned.changes == {"assigned_to": [None, name]}
    assert assigned.actor_name == name.strip()
    assert verify_history().is_sound


def test_a_lead_gives_the_next_to_a_reviewer_of_the_team(desk: Desk) -> None:
    ready_many(desk.team, 4)
    taken = assign_next(desk.team, desk.ben, count=3, by=desk.ada)
    assert [one.assigned_to_id for one in taken] == [desk.ben.pk] * 3
    assert Ticket.objects.filter(assigned_to=desk.ben, state=TicketState.READY).count() == 3
    assert len(assign_next(desk.team, desk.chloe, count=3, by=desk.ada)) == 1
    for by, to in ((desk.ben, desk.chloe), (desk.ada, desk.dan), (desk.ada, desk.eve)):
        with pytest.raises(MoveRefused):
            assign_next(desk.team, to, count=1, by=by)
    with pytest.raises(MoveRefused):
        take_many(desk.team, desk.dan, count=2)
    # A reviewer who left: what they were given is everybody's again.
    Membership.objects.filter(user=desk.ben).delete()
    back = assign_next(desk.team, desk.chloe, count=9, by=desk.ada)
    assert {one.pk for one in back} == {one.pk for one in taken}
    last = TicketEvent.objects.filter(ticket=back[0]).latest("sequence")
    assert last.changes == {"assigned_to": ["ben", "chloe"]}


TAKERS, TICKETS, BATCH = 6, 90, 4


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_naive", [False, True], ids=["ours", "control"])
def test_batches_of_many_takers_never_meet(is_naive: bool) -> None:
    """The control picks without locking what it picked, and doubles."""
    desk = make_desk()
    people = [make_person(f"taker{n}", desk.team, Role.REVIEWER) for n in range(TAKERS)]
    ready_many(desk.team, TICKETS)
    meet = meet_once(TAKERS)

    def take(number: int) -> list[int]:
        got: list[int] = []
        while more := (naive if is_naive else ours)(people[number]):
            got += more
        return got

    def ours(person: User) -> list[int]:
        return [one.pk for one in take_many(desk.team, person, count=BATCH)]

    def naive(person: User) -> list[int]:
        queue = Ticket.objects.waiting().for_team(desk.team).most_urgent_first()
        picked = list(queue.values_list("pk", flat=True)[:BATCH])
        meet()
        with transaction.atomic():
            for pk in picked:
                Ticket.objects.filter(pk=pk).update(
                    state=TicketState.IN_REVIEW, reserved_by=person, version=F("version") + 1
                )
        return picked

    taken = Counter(pk for got in run_together(TAKERS, take) for pk in got)
    assert len(taken) == TICKETS
    assert (max(taken.values()) == 1) is not is_naive
    if not is_naive:
        assert verify_history().is_sound
