"""Which day and hour it is, the team's zone says: over day borders, holidays and changed clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from claims.models import Holiday, ServiceLevel, Ticket
from claims.models.discussion import Notice
from claims.models.receivers import load_receiver
from claims.models.telling import DigestPlan
from claims.models.urgency import load_rules
from claims.models.zones import check_zone, day_in, list_zones, midnight, today_in
from claims.vocabulary import DigestRhythm, Role
from claims.workflow.rate import set_due
from claims.workflow.remind import remind_of_due
from tests.people import make_desk, make_person, make_team, ready_one

BERLIN = ZoneInfo("Europe/Berlin")
AUCKLAND = "Pacific/Auckland"
# Twenty-six hours apart: it is never the same day there.
EARLIEST, LATEST = "Pacific/Kiritimati", "Etc/GMT+12"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../../etc/passwd", "posixrules", "UTC\x00"])
def test_a_name_that_is_no_zone_is_refused(name: str) -> None:
    with pytest.raises(ValidationError, match="Europe/Berlin"):
        check_zone(name)


def test_zones_have_days_of_their_own() -> None:
    check_zone("Europe/Berlin")
    assert {"UTC", EARLIEST, LATEST} <= set(list_zones())
    assert today_in(EARLIEST) > today_in(LATEST)
    assert day_in(AUCKLAND, at("2026-11-20T12:30")) == date(2026, 11, 21)


def test_a_day_on_which_clocks_change_is_shorter_or_longer() -> None:
    with timezone.override(BERLIN):
        days = (date(2026, 3, 29), date(2026, 3, 30), date(2026, 10, 25))
        hours = [
            (midnight(day + timedelta(days=1)).timestamp() - midnight(day).timestamp()) / 3600
            for day in days
        ]
    assert hours == [23, 24, 25]


@pytest.mark.parametrize(
    ("hour", "now", "turn"),
    [
        # Winter, summer, and the mornings of both changes: seven by the clock.
        (7, "2026-03-28T06:30", "2026-03-28T06:00"),
        (7, "2026-03-29T05:30", "2026-03-29T05:00"),
        (7, "2026-03-29T04:30", "2026-03-28T06:00"),
        (7, "2026-10-25T06:30", "2026-10-25T06:00"),
        # An hour that this day has not, and one that it has twice: one turn each.
        (2, "2026-03-29T01:00", "2026-03-29T01:00"),
        (2, "2026-10-25T00:10", "2026-10-25T00:00"),
        (2, "2026-10-25T01:10", "2026-10-25T00:00"),
    ],
)
def test_the_mail_comes_at_its_hour_of_the_clock(hour: int, now: str, turn: str) -> None:
    plan = DigestPlan(hour=hour)
    found = plan.last_turn(at(now), BERLIN)
    assert found is not None
    assert found.astimezone(UTC) == at(turn)


def test_full_hours_are_those_of_the_zone() -> None:
    plan = DigestPlan(rhythm=DigestRhythm.HOURLY)
    found = plan.last_turn(at("2026-11-20T12:10"), ZoneInfo("Asia/Kolkata"))
    assert found is not None
    assert found.astimezone(UTC) == at("2026-11-20T11:30")


@pytest.mark.django_db
def test_due_days_and_holidays_are_the_teams_own() -> None:
    desk = make_desk()
    ticket = ready_one(desk.team)
    # Friday noon in London, Saturday in Auckland.
    Ticket.objects.filter(pk=ticket.pk).update(created_at=at("2026-11-20T12:30"))
    ServiceLevel.objects.create(team=desk.team, from_priority=0, working_days=1)

    def due() -> date | None:
        set_due(Ticket.objects.get(pk=ticket.pk), None, by=desk.ada)
        return Ticket.objects.get(pk=ticket.pk).due_on

    assert due() == date(2026, 11, 23)
    type(desk.team).objects.filter(pk=desk.team.pk).update(time_zone=AUCKLAND)
    assert due() == date(2026, 11, 24)
    Holiday.objects.create(team=desk.team, day=date(2026, 11, 24))
    assert due() == date(2026, 11, 25)


@pytest.mark.django_db
def test_each_team_is_reminded_on_its_own_day_and_is_away_on_it() -> None:
    day = today_in(EARLIEST)
    for zone in (EARLIEST, LATEST):
        team = make_team(zone.rsplit("/")[-1].lower().replace("+", "-"), time_zone=zone)
        person = make_person(f"ben-{team.slug}", team, Role.REVIEWER)
        person.memberships.update(away_from=day, away_until=day)
        ticket = ready_one(team)
        Ticket.objects.filter(pk=ticket.pk).update(due_on=day, notice_on=day, assigned_to=person)
        receiver = load_receiver(team, person)
        assert receiver is not None
        assert receiver.is_away is (zone == EARLIEST)
        assert load_rules(team).today == today_in(zone)
    assert remind_of_due() == 1
    told = Notice.objects.values_list("ticket__team__time_zone", "kind")
    assert list(told) == [(EARLIEST, "due_soon")]
    # There it is the next day when the other team's comes.
    late = Ticket.objects.get(team__time_zone=EARLIEST)
    assert late.notice_on == day + timedelta(days=1)
    assert remind_of_due() == 0
