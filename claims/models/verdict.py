"""Verdicts: versioned, never overwritten, each with a frozen copy of what it rests on."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from claims.models.access import TeamScopedQuerySet
from claims.models.evidence import Evidence
from claims.models.rating import Rating
from claims.models.ticket import Ticket
from claims.vocabulary import CorrectionClass, Outcome, SourceType, Stance, VerdictState


class Verdict(models.Model):
    """One version of the answer, with the rating's words copied so that scales may change."""

    TEAM_PATH: ClassVar[str] = "ticket__team"

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="verdicts")
    version = models.PositiveSmallIntegerField()
    state = models.CharField(
        max_length=12, choices=VerdictState.choices(), default=VerdictState.PROPOSED
    )
    rating = models.ForeignKey(Rating, on_delete=models.PROTECT, related_name="verdicts")
    scale_name = models.CharField(max_length=80)
    rating_label = models.CharField(max_length=60)
    rating_value = models.PositiveSmallIntegerField(null=True, blank=True)
    rating_best = models.PositiveSmallIntegerField(null=True, blank=True)
    rating_worst = models.PositiveSmallIntegerField(null=True, blank=True)
    rationale = models.TextField()
    tolerance = models.CharField(max_length=300, blank=True)
    what_would_change = models.TextField(blank=True)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="verdicts"
    )
    decided_at = models.DateTimeField()
    review_seconds = models.PositiveIntegerField(default=0)
    second_reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    has_agreed = models.BooleanField(null=True, blank=True)
    second_note = models.TextField(blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    correction_of = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="corrections"
    )
    correction_class = models.CharField(
        max_length=12, choices=CorrectionClass.choices(), blank=True
    )
    correction_reason = models.TextField(blank=True)
    waiver_reason = models.TextField(blank=True)
    evidence_count = models.PositiveSmallIntegerField(default=0)
    independent_origins = models.PositiveSmallIntegerField(default=0)
    is_primary_reached = models.BooleanField(default=False)

    objects = TeamScopedQuerySet["Verdict"].as_manager()

    class Meta:
        ordering = ["ticket", "version"]
        constraints = [
            models.UniqueConstraint(fields=["ticket", "version"], name="one_verdict_per_version"),
            models.UniqueConstraint(
                fields=["ticket"], condition=Q(state="proposed"), name="one_proposed_verdict"
            ),
            models.UniqueConstraint(
                fields=["ticket"], condition=Q(state="final"), name="one_final_verdict"
            ),
            models.CheckConstraint(
                condition=Q(second_reviewer__isnull=True)
                | ~Q(second_reviewer=models.F("reviewer")),
                name="nobody_confirms_their_own",
            ),
        ]
        indexes = [
            models.Index(fields=["decided_at", "id"], name="verdict_decided"),
            models.Index(fields=["state", "decided_at", "id"], name="verdict_state"),
        ]

    def __str__(self) -> str:
        return f"{self.rating_label} (version {self.version})"


class VerdictEvidence(models.Model):
    """A frozen copy of one piece of evidence as it stood when the verdict was given."""

    TEAM_PATH: ClassVar[str] = "verdict__ticket__team"

    verdict = models.ForeignKey(Verdict, on_delete=models.PROTECT, related_name="cited")
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="cited_by")
    number = models.PositiveSmallIntegerField()
    is_decisive = models.BooleanField(default=False)
    stance = models.CharField(max_length=8, choices=Stance.choices())
    url = models.URLField(max_length=2000)
    title = models.CharField(max_length=500, blank=True)
    publisher = models.CharField(max_length=300, blank=True)
    quote = models.TextField()
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    snapshot_sha256 = models.CharField(max_length=64)
    text_sha256 = models.CharField(max_length=64)
    snapshot_at = models.DateTimeField()
    outcome = models.CharField(max_length=16, choices=Outcome.choices())
    source_value = models.CharField(max_length=300, blank=True)
    comparison = models.JSONField(default=dict, blank=True)
    source_type = models.CharField(max_length=12, choices=SourceType.choices(), blank=True)
    page_published_on = models.DateField(null=True, blank=True)
    origin = models.PositiveSmallIntegerField(default=0)

    objects = TeamScopedQuerySet["VerdictEvidence"].as_manager()

    class Meta:
        ordering = ["verdict", "number"]
        verbose_name_plural = "verdict evidence"
        constraints = [
            models.UniqueConstraint(fields=["verdict", "evidence"], name="one_citation_a_piece")
        ]

    def __str__(self) -> str:
        return f"[{self.number}]"


class Draft(models.Model):
    """What a reviewer has typed and not sent yet, so that nothing typed is lost."""

    TEAM_PATH: ClassVar[str] = "ticket__team"

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="drafts")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts"
    )
    fields = models.JSONField(default=dict)
    saved_at = models.DateTimeField(auto_now=True)

    objects = TeamScopedQuerySet["Draft"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "author"], name="one_draft_per_author")
        ]

    def __str__(self) -> str:
        return f"Draft by {self.author}"
