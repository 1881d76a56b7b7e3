"""Raw bytes of snapshots: compressed, kept once per digest in Django's file storage.

A digest that is already stored is not written again. Whoever reads a body back
compares its digest; a missing or altered file is an error, never an empty page.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

from django.core.files.base import ContentFile
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
    if not default_storage.exists(path):
        path = default_storage.save(path, ContentFile(compress(body)))
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
