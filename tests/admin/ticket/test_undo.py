"""A bulk assignment is undone ticket by ticket; what somebody changed since stays."""

from __future__ import annotations

from typing import Any

from claims.models import Ticket, TicketEvent
from claims.workflow.assign import assign_ticket
from claims.workflow.recheck import verify_history
from tests.admin.ticket.conftest import As
from tests.admin.ticket.rows import House, make_ready

LIST = "/admin/claims/ticket/"
UNDO = "/admin/claims/ticket/undo/"


def assign_all(client: Any, tickets: list[Ticket], person: Any) -> None:
    """As the list's action does."""
    ticked = [ticket.pk for ticket in tickets]
    form = {"action": "assign_many", "_selected_action": ticked, "apply": "1"}
    assert client.post(LIST, {**form, "assignee": person.pk}).status_code == 302


def test_each_goes_back_to_whom_it_was_given_and_history_grows(house: House, as_: As) -> None:
    free, given, changed = (make_ready(house.team, f"It is {n} tonnes.") for n in (3, 4, 5))
    given = assign_ticket(given, house.ada, by=house.lead)
    lead = as_(house.lead)
    assign_all(lead, [free, given, changed], house.ben)
    assert "3 tickets assigned to Ben Varga" in lead.get(LIST).content.decode()
    assert 'action="/admin/claims/ticket/undo/"' not in as_(house.ben).get(LIST).content.decode()
    assign_ticket(Ticket.objects.get(pk=changed.pk), house.lead, by=house.lead)
    lines = TicketEvent.objects.count()
    told = lead.post(UNDO, follow=True).content.decode()
    assert "Undone for 2 of 3; 1 stay as they are" in told
    holders = {pk: Ticket.objects.get(pk=pk).assigned_to for pk in (free.pk, given.pk, changed.pk)}
    assert holders == {free.pk: None, given.pk: house.ada, changed.pk: house.lead}
    assert TicketEvent.objects.count() == lines + 2
    assert verify_history().first_bad is None
    assert "nothing to undo" in lead.post(UNDO, follow=True).content.decode()


def test_a_lead_who_is_none_any_more_undoes_nothing(house: House, as_: As) -> None:
    ticket, lead = make_ready(house.team), as_(house.lead)
    assign_all(lead, [ticket], house.ben)
    house.lead.memberships.update(role="reviewer")
    lead.post(UNDO)
    assert Ticket.objects.get(pk=ticket.pk).assigned_to == house.ben
    # By GET nothing happens, and somebody else's session holds nothing.
    assert as_(house.boss).get(UNDO).status_code == 302
    as_(house.boss).post(UNDO)
    assert Ticket.objects.get(pk=ticket.pk).assigned_to == house.ben
