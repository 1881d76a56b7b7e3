"""The frame is corrected without a mouse, on a phone in the dark, and without a script."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Browser, Page, expect

from claims.models import Evidence, Job, Quantity, Ticket
from claims.vocabulary import JobKind
from claims.workflow.assign import take_ticket
from tests.admin.ticket.conftest import page_of
from tests.admin.ticket.rows import House, make_ready
from tests.e2e.axe import find_faults, find_overflow, find_structure_faults
from tests.e2e.conftest import Open, Shoot
from tests.e2e.test_keyboard_day import tab_to


def ready_number(house: House) -> tuple[Ticket, Quantity]:
    ticket = take_ticket(make_ready(house.team), house.ada)
    return ticket, ticket.claim.quantities.get()


def look(page: Page) -> None:
    """The page as it stands, by the eyes of axe and at its width."""
    assert find_faults(page) == []
    assert find_structure_faults(page) == []
    assert find_overflow(page) == []


def test_a_chip_is_corrected_by_keyboard_alone(house: House, open_as: Open, shoot: Shoot) -> None:
    ticket, one = ready_number(house)
    page = open_as(house.ada, page_of(ticket))
    shoot(page, "frame")
    tab_to(page, "Value : 70")
    page.keyboard.press("Enter")
    value = page.locator(f"#in-n{one.pk}-value-value")
    expect(value).to_be_focused()
    page.keyboard.type("many")
    page.keyboard.press("Escape")
    expect(page.locator(f"#chip-n{one.pk}-value summary")).to_be_focused()
    page.keyboard.press("Enter")
    expect(value).to_be_focused()
    expect(value).to_have_value("70")
    page.keyboard.type("about sixty")
    page.keyboard.press("Enter")
    error = page.locator(f"#err-n{one.pk}-value-value")
    expect(error).to_contain_text("1.2 million")
    expect(value).to_be_focused()
    expect(value).to_have_value("about sixty")
    look(page)
    shoot(page, "frame-refused")
    value.select_text()
    page.keyboard.type("60")
    page.keyboard.press("Enter")
    chip = page.locator(f"#chip-n{one.pk}-value")
    expect(chip).to_contain_text("machine read: 70")
    expect(chip.locator("summary")).to_be_focused()
    expect(page.locator("#numbers")).to_contain_text("≈ 60 %")
    look(page)
    shoot(page, "frame-corrected")
    tab_to(page, "Back to the machine's reading of value")
    page.keyboard.press("Enter")
    expect(chip).not_to_contain_text("machine read")
    assert Quantity.objects.get(pk=one.pk).machine is None
    tab_to(page, "This is no number: strike it out")
    page.keyboard.press("Space")
    expect(page.get_by_text("Struck out:")).to_be_visible()
    tab_to(page, "Back to the machine's reading")
    page.keyboard.press("Space")
    expect(page.locator(".tk-group-value").first).to_have_text("≈ 70 %")
    assert Evidence.objects.get(ticket=ticket, number=1).outcome == "match"


def test_a_number_is_added_from_a_selection_on_a_phone(
    house: House, open_as: Open, shoot: Shoot
) -> None:
    ticket, _ = ready_number(house)
    page = open_as(house.ada, page_of(ticket), size="phone", scheme="dark")
    shoot(page, "frame-phone-dark")
    page.evaluate(
        """() => {
          const text = document.getElementById("tk-sentence").lastChild;
          const at = text.data.indexOf("rare earths");
          getSelection().setBaseAndExtent(text, at, text, at + 11);
        }"""
    )
    page.locator("#tk-add-number summary").click()
    expect(page.get_by_label("The words it stands on")).to_have_value("rare earths")
    page.locator("#in-add-value").fill("17")
    look(page)
    shoot(page, "frame-add-phone-dark")
    page.get_by_role("button", name="Add the number").click()
    expect(page.get_by_text("Added by a person")).to_be_visible()
    look(page)
    added = ticket.claim.quantities.get(is_added=True)
    assert (added.text, added.value) == ("rare earths", 17)
    assert added.start == ticket.claim.text.index("rare earths")


def test_the_chips_work_without_a_script(
    house: House, open_as: Open, browser: Browser, live_server: Any
) -> None:
    ticket, one = ready_number(house)
    cookies = open_as(house.ada, "/admin/").context.cookies()
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    context.add_cookies([{**cookie, "url": live_server.url, "path": None, "domain": None}
                         for cookie in cookies])  # fmt: skip
    page = context.new_page()
    page.goto(page_of(ticket))
    chip = page.locator(f"#chip-n{one.pk}-bound")
    chip.locator("summary").click()
    chip.get_by_label("Bound", exact=True).select_option("Over")
    chip.get_by_label("Hedge as written").fill("")
    chip.get_by_role("button", name="Save").click()
    expect(page).to_have_url(re.compile(rf"#chip-n{one.pk}-bound$"))
    expect(page.locator(f"#chip-n{one.pk}-bound")).to_contain_text("machine read: about (“nearly”)")
    page.locator(f"#chip-n{one.pk}-bound").get_by_role("button", name="Back").click()
    expect(page.get_by_text("machine read")).to_have_count(0)
    context.close()


def test_what_is_typed_outlives_a_comparison_that_ends(house: House, open_as: Open) -> None:
    """The new comparison comes in place; the chip that is being typed into stays."""
    ticket, one = ready_number(house)
    Job.objects.owe_anew(JobKind.WEIGH, f"{ticket.pk}:1", team=ticket.team)
    page = open_as(house.ada, page_of(ticket))
    expect(page.locator("#tk-comparing")).to_be_visible()
    page.locator(f"#chip-n{one.pk}-measured summary").click()
    measured = page.locator(f"#in-n{one.pk}-measured-measured")
    measured.fill("output of mines")
    page.evaluate("window.isTheSamePage = true")
    Job.objects.update(state="done")
    expect(page.locator("#tk-comparing")).to_have_count(0)
    expect(measured).to_have_value("output of mines")
    expect(measured).to_be_focused()
    assert page.evaluate("window.isTheSamePage") is True
