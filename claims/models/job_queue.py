"""How jobs are owed, leased, ended and taken back: the queries of the queue of record.

Promises: a job's key is owed once; an attempt is counted *before* the work
starts; a lease runs on the database's clock and is cut short when its holder
is gone; whoever ends a job must still hold its lease, so a worker that was
only slow or paused keeps nothing twice.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models import (
    Case,
    DateTimeField,
    DurationField,
    ExpressionWrapper,
    F,
    Value,
    When,
)
from django.db.models.functions import Now

from claims.models.job_losses import FREE, MAX_ATTEMPTS, LostJobQuerySet
from claims.models.storable import storable
from claims.models.team import Team
from claims.vocabulary import JobKind, JobState

if TYPE_CHECKING:
    from claims.models.job import Job

# A failed attempt waits this long for the second and the third.
RETRY_AFTER_SECONDS = (2, 10)
# One statement for all keys, in one order for everybody: two who owe the same keys at once must
# not lock crosswise.
OWE = """
INSERT INTO claims_job (team_id, kind, key, subject_id, state, attempts, reason, detail, due_at)
SELECT %s, %s, key, split_part(key, ':', 2)::bigint, %s, 0, '', '',
       STATEMENT_TIMESTAMP() + %s * INTERVAL '1 second'
  FROM unnest(%s::text[]) AS key
    ON CONFLICT (key) DO NOTHING
"""
# What is picked is picked once: PostgreSQL may run a locking sub-query twice and pass the limit.
LEASE = """
WITH picked (id) AS MATERIALIZED ({picked} FOR UPDATE SKIP LOCKED)
UPDATE claims_job
   SET state = %s, lease_token = %s, lease_until = STATEMENT_TIMESTAMP() + %s * INTERVAL '1 second',
       lease_holder = %s, is_waiting = FALSE, attempts = attempts + 1,
       started_at = STATEMENT_TIMESTAMP()
  FROM picked
 WHERE claims_job.id = picked.id
"""


class JobQuerySet(LostJobQuerySet):
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
        named = sorted({f"{kind.value}:{key}" for key in keys})
        if not named:
            return 0
        said = [team.pk, kind.value, JobState.PENDING.value, delay_seconds, named]
        with connection.cursor() as cursor:
            cursor.execute(OWE, said)
            return int(cursor.rowcount)

    def owe_anew(self, kind: JobKind, stem: str, *, team: Team) -> bool:
        """Owe one more job of ``stem`` (``subject id[:round]``); none where one is owed still."""
        before = self.filter(kind=kind, subject_id=int(stem.partition(":")[0]))
        if before.unfinished().exists():
            return False
        return self.owe(kind, f"{stem}:{before.count() + 1}", team=team)

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

    def lease(
        self, kinds: Sequence[JobKind], *, limit: int, seconds: float, holder: int | None = None
    ) -> list[Job]:
        """Take up to ``limit`` due jobs for ``seconds`` and count the attempt; no doubles.

        ``holder`` is the number under which the caller proves that it lives
        (:class:`~claims.models.lease_holder.LeaseHolder`); without one only the time counts.
        """
        if limit < 1:
            return []
        token = uuid.uuid4()
        picked, told = self.due(kinds).values("pk")[:limit].query.sql_with_params()
        said = [*told, JobState.LEASED.value, token, seconds, holder]
        with connection.cursor() as cursor:
            cursor.execute(LEASE.format(picked=picked), said)
            if not cursor.rowcount:
                return []
        # Of all jobs: counted and leased, they may have left the set they were taken from.
        leased = self.model.objects.filter(lease_token=token)
        return list(leased.select_related("team").order_by("due_at", "id"))

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
            state=JobState.DONE, **FREE, ended_at=Now()
        )

    def put_back(self, *jobs: Job, delay_seconds: float = 0) -> int:
        """Hand held jobs back uncounted: they did not get to run. Gives how many were held."""
        tokens = {job.lease_token for job in jobs}
        return self.filter(pk__in=[job.pk for job in jobs], lease_token__in=tokens).update(
            **FREE,
            state=JobState.PENDING,
            attempts=F("attempts") - 1,
            due_at=Now() + timedelta(seconds=delay_seconds),
        )

    def put_back_apart(self, turns: Sequence[tuple[Job, float]]) -> int:
        """Hand held jobs back uncounted, each due after its own seconds. Gives how many."""
        if not turns:
            return 0
        wait = Case(
            *(When(pk=job.pk, then=Value(timedelta(seconds=seconds))) for job, seconds in turns),
            output_field=DurationField(),
        )
        held = self.filter(
            pk__in=[job.pk for job, _ in turns],
            lease_token__in={job.lease_token for job, _ in turns},
        )
        return held.update(
            **FREE,
            state=JobState.PENDING,
            attempts=F("attempts") - 1,
            due_at=ExpressionWrapper(Now() + wait, output_field=DateTimeField()),
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
            **FREE,
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
            **FREE,
            reason=reason[:40],
            detail=storable(detail, 2000),
            ended_at=Now(),
        )
        return bool(failed)

    def renew(self, holders: Sequence[int], *, seconds: float) -> int:
        """Give the leases of these holders, who live, back the time that was cut; gives how many.

        ``seconds`` is a whole lease, counted from the start of the attempt.
        """
        mine = self.filter(state=JobState.LEASED, lease_holder__in=holders)
        with transaction.atomic():
            locked = list(mine.select_for_update().order_by("pk").values_list("pk", flat=True))
            return self.filter(pk__in=locked).update(
                lease_until=F("started_at") + timedelta(seconds=seconds)
            )

    def retry(self) -> int:
        """A person's second chance: failed jobs are pending again with fresh attempts."""
        return self.filter(state=JobState.FAILED).update(
            state=JobState.PENDING, attempts=0, reason="", detail="", due_at=Now(), ended_at=None
        )
