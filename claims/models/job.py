"""The queue of record: every piece of machine work owed is a row here.

Promises: a job is written in the transaction of the change that wants it; its
key is unique, so asking twice owes it once; only a leased job has a lease.
Celery only carries the hint that something is due. How rows move is in
:mod:`claims.models.job_queue`.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from claims.models.job_losses import MAX_ATTEMPTS
from claims.models.job_queue import JobQuerySet
from claims.models.team import Team
from claims.vocabulary import JobKind, JobState

__all__ = ["MAX_ATTEMPTS", "Job", "JobQuerySet"]


class Job(models.Model):
    """One piece of machine work owed. ``key`` is ``kind:subject id[:round]``."""

    TEAM_PATH: ClassVar[str] = "team"

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="jobs")
    kind = models.CharField(max_length=16, choices=JobKind.choices())
    key = models.CharField(max_length=200, unique=True)
    subject_id = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=JobState.choices(), default=JobState.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(db_default=Now())
    lease_token = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    # The number under which the worker proves that it lives (LeaseHolder).
    lease_holder = models.IntegerField(null=True, blank=True)
    # Leased ahead of its turn: should its worker be lost now, this was no attempt.
    is_waiting = models.BooleanField(default=False, db_default=False)
    reason = models.CharField(max_length=40, blank=True)
    detail = models.TextField(blank=True)
    created_at = models.DateTimeField(db_default=Now())
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=JobState.LEASED, lease_token__isnull=False)
                | (~Q(state=JobState.LEASED) & Q(lease_token__isnull=True)),
                name="only_leased_jobs_have_a_lease",
            ),
        ]
        indexes = [
            models.Index(
                fields=["kind", "due_at", "id"],
                condition=Q(state=JobState.PENDING),
                name="job_due",
            ),
            models.Index(
                fields=["lease_until"], condition=Q(state=JobState.LEASED), name="job_leased"
            ),
            models.Index(
                fields=["lease_token"],
                condition=Q(lease_token__isnull=False),
                name="job_lease_token",
            ),
            models.Index(fields=["kind", "subject_id"], name="job_subject"),
            models.Index(fields=["team", "state", "id"], name="job_state_of_team"),
            models.Index(fields=["state", "id"], name="job_state"),
            models.Index(fields=["ended_at", "id"], name="job_ended"),
            models.Index(
                fields=["-ended_at"], condition=Q(state=JobState.FAILED), name="job_failed"
            ),
        ]

    def __str__(self) -> str:
        return self.key
