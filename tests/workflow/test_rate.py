"""Priority by the team's rules, a person's word over them, and due days in the working week."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from claims.lifecycle import MoveRefused
from claims.models import Holiday, PriorityRule, ServiceLevel, Team, Ticket, TicketEvent
from claims.models.history import TicketMoved
from claims.models.urgency import Facts, load_rules, spoken
from claims.models.working_days import Calendar
from claims.vocabulary import PriorityFactor
from claims.workflow.rate import find_changes, rate_again, set_due, set_priority
from claims.workflow.recheck import verify_history
from claims.workflow.triage import open_ticket
from tests.people import Desk, make_claim, open_one, ready_one

FRIDAY = date(2026, 11, 20)
WEEK = frozenset({1, 2, 3, 4, 5})


@pytest.mark.parametrize(
    ("days", "due"),
    [(0, date(2026, 11, 20)), (1, date(2026, 11, 23)), (3, date(2026, 11, 26))],
)
def test_due_days_pass_over_weekends_and_holidays(days: int, due: date) -> None:
    calendar = Calendar(WEEK, frozenset({date(2026, 11, 24)}))
    assert calendar.after(FRIDAY, days) == due


def test_a_ticket_opened_on_a_free_day_counts_from_the_first_that_is_worked() -> None:
    calendar = Calendar(WEEK, frozenset({date(2026, 11, 23)}))
    assert calendar.after(date(2026, 11, 21), 0) == date(2026, 11, 24)
    assert calendar.before(date(2026, 11, 24)) == FRIDAY


def test_a_team_that_never_works_ends_all_the_same() -> None:
    never = Calendar(WEEK, frozenset(FRIDAY + timedelta(days=day) for day in range(-500, 500)))
    assert never.after(FRIDAY, 250) >= FRIDAY


def rule(team: Team, factor: PriorityFactor, points: int, **fields: object) -> PriorityRule:
    return PriorityRule.objects.create(
        team=team, name=factor.label, factor=factor, points=points, **fields
    )


def test_every_factor_gives_its_points_and_says_so(desk: Desk) -> None:
    rule(desk.team, PriorityFactor.CHECK_WORTHINESS, 40)
    rule(desk.team, PriorityFactor.NUMBER, 10)
    rule(desk.team, PriorityFactor.REACH, 15, level=3)
    rule(desk.team, PriorityFactor.HARM, 20, words="toxic dose\nvaccines")
    rule(desk.team, PriorityFactor.DEADLINE, 30, level=2)
    rules = load_rules(desk.team, today=FRIDAY)
    words = spoken("The Toxic-dose rose by 7 per cent.")
    facts = Facts(words, score=0.5, has_number=True, articles=3, due_on=date(2026, 11, 24))
    rated = rules.rate(facts)
    assert rated.priority == 20 + 10 + 15 + 20 + 30
    assert rated.explain() == "Check worthiness +20, Number +10, Reach +15, Harm +20, Deadline +30"
    # One article, other words, a later day, no number: only the score is left.
    other = Facts(spoken("Nontoxic doses."), score=0.5, has_number=False, due_on=date(2026, 11, 25))
    assert rules.rate(other).priority == 20


def test_points_below_nothing_and_above_all_are_kept_in_bounds(desk: Desk) -> None:
    rule(desk.team, PriorityFactor.NUMBER, -100)
    facts = Facts(" ", score=1.0, has_number=True)
    assert load_rules(desk.team).rate(facts).priority == 0
    PriorityRule.objects.update(points=100)
    rule(desk.team, PriorityFactor.REACH, 90)
    assert load_rules(desk.team).rate(facts).priority == 100


def test_a_new_ticket_is_rated_and_due_by_the_rules_and_history_says_why(desk: Desk) -> None:
    rule(desk.team, PriorityFactor.HARM, 90, words="salt")
    ServiceLevel.objects.create(team=desk.team, from_priority=80, working_days=1)
    ServiceLevel.objects.create(team=desk.team, from_priority=0, working_days=5)
    ticket = open_ticket(make_claim(desk.team), by=desk.dan)[0]
    calendar = Calendar(WEEK)
    assert ticket.priority == 90
    assert ticket.due_on == calendar.after(timezone.now().date(), 1)
    first = TicketEvent.objects.get(ticket=ticket)
    assert first.changes["by_the_rules"] == "Harm +90"
    assert first.changes["due"] == str(ticket.due_on)
    Holiday.objects.create(team=desk.team, day=ticket.due_on)
    later = open_ticket(make_claim(desk.team))[0]
    assert later.due_on > ticket.due_on


def test_a_persons_priority_outlives_the_rules_until_it_is_given_back(desk: Desk) -> None:
    ServiceLevel.objects.create(team=desk.team, from_priority=0, working_days=9)
    ServiceLevel.objects.create(team=desk.team, from_priority=95, working_days=0)
    ticket = ready_one(desk.team)
    mine = set_priority(ticket, 96, by=desk.ada)
    assert (mine.priority, mine.is_priority_set) == (96, True)
    assert mine.due_on < ticket.due_on
    rule(desk.team, PriorityFactor.NUMBER, 33)
    free = ready_one(desk.team)
    Ticket.objects.filter(pk=free.pk).update(priority=5)
    changes, has_more = find_changes(desk.team)
    assert [(one.ticket.pk, one.priority) for one in changes] == [(free.pk, 33)]
    assert not has_more
    assert rate_again(desk.team, by=desk.ada) == 1
    assert Ticket.objects.get(pk=mine.pk).priority == 96
    assert Ticket.objects.get(pk=free.pk).priority == 33
    back = set_priority(Ticket.objects.get(pk=mine.pk), None, by=desk.ada)
    assert (back.priority, back.is_priority_set) == (33, False)
    assert TicketEvent.objects.filter(action="priority_set").count() == 3
    assert verify_history().first_bad is None


def test_a_deadline_set_by_hand_rates_anew_and_time_alone_does_not(desk: Desk) -> None:
    rule(desk.team, PriorityFactor.NUMBER, 10)
    rule(desk.team, PriorityFactor.DEADLINE, 50, level=1)
    ticket = ready_one(desk.team)
    today = timezone.now().date()
    soon = set_due(ticket, today, by=desk.ben)
    assert (soon.priority, soon.due_on, soon.is_due_set) == (60, today, True)
    assert soon.notice_on == today
    back = set_due(soon, None, by=desk.ben)
    assert (back.priority, back.due_on, back.is_due_set) == (10, None, False)
    # A day that follows from the priority is no deadline: it must not lift the priority again.
    ServiceLevel.objects.create(team=desk.team, from_priority=0, working_days=0)
    assert rate_again(desk.team, by=desk.ada) == 0
    assert Ticket.objects.get(pk=ticket.pk).priority == 10


@pytest.mark.parametrize("name", ["ben", "dan", "eve"])
def test_only_a_lead_of_the_team_says_how_urgent(desk: Desk, name: str) -> None:
    ticket, person = open_one(desk.team), getattr(desk, name)
    with pytest.raises(MoveRefused):
        set_priority(ticket, 7, by=person)
    with pytest.raises(MoveRefused):
        rate_again(desk.team, by=person)
    if name != "ben":
        with pytest.raises(MoveRefused):
            set_due(ticket, None, by=person)


def test_a_stale_form_is_told_and_changes_nothing(desk: Desk) -> None:
    seen = open_one(desk.team)
    set_priority(seen, 40, by=desk.ada)
    fresh = Ticket.objects.get(pk=seen.pk)
    for act in (set_priority, set_due):
        with pytest.raises(TicketMoved):
            act(fresh, None, by=desk.ada, expected_version=seen.version)
    assert Ticket.objects.get(pk=seen.pk).priority == 40
