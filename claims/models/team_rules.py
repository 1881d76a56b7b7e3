"""The rules a team's lead writes: what is urgent, by when, on which days, and whose it is.

Promises: rules are rows, each of one team; nothing here changes a ticket. Who reads them is
:mod:`claims.models.openings` when a ticket opens and :mod:`claims.workflow.rate` afterwards.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from claims.models.access import TeamScopedQuerySet
from claims.models.team import Team
from claims.vocabulary import PriorityFactor

MOST_POINTS = 100


class PriorityRule(models.Model):
    """Points that a ticket gets or loses; the sum, kept between 0 and 100, is its priority."""

    TEAM_PATH: ClassVar[str] = "team"

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="priority_rules")
    name = models.CharField(max_length=120)
    factor = models.CharField(max_length=20, choices=PriorityFactor.choices())
    level = models.PositiveSmallIntegerField(
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(1000)],
        help_text="Reach: in at least so many articles. Deadline: due within so many working days.",
    )
    words = models.TextField(
        blank=True, help_text="Harm: any of these words or phrases stands in the claim, one a line."
    )
    points = models.SmallIntegerField(
        default=10,
        validators=[MinValueValidator(-MOST_POINTS), MaxValueValidator(MOST_POINTS)],
        help_text="-100 to 100. Check-worthiness counts them times its score from 0 to 1.",
    )
    is_on = models.BooleanField("on", default=True)

    objects = TeamScopedQuerySet["PriorityRule"].as_manager()

    class Meta:
        ordering = ["team", "id"]

    def __str__(self) -> str:
        return self.name


class ServiceLevel(models.Model):
    """By when tickets from a priority on are to be decided."""

    TEAM_PATH: ClassVar[str] = "team"

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="service_levels")
    from_priority = models.PositiveSmallIntegerField(
        validators=[MaxValueValidator(100)], help_text="Tickets of this priority and above."
    )
    working_days = models.PositiveSmallIntegerField(
        validators=[MaxValueValidator(250)],
        help_text="Due so many working days after they open; 0 is the same day.",
    )

    objects = TeamScopedQuerySet["ServiceLevel"].as_manager()

    class Meta:
        ordering = ["team", "-from_priority"]
        constraints = [
            models.UniqueConstraint(fields=["team", "from_priority"], name="one_level_a_priority")
        ]

    def __str__(self) -> str:
        return f"From {self.from_priority}: {self.working_days} working days"


class Holiday(models.Model):
    """A day on which the team does not work."""

    TEAM_PATH: ClassVar[str] = "team"

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="holidays")
    day = models.DateField()
    name = models.CharField(max_length=120, blank=True)

    objects = TeamScopedQuerySet["Holiday"].as_manager()

    class Meta:
        ordering = ["team", "day"]
        constraints = [models.UniqueConstraint(fields=["team", "day"], name="one_holiday_a_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.name}".strip()


class AssignmentRule(models.Model):
    """Which new tickets get a tag, and whose they are: every condition that is filled must hold."""

    TEAM_PATH: ClassVar[str] = "team"

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="assignment_rules")
    name = models.CharField(max_length=120, help_text="“Claims about trade go to the trade desk.”")
    words = models.TextField(
        blank=True, help_text="Any of these words or phrases stands in the claim, one a line."
    )
    language = models.CharField(
        max_length=8, blank=True, help_text="The article's language as a code: en, de, ur."
    )
    site = models.CharField(
        max_length=200, blank=True, help_text="The article's site, such as example.org."
    )
    tag = models.CharField(max_length=40, blank=True, help_text="The ticket gets this tag.")
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Given to this reviewer, unless away or at the limit.",
    )
    is_on = models.BooleanField("on", default=True)

    objects = TeamScopedQuerySet["AssignmentRule"].as_manager()

    class Meta:
        ordering = ["team", "id"]

    def __str__(self) -> str:
        return self.name


class Tag(models.Model):
    """A word of the team's own for kinds of tickets."""

    TEAM_PATH: ClassVar[str] = "team"

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="tags")
    name = models.CharField(max_length=40)

    objects = TeamScopedQuerySet["Tag"].as_manager()

    class Meta:
        ordering = ["team", "name"]
        constraints = [models.UniqueConstraint(fields=["team", "name"], name="one_tag_a_name")]

    def __str__(self) -> str:
        return self.name
