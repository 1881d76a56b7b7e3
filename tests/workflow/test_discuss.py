"""Discussion, notices and reminders: who is told of what, once, and nobody else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from claims.lifecycle import MoveRefused
from claims.models import Appearance, Article, Comment, Membership, Notice, ServiceLevel, Ticket
from claims.models.urgency import calendar_of
from claims.vocabulary import ArticleState, NoticeKind, Role, Spread
from claims.workflow.assign import assign_next, assign_ticket, hand_over, release_ticket
from claims.workflow.decide import close_ticket, decide_ticket, send_back
from claims.workflow.discuss import find_mentioned, say, settle
from claims.workflow.distribute import distribute_tickets, move_work, return_to_queue
from claims.workflow.equip import add_shipped_scales
from claims.workflow.gather import gather_more
from claims.workflow.ingest import ingest_text
from claims.workflow.mark import drop_claim
from claims.workflow.remind import remind_of_due
from tests.people import (
    Desk,
    a_decision,
    make_desk,
    make_person,
    open_one,
    ready_many,
    ready_one,
    taken_one,
)
from tests.together import meet_once, run_together


def told(**fields: Any) -> list[tuple[str, str]]:
    """Who was told, and of what kind, oldest first."""
    rows = Notice.objects.filter(**fields).order_by("id")
    return [(one.person.username, one.kind) for one in rows.select_related("person")]


def decide(ticket: Ticket, *, by: Any) -> None:
    decide_ticket(ticket, a_decision(ticket), by=by, expected_version=ticket.version)


def test_who_is_named_or_answered_is_told_once_and_not_oneself(desk: Desk) -> None:
    ticket = open_one(desk.team)
    first = say(ticket, "@Ben, @ada. and @ada: see @dan's note; @eve @nobody", by=desk.ada)
    assert sorted(told()) == [("ben", "mentioned"), ("dan", "mentioned")]
    say(ticket, "Yes @dan", by=desk.chloe, thread=first)
    assert told()[2:] == [("dan", "mentioned"), ("ada", "replied")]
    # An answer to an answer stands in the same thread, and all who spoke hear of it.
    answer = Comment.objects.latest("id")
    assert say(ticket, "No.", by=desk.ben, thread=answer).thread == first
    assert sorted(told()[4:]) == [("ada", "replied"), ("chloe", "replied")]


def test_names_with_dots_are_found_and_addresses_are_not(desk: Desk) -> None:
    make_person("mo.reed", desk.team, Role.REVIEWER)
    ticket = open_one(desk.team)
    named = find_mentioned(ticket, "@mo.reed. (@ben) mail@chloe @@dan")
    names = set(Membership.objects.filter(user__in=named).values_list("user__username", flat=True))
    assert names == {"mo.reed", "ben"}
    assert find_mentioned(ticket, "@" * 200_000) == set()
    assert len(find_mentioned(ticket, "@ben " * 100_000)) == 1


def test_a_thread_is_settled_once_and_opened_by_an_answer(desk: Desk) -> None:
    ticket = open_one(desk.team)
    first = say(ticket, "Which year?", by=desk.ben)
    assert settle(first, by=desk.chloe)
    assert not settle(first, by=desk.ada)
    first.refresh_from_db()
    assert first.resolved_by == desk.chloe
    say(ticket, "2023, but see the note.", by=desk.ada, thread=first)
    first.refresh_from_db()
    assert first.resolved_at is None


@pytest.mark.parametrize("text", ["", " \n\x00 ", "a" * 5_001])
def test_what_says_nothing_or_too_much_is_refused(desk: Desk, text: str) -> None:
    with pytest.raises(MoveRefused):
        say(open_one(desk.team), text, by=desk.ben)


def test_strangers_neither_speak_nor_settle_nor_answer_across_tickets(desk: Desk) -> None:
    ticket, other = open_one(desk.team), open_one(desk.team)
    first = say(ticket, "Which year?", by=desk.dan)
    with pytest.raises(MoveRefused):
        say(ticket, "I know.", by=desk.eve)
    with pytest.raises(MoveRefused):
        settle(first, by=desk.eve)
    with pytest.raises(MoveRefused):
        say(other, "Here?", by=desk.ben, thread=first)


def test_the_database_refuses_to_change_or_drop_what_was_said(desk: Desk) -> None:
    first = say(open_one(desk.team), "Which year?", by=desk.ben)
    rows = Comment.objects.filter(pk=first.pk)
    for act in (lambda: rows.update(text="Nothing."), rows.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    assert rows.get().text == "Which year?"


def test_who_is_given_a_ticket_is_told_once_however_many(desk: Desk) -> None:
    assign_ticket(ready_one(desk.team), desk.ben, by=desk.ada)
    ready_many(desk.team, 3)
    assign_next(desk.team, desk.chloe, count=3, by=desk.ada)
    ready_many(desk.team, 4)
    Membership.objects.filter(user=desk.ada).update(limit=0)
    distribute_tickets(desk.team, Spread.LOAD, count=4, by=desk.ada)
    hand_over(taken_one(desk.team, desk.ada), desk.ben, by=desk.ada, note="Yours.")
    assert sorted(told()) == [("ben", "given")] * 3 + [("chloe", "given")] * 2
    assert Notice.objects.filter(person=desk.chloe).earliest("id").told == (
        "3 tickets were given to you."
    )


@pytest.mark.parametrize(
    ("take_away", "where"),
    [
        (lambda one, ada: release_ticket(one, ada, note="Ben is ill."), "queue. Ben is ill."),
        (lambda one, ada: return_to_queue(one, by=ada, note="Ben is ill."), "queue. Ben is ill."),
        (lambda one, ada: hand_over(one, ada, by=ada, note="Mine."), "with Ada now. Mine."),
        (
            lambda one, ada: move_work(one.team, one.reserved_by, None, by=ada, is_all=True),
            "queue.",
        ),
        (lambda one, ada: gather_more(one, by=ada, query="salt"), "with Ada now."),
        (lambda one, ada: decide(one, by=ada), "was decided."),
        (lambda one, ada: close_ticket(one, "opinion", by=ada, note="Taste."), "closed. Taste."),
    ],
)
def test_who_loses_a_ticket_is_told_by_whom_and_where_it_is(
    desk: Desk, take_away: Any, where: str
) -> None:
    take_away(taken_one(desk.team, desk.ben), desk.ada)
    (notice,) = Notice.objects.all()
    assert (notice.person, notice.kind, notice.actor) == (desk.ben, "taken_away", desk.ada)
    assert notice.told.endswith(where)


def test_what_one_gives_away_or_keeps_is_no_loss(desk: Desk) -> None:
    given = assign_ticket(ready_one(desk.team), desk.ben, by=desk.ada)
    assign_ticket(given, desk.chloe, by=desk.ada)
    assert told() == [("ben", "given"), ("chloe", "given"), ("ben", "taken_away")]
    # One's own doing; and who works on it goes on, whoever is to have it next.
    release_ticket(taken_one(desk.team, desk.ben), desk.ben, note="Not mine.")
    held = taken_one(desk.team, desk.ben)
    assign_ticket(held, desk.chloe, by=desk.ada)
    assert told(kind="taken_away") == [("ben", "taken_away")]
    # What was given to somebody and not begun may go with its claim.
    words = "The port handled 48,000 tonnes of salt in 2023."
    article = ingest_text(desk.team, words).article
    Article.objects.filter(pk=article.pk).update(state=ArticleState.READ)
    given = assign_ticket(ready_one(desk.team, words), desk.ben, by=desk.ada)
    Appearance.objects.create(claim=given.claim, article=article, start=0, end=len(words))
    drop_claim(given.claim.appearances.get(), by=desk.ada)
    assert Notice.objects.latest("id").told == "Its claim was dropped."


def test_a_verdict_that_is_sent_back_is_told_to_its_reviewer(desk: Desk) -> None:
    ticket = taken_one(desk.team, desk.ben)
    decide(ticket, by=desk.ben)
    send_back(Ticket.objects.get(pk=ticket.pk), by=desk.ada, note="Which register?")
    assert told() == [("ben", "sent_back")]
    assert Notice.objects.get().told == "Which register?"


def test_what_is_muted_or_for_one_who_left_is_not_told(desk: Desk) -> None:
    ticket = open_one(desk.team)
    Membership.objects.filter(user=desk.ben).update(muted=["mentioned"])
    say(ticket, "@ben @chloe", by=desk.ada)
    assert told() == [("chloe", "mentioned")]
    Membership.objects.filter(user=desk.chloe).delete()
    assert not Notice.objects.of(desk.chloe).exists()


def late_one(desk: Desk, person: Any = None) -> Ticket:
    """A ticket whose day was yesterday and of which nothing was said yet."""
    ticket = ready_one(desk.team)
    if person is not None:
        ticket = assign_ticket(ticket, person, by=desk.ada)
    today = timezone.now().date()
    Ticket.objects.filter(pk=ticket.pk).update(due_on=today - timedelta(days=1), notice_on=today)
    return Ticket.objects.get(pk=ticket.pk)


def test_soon_and_overdue_are_each_told_once_and_no_priority_moves(desk: Desk) -> None:
    ServiceLevel.objects.create(team=desk.team, from_priority=0, working_days=1)
    ticket = assign_ticket(ready_one(desk.team), desk.ben, by=desk.ada)
    Notice.objects.all().delete()
    today = timezone.now().date()
    assert ticket.notice_on == max(calendar_of(desk.team).before(ticket.due_on), today)
    Ticket.objects.filter(pk=ticket.pk).update(notice_on=today)
    assert remind_of_due() == 1
    assert told() == [("ben", "due_soon")]
    assert remind_of_due() == 0
    late = late_one(desk)
    Ticket.objects.filter(pk=ticket.pk).update(due_on=late.due_on, notice_on=today)
    assert remind_of_due() == 2
    assert sorted(told()[1:]) == [("ada", "overdue"), ("ben", "overdue")]
    assert Notice.objects.get(person=desk.ada).told == "2 tickets are overdue."
    assert remind_of_due() == 0
    assert Ticket.objects.get(pk=ticket.pk).priority == ticket.priority


def test_nothing_is_told_of_what_is_finished(desk: Desk) -> None:
    ticket = late_one(desk)
    Ticket.objects.filter(pk=ticket.pk).update(state="closed")
    assert remind_of_due() == 1
    assert told(kind=NoticeKind.OVERDUE) == []


@pytest.fixture
def busy(transactional_db: None) -> Desk:
    add_shipped_scales()
    return make_desk()


@pytest.mark.django_db(transaction=True)
def test_sweeps_at_once_tell_once(busy: Desk) -> None:
    for _ in range(3):
        late_one(busy, busy.ben)
    run_together(4, lambda _: remind_of_due())
    assert len(told(person=busy.ben, kind="overdue")) == 3


@pytest.mark.django_db(transaction=True)
def test_control_looking_and_telling_without_the_lock_tells_again(busy: Desk) -> None:
    late_one(busy, busy.ben)
    meet = meet_once(4)

    def remind_unheld(_: int) -> None:
        owed = list(Ticket.objects.filter(notice_on__isnull=False))
        meet()
        for ticket in owed:
            Notice.objects.create(person=busy.ben, ticket=ticket, kind="overdue")

    run_together(4, remind_unheld)
    assert len(told(person=busy.ben, kind="overdue")) == 4
