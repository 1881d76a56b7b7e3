"""The sources are filtered, sorted, added and set right in place, and the same without a script."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Page, expect

from claims.workflow.assign import take_ticket
from tests.admin.ticket.conftest import page_of
from tests.admin.ticket.rows import House, make_ready
from tests.e2e.axe import find_faults, find_overflow, find_structure_faults
from tests.e2e.conftest import Open


def shown(page: Page) -> list[str]:
    """The numbers of the cards that are seen, in their order."""
    cards = page.locator(".tk-piece").all()
    return [str(card.get_attribute("data-number")) for card in cards if card.is_visible()]


def rows(page: Page) -> list[str]:
    """The numbers of the matrix's rows that are seen, in their order."""
    found = page.locator("#m-1 .tk-m-row").all()
    return [str(row.get_attribute("id")).split("-")[-1] for row in found if row.is_visible()]


def look(page: Page) -> None:
    assert find_faults(page) == []
    assert find_structure_faults(page) == []
    assert find_overflow(page) == []


def test_sources_are_filtered_and_sorted_in_place(house: House, open_as: Open) -> None:
    ticket = take_ticket(make_ready(house.team), house.ada)
    page = open_as(house.ada, page_of(ticket))
    page.locator('[data-tick="3"]').check()
    page.evaluate("window.isTheSamePage = true")
    page.locator("#tk-view summary").focus()
    page.keyboard.press("Enter")
    page.locator("#tk-view [name=stance]").select_option("supports")
    status = page.locator("#tk-view-said [role=status]")
    expect(status).to_have_text("2 of 6 pieces of evidence are shown; 4 are filtered away.")
    assert shown(page) == ["1", "2"]
    # What was ticked and is hidden stays ticked, and the address keeps the view.
    expect(page.locator('[data-tick="3"]')).to_be_checked()
    assert page.url.endswith("?stance=supports")
    look(page)
    page.get_by_role("link", name="Show all").press("Enter")
    expect(status).to_have_text("All 6 pieces of evidence are shown.")
    head = page.locator("#m-1 thead").get_by_role("link", name="Number")
    head.press("Enter")
    expect(page.locator("#m-1 th[aria-sort=ascending]")).to_have_text(re.compile("Number"))
    assert rows(page) == ["3", "4", "2", "1"]
    expect(head).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#m-1 th[aria-sort=descending]")).to_have_text(re.compile("Number"))
    assert rows(page) == ["1", "2", "4", "3"]
    assert page.evaluate("window.isTheSamePage") is True
    why = page.locator("#e-1 .tk-why summary")
    why.press("Enter")
    expect(page.locator("#e-1 .tk-why .tk-pop-body")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#e-1 .tk-why .tk-pop-body")).to_be_hidden()
    expect(why).to_be_focused()
    sorted_rows = rows(page)
    page.reload()
    assert rows(page) == sorted_rows


def test_evidence_is_added_in_place_and_nothing_typed_is_lost(house: House, open_as: Open) -> None:
    ticket = take_ticket(make_ready(house.team), house.ada)
    page = open_as(house.ada, page_of(ticket))
    page.evaluate("window.isTheSamePage = true")
    page.locator('[data-tick="3"]').check()
    page.locator("#rationale").fill("Words that are still being written.")
    page.locator("#adding").get_by_text("Paste a quotation").click()
    page.locator("#add-quote").fill("China mined 255,000 tonnes of rare earths in 2023.")
    address = page.locator("#add-url")
    address.fill("example.org/no-scheme")
    address.press("Enter")
    flaw = re.compile("must begin with http")
    expect(page.locator(".tk-add-url .tk-error")).to_have_text(flaw)
    expect(address).to_have_accessible_description(flaw)
    expect(address).to_be_focused()
    page.locator("#add_quote-publisher").fill("A letter")
    page.get_by_role("button", name="Add the quotation").click()
    expect(page.locator("#e-7")).to_contain_text("255,000")
    expect(page.locator("#tk-brought")).to_contain_text("[7]")
    expect(page.locator("#add-quote")).to_have_value("")
    row = page.locator("#m-1-3")
    row.get_by_text("Read it otherwise").click()
    row.get_by_role("button", name="Another scope").click()
    expect(row).to_contain_text("the machine said")
    expect(page.locator("#tk-live")).to_be_visible()
    # Taken back, a stance leaves the machine's suggestion and the counts as they were.
    count = page.locator("[data-count=supports]")
    before = count.inner_text()
    page.locator("#e-3 .tk-number").click()
    page.keyboard.press("s")
    expect(count).to_have_text(str(int(before) + 1))
    page.keyboard.press("s")
    expect(count).to_have_text(before)
    page.keyboard.press("v")
    expect(page.locator("#verdict input[name=rating]").first).to_be_focused()
    expect(page.locator('[data-tick="3"]')).to_be_checked()
    expect(page.locator('[data-tick="7"]')).not_to_be_checked()
    expect(page.locator("#rationale")).to_have_value("Words that are still being written.")
    expect(address).to_have_value("example.org/no-scheme")
    assert page.evaluate("window.isTheSamePage") is True
    look(page)
    # What was typed and not sent outlasts another page.
    page.goto(page_of(ticket))
    expect(page.locator("#add-url")).to_have_value("example.org/no-scheme")


def test_the_same_view_on_a_phone_without_a_script(
    house: House, browser: Browser, open_as: Open
) -> None:
    ticket = take_ticket(make_ready(house.team), house.ada)
    page = open_as(house.ada, f"{page_of(ticket)}?kind=media&sort=value&down=1", size="phone")
    look(page)
    plain = browser.new_context(
        java_script_enabled=False, storage_state=page.context.storage_state()
    )
    bare = plain.new_page()
    bare.goto(page.url)
    assert shown(bare) == shown(page) == ["3", "5"]
    bare.locator("#tk-view [name=stance]").select_option("refutes")
    bare.get_by_role("button", name="Show", exact=True).click()
    assert shown(bare) == ["3"]
    bare.locator("#e-3").get_by_role("button", name="Does not bear").click()
    assert "1 passage put aside" in bare.locator("#aside summary").inner_text()
    bare.locator("#aside summary").click()
    bare.get_by_role("button", name="Bring it back").click()
    expect(bare.locator("#aside")).to_have_count(0)
    plain.close()
