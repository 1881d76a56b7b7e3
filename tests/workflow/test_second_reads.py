"""Second reads: blind ones, what is edited, who settles it, and that nobody confirms their own."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from claims.lifecycle import MoveRefused
from claims.models import SecondRead, Ticket, TicketEvent, Verdict
from claims.models.history import TicketMoved
from claims.vocabulary import ConfirmationPolicy, ReadOutcome, VerdictState
from claims.workflow.decide import (
    DecisionRefused,
    confirm_verdict,
    decide_ticket,
    edit_verdict,
    read_blind,
    send_back,
)
from claims.workflow.publish import publish_ticket, select_verdicts
from claims.workflow.recheck import verify_history
from tests.people import RATIONALE, Desk, a_decision, make_desk, make_person, taken_one
from tests.together import run_together

OWN = "I counted the register's sheets again and found another sum."


def fresh(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


def decided(desk: Desk, label: str = "False", **rules: Any) -> Ticket:
    """A ticket with Ben's verdict, under the team's rules."""
    for name, value in rules.items():
        setattr(desk.team, name, value)
    desk.team.save()
    ticket = taken_one(desk.team, desk.ben)
    decide_ticket(ticket, a_decision(ticket, label), by=desk.ben, expected_version=ticket.version)
    return fresh(ticket)


def blind(desk: Desk, **rules: Any) -> Ticket:
    return decided(desk, blind_percent=100, **rules)


def current(ticket: Ticket) -> Verdict:
    return ticket.verdicts.latest("version")


def as_seen_by(person: Any) -> list[Verdict]:
    return list(Verdict.objects.visible_to(person))


# Blind -------------------------------------------------------------------------------


def test_a_blind_verdict_is_its_authors_alone_and_in_no_export(desk: Desk) -> None:
    ticket = blind(desk)
    assert as_seen_by(desk.ben) == [current(ticket)]
    boss = make_person("boss", desk.other, "admin")  # type: ignore[arg-type]
    boss.is_superuser = True
    boss.save()
    for person in (desk.ada, desk.chloe, desk.dan, desk.eve, boss):
        assert as_seen_by(person) == []
        assert not SecondRead.objects.visible_to(person).exists()
    for versions in (True, False):
        assert not select_verdicts(all_versions=versions).exists()
    event = TicketEvent.objects.filter(action="verdict_proposed").get()
    sealed = hashlib.sha256(f"False\n{RATIONALE}".encode()).hexdigest()
    words = current(ticket).digest_words()
    told = {"second_read": "blind", "sealed": sealed, "version": 1, "words": words}
    assert (event.note, event.changes) == ("", told)
    for act in (confirm_verdict, send_back):
        with pytest.raises(MoveRefused, match="blind"):
            act(ticket, by=desk.chloe, note="Agreed.")
    with pytest.raises(MoveRefused, match="blind"):
        edit_verdict(ticket, a_decision(ticket), by=desk.chloe)


def test_the_same_rating_makes_it_final(desk: Desk) -> None:
    ticket = blind(desk, confirmation=ConfirmationPolicy.NONE)
    with pytest.raises(MoveRefused, match="their own"):
        read_blind(ticket, a_decision(ticket), by=desk.ben)
    with pytest.raises(DecisionRefused):
        read_blind(ticket, a_decision(ticket, rationale="Short."), by=desk.chloe)
    verdict = read_blind(ticket, a_decision(ticket, rationale=OWN), by=desk.chloe)
    assert (verdict.state, verdict.second_reviewer, verdict.has_agreed) == (
        VerdictState.FINAL, desk.chloe, True,
    )  # fmt: skip
    read = SecondRead.objects.get()
    assert (read.outcome, read.rationale, read.is_blind) == (ReadOutcome.AGREED, OWN, True)
    assert as_seen_by(desk.dan) == [verdict]
    assert publish_ticket(fresh(ticket), by=desk.ada).published_at
    assert verify_history().is_sound


def test_disagreement_goes_to_a_third(desk: Desk) -> None:
    ticket = blind(desk)
    first = read_blind(ticket, a_decision(ticket, "True", rationale=OWN), by=desk.chloe)
    assert (first.state, first.is_sealed) == (VerdictState.PROPOSED, False)
    with pytest.raises(MoveRefused):
        publish_ticket(fresh(ticket), by=desk.ada)
    for person, why in ((desk.ben, "their own"), (desk.chloe, "another rating")):
        for act in (confirm_verdict, send_back):
            with pytest.raises(MoveRefused, match=why):
                act(fresh(ticket), by=person, note="So be it.")
    with pytest.raises(MoveRefused, match="read already"):
        read_blind(fresh(ticket), a_decision(ticket), by=desk.ada)
    assert confirm_verdict(fresh(ticket), by=desk.ada).second_reviewer == desk.ada
    waiting = Ticket.objects.awaiting_confirmation_by
    other = blind(desk)
    read_blind(other, a_decision(other, "True"), by=desk.chloe)
    assert [set(waiting(one)) for one in (desk.ada, desk.chloe, desk.ben)] == [
        {other}, set(), set(),
    ]  # fmt: skip


def test_a_third_may_settle_for_the_second(desk: Desk) -> None:
    ticket = blind(desk)
    read_blind(ticket, a_decision(ticket, "True", rationale=OWN), by=desk.chloe)
    new = edit_verdict(fresh(ticket), a_decision(ticket, "True"), by=desk.ada)
    assert (new.state, new.reviewer, new.second_reviewer, new.edited_by) == (
        VerdictState.FINAL, desk.chloe, desk.ada, desk.ada,
    )  # fmt: skip


@pytest.mark.parametrize("person", ["dan", "eve"])
def test_strangers_and_contributors_read_nothing_blind(desk: Desk, person: str) -> None:
    ticket = blind(desk)
    with pytest.raises(MoveRefused):
        read_blind(ticket, a_decision(ticket), by=getattr(desk, person))


def test_kinds_are_always_blind_and_a_second_version_never(desk: Desk) -> None:
    assert current(decided(desk, blind_kinds=["percent"])).is_blind is False
    ticket = decided(desk, blind_kinds=["measure", "count"])
    assert current(ticket).is_blind is True
    read_blind(ticket, a_decision(ticket, "True"), by=desk.chloe)
    back = send_back(fresh(ticket), by=desk.ada, note="Which year?")
    again = decide_ticket(back, a_decision(back), by=desk.ben, expected_version=back.version)
    assert (again.is_blind, again.is_sealed) == (False, False)


def test_the_lot_falls_on_about_so_many(desk: Desk) -> None:
    from claims.workflow.decide.sealing import is_drawn_blind

    ticket = taken_one(desk.team, desk.ben)
    for percent, least, most in ((0, 0, 0), (50, 120, 280), (100, 400, 400)):
        ticket.team.blind_percent = percent
        assert least <= sum(is_drawn_blind(ticket) for _ in range(400)) <= most


@pytest.mark.django_db(transaction=True)
def test_of_eight_who_read_blind_at_once_one_does() -> None:
    desk = make_desk()
    people = [make_person(f"second{n}", desk.team, "reviewer") for n in range(8)]  # type: ignore[arg-type]
    ticket = blind(desk)

    def read(number: int) -> int:
        try:
            read_blind(
                ticket, a_decision(ticket, "True"), by=people[number],
                expected_version=ticket.version,
            )  # fmt: skip
        except TicketMoved:
            return 0
        return 1

    assert sum(run_together(8, read)) == 1
    assert SecondRead.objects.count() == 1
    assert verify_history().is_sound


# Edited --------------------------------------------------------------------------------


def test_edited_words_are_final_with_the_first_reviewers_rating(desk: Desk) -> None:
    ticket = decided(desk)
    new = edit_verdict(ticket, a_decision(ticket, rationale=OWN), by=desk.chloe)
    assert (new.version, new.state, new.reviewer, new.second_reviewer, new.edited_by) == (
        2, VerdictState.FINAL, desk.ben, desk.chloe, desk.chloe,
    )  # fmt: skip
    assert [one.state for one in ticket.verdicts.order_by("version")] == ["superseded", "final"]
    assert SecondRead.objects.get().outcome == ReadOutcome.EDITED
    assert verify_history().is_sound


def test_an_edited_rating_needs_somebody_else(desk: Desk) -> None:
    ticket = decided(desk)
    new = edit_verdict(ticket, a_decision(ticket, "True"), by=desk.chloe)
    assert (new.state, new.reviewer) == (VerdictState.PROPOSED, desk.chloe)
    with pytest.raises(MoveRefused, match="their own"):
        confirm_verdict(fresh(ticket), by=desk.chloe)
    assert confirm_verdict(fresh(ticket), by=desk.ben).second_reviewer == desk.ben


def test_an_edit_is_held_against_the_gate_and_its_version(desk: Desk) -> None:
    ticket = decided(desk)
    with pytest.raises(DecisionRefused):
        edit_verdict(ticket, a_decision(ticket, waivers={}), by=desk.chloe)
    with pytest.raises(TicketMoved):
        edit_verdict(ticket, a_decision(ticket), by=desk.chloe, expected_version=ticket.version - 1)
    with pytest.raises(MoveRefused, match="their own"):
        edit_verdict(ticket, a_decision(ticket), by=desk.ben)
    assert ticket.verdicts.count() == 1


def test_second_reads_are_kept_for_good(desk: Desk) -> None:
    ticket = decided(desk)
    confirm_verdict(ticket, by=desk.chloe)
    assert SecondRead.objects.get().outcome == ReadOutcome.CONFIRMED
    for change in (
        lambda: SecondRead.objects.update(note="none"),
        lambda: SecondRead.objects.all().delete(),
        lambda: Verdict.objects.update(is_blind=True),
        lambda: Verdict.objects.update(confidence="high"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
