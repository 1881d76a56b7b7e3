"""The first run: what leads from an empty install to the first verdict, one step after another.

Promises that each step is marked as done by what is there, that the next one is one click away,
and that the first team is made once, by a superuser. After the first verdict nothing of it shows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from claims.admin.standing import REVIEWERS, standing_of, visible_teams
from claims.models import Membership, Team
from claims.workflow.equip import begin_team


class TeamNameForm(forms.Form):
    """What the first team is called."""

    name = forms.CharField(max_length=Team._meta.get_field("name").max_length, initial="Newsdesk")


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what to do, why, and where; ``is_next`` is the first that has to be done."""

    title: str
    text: str
    is_done: bool
    link: str = ""
    button: str = ""
    is_optional: bool = False
    is_next: bool = False


def list_steps(request: HttpRequest, counts: Mapping[str, int]) -> list[Step]:
    """The steps as they stand for this person; none once a verdict was given.

    ``counts`` are the home page's: articles, and tickets by state.
    """
    if counts["decided"] or counts["published"]:
        return []
    standing = standing_of(request)
    waits = counts["waiting"] + counts["in_review"]
    article = Step(
        "Add an article",
        "Paste one with numbers in it. The machine marks its factual claims and opens a ticket for "
        "each one worth checking.",
        bool(counts["articles"] or counts["tickets"]),
        f"{reverse('admin:claims_ingest')}?kind=text",
        "Paste text",
    )
    take = Step(
        "Take the next ticket",
        "Its sources are being looked for; reload this page in half a minute."
        if article.is_done and not waits
        else "Sources that agree and sources that do not stand beside the claim, with their "
        "numbers in one table.",
        bool(counts["in_review"]),
    )
    decide = Step(
        "Decide",
        "Choose a rating, say why, and tick what it rests on. Where that is less than the team "
        "asks for, write why you go ahead without. The machine never decides.",
        is_done=False,
        link=f"{reverse('admin:claims_ticket_changelist')}?queue=mine" * bool(counts["in_review"]),
        button="My queue",
    )
    steps = [article, take, decide] if standing.has(REVIEWERS) else [article]
    if standing.is_superuser:
        steps = [*_first_steps(request), *steps]
    left = [one for one in steps if not (one.is_done or one.is_optional)]
    return [replace(one, is_next=one in left[:1]) for one in steps]


def _first_steps(request: HttpRequest) -> list[Step]:
    """What a superuser does before: the team, and who else is in it."""
    team = visible_teams(request).order_by("pk").first()
    made = Step("Make a team", "Articles, tickets and verdicts belong to one.", team is not None)
    if team is None:
        return [made]
    people = Step(
        "Add people, or go on alone",
        "An account under People, a role on the team's page. Alone you can do all but the second "
        "read of your own verdict.",
        is_done=False,
        is_optional=True,
        link=reverse("admin:claims_team_change", args=[team.pk]),
        button="Team & rules",
    )
    is_alone = Membership.objects.filter(team=team).count() < 2
    return [made, people] if is_alone else [made]


def make_first_team(request: HttpRequest) -> HttpResponse:
    """Make the first team, and lead home; a GET makes nothing."""
    if not standing_of(request).is_superuser:
        raise PermissionDenied
    home = HttpResponseRedirect(reverse("admin:index"))
    if request.method != "POST":
        return home
    form = TeamNameForm(request.POST)
    if not form.is_valid():
        messages.error(request, f"The team's name: {form.errors['name'][0]}")
        return home
    team = begin_team(form.cleaned_data["name"], by=request.user)
    if team is None:
        messages.info(request, "There is a team already.")
    else:
        messages.success(request, f"{team} is there, and you are its admin. Now add an article.")
    return home
