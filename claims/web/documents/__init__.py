"""Documents: PDF, Word, Excel, CSV, TSV and JSON, read into the shape of a page.

Promises one :class:`Draft` for each, or :class:`~claims.web.errors.Unreadable` with a
reason for people. Runs nothing that a file holds and asks for nothing outside of it. Limits
on pages, rows and characters are here, those on time and memory in
:mod:`claims.web.reading_child`, where all of it runs.
"""

from __future__ import annotations

from claims.web.charsets import decode_page
from claims.web.documents.drafts import Draft
from claims.web.documents.kinds import DocumentKind
from claims.web.errors import Unreadable

PAGED_READER = "1/pdf"
NO_TEXT = "The file holds no text."


def read_document(kind: DocumentKind, body: bytes, charset: str | None = None) -> tuple[Draft, str]:
    """What a document says, and the charset it was read in (``""`` where the kind has none).

    Raises :class:`Unreadable`.
    """
    # One reader each, loaded when first needed: a program that only fetches needs none of them.
    if kind is DocumentKind.PDF:
        from claims.web.documents.pdf import read_pdf

        draft, codec = read_pdf(body), ""
    elif kind is DocumentKind.DOCX:
        from claims.web.documents.docx import read_docx

        draft, codec = read_docx(body), ""
    elif kind is DocumentKind.XLSX:
        from claims.web.documents.xlsx import read_xlsx

        draft, codec = read_xlsx(body), ""
    else:
        from claims.web.documents.figures import read_csv, read_json

        text, codec = decode_page(body, charset)
        if kind is DocumentKind.JSON:
            draft = read_json(text)
        else:
            draft = read_csv(text, delimiter="\t" if kind is DocumentKind.TSV else "")
    if not draft.words:
        raise Unreadable(NO_TEXT)
    return draft, codec


def is_paged(reader: str) -> bool:
    """Whether what a reader read has page marks: a web page can write such words itself."""
    return reader.startswith(PAGED_READER)


def reader_of(kind: DocumentKind) -> str:
    """Which reader reads a kind, with the version of what it rests on."""
    if kind is DocumentKind.PDF:
        import pypdfium2

        return f"{PAGED_READER}-pdfium-{pypdfium2.PDFIUM_INFO.build}"
    return f"1/{kind.value}"
