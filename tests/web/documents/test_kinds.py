"""What a document is: by content first, then by type, then by name."""

from __future__ import annotations

import time
from contextlib import suppress
from zipfile import ZIP_STORED

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.web.documents.kinds import DocumentKind, find_kind
from claims.web.errors import Unreadable
from tests.documents import (
    DOCX,
    XLSX,
    lines_of,
    make_docx,
    make_pdf,
    make_xlsx,
    pack,
    paragraph,
    sheet_rows,
)

PDF_BODY = make_pdf([lines_of("Output rose by 7 per cent.")])
DOCX_BODY = make_docx(paragraph("Output rose."))
XLSX_BODY = make_xlsx({"Output": sheet_rows([["Country", "Share"], ["China", 70]])})
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LOCKED = OLE + b"\0" * 500 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 500


@pytest.mark.parametrize("said", ["application/pdf", "text/html", "application/octet-stream", ""])
@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (PDF_BODY, DocumentKind.PDF),
        (b"\r\n\xef\xbb\xbf" + PDF_BODY, DocumentKind.PDF),
        (DOCX_BODY, DocumentKind.DOCX),
        (XLSX_BODY, DocumentKind.XLSX),
    ],
)
def test_content_wins_over_type_and_name(said: str, body: bytes, kind: DocumentKind) -> None:
    assert find_kind(body, said, "http://a.example/x.csv") is kind


@pytest.mark.parametrize(
    ("said", "name", "kind"),
    [
        ("text/csv", "", DocumentKind.CSV),
        ("text/csv", "x.json", DocumentKind.CSV),
        ("application/json", "x.csv", DocumentKind.JSON),
        ("text/tab-separated-values", "", DocumentKind.TSV),
        ("text/plain", "http://a.example/d/table.csv?year=2024", DocumentKind.CSV),
        ("application/octet-stream", "http://a.example/t.TSV", DocumentKind.TSV),
        ("application/vnd.ms-excel", "t.csv", DocumentKind.CSV),
        ("", "t.json", DocumentKind.JSON),
        ("text/plain", "notes.txt", None),
        ("text/plain", "", None),
        ("text/html", "t.csv", None),
        ("application/octet-stream", "t.bin", None),
        ("application/pdf", "t.pdf", None),
    ],
)
def test_text_goes_by_type_and_then_by_name(
    said: str, name: str, kind: DocumentKind | None
) -> None:
    assert find_kind(b"place;share\nChina;70\n", said, name) is kind


def test_an_error_page_under_a_tables_type_is_a_page() -> None:
    assert find_kind(b"\n<!DOCTYPE html><p>Not here", "text/csv", "t.csv") is None


@pytest.mark.parametrize(
    ("body", "says"), [(LOCKED, "locked with a password"), (OLE + b"\0" * 999, "Old Office")]
)
def test_old_and_locked_office_files_are_named(body: bytes, says: str) -> None:
    with pytest.raises(Unreadable, match=says):
        find_kind(body, DOCX)


def test_an_archive_of_anything_else_is_no_document() -> None:
    assert (
        find_kind(pack({"a.txt": "word/document.xml"}, method=ZIP_STORED), "application/zip")
        is None
    )
    assert find_kind(b"PK\x05\x06" + b"\xff" * 18, XLSX) is None


def test_a_workbook_inside_a_word_file_does_not_make_it_one() -> None:
    body = make_docx(paragraph("A"), parts={"word/embeddings/xl/workbook.xlsx": XLSX_BODY})
    assert find_kind(body, XLSX) is DocumentKind.DOCX


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["", "%PDF-", "PK\x03\x04", "PK\x05\x06"]))
def test_any_bytes_are_answered(tail: bytes, mark: str) -> None:
    with suppress(Unreadable):  # an old Office file, by its first bytes
        find_kind(mark.encode("latin-1") + tail, "application/octet-stream", "x.json")


def test_ten_megabytes_are_told_at_once() -> None:
    started = time.monotonic()
    for body in (b" " * 10_000_000, b"PK\x03\x04" * 2_500_000, b"<" * 10_000_000):
        find_kind(body, "text/csv", "x" * 10_000)
    assert time.monotonic() - started < 5
