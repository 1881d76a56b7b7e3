"""Stored payloads before a real browser: nothing opens, nothing is refused, nothing leaves."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Dialog, Page

from tests.admin.hostile.payloads import Payload, all_payloads
from tests.admin.hostile.planting import (
    Sower,
    close_append_only_tables,
    open_append_only_tables,
)
from tests.admin.world import World, make_world
from tests.e2e.conftest import Open

DANGEROUS = (
    "script tag", "glued handler", "foreign content", "address in a tag", "mutation",
    "expression in an attribute", "out of quotes", "closer", "out of JSON",
)  # fmt: skip


def dangerous() -> tuple[Payload, ...]:
    """Those that run by themselves or change the page, some of every family that does."""
    chosen = [payload for payload in all_payloads() if payload.family in DANGEROUS]
    return tuple(chosen[::2])


def note_dialogs(page: Page) -> list[str]:
    """The list that every dialog's words are added to."""
    opened: list[str] = []

    def note(dialog: Dialog) -> None:
        opened.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", note)
    return opened


@pytest.fixture
def planted(transactional_db: None) -> Iterator[World]:
    world = make_world()
    open_append_only_tables()
    try:
        Sower(dangerous()).sow()
        yield world
    finally:
        close_append_only_tables()


def test_nothing_stored_runs(planted: World, open_as: Open) -> None:
    """``open_as`` fails on a refusal of the policy and on a request that would leave."""
    assert len(dangerous()) >= 300
    desk = planted.near
    page = open_as(planted.boss)
    opened = note_dialogs(page)
    shown = 0
    for address in (
        reverse("admin:index"),
        reverse("admin:claims_ticket_changelist"),
        *(
            reverse(f"admin:claims_{noun}_change", args=[getattr(desk, noun).pk])
            for noun in ("ticket", "article", "claim", "snapshot", "verdict", "team")
        ),
        reverse("admin:claims_ticket_change", args=[desk.decided.pk]),
        f"{reverse('admin:claims_claim_changelist')}?q={desk.claim.pk}",
        reverse("admin:claims_ingest"),
    ):
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        page.wait_for_timeout(200)
        shown += page.evaluate("document.body.innerHTML.match(/zq\\d+z/g)?.length ?? 0")
        assert page.evaluate(MARKED_PARTS) == [], address
    assert opened == []
    assert shown > 1_000


# Elements and attributes that carry a mark where only markup stands, by the browser's own parser.
MARKED_PARTS = r"""() => {
  const text = /^(value|title|alt|placeholder|aria-label|content|lang|href|action|data-read)$/;
  const found = [];
  for (const one of document.querySelectorAll("*")) {
    if (/zq\d+z/i.test(one.localName)) found.push(one.localName);
    for (const { name, value } of one.attributes)
      if (/zq\d+z/i.test(name) || (/zq\d+z/.test(value) && !text.test(name)))
        found.push(`${one.localName} ${name}`);
    if (/^(script|style)$/.test(one.localName) && /zq\d+z/.test(one.textContent))
      found.push(one.localName);
    const address = one.getAttribute("href");
    if (address && /zq\d+z/.test(address) && !/^https?:$/.test(one.protocol ?? ""))
      found.push(`${one.localName} leads to ${address}`);
  }
  return found;
}"""


def test_the_same_payloads_unescaped_would_run(browser: Browser) -> None:
    """The control: no escape, no policy."""
    page = browser.new_page()
    opened = note_dialogs(page)
    page.route("**/*", lambda route: route.abort())
    marked = 0
    for payload in dangerous()[::4]:
        page.set_content(f"<p title='x'>{payload.text}</p>", wait_until="commit")
        marked += bool(page.evaluate(MARKED_PARTS))
    page.wait_for_timeout(200)
    page.close()
    assert len(opened) >= 10
    assert marked >= 60
