"""Word and Excel files: what a reader of them sees, and nothing else."""

from __future__ import annotations

import pytest

from claims.web.documents.number_formats import show_number
from claims.web.errors import Unreadable
from claims.web.pages import PageReading, read_page
from claims.web.tables import Table
from tests.documents import (
    RELATION_SPACE,
    make_docx,
    make_xlsx,
    pack,
    paragraph,
    sheet_rows,
    word_table,
)

OUTPUT = [["Country", "2023", "2024"], ["China", "240,000", "270,000"], ["Chile", "1", "2"]]
RUN = "<w:r><w:t>{}</w:t></w:r>"


def read(body: bytes) -> PageReading:
    return read_page(body, url="https://a.example/download?id=7", content_type="")


def test_paragraphs_and_tables_come_in_their_order() -> None:
    inside = paragraph("Rare earths", "Title") + paragraph("China leads by far.")
    page = read(make_docx(inside + word_table(OUTPUT) + paragraph("Source: own.")))
    assert page.text == (
        "Rare earths\nChina leads by far.\nCountry | 2023 | 2024\n"
        "China | 240,000 | 270,000\nChile | 1 | 2\nSource: own."
    )
    assert page.title == "Rare earths"
    assert page.tables == (Table("", ("Country", "2023", "2024"), tuple(map(tuple, OUTPUT[1:]))),)


def test_tables_that_follow_each_other_stay_two() -> None:
    page = read(make_docx(word_table(OUTPUT) + word_table([["Year", "Share"], ["2024", "70"]])))
    assert "Chile | 1 | 2\nTable 2\nYear | Share |" in page.text


def test_what_is_not_shown_is_not_read() -> None:
    unseen = (
        f"<w:p><w:del>{RUN.format('deleted')}</w:del><w:moveFrom>{RUN.format('moved')}</w:moveFrom>"
        "<w:r><w:instrText>HYPERLINK</w:instrText></w:r>"
        f"<mc:AlternateContent><mc:Choice>{RUN.format('shown')}</mc:Choice>"
        f"<mc:Fallback>{RUN.format('again')}</mc:Fallback></mc:AlternateContent></w:p>"
    )
    assert read(make_docx(unseen)).text == "shown"


def test_merged_cells_are_filled_and_nested_tables_are_text() -> None:
    inner = word_table([["in", "side"]])
    rows = (
        "<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val='2'/></w:tcPr>"
        f"{paragraph('Both')}</w:tc><w:tc>{paragraph('Third')}</w:tc></w:tr>"
        f"<w:tr><w:tc><w:tcPr><w:vMerge w:val='restart'/></w:tcPr>{paragraph('Down')}</w:tc>"
        f"<w:tc>{paragraph('5')}</w:tc><w:tc>{inner}</w:tc></w:tr>"
        f"<w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc><w:tc>{paragraph('6')}</w:tc>"
        f"<w:tc>{paragraph('x')}</w:tc></w:tr></w:tbl>"
    )
    (table,) = read(make_docx(rows)).tables
    assert table.header == ("Both", "Both", "Third")
    assert table.rows == (("Down", "5", "in side"), ("Down", "6", "x"))


def test_notes_and_links_are_read_and_links_never_followed() -> None:
    relations = (
        f'<Relationships><Relationship Id="n" Type="{RELATION_SPACE}/footnotes" '
        f'Target="footnotes.xml"/><Relationship Id="u" Type="{RELATION_SPACE}/hyperlink" '
        'Target="https://stats.example/x" TargetMode="External"/>'
        f'<Relationship Id="t" Type="{RELATION_SPACE}/attachedTemplate" '
        'Target="http://127.0.0.1:1/evil.dotm" TargetMode="External"/></Relationships>'
    )
    notes = (
        '<w:footnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        f"<w:footnote>{paragraph('Ministry figures.')}</w:footnote></w:footnotes>"
    )
    inside = f"<w:p><w:hyperlink r:id='u'>{RUN.format('The data')}</w:hyperlink></w:p>"
    page = read(
        make_docx(
            inside,
            parts={"word/_rels/document.xml.rels": relations, "word/footnotes.xml": notes},
        )
    )
    assert page.text == "The data\nMinistry figures."
    assert page.links == (("https://stats.example/x", "The data"),)


def test_a_sheet_is_a_table_with_title_header_and_note() -> None:
    rows: list[list[str | float | None]] = [
        ["Mine output of rare earths, tonnes"],
        ["Country", 2023.0, 2024.0],
        ["China", 240000.0, 270000.0],
        ["Chile", None, 0.30000000000000004],
        ["Source: agencies"],
    ]
    page = read(
        make_xlsx({"Output": sheet_rows(rows), "Sheet2": sheet_rows([["a", "b"], ["c", 1]])})
    )
    first, second = page.tables
    assert first.caption == "Output. Mine output of rare earths, tonnes"
    assert first.header == ("Country", "2023", "2024")
    assert first.rows == (("China", "240000", "270000"), ("Chile", "", "0.3"))
    assert "Chile | – | 0.3\nSource: agencies" in page.text
    assert (second.caption, second.header) == ("", ("a", "b"))
    assert page.title == first.caption


def test_shared_words_merged_headers_and_blocks_of_a_sheet() -> None:
    inside = (
        '<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
        '<row r="2"><c r="B2" t="s"><v>2</v></c><c r="C2" t="s"><v>3</v></c></row>'
        '<row r="3"><c r="A3" t="s"><v>4</v></c><c r="B3"><v>5</v></c><c r="C3"><v>6</v></c></row>'
        '<row r="5"><c r="A5" t="s"><v>99</v></c><c r="B5" t="b"><v>1</v></c>'
        '<c r="C5" t="str"><v>text of a formula</v></c></row></sheetData>'
        '<mergeCells><mergeCell ref="B1:C1"/></mergeCells>'
    )
    strings = ["Country", "Output", "2023", "2024", "China"]
    page = read(make_xlsx({"S": inside}, strings=strings))
    assert page.tables[0].header == ("Country", "Output 2023", "Output 2024")
    assert page.tables[0].rows == (("China", "5", "6"),)
    assert "true | text of a formula" in page.text


def test_hidden_sheets_are_left_out_and_that_is_said() -> None:
    sheets = {"Seen": sheet_rows([["a", "b"], ["c", 1]]), "Unseen": sheet_rows([["x", "y"]])}
    page = read(make_xlsx(sheets, states={"Unseen": "hidden"}))
    assert "x | y" not in page.text
    assert page.text.endswith("[left out: hidden sheets]")
    assert page.is_cut


@pytest.mark.parametrize(
    ("stored", "format_id", "code", "shown"),
    [
        ("0.692", 164, "0.0%", "69.2%"),
        ("0.07", 9, "", "7%"),
        ("45292", 14, "", "2024-01-01"),
        ("45292", 164, "yyyy-mm-dd", "2024-01-01"),
        ("45292.5", 164, r"d\.m\.yyyy h:mm", "2024-01-01"),
        ("12.5", 164, "[$€-407] #,##0.00", "€12.5"),
        ("12.5", 164, "[$CHF] #,##0", "CHF 12.5"),
        ("1234567", 164, "#,##0,", "1234.567"),
        ("1234567", 3, "#,##0", "1234567"),
        ("-12.5", 164, "[$€-407] #,##0.00", "-€12.5"),
        ("12.5", 164, "#,##0.00 [$€-407]", "12.5 €"),
        ("12.5", 164, '_-* #,##0.00\\ "€"_-;-* #,##0.00\\ "€"_-', "12.5 €"),
        ("5", 164, '_($* #,##0.00_);_($* (#,##0.00);_($* "-"??_)', "$5"),
        ("-5", 164, '_($* #,##0.00_);_($* (#,##0.00);_($* "-"??_)', "-$5"),
        ("0", 164, '_($* #,##0.00_);_($* (#,##0.00);_($* "-"??_)', "$0"),
        ("5", 164, '0 "days"', "5 days"),
        ("5", 164, '0"kg"', "5kg"),
        ("69.2", 164, '0.0"%"', "69.2%"),
        ("21.5", 164, "0.0\\°\\C", "21.5°C"),
        ("4500000", 164, '0.0,,"m"', "4.5 million"),
        ("4512345", 164, r"0.0,,\M", "4.512345 million"),
        ("4500000", 164, '$0.0,,"m"', "$4.5 million"),
        ("4500000", 164, '#,##0.0,," Mio. €"', "4.5 million €"),
        ("4500000", 164, '0.0,,"Mt"', "4.5Mt"),
        ("1234567", 164, '#,##0," thousand"', "1234.567 thousand"),
        ("1234567", 164, '#,##0,"k"', "1234.567 thousand"),
        ("4500000000", 164, '0.0,,,"bn"', "4.5 billion"),
        ("5", 164, '0.0"m"', "5m"),
        ("4500000", 164, '[>=1000000]0.0,,"M";[>=1000]0.0,"K";0', "4.5 million"),
        ("4500", 164, '[>=1000000]0.0,,"M";[>=1000]0.0,"K";0', "4.5 thousand"),
        ("45", 164, '[>=1000000]0.0,,"M";[>=1000]0.0,"K";0', "45"),
        ("-3", 164, '0" up";0" down"', "3 down"),
        ("-3", 164, "0;[Red]0", "-3"),
        ("-3", 164, '0" t";-0" t"', "-3 t"),
        ("-0.03", 164, "0.0%;[Red](0.0%)", "-3%"),
        ("3", 164, '"a; b" 0', "a; b 3"),
        ("3", 164, ";;;", ""),
        ("3", 164, 'General" kg"', "3 kg"),
        ("0.5", 164, "h:mm", "0.5"),
        ("0.5", 164, "[h]:mm:ss.0", "0.5"),
        ("123456789", 164, r"000\-00\-0000", "123456789"),
        ("7", 164, '"' * 9, "7"),
        ("1E+6", 0, "", "1000000"),
        ("1E+600", 0, "", "1E+600"),
        ("-99999999", 14, "", "-99999999"),
        ("NaN", 0, "", "NaN"),
        ("n/a", 9, "", "n/a"),
    ],
)
def test_a_number_is_shown_in_the_unit_of_its_cell(
    stored: str, format_id: int, code: str, shown: str
) -> None:
    assert show_number(stored, format_id, code) == shown


def test_days_counted_from_1904() -> None:
    assert show_number("0", 14, "", is_1904=True) == "1904-01-01"


@pytest.mark.parametrize(
    "body",
    [
        make_docx("<w:p>")[:-40],
        make_docx("<w:p>"),
        make_docx("</w:p>"),
        pack({"word/document.xml": b"\xff\xfe\x00\x01"}),
        make_xlsx({"S": "<sheetData><row>"}),
    ],
)
def test_damaged_files_are_said_to_be_damaged_or_no_text(body: bytes) -> None:
    with pytest.raises(Unreadable, match=r"damaged|no text|not text|binary"):
        read(body)


def test_an_empty_document_says_so() -> None:
    for body in (make_docx(""), make_xlsx({"S": "<sheetData/>"})):
        with pytest.raises(Unreadable, match="holds no text"):
            read(body)
