"""What kind of document some bytes are: by their first bytes, then their type, then their name.

It promises to look at a few kilobytes and one index whatever the size, and to tell in
plain words what is known and not read (old Office files, locked ones). It opens nothing.
"""

from __future__ import annotations

import re
from enum import StrEnum

from claims.web.errors import Unreadable


class DocumentKind(StrEnum):
    """What is read besides pages."""

    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    CSV = "csv"
    TSV = "tsv"
    JSON = "json"


_OFFICE = "application/vnd.openxmlformats-officedocument."
# Types that name one kind of document.
TYPES: dict[str, DocumentKind] = {
    "application/pdf": DocumentKind.PDF,
    "application/x-pdf": DocumentKind.PDF,
    f"{_OFFICE}wordprocessingml.document": DocumentKind.DOCX,
    f"{_OFFICE}spreadsheetml.sheet": DocumentKind.XLSX,
    "text/csv": DocumentKind.CSV,
    "application/csv": DocumentKind.CSV,
    "text/x-csv": DocumentKind.CSV,
    "text/comma-separated-values": DocumentKind.CSV,
    "text/tab-separated-values": DocumentKind.TSV,
    "application/json": DocumentKind.JSON,
    "text/json": DocumentKind.JSON,
}
# Types under which servers hand out documents of any kind; what they are says their content.
LOOSE_TYPES = frozenset({
    "application/octet-stream", "binary/octet-stream", "application/download",
    "application/x-download", "application/force-download", "application/vnd.ms-excel",
    "application/msword", "application/zip", "application/x-zip-compressed",
})  # fmt: skip
DOCUMENT_TYPES = frozenset(TYPES) | LOOSE_TYPES
# Only these can be told by their first bytes.
BY_CONTENT = frozenset({DocumentKind.PDF, DocumentKind.DOCX, DocumentKind.XLSX})
# Documents that people write and date; the others are figures.
WRITTEN = frozenset({DocumentKind.PDF, DocumentKind.DOCX})
NAMES = {
    "csv": DocumentKind.CSV,
    "tsv": DocumentKind.TSV,
    "tab": DocumentKind.TSV,
    "json": DocumentKind.JSON,
}

# Readers forgive what stands before the mark, as far as this (ISO 32000, annex on Acrobat).
PDF_MARK, PDF_MARK_WITHIN = b"%PDF-", 1024
ZIP_MARKS = (b"PK\x03\x04", b"PK\x05\x06")
ZIP_END, ZIP_END_WITHIN = b"PK\x05\x06", 65_557
OLE_MARK = b"\xd0\xcf\x11\xe0"
OLE_LOCKED = "EncryptedPackage".encode("utf-16-le")
MARKUP = re.compile(rb"\s{0,200}(?:<!--|<!doctype html|<html|<head|<body)", re.I)

LOCKED = "The file is locked with a password. Only a copy without one can be read."
OLD_OFFICE = "Old Office files (.doc, .xls, .ppt) are not read; only .docx and .xlsx are."


def find_kind(body: bytes, content_type: str, *names: str) -> DocumentKind | None:
    """The kind of document, or ``None`` where it is a page, plain text or something else.

    ``content_type`` is a media type without parameters; ``names`` are the file's name and
    the URL, of which the first with a known ending counts. Raises :class:`Unreadable` for
    what is known to be no text: old or locked Office.
    """
    named = TYPES.get(content_type)
    found = _by_content(body, is_said_pdf=named is DocumentKind.PDF)
    if found is not None:
        return found
    mark = body[3:] if body.startswith(b"\xef\xbb\xbf") else body
    if MARKUP.match(mark[:4096]):
        return None  # an error page under a document's type
    if named is not None and named not in BY_CONTENT:
        return named
    if content_type in LOOSE_TYPES or content_type in {"", "text/plain"}:
        known = (NAMES.get(_ending(name)) for name in names)
        return next(filter(None, known), None)
    return None


def _by_content(body: bytes, *, is_said_pdf: bool) -> DocumentKind | None:
    head = body[:PDF_MARK_WITHIN]
    if head.lstrip(b"\0\t\n\x0c\r \xef\xbb\xbf").startswith(PDF_MARK):
        return DocumentKind.PDF
    if is_said_pdf and PDF_MARK in head:
        return DocumentKind.PDF
    if head.startswith(ZIP_MARKS):
        return _office_kind(body)
    if head.startswith(OLE_MARK):
        raise Unreadable(LOCKED if OLE_LOCKED in body else OLD_OFFICE)
    return None


def _office_kind(body: bytes) -> DocumentKind | None:
    """By the names in the archive's index; the index is cut out, never walked."""
    end = body.rfind(ZIP_END, max(0, len(body) - ZIP_END_WITHIN))
    if end < 0 or len(body) < end + 20:
        return None
    size = int.from_bytes(body[end + 12 : end + 16], "little")
    start = int.from_bytes(body[end + 16 : end + 20], "little")
    index = body[start : start + size]
    if b"[Content_Types].xml" not in index:
        return None
    if b"word/document" in index:
        return DocumentKind.DOCX
    return DocumentKind.XLSX if b"xl/workbook" in index else None


def _ending(name: str) -> str:
    bare = name.split("?", 1)[0].split("#", 1)[0].rsplit("/", 1)[-1]
    return bare.rsplit(".", 1)[-1].lower()[:10] if "." in bare else ""
