"""Rules and members: leads edit their own, nobody is listed, and no save is lost."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from claims.models import Membership, RatingScale, Team
from claims.vocabulary import Role
from tests.admin.addresses import body_of
from tests.admin.conftest import LogIn
from tests.admin.ticket.rows import make_person
from tests.admin.world import World


def posted_form(client: Any, address: str) -> dict[str, Any]:
    """What a browser would send back from the page as it was opened."""
    response = client.get(address)
    form = response.context["adminform"].form
    data = {name: form[name].value() for name in form.fields}
    for inline in response.context["inline_admin_formsets"]:
        formset = inline.formset
        management = formset.management_form
        data |= {
            management.add_prefix(name): management[name].value() for name in management.fields
        }
        for row in formset.forms:
            data |= {row.add_prefix(name): row[name].value() for name in row.fields}
    return {
        name: "" if value is None else value for name, value in data.items() if value is not False
    }


def team_address(team: Team) -> str:
    return reverse("admin:claims_team_change", args=[team.pk])


def test_a_lead_changes_the_rules(world: World, log_in: LogIn) -> None:
    client, address = log_in(world.ada), team_address(world.near.team)
    data = posted_form(client, address) | {"ticket_cap": 7, "claim_threshold": "0.65"}
    assert client.post(address, data).status_code == 302
    team = Team.objects.get(pk=world.near.team.pk)
    assert (team.ticket_cap, team.claim_threshold) == (7, 0.65)


@pytest.mark.parametrize("who", ["ben", "dan"])
def test_others_only_look(world: World, log_in: LogIn, who: str) -> None:
    client, address = log_in(getattr(world, who)), team_address(world.near.team)
    body = body_of(client.get(address))
    assert "Ada Brightwell" in body
    assert 'name="ticket_cap"' not in body
    assert client.post(address, {"ticket_cap": 7}).status_code == 403


def test_of_two_leads_the_second_is_told_and_keeps_what_was_typed(
    world: World, log_in: LogIn
) -> None:
    cora = make_person("cora", "Cora Second", world.near.team, Role.LEAD)
    address = team_address(world.near.team)
    first, second = log_in(world.ada), log_in(cora)
    hers, mine = posted_form(first, address), posted_form(second, address)
    assert first.post(address, hers | {"ticket_cap": 7}).status_code == 302
    response = second.post(address, mine | {"ticket_cap": 99})
    body = body_of(response)
    assert Team.objects.get(pk=world.near.team.pk).ticket_cap == 7
    assert "Ada Brightwell saved this at" in body
    assert "Ticket cap is now “7”" in body
    assert 'value="99"' in body
    # Told of it, the second may replace it on purpose.
    seen = response.context["adminform"].form["seen"].value()
    assert second.post(address, mine | {"ticket_cap": 99, "seen": seen}).status_code == 302
    assert Team.objects.get(pk=world.near.team.pk).ticket_cap == 99


def test_of_two_leads_on_one_member_the_second_is_told(world: World, log_in: LogIn) -> None:
    cora = make_person("cora", "Cora Second", world.near.team, Role.LEAD)
    address = team_address(world.near.team)
    first, second = log_in(world.ada), log_in(cora)
    hers, mine = posted_form(first, address), posted_form(second, address)
    row = next(key for key, value in hers.items() if value == "dan").removesuffix("-username")
    assert first.post(address, hers | {f"{row}-role": "reviewer"}).status_code == 302
    assert second.post(address, mine | {f"{row}-role": "lead"}).status_code == 200
    assert Membership.objects.get(user=world.dan).role == Role.REVIEWER


def test_a_member_is_added_by_user_name_and_nobody_is_listed(world: World, log_in: LogIn) -> None:
    newcomer = make_person("newcomer", "Nora New")
    client, address = log_in(world.ada), team_address(world.near.team)
    data = posted_form(client, address)
    assert "newcomer" not in body_of(client.get(address))
    count = int(data["memberships-TOTAL_FORMS"])
    added = {
        "memberships-TOTAL_FORMS": count + 1,
        f"memberships-{count}-username": "newcomer",
        f"memberships-{count}-role": "reviewer",
    }
    wrong = client.post(address, data | added | {f"memberships-{count}-username": "nobody"})
    assert "Nobody signs in by this name" in body_of(wrong)
    assert client.post(address, data | added).status_code == 302
    assert Membership.objects.get(user=newcomer).team == world.near.team


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"role": "admin"}, "Only an admin makes admins"),
        ({"role": "contributor"}, "at least one lead"),
        ({"DELETE": "on"}, "at least one lead"),
    ],
)
def test_a_lead_cannot_climb_or_leave_a_team_without_one(
    world: World, log_in: LogIn, change: dict[str, str], says: str
) -> None:
    client, address = log_in(world.ada), team_address(world.near.team)
    data = posted_form(client, address)
    row = next(key for key, value in data.items() if value == "ada").removesuffix("-username")
    data |= {f"{row}-{name}": value for name, value in change.items()}
    assert says in body_of(client.post(address, data))
    assert Membership.objects.get(user=world.ada).role == Role.LEAD


def test_a_lead_neither_lowers_nor_removes_an_admin(world: World, log_in: LogIn) -> None:
    make_person("zoe", "Zoe Admin", world.near.team, Role.ADMIN)
    client, address = log_in(world.ada), team_address(world.near.team)
    data = posted_form(client, address)
    row = next(key for key, value in data.items() if value == "zoe").removesuffix("-username")
    for change in ({f"{row}-role": "reviewer"}, {f"{row}-DELETE": "on"}):
        assert "changes or removes an admin" in body_of(client.post(address, data | change))
    assert Membership.objects.get(user__username="zoe").role == Role.ADMIN
    # An admin beside the lead is no hindrance to what the lead may do.
    assert client.post(address, data | {"ticket_cap": 7}).status_code == 302


def test_a_member_whom_another_lead_added_meanwhile_is_told_at_the_field(
    world: World, log_in: LogIn
) -> None:
    client, address = log_in(world.ada), team_address(world.near.team)
    data = posted_form(client, address)
    make_person("newcomer", "Nora New", world.near.team, Role.CONTRIBUTOR)
    count = int(data["memberships-TOTAL_FORMS"])
    added = {
        "memberships-TOTAL_FORMS": count + 1,
        f"memberships-{count}-username": "newcomer",
        f"memberships-{count}-role": "reviewer",
    }
    response = client.post(address, data | added)
    assert response.status_code == 200
    assert "is a member already" in body_of(response)
    assert Membership.objects.get(user__username="newcomer").role == Role.CONTRIBUTOR


def test_a_row_of_another_team_or_a_removed_one_stands_for_no_lead(
    world: World, log_in: LogIn
) -> None:
    client, address = log_in(world.ada), team_address(world.near.team)
    data = posted_form(client, address)
    foreign = Membership.objects.get(user=world.eve)
    row = next(key for key, value in data.items() if value == "dan").removesuffix("-username")
    own = next(key for key, value in data.items() if value == "ada").removesuffix("-username")
    forged = {f"{row}-id": foreign.pk, f"{row}-role": "lead", f"{own}-role": "contributor"}
    body = body_of(client.post(address, data | forged))
    assert "removed a member while you were editing" in body
    assert Membership.objects.get(user=world.ada).role == Role.LEAD
    foreign.refresh_from_db()
    assert (foreign.team, foreign.role) == (world.far.team, Role.REVIEWER)


def test_an_admin_of_one_team_leaves_the_scale_of_another_alone(
    world: World, log_in: LogIn
) -> None:
    zoe = make_person("zoe", "Zoe Admin", world.near.team, Role.ADMIN)
    client = log_in(zoe)
    shared = reverse("admin:claims_ratingscale_change", args=[world.scale.pk])
    assert client.post(shared, {"name": "Mine", "slug": "mine"}).status_code == 403
    assert "Mine" not in RatingScale.objects.values_list("name", flat=True)
    own = RatingScale.objects.create(name="Own steps", slug="own-steps")
    Team.objects.filter(pk=world.near.team.pk).update(scale=own)
    address = reverse("admin:claims_ratingscale_change", args=[own.pk])
    data = posted_form(client, address) | {"description": "Ours alone."}
    assert client.post(address, data).status_code == 302
    assert RatingScale.objects.get(pk=own.pk).description == "Ours alone."


def test_a_scale_is_an_admins_to_change(world: World, log_in: LogIn) -> None:
    address = reverse("admin:claims_ratingscale_change", args=[world.scale.pk])
    assert log_in(world.ada).post(address, {"name": "Mine"}).status_code == 403
    client = log_in(world.boss)
    data = posted_form(client, address) | {"description": "Five plain steps."}
    assert client.post(address, data).status_code == 302
    assert RatingScale.objects.get(pk=world.scale.pk).description == "Five plain steps."


def test_a_source_is_typed_by_a_reviewer_of_its_team(world: World, log_in: LogIn) -> None:
    address = reverse("admin:claims_source_change", args=[world.near.source.pk])
    client = log_in(world.ben)
    data = posted_form(client, address) | {"type": "official"}
    assert client.post(address, data).status_code == 302
    assert log_in(world.dan).post(address, data).status_code == 403
