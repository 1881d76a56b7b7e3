"""Office files are archives: their parts, one at a time, inflated only as far as allowed.

It promises that no name of the archive ever becomes a path, that a part is inflated in
pieces and counted, and that the sum of all is bounded, whatever the index says.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator

from claims.web.documents.kinds import LOCKED
from claims.web.errors import Unreadable

MAX_PARTS = 5_000
PIECE_BYTES = 64 * 1024
# Sheets of honest figures inflate to a tenth of this; a bomb of 10 MB to a hundred times it.
MAX_INFLATED_BYTES = 160 * 1024 * 1024
DAMAGED = "The file is damaged: its archive cannot be opened."
# Office writes its parts stored or deflated, and nothing else (ECMA-376 part 2, annex C).
PACKED = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
OTHER_PACKINGS = {zipfile.ZIP_BZIP2: "bzip2", zipfile.ZIP_LZMA: "LZMA", 9: "Deflate64", 93: "Zstd"}
IS_LOCKED = 1
TOO_MUCH = "The file unpacks to far more than its size; it is not read any further."


class Archive:
    """The parts of one Office file. Raises :class:`Unreadable` where it is damaged or too much."""

    def __init__(self, body: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(body))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as problem:
            raise Unreadable(DAMAGED) from problem
        entries = self._zip.infolist()
        if len(entries) > MAX_PARTS:
            raise Unreadable(f"The file has more than {MAX_PARTS:,} parts; it is not read.")
        self._entries = {entry.filename.lower(): entry for entry in reversed(entries)}
        self._inflated = 0

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._entries

    def pieces(self, name: str) -> Iterator[bytes]:
        """The bytes of a part, piece by piece; nothing where there is no such part."""
        entry = self._entries.get(name.lower())
        if entry is None:
            return
        if entry.flag_bits & IS_LOCKED:
            raise Unreadable(LOCKED)
        if entry.compress_type not in PACKED:
            name = OTHER_PACKINGS.get(entry.compress_type, f"method {entry.compress_type}")
            raise Unreadable(
                f"The file is packed with {name}, which no Office program writes; save it again."
            )
        try:
            with self._zip.open(entry) as part:
                while piece := part.read(PIECE_BYTES):
                    self._inflated += len(piece)
                    if self._inflated > MAX_INFLATED_BYTES:
                        raise Unreadable(TOO_MUCH)
                    yield piece
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as problem:
            raise Unreadable(DAMAGED) from problem
