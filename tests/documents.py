"""Small documents built in code: PDF, Word and Excel files with the parts a test wants."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

Placed = tuple[str, float, float]
"""A text and where it stands, in points from the lower left corner of the page."""

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WORD_SPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
SHEET_SPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
# The picture of a page: an image and no letter.
PICTURE = b"q 500 0 0 700 50 50 cm BI /W 2 /H 2 /CS /G /BPC 8 ID \x00\xff\xff\x00 EI Q"
RELATION_SPACE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def make_pdf(
    pages: Sequence[Sequence[Placed]],
    *,
    size: int = 10,
    extra: Sequence[bytes] = (),
    trailer: bytes = b"",
) -> bytes:
    """A PDF with these texts on its pages; ``extra`` are objects from number 4 on."""
    streams = [
        b"BT /F %d Tf " % size
        + b"".join(b"1 0 0 1 %.1f %.1f Tm (%s) Tj " % (x, y, _quote(text)) for text, x, y in page)
        + b"ET"
        for page in pages
    ]
    return make_pdf_of(streams, extra=extra, trailer=trailer)


def make_pdf_of(
    streams: Sequence[bytes],
    *,
    extra: Sequence[bytes] = (),
    trailer: bytes = b"",
    resources: bytes = b"",
    packed: bool = False,
) -> bytes:
    """A PDF whose pages have these content streams, deflated where ``packed``."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    objects += extra
    kids = []
    for stream in streams:
        body = zlib.compress(stream, 9) if packed else stream
        coded = b"/Filter/FlateDecode" if packed else b""
        objects.append(b"<</Length %d%s>>stream\n%s\nendstream" % (len(body), coded, body))
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R"
            b"/Resources<</Font<</F 3 0 R>>%s>>>>" % (len(objects), resources)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(kids), b" ".join(kids))
    return join_pdf(objects, trailer)


def join_pdf(objects: Sequence[bytes], trailer: bytes = b"") -> bytes:
    """Objects as a file with a table of where each begins."""
    body = bytearray(b"%PDF-1.6\n")
    starts = []
    for number, one in enumerate(objects, start=1):
        starts.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = len(body)
    body += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    body += b"".join(b"%010d 00000 n \n" % start for start in starts)
    body += b"trailer<</Size %d/Root 1 0 R%s>>\n" % (len(objects) + 1, trailer)
    return bytes(body + b"startxref\n%d\n%%%%EOF\n" % table)


def _quote(text: str) -> bytes:
    plain = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return plain.encode("latin-1", "replace")


def lines_of(*texts: str, top: float = 780, pitch: float = 12, left: float = 50) -> list[Placed]:
    """Lines below each other."""
    return [(text, left, top - pitch * number) for number, text in enumerate(texts)]


def table_of(rows: Sequence[Sequence[str]], *, top: float, left: float = 50) -> list[Placed]:
    """Cells in columns 130 points wide."""
    return [
        (cell, left + 130 * column, top - 14 * number)
        for number, row in enumerate(rows)
        for column, cell in enumerate(row)
        if cell
    ]


def pack(parts: Mapping[str, str | bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip archive of parts, with the list of types that Office files begin with."""
    room = io.BytesIO()
    with zipfile.ZipFile(room, "w", method) as file:
        file.writestr("[Content_Types].xml", "<Types/>")
        for name, part in parts.items():
            file.writestr(name, part)
    return room.getvalue()


def make_docx(inside: str, *, parts: Mapping[str, str | bytes] | None = None) -> bytes:
    """A Word file with this markup as its body."""
    document = (
        f'<?xml version="1.0" encoding="UTF-8"?><w:document {WORD_SPACE} '
        f'xmlns:r="{RELATION_SPACE}" xmlns:mc="urn:mc"><w:body>{inside}</w:body></w:document>'
    )
    return pack({"word/document.xml": document, **(parts or {})})


def paragraph(text: str, style: str = "") -> str:
    """A ``w:p`` with one run."""
    styled = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{styled}<w:r><w:t>{escape(text)}</w:t></w:r></w:p>"


def word_table(rows: Sequence[Sequence[str]]) -> str:
    """A ``w:tbl``."""
    cells = ("".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in row) for row in rows)
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in cells) + "</w:tbl>"


def make_xlsx(
    sheets: Mapping[str, str],
    *,
    strings: Sequence[str] = (),
    formats: Sequence[str] = (),
    states: Mapping[str, str] | None = None,
    parts: Mapping[str, str | bytes] | None = None,
) -> bytes:
    """A workbook of sheets by name, each the markup inside ``worksheet``.

    ``formats`` are the number formats of styles 1, 2, …
    """
    states = states or {}
    named, related, made = "", "", {}
    for number, (name, inside) in enumerate(sheets.items(), start=1):
        state = f' state="{states[name]}"' if name in states else ""
        named += f'<sheet name="{escape(name)}" sheetId="{number}" r:id="r{number}"{state}/>'
        related += (
            f'<Relationship Id="r{number}" Type="{RELATION_SPACE}/worksheet" '
            f'Target="worksheets/sheet{number}.xml"/>'
        )
        made[f"xl/worksheets/sheet{number}.xml"] = f"<worksheet {SHEET_SPACE}>{inside}</worksheet>"
    for kind, target in (("sharedStrings", "sharedStrings.xml"), ("styles", "styles.xml")):
        related += f'<Relationship Id="{kind}" Type="{RELATION_SPACE}/{kind}" Target="{target}"/>'
    shared = "".join(f"<si><t>{escape(one)}</t></si>" for one in strings)
    codes = "".join(
        f'<numFmt numFmtId="{164 + at}" formatCode="{escape(code, {chr(34): "&quot;"})}"/>'
        for at, code in enumerate(formats)
    )
    styles = "".join(f'<xf numFmtId="{164 + at}"/>' for at in range(len(formats)))
    return pack(
        {
            "xl/workbook.xml": f'<workbook {SHEET_SPACE} xmlns:r="{RELATION_SPACE}"><sheets>'
            f"{named}</sheets></workbook>",
            "xl/_rels/workbook.xml.rels": f"<Relationships>{related}</Relationships>",
            "xl/sharedStrings.xml": f"<sst {SHEET_SPACE}>{shared}</sst>",
            "xl/styles.xml": f"<styleSheet {SHEET_SPACE}><numFmts>{codes}</numFmts>"
            f'<cellXfs><xf numFmtId="0"/>{styles}</cellXfs></styleSheet>',
            **made,
            **(parts or {}),
        }
    )


def sheet_rows(
    rows: Sequence[Sequence[str | float | tuple[float, int] | None]], *, start: int = 1
) -> str:
    """Rows of a sheet: text in the cell, numbers, or a number with its style."""
    lines = []
    for number, row in enumerate(rows, start=start):
        cells = "".join(
            _cell(f"{chr(65 + column)}{number}", cell) for column, cell in enumerate(row)
        )
        lines.append(f'<row r="{number}">{cells}</row>')
    return f"<sheetData>{''.join(lines)}</sheetData>"


def _cell(place: str, cell: str | float | tuple[float, int] | None) -> str:
    if cell is None:
        return ""
    if isinstance(cell, tuple):
        return f'<c r="{place}" s="{cell[1]}"><v>{cell[0]}</v></c>'
    if isinstance(cell, str):
        return f'<c r="{place}" t="inlineStr"><is><t>{escape(cell)}</t></is></c>'
    return f'<c r="{place}"><v>{cell}</v></c>'
