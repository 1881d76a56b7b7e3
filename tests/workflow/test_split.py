"""What was merged is split again: places go back, both histories grow, once, by who may."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction

from claims.lifecycle import MoveRefused
from claims.models import Appearance, Article, ClaimMatch, Correction, Job, Ticket, TicketEvent
from claims.models.history import TicketMoved, move_ticket
from claims.models.reopening import take_back_closing
from claims.vocabulary import CloseReason, CorrectionKind, JobKind, MatchAnswer, TicketState
from claims.workflow.assign import take_ticket
from claims.workflow.decide import close_ticket, decide_ticket
from claims.workflow.detect import detect_article
from claims.workflow.ingest import ingest_text
from claims.workflow.match import (
    MatchRefused,
    answering,
    merge_ticket,
    split_match,
    splitting,
)
from claims.workflow.recheck import verify_history
from claims.workflow.reopen import reopen_ticket
from tests.people import Desk, a_decision, add_evidence, make_desk, open_one, ready_one
from tests.together import meet_once, run_together, wait_for_waiting

SALT = "The port of Lisbon handled 48,000 tonnes of salt in 2023."
AGAIN = "In 2023 the port of Lisbon handled 48,000 tonnes of salt."
THIRD = "48,000 tonnes of salt is what the port of Lisbon handled in 2023."
OTHER = "The port of Lisbon handled 84,000 tonnes of salt in 2023."


def stand_in(ticket: Ticket) -> Appearance:
    """The ticket's claim in an article of its own."""
    text = ticket.claim.text
    article = ingest_text(ticket.team, f"# Port {ticket.pk}\n\n{text} It was so.").article
    start = article.text.index(text)
    return Appearance.objects.create(
        claim=ticket.claim, article=article, start=start, end=start + len(text)
    )


def fresh(ticket: Ticket) -> Ticket:
    return Ticket.objects.select_related("team", "claim").get(pk=ticket.pk)


def where(*places: Appearance) -> list[int]:
    return [Appearance.objects.get(pk=one.pk).claim_id for one in places]


@pytest.mark.django_db
def test_places_go_back_and_both_histories_grow(desk: Desk) -> None:
    kept, later = ready_one(desk.team, SALT), ready_one(desk.team, AGAIN)
    add_evidence(later)
    place, own = stand_in(later), stand_in(kept)
    kept = take_ticket(kept, desk.ben)
    decide_ticket(kept, a_decision(kept), by=desk.ben, expected_version=kept.version)
    match = merge_ticket(later, kept, by=desk.ada)
    assert where(place, own) == [kept.claim_id, kept.claim_id]
    closed = fresh(later)
    assert (closed.state, closed.close_reason) == (TicketState.CLOSED, CloseReason.DUPLICATE)
    with pytest.raises(MatchRefused, match="merged into ticket"):
        merge_ticket(closed, kept, by=desk.ada)
    with pytest.raises(MoveRefused, match="split them"):
        reopen_ticket(closed, by=desk.ada, note="Not the same.")

    lines, seen = TicketEvent.objects.count(), (kept.pk, fresh(kept).version)
    done = split_match(match, by=desk.chloe, reason="Another port.", seen=seen)
    assert (done.places, done.ticket.state, done.ticket.close_reason) == (1, "ready", "")
    assert where(place, own) == [later.claim_id, kept.claim_id]
    assert not Appearance.objects.exclude(found_as=None).exists()
    assert TicketEvent.objects.count() == lines + 2
    for ticket in (later, kept):
        event = TicketEvent.objects.filter(ticket=ticket).latest("sequence")
        assert (event.action, event.note) == ("match_split", "Another port.")
    assert later.evidence.count() == 1
    assert kept.verdicts.count() == 1
    match.refresh_from_db()
    assert (match.answer, match.answered_by) == ("", None)
    said = Correction.objects.filter(kind=CorrectionKind.MATCH).order_by("pk")
    assert list(said.values_list("person", flat=True)) == ["same", None]
    assert verify_history().first_bad is None


@pytest.mark.django_db
def test_a_chain_is_split_link_by_link(desk: Desk) -> None:
    first, second, third = (ready_one(desk.team, text) for text in (SALT, AGAIN, THIRD))
    places = [stand_in(one) for one in (first, second, third)]
    low = merge_ticket(third, second, by=desk.ada)
    high = merge_ticket(fresh(second), first, by=desk.ada)
    assert where(*places) == [first.claim_id] * 3
    # A place that comes later is of the claim that has the others now, and knows what it was.
    article = ingest_text(desk.team, f"# Later\n\n{AGAIN} Nobody doubts it, he said.").article
    detect_article(article)
    come = Appearance.objects.get(article=article)
    assert (come.claim_id, come.found_as_id) == (first.claim_id, second.claim_id)

    assert split_match(high, by=desk.ada, reason="Two ports.").places == 3
    assert where(*places, come) == [first.claim_id] + [second.claim_id] * 3
    assert fresh(third).state == TicketState.CLOSED
    assert split_match(low, by=desk.ada, reason="Two years.").kept.pk == second.pk
    assert where(*places, come) == [
        first.claim_id,
        second.claim_id,
        third.claim_id,
        come.found_as_id,
    ]
    assert verify_history().first_bad is None


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["open", "gathering", "in_review", "decided"])
def test_a_closing_is_taken_back_to_where_the_ticket_stood(desk: Desk, state: str) -> None:
    ticket = open_one(desk.team) if state in ("open", "gathering") else ready_one(desk.team)
    if state == "gathering":
        with transaction.atomic():
            ticket = move_ticket(ticket, "gather", actor=None)
    if state in ("in_review", "decided"):
        ticket = take_ticket(ticket, desk.ben)
    if state == "decided":
        decide_ticket(ticket, a_decision(ticket), by=desk.ben, expected_version=ticket.version)
    ticket = close_ticket(fresh(ticket), CloseReason.OPINION, by=desk.ada)
    with pytest.raises(MoveRefused, match="why"):
        reopen_ticket(ticket, by=desk.ada, note=" ")
    with pytest.raises(MoveRefused, match="not a member"):
        reopen_ticket(ticket, by=desk.eve, note="Mine.")
    back = reopen_ticket(ticket, by=desk.ada, note="It is none.")
    assert back.state == ("ready" if state == "in_review" else state)
    assert (back.close_reason, back.reserved_by) == ("", None)
    weighings = Job.objects.filter(kind=JobKind.WEIGH, subject_id=ticket.pk)
    assert weighings.count() == (1 if state == "gathering" else 0)
    with pytest.raises(MoveRefused):
        reopen_ticket(back, by=desk.ada, note="Once more.")
    assert verify_history().first_bad is None


@pytest.mark.django_db
def test_who_may_not_and_what_is_stale_split_nothing(desk: Desk) -> None:
    kept, later = ready_one(desk.team, SALT), ready_one(desk.team, AGAIN)
    with pytest.raises(MatchRefused, match="84000 here"):
        merge_ticket(ready_one(desk.team, OTHER), kept, by=desk.ada)
    assert not ClaimMatch.objects.exists()
    match = merge_ticket(later, kept, by=desk.ada)
    closed = fresh(later)
    for person in (desk.dan, desk.eve):
        with pytest.raises(MoveRefused):
            split_match(match, by=person, reason="Mine.")
    with pytest.raises(MatchRefused, match="why"):
        split_match(match, by=desk.ada, reason=" ")
    with pytest.raises(TicketMoved):
        split_match(match, by=desk.ada, reason="Late.", seen=(later.pk, closed.version - 1))
    with pytest.raises(TicketMoved):
        split_match(match, by=desk.ada, reason="Strange.", seen=(closed.pk + 999, 1))
    assert fresh(later).version == closed.version
    split_match(match, by=desk.ada, reason="Two.", seen=(later.pk, closed.version))
    with pytest.raises(TicketMoved, match="match split"):
        split_match(match, by=desk.ada, reason="Two.")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_guarded", [True, False])
def test_two_who_split_at_once_split_once(is_guarded: bool) -> None:
    desk = make_desk()
    kept, later = ready_one(desk.team, SALT), ready_one(desk.team, AGAIN)
    match = merge_ticket(later, kept, by=desk.ada)
    meet, people = meet_once(2), (desk.ada, desk.chloe)

    def split(number: int) -> bool:
        person: Any = people[number]
        if is_guarded:
            with suppress(TicketMoved):
                split_match(match, by=person, reason="Two.")
                return True
            return False
        # The control looks without holding, and opens the ticket as a verb of its own.
        merged = ClaimMatch.objects.get(pk=match.pk, answer=MatchAnswer.SAME)
        meet()
        ClaimMatch.objects.filter(pk=merged.pk).update(
            answer="", answered_by=None, answered_at=None
        )
        with suppress(TicketMoved, MoveRefused), transaction.atomic():
            take_back_closing(fresh(later), by=person, note="Two.")
        return True

    assert sum(run_together(2, split)) == (1 if is_guarded else 2)
    if is_guarded:
        assert TicketEvent.objects.filter(action="match_split").count() == 2
        assert verify_history().first_bad is None


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_split", [False, True], ids=["merged", "split"])
@pytest.mark.parametrize("is_held", [True, False], ids=["", "control"])
def test_who_reads_an_article_anew_finds_its_tickets_free(
    is_split: bool, is_held: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reading goes from the article over its places to their tickets, and so do these two."""
    desk = make_desk()
    kept, later = ready_one(desk.team, SALT), ready_one(desk.team, AGAIN)
    place, reads = stand_in(later), threading.Event()
    match = merge_ticket(later, kept, by=desk.ada) if is_split else None
    if not is_held:
        for module in (answering, splitting):
            monkeypatch.setattr(module, "hold_articles", lambda places: None)

    def act(number: int) -> bool:
        if number:
            assert reads.wait(60)
            with suppress(OperationalError):
                if match:
                    split_match(match, by=desk.chloe, reason="Two.")
                else:
                    merge_ticket(later, kept, by=desk.ada)
            return True
        with transaction.atomic(), connection.cursor() as cursor:
            Article.objects.select_for_update(no_key=True).get(pk=place.article_id)
            Appearance.objects.filter(pk=place.pk).update(start=place.start)
            reads.set()
            wait_for_waiting(cursor)
            with suppress(OperationalError):
                Ticket.objects.select_for_update(nowait=True).get(pk=later.pk)
                return True
        return False

    assert run_together(2, act) == [is_held, True]
