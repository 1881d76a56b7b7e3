"""The line below the bar: due day, tags, priority, skipping and handing over, each asked for."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from claims.models import Membership, Notice, Ticket, TicketEvent
from claims.workflow.assign import take_ticket
from tests.admin.ticket.conftest import As
from tests.admin.ticket.rows import House, make_ready


def act(ticket: Ticket, verb: str) -> str:
    return reverse(f"admin:claims_ticket_{verb}", args=[ticket.pk])


def page(ticket: Ticket) -> str:
    return reverse("admin:claims_ticket_change", args=[ticket.pk])


def test_a_day_and_tags_are_set_shown_listed_and_found(house: House, as_: As) -> None:
    ticket, client = make_ready(house.team), as_(house.ben)
    tomorrow = timezone.now().date() + timedelta(days=1)
    assert client.post(act(ticket, "due"), {"due_on": tomorrow.isoformat()}).status_code == 302
    assert client.post(act(ticket, "tags"), {"tags": " Trade, rare  Earths,"}).status_code == 302
    body = client.get(page(ticket)).content.decode()
    assert "Due tomorrow" in body
    assert "<bdi>rare earths</bdi>" in body
    lists = reverse("admin:claims_ticket_changelist")
    assert "Due tomorrow" in client.get(lists).content.decode()
    tag = ticket.taggings.get(tag__name="trade").tag_id
    make_ready(house.team, "Another 7 tonnes.")
    listed = client.get(f"{lists}?tag={tag}").context["cl"].result_list
    assert [one.pk for one in listed] == [ticket.pk]
    Ticket.objects.filter(pk=ticket.pk).update(due_on=tomorrow - timedelta(days=3))
    overdue = client.get(f"{lists}?queue=overdue")
    assert [one.pk for one in overdue.context["cl"].result_list] == [ticket.pk]
    assert "Overdue by 2 days" in overdue.content.decode()


@pytest.mark.parametrize(
    ("verb", "typed", "said"),
    [
        ("due", {"due_on": "0000-00-00"}, "Write a day as 2026-11-30."),
        ("due", {"due_on": "2001-01-01"}, "Choose a day from today on"),
        ("due", {"due_on": "9999-12-31"}, "Choose a day from today on"),
        ("priority", {"priority": "101"}, "Write a whole number from 0"),
        ("priority", {"priority": "९९९९९"}, "Write a whole number from 0"),
        ("skip", {"note": ""}, "Say in a few words why you skip it."),
        ("hand_over", {"to": "987654321"}, "Choose one of the list."),
        ("tags", {"tags": "x," * 400}, "At most ten tags"),
    ],
)
def test_what_cannot_be_kept_is_told_at_its_form_and_stays_in_it(
    house: House, as_: As, verb: str, typed: dict[str, str], said: str
) -> None:
    ticket = take_ticket(make_ready(house.team), house.lead)
    answer = as_(house.lead).post(act(ticket, verb), typed)
    body = answer.content.decode()
    assert answer.status_code == 422
    assert said in body
    work = answer.context["work"]
    assert work.opened == verb
    assert all(work.typed[name] == value for name, value in typed.items())
    assert Ticket.objects.get(pk=ticket.pk).version == ticket.version


def test_the_second_of_two_is_told_who_was_first(house: House, as_: As) -> None:
    ticket = make_ready(house.team)
    seen = {"version": ticket.version}
    assert as_(house.ben).post(act(ticket, "tags"), {"tags": "a", **seen}).status_code == 302
    answer = as_(house.lead).post(act(ticket, "priority"), {"priority": 5, **seen})
    assert answer.status_code == 409
    assert "was first: changed the tags" in answer.content.decode()
    assert answer.context["work"].typed["priority"] == "5"
    assert Ticket.objects.get(pk=ticket.pk).priority != 5


def test_handing_over_offers_colleagues_with_what_keeps_them(house: House, as_: As) -> None:
    ticket = take_ticket(make_ready(house.team), house.ben)
    today = timezone.now().date()
    Membership.objects.filter(user=house.lead).update(away_from=today)
    offered = {one.id: one for one in as_(house.ben).get(page(ticket)).context["work"].colleagues}
    assert house.ben.pk not in offered
    assert not offered[house.lead.pk].is_open
    assert offered[house.lead.pk].load.endswith("away")
    given = as_(house.ben).post(act(ticket, "hand_over"), {"to": house.ada.pk, "note": "Yours."})
    assert given.status_code == 302
    held = Ticket.objects.get(pk=ticket.pk)
    assert (held.assigned_to, held.reserved_by) == (house.ada, None)
    assert TicketEvent.objects.latest("id").note == "Yours."


def test_a_lead_gives_a_ticket_from_its_page_whoever_has_it(house: House, as_: As) -> None:
    ticket, lead = make_ready(house.team), as_(house.lead)

    def give(to: int) -> tuple[int, str, object, object]:
        version = Ticket.objects.get(pk=ticket.pk).version
        answer = lead.post(act(ticket, "hand_over"), {"to": to, "version": version})
        row = Ticket.objects.get(pk=ticket.pk)
        return answer.status_code, row.state, row.assigned_to, row.reserved_by

    body = lead.get(page(ticket)).content.decode()
    assert '<summary class="tk-link">Assign</summary>' in body
    assert "Nobody: back to the team" not in body
    assert give(house.ben.pk) == (302, "ready", house.ben, None)
    shown = lead.get(page(ticket))
    assert "Nobody: back to the team" in shown.content.decode()
    offered = {one.id for one in shown.context["work"].colleagues}
    assert (house.ben.pk in offered, house.lead.pk in offered) == (False, True)
    assert give(0) == (302, "ready", None, None)
    # What somebody works on is given on as well; nobody is no answer there.
    take_ticket(Ticket.objects.get(pk=ticket.pk), house.ben)
    assert '<summary class="tk-link">Hand over</summary>' in lead.get(page(ticket)).content.decode()
    assert give(0)[0] == 422
    assert give(house.lead.pk) == (302, "ready", house.lead, None)
    assert Notice.objects.latest("id").person == house.ben
    # Whoever leads nothing neither sees it nor may do it.
    ben = as_(house.ben)
    assert "hand-over" not in ben.get(page(ticket)).content.decode()
    assert ben.post(act(ticket, "hand_over"), {"to": house.ben.pk}).status_code == 409


def test_take_next_names_what_was_skipped_when_nothing_else_waits(house: House, as_: As) -> None:
    ticket, client = make_ready(house.team), as_(house.ben)
    assert client.post(act(ticket, "skip"), {"note": "Not my field."}).status_code == 302
    told = client.post(reverse("admin:claims_ticket_take_next"), follow=True)
    assert "1 ticket that you skipped waits still" in told.content.decode()
    assert client.post(act(ticket, "take")).status_code == 302
    assert Ticket.objects.get(pk=ticket.pk).reserved_by == house.ben


def test_take_next_of_several_teams_gives_the_most_urgent_of_all(house: House, as_: As) -> None:
    """Whatever the teams are called; what was given to the person comes first, skipped ones not."""
    Membership.objects.create(team=house.other, user=house.ben, role="reviewer")
    ranks = ((house.team, 90), (house.other, 95), (house.other, 40), (house.team, 30))
    first, skipped, given, low = (make_ready(team, f"It is {n} tonnes.") for team, n in ranks)
    for ticket, (_, priority) in zip((first, skipped, given, low), ranks, strict=True):
        Ticket.objects.filter(pk=ticket.pk).update(priority=priority)
    Ticket.objects.filter(pk=given.pk).update(assigned_to=house.ben)
    ben = as_(house.ben)
    assert ben.post(act(skipped, "skip"), {"note": "Not mine."}).status_code == 302
    order = [ben.post(reverse("admin:claims_ticket_take_next")).url for _ in range(4)]
    assert order[:3] == [page(given), page(first), page(low)]
    assert order[3] == reverse("admin:claims_ticket_changelist"), "nothing else waits"
    assert house.other.name > house.team.name, "by their names the other would come last"


def test_the_line_costs_the_same_however_many_tags(house: House, as_: As) -> None:
    ticket = take_ticket(make_ready(house.team), house.ben)
    client, counts = as_(house.ben), []
    for tags in ("", "a", ",".join("abcdefghij")):
        client.post(act(ticket, "tags"), {"tags": tags})
        with CaptureQueriesContext(connection) as asked:
            client.get(page(ticket))
        counts.append(len(asked))
    assert counts[1:] == counts[:-1]
