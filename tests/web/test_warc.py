"""WARC files: what standard tools open, read back the same, and refused when broken."""

from __future__ import annotations

import gzip
import io
import tracemalloc
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from claims.web.snapshots import digest
from claims.web.warc import WarcCopy, WarcRefused, iter_warc, read_warc

AT = datetime(2025, 3, 4, 10, 0, 5, 123456, tzinfo=UTC)
BODY = "<html><p>Seventy per cent – so the office says.</p></html>".encode()
COPY = WarcCopy(
    final_url="https://example.org/report?year=2024",
    status=200,
    headers=[("Content-Type", "text/html; charset=utf-8"), ("Content-Encoding", "gzip"),
             ("content-length", "31"), ("X-Odd", "a\r\nInjected: yes")],
    body=BODY,
    fetched_at=AT,
    sha256=digest(BODY),
    request_headers=[("Host", "example.org"), ("Accept", "text/html")],
    address="93.184.216.34",
    notes=[("redirect", "https://example.org/r"), ("textSha256", "ab" * 32)],
)  # fmt: skip


def packed(*copies: WarcCopy) -> bytes:
    parts = iter_warc(copies, software="Workbench/0.1", made_at=AT, filename="page.warc.gz")
    return b"".join(parts)


def unpacked(body: bytes, **limits: int) -> list[WarcCopy]:
    given = {"max_body_bytes": 1 << 20, "max_bytes": 1 << 24} | limits
    return list(read_warc(io.BytesIO(body), **given))


def test_a_file_of_very_many_records_is_refused_where_a_limit_is_set() -> None:
    assert len(unpacked(packed(COPY), max_records=4)) == 1
    with pytest.raises(WarcRefused, match="more than 3 records"):
        unpacked(packed(COPY), max_records=3)


def test_a_standard_reader_finds_every_record_with_sound_digests() -> None:
    records = []
    for record in ArchiveIterator(io.BytesIO(packed(COPY)), check_digests=True):
        body = record.content_stream().read()
        assert record.digest_checker.problems == []
        records.append((record.rec_type, record.rec_headers, record.http_headers, body))
    assert [kind for kind, *_ in records] == ["warcinfo", "response", "request", "metadata"]
    _, named, http, body = records[1]
    assert named.protocol == "WARC/1.1"
    assert named.get_header("WARC-Target-URI") == COPY.final_url
    assert named.get_header("WARC-Date") == "2025-03-04T10:00:05.123456Z"
    assert named.get_header("WARC-IP-Address") == "93.184.216.34"
    assert named.get_header("WARC-Payload-Digest").startswith("sha256:")
    assert body == BODY
    # The body is stored inflated: a reader must not try to inflate it again.
    assert http.get_header("Content-Encoding") is None
    assert http.get_header("X-Archive-Orig-Content-Encoding") == "gzip"
    assert http.get_header("Content-Length") == str(len(BODY))
    assert http.get_header("Injected") is None
    assert records[2][2].statusline == "/report?year=2024 HTTP/1.1"
    assert b"redirect: https://example.org/r" in records[3][3]
    assert records[3][1].get_header("WARC-Concurrent-To") == named.get_header("WARC-Record-ID")


def test_the_standard_checker_passes_the_file(tmp_path: Any, capsys: Any) -> None:
    path = tmp_path / "page.warc.gz"
    path.write_bytes(packed(COPY, replace(COPY, final_url="http://example.org/b")))

    class Asked:
        inputs = [str(path)]
        verbose = True

    assert Checker(Asked()).process_all() == 0
    assert "digest failed" not in capsys.readouterr().out


def test_a_file_is_read_back_as_it_was_written() -> None:
    other = replace(COPY, final_url="http://example.org/b", status=404, headers=[], notes=[])
    first, second = unpacked(packed(COPY, other))
    assert (first.final_url, first.status, first.body, first.fetched_at, first.address) == (
        COPY.final_url, 200, BODY, AT, COPY.address,
    )  # fmt: skip
    assert ("Content-Type", "text/html; charset=utf-8") in list(first.headers)
    assert (second.final_url, second.status) == ("http://example.org/b", 404)


def test_a_plain_file_and_compressed_bodies_are_read() -> None:
    inner = gzip.compress(BODY)
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n" + inner
    body = (
        b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: <https://example.org/z>\r\n"
        b"WARC-Date: 2020-01-02T03:04:05Z\r\nWARC-Record-ID: <urn:uuid:1>\r\n"
        b"Content-Type: application/http; msgtype=response\r\nContent-Length: "
        + str(len(http)).encode() + b"\r\n\r\n" + http + b"\r\n\r\n"
    )  # fmt: skip
    (copy,) = unpacked(body)
    assert (copy.final_url, copy.body) == ("https://example.org/z", BODY)
    assert copy.fetched_at == datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC)


def damaged() -> list[tuple[str, bytes, str]]:
    whole = packed(COPY)
    plain = gzip.decompress(whole)
    return [
        ("nothing", b"", "no WARC record"),
        ("text", b"Dear editor,\r\nthis is a letter.\r\n", "Record 1 is not WARC"),
        ("zip", b"PK\x03\x04" + bytes(200), "Record 1 is not WARC"),
        ("cut", whole[:-40], "breaks off"),
        ("gzip of text", gzip.compress(b"hello"), "Record 1 is not WARC"),
        ("altered", plain.replace(b"Seventy", b"Sixteen"), "Record 2 is damaged"),
        ("no date", plain.replace(b"WARC-Date: 2025-03-04T10:00:05.123456Z", b"WARC-Date: today"),
         "no date"),
    ]  # fmt: skip


@pytest.mark.parametrize(("body", "told"), [one[1:] for one in damaged()], ids=lambda one: "")
def test_a_broken_file_is_refused_with_the_place(body: bytes, told: str) -> None:
    with pytest.raises(WarcRefused, match=told):
        unpacked(body)


def test_a_body_a_file_and_headers_without_end_stop_at_their_limits() -> None:
    with pytest.raises(WarcRefused, match="longer than 10 bytes"):
        unpacked(packed(COPY), max_body_bytes=10)
    with pytest.raises(WarcRefused, match="inflates to more than"):
        unpacked(packed(*[COPY] * 40), max_bytes=10_000)
    bomb = gzip.compress(b"WARC/1.1\r\nX: " + b"a" * 200_000_000)
    tracemalloc.start()
    with pytest.raises(WarcRefused, match="no end"):
        unpacked(bomb, max_bytes=1 << 30)
    assert tracemalloc.get_traced_memory()[1] < 20_000_000
    tracemalloc.stop()


def test_the_same_copy_has_the_same_name_in_every_export() -> None:
    def names(body: bytes) -> list[str]:
        return [
            record.rec_headers.get_header("WARC-Record-ID")
            for record in ArchiveIterator(io.BytesIO(body))
            if record.rec_type == "response"
        ]

    assert names(packed(COPY)) == names(packed(COPY))


def test_a_copy_without_its_body_leaves_what_is_known_of_it() -> None:
    gone = replace(COPY, body=None, notes=[("bodySha256", COPY.sha256), ("bodyDeleted", "2026")])
    records = [
        (record.rec_type, record.content_stream().read())
        for record in ArchiveIterator(io.BytesIO(packed(gone)))
    ]
    assert [kind for kind, _ in records] == ["warcinfo", "metadata"]
    assert f"bodySha256: {COPY.sha256}".encode() in records[1][1]
    assert unpacked(packed(gone)) == []
