"""Stored copies as a WARC 1.1 file, and such files read back: the web archives' own format.

Promises: what standard tools open, each copy as a response with its request and a metadata
record, digests included; reading is bounded in memory whatever the file holds, and a file or
record that is broken is refused with its number and the reason. Refuses to repair anything.
The format is ISO 28500:2017; the packing and parsing are warcio's.
"""

from __future__ import annotations

import gzip
import io
import zlib
from base64 import b32encode
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, BinaryIO
from uuid import NAMESPACE_URL, uuid5

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParserException
from warcio.warcwriter import WARCWriter

GZIP_MAGIC = b"\x1f\x8b"
CHUNK_BYTES = 64 * 1024
# More than any header block of a record; a body is counted by its own limit.
MAX_HEADER_BYTES = 1024 * 1024
# A stored body is inflated and joined: headers that say otherwise are kept under another name.
KEPT_AS_SENT = "X-Archive-Orig-"
NOT_AS_STORED = frozenset({"content-encoding", "transfer-encoding", "content-length"})


class WarcRefused(Exception):
    """The file is not a WARC that can be read; the message says where and why."""


@dataclass(frozen=True, slots=True)
class WarcCopy:
    """One copy of a page. ``sha256`` is of ``body``, as hex; ``notes`` go into its metadata.

    A copy whose ``body`` is ``None`` (it was deleted) leaves its metadata alone.
    """

    final_url: str
    status: int
    headers: Sequence[tuple[str, str]]
    body: bytes | None = field(repr=False)
    fetched_at: datetime
    sha256: str = ""
    request_headers: Sequence[tuple[str, str]] = ()
    address: str = ""
    notes: Sequence[tuple[str, str]] = ()


def iter_warc(
    copies: Iterable[WarcCopy], *, software: str, made_at: datetime, filename: str
) -> Iterator[bytes]:
    """The file in parts, gzip by record; a copy is in memory while it is written."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True, warc_version="1.1")
    info = {"software": software, "format": "WARC File Format 1.1", "created": _stamp(made_at)}
    writer.write_record(writer.create_warcinfo_record(filename, info))
    yield _taken(out)
    for copy in copies:
        for record in _records(writer, copy):
            writer.write_record(record)
        yield _taken(out)


def read_warc(
    stream: BinaryIO, *, max_body_bytes: int, max_bytes: int, max_records: int | None = None
) -> Iterator[WarcCopy]:
    """The responses and resources of a file, in its order.

    ``max_body_bytes`` is for one body, inflated; ``max_bytes`` for the file, inflated;
    ``max_records`` for records of every kind. Raises :class:`WarcRefused`. Digests that a
    record brings are compared.
    """
    meter = _Meter(_inflated(stream), max_bytes)
    number = 0
    try:
        for record in ArchiveIterator(meter, arc2warc=False, check_digests=True):
            number += 1
            if max_records is not None and number > max_records:
                raise WarcRefused(f"The file holds more than {max_records:,} records.")
            meter.allowance = None
            is_page = record.rec_type in ("response", "resource") and _is_http(record)
            if is_page:
                yield _read_copy(record, number, max_body_bytes)
            while record.raw_stream.read(CHUNK_BYTES):
                pass
            meter.allowance = MAX_HEADER_BYTES
    except (ArchiveLoadFailed, StatusAndHeadersParserException, ValueError) as problem:
        told = str(problem).splitlines()
        raise WarcRefused(
            f"Record {number + 1} is not WARC: {(told or ['it is empty'])[0][:200]}"
        ) from problem
    if not number:
        raise WarcRefused("The file holds no WARC record.")


def _records(writer: WARCWriter, copy: WarcCopy) -> Iterator[Any]:
    """The response first, so that the others can refer to it."""
    date = _stamp(copy.fetched_at)
    # The same copy has the same record id in every export.
    ident = f"<urn:uuid:{uuid5(NAMESPACE_URL, f'{copy.final_url} {date} {copy.sha256}')}>"
    if copy.body is None:
        yield from _metadata(writer, copy, {"WARC-Date": date})
        return
    named = {
        "WARC-Record-ID": ident,
        "WARC-Date": date,
        "WARC-Payload-Digest": f"sha256:{b32encode(bytes.fromhex(copy.sha256)).decode()}",
    }
    if copy.address:
        named["WARC-IP-Address"] = _one_line(copy.address)
    yield writer.create_warc_record(
        _one_line(copy.final_url),
        "response",
        payload=io.BytesIO(copy.body),
        length=len(copy.body),
        warc_headers_dict=named,
        http_headers=StatusAndHeaders(
            f"{copy.status} {'OK' if copy.status == 200 else 'Answer'}",
            _headers_as_stored(copy.headers, len(copy.body)),
            protocol="HTTP/1.1",
        ),
    )
    beside = {"WARC-Date": date, "WARC-Concurrent-To": ident}
    if copy.request_headers:
        yield writer.create_warc_record(
            _one_line(copy.final_url),
            "request",
            warc_headers_dict=dict(beside),
            http_headers=StatusAndHeaders(
                f"GET {_target(copy.final_url)} HTTP/1.1", _clean(copy.request_headers),
                is_http_request=True,
            ),
        )  # fmt: skip
    yield from _metadata(writer, copy, beside)


def _metadata(writer: WARCWriter, copy: WarcCopy, named: dict[str, str]) -> Iterator[Any]:
    notes = "".join(f"{_one_line(name)}: {_one_line(value)}\r\n" for name, value in copy.notes)
    if notes:
        yield writer.create_warc_record(
            _one_line(copy.final_url),
            "metadata",
            payload=io.BytesIO(notes.encode()),
            length=len(notes.encode()),
            warc_headers_dict=dict(named),
            warc_content_type="application/warc-fields",
        )


def _read_copy(record: Any, number: int, max_body_bytes: int) -> WarcCopy:
    headers: Sequence[tuple[str, str]] = ()
    status = 200
    if record.http_headers is not None:
        headers = [(str(name), str(value)) for name, value in record.http_headers.headers]
        code = record.http_headers.get_statuscode()
        if not (code.isascii() and code.isdigit() and 100 <= int(code) <= 599):
            raise WarcRefused(f"Record {number} has no HTTP status.")
        status = int(code)
    elif record.content_type:
        headers = [("Content-Type", str(record.content_type))]
    body = _read_body(record, number, max_body_bytes)
    while record.raw_stream.read(CHUNK_BYTES):
        pass
    if record.digest_checker is not None and record.digest_checker.problems:
        raise WarcRefused(f"Record {number} is damaged: {record.digest_checker.problems[0][:200]}")
    return WarcCopy(
        final_url=record.rec_headers.get_header("WARC-Target-URI", "").strip("<>"),
        status=status,
        headers=headers,
        body=body,
        fetched_at=_read_date(record.rec_headers.get_header("WARC-Date", ""), number),
        address=(record.rec_headers.get_header("WARC-IP-Address") or "")[:60],
    )


def _read_body(record: Any, number: int, max_body_bytes: int) -> bytes:
    body = bytearray()
    stream = record.content_stream()
    while chunk := stream.read(CHUNK_BYTES):
        body += chunk
        if len(body) > max_body_bytes:
            raise WarcRefused(f"Record {number} is longer than {max_body_bytes:,} bytes.")
    return bytes(body)


def _is_http(record: Any) -> bool:
    address = record.rec_headers.get_header("WARC-Target-URI") or ""
    return address.strip("<>").lower().startswith(("http://", "https://"))


def _read_date(stamp: str, number: int) -> datetime:
    try:
        read = datetime.fromisoformat(stamp)
    except ValueError:
        raise WarcRefused(f"Record {number} has no date.") from None
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def _headers_as_stored(
    headers: Iterable[tuple[str, str]], size_bytes: int
) -> list[tuple[str, str]]:
    """What was received, true to the body: it is stored inflated and whole."""
    told = [
        (f"{KEPT_AS_SENT}{name}" if name.lower() in NOT_AS_STORED else name, value)
        for name, value in _clean(headers)
    ]
    return [*told, ("Content-Length", str(size_bytes))]


def _clean(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(_one_line(name).replace(":", ""), _one_line(value)) for name, value in headers if name]


def _one_line(text: str) -> str:
    """Nothing that would begin another header."""
    return " ".join(text.split())


def _target(url: str) -> str:
    path = url.partition("://")[2].partition("/")[2]
    return _one_line(f"/{path}").replace(" ", "%20")


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _taken(out: io.BytesIO) -> bytes:
    written = out.getvalue()
    out.seek(0)
    out.truncate()
    return written


def _inflated(stream: BinaryIO) -> BinaryIO:
    """The file itself or, member after member, what its gzip holds."""
    buffered = io.BufferedReader(stream) if isinstance(stream, io.RawIOBase) else stream
    start = buffered.read(len(GZIP_MAGIC))
    buffered.seek(0)
    return gzip.GzipFile(fileobj=buffered) if start == GZIP_MAGIC else buffered  # type: ignore[return-value]


class _Meter(io.RawIOBase):
    """A reader that counts: headers end within an allowance, and the file within its limit."""

    def __init__(self, stream: BinaryIO, max_bytes: int) -> None:
        super().__init__()
        self._stream = stream
        self._left = self._max = max_bytes
        self.allowance: int | None = MAX_HEADER_BYTES

    def readable(self) -> bool:
        """As a stream that is read."""
        return True

    def read(self, size: int = -1) -> bytes:
        """At most ``size`` bytes; refuses past the limits."""
        try:
            chunk = self._stream.read(CHUNK_BYTES if size < 0 else size)
        except (OSError, EOFError, zlib.error) as problem:
            # An EOFError of its own would pass for the end of the last record.
            read = self._max - self._left
            raise WarcRefused(
                f"The file breaks off after {read:,} bytes; is it whole?"
            ) from problem
        self._left -= len(chunk)
        if self._left < 0:
            raise WarcRefused(f"The file inflates to more than {self._max:,} bytes.")
        if self.allowance is not None:
            self.allowance -= len(chunk)
            if self.allowance < 0:
                raise WarcRefused("The headers of a record have no end.")
        return chunk
