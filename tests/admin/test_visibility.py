"""Nobody sees another team: no row, no name, no count, by any address or method."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse

from tests.admin.addresses import (
    LEADS_ONLY,
    LISTS,
    NOUNS,
    body_of,
    common_addresses,
    list_address,
    row_addresses,
)
from tests.admin.conftest import LogIn
from tests.admin.world import CANARY, World

OURS = ("ada", "ben", "dan")
# Addresses of the site that need no rule of ours: Django's own doors and the account.
DJANGO_OWN = {
    "login", "logout", "password_change", "password_change_done", "autocomplete", "jsi18n",
    "view_on_site", "app_list", "search", "index",
}  # fmt: skip


@pytest.mark.parametrize("who", OURS)
def test_no_page_of_mine_holds_a_word_of_the_other_team(
    world: World, log_in: LogIn, who: str
) -> None:
    client = log_in(getattr(world, who))
    for address in [*common_addresses(), *row_addresses(world.near).values()]:
        assert CANARY not in body_of(client.get(address)), address


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("who", OURS)
def test_a_foreign_row_is_not_found_by_any_address(
    world: World, log_in: LogIn, who: str, method: str
) -> None:
    client = log_in(getattr(world, who))
    for name, address in row_addresses(world.far).items():
        response = getattr(client, method)(address)
        assert response.status_code == 404, name
        assert CANARY not in body_of(response), name


def test_the_superuser_sees_both_teams(world: World, log_in: LogIn) -> None:
    client = log_in(world.boss)
    for noun in NOUNS:
        body = body_of(client.get(row_addresses(world.far)[f"{noun} change"]))
        assert CANARY in body, noun


def test_a_member_of_no_team_is_told_so_and_sees_nothing(world: World, log_in: LogIn) -> None:
    client = log_in(world.stranger)
    assert "not a member of a team" in body_of(client.get(reverse("admin:index")))
    for address in common_addresses()[1:]:
        assert client.get(address).status_code == 403, address
    for name, address in row_addresses(world.near).items():
        if name not in ("claim open", "job retry"):
            assert client.get(address).status_code == 404, name


def test_somebody_who_is_not_logged_in_sees_only_the_login(world: World) -> None:
    for address in [*common_addresses(), *row_addresses(world.near).values()]:
        response = Client().get(address)
        assert response.status_code == 302, address
        assert "/admin/login/" in response.url, address


@pytest.mark.parametrize(
    ("who", "allowed"), [("ada", True), ("ben", False), ("dan", False), ("boss", True)]
)
def test_jobs_are_for_leads(world: World, log_in: LogIn, who: str, allowed: bool) -> None:
    client = log_in(getattr(world, who))
    assert (client.get(list_address("job")).status_code == 200) is allowed
    assert (reverse("admin:claims_job_changelist") in body_of(client.get("/admin/"))) is allowed


@pytest.mark.parametrize("who", OURS)
def test_every_other_list_and_page_opens_for_every_member(
    world: World, log_in: LogIn, who: str
) -> None:
    client = log_in(getattr(world, who))
    for noun in set(LISTS) - LEADS_ONLY:
        assert client.get(list_address(noun)).status_code == 200, noun
    for noun in set(NOUNS) - LEADS_ONLY:
        assert client.get(row_addresses(world.near)[f"{noun} change"]).status_code == 200, noun


def test_every_address_of_the_site_has_a_rule() -> None:
    """A new address that no test of the matrix walks fails here."""
    ruled = {f"claims_{noun}_{page}" for noun in LISTS for page in ("changelist", "change",
             "history", "delete", "add")}  # fmt: skip
    ruled |= {"claims_ingest", "claims_export", "claims_export_verdicts", "claims_verdict_listed"}
    ruled |= {"claims_article_state", "claims_claim_open", "claims_job_retry"}
    names = {name for name in _names(admin.site.urls[0]) if name}
    unruled = {
        name
        for name in names - ruled - DJANGO_OWN
        if not name.startswith(("auth_user_", "claims_ticket_"))
    }
    assert unruled == set()


def test_accounts_are_for_superusers(world: World, log_in: LogIn) -> None:
    for who in OURS:
        client = log_in(getattr(world, who))
        assert client.get(reverse("admin:auth_user_changelist")).status_code == 403
        change = reverse("admin:auth_user_change", args=[world.ben.pk])
        assert client.get(change).status_code in (403, 404)
    assert log_in(world.boss).get(reverse("admin:auth_user_changelist")).status_code == 200


def _names(patterns: list[URLPattern | URLResolver]) -> list[str | None]:
    names: list[str | None] = []
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            names += _names(pattern.url_patterns)
        else:
            names.append(pattern.name)
    return names
