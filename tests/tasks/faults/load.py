"""A load of real work on a hostile web, and what must be true of it in the end."""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import TypeVar

from django.core.cache import cache
from django.db import transaction

from claims.models import (
    Evidence,
    Job,
    Page,
    Search,
    SearchResult,
    Snapshot,
    Team,
    Ticket,
    TicketEvent,
)
from claims.models.history import move_ticket
from claims.vocabulary import JobKind, JobState, SearchOutcome, SearchPurpose, TicketState
from claims.workflow.recheck import verify_history
from tests.people import open_one
from tests.site.server import Exchange, Site
from tests.tasks.workers import tell_jobs

IS_FULL = os.environ.get("FACTCHECK_TEST_SIZE") == "full"
SENTENCE = "The harbour of {} handled {},000 tonnes of salt in 2023, the yearbook shows. "
Size = TypeVar("Size")


def sized(small: Size, full: Size) -> Size:
    """The small size in the suite, the full one by hand."""
    return full if IS_FULL else small


def tell(row: str, **figures: object) -> None:
    """Print one line of what was measured (seen with ``-s``)."""
    print(f"\n{row}: " + ", ".join(f"{name} {value}" for name, value in figures.items()))  # noqa: T201


def environ_for(*sites: Site, **more: str) -> dict[str, str]:
    """What workers need to know to fetch from the sites, one page after the other without pause."""
    cache.clear()
    allowed = ",".join(f"127.0.0.1:{site.port}" for site in sites)
    return {"FACTCHECK_FETCH_ALLOW": allowed, "FACTCHECK_FETCH_HOST_GAP_SECONDS": "0", **more}


@contextmanager
def some_sites(count: int, *, least_seconds: float, most_seconds: float) -> Iterator[list[Site]]:
    """Sites that take their time; ``/<number>`` is a page of its own on each."""
    rng = random.Random(count)

    def answer(exchange: Exchange) -> None:
        if exchange.wait(rng.uniform(least_seconds, most_seconds)):
            name = exchange.request.path.strip("/")
            text = SENTENCE.format(f"Varnholm {name}", 40 + int(name) % 10) * 8
            exchange.answer(f"<html><body><article><p>{text}</p></article></body></html>")

    with ExitStack() as stack:
        sites = [stack.enter_context(Site()) for _ in range(count)]
        for site in sites:
            for number in range(400):
                site.add(f"/{number}", answer)
        yield sites


def gathering(team: Team, urls: Sequence[str], text: str = "") -> Ticket:
    """A ticket whose search has found these pages, their fetches owed."""
    with transaction.atomic():
        ticket = move_ticket(open_one(team, text), "gather", actor=None)
    search = Search.objects.create(
        ticket=ticket,
        provider="cited",
        purpose=SearchPurpose.CITED,
        outcome=SearchOutcome.FOUND,
        result_count=len(urls),
    )
    for rank, url in enumerate(urls, start=1):
        page = Page.objects.get_or_create(team=team, canonical_url=url, defaults={"url": url})[0]
        SearchResult.objects.create(search=search, page=page, rank=rank)
        Job.objects.owe(JobKind.FETCH, str(page.pk), team=team)
    return ticket


def load_pages(team: Team, sites: Sequence[Site], pages: int, tickets: int) -> None:
    """So many pages over the sites, shared out among so many tickets."""
    urls = [sites[number % len(sites)].url(f"/{number}") for number in range(pages)]
    for number in range(tickets):
        gathering(team, urls[number::tickets])


def assert_whole(pages: int, tickets: int) -> None:
    """Every job done, every effect there, each exactly once."""
    states = Counter(Job.objects.values_list("state", flat=True))
    # The sweep owes the team's matching too, when it comes by.
    matchings = Job.objects.filter(kind=JobKind.MATCH).count()
    assert states == {JobState.DONE: 2 * pages + tickets + matchings}, tell_jobs()
    stored = Counter(Snapshot.objects.values_list("page_id", flat=True))
    assert (len(stored), set(stored.values())) == (pages, {1})
    assert not Snapshot.objects.filter(read_at__isnull=True).exists()
    for ticket in Ticket.objects.all():
        assert ticket.state == TicketState.READY
        pieces = Evidence.objects.filter(ticket=ticket).order_by("number")
        assert pieces.exists()
        numbers = list(pieces.values_list("number", flat=True))
        assert numbers == list(range(1, len(numbers) + 1))
        cited = Counter(pieces.values_list("passage_id", flat=True))
        assert set(cited.values()) == {1}
        moves = TicketEvent.objects.filter(ticket=ticket).values_list("to_state", flat=True)
        assert list(moves) == ["open", "gathering", "ready"]
    assert verify_history().is_sound
