"""What is taken from under a person who types: the reservation, or the place in the team.

What was typed stays and what came after stands; the control writes as an unguarded form would.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from claims.models import Draft, Ticket, Verdict
from claims.models.history import TicketMoved
from claims.vocabulary import TicketState
from claims.workflow.assign import expire_reservations, hand_over, skip_ticket, take_next
from claims.workflow.recheck import verify_history
from tests.admin.ticket.conftest import As, act_on, page_of
from tests.admin.ticket.rows import House
from tests.admin.ticket.test_acts import WHY, verdict_of


def run_out(ticket: Ticket) -> None:
    """Its time is over, and the sweep has been."""
    past = timezone.now() - timedelta(minutes=1)
    Ticket.objects.filter(pk=ticket.pk).update(reserved_until=past)
    assert expire_reservations() == 1


def test_a_reservation_that_ran_out_while_typing_loses_no_word_and_no_work(
    house: House, held: Ticket, as_: As
) -> None:
    ada, form = as_(house.ada), verdict_of(held)
    run_out(held)
    taken = take_next(house.team, house.ben)
    assert taken is not None
    assert taken.pk == held.pk
    answer = ada.post(act_on(held, "decide"), form)
    assert answer.status_code == 409
    assert WHY in answer.content.decode()
    assert Draft.objects.get(ticket=held, author=house.ada).fields["rationale"] == WHY
    assert ada.post(act_on(held, "renew"), HTTP_ACCEPT="application/json").status_code == 409
    for verb, typed in (("skip", {"note": "No."}), ("hand_over", {"to": house.lead.pk})):
        refused = ada.post(act_on(held, verb), {**typed, "version": form["version"]})
        assert refused.status_code == 409, verb
    now = Ticket.objects.get(pk=held.pk)
    assert (now.state, now.reserved_by) == (TicketState.IN_REVIEW, house.ben)
    assert not Verdict.objects.filter(ticket=held).exists()
    assert verify_history().first_bad is None


def test_whatever_a_person_does_on_the_page_renews_the_hold(
    house: House, held: Ticket, as_: As
) -> None:
    """Without scripts, too; what others do on it renews nothing."""
    soon = timezone.now() + timedelta(minutes=2)

    def left(person: Any, verb: str, typed: dict[str, Any]) -> timedelta:
        Ticket.objects.filter(pk=held.pk).update(reserved_until=soon)
        assert as_(person).post(act_on(held, verb), typed).status_code == 302
        until = Ticket.objects.get(pk=held.pk).reserved_until
        assert until is not None
        return until - soon

    assert left(house.ada, "comment", {"text": "Which year?"}) > timedelta(minutes=30)
    assert left(house.ben, "comment", {"text": "2023."}) == timedelta()


def test_control_an_unguarded_save_takes_the_ticket_from_the_next_one(
    house: House, held: Ticket
) -> None:
    stale = Ticket.objects.get(pk=held.pk)
    run_out(held)
    take_next(house.team, house.ben)
    stale.priority = 7
    stale.save()
    assert Ticket.objects.get(pk=held.pk).reserved_by == house.ada, "and Ben's hold is gone"


@pytest.mark.parametrize("verb", ["decide", "draft", "skip", "hand_over", "comment", "here"])
def test_a_member_removed_in_the_middle_is_a_stranger_at_once(
    house: House, held: Ticket, as_: As, verb: str
) -> None:
    ada = as_(house.ada)
    typed: dict[str, Any] = {**verdict_of(held), "note": "x", "to": house.ben.pk, "text": "x"}
    assert ada.post(act_on(held, "draft"), typed).status_code == 200
    house.ada.memberships.all().delete()
    assert ada.post(act_on(held, verb), typed).status_code == 404
    assert ada.get(page_of(held)).status_code == 404
    assert Draft.objects.get(ticket=held).fields["rationale"] == WHY
    assert expire_reservations() == 1
    assert take_next(house.team, house.ben) is not None


def test_of_two_who_pass_it_on_with_the_same_form_the_second_is_told(
    house: House, held: Ticket
) -> None:
    seen = Ticket.objects.select_related("team").get(pk=held.pk)
    hand_over(seen, house.ben, by=house.ada, note="Yours.")
    with pytest.raises(TicketMoved):
        skip_ticket(seen, house.ada, reason="Not my field.")
    assert Ticket.objects.get(pk=held.pk).assigned_to == house.ben
