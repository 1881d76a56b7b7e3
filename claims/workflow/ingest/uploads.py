"""Uploads: a file's bytes become an article's text, or are refused with the cure.

Promises: one encoding is never read as another; pages and documents are told by their
content, not by their name, and read in a child that can be killed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from claims.models.access import Person
from claims.models.team import Team
from claims.web.documents.kinds import DocumentKind, find_kind
from claims.web.errors import FetchError, ReaderKilled, Unreadable
from claims.web.reading_child import PageReader
from claims.workflow.ingest.articles import Ingested, describe_by, ingest_text, text_of
from claims.workflow.ingest.checking import IngestRefused

MAX_UPLOAD_BYTES = 10 * 1024 * 1024
UPLOAD_DEADLINE_SECONDS = 15.0
# An uploaded page has no address of its own; its relative links lead nowhere.
UPLOAD_URL = "http://upload.invalid/"
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
# No web page has a NUL byte this early, and every archive and image has.
HTML_LOOK_BYTES = 4096
PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
UPLOAD_TYPES = {
    ".txt": "text/plain",
    ".md": "text/markdown",
    ".html": "text/html",
    ".htm": "text/html",
    ".pdf": PDF,
    ".docx": DOCX,
}
PLAIN_TYPES = frozenset({"text/plain", "text/markdown"})
DOCUMENTS = {DocumentKind.PDF: PDF, DocumentKind.DOCX: DOCX}
READ_HERE = ".txt, .md, .html, .pdf or .docx"
OTHER_CURES = {
    ".doc": "Save it as .docx or PDF, or paste the text.",
    ".odt": "Save it as .docx or PDF, or paste the text.",
    ".rtf": "Save it as .docx or PDF, or paste the text.",
    ".xlsx": "Bring a list of claims in under Import, as CSV.",
    ".xls": "Bring a list of claims in under Import, as CSV.",
    ".csv": "Bring a list of claims in under Import.",
}
_ENCODED_SURROGATE = re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]")


def ingest_upload(
    team: Team, name: str, body: bytes, *, by: Person | None = None, url: str = ""
) -> Ingested:
    """Store an uploaded .txt, .md, .html, .pdf or .docx file.

    Raises :class:`IngestRefused` at the field ``upload`` (or ``url``).
    """
    return keep_upload(team, read_upload(name, body, url=url), by=by, url=url)


@dataclass(frozen=True, slots=True)
class ReadUpload:
    """A file's text, and what it says of itself: fields of an article."""

    text: str
    told: dict[str, Any]


def read_upload(name: str, body: bytes, *, url: str = "") -> ReadUpload:
    """Read a file, all but plain text in a child that can be killed; raises as the ingest does."""
    text, kind = decode_upload(name, body)
    if kind in PLAIN_TYPES:
        return ReadUpload(text, {})
    try:
        with PageReader(deadline_seconds=UPLOAD_DEADLINE_SECONDS) as reader:
            page = reader.read(body, url=url or UPLOAD_URL, content_type=kind)
        return ReadUpload(text_of(page), describe_by(page))
    except ReaderKilled as problem:
        raise IngestRefused(
            "upload", f"{problem} Keep only the pages you need, or paste the text."
        ) from problem
    except FetchError as problem:
        raise IngestRefused("upload", f"The file could not be read. {problem}") from problem


def keep_upload(
    team: Team, read: ReadUpload, *, by: Person | None = None, url: str = ""
) -> Ingested:
    """Store what was read of a file; raises as the ingest does."""
    try:
        return ingest_text(team, read.text, by=by, url=url, **read.told)
    except IngestRefused as refused:
        field = "upload" if refused.field == "text" else refused.field
        raise IngestRefused(field, refused.message) from refused


def check_size(size_bytes: int) -> None:
    """Refuse what is too large to be read, before it is."""
    if size_bytes > MAX_UPLOAD_BYTES:
        raise IngestRefused("upload", "The file is over 10 MB. Keep only the article itself.")


def decode_upload(name: str, body: bytes) -> tuple[str, str]:
    """The text of an uploaded .txt or .md file and its type.

    Web pages and documents come back undecoded (``""``), of the type that their content says.
    """
    suffix = "." + name.rsplit(".", 1)[-1].lower() if "." in name else ""
    kind = UPLOAD_TYPES.get(suffix)
    if kind is None:
        cure = OTHER_CURES.get(suffix, f"Upload {READ_HERE}, or paste the text.")
        raise IngestRefused("upload", f"“{suffix or name}” is not read here. {cure}")
    check_size(len(body))
    if not body.strip():
        raise IngestRefused("upload", "The file is empty.")
    document = _find_document(suffix, body)
    if document:
        return "", document
    if kind == "text/html":
        if b"\x00" in body[:HTML_LOOK_BYTES] and body[:2] not in UTF16_MARKS:
            raise IngestRefused(
                "upload",
                "This looks like a binary file, not a web page. Save the page as HTML, or paste "
                "its text.",
            )
        return "", kind
    return _decode(body), kind


def _find_document(suffix: str, body: bytes) -> str:
    """The type of an uploaded document by its content; empty for text and pages."""
    try:
        found = find_kind(body, "")
    except Unreadable as problem:
        raise IngestRefused("upload", f"{problem} Or paste the text.") from problem
    if found is DocumentKind.XLSX:
        raise IngestRefused("upload", f"This is a workbook. {OTHER_CURES['.xlsx']}")
    if found in DOCUMENTS:
        return DOCUMENTS[found]
    if UPLOAD_TYPES[suffix] in DOCUMENTS.values():
        raise IngestRefused(
            "upload",
            f"The file's name ends in “{suffix}”, and its content is something else or damaged. "
            f"Save it again, or upload it as {READ_HERE}.",
        )
    return ""


def _decode(body: bytes) -> str:
    """UTF-8, UTF-16 with its mark, or Windows-1252; never one of them read as another."""
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        broken_at = problem.start
    is_utf16 = body[:2] in UTF16_MARKS
    if not is_utf16 and _is_broken_utf8(body):
        raise IngestRefused(
            "upload",
            f"Byte {broken_at + 1:,} breaks the file's UTF-8: it is damaged or was cut. "
            "Save it as UTF-8 again and try once more.",
        )
    try:
        return body.decode("utf-16" if is_utf16 else "cp1252")
    except UnicodeDecodeError as problem:
        raise IngestRefused(
            "upload", "The file's characters could not be read. Save it as UTF-8 and try again."
        ) from problem


def _is_broken_utf8(body: bytes) -> bool:
    """Whether most of what is not ASCII is UTF-8 all the same, halves of surrogate pairs included.

    Read as Windows-1252 such a file would get letters, and currency signs, that it never had.
    """
    body, surrogates = _ENCODED_SURROGATE.subn(b"", body)
    whole = sum(sign > "\x7f" for sign in body.decode("utf-8", "ignore"))
    broken = body.decode("utf-8", "replace").count("\ufffd")
    return surrogates + whole >= broken
