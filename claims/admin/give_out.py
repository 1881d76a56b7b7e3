"""Giving out: a lead sees who has how much and hands the next tickets to somebody, in one go.

Promises: the most urgent free tickets go first and each to one person, whoever else presses
at the same time; the loads shown are one query for the team; a GET gives nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from claims.admin.counts import count_rows
from claims.admin.standing import LEADS, list_reviewers, refuse_teamless, visible_teams
from claims.admin.ticket_panels.desk import name_of
from claims.admin.undoing import find_undoable, remember_act
from claims.lifecycle import MoveRefused
from claims.models import Team, Ticket
from claims.vocabulary import TicketState
from claims.workflow.assign import MOST_AT_ONCE, assign_next, take_many

USUAL = 10


@dataclass(frozen=True, slots=True)
class Load:
    """One reviewer: what is in review with them, and what was given and still waits."""

    person: Any
    name: str
    in_review: int
    given: int


class GiveForm(forms.Form):
    """To whom, how many, and whether they are reserved at once."""

    person = forms.IntegerField(error_messages={"required": "Choose who gets them."})
    count = forms.IntegerField(
        label="How many",
        initial=USUAL,
        min_value=1,
        max_value=MOST_AT_ONCE,
        error_messages={
            "required": "Say how many.",
            "min_value": "At least 1.",
            "max_value": f"At most {MOST_AT_ONCE} at once.",
        },
        widget=forms.NumberInput(attrs={"class": "fc-input"}),
    )
    now = forms.BooleanField(
        label="Reserve them for me now",
        required=False,
        help_text="Only for yourself: each is yours for the team's reservation time.",
    )


def show_give_out(request: HttpRequest) -> HttpResponse:
    """The page; a POST gives the tickets out and comes back with what went."""
    teams = list(visible_teams(request, LEADS).order_by("name")[:100])
    if not teams:
        refuse_teamless(request)
    wanted = (request.POST or request.GET).get("team", "")
    team = next((one for one in teams if str(one.pk) == wanted), teams[0])
    if request.method != "POST":
        return _show(request, teams, team, GiveForm())
    form = GiveForm(request.POST)
    people = {one.pk: one for one in list_reviewers(request, team.pk)}
    if form.is_valid() and form.cleaned_data["person"] not in people:
        form.add_error("person", "Choose a reviewer or lead of this team.")
    if not form.is_valid():
        return _show(request, teams, team, form, status=422)
    try:
        _give(request, team, people[form.cleaned_data["person"]], form.cleaned_data)
    except MoveRefused as refused:
        form.add_error(None, f"This did not happen: {refused}.")
        return _show(request, teams, team, form, status=409)
    return HttpResponseRedirect(f"{reverse('admin:claims_ticket_give_out')}?team={team.pk}")


def _give(request: HttpRequest, team: Team, person: Any, asked: dict[str, Any]) -> None:
    count = asked["count"]
    is_own = asked["now"] and person.pk == request.user.pk
    if is_own:
        gone = take_many(team, person, count=count)
    else:
        gone = assign_next(team, person, count=count, by=request.user)
    whose = "reserved for you" if is_own else f"given to {name_of(person)}"
    if not gone:
        messages.info(request, "Nothing waits that is not given to somebody already.")
        return
    fewer = f"; no more than {len(gone)} waited" if len(gone) < count else ""
    remember_act(
        request,
        "take" if is_own else "give",
        [(one.pk, one.version, one.assigned_to_id if is_own else None) for one in gone],
        whose,
    )
    plural = "" if len(gone) == 1 else "s"
    messages.success(request, f"{len(gone)} ticket{plural} {whose}{fewer}.")


def _show(
    request: HttpRequest, teams: list[Team], team: Team, form: GiveForm, *, status: int = 200
) -> HttpResponse:
    from claims.admin.site import site

    context = {
        **site.each_context(request),
        "title": "Give out tickets",
        "teams": teams,
        "team": team,
        "form": form,
        "loads": _loads_of(request, team),
        "free": count_rows(free=Ticket.objects.waiting().for_team(team).unassigned())["free"],
        "chosen": str(form.data.get("person", "")),
        "me": request.user.pk,
        "undoable": find_undoable(request),
    }
    request.current_app = site.name
    return TemplateResponse(request, "claims/ticket/give_out.html", context, status=status)


def _loads_of(request: HttpRequest, team: Team) -> list[Load]:
    """The team's reviewers, those with the least first."""
    rows = Ticket.objects.for_team(team).order_by()
    held = dict(
        rows.filter(state=TicketState.IN_REVIEW)
        .values_list("reserved_by")
        .annotate(count=Count("pk"))
    )
    given = dict(
        rows.filter(state=TicketState.READY)
        .exclude(Q(assigned_to=None))
        .values_list("assigned_to")
        .annotate(count=Count("pk"))
    )
    loads = [
        Load(one, name_of(one), held.get(one.pk, 0), given.get(one.pk, 0))
        for one in list_reviewers(request, team.pk)
    ]
    return sorted(loads, key=lambda load: (load.in_review + load.given, load.name))
