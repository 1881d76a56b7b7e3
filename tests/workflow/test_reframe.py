"""A person corrects the frame: the machine's reading stays, and what rests on it is made anew."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from claims import tasks
from claims.models import Claim, Correction, Evidence, Job, Quantity, Ticket, TicketEvent
from claims.vocabulary import JobKind, Stance, TicketAction, TicketState
from claims.workflow.gather import go_on
from claims.workflow.gather.planning import frame_of_claim
from claims.workflow.reframe import (
    FrameRefused,
    add_number,
    edit_frame,
    edit_number,
    restore_machine,
    strike_number,
)
from claims.workflow.weigh import keep_weighing, set_stance, weigh_ticket
from claims.workflow.weigh.holding import INLINE_PIECES
from tests.people import Desk, add_evidence, taken_one
from tests.together import run_together

CLAIM = "The harbour of Varnholm handled nearly 48,000 tonnes of salt in 2023."
SAYS_48 = "In 2023 the harbour of Varnholm handled 47,900 tonnes of salt."
SAYS_12 = "In 2023 the harbour of Varnholm handled 12,000 tonnes of salt."


@pytest.fixture
def held(desk: Desk) -> Ticket:
    """In review by Ben, with a source that agrees and one that does not."""
    ticket = taken_one(desk.team, desk.ben, CLAIM)
    for quote in (SAYS_48, SAYS_12):
        add_evidence(ticket, quote)
    ticket = fresh(ticket)
    tasks.correct_frame(ticket, lambda: edit_frame(ticket, {"place": "Varnholm"}, by=desk.ben))
    return fresh(ticket)


def fresh(ticket: Ticket) -> Ticket:
    return Ticket.objects.select_related("claim", "team").get(pk=ticket.pk)


def number_of(ticket: Ticket, place: int = 0) -> Quantity:
    return ticket.claim.quantities.order_by("position")[place]


def outcomes(ticket: Ticket) -> list[str]:
    return list(
        Evidence.objects.filter(ticket=ticket).order_by("number").values_list("outcome", flat=True)
    )


def correct(ticket: Ticket, edit: Callable[[], Claim]) -> Ticket:
    assert tasks.correct_frame(ticket, edit) == (True, True)
    return fresh(ticket)


def test_a_corrected_value_changes_what_its_sources_say(desk: Desk, held: Ticket) -> None:
    assert outcomes(held) == ["match", "differs"]
    one = number_of(held)
    piece = Evidence.objects.get(ticket=held, number=1)
    set_stance(piece, Stance.SUPPORTS, by=desk.ben)
    seen = held.claim.version
    now = correct(
        held,
        lambda: edit_number(
            held, one.pk, {"value": "12 thousand"}, by=desk.ben, expected_version=seen
        ),
    )
    assert outcomes(now) == ["differs", "match"]
    after = Evidence.objects.get(pk=piece.pk)
    assert (after.stance, after.suggested_stance) == ("supports", "refutes")
    kept = number_of(now)
    assert (kept.value, kept.text, kept.written) == (12_000, "48,000 tonnes", "12 thousand")
    assert kept.machine is not None
    assert kept.machine["value"] == 48_000
    assert kept.corrected == {"value"}
    line = TicketEvent.objects.latest("id")
    assert line.action == TicketAction.FRAME_EDITED
    assert line.actor_id == desk.ben.pk
    assert line.changes == {"number 1 value": ["48000", "12000"]}
    row: Any = Correction.objects.latest("id")
    assert (row.kind, row.claim_id, row.made_by_id) == ("frame_field", now.claim_id, desk.ben.pk)
    assert (row.machine["value"], row.person["value"]) == (48_000, 12_000)
    assert frame_of_claim(now).quantity == kept.as_read(), "queries are built from the correction"

    back = correct(now, lambda: restore_machine(now, by=desk.ben, number_id=one.pk, slot="value"))
    assert outcomes(back) == ["match", "differs"]
    again = number_of(back)
    assert (again.value, again.machine, again.written) == (48_000, None, "")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ({"unit": "percent"}, ["not_comparable", "not_comparable"]),
        ({"unit": "kg"}, ["differs", "differs"]),
        ({"bound": ">", "hedge": ""}, ["differs", "differs"]),
        ({"bound": "<", "hedge": "below"}, ["match", "match"]),
        ({"change": "up"}, ["not_comparable", "not_comparable"]),
        ({"period_from": "2019", "period_to": "2019"}, ["different_period", "different_period"]),
        ({"value": "10,000 to 50,000"}, ["match", "match"]),
        ({"counted": "ships", "unit": ""}, ["not_comparable", "not_comparable"]),
    ],
)
def test_each_slot_is_what_is_compared(
    desk: Desk, held: Ticket, typed: dict[str, str], expected: list[str]
) -> None:
    one = number_of(held)
    now = correct(held, lambda: edit_number(held, one.pk, typed, by=desk.ben))
    assert outcomes(now) == expected
    back = correct(now, lambda: restore_machine(now, by=desk.ben, number_id=one.pk))
    assert outcomes(back) == ["match", "differs"]
    assert number_of(back).as_read() == one.as_read()
    assert number_of(back).machine is None


def test_the_place_of_the_claim_is_compared(desk: Desk, held: Ticket) -> None:
    add_evidence(held, "In 2023 the harbours of Norway handled 47,900 tonnes of salt.")
    now = correct(held, lambda: edit_frame(held, {"place": "Chile"}, by=desk.ben))
    assert outcomes(now)[2] == "different_scope"


def test_a_struck_number_is_gone_everywhere_and_comes_back(desk: Desk, held: Ticket) -> None:
    one = number_of(held)
    read = one.as_read()
    now = correct(held, lambda: strike_number(held, one.pk, by=desk.ben))
    assert outcomes(now) == ["not_comparable"] * 2
    assert not now.claim.quantities.exists()
    assert now.claim.machine["struck"] == [read.to_json()]
    row: Any = Correction.objects.latest("id")
    assert (row.machine["value"], row.person) == (48_000, None)
    back = correct(now, lambda: restore_machine(now, by=desk.ben, struck_start=one.start))
    assert outcomes(back) == ["match", "differs"]
    assert number_of(back).as_read() == read
    assert "struck" not in back.claim.machine


def test_a_number_the_machine_missed_is_added_in_its_place(desk: Desk) -> None:
    said = "A dozen-odd ships left Varnholm and 300 sailors with them, in 2023."
    ticket = fresh(taken_one(desk.team, desk.ben, said))
    words = "A dozen-odd ships"
    ticket.claim.quantities.filter(start__lt=len(words)).delete()
    with pytest.raises(FrameRefused) as refused:
        add_number(ticket, "thirty boats", {}, by=desk.ben)
    assert refused.value.field == "words"
    with pytest.raises(FrameRefused) as refused:
        add_number(ticket, "300", {}, by=desk.ben)
    assert "belong to number 1" in refused.value.message
    with pytest.raises(FrameRefused) as refused:
        add_number(ticket, "left Varnholm", {}, by=desk.ben)
    assert refused.value.field == "value"
    with pytest.raises(FrameRefused) as refused:
        add_number(ticket, "s", {"value": "2"}, by=desk.ben)
    assert "times" in refused.value.message
    now = correct(ticket, lambda: add_number(ticket, words, {"value": "12"}, by=desk.ben))
    rows = list(now.claim.quantities.order_by("position"))
    assert [row.start for row in rows] == sorted(row.start for row in rows)
    assert (rows[0].value, rows[0].is_added, rows[0].machine_read) == (12, True, None)
    assert said[rows[0].start : rows[0].end] == words
    row: Any = Correction.objects.latest("id")
    assert (row.machine, row.person["value"]) == (None, 12)
    gone = correct(now, lambda: strike_number(now, rows[0].pk, by=desk.ben))
    assert "struck" not in gone.claim.machine, "the machine had not read it"


@pytest.mark.parametrize(
    ("typed", "field", "cure"),
    [
        ({"value": ""}, "value", "missing"),
        ({"value": "many"}, "value", "1.2 million"),
        ({"value": "1.2m"}, "value", "the unit has"),
        ({"value": "5±1"}, "value", "not read as one number"),
        ({"value": "9" * 400}, "value", "At most 300"),
        ({"value": "7\x000"}, "value", "type it again"),
        ({"unit": "quux"}, "unit", "currency code"),
        ({"unit": "rare earth elements"}, "unit", "Counted"),
        ({"bound": "≥"}, "bound", "list"),
        ({"bound": ">", "hedge": "roughly"}, "hedge", "about"),
        ({"hedge": "perhaps"}, "hedge", "not read"),
        ({"change": "sideways"}, "change", "up, down"),
        ({"measured": "x" * 301}, "measured", "At most 300"),
        ({"counted": "a\ud800"}, "counted", "type it again"),
        ({"period_from": "2024-13"}, "period_from", "2025-10"),
        ({"period_from": "2024", "period_to": "2023"}, "period_to", "Swap"),
    ],
)
def test_what_cannot_be_kept_names_the_field_and_the_cure(
    desk: Desk, held: Ticket, typed: dict[str, str], field: str, cure: str
) -> None:
    one = number_of(held)
    version = held.claim.version
    with pytest.raises(FrameRefused) as refused:
        edit_number(held, one.pk, typed, by=desk.ben)
    assert refused.value.field == field
    assert cure in refused.value.message
    assert fresh(held).claim.version == version
    assert number_of(held).as_read() == one.as_read()


def test_the_first_number_leads_the_frame(desk: Desk, held: Ticket) -> None:
    one = number_of(held)
    typed = {"measured": "salt handled", "period_from": "2022", "period_to": "2022"}
    now = correct(held, lambda: edit_number(held, one.pk, typed, by=desk.ben))
    claim = now.claim
    assert (claim.measured, str(claim.period_from), str(claim.period_to)) == (
        "salt handled",
        "2022-01-01",
        "2022-12-31",
    )
    now = correct(now, lambda: edit_frame(now, {"measured": "salt shipped"}, by=desk.ben))
    assert number_of(now).measured == "salt shipped"
    back = correct(now, lambda: restore_machine(now, by=desk.ben, number_id=one.pk))
    assert back.claim.measured == one.measured
    assert set(back.claim.machine.get("slots", {})) == {"place"}


def test_hints_follow_the_numbers(desk: Desk) -> None:
    said = "Output rose 25 % from 40 to 60 tonnes."
    ticket = fresh(taken_one(desk.team, desk.ben, said))
    (hint,) = ticket.claim.hints
    one = number_of(ticket)
    now = correct(ticket, lambda: edit_number(ticket, one.pk, {"value": "50"}, by=desk.ben))
    assert now.claim.hints == []
    back = correct(now, lambda: restore_machine(now, by=desk.ben, number_id=one.pk))
    assert back.claim.hints == [hint]
    assert "hints" not in back.claim.machine


def test_wording_and_claimant_are_corrections_of_their_own_kind(desk: Desk, held: Ticket) -> None:
    changes = {"claimant": "the harbour board", "self_contained": "Varnholm handled much salt."}
    now = correct(held, lambda: edit_frame(held, changes, by=desk.ben))
    kinds = {row.kind: row for row in Correction.objects.filter(field__in=changes)}
    assert set(kinds) == {"claimant", "wording"}
    assert kinds["wording"].machine == CLAIM == now.claim.text
    back = correct(now, lambda: restore_machine(now, by=desk.ben, slot="self_contained"))
    assert back.claim.self_contained == CLAIM
    assert set(back.claim.machine["slots"]) == {"claimant", "place"}


def test_a_corrected_number_is_found_in_another_wording(desk: Desk, held: Ticket) -> None:
    """The wording moves the number; the correction goes with it."""
    one = number_of(held)
    now = correct(held, lambda: edit_number(held, one.pk, {"value": "12,000"}, by=desk.ben))
    wording = "In 2023, Varnholm's harbour handled nearly 48,000 tonnes of salt."
    now = correct(now, lambda: edit_frame(now, {"self_contained": wording}, by=desk.ben))
    held_against = Evidence.objects.get(ticket=now, number=2).comparison["claim_quantity"]
    assert held_against["value"] == 12_000
    assert wording[held_against["start"] : held_against["end"]] == "48,000 tonnes"
    words = "Varnholm's harbour handled salt."
    now = correct(now, lambda: edit_frame(now, {"self_contained": words}, by=desk.ben))
    assert outcomes(now)[1] == "match", "the sentence itself is compared where the number is gone"


def test_many_pieces_are_owed_to_the_workers(desk: Desk, held: Ticket) -> None:
    one = number_of(held)
    page = Evidence.objects.get(ticket=held, number=2)
    for _ in range(INLINE_PIECES):
        add_evidence(held, SAYS_12)
    edit = lambda: edit_number(held, one.pk, {"value": "12,000"}, by=desk.ben)  # noqa: E731
    assert tasks.correct_frame(held, edit) == (True, False)
    page.refresh_from_db()
    assert page.outcome == "differs", "not compared yet"
    (job,) = Job.objects.filter(kind=JobKind.WEIGH, subject_id=held.pk)
    (leased,) = Job.objects.lease((JobKind.WEIGH,), limit=1, seconds=60)
    assert leased == job
    assert keep_weighing(leased, fresh(held), weigh_ticket(fresh(held)), go_on) is not None
    assert set(outcomes(held)[1:]) == {"match"}
    assert fresh(held).state == TicketState.IN_REVIEW


def test_a_weighing_that_began_before_the_edit_keeps_the_edit(desk: Desk, held: Ticket) -> None:
    Job.objects.owe(JobKind.WEIGH, f"{held.pk}:1", team=held.team)
    (job,) = Job.objects.lease((JobKind.WEIGH,), limit=1, seconds=60)
    stale = weigh_ticket(held)
    one = number_of(held)
    correct(held, lambda: edit_number(held, one.pk, {"value": "12,000"}, by=desk.ben))
    # As though that weighing wrote the old comparisons.
    old = {"comparison": {}, "outcome": "differs"}
    Evidence.objects.filter(ticket=held).update(**old)
    keep_weighing(job, held, stale, go_on)
    assert outcomes(held) == ["differs", "match"]


@pytest.mark.parametrize("state", ["decided", "published", "closed"])
def test_a_finished_tickets_frame_stands(desk: Desk, held: Ticket, state: str) -> None:
    Ticket.objects.filter(pk=held.pk).update(state=state, reserved_by=None, reserved_until=None)
    with pytest.raises(FrameRefused) as refused:
        edit_frame(held, {"place": "Chile"}, by=desk.ben)
    assert "its frame stands" in refused.value.message


def test_only_the_holder_and_leads_edit_what_is_in_review(desk: Desk, held: Ticket) -> None:
    with pytest.raises(FrameRefused, match="Somebody else"):
        edit_frame(held, {"place": "Chile"}, by=desk.chloe)
    edit_frame(held, {"place": "Chile"}, by=desk.ada)
    assert fresh(held).claim.place == "Chile"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_guarded", [True, False], ids=["guarded", "control"])
def test_two_at_once_lose_nothing(desk: Desk, is_guarded: bool) -> None:
    """Two edits that saw the same frame: one is kept, the other told; the control loses one."""
    ticket = fresh(taken_one(desk.team, desk.ben, CLAIM))
    one = number_of(ticket)
    typed = ({"measured": "salt shipped"}, {"of_what": "all salt"})
    both_read = threading.Barrier(2)

    def act(at: int) -> str:
        if not is_guarded:
            row = Quantity.objects.get(pk=one.pk)
            both_read.wait(timeout=20)
            for name, value in typed[at].items():
                setattr(row, name, value)
            row.save()
            return "kept"
        try:
            edit_number(ticket, one.pk, typed[at], by=desk.ben, expected_version=0)
        except FrameRefused as refused:
            return refused.field
        return "kept"

    told = run_together(2, act)
    row = number_of(fresh(ticket))
    there = [row.measured == "salt shipped", row.of_what == "all salt"]
    if is_guarded:
        assert sorted(told) == ["kept", "version"]
        assert there == [one == "kept" for one in told]
    else:
        assert told == ["kept", "kept"]
        assert there.count(True) == 1, "one of two kept edits is gone"
