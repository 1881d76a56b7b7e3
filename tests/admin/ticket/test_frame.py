"""The frame as chips: who may edit them, what a refused edit says, what the page shows after."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from claims.models import (
    Claim,
    Correction,
    Evidence,
    Job,
    Quantity,
    Search,
    Ticket,
    TicketEvent,
    VerdictEvidence,
)
from claims.models.history import move_ticket
from claims.vocabulary import JobKind
from claims.workflow.detect import detect_article
from claims.workflow.ingest import ingest_text
from claims.workflow.mark import move_ends
from claims.workflow.reframe import edit_frame, edit_number
from claims.workflow.triage import open_ticket
from tests.admin.ticket.conftest import As, act_on, page_of
from tests.admin.ticket.rows import House, make_ready
from tests.admin.ticket.test_acts import verdict_of

SLOTS = ("value", "unit", "bound", "change", "measured", "of_what", "counted", "period")
ACTS: dict[str, dict[str, Any]] = {
    "number": {"value": "60"},
    "number_strike": {},
    "number_add": {"words": "rare earths", "value": "17"},
    "frame_back": {},
    "frame": {"place": "Chile"},
}
HOSTILE = "</bdi><script>alert(1)</script><img src=x onerror=alert(1)>"


@pytest.fixture
def one(held: Ticket) -> Quantity:
    return held.claim.quantities.get()


def send(client: Client, ticket: Ticket, verb: str, **typed: Any) -> Any:
    version = Claim.objects.get(pk=ticket.claim_id).version
    number = ticket.claim.quantities.first()
    form = {"claim_version": version, "number": number.pk if number else "", **typed}
    if verb in ("frame", "number_add"):
        del form["number"]
    return client.post(act_on(ticket, verb), form)


def text_of(client: Client, ticket: Ticket) -> str:
    return client.get(page_of(ticket)).content.decode()


def test_every_slot_is_a_chip_with_its_own_form(
    house: House, held: Ticket, one: Quantity, as_: As
) -> None:
    text = text_of(as_(house.ada), held)
    for slot in SLOTS:
        chip = text.split(f'id="chip-n{one.pk}-{slot}"')[1].split("</li>")[0]
        assert f'action="{act_on(held, "number")}"' in chip
        assert "<summary>" in chip
        for name in re.findall(r'<(?:input class|select class|textarea)[^>]* id="([^"]+)"', chip):
            assert f'<label class="tk-label" for="{name}">' in chip
    for slot in ("claimant", "place", "self_contained"):
        assert f'id="chip-claim-{slot}"' in text
    assert "chip-claim-measured" not in text, "its number says what is measured"
    watched = text_of(as_(house.dan), held)
    assert "<form" not in watched.split('id="frame"')[1].split('id="tk-view"')[0]
    assert "percent" in watched.split('id="frame"')[1]


def test_a_claim_without_a_number_says_itself_what_is_measured(house: House, as_: As) -> None:
    ticket = make_ready(house.team, "China accounts for most rare earths.", told=())
    text = text_of(as_(house.lead), ticket)
    for slot in ("measured", "of_what", "period"):
        assert f'id="chip-claim-{slot}"' in text


def test_a_correction_shows_the_machines_reading_and_goes_back(
    house: House, held: Ticket, one: Quantity, as_: As
) -> None:
    ada = as_(house.ada)
    answer = send(ada, held, "number", value="60")
    assert answer.status_code == 302
    assert answer["Location"] == f"{page_of(held)}#chip-n{one.pk}-value"
    text = text_of(ada, held)
    chip = text.split(f'id="chip-n{one.pk}-value"')[1].split("</li>")[0]
    assert "machine read: <bdi>70</bdi>" in chip
    assert "Machine read: <bdi>≈ 70 %</bdi>" in text
    assert "<b><bdi>≈ 60 %</bdi></b>" in text.split('id="numbers"')[1], "the matrix follows"
    assert Evidence.objects.get(ticket=held, number=1).outcome == "differs"
    assert "Number 1 value" in text.split('id="history"')[1]
    row: Any = Correction.objects.get()
    assert (row.machine["value"], row.person["value"]) == (70, 60)
    assert send(ada, held, "frame_back", slot="value").status_code == 302
    assert "machine read" not in text_of(ada, held)
    assert Evidence.objects.get(ticket=held, number=1).outcome == "match"


def test_strike_add_and_back(house: House, held: Ticket, one: Quantity, as_: As) -> None:
    ada = as_(house.ada)
    assert send(ada, held, "number_strike").status_code == 302
    text = text_of(ada, held)
    assert "Struck out:" in text
    version = Claim.objects.get(pk=held.claim_id).version
    back = {"claim_version": version, "struck": one.start}
    assert ada.post(act_on(held, "frame_back"), back).status_code == 302
    answer = send(ada, held, "number_add", words="rare earths", value="17", unit="")
    assert answer.status_code == 302
    assert "Added by a person" in text_of(ada, held)
    assert [row.value for row in held.claim.quantities.order_by("position")] == [70, 17]


def test_a_refused_edit_opens_its_chip_with_what_was_typed(
    house: House, held: Ticket, one: Quantity, as_: As
) -> None:
    ada = as_(house.ada)
    answer = send(ada, held, "number", value=f"about {HOSTILE}")
    text = answer.content.decode()
    assert answer.status_code == 422
    assert HOSTILE not in text
    chip = text.split(f'id="chip-n{one.pk}-value"')[1].split("</li>")[0]
    assert '<details class="tk-chip-edit" open>' in chip
    assert 'value="about &lt;/bdi&gt;' in chip
    assert 'aria-invalid="true"' in chip
    assert "1.2 million" in chip, "the cure"
    assert text.count('<details class="tk-chip-edit" open>') == 1
    answer = send(ada, held, "number_add", words="no such words", value="7")
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "do not stand in the sentence" in text.split('id="tk-add-number"')[1]


@pytest.mark.parametrize("text", ["a\x00b", "x" * 1_000_000, HOSTILE, "‮٧٠"])
def test_any_text_is_kept_or_refused_and_never_markup(
    house: House, held: Ticket, as_: As, text: str
) -> None:
    lea = as_(house.lead)
    for slot in (*SLOTS, "hedge", "period_from"):
        assert send(lea, held, "number", **{slot: text}).status_code in (302, 422), slot
    for slot in ("claimant", "place", "self_contained"):
        assert send(lea, held, "frame", **{slot: text}).status_code in (302, 422), slot
    assert send(lea, held, "number_add", words=text, value="7").status_code in (302, 422)
    assert send(lea, held, "frame_back", slot=text).status_code == 422
    assert HOSTILE not in text_of(lea, held)


@pytest.mark.parametrize("verb", ACTS)
def test_roles_teams_and_hold(house: House, held: Ticket, as_: As, verb: str) -> None:
    before = (Claim.objects.get(pk=held.claim_id).version, TicketEvent.objects.count())
    for person, status in ((house.dan, 403), (house.eve, 404), (house.ben, 409)):
        assert send(as_(person), held, verb, **ACTS[verb]).status_code == status, person
    Ticket.objects.filter(pk=held.pk).update(state="closed", reserved_by=None, reserved_until=None)
    assert send(as_(house.lead), held, verb, **ACTS[verb]).status_code == 409
    assert (Claim.objects.get(pk=held.claim_id).version, TicketEvent.objects.count()) == before


def test_a_number_of_another_ticket_is_not_touched(house: House, held: Ticket, as_: As) -> None:
    other = make_ready(house.other).claim.quantities.get()
    for verb in ("number", "number_strike", "frame_back"):
        answer = send(as_(house.ada), held, verb, number=other.pk, value="7")
        assert answer.status_code == 422, verb
        assert "not part of the claim any more" in answer.content.decode()
    assert Quantity.objects.get(pk=other.pk).as_read() == other.as_read()


def test_the_second_save_is_told_what_changed_and_loses_nothing(
    house: House, held: Ticket, one: Quantity, as_: As
) -> None:
    """The lead and the holder saw the same frame; the control is in the workflow's tests."""
    ada, lea = as_(house.ada), as_(house.lead)
    seen = {"claim_version": held.claim.version, "number": one.pk}
    assert ada.post(act_on(held, "number"), seen | {"value": "60"}).status_code == 302
    answer = lea.post(act_on(held, "number"), seen | {"measured": "refined output"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Ada Okafor was first at" in text
    assert "number 1 value: 70 → 60" in text
    chip = text.split(f'id="chip-n{one.pk}-measured"')[1].split("</li>")[0]
    assert 'value="refined output"' in chip
    version = re.search(r'name="claim_version" value="(\d+)"', chip)
    assert version is not None
    again = {"claim_version": version[1], "number": one.pk, "measured": "refined output"}
    assert lea.post(act_on(held, "number"), again).status_code == 302
    one.refresh_from_db()
    assert (one.value, one.measured) == (60, "refined output")
    # The number itself is gone by the time of the save: what was typed is told all the same.
    stale = {"claim_version": version[1], "number": one.pk, "of_what": "all of it"}
    send(ada, held, "number_strike")
    text = lea.post(act_on(held, "number"), stale).content.decode()
    assert "struck out" in text
    assert "You typed as of what: <bdi>all of it</bdi>" in text


def test_who_moved_the_ends_first_is_told_and_the_frame_may_be_searched_again(
    house: House, as_: As
) -> None:
    text = "The port handled 48,000 tonnes of salt in 2023, the harbour office said."
    article = ingest_text(house.team, text).article
    detect_article(article)
    place = article.appearances.select_related("claim", "article").get()
    ticket = open_ticket(place.claim)[0]
    Ticket.objects.filter(pk=ticket.pk).update(state="ready")
    edit_frame(ticket, {"place": "Oslo"}, by=house.ada)
    with transaction.atomic():
        held = move_ticket(Ticket.objects.get(pk=ticket.pk), "gather_more", actor=house.ada)
        move_ticket(held, "make_ready", actor=None)
    lea = as_(house.lead)
    assert "Search again with the changed frame" not in text_of(lea, ticket)
    seen = Claim.objects.get(pk=ticket.claim_id).version
    move_ends(place, 0, text.index(","), by=house.ben)
    answer = lea.post(act_on(ticket, "frame"), {"claim_version": seen, "place": "Rome"})
    assert answer.status_code == 422
    assert "Ben Varga was first at" in answer.content.decode()
    assert "Search again with the changed frame" in text_of(lea, ticket)


def test_nothing_is_searched_until_a_person_asks(house: House, held: Ticket, as_: As) -> None:
    ada = as_(house.ada)
    assert "Search again with the changed frame" not in text_of(ada, held)
    counted = (Search.objects.count(), Job.objects.count())
    send(ada, held, "number", of_what="world output")
    assert (Search.objects.count(), Job.objects.count()) == counted
    assert "Search again with the changed frame" in text_of(ada, held)
    held.refresh_from_db()
    ada.post(act_on(held, "gather"), {"version": held.version, "query": ""})
    queries = list(Search.objects.filter(round=2).values_list("query", flat=True))
    assert any("world output" in query for query in queries), queries
    assert "Search again with the changed frame" not in text_of(ada, held)


def test_the_page_says_that_it_compares_again(house: House, held: Ticket, as_: As) -> None:
    """As after an edit with more evidence than is compared at once."""
    ada = as_(house.ada)
    assert 'data-comparing="0"' in text_of(ada, held)
    assert Job.objects.owe_anew(JobKind.WEIGH, f"{held.pk}:1", team=held.team)
    assert not Job.objects.owe_anew(JobKind.WEIGH, f"{held.pk}:1", team=held.team)
    text = text_of(ada, held)
    assert 'id="tk-comparing"' in text
    assert 'data-comparing="1"' in text
    state = ada.get(act_on(held, "state")).json()
    assert (state["is_comparing"], state["claim_version"]) == (True, 0)
    Job.objects.update(state="done")
    assert ada.get(act_on(held, "state")).json()["is_comparing"] is False
    assert 'id="tk-comparing"' not in text_of(ada, held)


def test_a_verdict_never_rests_on_comparisons_with_the_old_frame(
    house: House, held: Ticket, one: Quantity, as_: As
) -> None:
    """Where the workers still owe them, they are made as the verdict is kept."""
    edit_number(held, one.pk, {"unit": "km"}, by=house.ada)
    held.refresh_from_db()
    Job.objects.owe_anew(JobKind.WEIGH, f"{held.pk}:1", team=held.team)
    before = set(Evidence.objects.filter(ticket=held).values_list("outcome", flat=True))
    assert before > {"not_comparable"}
    answer = as_(house.ada).post(act_on(held, "decide"), verdict_of(held))
    assert answer.status_code == 302
    kept = VerdictEvidence.objects.filter(verdict__ticket=held)
    assert {piece.comparison["outcome"] for piece in kept} == {"not_comparable"}


def test_queries_do_not_grow_with_corrections(house: House, held: Ticket, as_: As) -> None:
    ada = as_(house.ada)
    text_of(ada, held)
    with CaptureQueriesContext(connection) as before:
        text_of(ada, held)
    for slot, typed in (("value", "60"), ("measured", "a"), ("period_from", "2024")):
        send(ada, held, "number", **{slot: typed})
    send(ada, held, "number_add", words="rare earths", value="17")
    with CaptureQueriesContext(connection) as after:
        text_of(ada, held)
    assert len(after) <= len(before)
