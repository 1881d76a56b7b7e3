"""Each place's settings page: what an admin sets, what nobody reads, and whether it answers."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from claims.models import Membership, Provider, Search
from claims.vocabulary import ProviderName, Role, SearchOutcome, SearchPurpose
from claims.workflow.gather.providers import page_client
from claims.workflow.gather.setups import read_setups
from tests.admin.conftest import LogIn
from tests.admin.ticket.rows import make_person
from tests.admin.world import World
from tests.site.server import Site

KEY, OTHER_KEY = "k3y-of-the-desk", "an0ther-key"
BRAVE = "/res/v1/web/search"


@pytest.fixture
def web(settings: Any) -> Iterator[Site]:
    with Site() as running:
        settings.FETCH_ALLOW = (running.address,)
        yield running


@pytest.fixture
def boss(world: World, log_in: LogIn) -> Client:
    """Somebody who stands above the teams."""
    return log_in(world.boss)


def row(name: ProviderName = ProviderName.BRAVE) -> Provider:
    return Provider.objects.get(name=name)


def address(name: ProviderName = ProviderName.BRAVE, page: str = "change") -> str:
    return reverse(f"admin:claims_provider_{page}", args=[row(name).pk])


def save(client: Client, name: ProviderName = ProviderName.BRAVE, **typed: str) -> Any:
    """Post the form as a browser does: with the digest that the page carried."""
    shown = client.get(address(name)).context["adminform"].form
    held = {field: shown[field].value() or "" for field in shown.fields}
    return client.post(address(name), {**held, "new_key": "", "forget_key": "", **typed})


def test_a_key_goes_in_and_never_comes_out(boss: Client) -> None:
    assert save(boss, is_on="true", new_key=KEY).status_code == 302
    assert row().key == KEY
    pages = [address(), address(page="history"), reverse("admin:claims_provider_changelist")]
    told = "".join(boss.get(page).content.decode() for page in pages)
    assert "One is stored here." in told
    assert KEY not in told
    assert KEY not in str(list(LogEntry.objects.values()))
    assert KEY not in repr(read_setups()) + repr(row())
    save(boss, languages="en, DE")
    assert (row().key, row().languages) == (KEY, "en de")
    save(boss, new_key=OTHER_KEY)
    assert row().key == OTHER_KEY
    save(boss, forget_key="on")
    assert row().key == ""


def test_an_error_of_the_form_shows_no_key_that_was_typed(boss: Client) -> None:
    answer = save(boss, new_key=KEY, base_url="http://10.0.0.1/")
    assert answer.status_code == 200
    assert "private address" in answer.content.decode()
    assert KEY not in answer.content.decode()
    assert row().key == ""


def test_two_admins_who_save_at_once_are_told(boss: Client) -> None:
    shown = boss.get(address()).context["adminform"].form
    held = {field: shown[field].value() or "" for field in shown.fields}
    save(boss, daily_quota="5")
    answer = boss.post(address(), {**held, "daily_quota": "9", "new_key": KEY})
    assert "saved this" in answer.content.decode()
    assert KEY not in answer.content.decode()
    assert row().daily_quota == 5


def test_only_what_a_place_has_is_asked_for(boss: Client) -> None:
    fields = {
        name: set(boss.get(address(name)).context["adminform"].form.fields) - {"seen"}
        for name in ProviderName
    }
    assert fields[ProviderName.CITED] == {"is_on"}
    assert "new_key" in fields[ProviderName.FACT_CHECKS]
    assert fields[ProviderName.FEEDS] == {"is_on", "daily_quota", "places"}
    assert "new_key" not in fields[ProviderName.GDELT]
    assert fields[ProviderName.WAYBACK] == {"is_on", "base_url"}


@pytest.mark.parametrize(
    ("name", "typed", "kept"),
    [
        (
            ProviderName.SITES,
            "https://www.Stats.example/\r\n\r\nun.example/data",
            "stats.example\nun.example/data",
        ),
        (ProviderName.FEEDS, "https://Daily.example/rss ", "https://daily.example/rss"),
        (ProviderName.SITES, "not a site", None),
        (ProviderName.FEEDS, "ftp://daily.example/rss", None),
    ],
)
def test_a_list_is_kept_in_its_normal_form(
    boss: Client, name: ProviderName, typed: str, kept: str | None
) -> None:
    answer = save(boss, name, places=typed)
    assert answer.status_code == (200 if kept is None else 302)
    assert row(name).places == (kept or "")


def test_a_try_shows_the_answer_and_counts_and_is_logged(
    boss: Client, world: World, web: Site
) -> None:
    results = [{"url": "https://stats.example/salt", "title": "Salt <b>", "description": "48,000"}]
    web.add(BRAVE, json.dumps({"web": {"results": results}}))
    Provider.objects.filter(name="brave").update(is_on=True, key=KEY, base_url=web.url(""))
    told = boss.post(address(page="test"), {"words": "salt  exports"}).content.decode()
    assert "https://stats.example/salt" in told
    assert "Salt &lt;b&gt;" in told
    assert web.seen[0].query["q"] == "salt exports"
    assert (row().used_today, row().last_error_at) == (1, None)
    assert row().last_success_at is not None
    kept = Search.objects.get(purpose=SearchPurpose.TRIAL)
    assert (kept.provider, kept.query, kept.result_count) == ("brave", "salt exports", 1)
    assert (kept.outcome, kept.asked_by, kept.team) == (SearchOutcome.FOUND, world.boss, None)
    sheet = reverse("admin:claims_search_change", args=[kept.pk])
    assert sheet in boss.get(address()).content.decode()
    assert "https://stats.example/salt" in boss.get(sheet).content.decode()


def test_a_try_that_fails_says_why_and_so_does_the_page(boss: Client, web: Site) -> None:
    web.add(BRAVE, json.dumps({"error": KEY}), status=401)
    Provider.objects.filter(name="brave").update(is_on=True, key=KEY, base_url=web.url(""))
    told = boss.post(address(page="test"), {"words": "salt"}).content.decode()
    told += boss.get(address()).content.decode()
    told += boss.get(reverse("admin:claims_provider_changelist")).content.decode()
    assert told.count("does not accept the key") == 4
    assert KEY not in told
    kept = Search.objects.get(purpose=SearchPurpose.TRIAL)
    assert kept.outcome == SearchOutcome.FAILED
    assert "does not accept the key" in kept.detail
    assert KEY not in str(list(Search.objects.values()))


def test_a_key_that_is_pasted_as_a_query_is_neither_asked_nor_logged(
    boss: Client, web: Site
) -> None:
    Provider.objects.filter(name="brave").update(is_on=True, key=KEY, base_url=web.url(""))
    told = boss.post(address(page="test"), {"words": f"key {KEY}"}).content.decode()
    assert "holds the key of this place" in told
    assert web.seen == []
    assert not Search.objects.exists() or KEY not in str(list(Search.objects.values()))


def test_a_place_that_is_off_is_not_tried(boss: Client, web: Site) -> None:
    Provider.objects.filter(name="brave").update(is_on=False, base_url=web.url(""))
    told = boss.post(address(page="test"), {"words": "salt"}).content.decode()
    assert "Brave Search is switched off." in told
    assert web.seen == []
    assert boss.post(address(ProviderName.LIBRARY, "test"), {"words": "x"}).status_code == 404


def test_the_archive_is_tried_with_a_page(boss: Client, web: Site) -> None:
    closest = {"available": True, "timestamp": "20240301120000", "status": "200"}
    web.add("/wayback/available", json.dumps({"archived_snapshots": {"closest": closest}}))
    Provider.objects.filter(name="wayback").update(is_on=True, base_url=web.url(""))
    answer = boss.post(address(ProviderName.WAYBACK, "test"), {"words": "https://d.example/x"})
    assert "/web/20240301120000/https://d.example/x" in answer.content.decode()


def test_nobody_but_an_admin_sees_or_tries_a_place(world: World, web: Site) -> None:
    Provider.objects.filter(name="brave").update(is_on=True, key=KEY, base_url=web.url(""))
    client = Client()
    client.force_login(world.ada)
    assert client.get(address()).status_code == 404
    assert client.post(address(), {"is_on": "false"}).status_code == 404
    assert client.post(address(page="test"), {"words": "salt"}).status_code == 404
    assert client.get(reverse("admin:claims_provider_changelist")).status_code == 403
    assert web.seen == []


def test_an_admin_of_one_team_sets_places_up_for_all(world: World, log_in: LogIn) -> None:
    admin = make_person("adele", "Adele Admin", world.near.team, Role.ADMIN)
    client = log_in(admin)
    assert client.get(reverse("admin:claims_provider_changelist")).status_code == 200
    assert save(client, daily_quota="7").status_code == 302
    assert row().daily_quota == 7
    client.post(address(page="test"), {"words": "salt"})
    tried = reverse("admin:claims_search_change", args=[Search.objects.latest("pk").pk])
    assert "switched off" in client.get(tried).content.decode()
    Membership.objects.filter(user=admin).update(role=Role.LEAD)
    assert log_in(admin).get(address()).status_code == 404
    assert log_in(admin).get(tried).status_code == 404


def test_what_was_opened_by_hand_is_shown_to_admins_and_logged(
    world: World,
    log_in: LogIn,
    settings: Any,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    address_of_list = reverse("admin:claims_provider_changelist")
    client = log_in(make_person("adele", "Adele Admin", world.near.team, Role.ADMIN))
    settings.FETCH_ALLOW = (("intranet.example", 8080), ("10.0.0.7", 80))
    told = client.get(address_of_list, follow=True).content.decode()
    assert "<code>intranet.example:8080</code>, <code>10.0.0.7:80</code>." in told
    monkeypatch.setattr(logging.getLogger("claims"), "propagate", True)
    caplog.set_level(logging.WARNING, logger="claims")
    page_client.cache_clear()
    page_client()
    assert "hosts.opened" in caplog.text
    assert "10.0.0.7:80" in caplog.text
    caplog.clear()
    settings.FETCH_ALLOW = ()
    page_client.cache_clear()
    page_client()
    assert "hosts.opened" not in caplog.text
    page_client.cache_clear()
    told = client.get(address_of_list, follow=True).content.decode()
    assert "although not on the public internet: nothing." in told
