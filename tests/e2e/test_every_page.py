"""Every type of page, light and dark, wide and narrow: axe, structure, width, focus.

The pages come from the admin's own URLs (:mod:`tests.e2e.page_types`), so that
a new one is looked at without anybody remembering to.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from tests.admin.ticket.rows import House, make_ready
from tests.e2e.axe import find_faults, find_overflow, find_structure_faults, find_unseen_focus
from tests.e2e.conftest import Open
from tests.e2e.page_types import list_page_types, make_rows

Scheme = Literal["light", "dark"]
LIGHT_AND_DARK: tuple[Scheme, Scheme] = ("light", "dark")
WIDE, PHONE = (1280, 900), (390, 844)
# 1280 px at 200 %, and the narrowest width that must not scroll sideways (WCAG 1.4.10).
ZOOMED, NARROW = (640, 450), (320, 640)
FEWEST_PAGES = 50
# Only these can differ between light and dark: the page is the same.
COLOURS = ("color-contrast", "link-in-text-block")


def look_at(page: Page, size: tuple[int, int], scheme: Scheme) -> None:
    """The page at this size and in these colours; it follows both by itself."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme=scheme)
    page.wait_for_function(
        "dark => !document.querySelector('[x-data]')"
        " || document.documentElement.classList.contains('dark') === dark",
        arg=scheme == "dark",
    )


@pytest.mark.timeout(600)
def test_every_page_type_is_without_a_fault(house: House, open_as: Open) -> None:
    rows = make_rows(house)
    addresses = list_page_types(house.boss, rows)
    assert len(addresses) >= FEWEST_PAGES
    page = open_as(house.boss)
    faults: list[str] = []
    for address in addresses:
        page.goto(address)
        for size in (WIDE, PHONE):
            for scheme in LIGHT_AND_DARK:
                look_at(page, size, scheme)
                found = find_faults(page, () if scheme == "light" else COLOURS)
                if size == WIDE:
                    found += find_unseen_focus(page)
                faults += [f"{address} {size[0]} {scheme}: {one}" for one in found]
        faults += [f"{address}: {one}" for one in find_structure_faults(page)]
        for size in (WIDE, ZOOMED, PHONE, NARROW):
            page.set_viewport_size({"width": size[0], "height": size[1]})
            faults += [f"{address}: {one}" for one in find_overflow(page)]
    assert not faults, "\n".join(faults)


def test_what_opens_on_a_page_is_without_a_fault(house: House, open_as: Open) -> None:
    """Menu, filters, palette, shortcuts, the account's menu, a refused form, a closed session."""
    ticket = make_ready(house.team)
    page = open_as(house.lead)
    acts: list[tuple[str, str, tuple[int, int]]] = [
        ("/admin/claims/ticket/", "button[data-opens='#changelist-filter']", WIDE),
        ("/admin/claims/ticket/", "button[data-opens='#nav-sidebar']", PHONE),
        ("/admin/", "#nav-sidebar-inner [x-on\\:click*=opencommand] button", WIDE),
        ("/admin/", ".fk-who", WIDE),
        ("/admin/add/?kind=text", "form.fc-form button[type=submit]", PHONE),
        ("/admin/notices/ways/", "input[name=app]", PHONE),
        ("/admin/claims/source/add/", "#submit-row button[name=_save]", WIDE),
        (f"/admin/claims/ticket/{ticket.pk}/change/", "#tk-keys-open", WIDE),
    ]
    for address, control, size in acts:
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.goto(address)
        page.locator(control).first.click()
        page.wait_for_load_state()
        page.wait_for_timeout(200)
        for scheme in LIGHT_AND_DARK:
            look_at(page, size, scheme)
            assert find_faults(page) == [], (address, control, scheme)
            assert find_overflow(page) == [], (address, control)


def test_the_log_in_is_without_a_fault(open_as: Open, house: House) -> None:
    page = open_as(None, "/admin/login/")
    for _ in range(2):
        for size in (WIDE, PHONE):
            for scheme in LIGHT_AND_DARK:
                look_at(page, size, scheme)
                assert find_faults(page) == []
                assert find_structure_faults(page) == []
        assert find_unseen_focus(page) == []
        page.get_by_label("Username").fill("nobody")
        page.get_by_label("Password").fill("wrong")
        page.get_by_role("button", name="Log in").click()
        expect(page.get_by_role("alert").last).to_be_visible()


SPOILT: list[tuple[str, str, Callable[[Page], list[str]], str]] = [
    ("a picture without words", "main.innerHTML += '<img src=\"/x.svg\">'", find_faults, "alt"),
    (
        "grey on grey",
        "main.insertAdjacentHTML('beforeend', '<p id=pale>Words</p>');"
        "pale.style.color = '#bbb'; pale.style.background = '#ccc'",
        find_faults,
        "contrast",
    ),
    ("a skipped heading", "main.innerHTML += '<h5>Deep</h5>'", find_structure_faults, "h5 after"),
    ("a second title", "main.innerHTML += '<h1>Again</h1>'", find_structure_faults, "2 first"),
    (
        "too wide",
        "main.insertAdjacentHTML('beforeend', '<p id=long>x</p>'); long.style.width = '3000px'",
        find_overflow,
        "sideways",
    ),
    (
        "no ring",
        "document.querySelectorAll('a').forEach(a => a.style.outline = 'none')",
        find_unseen_focus,
        "no ring",
    ),
]


@pytest.mark.parametrize(
    ("spoil", "find", "told"), [pytest.param(*one[1:], id=one[0]) for one in SPOILT]
)
def test_control_a_spoilt_page_is_caught(
    house: House, open_as: Open, spoil: str, find: Callable[[Page], list[str]], told: str
) -> None:
    page = open_as(house.dan, "/admin/export/")
    assert find(page) == []
    page.evaluate(f"() => {{ const main = document.querySelector('main'); {spoil} }}")
    assert any(told in fault for fault in find(page))


def test_control_a_page_that_is_added_is_asked_for(house: House) -> None:
    """An address with an argument that nothing is known for does not pass in silence."""
    rows = make_rows(house)
    known = set(list_page_types(house.boss, rows))
    assert {"/admin/", "/admin/add/", f"/admin/claims/team/{house.team.pk}/history/"} <= known
    del rows["article"]
    with pytest.raises(KeyError):
        list_page_types(house.boss, rows)
