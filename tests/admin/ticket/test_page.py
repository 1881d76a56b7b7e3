"""The page as each person finds it, at each stage of a ticket."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.models import Evidence, Snapshot, Ticket
from claims.workflow.assign import assign_ticket, take_ticket
from claims.workflow.weigh import set_stance
from tests.admin.ticket.conftest import As, page_of
from tests.admin.ticket.rows import TOLD, House, add_evidence, make_ready, make_ticket

MOST_QUERIES = 35


def text_of(client: object, ticket: Ticket) -> str:
    answer = client.get(page_of(ticket))  # type: ignore[attr-defined]
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_holder_finds_everything_to_decide_on(house: House, held: Ticket, as_: As) -> None:
    text = text_of(as_(house.ada), held)
    assert "<mark>nearly 70 per cent</mark>" in text
    for shown in (
        "The argument about magnets begins in the ground.",
        "The plants that refine them are another story.",
        "Tamsin Achterberg",
        "5 Nov 2025",
        "states a share of a whole",
        "global production of rare earths",
        "6 pages, at most 5 independent origins",
        "Same report as",
        "Machine suggests: refutes, 68 % sure",
        "Yours for 45 min",
        "1 found nothing",
        "could not be asked",
        "the page was removed",
        "Contrary evidence was looked for",
        "At least 20 characters",
        "Send for confirmation",
        "took the ticket",
    ):
        assert shown in text, shown


def test_evidence_from_an_archive_says_so_with_its_day(house: House, held: Ticket, as_: As) -> None:
    assert "An archive’s copy" not in text_of(as_(house.ada), held)
    snapshot = held.evidence.earliest("pk").passage.snapshot
    Snapshot.objects.filter(pk=snapshot.pk).update(archived_at=datetime(2023, 5, 3, tzinfo=UTC))
    text = text_of(as_(house.ada), held)
    assert text.count("An archive’s copy of 3 May 2023") == 1
    assert "Quote in the archive" in text


def test_matrix_says_each_difference_in_plain_words(house: House, held: Ticket, as_: As) -> None:
    text = text_of(as_(house.ada), held)
    matrix = text[text.index('id="numbers"') : text.index('id="evidence"')]
    assert "≈ 70 %" in matrix
    assert "69.2 %" in matrix
    assert "−0.8 points" in matrix
    assert "−1.1 %" in matrix
    assert "Agrees" in matrix
    assert "Differs" in matrix
    assert "−10 points" in matrix
    assert "Another period" in matrix
    assert "1 more number that cannot be compared" in matrix
    assert "no number of this kind" in matrix


def test_person_who_may_not_decide_sees_no_form(house: House, held: Ticket, as_: As) -> None:
    for person in (house.ben, house.dan):
        text = text_of(as_(person), held)
        assert 'id="verdict-form"' not in text
        assert "Ada Okafor" in text
        assert 'name="decisive"' not in text
    assert 'id="verdict-form"' in text_of(as_(house.lead), held)


def test_contributor_is_offered_no_move(house: House, ready: Ticket, as_: As) -> None:
    text = text_of(as_(house.dan), ready)
    for verb in (
        "take",
        "release",
        "close",
        "publish",
        "correct",
        "gather",
        "stance",
        "frame",
        "number",
    ):
        assert f'action="/admin/claims/ticket/{ready.pk}/{verb}/"' not in text, verb


def test_ticket_given_to_another_is_not_offered(house: House, ready: Ticket, as_: As) -> None:
    assign_ticket(ready, house.ben, by=house.lead)
    assert f"/{ready.pk}/take/" in text_of(as_(house.ben), ready)
    bar = text_of(as_(house.ada), ready).split('class="tk-columns"')[0]
    assert f"/{ready.pk}/take/" not in bar


def test_gathering_and_empty_tickets_explain_themselves(house: House, as_: As) -> None:
    gathering = make_ticket(house.team)
    assert "Looking for sources" in text_of(as_(house.ada), gathering)
    empty = make_ready(house.team, "There are 17 rare earth elements.", told=())
    text = text_of(as_(house.ada), empty)
    assert "No evidence was found" in text
    assert "4 searches brought no passage" in text


def test_quote_that_left_its_page_is_said(house: House, held: Ticket, as_: As) -> None:
    piece = Evidence.objects.select_related("passage__snapshot").filter(ticket=held).first()
    assert piece is not None
    snapshot = piece.passage.snapshot
    snapshot.text = snapshot.text.replace("69.2", "96.2")
    snapshot.save(update_fields=["text"])
    assert "does not stand at its place in the stored copy" in text_of(as_(house.ada), held)


def test_stance_of_a_person_is_told_from_a_suggestion(house: House, held: Ticket, as_: As) -> None:
    piece = Evidence.objects.filter(ticket=held, number=1).get()
    before = text_of(as_(house.ada), held)
    assert before.count('aria-pressed="true"') == 0
    set_stance(piece, "refutes", by=house.ada)
    after = text_of(as_(house.ada), held)
    assert "Set by <bdi>Ada Okafor</bdi>" in after
    assert "Machine suggests: supports, 82 % sure" in after


def test_queries_do_not_grow_with_evidence(house: House, as_: As) -> None:
    client = as_(house.lead)
    counts = []
    for pieces in (1, 24):
        ticket = make_ready(house.team, told=(TOLD * 4)[:pieces])
        take_ticket(ticket, house.ada)
        text_of(client, ticket)  # sessions and content types settle
        with CaptureQueriesContext(connection) as queries:
            text_of(client, ticket)
        counts.append(len(queries))
    assert counts[0] == counts[1], counts
    assert 0 < counts[1] <= MOST_QUERIES, counts


def test_long_page_costs_a_few_characters(house: House, held: Ticket, as_: As) -> None:
    long = TOLD[0].__class__(
        *(getattr(TOLD[0], name) for name in ("publisher", "type", "published_on", "title")),
        quote=TOLD[0].quote,
        stance=TOLD[0].stance,
        confidence=0.5,
        origin=9,
        before="x" * 1_000_000,
        after="y" * 1_000_000,
    )
    add_evidence(held, long)
    text = text_of(as_(house.ada), held)
    assert "x" * 221 not in text
    assert "y" * 221 not in text
    assert "x" * 220 in text


def test_get_of_the_page_writes_nothing(house: House, held: Ticket, as_: As) -> None:
    client = as_(house.ada)
    client.get(page_of(held))
    with CaptureQueriesContext(connection) as queries:
        client.get(page_of(held))
    written = [
        one["sql"] for one in queries if one["sql"].split()[0] in ("INSERT", "UPDATE", "DELETE")
    ]
    assert written == []


def test_state_answers_as_json(house: House, as_: As) -> None:
    ticket = make_ready(house.team)
    told = as_(house.dan).get(f"/admin/claims/ticket/{ticket.pk}/state/").json()
    assert told["state"] == "ready"
    assert told["version"] == ticket.version
    assert told["searches"] == {"done": 4, "total": 4}
    assert told["pages"] == {"done": 1, "total": 1, "failed": 1}
    assert told["is_gathering"] is False
