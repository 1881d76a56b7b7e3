"""Nothing is learned and nothing is changed by a parameter, however it is guessed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import models, transaction
from django.http import HttpRequest
from django.test import Client

from claims.admin.base import TeamScopedAdmin
from claims.admin.claim import ClaimAdmin
from claims.admin.source import SourceAdmin
from claims.models import Claim, Source, Team
from tests.admin.matrix.canaries import find_words, name_words
from tests.admin.matrix.conftest import Two
from tests.admin.matrix.crossing import list_crossings
from tests.admin.matrix.probes import Probe, demands, questions
from tests.admin.matrix.reading import steady
from tests.admin.matrix.rows import digest_rows
from tests.admin.matrix.site_without import site_with, use_site
from tests.admin.matrix.walking import told_by

Enter = Callable[[str], Client]
OUTSIDERS = ("other_lead", "other_reviewer")


def answer(client: Client, probe: Probe, value: Any) -> tuple[int, str]:
    """What one value gives, with the page that a redirect leads to."""
    method, address, form = probe.ask_with(value)
    with transaction.atomic():
        before = digest_rows() if method == "post" else {}
        response = getattr(client, method)(address, form)
        told = told_by(response)
        place = response.headers.get("Location", "")
        if place.startswith("/"):
            told += told_by(client.get(place.partition("#")[0]))
        if method == "post" and digest_rows() != before:
            told += "\nSOMETHING WAS WRITTEN"
        transaction.set_rollback(True)
    return response.status_code, steady(told)


def differ(hit: tuple[int, str], miss: tuple[int, str]) -> str:
    """The first line in which two answers differ."""
    pairs = zip(hit[1].splitlines(), miss[1].splitlines(), strict=False)
    lines = next(((mine, theirs) for mine, theirs in pairs if mine != theirs), ("", ""))
    return f"{hit[0]} {lines[0].strip()[:120]} / {miss[0]} {lines[1].strip()[:120]}"


def find_leaks(client: Client, probes: list[Probe]) -> list[str]:
    """The probes that tell a foreign row from nothing, or tell a foreign word, or write."""
    leaks = []
    for probe in probes:
        asked = f"{probe.address} {probe.posted or ''}"
        hit = answer(client, probe, probe.hit)
        status, told = answer(client, probe, probe.miss)
        # What was asked may be repeated.
        miss = status, told.replace(str(probe.miss), str(probe.hit))
        words = find_words(hit[1]) - find_words(str(probe.hit))
        if hit != miss:
            leaks.append(f"{asked} tells {probe.hit} from nothing: {differ(hit, miss)}")
        if words:
            leaks.append(f"{asked} tells {name_words(words)}")
        if "SOMETHING WAS WRITTEN" in hit[1]:
            leaks.append(f"{asked} writes")
    return leaks


def test_a_question_about_a_foreign_row_is_a_question_about_nothing(two: Two, enter: Enter) -> None:
    """Asked by a lead, who may look at everything that anybody may look at."""
    asked = questions(two)
    assert len(asked) >= 60
    assert find_leaks(enter("other_lead"), asked) == []


@pytest.mark.parametrize("who", OUTSIDERS)
def test_a_demand_with_a_foreign_key_is_refused_as_one_with_no_row(
    two: Two, enter: Enter, who: str
) -> None:
    asked = demands(two)
    assert len(asked) >= 40
    assert find_leaks(enter(who), asked) == []


def test_no_row_of_either_desk_reaches_into_the_other(two: Two) -> None:
    assert list_crossings() == []


@pytest.mark.parametrize("place", ["//evil.example/", "https://evil.example/", "/\\evil.example"])
def test_no_parameter_leads_out_of_the_house(two: Two, enter: Enter, place: str) -> None:
    client = enter("other_lead")
    claim = two.near.claim.pk
    for address, form in (
        (f"/admin/login/?next={place}", None),
        (f"/admin/claims/claim/{claim}/open/", {"back": place}),
        ("/admin/claims/ticket/take-next/", {"next": place}),
        ("/admin/claims/ticket/take-next/", {"next": place, "team": two.near.team.pk}),
        (f"/admin/claims/claim//{place}", None),
        ("/admin/logout/", {"next": place}),
    ):
        with transaction.atomic():
            response = client.get(address) if form is None else client.post(address, form)
            transaction.set_rollback(True)
        to = response.headers.get("Location", "").replace("\\", "/")
        assert not urlsplit(to).netloc, (address, to)


# Controls ---------------------------------------------------------------------------


class OracleAdmin(ClaimAdmin):
    """Neither its rows nor what a search finds are scoped."""

    search_places = ()
    search_fields = ("self_contained",)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return Claim.objects.order_by("pk")


class UncheckedSourceAdmin(SourceAdmin):
    """Takes any team that is posted."""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs["queryset"] = Team.objects.all()
        return super(TeamScopedAdmin, self).formfield_for_foreignkey(db_field, request, **kwargs)


def test_control_unscoped_rows_answer_the_questions(two: Two, enter: Enter) -> None:
    about_claims = [one for one in questions(two) if "claims/claim/" in one.address]
    with use_site(site_with(OracleAdmin)):
        leaks = find_leaks(enter("other_lead"), about_claims)
    assert any("?q=" in leak for leak in leaks), leaks


def test_control_a_form_that_does_not_check_a_key_is_caught(two: Two, enter: Enter) -> None:
    about_sources = [one for one in demands(two) if one.address == "claims/source/add/"]
    with use_site(site_with(UncheckedSourceAdmin, Source)):
        leaks = find_leaks(enter("other_lead"), about_sources)
    assert any("writes" in leak for leak in leaks), leaks


def test_control_a_row_that_crosses_is_found(two: Two) -> None:
    two.near.page.__class__.objects.filter(pk=two.near.page.pk).update(source=two.far.source)
    assert "Page.source" in list_crossings()
