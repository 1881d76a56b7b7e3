"""What each role cannot do, asked of the server with a form that would be accepted of another.

The table is the lifecycle's: who may make a move is read from it, so that the
two cannot drift apart. Every refusal leaves all rows as they were.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from claims.lifecycle import LEADS
from claims.models import Evidence, Ticket, Verdict
from claims.models.access import role_of
from claims.vocabulary import Role, TicketState
from claims.workflow.assign import take_ticket
from tests.admin.matrix.acts import RIGHTS, act, form_of
from tests.admin.matrix.conftest import Two, client_of, join
from tests.admin.matrix.rows import digest_rows
from tests.admin.ticket.rows import make_person

Enter = Callable[[str], Client]


def told(response: Any) -> dict[str, Any]:
    """What the page was drawn from."""
    held: dict[str, Any] = response.context_data
    return held


def is_refused(client: Client, address: str, form: dict[str, Any]) -> bool:
    """Refused, and nothing written."""
    with transaction.atomic():
        before = digest_rows()
        status = client.post(address, form).status_code
        is_untouched = digest_rows() == before
        transaction.set_rollback(True)
    return status in (302, 403, 404) and is_untouched and (status != 302 or "list" in address)


@pytest.mark.parametrize("who", ["contributor", "reviewer", "lead"])
def test_what_a_role_may_not_is_refused_by_the_server(two: Two, enter: Enter, who: str) -> None:
    client, role = enter(who), Role(who)
    tickets = (two.far.ticket, two.far.decided)
    refused = {
        verb
        for verb in RIGHTS
        if all(is_refused(client, act(ticket, verb), form_of(ticket)) for ticket in tickets)
    }
    assert {verb for verb, roles in RIGHTS.items() if role not in roles} <= refused
    if role in LEADS:
        assert refused == set()


def test_a_reviewer_neither_publishes_assigns_nor_closes_what_another_holds(
    two: Two, enter: Enter
) -> None:
    take_ticket(two.far.ticket, two.people["lead"])
    client = enter("reviewer")
    form = form_of(two.far.ticket)
    for verb in (
        "release",
        "decide",
        "close",
        "gather",
        "frame",
        "stance",
        "origin",
        "outcome",
        "match",
        "number-strike",
    ):
        before = digest_rows()
        assert client.post(act(two.far.ticket, verb), form).status_code == 409, verb
        after = digest_rows()
        changed = {table for table in before if before[table] != after[table]}
        # A refused verdict is kept as the author's own draft.
        assert changed <= {"claims_draft"}, verb
    for action in ("assign_many", "close_many"):
        chosen = {"action": action, "_selected_action": [two.far.ticket.pk], "apply": "1",
                  "assignee": two.people["reviewer"].pk, "close_reason": "opinion"}  # fmt: skip
        before = digest_rows()
        client.post(reverse("admin:claims_ticket_changelist"), chosen)
        assert digest_rows() == before, action


def test_evidence_of_another_ticket_carries_no_verdict(two: Two, enter: Enter) -> None:
    ticket = two.near.ticket
    take_ticket(ticket, two.people["other_reviewer"])
    client = enter("other_reviewer")
    foreign = Evidence.objects.filter(ticket=two.far.ticket).earliest("pk").pk
    for name in ("evidence", "decisive"):
        form = form_of(ticket) | {name: [foreign]}
        response = client.post(act(ticket, "decide"), form)
        assert response.status_code == 422
        assert "not on this ticket" in response.content.decode()
    assert not Verdict.objects.filter(ticket=ticket).exists()
    assert client.post(act(ticket, "decide"), form_of(ticket)).status_code == 302


def test_a_person_of_two_teams_has_in_each_the_role_of_that_team(two: Two) -> None:
    """Leads here, contributes there: what is allowed here is refused there."""
    person = two.people["other_lead"]
    join(person, two.far, Role.CONTRIBUTOR)
    client = client_of(person)
    assert client.get(act(two.far.ticket, "state")).status_code == 200
    for verb, roles in RIGHTS.items():
        form = form_of(two.far.ticket)
        if Role.CONTRIBUTOR not in roles:
            assert is_refused(client, act(two.far.ticket, verb), form), verb
    for address in (
        reverse("admin:claims_job_change", args=[two.far.job.pk]),
        reverse("admin:claims_job_retry", args=[two.far.job.pk]),
        reverse("admin:claims_team_change", args=[two.far.team.pk]),
        reverse("admin:claims_source_change", args=[two.far.source.pk]),
        reverse("admin:claims_ticket_take_next"),
    ):
        form = {"team": two.far.team.pk, "name": "Mine", "slug": "mine"}
        assert is_refused(client, address, form), address
    new = {"team": two.far.team.pk, "name": "A", "prefix": "a.example", "type": "media"}
    response = client.post(reverse("admin:claims_source_add"), new)
    assert told(response)["adminform"].form.errors["team"]
    listed = told(client.get(reverse("admin:claims_job_changelist")))["cl"].queryset
    assert {job.team_id for job in listed} == {two.near.team.pk}
    chosen = {"action": "close_many", "_selected_action": [two.far.ticket.pk], "apply": "1",
              "close_reason": "opinion"}  # fmt: skip
    client.post(reverse("admin:claims_ticket_changelist"), chosen)
    assert Ticket.objects.get(pk=two.far.ticket.pk).state == TicketState.READY


def test_a_reviewer_elsewhere_is_not_offered_as_one_here(two: Two, enter: Enter) -> None:
    join(two.people["reviewer"], two.near, Role.CONTRIBUTOR)
    chosen = {"action": "assign_many", "_selected_action": [two.near.ticket.pk]}
    body = enter("other_lead").post(reverse("admin:claims_ticket_changelist"), chosen)
    assert two.people["other_reviewer"].get_full_name() in body.content.decode()
    assert two.people["reviewer"].get_full_name() not in body.content.decode()


def test_a_source_does_not_move_to_another_team(two: Two) -> None:
    person = two.people["other_reviewer"]
    join(person, two.far, Role.REVIEWER)
    client = client_of(person)
    address = reverse("admin:claims_source_change", args=[two.far.source.pk])
    seen = told(client.get(address))["adminform"].form["seen"].value()
    form = {"seen": seen, "team": two.near.team.pk, "name": "A", "prefix": "a.example"}
    assert client.post(address, form | {"type": "media"}).status_code == 302
    two.far.source.refresh_from_db()
    assert (two.far.source.name, two.far.source.team) == ("A", two.far.team)


def test_a_published_verdict_is_not_closed_away(two: Two, enter: Enter) -> None:
    """Refused at its field; it was an error page once."""
    lead = enter("lead")
    ticket = two.far.decided
    form = form_of(ticket)
    assert lead.post(act(ticket, "confirm"), form).status_code == 302
    assert lead.post(act(ticket, "publish"), form_of(ticket)).status_code == 302
    assert lead.post(act(ticket, "correct"), form_of(ticket)).status_code == 302
    response = lead.post(act(ticket, "close"), form_of(ticket))
    assert response.status_code == 422
    assert "changes only through a correction" in response.content.decode()
    chosen = {"action": "close_many", "_selected_action": [ticket.pk], "apply": "1",
              "close_reason": "opinion"}  # fmt: skip
    response = lead.post(reverse("admin:claims_ticket_changelist"), chosen)
    assert response.status_code == 302
    assert Ticket.objects.get(pk=ticket.pk).state == TicketState.IN_REVIEW


def test_somebody_with_a_key_to_the_house_and_no_team_may_do_nothing(
    two: Two, enter: Enter
) -> None:
    client = enter("nobody")
    for verb in RIGHTS:
        assert is_refused(client, act(two.far.ticket, verb), form_of(two.far.ticket)), verb
    assert is_refused(client, reverse("admin:claims_ticket_take_next"), {})
    assert role_of(two.people["nobody"], two.far.team) is None


def test_a_superuser_who_was_switched_off_is_nobody(two: Two) -> None:
    boss = make_person("old-boss", "Old Boss")
    boss.is_superuser, boss.is_active = True, False
    boss.save()
    assert role_of(boss, two.far.team) is None
    assert not Ticket.objects.visible_to(boss).exists()
