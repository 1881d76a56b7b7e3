"""Raw bytes of snapshots: compressed, kept once per digest in Django's default storage.

A digest that is already stored is not written again; a file appears whole or
not at all, so a writer that is killed leaves no short one behind. Whoever reads
a body back compares its digest; a missing or altered file is an error, never
an empty page. In a storage that is no folder (an object store) its own ``save``
is what appears whole.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection

from claims.models.page import Snapshot
from claims.web.snapshots import compress, decompress, digest

# Digests share so many locks: a file of a hundred thousand copies is kept in one transaction,
# and the database has room for some thousand locks in all.
LOCKS = 1024
LOCK_CLASS = 20_827
LOCK = "SELECT pg_advisory_xact_lock(%s, key) FROM unnest(%s::int[]) AS key"
LOCK_SHARED = "SELECT pg_advisory_xact_lock_shared(%s, key) FROM unnest(%s::int[]) AS key"


class BodyDamaged(Exception):
    """The stored bytes are missing or are not the ones that were fetched."""


@dataclass(frozen=True, slots=True)
class StoredBody:
    """Where a body lies and what it is: SHA-256 of the raw bytes, and their number."""

    sha256: str
    path: str
    size_bytes: int


def store_body(body: bytes) -> StoredBody:
    """Keep raw bytes; the same bytes twice are one file."""
    sha256 = digest(body)
    path = f"{sha256[:2]}/{sha256[2:]}.z"
    if not default_storage.exists(path):
        _save_whole(path, compress(body))
    return StoredBody(sha256=sha256, path=path, size_bytes=len(body))


def hold_bodies(kept: Iterable[tuple[StoredBody, bytes]]) -> None:
    """Let none of these bodies be deleted until the caller's transaction, which keeps rows, ends.

    One that was deleted since it was stored is stored again; where its ``raw`` bytes were let go
    of (``b""``), :class:`BodyDamaged` is raised.
    """
    bodies = {body.sha256: (body, raw) for body, raw in kept}
    lock_bodies(bodies, shared=True)
    # One question for all: to look for each file is a system call (or a request) for each page.
    went = Snapshot.objects.filter(sha256__in=list(bodies), body_deleted_at__isnull=False)
    for sha256 in set(went.values_list("sha256", flat=True)):
        body, raw = bodies[sha256]
        if default_storage.exists(body.path):
            continue
        if body.size_bytes and not raw:
            raise BodyDamaged("The stored copy was deleted as it came.")
        _save_whole(body.path, compress(raw))


def delete_body(path: str, sha256: str, *, is_used: Callable[[], bool]) -> bool:
    """Delete a body that no row needs, which is asked while nobody can begin to need it.

    Call it in a transaction of its own; gives whether the file went.
    """
    lock_bodies([sha256], shared=False)
    if is_used():
        return False
    default_storage.delete(path)
    return True


def load_body(path: str, sha256: str) -> bytes:
    """The raw bytes, proven to be those of ``sha256``; raises :class:`BodyDamaged`."""
    try:
        with default_storage.open(path) as stored:
            body = decompress(stored.read())
    except Exception as problem:
        raise BodyDamaged(
            f"The stored copy cannot be read ({type(problem).__name__})."
        ) from problem
    if digest(body) != sha256:
        raise BodyDamaged("The stored copy is not what was fetched: its digest differs.")
    return body


def lock_bodies(digests: Iterable[str], *, shared: bool) -> None:
    """Hold digests until the caller's transaction ends: shared by whoever keeps or quotes them,
    alone by whoever lets them go.
    """
    # In one order for everybody.
    keys = sorted({int(digest[:8], 16) % LOCKS for digest in digests})
    if not keys:
        return
    with connection.cursor() as cursor:
        cursor.execute(LOCK_SHARED if shared else LOCK, [LOCK_CLASS, keys])


def _save_whole(path: str, stored: bytes) -> None:
    try:
        target = Path(default_storage.path(path))
    except NotImplementedError:  # how Django says that a storage is no folder of this machine
        saved = default_storage.save(path, ContentFile(stored))
        if saved != path:  # somebody was first, and the same bytes are there
            default_storage.delete(saved)
        return
    _write_whole(target, stored)


def _write_whole(target: Path, stored: bytes) -> None:
    """Write beside the target and rename; only this user may read it."""
    part = target.with_name(f"{uuid.uuid4().hex}.part")
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileNotFoundError:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(stored)
        part.replace(target)
    except BaseException:  # also a stop: no half-written file stays behind
        part.unlink(missing_ok=True)
        raise
