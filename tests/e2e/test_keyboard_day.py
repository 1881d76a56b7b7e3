"""A reviewer's whole day without a mouse: Tab, Enter, Space, arrows and the page's own keys."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from claims.models import Ticket, Verdict
from claims.vocabulary import TicketState, VerdictState
from tests.admin.ticket.rows import PASSWORD, House, make_ready
from tests.e2e.conftest import Open

RATIONALE = "The statistics office counts 69.2 per cent for 2024 [1]."
MOST_STEPS = 120
# What has the focus, as a person who cannot see it is told.
NAME = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return "";
  const label = one.getAttribute("aria-label") || (one.labels && one.labels[0] && one.labels[0].innerText);
  const icons = [...one.querySelectorAll("[aria-hidden=true]")].map((icon) => icon.textContent.trim());
  const words = (label || one.innerText || "").split("\\n").map((part) => part.trim());
  return words.filter((part) => part && !icons.includes(part)).join(" ");
}"""  # noqa: E501 - one line each, as it is read


def tab_to(page: Page, name: str, *, back: bool = False) -> None:
    """Press Tab until the control of this name (or whose name begins so) has the focus."""
    seen = []
    for _ in range(MOST_STEPS):
        page.keyboard.press("Shift+Tab" if back else "Tab")
        seen.append(page.evaluate(NAME))
        if seen[-1].startswith(name):
            return
    raise AssertionError(f"{name!r} is not reached by Tab; reached: {list(dict.fromkeys(seen))}")


def log_in(page: Page, name: str) -> None:
    page.goto("/admin/login/?next=/admin/")
    tab_to(page, "Username")
    page.keyboard.type(name)
    tab_to(page, "Password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url("/admin/")


def log_out(page: Page, full_name: str) -> None:
    page.goto("/admin/")
    tab_to(page, full_name)
    page.keyboard.press("Enter")
    tab_to(page, "Log out")
    page.keyboard.press("Enter")
    expect(page).not_to_have_url("/admin/")


def test_the_day_by_keyboard_alone(house: House, open_as: Open) -> None:
    ticket = make_ready(house.team)
    here = re.compile(rf"/ticket/{ticket.pk}/change/")
    page = open_as(None)
    log_in(page, "ada")
    page.wait_for_load_state()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    tab_to(page, "Take next")
    page.keyboard.press("Enter")
    page.wait_for_url(here)

    page.keyboard.press("j")
    expect(page.locator("#e-2, #e-3, #e-1").locator("visible=true").first).to_be_visible()
    tab_to(page, "Rests on this")
    page.keyboard.press("Space")
    page.keyboard.press("v")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name="Mostly true")).to_be_checked()
    tab_to(page, "Rationale")
    page.keyboard.type(RATIONALE)
    tab_to(page, "Send for confirmation")
    page.keyboard.press("Enter")
    expect(page.get_by_text("This is your own verdict")).to_be_visible()
    log_out(page, "Ada Okafor")

    log_in(page, "ben")
    tab_to(page, "Waiting for confirmation")
    page.keyboard.press("Enter")
    page.wait_for_url("**queue=confirm")
    tab_to(page, "China accounts for nearly 70 per cent")
    page.keyboard.press("Enter")
    page.wait_for_url(here)
    tab_to(page, "Confirm")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Final verdict")).to_be_visible()
    log_out(page, "Ben Varga")

    log_in(page, "lea")
    page.wait_for_load_state()
    page.keyboard.press("Control+k")
    expect(page.get_by_role("searchbox", name="Search everything")).to_be_focused()
    page.keyboard.type("global production")
    expect(page.locator("#command-results-list a").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(here)
    tab_to(page, "Publish")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Published verdict")).to_be_visible()
    tab_to(page, "Export")
    page.keyboard.press("Enter")
    page.wait_for_url("**/export/")
    tab_to(page, "Download CSV")
    with page.expect_download() as got:
        page.keyboard.press("Enter")
    assert got.value.suggested_filename.endswith(".csv")
    assert Verdict.objects.get(ticket=ticket).state == VerdictState.FINAL
    assert Ticket.objects.get(pk=ticket.pk).state == TicketState.PUBLISHED


@pytest.mark.parametrize(
    ("size", "opener", "inside"),
    [("wide", "Filters", "Close the filters"), ("phone", "Menu", "Close the menu")],
)
def test_a_drawer_takes_the_focus_keeps_it_and_gives_it_back(
    house: House, open_as: Open, size: str, opener: str, inside: str
) -> None:
    make_ready(house.team)
    page = open_as(house.ada, "/admin/claims/ticket/", size=size)
    tab_to(page, opener)
    page.keyboard.press("Enter")
    drawer = page.locator("#changelist-filter" if opener == "Filters" else "#nav-sidebar")
    expect(drawer).to_be_visible()
    expect(drawer.locator(":focus")).to_have_count(1)
    for _ in range(40):
        page.keyboard.press("Tab")
        expect(drawer.locator(":focus")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    expect(page.get_by_role("button", name=opener, exact=True)).to_be_focused()
    tab_to(page, opener, back=True)
    page.keyboard.press("Enter")
    tab_to(page, inside)
    page.keyboard.press("Enter")
    expect(drawer).to_be_hidden()


@pytest.mark.parametrize("path", ["/admin/", "/admin/add/", "/admin/claims/ticket/", "ticket"])
def test_tab_visits_everything_once_and_leaves(house: House, open_as: Open, path: str) -> None:
    """Everything that can be reached is, in the order of the page, and nothing holds the focus."""
    ticket = make_ready(house.team)
    path = f"/admin/claims/ticket/{ticket.pk}/change/" if path == "ticket" else path
    page = open_as(house.ada, path)
    page.evaluate(
        """() => {
          const kinds = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
          const can = (one) => !one.disabled && one.tabIndex >= 0 && one.checkVisibility({ visibilityProperty: true })
            && !(one.type === "radio" && !one.checked && one !== document.querySelector(`[name=${one.name}]`));
          window.order = [...document.querySelectorAll(kinds)].filter(can);
        }"""  # noqa: E501 - one line each, as it is read
    )
    count = page.evaluate("order.length")
    visited: list[int] = []
    for _ in range(count + 5):
        page.keyboard.press("Tab")
        at = page.evaluate("order.indexOf(document.activeElement)")
        if visited and (at < 0 or at == visited[0]):
            break
        visited.append(at)
    assert visited == sorted(visited), "the order of Tab is not the order of the page"
    assert len(set(visited)) == count, "something that can be reached is not"


def test_the_system_s_colours_are_followed_when_they_change(house: House, open_as: Open) -> None:
    page = open_as(house.ada, "/admin/")
    for scheme, is_dark in (("dark", True), ("light", False), ("dark", True)):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.wait_for_function(
            "dark => document.documentElement.classList.contains('dark') === dark", arg=is_dark
        )
    # A person who chose is not overruled.
    page.locator(".fk-who").click()
    page.get_by_role("button", name="Light").click()
    page.emulate_media(color_scheme="light")
    page.emulate_media(color_scheme="dark")
    page.wait_for_timeout(200)
    assert not page.evaluate("document.documentElement.classList.contains('dark')")
