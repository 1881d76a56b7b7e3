"""What the ticket shows of its searching: reviews by others, why it stopped, where to ask more."""

from __future__ import annotations

from datetime import date

import pytest

from claims.admin.ticket_panels.wording import SEARCH_STOPS
from claims.models import Page, Provider, Search, Ticket
from claims.vocabulary import SearchOutcome, SearchPurpose, SearchStop
from tests.admin.ticket.conftest import As, act_on, page_of
from tests.admin.ticket.rows import House

OWN = "rare earth ledger 2024"


@pytest.fixture
def in_two_places(settings: object) -> None:
    """The library is on by itself; Brave has what it needs."""
    Provider.objects.filter(name="brave").update(is_on=True, key="k")


def add_review(ticket: Ticket, url: str, rating: str, claim: str = "They mine 90 %.") -> None:
    search = Search.objects.create(
        ticket=ticket,
        provider="fact_checks",
        query="mines",
        purpose=SearchPurpose.SUPPORT,
        outcome=SearchOutcome.FOUND,
    )
    page, _ = Page.objects.get_or_create(team=ticket.team, url=url, canonical_url=url)
    search.results.create(
        page=page, rank=1, title=claim, publisher="Check <Desk>", rating=rating,
        published_on=date(2024, 1, 5),
    )  # fmt: skip


def test_reviews_by_others_stand_with_their_rating(house: House, held: Ticket, as_: As) -> None:
    add_review(held, "https://check.example/mines", "Mostly <b>false</b>")
    add_review(held, "https://check.example/mines", "False")
    add_review(held, "https://check.example/two", "", claim="")
    text = as_(house.ada).get(page_of(held)).content.decode()
    shown = text.split("Existing fact-checks", 1)[1].split("</ul>", 1)[0]
    assert shown.count("<li") == 2
    assert 'href="https://check.example/mines"' in shown
    assert "Check &lt;Desk&gt;" in shown
    assert "5 Jan 2024" in shown
    assert "No rating" in shown
    assert "<b>false" not in text


@pytest.mark.parametrize("stop", list(SearchStop))
def test_the_ticket_says_why_the_machine_stopped(
    house: House, held: Ticket, as_: As, stop: SearchStop
) -> None:
    client = as_(house.ada)
    assert "searched no further" not in client.get(page_of(held)).content.decode()
    Ticket.objects.filter(pk=held.pk).update(search_stop=stop)
    text = client.get(page_of(held)).content.decode()
    assert f"The machine searched no further: {SEARCH_STOPS[stop]}" in text


def test_a_search_by_hand_goes_to_the_ticked_places(
    house: House, held: Ticket, as_: As, in_two_places: None
) -> None:
    client = as_(house.ada)
    text = client.get(page_of(held)).content.decode()
    assert 'name="places" value="brave"' in text
    assert 'name="places" value="gdelt"' not in text, "it is switched off"
    data = {"query": OWN, "places": ["library"], "version": held.version}
    assert client.post(act_on(held, "gather"), data).status_code == 302
    asked = Search.objects.filter(ticket=held, round=2)
    assert [(one.provider, one.query) for one in asked] == [("library", OWN)]


def test_what_was_ticked_stays_where_a_search_is_refused(
    house: House, held: Ticket, as_: As, in_two_places: None
) -> None:
    data = {"query": "x" * 301, "places": ["brave"], "version": held.version}
    answer = as_(house.ada).post(act_on(held, "gather"), data)
    assert answer.status_code == 422
    assert 'value="brave" checked' in answer.content.decode()
    wrong = {"query": OWN, "places": ["nowhere"], "version": held.version}
    answer = as_(house.ada).post(act_on(held, "gather"), wrong)
    assert answer.status_code == 422
    assert "Choose places of the list." in answer.content.decode()
