"""A blind read in the browser: the form alone, then both verdicts for a third."""

from __future__ import annotations

from playwright.sync_api import expect

from claims.workflow.assign import take_ticket
from claims.workflow.decide import Decision, decide_ticket
from tests.admin.ticket.rows import House, enough, make_ready
from tests.e2e.conftest import Open
from tests.e2e.test_reviewers_day import find_grave_faults, page_of

FIRST = "Two official tables agree with the claim [1] and one report does not [3]."


def test_blind_then_a_third(house: House, open_as: Open) -> None:
    house.team.blind_percent = 100
    house.team.save()
    ticket = take_ticket(make_ready(house.team), house.ada)
    rating = house.team.scale.ratings.earliest("position").pk
    decision = Decision(rating_id=rating, rationale=FIRST, evidence_ids=enough(ticket))
    decide_ticket(ticket, decision, by=house.ada, expected_version=ticket.version)

    ben = open_as(house.ben, page_of(ticket), size="phone", scheme="dark")
    expect(ben.get_by_role("heading", name="Your blind read")).to_be_visible()
    assert find_grave_faults(ben, "#ticket") == []
    ben.get_by_role("radio", name="False", exact=True).check()
    ben.get_by_label("Rationale").fill("The long read says *otherwise* [3].")
    expect(ben.locator("#tk-preview-text em")).to_have_text("otherwise")
    expect(ben.get_by_text("Two official tables")).to_have_count(0)
    ben.get_by_role("button", name="Give this rating").click()
    expect(ben.locator("#verdict").get_by_text("Two official tables")).to_be_visible()

    lea = open_as(house.lead, page_of(ticket))
    expect(lea.get_by_text("rated it without seeing this")).to_be_visible()
    lea.get_by_role("link", name="Edit and confirm").click()
    expect(lea.get_by_label("Rationale")).to_have_value(FIRST)
    assert find_grave_faults(lea, "#ticket") == []
    lea.get_by_role("button", name="Save and confirm").click()
    expect(lea.get_by_role("heading", name="Final verdict")).to_be_visible()
