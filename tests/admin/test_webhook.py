"""The webhook's page: its secret never comes out, its address leads outside, its test is real."""

from __future__ import annotations

import json
from typing import Any

from django.contrib.admin.models import LogEntry
from django.test import Client

from claims.models import Membership, Team, Webhook
from tests.people import Desk, desk  # noqa: F401
from tests.site.server import Site

SECRET = "kxq-a-secret-of-the-desk"


def page_of(client: Client, team: Team) -> tuple[str, dict[str, Any]]:
    """The page, and a form that would change nothing."""
    answer = client.get(f"/admin/webhook/?team={team.pk}")
    form = answer.context["form"]
    typed = {"team": team.pk, "seen": form["seen"].value(), "url": form["url"].value() or ""}
    return answer.content.decode(), typed


def test_a_lead_sets_tests_and_never_reads_it_back(desk: Desk, hooks: Site) -> None:  # noqa: F811
    lead = Client()
    lead.force_login(desk.ada)
    url = hooks.add("/hook", "", status=204)
    team_page = lead.get(f"/admin/claims/team/{desk.team.pk}/change/").content.decode()
    assert f'href="/admin/webhook/?team={desk.team.pk}"' in team_page
    _, typed = page_of(lead, desk.team)
    assert not Webhook.objects.exists(), "looking writes nothing"
    bare = lead.post("/admin/webhook/", {**typed, "url": url, "is_on": "1"})
    assert bare.status_code == 422
    assert not Webhook.objects.get().is_on
    _, typed = page_of(lead, desk.team)
    stale = typed
    whole = {**typed, "url": url, "new_secret": SECRET, "is_on": "1"}
    assert lead.post("/admin/webhook/", whole).status_code == 302
    hook = Webhook.objects.get()
    assert (hook.url, hook.secret, hook.is_on) == (url, SECRET, True)
    tested = lead.post("/admin/webhook/", {"team": desk.team.pk, "act": "test"}, follow=True)
    assert "The test was taken." in tested.content.decode()
    (asked,) = hooks.seen
    assert json.loads(asked.body)["event"] == "test"
    assert SECRET not in str(asked.headers) + asked.body.decode()
    hooks.add("/hook", "", status=404)
    failed = lead.post("/admin/webhook/", {"team": desk.team.pk, "act": "test"}, follow=True)
    assert "The test was not taken." in failed.content.decode()
    # Somebody who saved first is told of, and what is typed stays.
    late = lead.post("/admin/webhook/", {**stale, "url": url + "/2", "new_secret": SECRET + "2"})
    assert late.status_code == 422
    assert url + "/2" in late.content.decode()
    page, _ = page_of(lead, desk.team)
    told = page + late.content.decode() + failed.content.decode()
    told += " ".join(LogEntry.objects.values_list("change_message", flat=True))
    assert SECRET not in told
    assert "New secret" in LogEntry.objects.get().change_message
    assert Webhook.objects.get().secret == SECRET


NO_HOOKS = (
    "http://hooks.example/", "https://127.0.0.1/", "https://10.0.0.7/x", "ftp://a.example/",
    "https://u:p@hooks.example/", "https://hooks.example:6379/", "hooks.example", "\x00",
    "https://localhost/", "javascript:alert(1)", "https://" + "a" * 2000,
)  # fmt: skip


def test_an_address_that_is_none_is_told_at_its_field(desk: Desk) -> None:  # noqa: F811
    lead = Client()
    lead.force_login(desk.ada)
    for url in NO_HOOKS:
        _, typed = page_of(lead, desk.team)
        answer = lead.post("/admin/webhook/", {**typed, "url": url, "new_secret": SECRET})
        assert answer.status_code == 422, url
        assert answer.context["form"].errors["url"], url
        assert SECRET not in answer.content.decode()
        assert Webhook.objects.get().url == ""


def test_boxes_for_the_webhook_open_with_it(desk: Desk) -> None:  # noqa: F811
    ben = Client()
    ben.force_login(desk.ben)
    chosen = {"team": desk.team.pk, "app": ["given"], "mail": [], "hook": ["given"]}
    ben.post("/admin/notices/ways/", chosen)
    assert Membership.objects.get(user=desk.ben).hooked == []
    Webhook.objects.create(team=desk.team, url="https://hooks.example/", secret="s", is_on=True)
    ben.post("/admin/notices/ways/", chosen)
    assert Membership.objects.get(user=desk.ben).hooked == ["given"]
    assert ben.get(f"/admin/webhook/?team={desk.team.pk}").status_code == 403
