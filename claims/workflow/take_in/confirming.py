"""Confirming: a waiting file becomes claims, tickets and history, at once or part by part.

Exactly once rests on the database, not on the order of clicks: the import's row is locked and
says how many of its rows are stored in the transaction that stores them; a team's imports go one
after another. What was read from the file is read again from the bytes that were previewed.
"""

from __future__ import annotations

from django.db import IntegrityError, transaction

from claims.models.access import Person
from claims.models.claim_import import ClaimImport
from claims.models.team import Team
from claims.vocabulary import ImportState
from claims.workflow.take_in.sorting import find_firsts
from claims.workflow.take_in.storing import WholeFile, store_rows
from claims.workflow.take_in.waiting import reread

# Others may store one of the claims between our look and our write; the third look has it.
TRIES = 3


def read_whole(source: ClaimImport) -> WholeFile:
    """The rows of a file that is not stored yet; raises
    :class:`~claims.workflow.take_in.waiting.ImportRefused` where it can no longer be read.
    """
    rows = reread(source).rows
    return WholeFile(rows, find_firsts(rows))


def confirm_import(source: ClaimImport, *, by: Person | None) -> tuple[ClaimImport, bool]:
    """Take a file in, or what is left of it; gives its row and whether this call did it.

    Twice is once. Raises ``ClaimImport.DoesNotExist`` where the file waits no longer, and as
    :func:`read_whole` does.
    """
    with transaction.atomic():
        held = lock_import(source)
        if held.state == ImportState.DONE:
            return held, False
        whole = read_whole(held)
        store_part(held, whole, count=len(whole.rows), by=by)
        return held, True


def lock_import(source: ClaimImport) -> ClaimImport:
    """The import as it is now, nobody else's until the caller's transaction ends."""
    Team.objects.select_for_update(no_key=True).only("pk").get(pk=source.team_id)
    rows = ClaimImport.objects.select_for_update(of=("self",)).select_related("team")
    return rows.get(pk=source.pk)


def store_part(held: ClaimImport, whole: WholeFile, *, count: int, by: Person | None) -> None:
    """Store the next ``count`` rows of a locked import; after the last one it is done."""
    for tried in range(1, TRIES + 1):
        try:
            with transaction.atomic():
                store_rows(held, whole, range(held.taken_count, len(whole.rows))[:count], by)
        except IntegrityError:
            if tried == TRIES:
                raise
        else:
            return
