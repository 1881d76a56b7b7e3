"""What a worker's death does to the jobs that it held: queries of the queue of record.

Promises: a lease is cut short when its holder is gone; a job is charged with an attempt only where
that attempt had begun or may have, never for being leased ahead of its turn; what lost its
worker is worked in smaller company each time, alone after a few or in its last attempt. What
began three times and lost its worker each time has failed: one that kills looks no different.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Self

from django.db import transaction
from django.db.models import DurationField, ExpressionWrapper, F, Q, Value
from django.db.models.functions import Now, Random

from claims.models.access import TeamScopedQuerySet
from claims.models.lease_holder import living_holders
from claims.vocabulary import JobReason, JobState

if TYPE_CHECKING:
    from claims.models.job import Job

MAX_ATTEMPTS = 3
# Of those that lost a worker once so many are worked together: what kills its worker again takes
# no more of them along to be worked one by one.
FEW = 10
LOST = (JobReason.WORKER_LOST, JobReason.WORKER_LOST_AMONG_FEW)
# The lease of a holder that is gone ends after this: time enough for one whose session was
# merely lost (a restarted database) to open it again and renew.
GONE_AFTER_SECONDS = 6

# A sweep takes back so many, a herd of them scattered; the next one, in seconds, the others.
RETAKEN_AT_ONCE = 1000
HERD = 200
SCATTER = ExpressionWrapper(Value(timedelta(seconds=2)), output_field=DurationField())
# What a job that is not leased has instead of a lease.
FREE: dict[str, Any] = {
    "lease_token": None,
    "lease_until": None,
    "lease_holder": None,
    "is_waiting": False,
}


class LostJobQuerySet(TeamScopedQuerySet["Job"]):
    """Who waits in a lease, and what comes back of those whose worker was lost."""

    def lost(self) -> Self:
        """Jobs whose worker was lost in their last attempt."""
        return self.filter(reason__in=LOST)

    def suspects(self) -> Self:
        """Those to be worked alone: few stood beside them, or they have one attempt left."""
        is_last = Q(attempts__gte=MAX_ATTEMPTS - 1)
        return self.lost().filter(is_last | Q(reason=JobReason.WORKER_LOST_AMONG_FEW))

    def shaken(self) -> Self:
        """Those to be worked a few together, for one of many may be the reason."""
        return self.filter(reason=JobReason.WORKER_LOST, attempts__lt=MAX_ATTEMPTS - 1)

    def innocents(self) -> Self:
        """Jobs that may be worked many together."""
        return self.exclude(reason__in=LOST)

    def wait(self, jobs: Sequence[Job]) -> None:
        """These leased jobs are not begun yet: a worker that dies now is no fault of theirs."""
        self._set_waiting(jobs, is_waiting=True)

    def begin(self, jobs: Sequence[Job]) -> None:
        """Those of the jobs that waited begin now; call it before they do."""
        self._set_waiting([job for job in jobs if job.is_waiting], is_waiting=False)

    def _set_waiting(self, jobs: Sequence[Job], *, is_waiting: bool) -> None:
        tokens = {job.pk: job.lease_token for job in jobs}
        if tokens:
            held = self.filter(pk__in=tokens, lease_token__in=set(tokens.values()))
            held.update(is_waiting=is_waiting)
        for job in jobs:
            job.is_waiting = is_waiting

    def cut_ownerless(self, *, seconds: float = GONE_AFTER_SECONDS) -> int:
        """Cut the leases short whose holder is gone; gives how many. Safe with two sweepers.

        The leases are read before the living: a holder is locked before it leases, so one
        that is missing now was there and is gone.
        """
        ends_at = Now() + timedelta(seconds=seconds)
        held = self.filter(
            state=JobState.LEASED, lease_holder__isnull=False, lease_until__gt=ends_at
        )
        with transaction.atomic():
            found = held.select_for_update(skip_locked=True).values_list("pk", "lease_holder")
            leases = list(found.order_by("pk")[:5000])
            living = living_holders() if leases else set()
            gone = [pk for pk, holder in leases if holder not in living]
            return self.filter(pk__in=gone).update(lease_until=ends_at) if gone else 0

    def retake_expired(self) -> tuple[int, list[Job]]:
        """Take back leases that ran out: pending again, or failed after the last attempt.

        Gives how many are pending and those that failed. Rows that another sweeper holds are left.
        """
        expired = self.filter(state=JobState.LEASED, lease_until__lt=Now())
        with transaction.atomic():
            return self._retake(expired)

    def _retake(self, expired: LostJobQuerySet) -> tuple[int, list[Job]]:
        begun = expired.filter(is_waiting=False)
        spent = list(
            begun.filter(attempts__gte=MAX_ATTEMPTS).select_for_update(skip_locked=True)[:500]
        )
        self.filter(pk__in=[job.pk for job in spent]).update(
            state=JobState.FAILED,
            **FREE,
            reason=JobReason.WORKER_LOST,
            detail="The worker died or ran past its time on every attempt.",
            ended_at=Now(),
        )
        count = self._take_back(expired.filter(is_waiting=True), attempts=F("attempts") - 1)
        free = begun.filter(attempts__lt=MAX_ATTEMPTS)
        held = list(free.values_list("pk", "lease_holder"))
        beside = Counter(holder for _, holder in held)
        near = [pk for pk, holder in held if holder is not None and beside[holder] <= FEW]
        detail = "The worker was lost in the middle of it."
        among_few = JobReason.WORKER_LOST_AMONG_FEW
        count += self._take_back(free.filter(pk__in=near), reason=among_few, detail=detail)
        count += self._take_back(free, reason=JobReason.WORKER_LOST, detail=detail)
        return count, spent

    def _take_back(self, lost: LostJobQuerySet, **why: Any) -> int:
        free = lost.select_for_update(skip_locked=True)
        back = list(free.values_list("pk", flat=True)[:RETAKEN_AT_ONCE])
        return self.filter(pk__in=back).update(
            **FREE,
            **why,
            state=JobState.PENDING,
            # A herd does not come back in one instant.
            due_at=Now() + SCATTER * Random() if len(back) >= HERD else Now(),
        )
