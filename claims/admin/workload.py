"""Workload: who of a team has how much, what is stuck, and moving work by a few clicks.

Promises: a GET moves nothing; numbers are of one team that the person leads; nothing is given
to who is away or has enough; the number of queries does not grow with people or tickets.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django import forms
from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from claims.admin.counts import count_rows
from claims.admin.facts import ago
from claims.admin.rate_page import choose_team
from claims.admin.ticket_panels.desk import name_of
from claims.admin.ticket_panels.work import say_due, say_load
from claims.admin.undoing import find_undoable, remember_act
from claims.lifecycle import MoveRefused
from claims.models import Team, Ticket
from claims.models.receivers import Receiver, load_receivers
from claims.models.zones import today_in
from claims.vocabulary import Spread, TicketState
from claims.workflow.distribute import MOST_AT_ONCE, distribute_tickets, move_work

SHOWN = 15
WAITS_DAYS = 2
SPREADS = (
    (Spread.LOAD, "To whoever has least"),
    (Spread.TURN, "In turn"),
    (Spread.SKILL, "By tags and languages, then to whoever has least"),
)


class SpreadForm(forms.Form):
    """How many, and by what."""

    spread = forms.ChoiceField(choices=[(one.value, label) for one, label in SPREADS])
    count = forms.IntegerField(
        min_value=1,
        max_value=MOST_AT_ONCE,
        error_messages={
            "required": "Say how many.",
            "invalid": "Say how many.",
            "min_value": "At least 1.",
            "max_value": f"At most {MOST_AT_ONCE} at once.",
        },
    )


@dataclass(frozen=True, slots=True)
class Line:
    """One reviewer's row."""

    receiver: Receiver
    name: str
    load: str
    overdue: int


@dataclass(frozen=True, slots=True)
class Stuck:
    """Tickets that wait for somebody to look: why, and the first of them."""

    title: str
    rows: tuple[tuple[Ticket, str], ...]


def show_workload(request: HttpRequest) -> HttpResponse:
    """The page; a POST spreads or moves and comes back with what went."""
    teams, team = choose_team(request)
    if request.method != "POST":
        return _show(request, teams, team, SpreadForm(initial={"count": 10}))
    try:
        if request.POST.get("act") == "move":
            return _move(request, team)
        form = SpreadForm(request.POST)
        if not form.is_valid():
            return _show(request, teams, team, form, status=422)
        spread = Spread(form.cleaned_data["spread"])
        done = distribute_tickets(team, spread, count=form.cleaned_data["count"], by=request.user)
    except MoveRefused as refused:
        messages.error(request, f"This did not happen: {refused}.")
        return _back(team)
    told = ", ".join(f"{name} {count}" for name, count in done.by_person)
    left = f" {done.left} stay: nobody who is here and has room fits." if done.left else ""
    remember_act(request, "give", [(*one, None) for one in done.gone], "spread")
    if done.count:
        messages.success(request, f"{done.count} given: {told}.{left}")
    else:
        messages.info(request, f"Nothing was given.{left or ' Nothing waits that is free.'}")
    return _back(team)


def _move(request: HttpRequest, team: Team) -> HttpResponse:
    people = {str(one.person.pk): one.person for one in load_receivers(team)}
    person = people.get(request.POST.get("person", ""))
    wanted = request.POST.get("to", "")
    if person is None or (wanted != "queue" and wanted not in people):
        messages.error(request, "Choose to whom the work is moved.")
        return _back(team)
    moved = move_work(
        team,
        person,
        people.get(wanted),
        by=request.user,
        is_all=request.POST.get("all") == "1",
    )
    target = name_of(people.get(wanted)) or "the queue"
    done = f"moved from {name_of(person)} to {target}"
    remember_act(request, "move", moved.gone, done)
    stayed = moved.stayed
    rest = f" {stayed} stayed: no more room there, or somebody was first." if stayed else ""
    messages.success(request, f"{len(moved.gone)} {done}.{rest}")
    return _back(team)


def _back(team: Team) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('admin:claims_ticket_workload')}?team={team.pk}")


def _show(
    request: HttpRequest, teams: list[Team], team: Team, form: SpreadForm, *, status: int = 200
) -> HttpResponse:
    from claims.admin.site import site

    free = Ticket.objects.waiting().for_team(team).filter(assigned_to__isnull=True)
    context = {
        **site.each_context(request),
        "title": "Workload",
        "teams": teams,
        "team": team,
        "form": form,
        "spreads": SPREADS,
        "lines": _lines(team),
        "free": count_rows(free=free)["free"],
        "undoable": find_undoable(request),
        "stuck": [one for one in _stuck(team) if one.rows],
    }
    request.current_app = site.name
    return TemplateResponse(request, "claims/ticket/workload.html", context, status=status)


def _lines(team: Team) -> list[Line]:
    """The team's reviewers, those with the most first."""
    late = Ticket.objects.for_team(team).due_before(today_in(team.time_zone)).order_by()
    people = (
        late.filter(state=TicketState.IN_REVIEW).values_list("reserved_by").annotate(n=Count("pk")),
        late.exclude(state=TicketState.IN_REVIEW)
        .filter(assigned_to__isnull=False)
        .values_list("assigned_to")
        .annotate(n=Count("pk")),
    )
    overdue: dict[int, int] = {}
    for rows in people:
        for person, count in rows:
            overdue[person] = overdue.get(person, 0) + count
    lines = [
        Line(one, name_of(one.person), say_load(one), overdue.get(one.person.pk, 0))
        for one in load_receivers(team)
    ]
    return sorted(lines, key=lambda line: (-line.receiver.load, line.name))


def _stuck(team: Team) -> Iterable[Stuck]:
    """What is late, is held for long, was given and not begun, or never came out of gathering."""
    now, today = timezone.now(), today_in(team.time_zone)
    rows = Ticket.objects.for_team(team).select_related("claim", "assigned_to", "reserved_by")
    rows = rows.defer("claim__search", "claim__context_before", "claim__context_after")
    late = rows.due_before(today).order_by("due_on", "id")[:SHOWN]
    yield Stuck(
        "Overdue",
        tuple((one, say_due(one.due_on, today, is_open=True)[0]) for one in late),
    )
    old = now - timedelta(days=WAITS_DAYS)
    held = rows.filter(state=TicketState.IN_REVIEW, taken_at__lt=old).order_by("taken_at")[:SHOWN]
    yield Stuck("In review for long", tuple((one, f"since {ago(one.taken_at)}") for one in held))
    given = rows.filter(
        state=TicketState.READY, assigned_to__isnull=False, ready_at__lt=old
    ).order_by("assigned_to", "-priority", "id")[:SHOWN]
    yield Stuck("Given and not begun", tuple((one, f"ready {ago(one.ready_at)}") for one in given))
    slow = rows.filter(state=TicketState.GATHERING, created_at__lt=now - timedelta(hours=6))
    yield Stuck(
        "Sources looked for since hours",
        tuple((one, f"opened {ago(one.created_at)}") for one in slow.order_by("-priority")[:SHOWN]),
    )
