"""Retention: the bodies of old copies go by the team's rule or a person's word, the proof stays.

Promises: what goes is the raw bytes and the text that was read; digests, headers, times and
every quote stay, so history and verdicts are as provable as before. By rule, nothing goes that
an unfinished ticket rests on or that is still to be read. Bytes that another copy shares stay.
A stop half-way leaves nothing behind that the next run does not finish.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from claims.models.access import Person
from claims.models.bodies import delete_body, lock_bodies
from claims.models.evidence import Evidence
from claims.models.job import Job
from claims.models.page import Snapshot
from claims.models.storable import storable
from claims.models.team import Team
from claims.vocabulary import JobKind, JobState, TicketState

BATCH = 500
FINISHED = (TicketState.PUBLISHED, TicketState.CLOSED)


def delete_old_bodies(*, limit: int = BATCH) -> int:
    """Let go of bodies that are older than their team keeps them; gives how many copies."""
    count = 0
    for team in Team.objects.filter(keep_copies_days__isnull=False).order_by("pk"):
        why = f"The team keeps copies for {team.keep_copies_days} days."
        count += _forget(old_copies(team), why=why, by=None, limit=limit - count)
    _drop_files()
    return count


def delete_copy(snapshot: Snapshot, *, why: str, by: Person) -> bool:
    """Let go of one copy's body because a person says so; ``False`` where it has gone already."""
    count = _forget(Snapshot.objects.filter(pk=snapshot.pk), why=why, by=by)
    _drop_files(Snapshot.objects.filter(pk=snapshot.pk))
    snapshot.refresh_from_db()
    return bool(count)


def old_copies(team: Team) -> QuerySet[Snapshot]:
    """Copies over the team's days whose body may go.

    A copy out of a file is as old as the day it was read here, not as the page it shows.
    """
    cutoff = timezone.now() - timedelta(days=team.keep_copies_days or 0)
    unfinished = Evidence.objects.filter(passage__snapshot=OuterRef("pk")).exclude(
        ticket__state__in=FINISHED
    )
    to_read = Job.objects.filter(
        kind=JobKind.READ,
        subject_id=OuterRef("pk"),
        state__in=(JobState.PENDING, JobState.LEASED),
    )
    return (
        Snapshot.objects.filter(
            Q(read_at__lt=cutoff) | Q(read_at__isnull=True),
            page__team=team,
            body_deleted_at__isnull=True,
            fetched_at__lt=cutoff,
        )
        .exclude(Exists(unfinished))
        .exclude(Exists(to_read))
    )


def _forget(
    rows: QuerySet[Snapshot], *, why: str, by: Person | None, limit: int | None = None
) -> int:
    """Take the text out of these rows and say why; the files go afterwards.

    Whoever quotes a copy holds its digest: what was quoted while this waited is asked again.
    """
    with transaction.atomic():
        found = dict(rows.order_by("pk").values_list("pk", "sha256")[:limit])
        lock_bodies(found.values(), shared=False)
        still = rows.filter(pk__in=list(found), body_deleted_at__isnull=True)
        return Snapshot.objects.filter(pk__in=list(still.values_list("pk", flat=True))).update(
            text="",
            links=[],
            tables=[],
            media=[],
            body_deleted_at=timezone.now(),
            body_deleted_why=storable(why, 300),
            body_deleted_by_id=by.pk if by else None,
        )


def _drop_files(rows: QuerySet[Snapshot] | None = None) -> None:
    """Delete the files of copies whose body went; a row without a path is done."""
    rows = Snapshot.objects.all() if rows is None else rows
    owed = rows.filter(body_deleted_at__isnull=False).exclude(body_path="")
    for pk, path, sha256 in owed.order_by("pk").values_list("pk", "body_path", "sha256")[:BATCH]:
        with transaction.atomic():
            alive = Snapshot.objects.filter(sha256=sha256, body_deleted_at__isnull=True)
            delete_body(path, sha256, is_used=alive.exists)
            Snapshot.objects.filter(pk=pk).update(body_path="")
