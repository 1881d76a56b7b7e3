"""The lead's charts on the home page: bars with their numbers, each a link to the list behind it.

Promises: counts stop at the cap and come in one statement; every bar is the length of the list
that it leads to; what a bar shows stands in words beside it, so that the chart reads without
colours, and as a table for whoever wants one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from claims.admin.counts import Count, count_rows
from claims.admin.filters import OneDayFilter
from claims.admin.standing import LEADS, standing_of, visible_rows, visible_teams
from claims.admin.ticket_panels.desk import name_of
from claims.lifecycle import REVIEWERS
from claims.models import Membership, Team, Ticket, Verdict
from claims.models.ticket import UNDECIDED
from claims.workflow.publish import select_verdicts

DAYS = OneDayFilter.days
SHOWN_PEOPLE = 12
# Of the drawing, in its own units: a bar's room and the line it stands on.
STEP, HEIGHT = 20, 100
DUE_SPANS = (
    ("overdue", "Overdue", None, 0),
    ("today", "Due today", 0, 1),
    ("week", "Within a week", 1, 8),
    ("later", "Later", 8, None),
)


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
    def total(self) -> int:
        """Of all bars."""
        return sum(bar.count for bar in self.bars)


def build_charts(request: HttpRequest, teams: Sequence[Team]) -> list[Chart]:
    """What was decided day by day, what is due when, and who has how much.

    ``teams`` are the person's first, by name.
    """
    today = timezone.now().date()
    days = [today - timedelta(days=back) for back in range(DAYS - 1, -1, -1)]
    rows: dict[str, Any] = {f"on_{day}": decided_on(request, day) for day in days}
    tickets = visible_rows(request, Ticket)
    rows |= {key: due_within(tickets, key, today) for key, *_ in DUE_SPANS}
    counts = count_rows(**rows)
    verdicts = reverse("admin:claims_verdict_changelist")
    lists = reverse("admin:claims_ticket_changelist")
    decided = [
        (f"{day:%-d %b}", counts[f"on_{day}"], f"{verdicts}?day={day}", False) for day in days
    ]
    due = [
        (label, counts[key], f"{lists}?due={key}", key == "overdue") for key, label, *_ in DUE_SPANS
    ]
    return [
        _draw("decided", f"Decided, last {DAYS} days", decided, "Nothing was decided yet."),
        _draw("due", "Due", due, "No ticket has a due day. Set due days on the team's page."),
        *_load_charts(request, teams),
    ]


def decided_on(request: HttpRequest, day: date) -> Any:
    """The current verdicts decided on that day, of the person's teams."""
    begin = datetime.combine(day, time.min, UTC)
    rows = select_verdicts(within=visible_rows(request, Verdict))
    return rows.filter(decided_at__gte=begin, decided_at__lt=begin + timedelta(days=1))


def due_within(rows: Any, key: str, today: date) -> Any:
    """The undecided tickets due in one of the spans; none for an unknown one."""
    span = next(((first, last) for name, _, first, last in DUE_SPANS if name == key), None)
    if span is None:
        return rows.none()
    first, last = span
    rows = rows.filter(due_on__isnull=False, state__in=UNDECIDED)
    if first is not None:
        rows = rows.filter(due_on__gte=today + timedelta(days=first))
    return rows if last is None else rows.filter(due_on__lt=today + timedelta(days=last))


def _load_charts(request: HttpRequest, teams: Sequence[Team]) -> list[Chart]:
    """Who has how much, in the first team that the person leads; the others stand on *Workload*."""
    standing = standing_of(request)
    led = (team for team in teams if standing.has(LEADS, team.pk))
    team = next(led, None) or visible_teams(request, LEADS).order_by("name").first()
    if team is None:
        return []
    members = Membership.objects.filter(team=team, role__in=REVIEWERS, user__is_active=True)
    shown = list(members.select_related("user").order_by("user__username")[:SHOWN_PEOPLE])
    tickets = Ticket.objects.for_team(team)
    counts = count_rows(**{f"of_{one.user_id}": tickets.mine(one.user) for one in shown})
    link = f"{reverse('admin:claims_ticket_workload')}?team={team.pk}"
    told = [
        (name_of(one.user), count, link, one.limit is not None and count >= one.limit)
        for one in shown
        for count in (counts[f"of_{one.user_id}"],)
    ]
    told.sort(key=lambda row: -row[1])
    return [_draw("load", f"Who has how much, {team.name}", told, "Nobody may review yet.")]


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
