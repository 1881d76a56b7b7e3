"""What a person may do here, asked once per request: the one permission function of this door.

Promises: every view, list, field, filter, action and file asks :func:`standing_of`
or :func:`get_visible_or_404`; a stranger's row is *not found*, never *forbidden*.
Refuses Django's permission rows: membership and role decide, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NoReturn, TypeVar

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest

from claims.lifecycle import LEADS, REVIEWERS
from claims.models import DigestPlan, Provider, Rating, RatingScale, Team
from claims.models.access import (
    Person,
    TeamScopedQuerySet,
    is_superuser,
    memberships_of,
    remember_roles,
)
from claims.models.zones import today_in
from claims.vocabulary import Role

EVERYONE = frozenset(Role)
NOBODY: frozenset[Role] = frozenset()
ADMINS = frozenset({Role.ADMIN})
__all__ = ["ADMINS", "EVERYONE", "LEADS", "NOBODY", "REVIEWERS"]

Row = TypeVar("Row", bound=models.Model)


@dataclass(frozen=True, slots=True)
class Standing:
    """A person's roles, teams and their zones by team id, and the zone of the times shown.

    ``zone`` is ``""`` for the install's.

    A superuser counts as admin of every team.
    """

    is_superuser: bool
    roles: Mapping[int, Role] = field(default_factory=dict)
    teams: Mapping[int, str] = field(default_factory=dict)
    zones: Mapping[int, str] = field(default_factory=dict)
    zone: str = ""

    def has(self, roles: Iterable[Role], team_id: int | None = None) -> bool:
        """Whether the person has one of ``roles`` in that team, or in any if none is named."""
        wanted = frozenset(roles)
        if self.is_superuser:
            return bool(wanted)
        if team_id is None:
            return any(role in wanted for role in self.roles.values())
        return self.roles.get(team_id) in wanted

    def role_in(self, team_id: int) -> Role | None:
        """The role in that team; ``None`` for a stranger."""
        return Role.ADMIN if self.is_superuser else self.roles.get(team_id)


def standing_of(request: HttpRequest) -> Standing:
    """The standing of the person behind a request: one query, kept for the request."""
    kept: Standing | None = getattr(request, "_standing", None)
    if kept is None:
        person = request.user
        if is_superuser(person):
            kept = Standing(is_superuser=True, zone=_zone_of(person))
        else:
            named = ("team_id", "role", "team__name", "team__time_zone", "shown_zone")
            rows = list(memberships_of(person).with_zones().values_list(*named))
            kept = Standing(
                is_superuser=False,
                roles={team: Role(role) for team, role, *_ in rows},
                teams={team: name for team, _, name, *_ in rows},
                zones={team: zone for team, *_, zone, _ in rows},
                # The one chosen; of several teams, as for the mail, that of the first by name.
                zone=min(((name, zone) for *_, name, _, zone in rows), default=("", ""))[1],
            )
            remember_roles(person, kept.roles)
        request._standing = kept  # type: ignore[attr-defined]
    return kept


def team_days(request: HttpRequest) -> dict[date, list[int]]:
    """Which day it is now, and in which of the person's teams: due days are the teams' own."""
    zones: Mapping[int, str] = standing_of(request).zones
    if standing_of(request).is_superuser:
        zones = dict(Team.objects.order_by().values_list("pk", "time_zone"))
    days: dict[date, list[int]] = {}
    for team, zone in zones.items():
        days.setdefault(today_in(zone), []).append(team)
    return days


def _zone_of(person: Person) -> str:
    """The zone that somebody above the teams chose."""
    plans = DigestPlan.objects.filter(person_id=person.pk).values_list("time_zone", flat=True)
    return plans.first() or ""


def visible_rows(
    request: HttpRequest, model: type[Row], roles: frozenset[Role] = EVERYONE
) -> models.QuerySet[Row]:
    """The rows of a model that the person may choose from or see; scales are everyone's.

    Providers are the admins', who set them up for the whole workbench.
    """
    rows: models.QuerySet[Row] = model._default_manager.all()
    if isinstance(rows, TeamScopedQuerySet):
        return rows.visible_to(request.user, *(() if roles == EVERYONE else sorted(roles)))
    standing = standing_of(request)
    if standing.is_superuser or (issubclass(model, RatingScale | Rating) and standing.roles):
        return rows
    if issubclass(model, Provider) and standing.has(ADMINS):
        return rows
    if issubclass(model, get_user_model()):
        return rows.filter(memberships__team__in=standing.roles).distinct()
    return rows.none()


def visible_teams(request: HttpRequest, roles: frozenset[Role] = EVERYONE) -> models.QuerySet[Team]:
    """The person's own teams, those in which the person has one of ``roles``."""
    return visible_rows(request, Team, roles)


def list_reviewers(request: HttpRequest, team_id: int | None) -> list[Any]:
    """Reviewers and leads of one team, or of all the person's teams, by name."""
    standing = standing_of(request)
    # One condition on one membership: a reviewer elsewhere is none here.
    may_review: dict[str, Any] = {"memberships__role__in": sorted(REVIEWERS)}
    if team_id is not None:
        may_review["memberships__team_id"] = team_id
    elif not standing.is_superuser:
        may_review["memberships__team_id__in"] = list(standing.roles)
    rows = get_user_model()._default_manager.filter(is_active=True, **may_review)
    return list(rows.distinct().order_by("username")[:200])


def refuse_teamless(request: HttpRequest) -> NoReturn:
    """Raise ``PermissionDenied`` for who has no team for this; a superuser is told of the cure."""
    if standing_of(request).is_superuser:
        raise PermissionDenied("There is no team yet. Make the first one on the home page.")
    raise PermissionDenied


def get_visible_or_404(
    request: HttpRequest,
    rows: TeamScopedQuerySet[Row],
    pk: object,
    roles: frozenset[Role] = EVERYONE,
) -> Row:
    """One of ``rows`` by key: 404 if it is not the person's to see, 403 if the role is too weak.

    ``rows`` may bring its ``select_related``: ``Article.objects.select_related("team")``.
    """
    try:
        found = rows.visible_to(request.user).filter(pk=pk).first()
    except (TypeError, ValueError, OverflowError):
        found = None
    if found is None:
        raise Http404("There is nothing here, or it is not yours to see.")
    if roles != EVERYONE and not standing_of(request).has(roles, team_of(found)):
        raise PermissionDenied
    return found


def team_of(row: models.Model) -> int | None:
    """The id of the team a row hangs on, by its model's ``TEAM_PATH``; ``None`` where of none."""
    path: str | None = getattr(row, "TEAM_PATH", None)
    if path is None:
        return None
    if path == "pk":
        return int(row.pk)
    *steps, last = path.split("__")
    held: Any = row
    for step in steps:
        held = getattr(held, step)
    team_id: int | None = getattr(held, f"{last}_id")
    return team_id
