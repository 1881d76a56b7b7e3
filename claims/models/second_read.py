"""What a second person made of a verdict, and what was waived: kept for good, never changed."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from claims.models.rating import Rating
from claims.models.verdict import OfVerdictQuerySet, Verdict
from claims.vocabulary import GateItem, ReadOutcome


class SecondRead(models.Model):
    """One look at a proposed verdict by somebody who did not give it.

    A blind read carries a rating and reasons of its own, given before the first could be seen.
    """

    TEAM_PATH: ClassVar[str] = "verdict__ticket__team"

    verdict = models.ForeignKey(Verdict, on_delete=models.PROTECT, related_name="reads")
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="second_reads"
    )
    is_blind = models.BooleanField(default=False)
    outcome = models.CharField(max_length=12, choices=ReadOutcome.choices())
    rating = models.ForeignKey(
        Rating, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    rating_label = models.CharField(max_length=60, blank=True)
    rating_value = models.PositiveSmallIntegerField(null=True, blank=True)
    rationale = models.TextField(blank=True)
    note = models.TextField(blank=True)
    at = models.DateTimeField()

    objects = OfVerdictQuerySet["SecondRead"].as_manager()

    class Meta:
        ordering = ["verdict", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["verdict"], condition=Q(is_blind=True), name="one_blind_read_a_verdict"
            ),
        ]
        indexes = [models.Index(fields=["at", "id"], name="second_read_at")]

    def __str__(self) -> str:
        return f"{self.outcome} by {self.reader_id}"


class Waiver(models.Model):
    """Why a verdict was given with less than the team asks for, item by item."""

    TEAM_PATH: ClassVar[str] = "verdict__ticket__team"

    verdict = models.ForeignKey(Verdict, on_delete=models.PROTECT, related_name="waivers")
    item = models.CharField(max_length=12, choices=GateItem.choices())
    needed = models.PositiveSmallIntegerField()
    found = models.PositiveSmallIntegerField()
    reason = models.TextField()

    objects = OfVerdictQuerySet["Waiver"].as_manager()

    class Meta:
        ordering = ["verdict", "id"]
        constraints = [
            models.UniqueConstraint(fields=["verdict", "item"], name="one_waiver_an_item")
        ]

    def __str__(self) -> str:
        return f"{self.item}: {self.reason}"
