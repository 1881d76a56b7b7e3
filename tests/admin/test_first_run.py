"""The first run: an empty install leads from the account to the first verdict, step by step."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from claims.models import Team, Ticket
from claims.vocabulary import Role
from claims.workflow.decide import decide_ticket
from claims.workflow.equip import begin_team
from tests.admin.addresses import body_of
from tests.admin.conftest import LogIn
from tests.admin.ticket.rows import make_person, make_ready
from tests.people import a_decision
from tests.together import run_together

MAKE = "/admin/first-team/"


def steps_of(client: Any) -> list[tuple[str, str]]:
    """Each step's title, and how it stands."""
    told = []
    for step in client.get("/admin/").context["steps"]:
        states = {"done": step.is_done, "next": step.is_next, "when you like": step.is_optional}
        told.append((step.title, next((name for name, holds in states.items() if holds), "later")))
    return told


@pytest.mark.django_db
def test_an_empty_install_leads_to_the_first_verdict(log_in: LogIn) -> None:
    boss: Any = make_person("boss", "Bo Overall")
    boss.is_superuser = True
    boss.save()
    client = log_in(boss)
    names = ["Make a team", "Add an article", "Take the next ticket", "Decide"]
    assert steps_of(client) == list(zip(names, ("next", "later", "later", "later"), strict=True))
    for address in ("add/", "add/claims/", "figures/", "claims/ticket/workload/"):
        answer = client.get(f"/admin/{address}")
        assert answer.status_code == 403
        assert "There is no team yet. Make the first one on the home page." in body_of(answer)
    assert client.get(MAKE)["Location"] == "/admin/"
    assert "The team&#x27;s name: This field is required." in body_of(
        client.post(MAKE, {"name": " "}, follow=True)
    )
    assert Team.objects.count() == 0
    assert "Metro desk is there" in body_of(client.post(MAKE, {"name": "Metro desk"}, follow=True))
    team = Team.objects.get()
    assert (team.slug, team.memberships.get().user, team.memberships.get().role) == (
        "metro-desk", boss, Role.ADMIN,
    )  # fmt: skip
    assert "There is a team already." in body_of(client.post(MAKE, {"name": "B"}, follow=True))
    assert Team.objects.count() == 1
    names.insert(1, "Add people, or go on alone")
    states = ["done", "when you like", "next", "later", "later"]
    assert steps_of(client) == list(zip(names, states, strict=True))

    make_ready(team)
    states = ["done", "when you like", "done", "next", "later"]
    assert steps_of(client) == list(zip(names, states, strict=True))
    assert "Paste text</a>" not in body_of(client.get("/admin/")).split("fh-top")[0]
    client.post(reverse("admin:claims_ticket_take_next"), {"team": team.pk})
    states = ["done", "when you like", "done", "done", "next"]
    assert steps_of(client) == list(zip(names, states, strict=True))
    make_person("ben", "Ben Okafor", team, Role.REVIEWER)
    assert "Add people, or go on alone" not in dict(steps_of(client))
    ticket = Ticket.objects.get()
    decide_ticket(ticket, a_decision(ticket, "False"), by=boss, expected_version=ticket.version)
    assert steps_of(client) == []
    assert client.get("/admin/").context["charts"]


@pytest.mark.django_db
def test_only_a_superuser_makes_the_first_team(log_in: LogIn) -> None:
    sam = log_in(make_person("sam", "Sam Nobody"))
    assert sam.post(MAKE, {"name": "Mine"}).status_code == 403
    assert sam.get(MAKE).status_code == 403
    assert not Team.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_several_first_teams_at_once_one_is_made() -> None:
    boss = make_person("boss", "Bo Overall")
    made = run_together(4, lambda number: begin_team(f"Desk {number}", by=boss))
    assert sum(one is not None for one in made) == 1
    assert Team.objects.count() == 1


@pytest.mark.django_db
def test_every_empty_list_says_what_to_do_next(log_in: LogIn) -> None:
    boss: Any = make_person("boss", "Bo Overall")
    boss.is_superuser = True
    boss.save()
    begin_team("Newsdesk", by=boss)
    client = log_in(boss)
    nouns = (
        "ticket", "claim", "article", "page", "snapshot", "search", "source", "verdict", "job",
        "factcheck", "moneytable", "assignmentrule",
    )  # fmt: skip
    queues = ("mine", "waiting", "confirm", "overdue")
    lists = {noun: f"/admin/claims/{noun}/" for noun in nouns}
    lists |= {queue: f"/admin/claims/ticket/?queue={queue}" for queue in queues}
    for name, address in lists.items():
        body = body_of(client.get(address)).split('class="fc-empty"')[1].split("</main>")[0]
        assert body.count("<p>") == 1, name
        assert "fc-button" in body or "by the box above" in body, name
    assert "There is no such queue" in body_of(client.get("/admin/claims/ticket/?queue=%3Cb%3E"))
