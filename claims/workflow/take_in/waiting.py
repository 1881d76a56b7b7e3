"""Waiting: a file between its preview and its confirmation.

Promises: a small file is kept only without a problem, a large one is read by the workers; the
same file is one row for a team, whoever brings it and how often; what nobody confirms goes after
a day, or when too much waits.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Now

from claims.intake import Reading, read_claims
from claims.models.access import Person
from claims.models.claim_import import ClaimImport
from claims.models.storable import storable
from claims.models.team import Team
from claims.vocabulary import ImportState
from claims.web.snapshots import compress, decompress, digest

KEPT_HOURS = 24
# Waiting files of one team; the oldest goes when one more comes.
MAX_WAITING = 20
LARGE_BYTES = 256 * 1024
"""From here on, some thousand rows, a file is not previewed while somebody waits for the page."""


class ImportRefused(Exception):
    """A file that cannot be taken in; ``reading`` holds its problems."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        super().__init__(f"{reading.problem_count:,} problems")


def keep_file(
    team: Team, name: str, body: bytes, *, by: Person | None
) -> tuple[ClaimImport, Reading]:
    """Keep a file's bytes until it is confirmed; gives its row, old or new, and its reading.

    Raises :class:`ImportRefused`; nothing is stored then. A file that was taken in
    before comes back as it is, done.
    """
    reading = read_claims(body)
    if reading.problem_count:
        raise ImportRefused(reading)
    source = keep_unread(team, name, body, by=by, row_count=len(reading.rows))
    if not source.row_count:
        source.row_count = len(reading.rows)
        source.save(update_fields=["row_count"])
    return source, reading


def keep_unread(
    team: Team, name: str, body: bytes, *, by: Person | None, row_count: int = 0
) -> ClaimImport:
    """Keep a large file's bytes until the workers have read it; gives its row, old or new."""
    with transaction.atomic():
        source, _ = ClaimImport.objects.get_or_create(
            team=team,
            sha256=digest(body),
            defaults={
                "file_name": storable(name, 200),
                "size_bytes": len(body),
                "body": compress(body),
                "row_count": row_count,
                "created_by_id": by.pk if by else None,
            },
        )
        _drop_stale(team, source)
    return source


def discard_import(source: ClaimImport) -> bool:
    """Drop a file that waits; ``False`` where it was taken in meanwhile, and stays."""
    gone, _ = ClaimImport.objects.filter(pk=source.pk, state=ImportState.WAITING).delete()
    return bool(gone)


def reread(source: ClaimImport) -> Reading:
    """The reading of a waiting file's bytes; raises :class:`ImportRefused`."""
    reading = read_claims(decompress(bytes(source.body)))
    if reading.problem_count:
        raise ImportRefused(reading)
    return reading


def _drop_stale(team: Team, kept: ClaimImport) -> None:
    """Let go of what waits too long or too many; files that somebody confirms now are skipped."""
    waiting = ClaimImport.objects.filter(team=team, state=ImportState.WAITING).exclude(pk=kept.pk)
    old = waiting.filter(created_at__lt=Now() - timedelta(hours=KEPT_HOURS))
    surplus = waiting.order_by("-id").values_list("pk", flat=True)[MAX_WAITING - 1 :]
    stale = set(old.values_list("pk", flat=True)) | set(surplus)
    if stale:
        free = ClaimImport.objects.filter(pk__in=stale, state=ImportState.WAITING)
        free = free.select_for_update(skip_locked=True, of=("self",))
        ClaimImport.objects.filter(pk__in=list(free.values_list("pk", flat=True))).delete()
