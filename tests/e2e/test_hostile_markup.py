"""Stored payloads before a real browser: nothing opens, nothing is refused, nothing leaves."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Dialog, Page, Route, expect

from claims.admin.stored_page import POLICY
from claims.models import Snapshot
from claims.models.bodies import store_body
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


HOSTILE_PAGE = """<!doctype html><title>Salt</title><p>Honest words.</p>
<script>document.title = "ran"; alert("ran")</script><img src=x onerror="alert('ran')">
<svg onload="alert('ran')"></svg><iframe srcdoc="<script>parent.alert('ran')</script>"></iframe>
<script>fetch("/admin/").then((answer) => alert(answer.status))</script>
<link rel=stylesheet href=/static/x.css><style>body { background: url(/x.png) }</style>
<object data=/admin/></object><form id=f action=/admin/ method=post></form>
<script>document.getElementById("f").submit()</script>"""


def test_a_stored_page_runs_nothing_and_asks_for_nothing(
    transactional_db: None, open_as: Open
) -> None:
    world, body = make_world(), store_body(HOSTILE_PAGE.encode())
    copy = Snapshot.objects.filter(pk=world.near.snapshot.pk)
    copy.update(sha256=body.sha256, body_path=body.path, content_type="text/html")
    page = open_as(world.boss)
    opened, asked = note_dialogs(page), list[str]()
    page.on("request", lambda request: asked.append(request.url.partition(":")[2]))
    address = reverse("admin:claims_snapshot_page", args=[world.near.snapshot.pk])
    page.goto(address)
    expect(page.get_by_text("Honest words.")).to_be_visible()
    page.wait_for_timeout(300)
    assert (opened, len(asked)) == ([], 1)
    assert page.url.endswith(address)


@pytest.mark.parametrize("is_guarded", [True, False])
def test_its_policy_holds_even_what_would_come_through(browser: Browser, is_guarded: bool) -> None:
    """The page as it was sent, under the policy alone; and, the control, under none."""
    page = browser.new_page()
    opened, asked = note_dialogs(page), list[str]()
    headers = {"Content-Security-Policy": POLICY} if is_guarded else {}

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        is_page = len(asked) == 1
        route.fulfill(
            body=HOSTILE_PAGE if is_page else "", content_type="text/html", headers=headers
        )

    page.route("**/*", answer)
    page.goto("http://127.0.0.1:1/copy", wait_until="commit")
    page.wait_for_timeout(500)
    for _ in range(0 if is_guarded else 300):
        if opened and len(asked) > 1:
            break
        page.wait_for_timeout(100)
    page.close()
    assert (bool(opened), len(asked) > 1) == (not is_guarded, not is_guarded)
