"""Eight people press *Take next* at once, over eight real connections."""

from __future__ import annotations

import contextlib
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import close_old_connections, connection

from claims.models import Claim, Ticket, TicketEvent
from claims.vocabulary import Role, TicketState
from claims.workflow.assign import take_next
from tests.admin.ticket.rows import House, make_house, make_person

PEOPLE, TICKETS = 8, 40
Taking = Callable[[Any], int | None]


@pytest.fixture
def queue(transactional_db: None) -> tuple[House, list[Any]]:
    """Forty ready tickets and eight reviewers."""
    house = make_house()
    people = [
        make_person(f"taker{at}", f"Taker {at}", house.team, Role.REVIEWER) for at in range(PEOPLE)
    ]
    claims = Claim.objects.bulk_create(
        Claim(team=house.team, text=f"Claim {at}", self_contained="-", text_sha256=f"{at:064}")
        for at in range(TICKETS)
    )
    Ticket.objects.bulk_create(
        Ticket(team=house.team, claim=claim, state=TicketState.READY, priority=at % 7)
        for at, claim in enumerate(claims)
    )
    return house, people


def press_together(people: list[Any], take: Taking) -> list[int]:
    """Everybody takes until nothing waits, all starting in the same moment; gives all taken ids."""
    start = threading.Barrier(len(people))

    def work(person: Any) -> list[int]:
        taken: list[int] = []
        try:
            start.wait(timeout=30)
            while len(taken) < TICKETS and (found := take(person)) is not None:
                taken.append(found)
        finally:
            close_old_connections()
            connection.close()
        return taken

    with ThreadPoolExecutor(len(people)) as pool:
        return [one for taken in pool.map(work, people) for one in taken]


def test_nobody_gets_the_same_ticket(queue: tuple[House, list[Any]]) -> None:
    house, people = queue

    def take(person: Any) -> int | None:
        ticket = take_next(house.team, person)
        return ticket.pk if ticket else None

    taken = press_together(people, take)
    assert len(taken) == TICKETS, "none is left over"
    assert len(set(taken)) == TICKETS, Counter(taken).most_common(3)
    assert not Ticket.objects.waiting().exists()
    assert TicketEvent.objects.filter(to_state=TicketState.IN_REVIEW).count() == TICKETS


def test_control_select_then_update_hands_tickets_out_twice(
    queue: tuple[House, list[Any]],
) -> None:
    """The naive way, in the same race: look for the first, then mark it."""
    house, people = queue
    look = threading.Barrier(PEOPLE)

    def take(person: Any) -> int | None:
        ticket = Ticket.objects.waiting().for_team(house.team).most_urgent_first().first()
        if ticket is None:
            look.abort()
            return None
        # Real people need no help to look at the same moment; eight threads on two cores do.
        with contextlib.suppress(threading.BrokenBarrierError):
            look.wait(timeout=2)
        Ticket.objects.filter(pk=ticket.pk).update(
            state=TicketState.IN_REVIEW, reserved_by_id=person.pk
        )
        return ticket.pk

    taken = press_together(people, take)
    assert len(taken) > len(set(taken)), "the control must show the fault"
