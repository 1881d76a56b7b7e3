"""axe-core in a page, and the few things about a page that axe does not look at.

The script comes with a pinned development package; nothing is fetched.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Page

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
GRAVE = frozenset({"moderate", "serious", "critical"})
ASK = Path(__file__).with_name("page_faults.js").read_text("utf-8")


def find_faults(page: Page, only: tuple[str, ...] = ()) -> list[str]:
    """What axe calls moderate or worse, ``impact rule where``, for the page as it now looks.

    ``only`` names rules: of a page that was looked at in other colours, contrast is what is left.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found: list[list[Any]] = _ask(page, "axe", list(only))
    return [" ".join(map(str, one)) for one in found if one[0] in GRAVE]


def find_structure_faults(page: Page) -> list[str]:
    """Headings, landmarks, header cells and icons that a screen reader would stumble over."""
    faults: list[str] = _ask(page, "structure")
    return faults


def find_overflow(page: Page) -> list[str]:
    """Whether the page scrolls sideways, and what makes it."""
    faults: list[str] = _ask(page, "overflow")
    return faults


def find_unseen_focus(page: Page) -> list[str]:
    """Controls that take the focus and do not show it."""
    # Chromium draws rings for those who use keys; one key says so.
    page.keyboard.press("Shift")
    page.evaluate("document.body.focus()")
    page.keyboard.press("Tab")
    faults: list[str] = _ask(page, "unseenFocus")
    return faults


def _ask(page: Page, question: str, *given: Any) -> Any:
    if not page.evaluate("'pageFaults' in window"):
        page.evaluate(ASK)
    return page.evaluate("([question, given]) => pageFaults[question](...given)", [question, given])
