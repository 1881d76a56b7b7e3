"""The lead's charts on the home page: bars with their numbers, each a link to the list behind it.

Promises: counts stop at the cap and come in one statement; every bar is the length of the list
that it leads to; each chart is a table too, and says in words what it shows, so that it reads
without colours and without eyes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count as CountOf
from django.db.models import Max
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from claims.admin.change_list import COUNT_CAP
from claims.admin.colours import safe_colour
from claims.admin.counted import AGE_SPANS, DUE_SPANS, FLOW_DAYS, days_ago, due_within, waiting_for
from claims.admin.counts import Count, count_rows
from claims.admin.filters import OneDayFilter
from claims.admin.standing import team_days, visible_rows
from claims.admin.ticket_panels.desk import name_of
from claims.lifecycle import REVIEWERS
from claims.models import Membership, Team, Ticket, Verdict
from claims.models.zones import midnight
from claims.workflow.publish import select_verdicts

DAYS = OneDayFilter.days
SHOWN_PEOPLE = 12
# Of the drawing, in its own units: a bar's room and the line it stands on.
STEP, HEIGHT = 20, 100


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what it counts, how many, the list behind it, and where it is drawn."""

    label: str
    count: Count
    link: str
    x: int
    height: int
    is_alarm: bool = False

    @property
    def y(self) -> int:
        """Its upper end, counted from above."""
        return HEIGHT - self.height


@dataclass(frozen=True, slots=True)
class Chart:
    """A title, its bars and the width of the drawing."""

    key: str
    title: str
    bars: tuple[Bar, ...]
    empty: str

    @property
    def width(self) -> int:
        """In the drawing's units."""
        return STEP * len(self.bars)

    @property
    def highest(self) -> Count:
        """The count of the longest bar."""
        return max((bar.count for bar in self.bars), default=Count(0))

    @property
    def said(self) -> str:
        """What the drawing shows, for who does not see it."""
        return f"{self.title}: {self.total:,} in all, at most {self.highest} a day."

    @property
    def total(self) -> int:
        """Of all bars."""
        return sum(bar.count for bar in self.bars)


@dataclass(frozen=True, slots=True)
class Share:
    """One rating among the verdicts of the last days."""

    label: str
    colour: str
    count: int
    percent: int
    link: str


def build_charts(request: HttpRequest, team: Team, *, only: bool = False) -> list[Chart]:
    """What was decided day by day, what is due when, what waits how long, and who has how much.

    Of the team where ``only`` it is asked for; else of all the person's, but for who has how much.
    """
    today = timezone.localdate()
    days = [today - timedelta(days=back) for back in range(DAYS - 1, -1, -1)]
    tickets, narrow = visible_rows(request, Ticket), ""
    verdicts = select_verdicts(within=visible_rows(request, Verdict))
    if only:
        tickets, narrow = tickets.filter(team=team), f"&team={team.pk}"
        verdicts = verdicts.filter(ticket__team=team)
    people = _reviewers_of(team)
    rows: dict[str, Any] = {f"on_{day}": decided_on(verdicts, day) for day in days}
    teams_days = team_days(request)
    rows |= {f"due_{key}": due_within(tickets, key, teams_days) for key, *_ in DUE_SPANS}
    rows |= {f"age_{key}": waiting_for(tickets, key) for key, *_ in AGE_SPANS}
    own = Ticket.objects.for_team(team)
    rows |= {f"of_{one.user_id}": own.mine(one.user) for one in people}
    counts = count_rows(**rows)
    given = reverse("admin:claims_verdict_changelist")
    lists = reverse("admin:claims_ticket_changelist")
    decided = [
        (f"{day:%-d %b}", counts[f"on_{day}"], f"{given}?day={day}{narrow}", False) for day in days
    ]
    due = [
        (label, counts[f"due_{key}"], f"{lists}?due={key}{narrow}", key == "overdue")
        for key, label, *_ in DUE_SPANS
    ]
    age = [
        (label, counts[f"age_{key}"], f"{lists}?waiting={key}{narrow}", False)
        for key, label, *_ in AGE_SPANS
    ]
    load = [
        (name_of(one.user), count, f"{lists}?work={one.user_id}&team={team.pk}", is_full)
        for one in people
        for count in (counts[f"of_{one.user_id}"],)
        for is_full in (one.limit is not None and count >= one.limit,)
    ]
    load.sort(key=lambda row: -row[1])
    who = f"Who has how much, {team.name}"
    return [
        _draw("decided", f"Decided, last {DAYS} days", decided, "Nothing was decided yet."),
        _draw("due", "Due", due, "No ticket has a due day. Set due days on the team's page."),
        _draw("age", "Waiting for a reviewer", age, "Nothing waits for a reviewer."),
        _draw("load", who, load, "Nobody has a ticket."),
    ]


def mix_of(verdicts: Any, narrow: str = "") -> list[Share]:
    """Ratings of the current among these that were decided lately (the newest thousand)."""
    newest = (
        select_verdicts(within=verdicts)
        .filter(decided_at__gte=days_ago(FLOW_DAYS))
        .order_by("-decided_at", "-id")
    )
    rows = (
        Verdict.objects.filter(pk__in=newest.values("pk")[:COUNT_CAP])
        .order_by()
        .values("rating_label")
        .annotate(count=CountOf("pk"), colour=Max("rating_colour"))
        .order_by("-count", "rating_label")
    )
    found = list(rows)
    total = sum(row["count"] for row in found)
    listed = f"{reverse('admin:claims_verdict_changelist')}?decided_at={FLOW_DAYS}{narrow}"
    return [
        Share(
            label=row["rating_label"],
            colour=safe_colour(row["colour"] or ""),
            count=row["count"],
            percent=round(100 * row["count"] / total),
            link=f"{listed}&{urlencode({'rating': row['rating_label']})}",
        )
        for row in found
    ]


def decided_on(verdicts: Any, day: date) -> Any:
    """Those decided on that day, as days are for the person."""
    begin = midnight(day)
    return verdicts.filter(decided_at__gte=begin, decided_at__lt=begin + timedelta(days=1))


def _reviewers_of(team: Team) -> list[Membership]:
    members = Membership.objects.filter(team=team, role__in=REVIEWERS, user__is_active=True)
    return list(members.select_related("user").order_by("user__username")[:SHOWN_PEOPLE])


def _draw(key: str, title: str, told: list[tuple[str, Count, str, bool]], empty: str) -> Chart:
    highest = max((count for _, count, *_ in told), default=Count(0)) or 1
    bars = tuple(
        Bar(
            label,
            count,
            link,
            x=STEP * place,
            height=max(round(HEIGHT * count / highest), 2 if count else 0),
            is_alarm=is_alarm and bool(count),
        )
        for place, (label, count, link, is_alarm) in enumerate(told)
    )
    return Chart(key, title, bars, empty)
