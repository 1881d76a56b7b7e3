"""Text that a file holds and does not show is not read: hidden, deleted, or a reading aid."""

from __future__ import annotations

import pytest

from claims.web.pages import read_page
from tests.documents import (
    RELATION_SPACE,
    WORD_SPACE,
    make_docx,
    make_xlsx,
    paragraph,
    sheet_rows,
    word_table,
)

SHOWN = "<w:r><w:t>Output rose.</w:t></w:r>"
STYLES = (
    f"<w:styles {WORD_SPACE}>"
    '<w:style w:styleId="Secret"><w:rPr><w:vanish/></w:rPr></w:style>'
    '<w:style w:styleId="Below"><w:basedOn w:val="Secret"/></w:style>'
    '<w:style w:styleId="Again"><w:basedOn w:val="Secret"/>'
    '<w:rPr><w:vanish w:val="0"/></w:rPr></w:style>'
    '<w:style w:styleId="Plain"/></w:styles>'
)
RELATIONS = (
    f'<Relationships><Relationship Id="s" Type="{RELATION_SPACE}/styles" '
    'Target="styles.xml"/></Relationships>'
)


def run(marks: str, text: str = "Draft only.") -> str:
    return f"<w:r><w:rPr>{marks}</w:rPr><w:t>{text}</w:t></w:r>"


def read(inside: str) -> str:
    parts = {"word/styles.xml": STYLES, "word/_rels/document.xml.rels": RELATIONS}
    body = make_docx(inside, parts=parts)
    return read_page(body, url="https://a.example/x", content_type="").text


@pytest.mark.parametrize(
    "unseen",
    [
        run("<w:vanish/>"),
        run('<w:vanish w:val="true"/>'),
        run('<w:rStyle w:val="Secret"/>'),
        run('<w:rStyle w:val="Below"/>'),
        f"<w:del>{run('')}</w:del>",
        "<w:del><w:r><w:delText>Draft only.</w:delText></w:r></w:del>",
        f"<w:moveFrom>{run('')}</w:moveFrom>",
        f"<w:hyperlink>{run('<w:vanish/>')}</w:hyperlink>",
        f"<w:r><w:rPr><w:vanish/></w:rPr><w:pict><w:p>{run('')}</w:p></w:pict></w:r>",
    ],
)
def test_hidden_and_deleted_words_are_not_read(unseen: str) -> None:
    told = read(f"<w:p>{SHOWN}{unseen}{SHOWN}</w:p>")
    assert told.replace(" ", "") == "Outputrose.Outputrose."


@pytest.mark.parametrize(
    "seen",
    [
        run(""),
        run('<w:vanish w:val="0"/>'),
        run('<w:vanish w:val="false"/>'),
        run('<w:rStyle w:val="Again"/>'),
        run('<w:rStyle w:val="Plain"/>'),
        run('<w:rStyle w:val="Secret"/><w:vanish w:val="0"/>'),
        run("<w:rPrChange><w:rPr><w:vanish/></w:rPr></w:rPrChange>"),
        f"<w:ins>{run('')}</w:ins>",
    ],
)
def test_words_that_are_shown_are_read(seen: str) -> None:
    assert read(f"<w:p>{SHOWN}{seen}</w:p>") == "Output rose.Draft only."


def test_a_hidden_mark_of_a_paragraph_hides_no_word_of_it() -> None:
    marks = "<w:pPr><w:rPr><w:vanish/><w:del/></w:rPr></w:pPr>"
    assert read(f"<w:p>{marks}{SHOWN}</w:p>") == "Output rose."


def test_a_paragraph_of_a_hidden_style_is_not_read() -> None:
    assert read(paragraph("Draft only.", "Secret") + paragraph("Output rose.")) == "Output rose."


def test_a_deleted_row_is_no_row() -> None:
    table = word_table([["Place", "Share"], ["China", "7"], ["Chile", "8"]])
    marked = "<w:tr><w:trPr><w:del/></w:trPr>".join(table.rsplit("<w:tr>", 1))
    assert read(marked) == "Place | Share |\nChina | 7 |"


def test_phonetic_readings_of_a_sheet_are_not_read() -> None:
    words = (
        "<si><t>東京</t><rPh><t>トウキョウ</t></rPh></si>",
        "<is><t>京都</t><rPh sb='0' eb='2'><t>キョウト</t></rPh><r><t>府</t></r></is>",
    )
    rows = sheet_rows([["Place", "Share"]]).removesuffix("</sheetData>")
    inside = (
        f'{rows}<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2"><v>7</v></c></row>'
        f'<row r="3"><c r="A3" t="inlineStr">{words[1]}</c><c r="B3"><v>8</v></c></row></sheetData>'
    )
    body = make_xlsx({"S": inside}, parts={"xl/sharedStrings.xml": f"<sst>{words[0]}</sst>"})
    page = read_page(body, url="https://a.example/x", content_type="")
    assert page.tables[0].rows == (("東京", "7"), ("京都府", "8"))
