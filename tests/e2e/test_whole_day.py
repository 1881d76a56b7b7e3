"""One claim's whole day before a real browser and real workers, from the paste to the correction.

A contributor brings the article, workers search, fetch and weigh, a reviewer takes what is next,
mends the frame, adds an address, marks stances and decides; the lead sends it back, gets it
again, confirms, publishes, has it corrected, and exports. Nothing is written past the pages.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from claims.models import Evidence, Ticket
from claims.vocabulary import ConfirmationPolicy, TicketState
from tests.admin.ticket.rows import House
from tests.e2e.conftest import Open
from tests.e2e.test_reviewers_day import LOOKS, find_grave_faults, overflow_of, page_of
from tests.e2e.test_screenshots import picture
from tests.site.server import Exchange, Site
from tests.stack.running import free_port
from tests.tasks.test_working import page_of as salt_page
from tests.tasks.workers import Worker, work_until

CLAIM = "The harbour of Varnholm handled 48,000 tonnes of salt in 2023, the port authority said."
ARTICLE = f"Salt comes back\n\n{CLAIM} The old quay is busy again.\n"
TOLD = {
    "/yearbook": "The harbour of Varnholm handled 48,000 tonnes of salt in 2023, it says.",
    "/customs": "In 2023 the harbour of Varnholm handled 31,000 tonnes of salt, customs counted.",
    "/ledger": "The quay's ledger has 47,960 tonnes of salt for the harbour of Varnholm in 2023.",
}
FIRST = "The yearbook counts 48,000 tonnes [{}], but customs counted 31,000."
SECOND = "The yearbook [{}] and the quay's own ledger [{}] agree; customs count exports alone."
WAIVED = "The yearbook is the authority's own; nobody else keeps a register."


@pytest.fixture(scope="module")
def web() -> Iterator[Site]:
    """Three pages, of which the search knows two."""
    with Site() as site:
        for path, sentence in TOLD.items():
            site.add(path, salt_page(sentence, path.strip("/").title()))

        def search(exchange: Exchange) -> None:
            found = [{"url": "/yearbook", "title": "Yearbook"}, {"url": "/customs", "title": "Cus"}]
            is_salt = "salt" in exchange.request.query.get("q", "").lower()
            exchange.answer(
                json.dumps({"results": found if is_salt else []}), content_type="application/json"
            )

        site.add("/search", search)
        yield site


@pytest.fixture(scope="module")
def workers(
    web: Site, django_db_setup: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[list[Worker]]:
    closed = free_port()
    environ = {
        "FACTCHECK_FETCH_ALLOW": f"127.0.0.1:{web.port}",
        "FACTCHECK_SAMPLE_WEB_URL": web.url("").rstrip("/"),
        "FACTCHECK_WIKIPEDIA_API_URL": f"http://127.0.0.1:{closed}/w/api.php",
    }
    log = tmp_path_factory.mktemp("workers")
    with Worker("fetch", log, **environ) as fetch, Worker("analyse", log, **environ) as analyse:
        yield [fetch, analyse]


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_from_the_paste_to_the_correction(
    house: House,
    open_as: Open,
    web: Site,
    workers: list[Worker],
    settings: object,
    size: str,
    scheme: str,
) -> None:
    settings.SAMPLE_WEB_URL = web.url("").rstrip("/")  # type: ignore[attr-defined]
    settings.FETCH_ALLOW = (web.address,)  # type: ignore[attr-defined]
    house.team.confirmation = ConfirmationPolicy.LEAD
    house.team.save()
    look = {"size": size, "scheme": scheme}
    dan = open_as(house.dan, "/admin/", **look)
    paste(dan)
    is_ready = Ticket.objects.filter(state=TicketState.READY).exists
    work_until(is_ready, 60, lambda: "".join(worker.told() for worker in workers))
    expect(dan.locator(".fa-number", has_text="48,000 tonnes").last).to_be_visible()
    ticket = Ticket.objects.get()

    ada = open_as(house.ada, "/admin/", **look)
    ada.get_by_role("button", name="Take next").click()
    ada.wait_for_url(f"**{page_of(ticket)}")
    mend_the_frame(ada)
    add_an_address(ada, web.url("/ledger"))
    yearbook, ledger = number_of("48,000"), number_of("47,960")
    other = f"evidence {number_of('31,000')}"
    ada.locator("#origins").get_by_role("button").filter(has_text=other).click()
    rest_on(ada, yearbook)
    ada.locator(f"#e-{number_of('31,000')}").get_by_label("Rests on this").check()
    expect(ada.locator("#gate-origins")).to_contain_text("2 of 2 independent origins")
    picture(ada, f"day-deciding-{size}-{scheme}")
    ada.locator("#gate-primary summary").click()
    ada.locator("#gate-primary").get_by_label("Why this is enough").fill(WAIVED)
    send(ada, "Half true", FIRST.format(yearbook))
    assert find_grave_faults(ada, "#ticket") == []

    lea = open_as(house.lead, "/admin/claims/ticket/?queue=confirm", **look)
    lea.get_by_role("link", name="The harbour of Varnholm").first.click()
    expect(lea.locator("#verdict")).to_contain_text(WAIVED)
    lea.locator("#second-note").fill("Say why customs counted less.")
    lea.get_by_role("button", name="Send back").click()
    expect(lea.get_by_text("is back with its reviewer").first).to_be_visible()

    ada.goto(page_of(ticket))
    expect(ada.get_by_text("Say why customs counted less.").first).to_be_visible()
    expect(ada.get_by_label("Rationale")).to_have_value(FIRST.format(yearbook))
    ada.locator(f"#e-{ledger}").get_by_label("Rests on this").check()
    send(ada, "True", SECOND.format(yearbook, ledger))

    lea.goto(page_of(ticket))
    assert overflow_of(lea) <= 0, "the page scrolls sideways"
    picture(lea, f"day-second-read-{size}-{scheme}")
    lea.get_by_role("button", name="Confirm", exact=True).click()
    lea.get_by_role("button", name="Publish").click()
    expect(lea.get_by_role("heading", name="Published verdict")).to_be_visible()
    assert find_grave_faults(lea, "#ticket") == []
    assert [row["rating"] for row in export_of(lea)] == ["True"]

    lea.goto(page_of(ticket))
    correct(lea, ada, ticket, SECOND.format(yearbook, ledger))
    picture(lea, f"day-published-{size}-{scheme}")
    rows = export_of(lea)
    assert [(row["rating"], row["rationale"]) for row in rows] == [
        ("Mostly true", f"{SECOND.format(yearbook, ledger)} Rounded."),
    ]
    lea.goto("/admin/corrections/")
    expect(lea.get_by_text("True → Mostly true")).to_be_visible()


def paste(page: Page) -> None:
    """The contributor's part: from home to the article that is being read."""
    adding = page.get_by_role("region", name="Add an article")
    adding.get_by_role("link", name="Paste text").click()
    page.get_by_label("Title").fill("Salt comes back")
    page.get_by_label("Text", exact=True).fill(ARTICLE)
    page.get_by_role("button", name="Read this article").click()
    page.wait_for_url("**/claims/article/*/change/")


def mend_the_frame(page: Page) -> None:
    place = page.locator("#chip-claim-place")
    place.locator("summary").click()
    place.get_by_label("Place").fill("the harbour of Varnholm")
    place.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The frame is saved").first).to_be_visible()


def add_an_address(page: Page, address: str) -> None:
    """Paste it and go on; the worker brings the page, and its card is there."""
    page.get_by_label("The address of a page").fill(address)
    page.get_by_label("The address of a page").press("Enter")
    work_until(Evidence.objects.filter(passage__quote__contains="47,960").exists, 60)
    page.reload()


def number_of(words: str) -> int:
    """Which card holds the words."""
    return Evidence.objects.get(passage__quote__contains=words).number


def rest_on(page: Page, number: int) -> None:
    card = page.locator(f"#e-{number}")
    card.get_by_role("button", name="Supports").click()
    expect(card.get_by_text("Set by you")).to_be_visible()
    card.get_by_label("Decisive").check()
    expect(card.get_by_label("Rests on this")).to_be_checked()


def send(page: Page, rating: str, rationale: str) -> None:
    page.get_by_role("radio", name=rating, exact=True).check()
    page.get_by_label("Rationale").fill(rationale)
    page.get_by_role("button", name="Send for confirmation").click()
    expect(page.get_by_text("This is your own verdict")).to_be_visible()


def correct(lea: Page, ada: Page, ticket: Ticket, before: str) -> None:
    """The published verdict is opened, decided anew with its class and reason, and replaced."""
    lea.locator("summary", has_text="Correct").click()
    lea.locator("#note-correct").fill("A reader asks for the rounding.")
    lea.get_by_role("button", name="Correct", exact=True).click()
    expect(lea.get_by_text("The ticket is open again").first).to_be_visible()
    lea.locator("summary", has_text="Release").click()
    lea.get_by_role("button", name="Release", exact=True).click()

    ada.goto(page_of(ticket))
    ada.get_by_role("button", name="Take this ticket").click()
    ada.get_by_label("How much it changes").select_option(label="Minor")
    ada.get_by_label("What is corrected and why").fill("The ledger rounds, so must the rating.")
    send(ada, "Mostly true", f"{before} Rounded.")
    lea.goto(page_of(ticket))
    lea.get_by_role("button", name="Confirm", exact=True).click()
    lea.get_by_role("button", name="Publish").click()
    expect(lea.get_by_text("The ledger rounds, so must the rating.").first).to_be_visible()


def export_of(page: Page) -> list[dict[str, str]]:
    """The rows of the verdict CSV as this person downloads it from the export page."""
    page.goto("/admin/export/")
    with page.expect_download() as started:
        page.get_by_role("button", name="Download CSV").click()
    told = started.value.path().read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(told)))
