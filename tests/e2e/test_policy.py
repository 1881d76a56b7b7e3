"""The content security policy in a real browser: no page breaks it, nothing gets by it."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, expect

from claims.models import Article, Claim, Draft, Job, Page, Search, Snapshot, Source, Verdict
from claims.vocabulary import JobKind
from claims.workflow.assign import take_ticket
from claims.workflow.decide import Decision, decide_ticket
from factcheck.headers import SKIN_POLICY
from tests.admin.ticket.rows import House, enough, make_ready
from tests.e2e.conftest import Open

TYPED = "Typed while nobody was signed in; it must not be lost."
INJECTED = (
    '<img src="x" onerror="window.ran = 1"><svg onload="window.ran = 1"></svg>'
    '<iframe srcdoc="<script>parent.ran = 1</script>"></iframe>'
    '<a id="js" href="javascript:window.ran = 1">x</a>'
)


def list_pages(house: House) -> list[str]:
    """One address of every type of page."""
    ticket = take_ticket(make_ready(house.team), house.ada)
    decision = Decision(
        rating_id=house.team.scale.ratings.earliest("position").pk,
        rationale="Two official tables agree with the wording of the claim.",
        evidence_ids=enough(ticket),
    )
    decide_ticket(ticket, decision, by=house.ada, expected_version=ticket.version)
    held = take_ticket(make_ready(house.team, "Exports fell to 12 tonnes in May."), house.ada)
    Job.objects.create(
        team=house.team, kind=JobKind.WEIGH, key=f"weigh:{held.pk}", subject_id=held.pk
    )
    rows: list[Any] = [
        ticket,
        held,
        house.team,
        house.team.scale,
        *(
            model.objects.latest("pk")
            for model in (Article, Claim, Page, Snapshot, Search, Source, Job, Verdict)
        ),
    ]
    nouns = {row._meta.model_name for row in rows}
    return [
        "/admin/",
        *(f"/admin/add/?kind={kind}" for kind in ("text", "url", "upload", "claim")),
        "/admin/export/",
        "/admin/password_change/",
        "/admin/auth/user/",
        f"/admin/auth/user/{house.ada.pk}/change/",
        "/admin/auth/user/add/",
        "/admin/claims/team/add/",
        "/admin/claims/source/add/",
        *(f"/admin/claims/{noun}/" for noun in sorted(nouns)),
        *(f"/admin/claims/{row._meta.model_name}/{row.pk}/change/" for row in rows),
        f"/admin/claims/team/{house.team.pk}/history/",
        "/admin/claims/ticket/987654321/change/",
    ]


@pytest.mark.parametrize("size", ["wide", "phone"])
def test_no_page_breaks_its_policy(house: House, open_as: Open, size: str) -> None:
    page = open_as(house.boss, size=size)
    for address in list_pages(house):
        answer = page.goto(address)
        assert answer is not None
        assert "content-security-policy" in answer.headers, address
        page.wait_for_timeout(150)
    login = open_as(None, "/admin/login/", size=size)
    expect(login.get_by_label("Username")).to_be_visible()


def test_what_is_injected_does_not_run(house: House, browser: Browser, live_server: Any) -> None:
    client = Client()
    client.force_login(house.ada)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    context = browser.new_context(base_url=live_server.url)
    context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
    )
    page, refused = context.new_page(), []
    page.on("console", lambda line: refused.append(line.text))
    answer = page.goto("/admin/")
    assert answer is not None
    assert answer.headers["content-security-policy"] == SKIN_POLICY
    page.evaluate("html => document.body.insertAdjacentHTML('beforeend', html)", INJECTED)
    page.evaluate("document.getElementById('js').click()")
    page.wait_for_timeout(500)
    assert page.evaluate("window.ran === undefined")
    assert sum("Content Security Policy" in line for line in refused) >= 3
    context.close()


def test_typing_after_the_session_ended_is_told_and_kept(house: House, open_as: Open) -> None:
    ticket = take_ticket(make_ready(house.team), house.ada)
    page = open_as(house.ada, f"/admin/claims/ticket/{ticket.pk}/change/")
    cookies = page.context.cookies()
    page.context.clear_cookies()
    page.get_by_label("Rationale").fill(TYPED)
    expect(page.locator("#tk-out")).to_be_visible()
    assert not Draft.objects.exists()
    page.get_by_role("button", name="Send for confirmation").click()
    expect(page.get_by_label("Rationale")).to_have_value(TYPED)

    # Signed in again elsewhere: another session, another form token.
    again = Client()
    again.force_login(house.ada)
    name = settings.SESSION_COOKIE_NAME
    fresh = [one for one in cookies if one["name"] == name]
    page.context.add_cookies([{**fresh[0], "value": again.cookies[name].value}])
    page.get_by_label("Rationale").press("End")
    page.keyboard.type(" More.")
    expect(page.locator("#tk-saved")).to_contain_text("Draft saved")
    expect(page.locator("#tk-out")).to_be_hidden()
    # A slow hand is saved more than once; the last save holds every word.
    whole, ends = f"{TYPED} More.", time.monotonic() + 10
    while Draft.objects.get().fields["rationale"] != whole and time.monotonic() < ends:
        page.wait_for_timeout(100)
    assert Draft.objects.get().fields["rationale"] == whole


def test_a_stance_is_not_shown_as_set_when_it_was_not(house: House, open_as: Open) -> None:
    ticket = take_ticket(make_ready(house.team), house.ada)
    page = open_as(house.ada, f"/admin/claims/ticket/{ticket.pk}/change/")
    page.context.clear_cookies()
    button = page.locator("button[name=stance][value=refutes]").first
    button.click()
    expect(page.locator("#tk-out")).to_be_visible()
    expect(button).not_to_have_attribute("aria-pressed", "true")
    assert not ticket.evidence.exclude(stance="").exists()
