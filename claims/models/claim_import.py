"""Imports: a file of claims between its preview and its confirmation, and what came of it.

A file waits here, compressed, until a person confirms it; then the file itself goes and its
digest, its counts and one row for each of its lines stay. One team, one file, one import.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from claims.models.access import TeamScopedQuerySet
from claims.models.claim import Claim
from claims.models.errand import Errand
from claims.models.team import Team
from claims.vocabulary import ImportedAs, ImportState


class ClaimImport(models.Model):
    """One file of claims. ``body`` is its bytes, compressed, until all of it is stored.

    ``preview`` is what confirming it would do, or its problems, where the workers read it.
    ``taken_count`` of ``row_count`` rows are stored while ``errand`` takes them in part by part.
    """

    TEAM_PATH: ClassVar[str] = "team"

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="imports")
    state = models.CharField(
        max_length=8, choices=ImportState.choices(), default=ImportState.WAITING
    )
    file_name = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64)
    size_bytes = models.PositiveIntegerField(default=0)
    body = models.BinaryField(default=b"")
    preview = models.JSONField(null=True, blank=True)
    row_count = models.PositiveIntegerField(default=0)
    taken_count = models.PositiveIntegerField(default=0, db_default=0)
    new_count = models.PositiveIntegerField(default=0)
    known_count = models.PositiveIntegerField(default=0)
    repeated_count = models.PositiveIntegerField(default=0)
    ticket_count = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    errand = models.ForeignKey(
        Errand,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="imports",
        db_index=False,
    )

    objects = TeamScopedQuerySet["ClaimImport"].as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["team", "sha256"], name="one_import_per_file"),
            models.CheckConstraint(
                condition=Q(state=ImportState.WAITING, confirmed_at__isnull=True)
                | (~Q(state=ImportState.WAITING) & Q(confirmed_at__isnull=False)),
                name="only_confirmed_imports_are_begun",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name or f"Import {self.pk}"


class ImportedRow(models.Model):
    """One row of an imported file: which claim it became, and what the file said besides."""

    TEAM_PATH: ClassVar[str] = "claim__team"

    source = models.ForeignKey(ClaimImport, on_delete=models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField()
    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="imported_rows")
    became = models.CharField(max_length=8, choices=ImportedAs.choices())
    article_title = models.CharField(max_length=500, blank=True)
    article_url = models.CharField(max_length=2000, blank=True)
    article_published = models.DateField(null=True, blank=True)
    said_on = models.DateField(null=True, blank=True)
    language = models.CharField(max_length=8, blank=True)
    note = models.TextField(blank=True)
    external_id = models.CharField(max_length=200, blank=True)

    objects = TeamScopedQuerySet["ImportedRow"].as_manager()

    class Meta:
        ordering = ["source", "line"]
        constraints = [
            models.UniqueConstraint(fields=["source", "line"], name="one_imported_row_per_line")
        ]

    def __str__(self) -> str:
        return f"{self.source}, line {self.line}"
