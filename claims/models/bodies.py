"""Raw bytes of snapshots: compressed, kept once per digest in the snapshot folder.

A digest that is already stored is not written again; a file appears whole or
not at all, so a writer that is killed leaves no short one behind. Whoever reads
a body back compares its digest; a missing or altered file is an error, never
an empty page.
"""

from __future__ import annotations

import os
import uuid
import zlib
from dataclasses import dataclass
from pathlib import Path

from django.core.files.storage import default_storage

from claims.web.snapshots import compress, decompress, digest


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
    target = Path(default_storage.path(path))
    if not target.exists():
        _write_whole(target, compress(body))
    return StoredBody(sha256=sha256, path=path, size_bytes=len(body))


def load_body(path: str, sha256: str) -> bytes:
    """The raw bytes, proven to be those of ``sha256``; raises :class:`BodyDamaged`."""
    try:
        with default_storage.open(path) as stored:
            body = decompress(stored.read())
    except (OSError, EOFError, ValueError, zlib.error) as problem:
        raise BodyDamaged(
            f"The stored copy cannot be read ({type(problem).__name__})."
        ) from problem
    if digest(body) != sha256:
        raise BodyDamaged("The stored copy is not what was fetched: its digest differs.")
    return body


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
