"""What was published stays on record: withdrawn with a trace, and changed in no silent way."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from claims.export.verdict_csv import write_corrections
from claims.lifecycle import MoveRefused
from claims.models import Rating, RatingScale, SecondRead, Ticket, TicketEvent, Verdict
from claims.models.history import TicketMoved
from claims.vocabulary import VerdictState
from claims.workflow.corrections import list_changes, list_open_corrections
from claims.workflow.decide import (
    DecisionRefused,
    close_ticket,
    confirm_verdict,
    decide_ticket,
    reopen_for_correction,
    send_back,
    withdraw_verdict,
)
from claims.workflow.match import MatchRefused, merge_ticket
from claims.workflow.publish import publish_ticket, select_verdicts
from claims.workflow.recheck import verify_history
from tests.people import Desk, a_decision, make_desk, make_person, ready_one, taken_one
from tests.together import meet_once, run_together

WHY = "A court ordered us to take it back."
CORRECTED = {"correction_class": "substantial", "correction_reason": "The register was revised."}
SALT = "The port handled 48,000 tonnes of salt in 2023."
AGAIN = "In 2023 the port handled 48,000 tonnes of salt."


def fresh(ticket: Ticket) -> Ticket:
    return Ticket.objects.select_related("team").get(pk=ticket.pk)


def decided(desk: Desk, text: str = "") -> Ticket:
    ticket = taken_one(desk.team, desk.ben, text)
    decide_ticket(ticket, a_decision(ticket), by=desk.ben, expected_version=ticket.version)
    return fresh(ticket)


def published(desk: Desk) -> Ticket:
    ticket = decided(desk)
    confirm_verdict(ticket, by=desk.chloe)
    return publish_ticket(fresh(ticket), by=desk.ada)


def correct(ticket: Ticket, desk: Desk) -> Ticket:
    decision = a_decision(ticket, "True", **CORRECTED)
    decide_ticket(ticket, decision, by=desk.ada, expected_version=ticket.version)
    confirm_verdict(fresh(ticket), by=desk.chloe)
    return publish_ticket(fresh(ticket), by=desk.ada)


def told() -> list[int]:
    return [one.version for one in select_verdicts()]


def listed() -> list[dict[str, str]]:
    file = b"".join(write_corrections(list_changes(Verdict.objects.all()))).decode()
    return list(csv.DictReader(io.StringIO(file)))


def test_a_withdrawn_verdict_is_told_no_more_and_its_trace_stays(desk: Desk) -> None:
    ticket = published(desk)
    for person in (desk.ben, desk.chloe, desk.dan, desk.eve):
        with pytest.raises(MoveRefused):
            withdraw_verdict(ticket, by=person, note=WHY)
    with pytest.raises(DecisionRefused, match="why"):
        withdraw_verdict(ticket, by=desk.ada, note=" ")
    assert told() == [1]
    back = withdraw_verdict(ticket, by=desk.ada, note=WHY)
    assert (back.state, back.reserved_by) == ("in_review", desk.ada)
    assert told() == []
    assert [one.version for one in select_verdicts(all_versions=True)] == [1]
    event = TicketEvent.objects.get(action="verdict_withdrawn")
    assert (event.actor, event.note, event.changes["version"]) == (desk.ada, WHY, 1)
    (line,) = listed()
    assert (line["correction_class"], line["correction_reason"], line["reviewer"]) == (
        "withdrawn", WHY, "ada",
    )  # fmt: skip
    assert (line["old_version"], line["old_rating"], line["new_version"]) == ("1", "False", "")
    assert line["withdrawn_at"]
    with pytest.raises(MoveRefused):
        withdraw_verdict(back, by=desk.ada, note=WHY)

    # It is corrected like any other, and then the new version stands.
    assert [one.ticket for one in list_open_corrections(Ticket.objects.all())] == [back]
    with pytest.raises(DecisionRefused, match="how much"):
        decide_ticket(back, a_decision(back), by=desk.ada, expected_version=back.version)
    correct(back, desk)
    assert told() == [2]
    first, second = listed()
    assert (first["correction_class"], second["correction_class"]) == ("withdrawn", "substantial")
    assert second["withdrawn_at"] == first["withdrawn_at"]
    assert verify_history().is_sound


def test_what_is_withdrawn_is_closed_but_not_what_stands(desk: Desk) -> None:
    back = withdraw_verdict(published(desk), by=desk.ada, note=WHY)
    closed = close_ticket(back, "withdrawn", by=desk.ada, note=WHY)
    assert (closed.state, told(), len(listed())) == ("closed", [], 1)
    twice = correct(reopen_for_correction(published(desk), by=desk.ada, note="Revised."), desk)
    again = reopen_for_correction(twice, by=desk.ada, note="Once more.")
    with pytest.raises(DecisionRefused, match="only through a correction"):
        close_ticket(again, "withdrawn", by=desk.ada)
    assert [one.state for one in twice.verdicts.all()] == ["superseded", "final"]


def test_no_way_around_changes_what_was_published(desk: Desk) -> None:
    ticket = published(desk)
    first = Verdict.objects.filter(ticket=ticket)
    withdraw_verdict(published(desk), by=desk.ada, note=WHY)
    gone = Verdict.objects.filter(withdrawn_at__isnull=False)
    refused: list[tuple[Any, dict[str, Any]]] = [
        (first, {"published_at": None}),
        (first, {"published_at": timezone.now()}),
        (first, {"state": VerdictState.PROPOSED}),
        (first, {"state": VerdictState.SENT_BACK}),
        (first, {"second_reviewer": desk.ada}),
        (first, {"second_reviewer": None}),
        (first, {"has_agreed": False}),
        (first, {"second_note": "Never said."}),
        (first, {"is_sealed": True}),
        (first, {"rating_colour": "#000000"}),
        (first, {"rating_definition": "Something else."}),
        (first, {"evidence_count": 7}),
        (gone, {"withdrawn_at": None}),
        (gone, {"withdrawal_reason": "None."}),
        (Verdict.objects.filter(ticket=decided(desk)), {"withdrawn_at": timezone.now()}),
    ]
    for rows, change in refused:
        assert rows.count() == 1
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**change)
        row = rows.get()
        for name, value in change.items():
            setattr(row, name, value)
        with pytest.raises(IntegrityError), transaction.atomic():
            Verdict.objects.bulk_update([row], list(change))


def test_a_changed_scale_changes_no_old_verdict(desk: Desk) -> None:
    verdict = published(desk).verdicts.get()
    was = (verdict.rating_label, verdict.rating_value, verdict.rating_colour)
    meant = verdict.rating_definition
    assert meant
    assert was[2].startswith("#")
    Rating.objects.filter(pk=verdict.rating_id).update(
        label="Wrong", value=9, colour="#000000", definition="Another.", is_retired=True
    )
    RatingScale.objects.filter(pk=verdict.rating.scale_id).update(name="Renamed")
    verdict.refresh_from_db()
    assert (verdict.rating_label, verdict.rating_value, verdict.rating_colour) == was
    assert verdict.rating_definition == meant
    assert verdict.scale_name == "True to false, five steps"


# Two at once ---------------------------------------------------------------------------

Start = Callable[[Desk], Ticket]
Act = Callable[[Ticket, Desk], object]


PAIRS: dict[str, tuple[Start, Act, Act]] = {
    "two confirm": (
        decided,
        lambda one, desk: confirm_verdict(one, by=desk.ada),
        lambda one, desk: confirm_verdict(one, by=desk.chloe),
    ),
    "confirm and send back": (
        decided,
        lambda one, desk: confirm_verdict(one, by=desk.ada),
        lambda one, desk: send_back(one, by=desk.chloe, note="Which year?"),
    ),
    "correct and withdraw": (
        published,
        lambda one, desk: reopen_for_correction(one, by=desk.ben, note="Revised."),
        lambda one, desk: withdraw_verdict(one, by=desk.ada, note=WHY),
    ),
    "two withdraw": (
        published,
        lambda one, desk: withdraw_verdict(one, by=desk.ada, note=WHY),
        lambda one, desk: withdraw_verdict(one, by=desk.ada, note=WHY),
    ),
    "merge and decide": (
        lambda desk: taken_one(desk.team, desk.ben, AGAIN),
        lambda one, desk: decide_ticket(
            one, a_decision(one), by=desk.ben, expected_version=one.version
        ),
        lambda one, desk: merge_ticket(one, Ticket.objects.earliest("pk"), by=desk.ada),
    ),
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", PAIRS)
def test_of_two_at_once_one_is_told_that_the_other_was_first(name: str) -> None:
    desk = make_desk()
    ready_one(desk.team, SALT)
    begin, *acts = PAIRS[name]
    ticket = begin(desk)

    def act(number: int) -> bool:
        with suppress(TicketMoved, MoveRefused, MatchRefused):
            acts[number](fresh(ticket), desk)
            return True
        return False

    assert sum(run_together(2, act)) == 1
    assert verify_history().is_sound
    now = fresh(ticket)
    assert SecondRead.objects.count() <= 1
    standing = [one.state for one in now.verdicts.all()]
    expected = {
        "decided": {"final", "proposed"}, "in_review": {"final", "sent_back"}, "closed": {"-"},
    }  # fmt: skip
    assert set(standing or ["-"]) <= expected[now.state], (now.state, standing)
    is_withdrawn = now.verdicts.filter(withdrawn_at__isnull=False).exists()
    assert is_withdrawn == TicketEvent.objects.filter(action="verdict_withdrawn").exists()


@pytest.mark.django_db(transaction=True)
def test_control_who_looks_without_holding_is_told_nothing() -> None:
    desk = make_desk()
    third = make_person("lea", desk.team, "lead")  # type: ignore[arg-type]
    ticket = decided(desk)
    meet, people = meet_once(2), (desk.ada, third)

    def confirm(number: int) -> bool:
        verdict = Verdict.objects.get(ticket=ticket, state=VerdictState.PROPOSED)
        meet()
        SecondRead.objects.create(
            verdict=verdict, reader=people[number], outcome="confirmed", at=timezone.now()
        )
        return True

    assert sum(run_together(2, confirm)) == 2
    assert SecondRead.objects.count() == 2
