"""Giving out: a lead hands the next tickets to somebody in one go; nobody else does."""

from __future__ import annotations

import pytest

from claims.models import Ticket
from claims.vocabulary import TicketState
from tests.admin.ticket.conftest import As
from tests.admin.ticket.rows import House, make_ready

PAGE = "/admin/claims/ticket/give-out/"


@pytest.fixture
def queue(house: House) -> list[Ticket]:
    return [make_ready(house.team, f"Pier {number} is 40 metres long.") for number in range(4)]


def given_to(person: object) -> list[int]:
    rows = Ticket.objects.filter(assigned_to=person).order_by("pk")
    return list(rows.values_list("pk", flat=True))


def test_a_lead_gives_the_next_tickets_to_a_reviewer(
    house: House, queue: list[Ticket], as_: As
) -> None:
    lea = as_(house.lead)
    shown = lea.get(PAGE).content.decode()
    free = Ticket.objects.waiting().unassigned().count()
    assert f"<b>{free}</b> ready and free" in shown
    answer = lea.post(PAGE, {"team": house.team.pk, "person": house.ada.pk, "count": 3})
    assert answer.status_code == 302
    assert len(given_to(house.ada)) == 3
    page = lea.get(answer.url).content.decode()
    assert "3 tickets given to" in page
    assert "0 in review · 3 given" in page
    lea.post(PAGE, {"team": house.team.pk, "person": house.ada.pk, "count": 200})
    assert len(given_to(house.ada)) == free
    assert "Nothing waits" in lea.post(
        PAGE, {"team": house.team.pk, "person": house.ada.pk, "count": 1}, follow=True
    ).content.decode()  # fmt: skip


def test_a_lead_reserves_several_for_themself(house: House, queue: list[Ticket], as_: As) -> None:
    lea = as_(house.lead)
    data = {"team": house.team.pk, "person": house.lead.pk, "count": 2, "now": "on"}
    assert lea.post(PAGE, data).status_code == 302
    held = Ticket.objects.filter(reserved_by=house.lead, state=TicketState.IN_REVIEW)
    assert held.count() == 2
    assert all(ticket.events.last().actor_id == house.lead.pk for ticket in held)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"person": "", "count": 3}, "Choose who gets them."),
        ({"person": "99999999", "count": 3}, "Choose a reviewer or lead of this team."),
        ({"person": "x", "count": 3}, "Enter a whole number."),
        ({"count": ""}, "Say how many."),
        ({"count": 0}, "At least 1."),
        ({"count": 201}, "At most 200 at once."),
        ({"count": "9" * 40}, "At most 200 at once."),
    ],
)
def test_bad_input_is_said_at_its_field_and_nothing_goes(
    house: House, queue: list[Ticket], as_: As, data: dict[str, object], said: str
) -> None:
    asked = {"team": house.team.pk, "person": house.ada.pk, "count": 3} | data
    answer = as_(house.lead).post(PAGE, asked)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert given_to(house.ada) == []


def test_nobody_else_gives_and_no_stranger_gets(house: House, queue: list[Ticket], as_: As) -> None:
    data = {"team": house.team.pk, "person": house.ada.pk, "count": 3}
    for person in (house.ada, house.ben):
        assert as_(person).get(PAGE).status_code == 403
        assert as_(person).post(PAGE, data).status_code == 403
        assert PAGE not in as_(person).get("/admin/claims/ticket/").content.decode()
    assert PAGE in as_(house.lead).get("/admin/claims/ticket/").content.decode()
    assert given_to(house.ada) == []
