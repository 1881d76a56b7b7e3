"""From the bytes of a response to the bytes of a page, within a cap.

It promises that nothing larger than the cap is ever held, counted on the wire and
again after inflating; that only one layer of gzip is inflated; and that a body
which is plainly no text is told by its first bytes, whatever its header says.
"""

from __future__ import annotations

import re
import threading
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from http.client import HTTPMessage

from claims.web.documents.kinds import BY_CONTENT, DOCUMENT_TYPES, LOOSE_TYPES, TYPES, find_kind
from claims.web.errors import BodyIncomplete, EncodingRefused, HostBusy, TooLarge, TypeRefused

CHUNK_BYTES = 64 * 1024
# Nearly all pages are lighter than this.
LIGHT_BYTES = 256 * 1024
HEAVY_AT_ONCE = 4
GZIP_WINDOW = 31  # zlib: 15 bits of window, gzip header and trailer

# First bytes of formats that are not text (WHATWG MIME sniffing, file(1)).
BINARY_MAGIC: tuple[bytes, ...] = (
    b"%PDF-", b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf",
    b"Rar!", b"\x28\xb5\x2f\xfd", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"RIFF", b"OggS",
    b"fLaC", b"ID3", b"\x00asm", b"\x7fELF", b"MZ\x90", b"\xd0\xcf\x11\xe0", b"wOFF", b"wOF2",
    b"SQLite format 3", b"{\\rtf", b"%!PS",
)  # fmt: skip
JSON_TYPES = frozenset({"application/json"})
UNICODE_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
# The element after any declaration, comments and doctype.
PREAMBLE = re.compile(rb"\s*(?:<\?[^>]{0,500}>\s*|<!--[^>]{0,2000}>\s*){0,8}", re.DOTALL)
FOREIGN_ROOT = re.compile(rb"<(?:svg|rss|feed|rdf:rdf|urlset|sitemapindex|wml)[\s>]", re.I)
FOREIGN_DOCTYPE = re.compile(rb"<!doctype\s+(?!html\b)[^>]{0,200}[>\[]", re.I)


def read_content_type(headers: HTTPMessage) -> tuple[str, str | None]:
    """Media type and charset of the header, both in lower case; ``("", None)`` without one."""
    value = str(headers.get("Content-Type", ""))[:1000]
    media_type, _, parameters = value.partition(";")
    charset = re.search(r"charset\s*=\s*[\"']?([A-Za-z0-9._:+-]{1,40})", parameters, re.I)
    return media_type.strip().lower(), charset[1].lower() if charset else None


def check_encoding(headers: HTTPMessage) -> bool:
    """Whether the body is gzipped; raises :class:`EncodingRefused` for anything but one gzip."""
    transfer = ",".join(map(str, headers.get_all("Transfer-Encoding", []))).strip().lower()
    if transfer not in {"", "chunked", "identity"}:
        raise EncodingRefused("The server framed the page in a way that is not accepted.")
    encodings = ",".join(map(str, headers.get_all("Content-Encoding", []))).lower().split(",")
    layers = [name.strip() for name in encodings if name.strip() not in {"", "identity"}]
    if not layers:
        return False
    if layers in (["gzip"], ["x-gzip"]):
        return True
    raise EncodingRefused("The server compressed the page in a way that was not asked for.")


def check_declared_length(headers: HTTPMessage, max_bytes: int) -> None:
    """Raise :class:`TooLarge` before the body where its announced length is over the cap."""
    declared = str(headers.get("Content-Length", "")).strip()
    if declared.isascii() and declared.isdigit() and len(declared.lstrip("0")) > 15:
        raise TooLarge("The server announced an absurd length.")
    if declared.isascii() and declared.isdigit() and int(declared) > max_bytes:
        raise TooLarge(f"The page is {int(declared)} bytes long; the limit is {max_bytes}.")


class HeavyRoom:
    """Room for few heavy bodies at a time; shared by all threads of a client.

    However many servers send their utmost at once, all but a few of their bodies stop growing
    at :data:`LIGHT_BYTES` and wait on the wire.
    """

    def __init__(self, places: int = HEAVY_AT_ONCE) -> None:
        self._places = threading.BoundedSemaphore(places)

    @contextmanager
    def entrance(self, seconds_left: Callable[[], float]) -> Iterator[Callable[[], None]]:
        """Gives what takes a place until the block ends.

        That raises :class:`HostBusy` where none is free within ``seconds_left()``.
        """
        has_place = False

        def enter() -> None:
            nonlocal has_place
            has_place = has_place or self._places.acquire(timeout=max(seconds_left(), 0.0))
            if not has_place:
                raise HostBusy("Too many large pages came at once.", retry_after_seconds=5.0)

        try:
            yield enter
        finally:
            if has_place:
                self._places.release()


def collect_body(
    chunks: Iterable[bytes],
    *,
    is_gzip: bool,
    max_bytes: int,
    may_cut: bool = False,
    enter_heavy: Callable[[], None] = lambda: None,
) -> tuple[bytes, bool]:
    """The whole body, inflated, and whether it was cut at the cap.

    ``enter_heavy`` is called before it is larger than :data:`LIGHT_BYTES`.
    Raises :class:`TooLarge` over ``max_bytes`` raw or inflated (unless ``may_cut``),
    :class:`EncodingRefused` for broken gzip, :class:`BodyIncomplete` for gzip
    that ends early.
    """
    body = bytearray()
    received = 0
    gunzip = _Gunzip() if is_gzip else None
    for chunk in chunks:
        received += len(chunk)
        for piece in gunzip.inflate(chunk) if gunzip else (chunk,):
            if max(received, len(body) + len(piece)) > LIGHT_BYTES:
                enter_heavy()
            body += piece
            if max(received, len(body)) > max_bytes:
                if may_cut:
                    return bytes(body[:max_bytes]), True
                raise TooLarge(f"The page is larger than the limit of {max_bytes} bytes.")
    if gunzip and received and not gunzip.is_at_end:
        raise BodyIncomplete("The compressed page ended early.")
    return bytes(body), False


class _Gunzip:
    """Inflates gzip members one after another, in pieces of :data:`LIGHT_BYTES` at most."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(GZIP_WINDOW)
        self.is_at_end = False

    def inflate(self, chunk: bytes) -> Iterator[bytes]:
        """What the chunk inflates to; stop asking when it is too much."""
        is_full = False
        while chunk or is_full:
            if self._member.eof:
                if not chunk.startswith(b"\x1f"):  # padding after the last member
                    break
                self._member = zlib.decompressobj(GZIP_WINDOW)
            try:
                piece = self._member.decompress(chunk, LIGHT_BYTES)
            except zlib.error:
                raise EncodingRefused("The compressed page is damaged.") from None
            chunk = self._member.unused_data if self._member.eof else self._member.unconsumed_tail
            # There may be more where the input is used up.
            is_full = len(piece) == LIGHT_BYTES
            yield piece
        self.is_at_end = self._member.eof


def check_type(media_type: str, body: bytes, accept: frozenset[str], *names: str) -> None:
    """Raise :class:`TypeRefused` unless header and first bytes both are of an accepted type.

    A missing header is forgiven where the bytes look like text. Documents are let through
    only where ``accept`` holds their types: PDF and Office files by what they are, whatever
    the header says; ``names`` (the file's, the URL) help with files that it calls only a file.
    Raises :class:`Unreadable` for locked and old Office files.
    """
    if media_type and media_type not in accept:
        raise TypeRefused(f"Pages of the type {media_type[:60]} are not read.")
    head = body[:4096]
    if not head:
        return
    if accept & DOCUMENT_TYPES - JSON_TYPES:
        kind = find_kind(body, media_type, *names)
        if kind in BY_CONTENT:
            return
        if kind is None:
            _check_said(media_type)
    if head.startswith(BINARY_MAGIC) or head[4:8] == b"ftyp":
        raise TypeRefused("The page is not text, whatever its header says.")
    if b"\x00" in head and not head.startswith(UNICODE_MARKS):
        raise TypeRefused("The page holds binary data.")
    if media_type in JSON_TYPES:
        return
    text = head[3:] if head.startswith(b"\xef\xbb\xbf") else head
    preamble = PREAMBLE.match(text)
    start = text[preamble.end() if preamble else 0 :]
    if FOREIGN_ROOT.match(start) or FOREIGN_DOCTYPE.match(start):
        raise TypeRefused("The page is XML of another kind than XHTML.")


def _check_said(media_type: str) -> None:
    """Refuse what is said to be a document and is none that is read."""
    if TYPES.get(media_type) in BY_CONTENT:
        raise TypeRefused(f"The file is not what its type {media_type[:90]} says.")
    if media_type in LOOSE_TYPES:
        raise TypeRefused("The file is none of the kinds of document that are read.")
