"""A reservation while somebody is at the ticket: it lasts as long as the person works."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import expect

from claims.models import Ticket
from claims.workflow.assign import take_next, take_ticket
from tests.admin.ticket.rows import House, make_ready
from tests.e2e.conftest import Open

TOLD = re.compile("not yours any more|Ben Varga changed this ticket")


def test_reading_and_typing_renew_it_and_idling_does_not(house: House, open_as: Open) -> None:
    ticket = take_ticket(make_ready(house.team), house.ada)
    held = Ticket.objects.filter(pk=ticket.pk)
    page = open_as(house.ada)
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url) if "/renew/" in one.url else None)
    page.clock.install()
    page.goto(f"/admin/claims/ticket/{ticket.pk}/change/")
    page.clock.run_for(150_000)
    assert not asked, "nobody is at it"
    works: tuple[Callable[[], None], ...] = (
        lambda: page.mouse.wheel(0, 300),
        lambda: page.keyboard.press("j"),
    )
    for work in works:
        soon = timezone.now() + timedelta(minutes=3)
        held.update(reserved_until=soon)
        work()
        # A moment, for the press to arrive; then the page's next look at its clock.
        page.wait_for_timeout(1)
        with page.expect_response(lambda answer: "/renew/" in answer.url) as answer:
            page.clock.run_for(75_000)
        assert answer.value.ok
        assert held.filter(reserved_until__gt=soon + timedelta(minutes=30)).exists()
        assert len(asked) == 1, "once a minute at most"
        asked.clear()
    # Somebody else has it meanwhile: the page says so, and what is typed stays where it is.
    held.update(state="ready", reserved_by=None, reserved_until=None)
    assert take_next(house.team, house.ben) is not None
    page.get_by_label("Rationale").fill("The register says otherwise.")
    page.clock.run_for(75_000)
    expect(page.locator("#tk-moved")).to_contain_text(TOLD)
    expect(page.get_by_label("Rationale")).to_have_value("The register says otherwise.")
