"""A reviewer's day, from the log-in to the export, before a real browser."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from claims.models import Draft, Evidence, Ticket, Verdict
from claims.vocabulary import TicketState, VerdictState
from claims.workflow.assign import release_ticket, take_ticket
from tests.admin.ticket.rows import PASSWORD, House, make_ready, make_ticket
from tests.e2e.conftest import Open, Shoot

RATIONALE = "The statistics office counts 69.2 per cent for 2024 [1]; *60* has no source [3]."
LOOKS = [
    pytest.param(size, scheme, id=f"{size}-{scheme}")
    for size in ("wide", "phone")
    for scheme in ("light", "dark")
]


def log_in(page: Page, name: str) -> None:
    page.goto("/admin/login/?next=/admin/")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page).to_have_url("/admin/")


def page_of(ticket: Ticket) -> str:
    return f"/admin/claims/ticket/{ticket.pk}/change/"


def find_grave_faults(page: Page, within: str) -> list[str]:
    """Serious and critical findings of axe inside our own markup."""
    page.wait_for_timeout(300)
    found = Axe().run(page, context=within).response["violations"]
    return [
        f"{one['id']}: {node['html'][:160]}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_day(house: House, open_as: Open, shoot: Shoot, size: str, scheme: str) -> None:
    ticket = make_ready(house.team, priority=90)
    make_ready(house.team, "World mines produced 390,000 tonnes of oxides in 2024.")

    ada = open_as(None, size=size, scheme=scheme)
    log_in(ada, "ada")
    ada.goto("/admin/claims/ticket/?queue=waiting")
    shoot(ada, f"queue-{size}-{scheme}")
    ada.goto(page_of(ticket))
    ada.get_by_role("button", name="Take next").click()
    expect(ada.get_by_text("Yours for 45 min")).to_be_visible()
    assert ada.url.endswith(page_of(ticket))
    assert find_grave_faults(ada, "#ticket") == []

    first = ada.locator("#e-1")
    first.get_by_role("button", name="Supports").click()
    expect(first.get_by_text("Set by you")).to_be_visible()
    first.get_by_label("Rests on this").check()
    expect(ada.locator("#gate-origins")).to_contain_text("1 of 2 independent origins")
    ada.locator("#e-3").get_by_label("Decisive").check()
    expect(ada.locator("#tk-rests")).to_have_text("[1] [3], decisive [3]")
    for item in ("origins", "primary", "anchored", "contrary"):
        expect(ada.locator(f"#gate-{item}")).to_contain_text("enough")
        expect(ada.locator(f"#gate-{item} summary")).to_be_hidden()
    ada.get_by_role("radio", name="Mostly true").check()
    ada.get_by_label("Rationale").fill(RATIONALE)
    preview = ada.get_by_role("region", name="As readers see it")
    expect(preview.get_by_role("link", name="[3]")).to_have_attribute("href", "#e-3")
    expect(preview.locator("em")).to_have_text("60")
    shoot(ada, f"ticket-{size}-{scheme}")
    ada.get_by_role("button", name="Send for confirmation").click()
    expect(ada.get_by_text("This is your own verdict")).to_be_visible()
    shoot(ada, f"own-{size}-{scheme}")

    ben = open_as(house.ben, "/admin/claims/ticket/?queue=confirm", size=size, scheme=scheme)
    ben.get_by_role("link", name="China accounts for nearly 70 per cent").click()
    expect(ben.get_by_role("heading", name="Your second read")).to_be_visible()
    expect(ben.locator("#verdict").get_by_text("The statistics office counts")).to_be_visible()
    assert find_grave_faults(ben, "#ticket") == []
    shoot(ben, f"second-read-{size}-{scheme}")
    ben.get_by_role("button", name="Confirm").click()
    expect(ben.get_by_role("heading", name="Final verdict")).to_be_visible()

    lea = open_as(house.lead, page_of(ticket), size=size, scheme=scheme)
    lea.get_by_role("button", name="Publish").click()
    expect(lea.get_by_role("heading", name="Published verdict")).to_be_visible()
    assert find_grave_faults(lea, "#ticket") == []
    shoot(lea, f"published-{size}-{scheme}")
    row = export_of(lea)
    assert row["ticket_id"] == str(ticket.pk)
    assert row["rating"] == "Mostly true"
    assert row["rationale"] == RATIONALE
    assert (row["reviewer"], row["second_reviewer"]) == ("ada", "ben")
    assert (row["evidence_count"], row["state"]) == ("2", "published")


def export_of(page: Page) -> dict[str, str]:
    """The one row of the verdict CSV as this person downloads it."""
    answer = page.request.get("/admin/export/verdicts.csv")
    assert answer.ok
    rows = list(csv.DictReader(io.StringIO(answer.body().decode("utf-8-sig"))))
    assert len(rows) == 1
    return rows[0]


def test_keys_alone(house: House, open_as: Open) -> None:
    """From the taken ticket to the submitted verdict: ten keys, the typed prose apart."""
    ticket = take_ticket(make_ready(house.team), house.ada)
    page = open_as(house.ada, page_of(ticket))
    press = page.keyboard.press
    press("?")
    expect(page.get_by_role("dialog", name="Keyboard")).to_be_visible()
    press("Escape")
    expect(page.get_by_role("dialog", name="Keyboard")).to_be_hidden()
    press("j")
    press("j")
    expect(page.locator("#e-1")).to_be_focused()
    press("s")
    expect(page.locator("#e-1").get_by_text("Set by you")).to_be_visible()
    press("d")
    press("k")
    expect(page.locator("#e-3")).to_be_focused()
    press("e")
    expect(page.locator("#tk-rests")).to_have_text("[1] [3], decisive [1]")
    press("2")
    press("v")
    expect(page.get_by_role("radio", name="Mostly true")).to_be_focused()
    page.get_by_label("Rationale").focus()
    page.keyboard.type(RATIONALE)
    press("Control+Enter")
    expect(page.get_by_text("This is your own verdict")).to_be_visible()
    verdict = Verdict.objects.get(ticket=ticket)
    assert verdict.rating_label == "Mostly true"
    assert list(verdict.cited.values_list("number", "is_decisive")) == [(1, True), (3, False)]
    assert Evidence.objects.get(ticket=ticket, number=1).stance == "supports"


def test_letters_typed_into_a_field_are_letters(house: House, open_as: Open) -> None:
    ticket = take_ticket(make_ready(house.team), house.ada)
    page = open_as(house.ada, page_of(ticket))
    page.keyboard.press("j")
    page.get_by_label("Rationale").focus()
    page.keyboard.type("serne 12345 ? jkdv")
    expect(page.get_by_label("Rationale")).to_have_value("serne 12345 ? jkdv")
    assert page.locator("input[name=rating]:checked").count() == 0
    assert not Evidence.objects.exclude(stance="").exists()


def test_draft_survives_a_closed_tab(house: House, open_as: Open) -> None:
    ticket = take_ticket(make_ready(house.team), house.ada)
    page = open_as(house.ada, page_of(ticket))
    page.get_by_role("radio", name="Half true").check()
    page.get_by_label("Rationale").fill("Half of what I wanted to say")
    expect(page.locator("#tk-saved")).to_contain_text("Draft saved")
    page.close()
    again = open_as(house.ada, page_of(ticket))
    expect(again.get_by_label("Rationale")).to_have_value("Half of what I wanted to say")
    expect(again.get_by_role("radio", name="Half true")).to_be_checked()
    expect(again.get_by_text("is restored")).to_be_visible()
    again.get_by_role("button", name="Discard it").click()
    expect(again.get_by_label("Rationale")).to_have_value("")
    assert not Draft.objects.exists()


def test_draft_goes_before_another_form_leaves_the_page(house: House, open_as: Open) -> None:
    ticket = take_ticket(make_ready(house.team), house.ada)
    page = open_as(house.ada, page_of(ticket))
    page.get_by_label("Rationale").fill("Typed just before the frame was mended")
    place = page.locator("#chip-claim-place")
    place.locator("summary").click()
    place.get_by_label("Place").fill("the whole of China")
    place.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The frame is saved").first).to_be_visible()
    expect(page.get_by_label("Rationale")).to_have_value("Typed just before the frame was mended")


def test_second_save_is_told_and_keeps_its_words(house: House, open_as: Open, shoot: Shoot) -> None:
    ticket = take_ticket(make_ready(house.team), house.ada)
    lea = open_as(house.lead, page_of(ticket))
    lea.get_by_role("radio", name="False", exact=True).check()
    lea.get_by_label("Rationale").fill("What the lead typed meanwhile, which must not be lost.")
    lea.locator("#e-3").get_by_label("Decisive").check()
    lea.locator("#e-1").get_by_label("Rests on this").check()
    take_ticket(release_ticket(ticket, house.ada), house.ada)
    lea.get_by_role("button", name="Send for confirmation").click()
    box = lea.get_by_role("alert").filter(has_text="Somebody saved this ticket first")
    expect(box).to_contain_text("Ada Okafor was first")
    expect(lea.get_by_label("Rationale")).to_have_value(
        "What the lead typed meanwhile, which must not be lost."
    )
    expect(lea.locator("#e-3").get_by_label("Decisive")).to_be_checked()
    shoot(lea, "conflict")
    lea.get_by_role("button", name="Send for confirmation").click()
    expect(lea.get_by_text("This is your own verdict")).to_be_visible()
    assert Verdict.objects.get(ticket=ticket).state == VerdictState.PROPOSED


def test_gathering_page_reloads_when_it_is_done(house: House, open_as: Open) -> None:
    ticket = make_ticket(house.team)
    page = open_as(house.ada, page_of(ticket))
    expect(page.get_by_role("progressbar", name="Gathering")).to_be_visible()
    Ticket.objects.filter(pk=ticket.pk).update(state=TicketState.READY, version=9)
    expect(page.get_by_role("button", name="Take this ticket")).to_be_visible()


def test_errors_are_at_the_field_and_focused(house: House, open_as: Open) -> None:
    ticket = take_ticket(make_ready(house.team), house.ada)
    page = open_as(house.ada, page_of(ticket))
    page.get_by_label("Rationale").fill("Short.")
    page.get_by_role("radio", name="Mostly true").check()
    page.get_by_role("button", name="Send for confirmation").click()
    expect(page.get_by_text("Give your reasons in at least 20 characters")).to_be_visible()
    expect(page.get_by_label("Rationale")).to_be_focused()
    expect(page.get_by_label("Rationale")).to_have_value("Short.")
    assert find_grave_faults(page, "#ticket") == []


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_no_grave_fault_at_any_stage(house: House, open_as: Open, size: str, scheme: str) -> None:
    """Open panels and every stage that the day does not pass."""
    held = take_ticket(make_ready(house.team), house.ada)
    empty = make_ready(house.team, "There are 17 rare earth elements.", told=())
    gathering = make_ticket(house.team, "Mines opened in 12 countries.")
    page = open_as(house.ada, page_of(held), size=size, scheme=scheme)
    page.evaluate("document.querySelectorAll('#ticket details').forEach(one => one.open = true)")
    assert find_grave_faults(page, "#ticket") == []
    for person, ticket in ((house.ben, held), (house.dan, empty), (house.ada, gathering)):
        page = open_as(person, page_of(ticket), size=size, scheme=scheme)
        assert find_grave_faults(page, "#ticket") == []
        assert overflow_of(page) <= 0, "the page scrolls sideways"


def overflow_of(page: Page) -> Any:
    """How many pixels the page is wider than its window."""
    return page.evaluate("document.documentElement.scrollWidth - innerWidth")
