"""Each number that a lead reads on home, *Figures* and *Workload* is the list it leads to.

Read from the pages as they are sent: a number that is added is held to it by itself, and one
without a link fails. The list names each filter that narrows it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs

from django.test import Client
from django.utils import timezone
from lxml import html

from claims.admin.figures import SHELF
from claims.models import Page, Ticket
from claims.vocabulary import FetchOutcome, FetchReason, TicketState
from claims.workflow.assign import assign_ticket, take_next
from claims.workflow.decide import confirm_verdict, decide_ticket, send_back
from claims.workflow.publish import publish_ticket
from tests.admin.conftest import LogIn
from tests.admin.ticket.rows import make_ready
from tests.admin.world import World
from tests.people import a_decision

PAGES = ("/admin/", "/admin/figures/", "/admin/claims/ticket/workload/")
# 1,204 or 1,000+, alone or with what it counts ("26 waiting", "2 of 5 tickets").
COUNT = re.compile(r"([\d,]+)\+?(?!\S)(?! (?:min|h|d)\b)")
BARE = re.compile(r"[\d,]+\+?")


def fill(world: World) -> None:
    """Tickets at every stage, due and waiting by each span; reads, waivers and failed pages."""
    team, now = world.near.team, timezone.now()
    for place, days in enumerate((-2, 0, 0, 5, 5, 5, 30)):
        ticket = make_ready(team, f"It is {place + 3} per cent.")
        Ticket.objects.filter(pk=ticket.pk).update(
            due_on=timezone.localdate() + timedelta(days=days),
            ready_at=now - timedelta(days=2 * place),
        )
    assign_ticket(Ticket.objects.get(pk=ticket.pk), world.ben, by=world.ada)
    for label in ("False", "False", "Mostly true", "True"):
        decide(world, label)
    decided = Ticket.objects.filter(team=team, state=TicketState.DECIDED).order_by("-pk")
    sent, confirmed, published = decided[:3]
    send_back(sent, by=world.ada, note="Say why.")
    for one in (confirmed, published):
        confirm_verdict(one, by=world.ada)
    publish_ticket(Ticket.objects.get(pk=published.pk), by=world.ada)
    take_next(team, world.ben)
    failed = Page.objects.filter(team=team, source__isnull=False).order_by("pk")[:2]
    Page.objects.filter(pk__in=failed.values("pk")).update(
        outcome=FetchOutcome.FAILED, reason=FetchReason.TIMED_OUT
    )


def decide(world: World, label: str) -> None:
    """A verdict of Ben's on what waits first."""
    ticket = take_next(world.near.team, world.ben)
    assert ticket is not None
    decide_ticket(ticket, a_decision(ticket, label), by=world.ben, expected_version=ticket.version)


def numbers_of(page: Any) -> Iterator[tuple[str, str]]:
    """What each link with a count in it says, and where it leads."""
    for link in page.xpath("//main//a[@href]"):
        said = " ".join(link.text_content().split())
        if COUNT.match(said) and "/change/" not in link.get("href"):
            yield said, link.get("href")


def unlinked(page: Any) -> list[str]:
    """Numbers that stand alone in an element which leads nowhere."""
    texts = page.xpath("//main//text()[not(ancestor::a or ancestor::svg or ancestor::option)]")
    return [text.getparent().tag + text for text in texts if BARE.fullmatch(text.strip())]


def lists_behind(client: Client) -> Iterator[tuple[str, int, str]]:
    """Where each number stands, the number and the list; for each list once."""
    seen = set()
    for address in PAGES:
        page = html.fromstring(client.get(address).content)
        assert unlinked(page) == [], address
        for said, link in numbers_of(page):
            count = int(said.split()[0].replace(",", ""))
            # The lead has one team, so home's lists and the team's are the same.
            if (count, key := re.sub(r"[?&]team=\d+", "", link)) not in seen:
                seen.add((count, key))
                yield f"{address}: {said}", count, link


def test_every_number_leads_to_as_many_rows_and_the_list_says_which(
    world: World, log_in: LogIn
) -> None:
    SHELF.clear()
    fill(world)
    client = log_in(world.ada)
    for place, count, link in lists_behind(client):
        listed = client.get(link)
        assert listed.status_code == 200, (place, link)
        page: Any = html.fromstring(listed.content)
        rows = page.xpath("//table[@id='result_list']/tbody/tr")
        assert listed.context["cl"].result_count == len(rows) == count, (place, link)
        told = page.xpath("//*[@class='fk-told']/*[contains(@class, 'fk-chip')]")
        assert len(told) == len(parse_qs(link.partition("?")[2])), link
