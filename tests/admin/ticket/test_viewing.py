"""What is shown of the evidence: filters, order, parts, and what a person put aside."""

from __future__ import annotations

import re
from dataclasses import replace

from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.models import Correction, Evidence, FactCheck, Ticket, VerdictEvidence
from claims.text.claim_reviews import ClaimReview
from claims.vocabulary import CorrectionKind, FactCheckWay
from claims.workflow.assign import take_ticket
from claims.workflow.match import match_due
from tests.admin.ticket.conftest import As, act_on, page_of
from tests.admin.ticket.rows import CLAIM, TOLD, House, add_evidence, make_ready
from tests.admin.ticket.test_acts import verdict_of

MANY = 100
MOST_QUERIES = 45


def page(client: object, ticket: Ticket, query: str = "") -> str:
    answer = client.get(f"{page_of(ticket)}?{query}")  # type: ignore[attr-defined]
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def cards(text: str) -> list[int]:
    """The numbers of the cards that are not hidden, in their order."""
    found = re.findall(r'id="e-(\d+)" tabindex="-1"( hidden)?', text)
    return [int(number) for number, hidden in found if not hidden]


def rows(text: str) -> list[int]:
    """The numbers of the matrix's rows that are not hidden, in their order."""
    found = re.findall(r'<tbody class="tk-m-row" id="m-\d+-(\d+)"( hidden)?', text)
    return [int(number) for number, hidden in found if not hidden]


def test_filters_hide_and_count_without_a_script(house: House, held: Ticket, as_: As) -> None:
    ada = as_(house.ada)
    every = page(ada, held)
    assert sorted(cards(every)) == [1, 2, 3, 4, 5, 6]
    assert "All 6 pieces of evidence are shown." in every
    for query, shown in (
        ("stance=refutes", [3]),
        ("reading=match&stance=supports", [1, 2]),
        ("reading=none", [6]),
        ("kind=media", [3, 5]),
        ("origin=1", [1, 2]),
        ("mark=primary", [1]),
        ("since=2025-09-09&until=2025-11-02", [3, 5]),
        ("until=2021-12-31", [4]),
    ):
        text = page(ada, held, query)
        assert sorted(cards(text)) == shown, query
        assert f"{6 - len(shown)} are filtered away" in text, query
        # What is hidden stays in the page, with all that was ticked in it.
        assert text.count('class="tk-card tk-piece') == 6
        assert "selected" in text
    nothing = page(ada, held, "stance=refutes&kind=academic")
    assert cards(nothing) == []
    assert "All 6 pieces of evidence are filtered away." in nothing
    assert "Show all" in nothing
    assert "4 of 4 numbers are filtered away" in nothing
    for hostile in (
        "stance=%00&sort=x&part=-1",
        "origin=99999999999&part=9999999999",
        "since=2025-W01-1",
    ):
        assert len(cards(page(ada, held, hostile))) == 6, hostile


def test_columns_sort_and_say_so(house: House, held: Ticket, as_: As) -> None:
    ada = as_(house.ada)
    down = page(ada, held, "sort=value&down=1")
    assert rows(down)[:4] == [1, 2, 4, 3]
    assert down.count('aria-sort="descending"') == 1
    assert "Sorted by: value, the last first." in down
    up = page(ada, held, "sort=difference")
    assert rows(up)[:4] == [3, 4, 2, 1]
    assert (
        '<th scope="col" aria-sort="ascending"><a href="?sort=difference&amp;down=1#numbers"' in up
    )
    assert rows(page(ada, held, "sort=published"))[0] == 4
    assert cards(page(ada, held, "sort=stance"))[0] == 3
    fourth, second = (held.evidence.get(number=at).pk for at in (4, 2))
    ada.post(act_on(held, "draft"), {"decisive": fourth, "evidence": second, "rationale": "x"})
    first = page(ada, held, "sort=decisive")
    assert rows(first)[:2] == [4, 2]
    assert '<a href="#origin-1">origin 1</a>' in first
    assert '<li class="tk-origin" id="origin-1">' in first
    # What has no date stands last either way.
    assert cards(page(ada, held, "sort=published&down=1&stance=neutral"))[-1] == 6


def test_decisive_pieces_are_found_and_the_view_outlasts_an_act(
    house: House, held: Ticket, as_: As
) -> None:
    ada = as_(house.ada)
    ada.post(act_on(held, "draft"), {"decisive": held.evidence.get(number=3).pk, "rationale": "x"})
    assert cards(page(ada, held, "mark=decisive")) == [3]
    sent = {
        "evidence": held.evidence.get(number=3).pk,
        "stance": "neutral",
        "view": "mark=decisive&x=1",
    }
    answer = ada.post(act_on(held, "stance"), sent)
    assert answer["Location"] == f"{page_of(held)}?mark=decisive#evidence"


def test_a_passage_put_aside_counts_nowhere_and_comes_back(
    house: House, held: Ticket, as_: As
) -> None:
    ada, piece = as_(house.ada), held.evidence.get(number=3)
    ada.post(act_on(held, "bearing"), {"evidence": piece.pk, "bears": "0"})
    text = page(ada, held)
    assert 3 not in cards(text) + rows(text)
    assert "5 pages, at most 4 independent origins" in text
    assert "1 passage put aside: it does not bear on the claim" in text
    assert "put aside by <bdi>Ada Okafor</bdi>" in text
    refused = ada.post(act_on(held, "decide"), {**verdict_of(held), "evidence": [piece.pk]})
    assert "was put aside" in refused.content.decode()
    ada.post(act_on(held, "bearing"), {"evidence": piece.pk, "bears": "1"})
    assert 3 in cards(page(ada, held))
    kept = Correction.objects.filter(kind=CorrectionKind.BEARING).order_by("id")
    assert [one.person for one in kept] == ["does not bear on it", None]
    assert ada.post(act_on(held, "bearing"), {"evidence": 10**12, "bears": "0"}).status_code == 422


def test_the_time_of_a_source_s_number_is_set_right(house: House, held: Ticket, as_: As) -> None:
    ada, piece = as_(house.ada), held.evidence.get(number=4)
    assert piece.outcome == "different_period"
    sent = {"evidence": piece.pk, "of": "typed", "period_from": "2024"}
    ada.post(act_on(held, "period"), sent)
    piece.refresh_from_db()
    assert piece.comparison["passage_quantity"]["period"]["from"] == "2024-01-01"
    assert piece.set_period["machine"]["from"] == "2019-01-01"
    assert piece.outcome != "different_period"
    text = page(ada, held)
    assert "set by <bdi>Ada Okafor</bdi>; read as <bdi>2019</bdi>" in text
    wrong = ada.post(act_on(held, "period"), {**sent, "period_from": "yesterday <b>"})
    assert wrong.status_code == 422
    told = wrong.content.decode()
    assert "Write a day, a month or a year" in told
    assert 'value="yesterday &lt;b&gt;"' in told
    ada.post(act_on(held, "period"), {"evidence": piece.pk, "of": "machine"})
    piece.refresh_from_db()
    assert (piece.outcome, piece.set_period) == ("different_period", None)
    by_day = {"evidence": held.evidence.get(number=3).pk, "of": "published"}
    ada.post(act_on(held, "period"), by_day)
    assert held.evidence.get(number=3).set_period["from"] == "2025-11-02"
    # A piece without a number has no time to be set.
    none = {"evidence": held.evidence.get(number=6).pk, "of": "typed", "period_from": "2024"}
    assert ada.post(act_on(held, "period"), none).status_code == 409


def test_contrary_evidence_has_its_place_and_an_empty_one_says_what_was_asked(
    house: House, as_: As
) -> None:
    ticket = make_ready(house.team, told=(TOLD[0], TOLD[3]))
    text = page(as_(house.ada), ticket)
    own = text[text.index('id="stance-refutes"') : text.index('id="stance-supports"')]
    assert "That is evidence of a search, not that there is nothing: 1 query was asked" in own
    assert "rare earths global production share China" in own
    whole = make_ready(house.team)
    text = page(as_(house.ada), whole)
    own = text[text.index('id="stance-refutes"') : text.index('id="stance-supports"')]
    assert cards(own) == [3]
    assert "Not a primary source" in own
    assert "before the claim was made" in own


def test_a_page_holds_so_many_pieces_and_keeps_what_was_ticked(house: House, as_: As) -> None:
    client, counts = as_(house.ada), []
    for pieces in (1, 10, MANY):
        ticket = make_ready(house.team, told=())
        for at in range(pieces):
            add_evidence(ticket, replace(TOLD[at % 6], origin=at + 1))
        reviews = [
            ClaimReview(
                f"https://checks.example/{pieces}/{at}", f"{CLAIM} ({at})", f"P{at}", "False"
            )
            for at in range(pieces)
        ]
        FactCheck.objects.all().keep(house.team, reviews, FactCheckWay.FILE)
        match_due(house.team)
        ticket = take_ticket(ticket, house.ada)
        page(client, ticket)
        with CaptureQueriesContext(connection) as queries:
            text = page(client, ticket)
        counts.append(len(queries))
    assert counts[1] == counts[2], counts
    assert max(counts) <= MOST_QUERIES, counts
    assert len(cards(text)) == 60
    assert "1 to 60 of 100 pieces." in text
    last = Evidence.objects.get(ticket=ticket, number=MANY)
    client.post(act_on(ticket, "draft"), {"evidence": [last.pk], "rationale": "x"})
    text = page(client, ticket)
    assert f'<input type="hidden" name="evidence" value="{last.pk}" form="verdict-form"' in text
    second = page(client, ticket, "part=2")
    assert len(cards(second)) == 40
    assert f'data-unseen="{last.pk}"' not in second
    decided = {**verdict_of(ticket), "evidence": [last.pk]}
    client.post(act_on(ticket, "decide"), decided)
    assert MANY in VerdictEvidence.objects.values_list("number", flat=True)
