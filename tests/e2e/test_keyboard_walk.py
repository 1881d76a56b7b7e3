"""Every control of the desk's pages by Tab, with the focus seen, and no page that keeps it."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from claims.models import Errand, ListView, Ticket
from claims.workflow.assign import assign_ticket
from tests.admin.ticket.rows import House, make_ready
from tests.e2e.axe import find_unseen_focus
from tests.e2e.conftest import Open
from tests.e2e.test_keyboard_day import tab_to

PAGES = (
    "/admin/",
    "/admin/claims/ticket/?queue=waiting&q=production",
    "/admin/lists/?list=ticket&keep=queue%3Dwaiting",
    *(
        reverse(f"admin:{name}")
        for name in (
            "claims_work",
            "claims_figures",
            "claims_record",
            "claims_notice_ways",
            "claims_ticket_workload",
            "claims_ticket_give_out",
            "claims_import",
            "claims_export",
        )
    ),
    "/admin/add/?kind=upload",
)
# Watches where the focus goes; of a group of radios Tab stops at one.
WATCH = """() => {
  const groups = (one) => [...document.getElementsByName(one.name)].filter((other) => other.form === one.form);
  const stops = (one) => one.type !== "radio" || one === (groups(one).find((other) => other.checked) || groups(one)[0]);
  const all = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")];
  window.wanted = all.filter((one) => one.tabIndex >= 0 && !one.disabled && one.type !== "hidden"
    && one.checkVisibility({ visibilityProperty: true }) && !one.closest("[inert]") && stops(one));
  window.reached = new Set();
  addEventListener("focusin", ({ target }) => window.reached.add(target));
  // A day has a stop for each of its parts.
  return window.wanted.length + 4 * window.wanted.filter((one) => one.type === "date").length;
}"""  # noqa: E501 - one line each, as it is read
MISSED = """() => {
  const name = (one) => (one.getAttribute("aria-label") || (one.labels && one.labels[0] && one.labels[0].innerText)
    || one.innerText || one.name || one.outerHTML.slice(0, 80)).trim().slice(0, 80);
  return window.wanted.filter((one) => one.isConnected && !window.reached.has(one)).map(name);
}"""  # noqa: E501 - one line each, as it is read


def walk(page: Page) -> list[str]:
    """Press Tab once round the page; what was not reached, and where the focus is not seen."""
    count = page.evaluate(WATCH)
    for _ in range(count + 2):
        page.keyboard.press("Tab")
    missed: list[str] = page.evaluate(MISSED)
    return [*(f"not reached: {name}" for name in missed), *find_unseen_focus(page)]


@pytest.mark.parametrize(("size", "pages"), [("wide", PAGES), ("phone", PAGES[1:7])])
def test_every_control_is_reached_by_tab_and_seen(
    house: House, open_as: Open, size: str, pages: tuple[str, ...]
) -> None:
    for number in (3, 4):
        ticket = make_ready(house.team, f"Global production rose by {number} per cent.")
    assign_ticket(ticket, house.ben, by=house.lead)
    ListView.objects.create(person=house.lead, noun="ticket", name="Mine", query="queue=mine")
    Errand.objects.create(team=house.team, kind="check", asked_by=house.lead, total=3)
    page = open_as(house.lead, size=size)
    found = {}
    for address in pages:
        page.goto(address)
        if told := walk(page):
            found[address] = told
    assert not found, "\n".join(f"{key}: {told}" for key, told in found.items())


def test_many_are_put_back_and_that_is_undone_by_keys_on_a_phone(
    house: House, open_as: Open
) -> None:
    tickets = [make_ready(house.team, f"Production rose by {n} per cent.") for n in (3, 4)]
    for ticket in tickets:
        assign_ticket(ticket, house.ben, by=house.lead)
    page = open_as(house.lead, "/admin/claims/ticket/", size="phone")
    for _ in tickets:
        tab_to(page, "Select record")
        page.keyboard.press("Space")
    tab_to(page, "Select action to run", back=True)
    page.keyboard.type("Back to")
    expect(page.locator("select[name=action]")).to_have_value("return_many")
    tab_to(page, "Run")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Back to the queue: 2 tickets")).to_be_visible()
    tab_to(page, "Note for whoever")
    page.keyboard.type("Ben is ill today.")
    tab_to(page, "Back to the queue")
    page.keyboard.press("Enter")
    expect(page.get_by_text("2 tickets back in the queue.")).to_be_visible()
    assert not Ticket.objects.filter(assigned_to=house.ben).exists()
    tab_to(page, "Undo")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Undone for 2 of 2.")).to_be_visible()
    assert Ticket.objects.filter(assigned_to=house.ben).count() == 2
    # A view is kept under a name.
    page.goto("/admin/lists/?list=ticket&keep=queue%3Dwaiting")
    tab_to(page, "Name")
    page.keyboard.type("What waits")
    tab_to(page, "Save")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="What waits")).to_be_visible()
    assert ListView.objects.get().name == "What waits"
