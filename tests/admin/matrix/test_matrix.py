"""Every address, asked by everybody, twice: the status is the table's, and no foreign word is told.

The controls walk the same paths over a site that leaves a guard out, and fail.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from django.contrib import admin
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from claims.admin.claim import ClaimAdmin
from claims.admin.filters import TeamFilter
from claims.models import Claim
from tests.admin.matrix.canaries import find_words, list_unplanted, name_words, words_by_field
from tests.admin.matrix.conftest import Two
from tests.admin.matrix.reading import read, read_pages
from tests.admin.matrix.rows import digest_rows
from tests.admin.matrix.rules import WHO, is_as_ruled, list_unruled, read_rules
from tests.admin.matrix.site_without import site_with, use_site
from tests.admin.matrix.walking import Route, ask, list_routes

Enter = Callable[[str], Client]
IS_READ_BEFORE = True
STRANGERS = ("anonymous", "nobody", "other_reviewer", "other_lead")
# Kept and told nowhere on the site: digests that prove a row, and what only an export reads.
UNTOLD = frozenset({
    "Article.canonical_url", "Article.failure_detail", "Article.links", "Article.sha256",
    "Claim.text_sha256", "Page.canonical_url", "Snapshot.body_path", "TicketEvent.previous_digest",
    "User.password", "VerdictEvidence.comparison", "Quantity.period",
    "HouseEvent.previous_digest",
})  # fmt: skip


def walk(
    client: Client, method: str, who: str, two: Two, routes: Iterable[Route]
) -> tuple[list[str], set[str]]:
    """What went against the table for one person, and the foreign words that were told."""
    rules, wrong, told = read_rules(), [], set()
    for route in routes:
        response = ask(client, method, route.fill(two.far), is_undone=method != "get")
        words = find_words(response.told)
        told |= words
        rule = rules.get((method, route.pattern), {}).get(who)
        location = response.headers.get("Location", "")
        if rule and not is_as_ruled(rule, response.status_code, location):
            wrong.append(f"{route.pattern}: {response.status_code} {location}, not {rule}")
        if words and who in STRANGERS:
            wrong.append(f"{route.pattern} tells {name_words(words)}")
    return wrong, told


def test_every_address_of_the_site_has_a_rule() -> None:
    assert list_unruled(list_routes()) == []


def test_no_rule_speaks_of_an_address_that_is_gone() -> None:
    patterns = {route.pattern for route in list_routes()}
    assert {pattern for _, pattern in read_rules()} - patterns == set()


def test_every_text_of_the_other_team_has_its_word(two: Two) -> None:
    assert list_unplanted(two.far) == []
    assert len(words_by_field()) > 80


@pytest.mark.parametrize("who", WHO)
def test_by_get(two: Two, enter: Enter, who: str) -> None:
    before = digest_rows()
    wrong, told = walk(enter(who), "get", who, two, list_routes())
    assert wrong == []
    assert digest_rows() == before, "a GET wrote something"
    if who not in STRANGERS:
        # The words do reach the pages, so their absence elsewhere says something.
        assert len(told) > 60


@pytest.mark.parametrize("who", WHO)
def test_by_post(two: Two, enter: Enter, who: str) -> None:
    wrong, _ = walk(enter(who), "post", who, two, list_routes())
    assert wrong == []


def test_what_a_person_sees_is_the_same_whether_the_other_team_exists_or_not(
    two: Two, enter: Enter
) -> None:
    """No count, no order, no suggestion moves by what another team does."""
    now = read_pages(enter("other_lead"), two.near)
    before = two.before["other_lead"]
    assert [address for address in before if now[address] != before[address]] == []
    assert sum(status == 200 for status, _ in before.values()) > 40


# Controls ---------------------------------------------------------------------------


class LeakyAdmin(ClaimAdmin):
    """Claims as Django would list them: everybody's."""

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return Claim.objects.all()

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True


class TellingFilter(TeamFilter):
    """A filter over every team."""

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        from claims.models import Team

        self.team_path = "team"
        return [(str(team.pk), team.name) for team in Team.objects.all()]


class TellingAdmin(ClaimAdmin):
    """Scoped rows, and a sidebar that is not."""

    list_filter = (TellingFilter,)  # type: ignore[assignment]


class WritingAdmin(ClaimAdmin):
    """A page that notes it was looked at."""

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **more: Any) -> Any:
        Claim.objects.filter(pk=object_id).update(score=0.123)
        return super().change_view(request, object_id, *args, **more)


class WiderAdmin(ClaimAdmin):
    """An address that nobody gave a rule."""

    def get_urls(self) -> list[Any]:
        def show(request: HttpRequest) -> HttpResponse:
            return HttpResponse("new")

        return [path("secret/", self.admin_site.admin_view(show)), *super().get_urls()]


def claim_routes() -> list[Route]:
    return [route for route in list_routes() if route.pattern.startswith("admin/claims/claim/")]


@pytest.mark.parametrize("leaky", [LeakyAdmin, TellingAdmin])
def test_control_an_unscoped_list_is_caught(
    two: Two, enter: Enter, leaky: type[admin.ModelAdmin[Any]]
) -> None:
    with use_site(site_with(leaky)):
        wrong, told = walk(enter("other_lead"), "get", "other_lead", two, claim_routes())
    words = words_by_field()
    expected = "Team.name" if leaky is TellingAdmin else "Claim.text"
    assert words[expected] in told
    assert any(expected in line for line in wrong)


def test_control_another_teams_rows_change_what_an_unscoped_list_says(
    two: Two, enter: Enter
) -> None:
    with use_site(site_with(LeakyAdmin)):
        now = read(enter("other_lead"), "/admin/claims/claim/")
    assert now != two.before["other_lead"]["/admin/claims/claim/"]


def test_control_a_page_that_writes_when_it_is_looked_at_is_caught(two: Two, enter: Enter) -> None:
    before = digest_rows()
    with use_site(site_with(WritingAdmin)):
        walk(enter("lead"), "get", "lead", two, claim_routes())
    after = digest_rows()
    assert [table for table in before if after[table] != before[table]] == ["claims_claim"]


def test_control_an_address_without_a_rule_is_named() -> None:
    with use_site(site_with(WiderAdmin)):
        assert "get admin/claims/claim/secret/" in list_unruled(list_routes())


def test_control_a_text_field_without_its_word_is_named(two: Two) -> None:
    Claim.objects.filter(team=two.far.team).update(place="Somewhere")
    assert list_unplanted(two.far) == ["Claim.place"]
