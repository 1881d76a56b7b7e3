"""Bringing an article in, watching it being read, and finding one's way, in a real browser."""

from __future__ import annotations

from playwright.sync_api import expect

from claims.models import Article, Ticket
from claims.tasks import work_analyses
from claims.vocabulary import TicketState
from tests.admin.ticket.rows import House, make_ready
from tests.e2e.conftest import Open

TEXT = """The quarry

China accounts for nearly 70 per cent of global production of rare earths. Who knew?

The ministry signed a $500 million deal in September 2025, and it says so itself.
"""


def test_a_text_is_pasted_read_and_shown_with_its_claims(house: House, open_as: Open) -> None:
    page = open_as(house.dan, "/admin/")
    adding = page.get_by_role("region", name="Add an article")
    adding.get_by_role("link", name="Paste text").click()
    page.get_by_label("Byline").fill("A. Byline")
    page.get_by_role("button", name="Read this article").click()
    expect(page.get_by_role("alert")).to_contain_text("There is no text here")
    expect(page.get_by_label("Byline")).to_have_value("A. Byline")

    page.get_by_label("Text", exact=True).fill(TEXT)
    page.get_by_role("button", name="Read this article").click()
    expect(page.get_by_text("Reading the article")).to_be_visible()
    assert work_analyses()

    # The page catches up by itself.
    number = page.locator(".fa-number", has_text="$500 million").last
    expect(number).to_be_visible()
    number.focus()
    told = number.evaluate("one => getComputedStyle(one, '::after').display")
    assert told == "block"
    assert number.get_attribute("data-read") == "500,000,000 dollars"

    ticket = Ticket.objects.order_by("pk").first()
    assert ticket is not None
    page.get_by_role("link", name=f"Ticket {ticket.pk}", exact=True).click()
    page.wait_for_url(f"**/ticket/{ticket.pk}/change/")


def test_a_reviewer_takes_the_next_ticket_from_home(house: House, open_as: Open) -> None:
    ready = make_ready(house.team)
    page = open_as(house.ben, "/admin/")
    page.get_by_role("button", name="Take next").click()
    page.wait_for_url(f"**/ticket/{ready.pk}/change/")
    ready.refresh_from_db()
    assert (ready.state, ready.reserved_by) == (TicketState.IN_REVIEW, house.ben)


def test_the_palette_opens_by_key_and_leads_to_a_ticket(house: House, open_as: Open) -> None:
    ready = make_ready(house.team)
    page = open_as(house.ada, "/admin/")
    page.keyboard.press("Control+k")
    page.get_by_role("searchbox", name="Search everything").press_sequentially("global production")
    found = page.locator("#command-results-list a", has_text="nearly 70 per cent").first
    expect(found).to_be_visible()
    found.click()
    page.wait_for_url(f"**/ticket/{ready.pk}/change/")


def test_a_phone_shows_every_list_without_scrolling_sideways(house: House, open_as: Open) -> None:
    make_ready(house.team)
    article = Article.objects.latest("pk")
    page = open_as(house.lead, "/admin/", size="phone", scheme="dark")
    for path in (
        "",
        "add/",
        "export/",
        "claims/claim/",
        "claims/article/",
        f"claims/article/{article.pk}/change/",
        "claims/page/",
        "claims/search/",
        "claims/verdict/",
        f"claims/team/{house.team.pk}/change/",
    ):
        page.goto(f"/admin/{path}")
        wide = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert wide <= 0, path
