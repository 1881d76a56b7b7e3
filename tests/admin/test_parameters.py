"""Nothing is learned or changed by a parameter: filters, lookups, choices, actions, files."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.urls import reverse

from claims.models import Article, Job, Source, Ticket
from claims.vocabulary import JobState
from tests.admin.addresses import LISTS, body_of, list_address
from tests.admin.conftest import LogIn
from tests.admin.world import CANARY, World

ORACLES = (
    "team__id={far}",
    "team__slug__startswith=s",
    "team__name__icontains=KX",
    "claim__team={far}",
    "ticket__team={far}",
    "ticket__claim__text__startswith=M",
    "page__team__name__startswith=S",
    "created_by__password__startswith=s",
    "reviewer__password__startswith=s",
    "pk__in=1,2,3",
    "id__gte=1",
    "text__icontains=KX",
    "rating__label=True",
    "memberships__user=1",
)


@pytest.mark.parametrize("noun", LISTS)
def test_only_declared_filters_filter(world: World, log_in: LogIn, noun: str) -> None:
    client = log_in(world.ada)
    for oracle in ORACLES:
        address = f"{list_address(noun)}?{oracle.format(far=world.far.team.pk)}"
        response = client.get(address)
        assert response.status_code == 400, address


@pytest.mark.parametrize("noun", [noun for noun in LISTS if noun not in ("team", "ratingscale")])
def test_the_team_filter_gives_nothing_of_a_foreign_team(
    world: World, log_in: LogIn, noun: str
) -> None:
    client = log_in(world.ada)
    foreign = client.get(f"{list_address(noun)}?team={world.far.team.pk}")
    missing = client.get(f"{list_address(noun)}?team=999999999")
    garbage = client.get(f"{list_address(noun)}?team=x%00'")
    own = client.get(f"{list_address(noun)}?team={world.near.team.pk}")
    assert [one.context["cl"].result_count for one in (foreign, missing, garbage)] == [0, 0, 0]
    assert own.context["cl"].result_count > 0
    assert CANARY not in body_of(foreign)


@pytest.mark.parametrize("noun", LISTS)
def test_a_filter_with_an_unknown_or_broken_value_filters_nothing(
    world: World, log_in: LogIn, noun: str
) -> None:
    client = log_in(world.ada)
    everything = client.get(list_address(noun)).context["cl"]
    for item in everything.filter_specs:
        if item.parameter_name in ("team", "version"):
            continue
        for value in ("%00", "nothing-of-the-kind", "99999999999999999999", "%ED%A0%80"):
            response = client.get(f"{list_address(noun)}?{item.parameter_name}={value}")
            assert response.status_code == 200, (item.parameter_name, value)
            assert response.context["cl"].result_count == everything.result_count


@pytest.mark.parametrize("noun", ["article", "claim", "page", "snapshot", "search", "verdict"])
def test_a_search_for_the_other_teams_words_finds_nothing(
    world: World, log_in: LogIn, noun: str
) -> None:
    address = f"{list_address(noun)}?q={CANARY}&o=1"
    mine = log_in(world.ada).get(address)
    theirs = log_in(world.boss).get(address)
    assert mine.context["cl"].result_count == 0
    assert theirs.context["cl"].result_count > 0


def test_the_palette_finds_only_ones_own(world: World, log_in: LogIn) -> None:
    address = reverse("admin:search") + "?extended=1&s="
    far = reverse("admin:claims_ticket_change", args=[world.far.ticket.pk])
    near = reverse("admin:claims_ticket_change", args=[world.near.ticket.pk])
    for term in (CANARY, f"%23{world.far.ticket.pk}", str(world.far.ticket.pk), "exports"):
        mine = body_of(log_in(world.ada).get(address + term))
        everywhere = f'{list_address("ticket")}?q={term}"'
        assert mine.count(everywhere) == 1
        assert far not in mine
        assert CANARY not in mine.replace(everywhere, "")
        assert far in body_of(log_in(world.boss).get(address + term))
    assert near in body_of(log_in(world.ada).get(address + "exports"))


@pytest.mark.parametrize("pair", [("claims", "article", "team"), ("claims", "ticket", "claim")])
def test_autocomplete_offers_no_foreign_row(
    world: World, log_in: LogIn, pair: tuple[str, str, str]
) -> None:
    app, model, field = pair
    given = {"app_label": app, "model_name": model, "field_name": field, "term": CANARY}
    response = log_in(world.ada).get(reverse("admin:autocomplete"), given)
    assert CANARY not in body_of(response)


def test_an_export_of_a_foreign_team_is_refused_at_its_field(world: World, log_in: LogIn) -> None:
    address = reverse("admin:claims_export_verdicts")
    response = log_in(world.ada).get(f"{address}?team={world.far.team.pk}")
    assert response.status_code == 400
    assert CANARY not in body_of(response)
    assert "Select a valid choice" in body_of(response) or "valid choice" in body_of(response)


def test_an_action_passes_over_foreign_ids(world: World, log_in: LogIn) -> None:
    posted = {"action": "retry_chosen", ACTION_CHECKBOX_NAME: [world.far.job.pk]}
    log_in(world.ada).post(list_address("job"), posted)
    assert Job.objects.get(pk=world.far.job.pk).state == JobState.FAILED
    posted = {"action": "export_chosen", ACTION_CHECKBOX_NAME: [world.far.verdict.pk]}
    assert CANARY not in body_of(log_in(world.ada).post(list_address("verdict"), posted))


@pytest.mark.parametrize("broken", ["x", "\x00", "-1", "9" * 30, "١٢", ""])
def test_an_action_on_ids_that_cannot_be_changes_nothing(
    world: World, log_in: LogIn, broken: str
) -> None:
    client = log_in(world.ada)
    ticked = [world.near.job.pk, broken]
    posted = {"action": "retry_chosen", ACTION_CHECKBOX_NAME: ticked}
    response = client.post(list_address("job"), posted, follow=True)
    assert "Tick rows of this list" in body_of(response)
    assert Job.objects.get(pk=world.near.job.pk).state == JobState.FAILED
    for noun, action in (("verdict", "export_chosen"), ("ticket", "assign_many")):
        posted = {"action": action, ACTION_CHECKBOX_NAME: ticked}
        assert client.post(list_address(noun), posted).status_code == 302


def test_a_posted_foreign_team_is_not_accepted(world: World, log_in: LogIn) -> None:
    before = Article.objects.count(), Source.objects.count(), Ticket.objects.count()
    client = log_in(world.ada)
    for posted in (
        {"kind": "text", "team": world.far.team.pk, "text": "Output rose by 7 per cent."},
        {"kind": "url", "team": world.far.team.pk, "url": "https://gazette.example/a"},
        {"kind": "claim", "team": world.far.team.pk, "claim": "Output rose by 7 per cent."},
    ):
        response = client.post(reverse("admin:claims_ingest"), posted)
        assert response.status_code == 200
        assert response.context["form"].errors["team"]
    source: dict[str, Any] = {"team": world.far.team.pk, "name": "A", "prefix": "a.example"}
    response = client.post(reverse("admin:claims_source_add"), source | {"type": "media"})
    assert response.context["adminform"].form.errors["team"]
    assert (Article.objects.count(), Source.objects.count(), Ticket.objects.count()) == before


@pytest.mark.parametrize("extra", ["_to_field=slug", "_popup=1&_to_field=team"])
def test_no_column_is_read_through_to_field(world: World, log_in: LogIn, extra: str) -> None:
    address = reverse("admin:claims_team_change", args=[world.far.team.slug])
    assert log_in(world.ada).get(f"{address}?{extra}").status_code in (400, 404)
