"""Moves and the history they leave: role, version, and a chain that shows every tampering."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claims.lifecycle import MoveRefused
from claims.models import Ticket, TicketEvent, Verdict, VerdictEvidence
from claims.models.history import (
    TicketMoved,
    append_event,
    digest_event,
    last_event,
    move_ticket,
    touch_ticket,
)
from claims.vocabulary import TicketAction, TicketState
from claims.workflow.decide import confirm_verdict, decide_ticket
from claims.workflow.recheck import check_histories, verify_history
from tests.people import (
    Desk,
    a_decision,
    add_evidence,
    make_desk,
    open_one,
    ready_one,
    taken_one,
)
from tests.together import run_together


def note(ticket: Ticket, words: str, **fields: Any) -> TicketEvent:
    with transaction.atomic():
        Ticket.objects.select_for_update().get(pk=ticket.pk)
        return append_event(ticket, TicketAction.NOTED, actor=None, note=words, **fields)


# Moves ------------------------------------------------------------------------


def test_a_move_bumps_the_version_and_leaves_one_line(desk: Desk) -> None:
    ticket = ready_one(desk.team)
    moved = move_ticket(ticket, "take", actor=desk.ben, reserved_by_id=desk.ben.pk)
    line = last_event(ticket.pk)
    assert line is not None
    assert moved.version == ticket.version + 1
    assert (line.from_state, line.to_state, line.actor_name) == ("ready", "in_review", "Ben")


def test_an_old_version_is_refused_with_who_and_what(desk: Desk) -> None:
    seen = taken_one(desk.team, desk.ben)
    touch_ticket(seen)
    append_event(seen, TicketAction.ASSIGNED, actor=desk.ada)
    with pytest.raises(TicketMoved, match=r"Ada was first: assigned at \d\d:\d\d UTC"):
        move_ticket(Ticket.objects.get(pk=seen.pk), "release", actor=desk.ben, expected_version=1)
    with pytest.raises(TicketMoved):
        move_ticket(seen, "release", actor=desk.ben)
    with pytest.raises(TicketMoved):
        touch_ticket(seen)


@pytest.mark.parametrize("name", ["dan", "eve"])
def test_who_may_not_review_may_not_take(desk: Desk, name: str) -> None:
    with pytest.raises(MoveRefused):
        move_ticket(ready_one(desk.team), "take", actor=getattr(desk, name))


def test_only_the_holder_or_a_lead_releases(desk: Desk) -> None:
    ticket = taken_one(desk.team, desk.ben)
    with pytest.raises(MoveRefused, match="somebody else holds"):
        move_ticket(ticket, "release", actor=desk.chloe)
    assert move_ticket(ticket, "release", actor=desk.ada).state == TicketState.READY


def test_nobody_makes_the_machines_moves(desk: Desk) -> None:
    with pytest.raises(MoveRefused):
        move_ticket(open_one(desk.team), "gather", actor=desk.ada)
    with pytest.raises(MoveRefused):
        move_ticket(ready_one(desk.team), "take", actor=None)


def test_a_member_who_is_no_longer_active_moves_nothing(desk: Desk) -> None:
    ticket = taken_one(desk.team, desk.ben)
    desk.ben.is_active = False
    with pytest.raises(MoveRefused):
        move_ticket(ticket, "release", actor=desk.ben)


@pytest.mark.django_db(transaction=True)
def test_history_is_written_only_inside_a_transaction() -> None:
    ticket = open_one(make_desk().team)
    with pytest.raises(RuntimeError):
        append_event(ticket, TicketAction.NOTED, actor=None)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


# Rows are written: how long one takes is the machine's affair.
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None
)
@given(words=st.text(), changes=st.dictionaries(st.text(), JSON, max_size=3))
def test_whatever_is_noted_keeps_its_digest(
    desk: Desk, words: str, changes: dict[str, Any]
) -> None:
    written = note(open_one(desk.team), words, changes=changes)
    stored = TicketEvent.objects.get(pk=written.pk)
    assert digest_event(stored) == stored.digest == written.digest
    assert verify_history().is_sound


# Tampering --------------------------------------------------------------------


def bypass(sql: str, *values: Any) -> None:
    """What somebody with the owner's password and an SQL prompt could do."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE claims_ticketevent DISABLE TRIGGER USER")
        cursor.execute(sql, values)
        assert cursor.rowcount
        cursor.execute("ALTER TABLE claims_ticketevent ENABLE TRIGGER USER")


def alter_a_note(ticket: Ticket) -> None:
    bypass(
        "UPDATE claims_ticketevent SET note = 'other' WHERE ticket_id = %s AND sequence = 3",
        ticket.pk,
    )


def remove_a_middle_line(ticket: Ticket) -> None:
    bypass("DELETE FROM claims_ticketevent WHERE ticket_id = %s AND sequence = 3", ticket.pk)


def remove_and_close_the_gap(ticket: Ticket) -> None:
    remove_a_middle_line(ticket)
    bypass(
        "UPDATE claims_ticketevent SET sequence = sequence - 1 "
        "WHERE ticket_id = %s AND sequence = 4",
        ticket.pk,
    )


def reorder(ticket: Ticket) -> None:
    for old, new in ((3, 99), (4, 3), (99, 4)):
        bypass(
            "UPDATE claims_ticketevent SET sequence = %s WHERE ticket_id = %s AND sequence = %s",
            new,
            ticket.pk,
            old,
        )


def insert_a_line(ticket: Ticket) -> None:
    last = TicketEvent.objects.filter(ticket=ticket).order_by("sequence")[2]
    last.pk, last.note = None, "slipped in"
    bypass(
        "UPDATE claims_ticketevent SET sequence = sequence + 10 "
        "WHERE ticket_id = %s AND sequence > 2",
        ticket.pk,
    )
    last.save(force_insert=True)
    for old in (13, 14):
        bypass(
            "UPDATE claims_ticketevent SET sequence = %s WHERE ticket_id = %s AND sequence = %s",
            old - 9,
            ticket.pk,
            old,
        )


def forge_a_digest(ticket: Ticket) -> None:
    line = TicketEvent.objects.get(ticket=ticket, sequence=3)
    line.note = "other"
    bypass(
        "UPDATE claims_ticketevent SET note = 'other', digest = %s WHERE id = %s",
        digest_event(line),
        line.pk,
    )


def set_the_state_by_sql(ticket: Ticket) -> None:
    Ticket.objects.filter(pk=ticket.pk).update(state=TicketState.CLOSED)


def remove_all_history(ticket: Ticket) -> None:
    bypass("DELETE FROM claims_ticketevent WHERE ticket_id = %s", ticket.pk)


TAMPERINGS: list[tuple[Callable[[Ticket], None], int]] = [
    (alter_a_note, 3),
    (remove_a_middle_line, 4),
    (remove_and_close_the_gap, 3),
    (reorder, 3),
    (insert_a_line, 3),
    (forge_a_digest, 4),
    (set_the_state_by_sql, 4),
    (remove_all_history, 0),
]


def a_history(desk: Desk) -> Ticket:
    """Four lines on the ticket between two other tickets."""
    ready_one(desk.team)
    ticket = ready_one(desk.team)
    note(ticket, "read twice")
    ready_one(desk.team)
    return Ticket.objects.get(pk=ticket.pk)


@pytest.mark.parametrize(("tamper", "sequence"), TAMPERINGS)
def test_a_tampering_is_found_and_its_row_named(
    desk: Desk, tamper: Callable[[Ticket], None], sequence: int
) -> None:
    ticket = a_history(desk)
    assert verify_history().is_sound
    tamper(ticket)
    bad = verify_history().first_bad
    assert bad is not None
    assert (bad["ticket"], bad["sequence"]) == (ticket.pk, sequence)


def cut_the_end(ticket: Ticket) -> None:
    """Remove the last line and make everything else agree with it."""
    bypass("DELETE FROM claims_ticketevent WHERE ticket_id = %s AND sequence = 4", ticket.pk)


def write_anew(ticket: Ticket) -> None:
    """Alter a line and compute the whole chain again."""
    previous = ""
    for line in TicketEvent.objects.filter(ticket=ticket).order_by("sequence"):
        line.note = "other" if line.sequence == 3 else line.note
        line.previous_digest = previous
        line.digest = previous = digest_event(line)
        bypass(
            "UPDATE claims_ticketevent SET note = %s, previous_digest = %s, digest = %s "
            "WHERE id = %s",
            line.note,
            line.previous_digest,
            line.digest,
            line.pk,
        )


@pytest.mark.parametrize("tamper", [cut_the_end, write_anew])
@pytest.mark.parametrize("grows", [False, True])
def test_what_the_chain_cannot_show_the_kept_head_does(
    desk: Desk, tamper: Callable[[Ticket], None], grows: bool
) -> None:
    ticket = a_history(desk)
    kept = verify_history()
    if grows:
        ready_one(desk.team)
    honest = verify_history(kept_until=kept.last_event)
    assert honest.kept_head == kept.head
    tamper(ticket)
    proof = verify_history(kept_until=kept.last_event)
    assert proof.is_sound
    assert proof.kept_head != kept.head


def test_an_empty_database_has_a_head_and_is_sound(db: None) -> None:
    proof = verify_history()
    assert (proof.tickets, proof.events, proof.is_sound, len(proof.head)) == (0, 0, True, 64)


# What the database itself refuses ----------------------------------------------


@pytest.mark.parametrize("act", ["update", "delete"])
def test_the_database_refuses_to_change_history(desk: Desk, act: str) -> None:
    open_one(desk.team)
    rows = TicketEvent.objects.all()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        rows.update(note="other") if act == "update" else rows._raw_delete("default")
    with pytest.raises(IntegrityError), transaction.atomic():
        TicketEvent.objects.get().save()


@pytest.fixture
def verdict(desk: Desk) -> Verdict:
    ticket = taken_one(desk.team, desk.ben)
    piece = add_evidence(ticket)
    decision = a_decision(ticket, decisive_ids=frozenset({piece.pk}))
    return decide_ticket(ticket, decision, by=desk.ben, expected_version=ticket.version)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("rationale", "Something else altogether."),
        ("rating_label", "True"),
        ("rating_value", 5),
        ("reviewer_id", None),
        ("waiver_reason", "none"),
        ("correction_reason", "none"),
        ("what_would_change", "nothing"),
    ],
)
def test_the_database_refuses_to_overwrite_a_verdict(
    desk: Desk, verdict: Verdict, field: str, value: Any
) -> None:
    value = desk.chloe.pk if field == "reviewer_id" else value
    with pytest.raises(IntegrityError, match="never overwritten"), transaction.atomic():
        Verdict.objects.filter(pk=verdict.pk).update(**{field: value})


@pytest.mark.parametrize(
    "change",
    ["rationale = 'Other.'", "rating_label = 'True'", "reviewer_id = second_reviewer_id",
     "waiver_reason = ''", "decided_at = now()", "version = 9", "rating_definition = 'Other.'"],
)  # fmt: skip
def test_a_verdict_altered_past_the_triggers_is_found(
    desk: Desk, verdict: Verdict, change: str
) -> None:
    confirm_verdict(verdict.ticket, by=desk.chloe)
    assert verify_history().is_sound
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE claims_verdict DISABLE TRIGGER USER")
        cursor.execute("ALTER TABLE claims_verdict DROP CONSTRAINT nobody_confirms_their_own")
        cursor.execute(f"UPDATE claims_verdict SET {change}")
    bad = verify_history().first_bad
    assert bad is not None
    assert (bad["ticket"], bad["sequence"]) == (verdict.ticket_id, 5)
    assert "does not say what was given" in bad["problem"]
    part = check_histories(desk.team, after=0)
    assert part is not None
    assert len(part.problems) == 1


def test_the_database_refuses_to_drop_a_verdict_or_what_it_rests_on(verdict: Verdict) -> None:
    for rows in (Verdict.objects.all(), VerdictEvidence.objects.all()):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            rows._raw_delete("default")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        VerdictEvidence.objects.update(quote="other")


# Many at once -------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_eight_writers_of_fifty_lines_make_one_chain() -> None:
    ticket = open_one(make_desk().team)

    def write(number: int) -> None:
        for line in range(50):
            note(ticket, f"{number}.{line}")

    run_together(8, write)
    assert verify_history().is_sound
    assert TicketEvent.objects.filter(ticket=ticket).count() == 401


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_writers_collide() -> None:
    ticket = open_one(make_desk().team)

    def write(number: int) -> int:
        lost = 0
        for line in range(50):
            try:
                with transaction.atomic():
                    append_event(ticket, TicketAction.NOTED, actor=None, note=f"{number}.{line}")
            except IntegrityError:
                lost += 1
        return lost

    # The unique sequence still refuses a fork; without the row's lock, lines are lost to it.
    assert sum(run_together(8, write)) > 0
    assert verify_history().is_sound


@pytest.mark.django_db(transaction=True)
def test_walking_history_while_it_grows_raises_no_false_alarm() -> None:
    desk = make_desk()
    tickets = [ready_one(desk.team) for _ in range(20)]

    def act(number: int) -> bool:
        if number:
            for ticket in tickets[number - 1 :: 2]:
                taken = move_in_transaction(ticket, "take", desk)
                move_in_transaction(taken, "release", desk)
            return True
        return all(verify_history().is_sound for _ in range(15))

    assert all(run_together(3, act))


def move_in_transaction(ticket: Ticket, verb: str, desk: Desk) -> Ticket:
    with transaction.atomic():
        return move_ticket(ticket, verb, actor=desk.ada)


def test_a_proof_is_json(desk: Desk) -> None:
    set_the_state_by_sql(a_history(desk))
    assert json.dumps(verify_history().first_bad)
