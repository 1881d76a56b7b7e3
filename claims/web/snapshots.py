"""What makes a stored copy provable: digests, and a compression that never varies.

It promises that the same bytes always give the same digest and the same compressed
form, and that inflating is capped. It refuses to know where copies are stored.
"""

from __future__ import annotations

import hashlib
import zlib

COMPRESSION_LEVEL = 6


def digest(body: bytes) -> str:
    """SHA-256 of bytes as 64 lower-case hex digits.

    >>> digest(b"")[:8]
    'e3b0c442'
    """
    return hashlib.sha256(body).hexdigest()


def text_digest(text: str) -> str:
    """SHA-256 of a text in UTF-8, as hex; lone surrogates are kept apart, never an error."""
    return digest(text.encode("utf-8", "surrogatepass"))


def compress(body: bytes) -> bytes:
    """A zlib stream of the bytes; it holds no time or name, so equal input gives equal output."""
    return zlib.compress(body, COMPRESSION_LEVEL)


def decompress(stored: bytes, *, max_bytes: int = 64 * 1024 * 1024) -> bytes:
    """The bytes that were compressed.

    Raises ``ValueError`` where the stored form is damaged, ends early, carries
    something behind it, or inflates to more than ``max_bytes``.
    """
    stream = zlib.decompressobj()
    try:
        body = stream.decompress(stored, max_bytes + 1)
    except zlib.error:
        raise ValueError("The stored copy is damaged.") from None
    if len(body) > max_bytes:
        raise ValueError(f"The stored copy inflates to more than {max_bytes} bytes.")
    if not stream.eof or stream.unused_data:
        raise ValueError("The stored copy is damaged.")
    return body
