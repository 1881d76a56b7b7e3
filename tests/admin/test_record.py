"""The house's record: who changed a role or a rule and who took a file, for leads to read."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from claims.models import HouseEvent, Membership
from claims.vocabulary import Role
from claims.workflow.recheck import verify_history
from tests.admin.test_teams import posted_form
from tests.admin.ticket.rows import House, make_house
from tests.commands.running import call

RECORD = "/admin/record/"


@pytest.fixture
def house(db: None) -> House:
    return make_house()


def as_(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def newest() -> tuple[str, str, str, int | None]:
    one = HouseEvent.objects.latest("sequence")
    return one.actor_name, one.action, one.subject, one.team_id


def test_a_role_given_in_the_admin_names_who_gave_it(house: House) -> None:
    page = reverse("admin:claims_team_change", args=[house.team.pk])
    lead = as_(house.lead)
    posted = posted_form(lead, page)
    row = next(key for key, value in posted.items() if value == "ben").removesuffix("-username")
    posted[f"{row}-role"] = Role.LEAD.value
    posted["confirmation"] = "none"
    assert lead.post(page, posted).status_code == 302
    told = [(one.actor_name, one.action, json.loads(one.changes)) for one in
            HouseEvent.objects.order_by("-sequence")[:2]]  # fmt: skip
    assert told == [
        ("Lea Brightwell", "member_changed", {"user": house.ben.pk, "role": ["reviewer", "lead"]}),
        ("Lea Brightwell", "rules_changed", {"confirmation": ["other_reviewer", "none"]}),
    ]
    text = lead.get(RECORD).content.decode()
    assert "role: reviewer → lead" in text
    assert "confirmation: other_reviewer → none" in text
    assert "role: reviewer → lead" in as_(house.boss).get(RECORD).content.decode()
    for person in (house.ada, house.dan, house.eve):
        assert as_(person).get(RECORD).status_code == 403
    Membership.objects.filter(user=house.eve).update(role=Role.LEAD)
    theirs = as_(house.eve).get(RECORD).content.decode()
    assert "role: reviewer → lead" in theirs, "their own line"
    assert "other_reviewer" not in theirs
    assert verify_history().is_sound


def test_every_file_that_leaves_is_a_line(house: House) -> None:
    team, lead = house.team.pk, as_(house.lead)
    for address, file in (
        ("/admin/export/verdicts.csv?versions=all", "verdicts.csv"),
        (f"/admin/export/verdicts.csv?team={team}&cells=raw", "verdicts-raw.csv"),
        ("/admin/claims/verdict/listed.csv?version=all&q=salt", "verdicts.csv"),
        ("/admin/corrections/corrections.csv", "corrections.csv"),
    ):
        begun = HouseEvent.objects.count()
        assert lead.get(address).status_code == 200
        assert newest() == ("Lea Brightwell", "exported", file, team), address
        assert HouseEvent.objects.count() == begun + 1
    assert as_(house.boss).get("/admin/export/verdicts.csv").status_code == 200
    assert newest() == ("Bo Overall", "exported", "verdicts.csv", None)
    begun = HouseEvent.objects.count()
    assert lead.get("/admin/export/verdicts.csv?since=never").status_code == 400
    assert lead.get(f"/admin/export/verdicts.csv?team={house.other.pk}").status_code == 400
    assert HouseEvent.objects.count() == begun, "what was refused left nothing"


@pytest.mark.django_db(transaction=True)
def test_what_the_terminal_exports_is_a_line(capfd: pytest.CaptureFixture[str]) -> None:
    team = make_house().team
    for command in ("export_verdicts", "export_corrections"):
        assert call(command) == 0
        assert newest()[1:] == ("exported", f"{command[7:]}.csv", None)
        assert call(command, "--team", team.slug) == 0
        assert newest()[1:] == ("exported", f"{command[7:]}.csv", team.pk)
    assert json.loads(HouseEvent.objects.latest("sequence").changes)["terminal"]
    capfd.readouterr()
    assert verify_history().is_sound
