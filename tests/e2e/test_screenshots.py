"""Every state of the product in a picture, drawn from the product itself.

``make screenshots`` keeps them in ``docs/screenshots``; without a folder named the
same pages are asked for what they must say, so that no picture tells of a page that is gone.
"""

from __future__ import annotations

import base64
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from claims.models import Article, Job, Search, Ticket
from claims.vocabulary import ArticleState, FetchReason, JobKind, JobState, SearchOutcome
from claims.workflow.assign import release_ticket, take_ticket
from claims.workflow.decide import decide_ticket
from tests.admin.ticket.rows import House, make_ready, make_ticket
from tests.e2e.conftest import Open
from tests.people import a_decision

SIZE = {"width": 1280, "height": 860}
MAX_BYTES = 150_000
RATIONALE = (
    "The statistics office counts 69.2 per cent for 2024 [1]; “nearly 70” covers it. The agency "
    "repeats the office [2], so both are one origin."
)
ENCODE = """async ([data, quality]) => {
  const image = new Image();
  image.src = `data:image/png;base64,${data}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [image.width, image.height];
  canvas.getContext("2d").drawImage(image, 0, 0);
  return canvas.toDataURL("image/webp", quality).split(",")[1];
}"""


def picture(page: Page, name: str) -> None:
    """Keep what the window shows as ``NAME.webp``, where a folder was named."""
    folder = os.environ.get("FACTCHECK_PICTURES")
    if not folder:
        return
    page.evaluate("document.activeElement && document.activeElement.blur()")
    # What was told of the last act passes; a picture stays.
    page.evaluate("document.querySelectorAll('.tk-toast').forEach(one => one.hidden = true)")
    page.wait_for_timeout(300)
    taken = base64.b64encode(page.screenshot(animations="disabled")).decode()
    blank = page.context.new_page()
    for quality in (0.9, 0.75, 0.5):
        body = base64.b64decode(blank.evaluate(ENCODE, [taken, quality]))
        if len(body) <= MAX_BYTES:
            break
    blank.close()
    assert len(body) <= MAX_BYTES, f"{name}: {len(body)} bytes"
    kept = Path(folder)
    kept.mkdir(parents=True, exist_ok=True)
    (kept / f"{name}.webp").write_bytes(body)


def open_at(open_as: Open, person: Any, path: str, **look: str) -> Page:
    page = open_as(person, **look)
    if look.get("size") != "phone":
        page.set_viewport_size(SIZE)  # type: ignore[arg-type]
    page.goto(path)
    return page


def tidy(house: House) -> None:
    """The rows' running numbers, which keep tests apart, are not for a picture."""
    house.team.scale.name = "Five steps"
    house.team.scale.save()
    for article in Article.objects.filter(state=ArticleState.RECEIVED):
        article.title = article.title.rpartition(" (")[0]
        article.text = article.text.rpartition("\n")[0]
        article.state = ArticleState.READ
        article.save()


def page_of(ticket: Ticket) -> str:
    return f"/admin/claims/ticket/{ticket.pk}/change/"


def decide_half(page: Page) -> None:
    """A verdict as it looks shortly before it is sent."""
    page.locator("#e-1").get_by_label("Rests on this").check()
    page.locator("#e-1").get_by_label("Decisive").check()
    page.get_by_role("radio", name="Mostly true").check()
    page.get_by_label("Rationale").fill(RATIONALE)
    expect(page.locator("#tk-saved")).to_contain_text("Draft saved")
    page.evaluate("window.scrollTo(0, 0)")


@pytest.mark.parametrize(
    ("size", "scheme"), [("wide", "light"), ("wide", "dark"), ("phone", "light"), ("phone", "dark")]
)
def test_ticket(house: House, open_as: Open, size: str, scheme: str) -> None:
    ticket = take_ticket(make_ready(house.team), house.ada)
    tidy(house)
    page = open_at(open_as, house.ada, page_of(ticket), size=size, scheme=scheme)
    decide_half(page)
    picture(page, f"ticket-{size}-{scheme}")


def test_work(house: House, open_as: Open) -> None:
    """Home, the queue, an article; and one piece of everything that can be under way."""
    held = take_ticket(make_ready(house.team, "Exports fell to 12 tonnes in May."), house.ada)
    make_ready(house.team, priority=94)
    make_ready(house.team, "World mines produced 390,000 tonnes of oxides in 2024.")
    gathering = make_ticket(house.team, "Mines opened in 12 countries.")
    for provider in ("library", "wikipedia"):
        Search.objects.create(
            ticket=gathering, provider=provider, query="mines countries", purpose="support"
        )
    Search.objects.create(
        ticket=gathering,
        provider="sample_web",
        query="mines opened",
        purpose="contradict",
        outcome=SearchOutcome.FOUND,
        result_count=3,
        ended_at=timezone.now(),
    )
    done = take_ticket(make_ready(house.team, "Mines closed in 3 countries."), house.ben)
    decide_ticket(done, a_decision(done), by=house.ben, expected_version=done.version)
    tidy(house)
    page = open_at(open_as, house.ada, "/admin/")
    expect(page.get_by_text("My tickets")).to_be_visible()
    picture(page, "home")
    page.goto("/admin/claims/ticket/?queue=waiting")
    picture(page, "queue")
    page.goto(f"/admin/claims/article/{Article.objects.earliest('pk').pk}/change/")
    picture(page, "article")
    page.goto(page_of(gathering))
    expect(page.get_by_role("progressbar", name="Gathering")).to_be_visible()
    picture(page, "working-gathering")
    reading = Article.objects.latest("pk")
    Article.objects.filter(pk=reading.pk).update(state=ArticleState.RECEIVED)
    page.goto(f"/admin/claims/article/{reading.pk}/change/")
    expect(page.get_by_text("Reading the article")).to_be_visible()
    picture(page, "working-reading")
    assert held.reserved_by == house.ada


def test_empty(house: House, open_as: Open) -> None:
    page = open_at(open_as, house.ada, "/admin/")
    expect(page.get_by_text("From here to a first verdict")).to_be_visible()
    picture(page, "empty-first-run")
    page.goto("/admin/claims/ticket/")
    expect(page.get_by_role("heading", name="No tickets yet")).to_be_visible()
    expect(page.locator("main").get_by_role("link", name="Add an article")).to_be_visible()
    picture(page, "empty-tickets")
    bare = make_ready(house.team, "There are 17 rare earth elements.", told=())
    tidy(house)
    page.goto("/admin/claims/ticket/?q=cobalt")
    expect(page.get_by_role("heading", name="No ticket fits the search")).to_be_visible()
    page.get_by_role("link", name="Show all tickets").click()
    page.goto("/admin/claims/ticket/?q=cobalt")
    picture(page, "empty-no-results")
    page.goto(page_of(bare))
    nothing = page.get_by_role("heading", name="No evidence was found")
    expect(nothing).to_be_visible()
    nothing.evaluate("one => one.scrollIntoView({ block: 'center' })")
    picture(page, "empty-no-evidence")


def test_faults(house: House, open_as: Open) -> None:
    ticket = make_ready(house.team)
    tidy(house)
    article = Article.objects.latest("pk")
    Article.objects.filter(pk=article.pk).update(
        state=ArticleState.FAILED, failure=FetchReason.TIMED_OUT, failure_detail="No byte in 20 s."
    )
    ended = timezone.now() - timedelta(minutes=4)
    job = Job.objects.create(
        team=house.team,
        kind=JobKind.FETCH_ARTICLE,
        key=f"fetch_article:{article.pk}",
        subject_id=article.pk,
        state=JobState.FAILED,
        attempts=3,
        reason="timed_out",
        ended_at=ended,
    )
    page = open_at(open_as, house.lead, f"/admin/claims/article/{article.pk}/change/")
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    picture(page, "error-failed-fetch")
    page.goto(f"/admin/claims/job/{job.pk}/change/")
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    picture(page, "error-failed-job")
    page.goto("/admin/claims/ticket/987654321/change/")
    expect(page.get_by_role("link", name="home page")).to_be_visible()
    picture(page, "error-not-found")

    held = take_ticket(ticket, house.ada)
    page.goto(page_of(held))
    page.get_by_role("radio", name="False", exact=True).check()
    page.get_by_label("Rationale").fill("What the lead typed meanwhile, which must not be lost.")
    take_ticket(release_ticket(held, house.ada), house.ada)
    page.get_by_role("button", name="Send for confirmation").click()
    expect(page.get_by_role("alert").filter(has_text="Somebody saved")).to_be_visible()
    picture(page, "error-conflict")
    page.goto("/admin/add/?kind=url")
    page.get_by_role("button", name="Fetch and read").click()
    fault = page.get_by_role("alert").first
    expect(fault).to_be_visible()
    field = page.locator(".fc-field--wrong input").first
    assert str(fault.get_attribute("id")) in str(field.get_attribute("aria-describedby"))
    picture(page, "error-form")
