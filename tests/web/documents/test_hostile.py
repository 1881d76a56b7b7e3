"""Documents made to hurt: each ends with a reason, in time, and the next page is read."""

from __future__ import annotations

import functools
import re
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator

import pytest

from claims.text.page_marks import read_left_out
from claims.web.errors import ReaderKilled, Unreadable
from claims.web.reading_child import PageReader
from tests.documents import (
    DOCX,
    WORD_SPACE,
    join_pdf,
    lines_of,
    make_docx,
    make_pdf,
    make_pdf_of,
    make_xlsx,
    pack,
    paragraph,
    sheet_rows,
)
from tests.site.server import Site, site  # noqa: F401

DEADLINE_SECONDS = 10.0
GOOD = make_pdf([lines_of("Output rose by 7 per cent.")])


@pytest.fixture(scope="module")
def reader() -> Iterator[PageReader]:
    with PageReader(deadline_seconds=DEADLINE_SECONDS) as shared:
        yield shared


def entities(kind: str, target: str = "") -> bytes:
    """Word markup that declares entities: many that expand each other, or one from outside."""
    if kind == "laughs":
        declared = '<!ENTITY a0 "ha">' + "".join(
            f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12)
        )
        used = "&a11;"
    else:
        declared, used = f'<!ENTITY x SYSTEM "{target}">', "&x;"
    return (
        f"<!DOCTYPE d [{declared}]><w:document {WORD_SPACE}><w:body><w:p><w:r><w:t>{used}</w:t>"
        "</w:r></w:p></w:body></w:document>"
    ).encode()


def word_of(document: bytes) -> bytes:
    return pack({"word/document.xml": document})


@functools.cache
def blanks(mebibytes: int) -> bytes:
    return b" " * (mebibytes << 20)


def cyclic_pages() -> bytes:
    return join_pdf(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Count 1000000/Kids[2 0 R 3 0 R]>>",
            b"<</Type/Pages/Count 5/Parent 2 0 R/Kids[2 0 R 3 0 R]>>",
        ]
    )


def form_in_itself() -> bytes:
    form = (
        b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 4 0 R>>>>"
        b"/Length 11>>stream\n/X Do /X Do\nendstream"
    )
    return make_pdf_of([b"/X Do"], extra=[form], resources=b"/XObject<</X 4 0 R>>")


def many_pages(count: int) -> bytes:
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b""]
    objects += [b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"] * count
    kids = b" ".join(b"%d 0 R" % (3 + n) for n in range(count))
    objects[1] = b"<</Type/Pages/Count %d/Kids[%s]>>" % (count, kids)
    return join_pdf(objects)


def deflated_streams() -> bytes:
    body = blanks(64)
    for _ in range(2):
        body = zlib.compress(body, 9)
    stream = b"<</Length %d/Filter[/FlateDecode/FlateDecode]>>stream\n" % len(body)
    return make_pdf_of([b""], extra=[stream + body + b"\nendstream"])


HOSTILE: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "blanks": (lambda: word_of(blanks(170)), DOCX, "far more than its size"),
    "laughs": (lambda: word_of(entities("laughs")), DOCX, "never expanded"),
    "laughs in UTF-16": (
        lambda: word_of(entities("laughs").decode().encode("utf-16")),
        DOCX,
        "never expanded",
    ),
    "deep markup": (lambda: make_docx("<w:sdt>" * 100_000), DOCX, "nested deeper"),
    "endless cell": (lambda: make_xlsx({"S": "<sheetData>"}), "", "damaged"),
    "workbook of nothing": (lambda: pack({"xl/workbook.xml": blanks(170)}), "", "far more"),
    "many parts": (lambda: pack({f"word/document{n}": b"" for n in range(6_000)}), "", "parts"),
    "cyclic pages": (cyclic_pages, "", "PDF"),
    "pages without end": (lambda: many_pages(100_000), "", "no page with text"),
    "deep JSON": (lambda: b"[" * 5_000_000, "application/json", "nested deeper"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_document_ends_with_its_reason(reader: PageReader, name: str) -> None:
    make, content_type, says = HOSTILE[name]
    body = make()
    started = time.monotonic()
    with pytest.raises(Unreadable, match=says):
        reader.read(body, url="https://a.example/", content_type=content_type)
    assert time.monotonic() - started < DEADLINE_SECONDS + 5
    assert "7 per cent" in reader.read(GOOD, url="https://a.example/").text


# What the text's last line says of it, or the reason for which there is none.
NO_MORE = r"longer than allowed|more memory|ended the reader"
ENORMOUS: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "paragraphs": (lambda: make_docx(paragraph("a") * 1_500_000), "", "beyond 100,000 lines"),
    "lists in lists": (
        lambda: b"[" + b"[]," * 1_500_000 + b"[]]",
        "application/json",
        f"{NO_MORE}|holds no text",
    ),
    "objects": (
        lambda: b"[" + b'{"a":[{}]},' * 450_000 + b"{}]",
        "application/json",
        f"{NO_MORE}|holds no text",
    ),
    "one line": (lambda: b"1," * 5_000_000, "text/csv", f"{NO_MORE}|beyond the first 100"),
    "lines": (lambda: b"1,2\n" * 2_500_000, "text/csv", "all but the first 5,000 rows"),
    "open quote": (lambda: b'a,b\n"' + b"x" * 9_000_000, "text/csv", "beyond 1,990,000 char"),
    "open quotes": (lambda: b'"a,b\n' * 1_500_000, "text/csv", "all but the first 5,000 rows"),
    "quotes and commas": (
        lambda: (b'"' + b"a,b " * 4_000 + b"\n") * 600,
        "text/csv",
        "beyond 1,990,000 char",
    ),
    "form in itself": (form_in_itself, "", f"{NO_MORE}|no page with text"),
    "streams in streams": (deflated_streams, "", "no page with text"),
    "a page of a gibibyte": (
        lambda: make_pdf_of([b"(a) Tj " * 9_000_000], packed=True),
        "",
        f"{NO_MORE}|no page with text",
    ),
    "words on one line": (
        lambda: make_pdf_of([b"BT /F 1 Tf " + b"(a b) Tj 3 0 Td " * 60_000 + b"ET"], packed=True),
        "",
        f"beyond 60,000 characters of pages: 1|{NO_MORE}",
    ),
}


@pytest.mark.parametrize("name", ENORMOUS)
def test_an_enormous_document_is_cut_or_ended_and_the_next_is_read(
    reader: PageReader, name: str
) -> None:
    make, content_type, says = ENORMOUS[name]
    body = make()
    started = time.monotonic()
    try:
        page = reader.read(body, url="https://a.example/", content_type=content_type)
    except (ReaderKilled, Unreadable) as problem:
        told = str(problem)
    else:
        assert page.is_cut
        told = read_left_out(page.text)
    assert re.search(says, told), told
    assert time.monotonic() - started < DEADLINE_SECONDS + 20
    assert "7 per cent" in reader.read(GOOD, url="https://a.example/").text


def test_a_sheet_of_a_million_rows_gives_its_first_rows(reader: PageReader) -> None:
    row = '<row r="%d"><c t="inlineStr"><is><t>place</t></is></c><c><v>%d</v></c></row>'
    rows = "".join(row % (n, n) for n in range(2, 1_000_001))
    head = sheet_rows([["Country", "Output"]]).removesuffix("</sheetData>")
    body = make_xlsx({"S": f"{head}{rows}</sheetData>"})
    page = reader.read(body, url="https://a.example/")
    assert len(page.tables[0].rows) == 4_999
    assert page.tables[0].header == ("Country", "Output")
    assert page.text.endswith("[left out: all but the first 5,000 rows of a sheet]")


def test_nothing_outside_a_file_is_ever_asked_for(reader: PageReader, site: Site) -> None:  # noqa: F811
    links = (
        '<Relationships><Relationship Id="a" TargetMode="External" '
        f'Type="x/attachedTemplate" Target="{site.url("/template")}"/></Relationships>'
    )
    script = b"<</Type/Action/S/JavaScript/JS(app.launchURL('%s'))>>" % site.url("/js").encode()
    opened = make_pdf([lines_of("Calm text.")], extra=[script])
    opened = opened.replace(b"/Type/Catalog", b"/OpenAction 4 0 R /Type/Catalog", 1)
    with pytest.raises(Unreadable, match="never expanded"):
        reader.read(word_of(entities("outside", site.url("/entity"))), url=site.url("/"))
    bodies = (
        make_docx(paragraph("Calm text."), parts={"word/_rels/document.xml.rels": links}),
        opened,
    )
    for body in bodies:
        assert "Calm" in reader.read(body, url=site.url("/")).text
    assert site.seen == []


def test_a_path_in_a_file_leads_nowhere_but_inside_of_it(reader: PageReader) -> None:
    relations = (
        '<Relationships><Relationship Id="a" Type="x/footnotes" '
        'Target="../../../../../../etc/hostname"/></Relationships>'
    )
    notes = f"<w:footnotes {WORD_SPACE}>{paragraph('A note.')}</w:footnotes>"
    rels = {"word/_rels/document.xml.rels": relations}
    inside = make_docx(paragraph("Text."), parts={**rels, "etc/hostname": notes})
    assert reader.read(inside, url="https://a.example/").text == "Text.\nA note."
    missing = make_docx(paragraph("Text."), parts={**rels, "../../../etc/hostname": notes})
    assert reader.read(missing, url="https://a.example/").text == "Text."


@pytest.mark.parametrize(
    ("method", "says"),
    [(zipfile.ZIP_BZIP2, "packed with bzip2"), (zipfile.ZIP_LZMA, "packed with LZMA")],
)
def test_a_part_packed_as_no_office_file_is_refused(
    reader: PageReader, method: int, says: str
) -> None:
    document = f"<w:document {WORD_SPACE}><w:body>{paragraph('Text.')}</w:body></w:document>"
    for size in (0, 64):
        body = pack({"word/document.xml": document.encode() + blanks(size)}, method=method)
        with pytest.raises(Unreadable, match=says):
            reader.read(body, url="https://a.example/")


def test_a_part_packed_in_an_unknown_way_is_refused(reader: PageReader) -> None:
    body = bytearray(make_docx(paragraph("Text.")))
    at = body.index(b"PK\x01\x02")
    while at >= 0:
        body[at + 10] = 95
        at = body.find(b"PK\x01\x02", at + 4)
    with pytest.raises(Unreadable, match="packed with method 95"):
        reader.read(bytes(body), url="https://a.example/")


def test_a_locked_part_is_said_to_be_locked(reader: PageReader) -> None:
    body = bytearray(make_docx(paragraph("Text.")))
    at = body.index(b"PK\x01\x02")
    while at >= 0:  # the flag of encryption in each entry of the index
        body[at + 8] |= 1
        at = body.find(b"PK\x01\x02", at + 4)
    with pytest.raises(Unreadable, match="locked with a password"):
        reader.read(bytes(body), url="https://a.example/")
