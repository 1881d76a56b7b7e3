"""How few clicks and keys lead from the queue to a submitted verdict, the gate satisfied."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from claims.models import Ticket, Verdict, Waiver
from tests.admin.ticket.rows import House, make_ready
from tests.e2e.conftest import Open

MOST_CLICKS = 6
MOST_KEYS = 10
QUEUE = "/admin/claims/ticket/?queue=waiting"
PROSE = "The office counts 69.2 per cent; the long read names no source for its 60."


@pytest.fixture
def ticket(house: House) -> Ticket:
    """Ready, with more than enough evidence; and another that is less urgent."""
    make_ready(house.team, "World mines produced 390,000 tonnes of oxides in 2024.", priority=10)
    return make_ready(house.team, priority=90)


def expect_sent(page: Page, ticket: Ticket) -> None:
    expect(page.get_by_text("This is your own verdict")).to_be_visible()
    verdict = Verdict.objects.get(ticket=ticket)
    assert (verdict.rating_label, verdict.rationale) == ("Mostly true", PROSE)
    assert list(verdict.cited.values_list("number", "is_decisive")) == [(1, False), (3, True)]
    assert (verdict.independent_origins, verdict.is_primary_reached) == (2, True)
    assert not Waiver.objects.exists(), "the gate is satisfied, not waived"


def test_by_mouse(house: House, open_as: Open, ticket: Ticket) -> None:
    page = open_as(house.ada, QUEUE)
    clicks = 0

    def click(one: Locator) -> None:
        nonlocal clicks
        clicks += 1
        one.click()

    click(page.get_by_role("button", name="Take next"))
    click(page.locator("#e-3").get_by_label("Decisive"))
    click(page.locator("#e-1").get_by_label("Rests on this"))
    click(page.get_by_text("Mostly true"))
    click(page.get_by_label("Rationale"))
    page.keyboard.type(PROSE)
    click(page.get_by_role("button", name="Send for confirmation"))
    expect_sent(page, ticket)
    assert clicks <= MOST_CLICKS


def test_by_keys(house: House, open_as: Open, ticket: Ticket) -> None:
    page = open_as(house.ada, QUEUE)
    keys = 0

    def press(key: str, until: Callable[[], object] | None = None) -> None:
        nonlocal keys
        keys += 1
        page.keyboard.press(key)
        if until is not None:
            until()

    press("t", lambda: page.wait_for_url(f"**/ticket/{ticket.pk}/change/**"))
    press("j", lambda: expect(page.locator("#e-3")).to_be_focused())
    press("d")
    press("j", lambda: expect(page.locator("#e-1")).to_be_focused())
    press("e", lambda: expect(page.locator("#tk-rests")).to_have_text("[1] [3], decisive [3]"))
    press("2", lambda: expect(page.get_by_role("radio", name="Mostly true")).to_be_focused())
    press("Tab", lambda: expect(page.get_by_label("Rationale")).to_be_focused())
    page.keyboard.type(PROSE)
    press("Control+Enter")
    expect_sent(page, ticket)
    assert keys <= MOST_KEYS


def test_the_key_is_a_letter_where_one_writes(house: House, open_as: Open, ticket: Ticket) -> None:
    page = open_as(house.ada, QUEUE)
    page.locator("input[name=q]").focus()
    page.keyboard.type("tt")
    expect(page).to_have_url(f"{page.url.split('/admin')[0]}{QUEUE}")
    ticket.refresh_from_db()
    assert ticket.reserved_by is None
