"""Corrections: what a person set against the machine's reading, kept for good.

Promises: one row a change, holding what the machine said beside what the person
set, with who and when; the database refuses to change or drop a row. Moves
nothing itself: whoever changes a claim keeps the correction in the same
transaction.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models
from django.db.models import Q
from django.db.models.functions import Now

from claims.models.access import Person, TeamScopedQuerySet
from claims.models.article import Article
from claims.models.claim import Claim
from claims.models.storable import storable, storable_json
from claims.models.team import Team
from claims.vocabulary import CorrectionKind


class Correction(models.Model):
    """One thing that a person said of what the machine had said, mostly otherwise than it did.

    Of stances and comparisons a person's agreement is kept too, as what disagreement is counted
    against; ``person`` is then as ``machine``, and ``None`` where it was taken back.
    ``machine`` and ``person`` are JSON of one shape for each kind; ``None`` where
    the machine had said nothing. ``field`` names the slot of a ``frame_field``.
    """

    TEAM_PATH: ClassVar[str] = "team"

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="corrections")
    article = models.ForeignKey(
        Article, null=True, blank=True, on_delete=models.PROTECT, related_name="corrections"
    )
    claim = models.ForeignKey(
        Claim, null=True, blank=True, on_delete=models.PROTECT, related_name="corrections"
    )
    kind = models.CharField(max_length=20, choices=CorrectionKind.choices())
    field = models.CharField(max_length=60, blank=True)
    machine = models.JSONField(encoder=DjangoJSONEncoder, null=True, blank=True)
    person = models.JSONField(encoder=DjangoJSONEncoder, null=True, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(db_default=Now())

    objects = TeamScopedQuerySet["Correction"].as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(article__isnull=False) | Q(claim__isnull=False),
                name="correction_is_about_something",
            ),
        ]
        indexes = [models.Index(fields=["team", "kind", "-id"], name="correction_newest")]

    def __str__(self) -> str:
        return f"{CorrectionKind(self.kind).label} {self.field}".strip()


def plain(value: Any) -> Any:
    """A slot's value as JSON keeps it: a day as its text."""
    return value.isoformat() if hasattr(value, "isoformat") else value


def keep_correction(
    kind: CorrectionKind,
    *,
    by: Person,
    team_id: int,
    article_id: int | None = None,
    claim_id: int | None = None,
    field: str = "",
    machine: Any = None,
    person: Any = None,
) -> Correction:
    """Keep what ``by`` set (``person``) against what the machine said (``machine``).

    Both are anything JSON holds, days and times too. The caller's transaction must
    hold the row that is changed; outside of one this raises ``RuntimeError``.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a correction is kept only with the change it speaks of")
    person_id: Any = by.pk
    return Correction.objects.create(
        team_id=team_id,
        article_id=article_id,
        claim_id=claim_id,
        kind=kind,
        field=storable(field),
        machine=storable_json(machine),
        person=storable_json(person),
        made_by_id=person_id,
    )
