"""What a ticket's first round asks: few queries a provider, with the topic of the article."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from claims.models import Article, Ticket
from claims.models.claim import Appearance
from claims.models.search import Search
from claims.workflow.gather.planning import MAX_QUERIES_PER_PROVIDER, plan_searches
from claims.workflow.weigh import weigh_ticket
from tests.people import Desk, add_evidence, open_one

CLAIM = "For years Varnholm has led this trade, handling nearly 40 per cent of the exports."
TEXT = (
    "Sea salt is dear. Sea salt comes by ship, and sea salt goes by ship.\n\n"
    f"{CLAIM}\n\nNobody knows how long sea salt will pay."
)


@pytest.fixture
def ticket(desk: Desk) -> Ticket:
    """A ticket on a sentence that leaves its topic to the article around it."""
    ticket = open_one(desk.team, CLAIM)
    article = Article.objects.create(
        team=desk.team, title="Who ships the salt", text=TEXT, published_on=date(2025, 6, 1)
    )
    start = TEXT.index(CLAIM)
    ticket.claim.appearances.all().delete()
    Appearance.objects.create(
        claim=ticket.claim, article=article, start=start, end=start + len(CLAIM)
    )
    return ticket


def test_queries_name_the_topic_and_are_few(ticket: Ticket) -> None:
    plan_searches(ticket)
    asked = Search.objects.filter(ticket=ticket).exclude(query="")
    assert asked
    assert all("salt" in search.query.lower() for search in asked)
    assert max(Counter(search.provider for search in asked).values()) <= MAX_QUERIES_PER_PROVIDER


def test_the_topic_lets_a_number_be_held_against_the_claim(ticket: Ticket) -> None:
    quote = "Varnholm handles about 25 per cent of the sea salt exports."
    page = add_evidence(ticket, quote).passage.snapshot.page
    search = Search.objects.create(ticket=ticket, provider="library", query="salt")
    search.results.create(page=page, rank=1)
    outcomes = [str(one.comparison.outcome) for one in weigh_ticket(ticket).passages]
    assert outcomes == ["differs"]
