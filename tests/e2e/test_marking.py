"""Marking claims in a browser: by mouse and by key, on a phone, in the dark, without its script."""

from __future__ import annotations

from datetime import date

from playwright.sync_api import Page, expect

from claims.models import Article, Claim, Correction
from claims.workflow.detect import detect_article
from claims.workflow.ingest import ingest_text
from claims.workflow.triage import open_ticket
from tests.admin.ticket.rows import House
from tests.e2e.axe import find_faults, find_overflow, find_structure_faults, find_unseen_focus
from tests.e2e.conftest import Open, Shoot
from tests.e2e.test_every_page import PHONE, WIDE, look_at

CLAIM = "The port of Salina handled about 48,000 tonnes of salt in 2023, said Ann Lee."
PLAIN = "It was a **fine** day \U0001f600 for a walk along the pier."


def make_article(house: House) -> Article:
    text = f"# Harbour news\n\n{PLAIN} {CLAIM}\n\nIs it so? Some 12 ships came in May 2023."
    article = ingest_text(house.team, text, published_on=date(2024, 3, 1)).article
    detect_article(article)
    return article


def page_of(article: Article) -> str:
    return f"/admin/claims/article/{article.pk}/change/"


def drag(page: Page, grip: str, word: str) -> None:
    """Take an end of the claim and let it go in the middle of a word."""
    box = page.locator(f"[data-grip={grip}]").bounding_box()
    at = page.evaluate(
        """(word) => {
            for (const walker = document.createTreeWalker(document.querySelector(".fa-text"), 4);
                 walker.nextNode();) {
                const found = walker.currentNode.data.indexOf(word);
                if (found < 0 || walker.currentNode.parentElement.closest(".fa-bar")) continue;
                const range = document.createRange();
                range.setStart(walker.currentNode, found);
                range.setEnd(walker.currentNode, found + word.length);
                const rect = range.getBoundingClientRect();
                return [rect.x + rect.width / 2, rect.y + rect.height / 2];
            }
        }""",
        word,
    )
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(*at, steps=6)
    page.mouse.up()


def test_a_claim_is_cut_with_the_mouse(house: House, open_as: Open, shoot: Shoot) -> None:
    article = make_article(house)
    ticket, _ = open_ticket(Claim.objects.get(text=CLAIM))
    page = open_as(house.ada, page_of(article))
    page.get_by_text("The port of Salina handled").first.click()
    bar = page.locator("#at")
    expect(bar).to_contain_text(f"Closes ticket {ticket.pk} for good.")
    drag(page, "end", "tonnes")
    expect(bar.locator("output")).to_have_text("“The port of Salina handled about 48,000 tonnes”")
    drag(page, "start", "Salina")
    shoot(page, "marking a claim")
    page.get_by_role("button", name="Keep these ends").click()
    expect(bar.get_by_role("status")).to_contain_text("Its ends are moved")
    claim = Claim.objects.get(pk=ticket.claim_id)
    assert claim.text == "Salina handled about 48,000 tonnes"
    assert [one.hedge for one in claim.quantities.all()] == ["about"]
    # Past a picture character and marks that are not shown, offsets still count as the server's.
    page.get_by_role("button", name="As first read").click()
    drag(page, "start", "pier.")
    page.get_by_role("button", name="Keep these ends").click()
    expect(bar.get_by_role("status")).to_contain_text("Its ends are moved")
    assert Claim.objects.get(pk=claim.pk).text == f"pier. {CLAIM}"
    page.get_by_role("button", name="As first read").click()
    page.get_by_role("button", name="Keep these ends").click()
    expect(bar.get_by_role("status")).to_contain_text("Its ends are moved")
    assert Claim.objects.get(pk=claim.pk).text == CLAIM


def test_a_day_of_marking_by_key(house: House, open_as: Open) -> None:
    article = make_article(house)
    page = open_as(house.dan, page_of(article))
    page.locator(".fa-pick").first.focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".fa-pick:focus")).to_have_attribute("aria-label", "Choose this sentence")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Make it a claim")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#at")).to_be_hidden()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    told = page.locator("#at [role=status]")
    expect(told).to_contain_text("It is a claim now, scored")
    expect(page.locator("#at")).to_be_focused()
    claim = Claim.objects.get(text=PLAIN)
    for name in ("Start: one word longer", "Start: one word shorter", "End: one word shorter"):
        button = page.get_by_role("button", name=name)
        button.focus()
        page.keyboard.press("Space")
        expect(button).to_be_focused()
    expect(page.locator("#at output")).to_have_text(
        "“was a fine day \U0001f600 for a walk along the”"
    )
    page.get_by_role("button", name="Keep these ends").focus()
    page.keyboard.press("Enter")
    expect(told).to_contain_text("Its ends are moved")
    claim.refresh_from_db()
    assert claim.text == "was a **fine** day \U0001f600 for a walk along the"
    # A word of the next claim is not taken.
    longer = page.get_by_role("button", name="End: one word longer")
    for _ in range(4):
        longer.press("Space")
    expect(page.locator("#at output")).to_have_text(
        "“was a fine day \U0001f600 for a walk along the pier.”"
    )
    expect(longer).to_have_attribute("aria-disabled", "true")
    page.get_by_role("button", name="Drop this claim").press("Enter")
    expect(told).to_contain_text("The claim is dropped")
    page.get_by_role("button", name="Restore this claim").press("Enter")
    expect(told).to_contain_text("It is a claim again.")
    expect(page.locator("#at")).to_be_focused()
    kinds = Correction.objects.order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["claim_made", "span_changed", "claim_dropped", "claim_restored"]
    number = page.locator(".fa-number", has_text="48,000").first
    number.focus()
    shown = "(one) => getComputedStyle(one, '::after').display"
    assert number.evaluate(shown) == "block"
    assert number.get_attribute("aria-label") == "48,000 tonnes, read as about 48,000 metric tons"


def test_who_saves_second_is_told_on_the_page(house: House, open_as: Open) -> None:
    article = make_article(house)
    pages = [open_as(person, page_of(article)) for person in (house.ada, house.ben)]
    for page in pages:
        page.get_by_text("The port of Salina handled").first.click()
    for page in pages:
        page.get_by_role("button", name="Drop this claim").click()
    alert = pages[1].locator("#at [role=alert]")
    expect(alert).to_contain_text("Ada Okafor was first: dropped this claim at")
    expect(pages[1].get_by_role("button", name="Restore this claim")).to_be_visible()
    assert Correction.objects.count() == 1


def test_marking_without_its_script(house: House, open_as: Open) -> None:
    article = make_article(house)
    page = open_as(house.dan)
    page.route("**/article_marks*.js", lambda route: route.abort())
    page.goto(page_of(article))
    page.locator(".fa-pick").nth(1).press("Enter")
    told = page.locator("#at [role=status]")
    page.get_by_role("button", name="Make it a claim").click()
    expect(told).to_contain_text("It is a claim now")
    page.get_by_role("button", name="Drop this claim").click()
    expect(told).to_contain_text("The claim is dropped")
    page.get_by_role("button", name="Restore this claim").click()
    expect(told).to_contain_text("It is a claim again")
    assert Claim.objects.get(text=PLAIN).dropped_at is None


def test_the_marked_page_is_without_a_fault(house: House, open_as: Open) -> None:
    article = make_article(house)
    page = open_as(house.ada)
    faults: list[str] = []
    for words in (CLAIM[:20], "Is it so?"):
        page.goto(page_of(article))
        page.get_by_text(words).first.click()
        for size in (WIDE, PHONE):
            for scheme in ("light", "dark"):
                look_at(page, size, scheme)
                faults += [f"{words} {size[0]} {scheme}: {one}" for one in find_faults(page)]
            faults += find_overflow(page)
        faults += [*find_structure_faults(page), *find_unseen_focus(page)]
    assert not faults, "\n".join(faults)
