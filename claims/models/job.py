"""The queue of record: every piece of machine work owed is a row here.

Promises: a job is written in the transaction of the change that wants it; its
key is unique, so asking twice owes it once; an attempt is counted *before* the
work starts; the lease runs on the database's clock; whoever finishes must
still hold the lease. Celery only carries the hint that something is due.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import ClassVar

from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from claims.models.access import TeamScopedQuerySet
from claims.models.storable import storable
from claims.models.team import Team
from claims.vocabulary import JobKind, JobState

MAX_ATTEMPTS = 3
# A failed attempt waits this long for the second and the third.
RETRY_AFTER_SECONDS = (2, 10)


class LeaseLost(Exception):
    """The job is no longer held under this lease; whatever was done must not be kept."""


class JobQuerySet(TeamScopedQuerySet["Job"]):
    """Owing, leasing and ending jobs."""

    def owe(self, kind: JobKind, key: str, *, team: Team, delay_seconds: float = 0) -> bool:
        """Owe one job; ``False`` when that key was owed before.

        Call it inside the transaction that makes the change.
        """
        return self.owe_many(kind, [key], team=team, delay_seconds=delay_seconds) == 1

    def owe_many(
        self, kind: JobKind, keys: Iterable[str], *, team: Team, delay_seconds: float = 0
    ) -> int:
        """Owe a job per key, ``subject id[:round]``; gives how many are new."""
        # One order for everybody: two who owe the same keys at once must not lock crosswise.
        keys = sorted({f"{kind.value}:{key}" for key in keys})
        known = set(self.filter(key__in=keys).values_list("key", flat=True))
        rows = [
            Job(
                kind=kind,
                key=key,
                team=team,
                subject_id=int(key.split(":")[1]),
                due_at=Now() + timedelta(seconds=delay_seconds),
            )
            for key in keys
            if key not in known
        ]
        self.bulk_create(rows, ignore_conflicts=True)
        return len(rows)

    def due(self, kinds: Sequence[JobKind]) -> JobQuerySet:
        """Pending jobs whose time has come, oldest first."""
        return self.filter(kind__in=kinds, state=JobState.PENDING, due_at__lte=Now()).order_by(
            "due_at", "id"
        )

    def seconds_until_due(self) -> float | None:
        """By the database's clock, until the first pending job is due; negative when it is."""
        soonest = (
            self.filter(state=JobState.PENDING)
            .order_by("due_at")
            .annotate(now=Now())
            .values_list("due_at", "now")
            .first()
        )
        return (soonest[0] - soonest[1]).total_seconds() if soonest else None

    def oldest_due_seconds(self) -> float | None:
        """How long the oldest due job has waited; ``None`` when nothing is due."""
        seconds = self.seconds_until_due()
        return round(-seconds, 1) if seconds is not None and seconds <= 0 else None

    def unfinished(self) -> JobQuerySet:
        """Jobs still owed: pending or leased."""
        return self.filter(state__in=(JobState.PENDING, JobState.LEASED))

    def lease(self, kinds: Sequence[JobKind], *, limit: int, seconds: float) -> list[Job]:
        """Take up to ``limit`` due jobs for ``seconds`` and count the attempt; no doubles."""
        token = uuid.uuid4()
        with transaction.atomic():
            # Two statements: PostgreSQL may run a locking sub-query twice and pass the limit.
            free = self.due(kinds).select_for_update(skip_locked=True)
            picked = list(free.values_list("pk", flat=True)[:limit])
            if not picked:
                return []
            self.filter(pk__in=picked).update(
                state=JobState.LEASED,
                lease_token=token,
                lease_until=Now() + timedelta(seconds=seconds),
                attempts=F("attempts") + 1,
                started_at=Now(),
            )
        return list(self.filter(lease_token=token).select_related("team").order_by("due_at", "id"))

    def held(self, jobs: Iterable[Job]) -> list[Job]:
        """Those of the leased ``jobs`` whose lease still stands, locked for this transaction."""
        tokens = {job.pk: job.lease_token for job in jobs}
        rows = (
            self.filter(pk__in=tokens, state=JobState.LEASED)
            .select_for_update()
            .order_by("pk")
            .values_list("pk", "lease_token")
        )
        still = {pk for pk, token in rows if token == tokens[pk]}
        return [job for job in jobs if job.pk in still]

    def finish(self, jobs: Iterable[Job]) -> None:
        """Mark held jobs done; call it in the transaction that keeps their effect."""
        self.filter(pk__in=[job.pk for job in jobs]).update(
            state=JobState.DONE, lease_token=None, lease_until=None, ended_at=Now()
        )

    def put_back(self, job: Job, *, delay_seconds: float) -> None:
        """Hand a held job back uncounted: it did not get to run (a host was busy)."""
        self.filter(pk=job.pk, lease_token=job.lease_token).update(
            state=JobState.PENDING,
            lease_token=None,
            lease_until=None,
            attempts=F("attempts") - 1,
            due_at=Now() + timedelta(seconds=delay_seconds),
        )

    def try_again(
        self, job: Job, reason: str, detail: str = "", *, delay_seconds: float | None = None
    ) -> bool:
        """End this attempt: due again, or failed when the attempts are used up (gives ``True``).

        ``False`` too where the lease was lost: the job is another worker's to end.
        """
        if job.attempts >= MAX_ATTEMPTS:
            return self.give_up(job, reason, detail)
        wait = RETRY_AFTER_SECONDS[min(job.attempts, len(RETRY_AFTER_SECONDS)) - 1]
        self.filter(pk=job.pk, lease_token=job.lease_token).update(
            state=JobState.PENDING,
            lease_token=None,
            lease_until=None,
            reason=reason[:40],
            detail=storable(detail, 2000),
            due_at=Now() + timedelta(seconds=wait if delay_seconds is None else delay_seconds),
        )
        return False

    def give_up(self, job: Job, reason: str, detail: str = "") -> bool:
        """Mark a held job failed with its reason, visible and retryable by a person.

        Gives ``False`` where the lease was lost.
        """
        failed = self.filter(pk=job.pk, lease_token=job.lease_token).update(
            state=JobState.FAILED,
            lease_token=None,
            lease_until=None,
            reason=reason[:40],
            detail=storable(detail, 2000),
            ended_at=Now(),
        )
        return bool(failed)

    def retake_expired(self) -> tuple[int, list[Job]]:
        """Take back leases that ran out: pending again, or failed after the last attempt.

        Gives how many are pending again and the jobs that failed for good.
        Safe with two sweepers: rows another one holds are skipped.
        """
        expired = self.filter(state=JobState.LEASED, lease_until__lt=Now())
        with transaction.atomic():
            return self._retake(expired)

    def _retake(self, expired: JobQuerySet) -> tuple[int, list[Job]]:
        spent = list(
            expired.filter(attempts__gte=MAX_ATTEMPTS).select_for_update(skip_locked=True)[:500]
        )
        self.filter(pk__in=[job.pk for job in spent]).update(
            state=JobState.FAILED,
            lease_token=None,
            lease_until=None,
            reason="worker_lost",
            detail="The worker died or ran past its time on every attempt.",
            ended_at=Now(),
        )
        free = expired.filter(attempts__lt=MAX_ATTEMPTS).select_for_update(skip_locked=True)
        back = list(free.values_list("pk", flat=True)[:5000])
        count = self.filter(pk__in=back).update(
            state=JobState.PENDING, lease_token=None, lease_until=None, due_at=Now()
        )
        return count, spent

    def retry(self) -> int:
        """A person's second chance: failed jobs are pending again with fresh attempts."""
        return self.filter(state=JobState.FAILED).update(
            state=JobState.PENDING, attempts=0, reason="", detail="", due_at=Now(), ended_at=None
        )


class Job(models.Model):
    """One piece of machine work owed. ``key`` is ``kind:subject id[:round]``."""

    TEAM_PATH: ClassVar[str] = "team"

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="jobs")
    kind = models.CharField(max_length=16, choices=JobKind.choices())
    key = models.CharField(max_length=200, unique=True)
    subject_id = models.BigIntegerField()
    state = models.CharField(max_length=8, choices=JobState.choices(), default=JobState.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(db_default=Now())
    lease_token = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
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
            models.Index(
                fields=["-ended_at"], condition=Q(state=JobState.FAILED), name="job_failed"
            ),
        ]

    def __str__(self) -> str:
        return self.key
