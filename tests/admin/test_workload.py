"""A lead sees who has what; previews of rules show before anything is kept."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from claims.models import AssignmentRule, PriorityRule, Ticket
from claims.workflow.assign import assign_ticket
from tests.admin.addresses import body_of
from tests.admin.conftest import LogIn
from tests.admin.test_teams import posted_form, team_address
from tests.admin.ticket.rows import make_ready
from tests.admin.world import World

WORKLOAD = "admin:claims_ticket_workload"


def test_a_lead_sees_loads_and_spreads_and_moves_work(world: World, log_in: LogIn) -> None:
    client, team = log_in(world.ada), world.near.team
    address = f"{reverse(WORKLOAD)}?team={team.pk}"
    free = Ticket.objects.filter(team=team, state="ready").count()
    body = body_of(client.get(address))
    assert f"{free} ready and free" in body
    assert "Nothing is stuck" in body
    asked = {"team": team.pk, "act": "spread", "spread": "load", "count": "9"}
    told = body_of(client.post(reverse(WORKLOAD), asked, follow=True))
    assert f"{free} given" in told
    assert not Ticket.objects.filter(team=team, state="ready", assigned_to=None).exists()
    ticket = make_ready(team, "It is 8 per cent.")
    assign_ticket(Ticket.objects.get(pk=ticket.pk), world.ben, by=world.ada)
    had = Ticket.objects.filter(assigned_to=world.ben, state="ready").count()
    move = {"team": team.pk, "act": "move", "person": world.ben.pk, "to": world.ada.pk}
    assert f"{had} moved from Ben Okafor to Ada Brightwell" in body_of(
        client.post(reverse(WORKLOAD), move, follow=True)
    )
    assert not Ticket.objects.filter(assigned_to=world.ben, state="ready").exists()


@pytest.mark.parametrize("count", ["0", "201", "x", ""])
def test_a_number_that_is_none_is_told_at_its_field(
    world: World, log_in: LogIn, count: str
) -> None:
    asked = {"team": world.near.team.pk, "act": "spread", "spread": "turn", "count": count}
    answer = log_in(world.ada).post(reverse(WORKLOAD), asked)
    assert answer.status_code == 422
    assert 'id="err-count"' in body_of(answer)


def test_nothing_is_given_for_a_team_that_is_not_ones_own(world: World, log_in: LogIn) -> None:
    asked = {"team": world.far.team.pk, "act": "spread", "spread": "load", "count": "9"}
    for name in (WORKLOAD, "admin:claims_ticket_rate"):
        assert log_in(world.ada).post(reverse(name), asked).status_code == 404
    assert not Ticket.objects.filter(assigned_to__isnull=False).exists()


def test_a_lead_writes_rules_in_the_admin_and_sees_what_they_change(
    world: World, log_in: LogIn
) -> None:
    client, team = log_in(world.ada), world.near.team
    address = team_address(team)
    data: dict[str, Any] = posted_form(client, address) | {
        "weekdays": ["1", "2", "7"],
        "priority_rules-TOTAL_FORMS": 1,
        "priority_rules-0-name": "Harm",
        "priority_rules-0-factor": "harm",
        "priority_rules-0-level": 1,
        "priority_rules-0-words": "exports",
        "priority_rules-0-points": 88,
        "priority_rules-0-is_on": "on",
        "service_levels-TOTAL_FORMS": 1,
        "service_levels-0-from_priority": 80,
        "service_levels-0-working_days": 2,
        "holidays-TOTAL_FORMS": 1,
        "holidays-0-day": "0000-01-01",
    }
    refused = client.post(address, data)
    assert refused.status_code == 200
    assert "Write a day as" in body_of(refused)
    data["priority_rules-0-words"] = ""
    assert "Name the words that stand for harm" in body_of(client.post(address, data))
    data |= {"priority_rules-0-words": "exports", "holidays-0-day": "2026-12-25"}
    assert client.post(address, data).status_code == 302
    team.refresh_from_db()
    assert team.weekdays == [1, 2, 7]
    rate = f"{reverse('admin:claims_ticket_rate')}?team={team.pk}"
    page = client.get(rate)
    changed = {change.ticket.pk: change.priority for change in page.context["changes"]}
    assert changed[world.near.ticket.pk] == 88
    assert Ticket.objects.get(pk=world.near.ticket.pk).priority != 88
    client.post(rate, {"team": team.pk})
    rated = Ticket.objects.get(pk=world.near.ticket.pk)
    assert rated.priority == 88
    assert rated.due_on is not None
    assert PriorityRule.objects.get().points == 88


def test_a_rule_is_previewed_before_it_is_kept(world: World, log_in: LogIn) -> None:
    client = log_in(world.ada)
    typed = {
        "team": world.near.team.pk,
        "name": "Trade",
        "words": "EXPORTS fell",
        "site": "https://Gazette.example/",
        "tag": " Trade ",
        "given_to": "ben",
        "is_on": "on",
    }
    preview = reverse("admin:claims_assignmentrule_preview")
    seen = client.post(preview, typed)
    assert seen.status_code == 200
    assert f"Ticket {world.near.ticket.pk}" in body_of(seen)
    assert "1 of the 2 newest" in body_of(seen)
    assert AssignmentRule.objects.filter(name="Trade").count() == 0
    assert client.post(reverse("admin:claims_assignmentrule_add"), typed).status_code == 302
    rule = AssignmentRule.objects.get(name="Trade")
    assert (rule.tag, rule.site, rule.assignee) == ("trade", "gazette.example", world.ben)
    address = reverse("admin:claims_assignmentrule_change", args=[rule.pk])
    assert "1 of the 2 newest" in body_of(client.get(address))
    assert 'name="words"' not in body_of(log_in(world.dan).get(address))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"tag": "a"}, "Say which tickets"),
        ({"words": "salt"}, "Say what follows"),
        ({"words": "…", "tag": "a"}, "There is no word in this."),
        ({"site": "not a site", "tag": "a"}, "Type a host such as example.org."),
        ({"words": "salt", "given_to": "dan"}, "No reviewer of this team"),
        ({"words": "salt", "given_to": "finn-KXQJVZ"}, "No reviewer of this team"),
    ],
)
def test_a_rule_that_means_nothing_is_told_at_its_field(
    world: World, log_in: LogIn, typed: dict[str, str], said: str
) -> None:
    posted = {"team": world.near.team.pk, "name": "Trade", **typed}
    client = log_in(world.ada)
    for address, status in (
        (reverse("admin:claims_assignmentrule_add"), 200),
        (reverse("admin:claims_assignmentrule_preview"), 422),
    ):
        answer = client.post(address, posted)
        assert answer.status_code == status
        assert said in body_of(answer)
