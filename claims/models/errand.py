"""Errands: long work that a person asked for, which goes on without them.

Promises: who began it, when, how far it is and what came of it are one row; nothing that was
stored before is lost by cancelling. The work itself is done by jobs, as all machine work is.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from claims.models.access import TeamScopedQuerySet
from claims.models.team import Team
from claims.vocabulary import ErrandKind, ErrandState


class Errand(models.Model):
    """``asked`` is what was asked for, and how far it is; ``told`` what came of it.

    ``file`` is where the result lies in the storage, while it is kept; of an export the first of
    the ``pieces`` in ``asked``. Of articles ``total`` alone
    is counted here: how many are done, the articles themselves say.
    """

    TEAM_PATH: ClassVar[str] = "team"

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="errands")
    kind = models.CharField(max_length=10, choices=ErrandKind.choices())
    state = models.CharField(
        max_length=10, choices=ErrandState.choices(), default=ErrandState.UNDER_WAY
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    asked_at = models.DateTimeField(db_default=Now())
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    asked = models.JSONField(default=dict, blank=True)
    told = models.TextField(blank=True)
    file = models.CharField(max_length=100, blank=True)
    size_bytes = models.BigIntegerField(default=0)

    objects = TeamScopedQuerySet["Errand"].as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=ErrandState.UNDER_WAY, ended_at__isnull=True)
                | (~Q(state=ErrandState.UNDER_WAY) & Q(ended_at__isnull=False)),
                name="only_ended_errands_have_an_end",
            )
        ]
        indexes = [
            models.Index(fields=["team", "-id"], name="errand_newest"),
            models.Index(
                fields=["kind"],
                condition=Q(state=ErrandState.UNDER_WAY),
                name="errand_under_way",
            ),
            models.Index(fields=["ended_at"], condition=~Q(file=""), name="errand_file"),
        ]

    def __str__(self) -> str:
        return f"{ErrandKind(self.kind).label} {self.pk}"
