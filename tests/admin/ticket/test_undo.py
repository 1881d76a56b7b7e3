"""A bulk act is undone ticket by ticket; what somebody changed since stays."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from claims.admin.ticket_bulk import BULK_ACTS
from claims.admin.undoing import KEY, UNDOABLE_SECONDS, UNDOINGS
from claims.models import Membership, Notice, ServiceLevel, Ticket, TicketEvent, TicketTag
from claims.models.history import TicketMoved
from claims.workflow.assign import assign_ticket, release_ticket, renew_reservation, take_ticket
from claims.workflow.recheck import verify_history
from claims.workflow.reopen import reopen_ticket
from claims.workflow.tag import set_tags
from tests.admin.ticket.conftest import As
from tests.admin.ticket.rows import House, make_house, make_ready
from tests.people import ready_one
from tests.together import meet_once, run_together

SALT = "The port of Lisbon handled 48,000 tonnes of salt in 2023."
AGAIN = "In 2023 the port of Lisbon handled 48,000 tonnes of salt."
OTHER = "The port of Lisbon handled 84,000 tonnes of salt in 2023."
LIST = "/admin/claims/ticket/"
UNDO = "/admin/claims/ticket/undo/"
GIVE = "/admin/claims/ticket/give-out/"
WORKLOAD = "/admin/claims/ticket/workload/"


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


def test_after_an_hour_a_bulk_act_stands(house: House, as_: As) -> None:
    ticket, lead = make_ready(house.team), as_(house.lead)
    assign_all(lead, [ticket], house.ben)
    session = lead.session
    session[KEY] = {**session[KEY], "at": session[KEY]["at"] - UNDOABLE_SECONDS - 1}
    session.save()
    assert UNDO not in lead.get(LIST).content.decode()
    assert "nothing to undo" in undo(lead)
    assert Ticket.objects.get(pk=ticket.pk).assigned_to == house.ben


def act_on_all(client: Any, name: str, tickets: list[Ticket], **fields: str) -> Any:
    """The action of the list, with what it asks for."""
    form = {"action": name, "_selected_action": [ticket.pk for ticket in tickets], "apply": "1"}
    return client.post(LIST, {**form, **fields})


def read_back(tickets: list[Ticket], *names: str) -> list[Any]:
    rows = Ticket.objects.in_bulk([ticket.pk for ticket in tickets])
    return [tuple(getattr(rows[ticket.pk], name) for name in names) for ticket in tickets]


def tags_of(ticket: Ticket) -> list[str]:
    return sorted(TicketTag.objects.filter(ticket=ticket).values_list("tag__name", flat=True))


def undo(client: Any) -> str:
    return str(client.post(UNDO, follow=True).content.decode())


def test_closing_tagging_and_urgency_are_undone(house: House, as_: As) -> None:
    first, second = tickets = [ready_one(house.team), ready_one(house.team)]
    lead = as_(house.lead)
    # Closing: what somebody opened again meanwhile is left alone.
    act_on_all(lead, "close_many", tickets, close_reason="opinion")
    assert read_back(tickets, "state", "close_reason") == [("closed", "opinion")] * 2
    reopen_ticket(Ticket.objects.get(pk=second.pk), by=house.ada, note="It is none.")
    told = undo(lead)
    assert "Undone for 1 of 2; 1 stay as they are" in told
    assert f"Ticket {second.pk} stays: Ada Okafor was first" in told
    assert read_back(tickets, "state", "close_reason") == [("ready", "")] * 2

    # Tags: those that stood stay, what had them already is not touched.
    set_tags(Ticket.objects.get(pk=first.pk), ["trade", "old"], by=house.lead)
    set_tags(Ticket.objects.get(pk=second.pk), ["trade"], by=house.lead)
    refused = act_on_all(lead, "tag_many", tickets, way="on", tags=" , ")
    assert "Write at least one tag." in refused.content.decode()
    act_on_all(lead, "tag_many", tickets, way="on", tags="Trade, old")
    assert tags_of(second) == ["old", "trade"]
    assert "1 ticket with trade, old" in lead.get(LIST).content.decode()
    assert "Undone for 1 of 1." in undo(lead)
    assert (tags_of(first), tags_of(second)) == (["old", "trade"], ["trade"])
    act_on_all(lead, "tag_many", tickets, way="off", tags="trade")
    assert (tags_of(first), tags_of(second)) == (["old"], [])
    assert "Undone for 2 of 2." in undo(lead)
    assert (tags_of(first), tags_of(second)) == (["old", "trade"], ["trade"])

    # Urgency: exactly what it was, whatever the rules say now.
    ServiceLevel.objects.create(team=house.team, from_priority=50, working_days=3)
    before = read_back(tickets, "priority", "is_priority_set", "due_on", "is_due_set", "notice_on")
    refused = act_on_all(lead, "priority_many", tickets, priority="101")
    assert "whole number from 0" in refused.content.decode()
    act_on_all(lead, "priority_many", tickets, priority="90")
    changed = read_back(tickets, "priority", "is_priority_set")
    assert changed == [(90, True)] * 2
    assert Ticket.objects.filter(due_on=None).count() == 0
    assert "Undone for 2 of 2." in undo(lead)
    day = timezone.now().date() + timedelta(days=9)
    act_on_all(lead, "due_many", tickets, due_on=day.isoformat())
    assert read_back(tickets, "due_on", "is_due_set") == [(day, True)] * 2
    assert "Undone for 2 of 2." in undo(lead)
    now = read_back(tickets, "priority", "is_priority_set", "due_on", "is_due_set", "notice_on")
    assert now == before
    assert verify_history().first_bad is None


def test_merging_many_is_undone_and_the_guard_holds(house: House, as_: As) -> None:
    kept, same, other = (ready_one(house.team, text) for text in (SALT, AGAIN, OTHER))
    lead, tickets = as_(house.lead), [same, other, kept]
    asked = lead.post(
        LIST, {"action": "merge_many", "_selected_action": [ticket.pk for ticket in tickets]}
    ).content.decode()
    assert f"They are merged into ticket {kept.pk}" in asked
    told = act_on_all(lead, "merge_many", [kept]) and lead.get(LIST).content.decode()
    assert "Tick at least two tickets" in told
    act_on_all(lead, "merge_many", tickets)
    told = lead.get(LIST).content.decode()
    assert f"Ticket {other.pk}: These are not the same claim" in told
    assert f"1 ticket merged into ticket {kept.pk}" in told
    assert read_back(tickets, "state") == [("closed",), ("ready",), ("ready",)]
    assert "Undone for 1 of 1." in undo(lead)
    assert read_back(tickets, "state") == [("ready",)] * 3
    assert TicketEvent.objects.filter(ticket=kept, action="match_split").count() == 1
    assert "nothing to undo" in undo(lead)
    assert verify_history().first_bad is None


def test_nobody_else_acts_on_many(house: House, as_: As) -> None:
    tickets = [ready_one(house.team, SALT), ready_one(house.team, AGAIN)]
    names = ("state", "version", "assigned_to_id", "priority")
    before = read_back(tickets, *names)
    fields = {
        "assignee": str(house.ben.pk),
        "close_reason": "opinion",
        "way": "on",
        "tags": "x",
        "note": "x",
    }
    for person in (house.ada, house.dan, house.eve):
        for name in BULK_ACTS:
            act_on_all(as_(person), name, tickets, priority="1", due_on="2999-01-01", **fields)
    assert read_back(tickets, *names) == before
    assert not TicketTag.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_guarded", [True, False])
def test_two_undos_at_once_undo_once(is_guarded: bool) -> None:
    house = make_house()
    ticket = assign_ticket(ready_one(house.team), house.ben, by=house.lead)
    meet = meet_once(2)

    def take_back(number: int) -> bool:
        del number
        row = Ticket.objects.select_related("team").get(pk=ticket.pk)
        meet()
        if not is_guarded:
            # The control trusts what it loaded and asks for no version.
            Ticket.objects.filter(pk=row.pk).update(assigned_to=None)
            return True
        with suppress(TicketMoved):
            UNDOINGS["give"](row, None, ticket.version, house.lead)
            return True
        return False

    assert sum(run_together(2, take_back)) == (1 if is_guarded else 2)
    assert Ticket.objects.get(pk=ticket.pk).assigned_to is None


def test_what_was_given_out_spread_and_moved_goes_back(house: House, as_: As) -> None:
    lead, team = as_(house.lead), house.team
    tickets = [make_ready(team, f"It is {n} tonnes.") for n in (3, 4, 5)]
    holders = ("assigned_to", "reserved_by", "state")
    free = [(None, None, "ready")] * 3
    with_ben = [(house.ben, None, "ready")] * 3
    give = {"team": team.pk, "person": house.ben.pk, "count": "3"}
    lead.post(GIVE, give)
    assert read_back(tickets, *holders) == with_ben
    assert f"3 tickets given to {house.ben.get_full_name()}" in lead.get(GIVE).content.decode()
    told = lead.post(UNDO, follow=True)
    assert told.redirect_chain[-1][0] == GIVE
    assert "Undone for 3 of 3" in told.content.decode()
    assert read_back(tickets, *holders) == free
    # Reserved for oneself at once; one had been given to oneself before.
    assign_ticket(Ticket.objects.get(pk=tickets[0].pk), house.lead, by=house.lead)
    lead.post(GIVE, {**give, "person": house.lead.pk, "now": "on"})
    mine = [(None, house.lead, "in_review")] * 2
    assert read_back(tickets, *holders) == [(house.lead, house.lead, "in_review"), *mine]
    lead.post(UNDO)
    assert read_back(tickets, *holders) == [(house.lead, None, "ready"), *free[1:]]
    assign_ticket(Ticket.objects.get(pk=tickets[0].pk), None, by=house.lead)
    # Spread: one is begun by whom it was given to, and stays there.
    lead.post(WORKLOAD, {"team": team.pk, "act": "spread", "spread": "load", "count": "3"})
    begun = Ticket.objects.filter(assigned_to__isnull=False, team=team).earliest("pk")
    assert begun.assigned_to is not None
    take_ticket(begun, begun.assigned_to)
    told = lead.post(UNDO, follow=True).content.decode()
    assert "Undone for 2 of 3; 1 stay as they are" in told
    assert f"Ticket {begun.pk} stays: " in told
    assert [one[0] for one in read_back(tickets, *holders)].count(None) == 2
    release_ticket(Ticket.objects.get(pk=begun.pk), begun.assigned_to)
    assign_all(lead, tickets, house.ben)
    # Moved on from somebody who is away, what was in review too: who worked on it has it again.
    take_ticket(Ticket.objects.get(pk=tickets[0].pk), house.ben)
    house.ben.memberships.update(away_from="2000-01-01", limit=1)
    lead.post(
        WORKLOAD,
        {"team": team.pk, "act": "move", "person": house.ben.pk, "to": "queue", "all": "1"},
    )
    assert read_back(tickets, *holders) == free
    assert "Undone for 3 of 3" in lead.post(UNDO, follow=True).content.decode()
    assert read_back(tickets, *holders) == [(house.ben, house.ben, "in_review"), *with_ben[1:]]
    again = Ticket.objects.get(pk=tickets[0].pk)
    assert renew_reservation(again, house.ben)
    line = TicketEvent.objects.filter(ticket=again).latest("sequence")
    assert (line.actor, line.note) == (house.lead, "A bulk act was undone.")
    assert line.changes == {"reserved_by": [None, "ben"]}
    assert verify_history().first_bad is None


def test_work_that_was_moved_or_closed_is_in_review_again_unless_somebody_was_there(
    house: House, as_: As
) -> None:
    """To a colleague or the queue, and closed: undone it stands as it stood."""
    lead = as_(house.lead)
    tickets = [make_ready(house.team, f"It is {n} tonnes.") for n in (3, 4)]
    for ticket in tickets:
        take_ticket(ticket, house.ben)
    moved = {"team": house.team.pk, "act": "move", "person": house.ben.pk, "all": "1"}
    held = [(None, house.ben, "in_review")] * 2
    names = ("assigned_to", "reserved_by", "state")

    def told() -> list[tuple[str, str]]:
        """Who was told what since, oldest first."""
        rows = Notice.objects.filter(read_at=None).order_by("id")
        found = [(one.person.username, f"{one.kind}: {one.told}") for one in rows]
        rows.update(read_at=timezone.now())
        return found

    lead.post(WORKLOAD, {**moved, "to": house.ada.pk})
    assert read_back(tickets, *names) == [(house.ada, None, "ready")] * 2
    gone = "taken_away: 2 tickets were taken from you. It is with"
    assert told() == [
        ("ada", "given: 2 tickets were given to you."),
        ("ben", f"{gone} {house.ada.get_full_name()} now."),
    ]
    lead.post(UNDO)
    assert read_back(tickets, *names) == held
    undone = "A bulk act was undone."
    back = f"taken_away: It is with Ben Varga now. {undone}"
    assert told() == [("ben", f"given: {undone}"), ("ada", back)] * 2
    act_on_all(lead, "close_many", tickets, close_reason="opinion", note="Taste.")
    assert told() == [("ben", "taken_away: It was closed. Taste.")] * 2
    lead.post(UNDO)
    assert read_back(tickets, *names) == held
    # Somebody begins meanwhile with what went to the queue: there it stays.
    lead.post(WORKLOAD, {**moved, "to": "queue"})
    take_ticket(Ticket.objects.get(pk=tickets[0].pk), house.ada)
    assert "Undone for 1 of 2; 1 stay" in lead.post(UNDO, follow=True).content.decode()
    assert read_back(tickets, *names) == [(None, house.ada, "in_review"), held[1]]
    # Whoever reviews here no longer gets nothing back; what was closed is open all the same.
    lead.post(WORKLOAD, {**moved, "to": "queue"})
    Membership.objects.filter(user=house.ben).update(role="contributor")
    assert "reviews here no longer" in lead.post(UNDO, follow=True).content.decode()
    assert read_back(tickets[1:], *names) == [(None, None, "ready")]
    act_on_all(lead, "close_many", tickets[:1], close_reason="opinion")
    Membership.objects.filter(user=house.ada).update(role="contributor")
    lead.post(UNDO)
    assert read_back(tickets[:1], *names) == [(None, None, "ready")]
    assert verify_history().first_bad is None


def test_tickets_go_back_to_the_queue_with_a_note(house: House, as_: As) -> None:
    lead = as_(house.lead)
    held, given, free = (make_ready(house.team, f"It is {n} tonnes.") for n in (3, 4, 5))
    take_ticket(held, house.ben)
    assign_ticket(given, house.ben, by=house.lead)
    tickets = [held, given, free]
    asked = act_on_all(lead, "return_many", tickets).content.decode()
    assert "Say in a few words why." in asked
    told = lead.get(act_on_all(lead, "return_many", tickets, note="Ben is ill.").url)
    assert "2 tickets back in the queue." in told.content.decode()
    assert f"Ticket {free.pk}: nobody has it" in told.content.decode()
    nobodys = [(None, None, "ready")] * 3
    assert read_back(tickets, "assigned_to", "reserved_by", "state") == nobodys
    notes = TicketEvent.objects.filter(ticket__in=tickets, note="Ben is ill.").order_by("ticket")
    assert [one.changes for one in notes] == [
        {"reserved_by": ["ben", None]},
        {"assigned_to": ["ben", None]},
    ]
    lead.post(UNDO)
    had = read_back(tickets, "assigned_to", "reserved_by", "state")
    assert had == [(None, house.ben, "in_review"), (house.ben, None, "ready"), nobodys[0]]
