"""A ticket's pages are followed to whom they cite: a few a round, once, and the log says why."""

from __future__ import annotations

from typing import Any

import pytest

from claims.models import Evidence, Job, PageOrigin, Search, SearchResult, Snapshot, Ticket
from claims.vocabulary import JobKind, ProviderName, SearchOutcome, SearchStop
from claims.workflow.gather import go_on, settle_idle_tickets
from claims.workflow.gather.following import MOST_FOLLOWED, MOST_OF_A_PAGE
from claims.workflow.gather.planning import gather_more
from claims.workflow.weigh import set_bearing
from tests.people import Desk, add_evidence, open_one, taken_one

REPORT = "https://statistics.example/report"


@pytest.fixture
def ticket(desk: Desk, settings: Any) -> Ticket:
    """A gathering ticket in its first round; no place outside is asked."""
    settings.SEARCH_ROUNDS = 3
    return open_one(desk.team)


def cite(ticket: Ticket, *links: tuple[str, str]) -> Evidence:
    """A piece whose passage holds the words of these links."""
    piece = add_evidence(ticket)
    snapshot = piece.passage.snapshot
    Snapshot.objects.filter(pk=snapshot.pk).update(
        links=[{"url": url, "text": text} for url, text in links]
    )
    return piece


def followed() -> list[Search]:
    return list(Search.objects.filter(query__startswith="cited by").order_by("id"))


def words(piece: Evidence, at: int = 0) -> str:
    return " ".join(piece.passage.quote.split()[at : at + 3])


def test_a_link_of_the_passage_is_a_page_of_the_next_round(ticket: Ticket) -> None:
    piece = cite(ticket)
    Snapshot.objects.update(links=[{"url": REPORT, "text": words(piece)}])
    assert go_on(ticket, origins=2) is None
    (search,) = followed()
    assert (search.provider, search.outcome, search.round) == (
        ProviderName.CITED,
        SearchOutcome.FOUND,
        2,
    )
    assert search.query == f"cited by {piece.passage.snapshot.page}"
    assert f"its passage [{piece.number}] links to “{words(piece)}”" in search.detail
    assert SearchResult.objects.get(search=search).page.url == REPORT
    assert Job.objects.filter(kind=JobKind.FETCH).count() == 1
    ticket.refresh_from_db()
    assert ticket.round == 2
    # What was followed is not followed again, and then it is enough.
    assert go_on(ticket, origins=2) is SearchStop.ENOUGH
    assert len(followed()) == 1


def test_a_body_that_a_passage_names_is_followed_by_the_page_s_link(ticket: Ticket) -> None:
    piece = cite(ticket)
    told = "its passage gives Statistics Varnholm as the one who says it"
    PageOrigin.objects.create(
        ticket=ticket,
        page_id=piece.passage.snapshot.page_id,
        cites=[
            {"page": None, "name": "Statistics Varnholm", "url": REPORT, "reason": told},
            {"page": None, "name": "Nobody", "url": "", "reason": "x"},
        ],
    )
    assert go_on(ticket, origins=2) is None
    assert followed()[0].detail == told


def test_what_leads_nowhere_is_not_followed(desk: Desk, ticket: Ticket) -> None:
    piece = cite(ticket)
    own = piece.passage.snapshot.page.url
    said = words(piece)
    for url, text in (
        (own, said),  # the page itself
        (f"{own}/more", said),  # its own site
        ("javascript:alert(1)", said),
        ("http://[", said),
        (REPORT, "words that do not stand there"),
        (REPORT, ""),
    ):
        Snapshot.objects.update(links=[{"url": url, "text": text}])
        assert go_on(ticket, origins=2) is SearchStop.ENOUGH, url
    Snapshot.objects.update(links=[{"url": REPORT, "text": said}])
    set_bearing(piece, is_aside=True, by=desk.ada)
    assert go_on(ticket, origins=2) is SearchStop.ENOUGH
    set_bearing(piece, is_aside=False, by=desk.ada)
    assert go_on(ticket, origins=2) is None


def test_following_is_bounded(ticket: Ticket) -> None:
    for _ in range(4):
        piece = cite(ticket)
        links = [
            {"url": f"https://s{piece.pk}-{n}.example/", "text": words(piece)} for n in range(9)
        ]
        Snapshot.objects.filter(pk=piece.passage.snapshot_id).update(links=links)
    rounds = 1
    while go_on(ticket, origins=2) is None:
        rounds += 1
        assert SearchResult.objects.filter(search__round=rounds).count() <= MOST_FOLLOWED
    assert rounds == 3
    assert max(search.result_count for search in followed()) <= MOST_OF_A_PAGE


def test_pages_that_are_here_already_do_not_leave_the_ticket_waiting(ticket: Ticket) -> None:
    piece = cite(ticket)
    Snapshot.objects.update(links=[{"url": REPORT, "text": words(piece)}])
    go_on(ticket, origins=2)
    Ticket.objects.filter(pk=ticket.pk).update(state="gathering")
    Job.objects.filter(kind=JobKind.FETCH).update(state="done")
    Search.objects.filter(outcome=SearchOutcome.PENDING).update(outcome=SearchOutcome.FOUND_NOTHING)
    assert settle_idle_tickets() == 1


def test_a_round_that_a_person_asked_for_follows_nothing(desk: Desk) -> None:
    ticket = gather_more(taken_one(desk.team, desk.ada), by=desk.ada, query="salt")
    piece = cite(ticket)
    Snapshot.objects.update(links=[{"url": REPORT, "text": words(piece)}])
    assert go_on(ticket, origins=2) is SearchStop.ASKED_ONCE
    assert followed() == []
