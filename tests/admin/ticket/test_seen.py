"""Seen before, on the page: what is told of earlier claims, and answers by plain forms."""

from __future__ import annotations

import pytest

from claims.models import Claim, ClaimMatch, Ticket, Verdict
from claims.vocabulary import TicketState
from claims.workflow.assign import take_ticket
from claims.workflow.decide import close_ticket, decide_ticket
from claims.workflow.ingest import ingest_claim
from claims.workflow.match import match_due, merge_ticket
from claims.workflow.triage import open_ticket
from tests.admin.ticket.conftest import As, act_on, page_of
from tests.admin.ticket.rows import CLAIM, House
from tests.people import a_decision, ready_one

SAME = "Of the global production of rare earths China accounts for nearly 70 per cent."
OTHER = CLAIM.replace("70", "17")


def later(house: House, text: str) -> tuple[Ticket, ClaimMatch]:
    """A new ticket whose claim resembles an earlier one that was decided."""
    earlier = take_ticket(ready_one(house.team, CLAIM), house.ben)
    decide_ticket(earlier, a_decision(earlier), by=house.ben, expected_version=earlier.version)
    ticket = ready_one(house.team, text)
    match_due(house.team)
    return ticket, ClaimMatch.objects.get(claim=ticket.claim_id)


def text_of(client: object, ticket: Ticket) -> str:
    return str(client.get(page_of(ticket)).content.decode())  # type: ignore[attr-defined]


def test_it_says_that_it_was_not_seen(house: House, as_: As) -> None:
    ticket = open_ticket(ingest_claim(house.team, CLAIM)[0])[0]
    assert "are still being looked for" in text_of(as_(house.ada), ticket)
    match_due(house.team)
    assert "Not seen before" in text_of(as_(house.ada), ticket)


def test_a_verdict_is_shown_and_not_taken_over(house: House, as_: As) -> None:
    ticket, match = later(house, SAME)
    Verdict.objects.update(state="final")
    page = text_of(as_(house.ada), ticket)
    label = Verdict.objects.get().rating_label
    assert f"Verdict then: <b><bdi>{label}</bdi></b>" in page
    assert "It is not taken over." in page
    assert 'value="same"' in page
    assert 'value="related"' not in page
    assert not Verdict.objects.filter(ticket=ticket).exists()
    answer = as_(house.ada).post(
        act_on(ticket, "match"), {"match": match.pk, "answer": "same", "version": ticket.version}
    )
    assert answer.status_code == 302
    ticket.refresh_from_db()
    assert (ticket.state, ticket.close_reason) == (TicketState.CLOSED, "duplicate")
    assert not Verdict.objects.filter(ticket=ticket).exists()
    page = text_of(as_(house.ada), ticket)
    assert f"said <bdi>{house.ada.get_full_name()}</bdi>" in page
    assert 'name="answer"' not in page
    assert "Seen again" in text_of(as_(house.ada), match.earlier.ticket)


def test_another_number_is_warned_of_and_refused(house: House, as_: As) -> None:
    ticket, match = later(house, OTHER)
    Verdict.objects.update(state="final")
    page = text_of(as_(house.ada), ticket)
    assert "Not the same claim:" in page
    assert "17 here, 70 there" in page
    assert "Its verdict was given on that, not on this." in page
    assert 'value="same"' not in page
    answer = as_(house.ada).post(act_on(ticket, "match"), {"match": match.pk, "answer": "same"})
    assert answer.status_code == 422
    assert "These are not the same claim" in answer.content.decode()
    answer = as_(house.ada).post(act_on(ticket, "match"), {"match": match.pk, "answer": "related"})
    assert answer.status_code == 302
    ticket.refresh_from_db()
    assert ticket.state == TicketState.READY


def test_a_pair_of_another_ticket_is_not_answered_here(house: House, as_: As) -> None:
    _, match = later(house, SAME)
    stranger = ready_one(house.team, "Nine hospitals closed their wards.")
    sent = {"match": match.pk, "answer": "other"}
    answer = as_(house.ada).post(act_on(stranger, "match"), sent)
    assert answer.status_code == 422
    match.refresh_from_db()
    assert match.answer == ""


@pytest.mark.parametrize("answer", ["", "perhaps"])
def test_only_the_listed_answers(house: House, as_: As, answer: str) -> None:
    ticket, match = later(house, SAME)
    sent = {"match": match.pk, "answer": answer}
    assert as_(house.ada).post(act_on(ticket, "match"), sent).status_code == 422


def test_a_contributor_reads_and_answers_nothing(house: House, as_: As) -> None:
    ticket, match = later(house, SAME)
    assert 'name="answer"' not in text_of(as_(house.dan), ticket)
    sent = {"match": match.pk, "answer": "other"}
    assert as_(house.dan).post(act_on(ticket, "match"), sent).status_code == 403


def test_the_earlier_text_is_escaped(house: House, as_: As) -> None:
    ticket, match = later(house, SAME)
    Claim.objects.filter(pk=match.earlier_id).update(text=f"<script>alert(1)</script> {CLAIM}")
    assert "<script>alert(1)" not in text_of(as_(house.ada), ticket)


def test_a_merge_is_split_from_either_page_with_a_reason(house: House, as_: As) -> None:
    kept, ticket = ready_one(house.team, CLAIM), ready_one(house.team, SAME)
    match = merge_ticket(ticket, kept, by=house.ada)
    ticket.refresh_from_db()
    ada, page = as_(house.ada), text_of(as_(house.ada), ticket)
    assert act_on(ticket, "split") in page
    assert act_on(ticket, "reopen") not in page
    assert act_on(kept, "split") in text_of(ada, kept)
    assert act_on(kept, "split") not in text_of(as_(house.dan), kept)
    sent = {"match": match.pk, "version": ticket.version, "note": " "}
    refused = ada.post(act_on(ticket, "split"), sent)
    assert refused.status_code == 422
    assert "Say why, for the history." in refused.content.decode()
    stale = ada.post(act_on(ticket, "split"), {**sent, "note": "Two.", "version": 1})
    assert stale.status_code == 409
    assert "was first" in stale.content.decode()
    assert as_(house.eve).post(act_on(ticket, "split"), sent).status_code == 404
    assert as_(house.dan).post(act_on(ticket, "split"), sent).status_code == 403
    other = ready_one(house.team)
    elsewhere = {**sent, "note": "Two.", "version": other.version}
    assert ada.post(act_on(other, "split"), elsewhere).status_code == 422
    why = {"match": match.pk, "version": kept.version, "note": "<b>Two</b> years."}
    told = ada.post(act_on(kept, "split"), why, follow=True).content.decode()
    assert f"0 places went back to ticket {ticket.pk}, which is ready again" in told
    assert "&lt;b&gt;Two&lt;/b&gt; years." in told
    assert "split what had been merged" in text_of(ada, ticket)
    late = ada.post(act_on(kept, "split"), why)
    assert late.status_code == 409


def test_a_closed_ticket_is_opened_again(house: House, as_: As) -> None:
    ticket = close_ticket(ready_one(house.team), "opinion", by=house.ada)
    ada = as_(house.ada)
    assert act_on(ticket, "reopen") in text_of(ada, ticket)
    sent = {"version": ticket.version, "note": "It holds a number."}
    told = ada.post(act_on(ticket, "reopen"), sent, follow=True).content.decode()
    assert "open again: ready" in told
    assert ada.post(act_on(ticket, "reopen"), sent).status_code == 409
