"""Teams, their members and the rules each team sets for itself."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Coalesce, NullIf

from claims.models.access import TeamScopedQuerySet
from claims.models.zones import check_zone, usual_zone
from claims.vocabulary import ConfirmationPolicy, NoticeKind, Role

ZERO_TO_ONE = [MinValueValidator(0.0), MaxValueValidator(1.0)]


def no_kinds() -> ArrayField[Any, Any]:
    """A list of kinds of notices, empty unless the person says otherwise."""
    return ArrayField(
        models.CharField(max_length=12, choices=NoticeKind.choices()),
        default=list,
        db_default=models.Value("{}", ArrayField(models.CharField(max_length=12))),
        blank=True,
        editable=False,
    )


def monday_to_friday() -> list[int]:
    """The weekdays that a team works unless it says otherwise, Monday as 1."""
    return [1, 2, 3, 4, 5]


class Team(models.Model):
    """Who reviews: a newsroom desk with its queue, its scale and its rules."""

    TEAM_PATH: ClassVar[str] = "pk"

    name = models.CharField(max_length=120, unique=True)
    slug = models.SlugField(max_length=60, unique=True)
    scale = models.ForeignKey("claims.RatingScale", on_delete=models.PROTECT, related_name="teams")
    claim_threshold = models.FloatField(
        default=0.5,
        validators=ZERO_TO_ONE,
        help_text="Sentences scored at or above this open a ticket (0 to 1).",
    )
    ticket_cap = models.PositiveSmallIntegerField(
        default=15,
        validators=[MaxValueValidator(500)],
        help_text="At most this many tickets open from one article; the rest is listed there.",
    )
    confirmation = models.CharField(
        max_length=20,
        choices=ConfirmationPolicy.choices(),
        default=ConfirmationPolicy.OTHER_REVIEWER,
        help_text="Who must confirm a verdict before it can be published.",
    )
    min_origins = models.PositiveSmallIntegerField(
        "independent origins",
        default=2,
        db_default=2,
        validators=[MaxValueValidator(10)],
        help_text="A verdict that rests on fewer needs a waiver. 0: not asked for.",
    )
    min_primary = models.PositiveSmallIntegerField(
        "primary sources",
        default=1,
        db_default=1,
        validators=[MaxValueValidator(10)],
        help_text="Pages of primary or official sources. 0: not asked for.",
    )
    wants_anchored = models.BooleanField(
        "decisive quotes stand in their copies",
        default=True,
        db_default=True,
        help_text="Each decisive quote must stand at its place in a copy that was fetched.",
    )
    wants_contrary = models.BooleanField(
        "a search for contrary evidence",
        default=True,
        db_default=True,
        help_text="The log must hold one that was answered.",
    )
    blind_percent = models.PositiveSmallIntegerField(
        "blind second reads, per cent",
        default=0,
        db_default=0,
        validators=[MaxValueValidator(100)],
        help_text="Of so many verdicts, drawn by lot, the second reader gives a rating without "
        "seeing the first. 0: none.",
    )
    blind_kinds = models.JSONField(
        "always blind",
        default=list,
        db_default=models.Value([], models.JSONField()),
        blank=True,
        help_text="Claims with a number of these kinds are always read blind.",
    )
    agreement_minimum = models.PositiveSmallIntegerField(
        "agreement from",
        default=20,
        db_default=20,
        validators=[MinValueValidator(2), MaxValueValidator(10_000)],
        help_text="Agreement between readers is shown from so many second reads on.",
    )
    correction_days = models.PositiveSmallIntegerField(
        "correct within, days",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
        help_text="What the team promises: days from reopening a published verdict to its "
        "correction. Empty: no promise.",
    )
    reservation_minutes = models.PositiveSmallIntegerField(
        default=45,
        validators=[MinValueValidator(1), MaxValueValidator(1440)],
        help_text="A ticket that is taken returns to the queue after this long without work.",
    )
    keep_copies_days = models.PositiveIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(36_500)],
        help_text="After this many days a stored copy that no open ticket rests on loses its body "
        "and text; its digests and the quotes of verdicts stay. Empty: copies are kept.",
    )
    weekdays = ArrayField(
        models.PositiveSmallIntegerField(),
        default=monday_to_friday,
        help_text="The days on which the team works; due days are counted on them.",
    )
    time_zone = models.CharField(
        max_length=64,
        default=usual_zone,
        db_default="UTC",
        validators=[check_zone],
        help_text="Where its days begin and end, such as Europe/Berlin: for due days, holidays, "
        "reminders and the times its members are shown.",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = TeamScopedQuerySet["Team"].as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(TeamScopedQuerySet["Membership"]):
    """Who is in which team."""

    def with_zones(self) -> Self:
        """With ``shown_zone``: the zone that the person chose, else the team's."""
        chosen = NullIf("user__digest_plan__time_zone", models.Value(""))
        return self.annotate(shown_zone=Coalesce(chosen, "team__time_zone"))

    def zones(self) -> dict[int, str]:
        """Each person's zone: the one chosen, else that of the first of their teams by name."""
        rows: Any = self.with_zones().order_by("-team__name")
        return dict(rows.values_list("user_id", "shown_zone"))

    def reachable(self) -> Self:
        """Of people who may sign in: others are told nothing."""
        return self.filter(user__is_active=True, user__is_staff=True)


class Membership(models.Model):
    """One person's role in one team."""

    TEAM_PATH: ClassVar[str] = "team"

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships"
    )
    role = models.CharField(max_length=12, choices=Role.choices(), default=Role.REVIEWER)
    limit = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        help_text="Tickets given or in review at most; nothing more is given. Empty: no limit.",
    )
    skills = models.CharField(
        max_length=300,
        blank=True,
        default="",
        db_default="",
        help_text="Tags and languages (en, ur), with commas between; used when giving by skill.",
    )
    away_from = models.DateField(null=True, blank=True, help_text="First day away.")
    away_until = models.DateField(null=True, blank=True, help_text="Last day away.")
    # Kinds of notices not shown in the app, not put into the mail, and sent to the webhook.
    muted = no_kinds()
    unmailed = no_kinds()
    hooked = no_kinds()
    # When a ticket was given last: whose turn it is.
    given_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["team", "user"]
        constraints = [
            models.UniqueConstraint(fields=["team", "user"], name="one_role_per_member"),
            models.CheckConstraint(
                condition=models.Q(role__in=[role.value for role in Role]), name="role_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.role} in {self.team})"

    def is_away(self, day: date) -> bool:
        """Whether the person said to be away on that day; one empty end has no end."""
        if self.away_from is None and self.away_until is None:
            return False
        has_begun = self.away_from is None or self.away_from <= day
        return has_begun and (self.away_until is None or day <= self.away_until)
