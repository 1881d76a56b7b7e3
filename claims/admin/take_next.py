"""*Take next*: one button, one ticket, to exactly one person; or why there is none."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from claims.admin.standing import REVIEWERS, visible_teams
from claims.admin.ticket_panels.work import say_nothing_waits
from claims.admin.ticket_watch import FORBIDDEN, lead_back, page_url
from claims.lifecycle import MoveRefused
from claims.models import Ticket
from claims.workflow import assign


def show_take_next(request: HttpRequest) -> HttpResponse:
    """Reserve the most urgent ticket of the named team, or of all the person's teams."""
    if request.method != "POST":
        return lead_back(request)
    teams = list(visible_teams(request, REVIEWERS).order_by("name"))
    wanted = request.POST.get("team", "")
    if wanted:
        teams = [team for team in teams if str(team.pk) == wanted]
    if not teams:
        messages.error(request, "Only reviewers and leads of a team take its tickets.")
        return _plain(request)
    for team in assign.most_urgent_teams(teams, request.user):
        try:
            ticket = assign.take_next(team, request.user)
        except MoveRefused:
            # The role was taken away while this request was on its way.
            continue
        if ticket is not None:
            return HttpResponseRedirect(page_url(ticket))
    messages.info(request, say_nothing_waits(teams, request.user))
    return HttpResponseRedirect(_way_back(request))


def _way_back(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure()):
        return wanted
    return reverse("admin:claims_ticket_changelist")


def _plain(request: HttpRequest) -> HttpResponse:
    from claims.admin.site import site

    context = {**site.each_context(request), "title": "Not for you", "opts": Ticket._meta}
    return TemplateResponse(request, "claims/ticket/refused.html", context, status=FORBIDDEN)
