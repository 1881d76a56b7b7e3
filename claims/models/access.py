"""Who may see and do what: the one permission function behind every door.

Everything in the database hangs on a team. A model says by which path it
reaches its team (``TEAM_PATH``); querysets, form fields, filters, autocomplete,
exports and files all go through :meth:`TeamScopedQuerySet.visible_to`, and
every act asks :func:`role_of`. Both, and the admin's standing of a person,
read :func:`memberships_of`: the one place that says whose membership counts.
A superuser stands above the teams and counts as admin of each.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeAlias, TypeVar

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import models

from claims.vocabulary import Role

if TYPE_CHECKING:
    from claims.models.team import MembershipQuerySet, Team

Person: TypeAlias = AbstractBaseUser | AnonymousUser
Row = TypeVar("Row", bound=models.Model)


def is_superuser(person: Person) -> bool:
    """Whether this is an active superuser."""
    return bool(getattr(person, "is_superuser", False)) and person.is_active


def memberships_of(person: Person, *roles: Role) -> MembershipQuerySet:
    """The memberships that count for a person (in one of ``roles`` if given), read when asked.

    None for somebody who is not signed in or was switched off.
    """
    from claims.models.team import Membership

    if not person.is_active or person.pk is None:
        return Membership.objects.none()
    rows = Membership.objects.filter(user_id=person.pk)
    return rows.filter(role__in=roles) if roles else rows


def role_of(person: Person, team: Team) -> Role | None:
    """The person's role in the team, or ``None`` for a stranger (one query)."""
    if is_superuser(person):
        return Role.ADMIN
    role = memberships_of(person).filter(team=team).values_list("role", flat=True).first()
    return Role(role) if role else None


def remember_roles(person: Person, roles: Mapping[int, Role]) -> None:
    """Let this object of a person carry what :func:`memberships_of` gave, by team id.

    For an object that lives for one request only. Rows are then asked for by the teams'
    ids, which the database can follow along an index in a list's own order; teams named
    by a sub-query make it sort all their rows for the first page.
    """
    person._known_roles = dict(roles)  # type: ignore[union-attr]


def _known_roles(person: Person) -> Mapping[int, Role] | None:
    """What :func:`remember_roles` left, or ``None`` where it has to be asked for."""
    return getattr(person, "_known_roles", None) if person.is_active else None


def has_role_anywhere(person: Person, role: Role) -> bool:
    """Whether the person has the role in any team; of what is remembered without a query."""
    known = _known_roles(person)
    return memberships_of(person, role).exists() if known is None else role in known.values()


class TeamScopedQuerySet(models.QuerySet[Row]):
    """Rows that belong to a team, by the model's ``TEAM_PATH``."""

    def visible_to(self, person: Person, *roles: Role) -> Self:
        """Rows of the teams in which the person is a member (in one of ``roles`` if given)."""
        if is_superuser(person):
            return self
        path: Any = self.model
        known = _known_roles(person)
        teams: Any = memberships_of(person, *roles).values("team_id")
        if known is not None:
            teams = sorted(team for team, role in known.items() if not roles or role in roles)
        return self.filter(**{f"{path.TEAM_PATH}__in": teams})
