"""Rating anew: what the priority rules as they stand now would change, and one button that does it.

Promises: a GET shows and changes nothing; a priority that a person set is not among them; each
change is a line of its ticket's history.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from claims.admin.standing import LEADS, refuse_teamless, visible_teams
from claims.models import Team
from claims.workflow.rate import LOOKED_AT, find_changes, rate_again

SHOWN = 50


def choose_team(request: HttpRequest) -> tuple[list[Team], Team]:
    """The teams that the person leads, and the one that was asked for; to look at, else the first.

    Raises ``PermissionDenied`` for who leads none, ``Http404`` where something is posted for a
    team that is none of them.
    """
    teams = list(visible_teams(request, LEADS).order_by("name")[:100])
    if not teams:
        refuse_teamless(request)
    wanted = (request.POST or request.GET).get("team", "")
    named = next((one for one in teams if str(one.pk) == wanted), None)
    if named is None and request.method == "POST":
        raise Http404("There is nothing here, or it is not yours to see.")
    return teams, named or teams[0]


def show_rating(request: HttpRequest) -> HttpResponse:
    """The page; a POST rates anew and comes back with how many changed."""
    from claims.admin.site import site

    teams, team = choose_team(request)
    if request.method == "POST":
        changed = rate_again(team, by=request.user)
        plural = "" if changed == 1 else "s"
        messages.success(request, f"{changed} ticket{plural} rated anew.")
        return HttpResponseRedirect(f"{reverse('admin:claims_ticket_rate')}?team={team.pk}")
    changes, has_more = find_changes(team)
    context = {
        **site.each_context(request),
        "title": "Rate tickets anew",
        "teams": teams,
        "team": team,
        "changes": changes[:SHOWN],
        "count": len(changes),
        "looked_at": LOOKED_AT,
        "has_more": has_more,
    }
    request.current_app = site.name
    return TemplateResponse(request, "claims/rule/rate.html", context)
