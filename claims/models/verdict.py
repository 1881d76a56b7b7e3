"""Verdicts: versioned, never overwritten, each with a frozen copy of what it rests on."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC
from typing import ClassVar, Self, TypeVar

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from claims.models.access import Person, TeamScopedQuerySet
from claims.models.evidence import Evidence
from claims.models.full_text import words_of
from claims.models.rating import Rating
from claims.models.ticket import Ticket
from claims.vocabulary import (
    Confidence,
    CorrectionClass,
    Outcome,
    Role,
    SourceType,
    Stance,
    VerdictState,
)

Row = TypeVar("Row", bound=models.Model)


class VerdictQuerySet(TeamScopedQuerySet["Verdict"]):
    """Verdicts; one that waits for its blind read is its author's alone."""

    def visible_to(self, person: Person, *roles: Role) -> Self:
        """Of the person's teams, without what others gave and nobody has read blind yet."""
        return super().visible_to(person, *roles).filter(unsealed_for(person))


# What a version says, and under which name its line of history keeps the digest of it.
SAID = (
    "ticket_id", "version", "rating_id", "scale_name", "rating_label", "rating_value",
    "rating_best", "rating_worst", "rating_colour", "rating_definition", "rationale", "tolerance",
    "what_would_change", "confidence", "reviewer_id", "edited_by_id", "review_seconds",
    "correction_of_id", "correction_class", "correction_reason", "waiver_reason",
    "evidence_count", "independent_origins", "is_primary_reached",
)  # fmt: skip
SAID_IN = "words"


class OfVerdictQuerySet(TeamScopedQuerySet[Row]):
    """Rows that hang on a verdict and are seen where it is."""

    def visible_to(self, person: Person, *roles: Role) -> Self:
        """Of the person's teams, without those of sealed verdicts of others."""
        return super().visible_to(person, *roles).filter(unsealed_for(person, "verdict__"))


def unsealed_for(person: Person, path: str = "") -> Q:
    """That a verdict at ``path`` does not wait for its blind read, or is the person's own."""
    return Q(**{f"{path}is_sealed": False}) | Q(**{f"{path}reviewer_id": person.pk})


class Verdict(models.Model):
    """One version of the answer, with the rating's words copied so that scales may change.

    A published one that was withdrawn stays, with who took it back, when and why.
    """

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
    rating_colour = models.CharField(max_length=7, blank=True, default="", db_default="")
    rating_definition = models.TextField(blank=True, default="", db_default="")
    rationale = models.TextField()
    tolerance = models.CharField(max_length=300, blank=True)
    what_would_change = models.TextField(blank=True)
    confidence = models.CharField(
        max_length=8, choices=Confidence.choices(), blank=True, db_default="", default=""
    )
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="verdicts"
    )
    # Who wrote this version in the second read, where its rating is another person's.
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    is_blind = models.BooleanField(default=False, db_default=False)
    # Until somebody has given a rating without seeing it, a blind verdict is its author's alone.
    is_sealed = models.BooleanField(default=False, db_default=False)
    decided_at = models.DateTimeField()
    review_seconds = models.PositiveIntegerField(default=0)
    second_reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    has_agreed = models.BooleanField(null=True, blank=True)
    second_note = models.TextField(blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawal_reason = models.TextField(blank=True, default="", db_default="")
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

    objects = VerdictQuerySet.as_manager()

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
            models.CheckConstraint(
                condition=Q(is_sealed=False) | Q(is_blind=True, state="proposed"),
                name="only_blind_proposals_are_sealed",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True)
                | Q(published_at__isnull=False, withdrawn_by__isnull=False),
                name="only_published_verdicts_are_withdrawn",
            ),
        ]
        indexes = [
            models.Index(fields=["decided_at", "id"], name="verdict_decided"),
            models.Index(fields=["state", "decided_at", "id"], name="verdict_state"),
            models.Index(fields=["rating_label", "decided_at", "id"], name="verdict_rated"),
            # Whose proposals wait, which each page of a reviewer counts, without their words.
            models.Index(
                fields=["ticket"],
                include=["id", "reviewer"],
                condition=Q(state=VerdictState.PROPOSED),
                name="verdict_proposed_by",
            ),
            models.Index(
                fields=["-published_at", "-id"],
                condition=Q(correction_of__isnull=False),
                name="verdict_correction_newest",
            ),
            models.Index(
                fields=["-withdrawn_at", "-id"],
                condition=Q(withdrawn_at__isnull=False),
                name="verdict_withdrawn_newest",
            ),
            GinIndex(words_of("rationale"), name="verdict_rationale_words"),
        ]

    def __str__(self) -> str:
        return f"{self.rating_label} (version {self.version})"

    def digest_words(self) -> str:
        """SHA-256 over all that this version says, and when, as canonical JSON."""
        said = {name: getattr(self, name) for name in SAID}
        said["decided_at"] = self.decided_at.astimezone(UTC).isoformat(timespec="microseconds")
        line = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(line.encode()).hexdigest()


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

    objects = OfVerdictQuerySet["VerdictEvidence"].as_manager()

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
