"""Lists as people want them: saved views, each person's own or a team's, and chosen columns."""

from __future__ import annotations

from typing import ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from claims.models.access import Person, TeamScopedQuerySet, is_superuser
from claims.models.team import Team
from claims.vocabulary import Role

NAME_CHARS = 60
QUERY_CHARS = 1000
# A model's name, and the name of one of its list's columns.
NOUN_CHARS = 40


class ListViewQuerySet(TeamScopedQuerySet["ListView"]):
    """Saved views; one's own are nobody else's, whatever the role."""

    def visible_to(self, person: Person, *roles: Role) -> Self:
        """The person's own, and those of the person's teams (in one of ``roles`` if given)."""
        shared = Q(team__isnull=False)
        if not is_superuser(person):
            shared = Q(pk__in=super().visible_to(person, *roles).order_by().values("pk"))
        return self.filter(Q(person_id=person.pk) | shared)


class ListView(models.Model):
    """A named way to see a list: the address's parameters, of one person or of one team.

    ``noun`` is the model's name. In ``query`` the order names its column, not the column's place.
    """

    TEAM_PATH: ClassVar[str] = "team"

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    team = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.CASCADE, related_name="list_views"
    )
    noun = models.CharField(max_length=NOUN_CHARS)
    name = models.CharField(max_length=NAME_CHARS)
    query = models.CharField(max_length=QUERY_CHARS)

    objects = ListViewQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "noun", "name"],
                condition=Q(person__isnull=False),
                name="one_own_view_a_name",
            ),
            models.UniqueConstraint(
                fields=["team", "noun", "name"],
                condition=Q(team__isnull=False),
                name="one_shared_view_a_name",
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=True, team__isnull=False)
                | Q(person__isnull=False, team__isnull=True),
                name="view_of_a_person_or_a_team",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ListChoice(models.Model):
    """What one person chose for one list: its columns in their order, and the view it opens with.

    No columns means the list's own.
    """

    TEAM_PATH: ClassVar[str] = "person__memberships__team"

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    noun = models.CharField(max_length=NOUN_CHARS)
    columns = ArrayField(models.CharField(max_length=NOUN_CHARS), default=list, blank=True)
    opens_with = models.ForeignKey(
        ListView, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["person", "noun"], name="one_choice_a_list")]

    def __str__(self) -> str:
        return f"{self.noun} of {self.person_id}"
