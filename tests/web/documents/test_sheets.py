"""Sheets as they come: formats far below the figures, rows spaced out, merges to the very end."""

from __future__ import annotations

import time

from claims.web.pages import PageReading, read_page
from tests.documents import make_xlsx, sheet_rows

FIGURES = sheet_rows([["Place", "Share"], ["China", 7], ["Chile", 8]]).removesuffix("</sheetData>")
ROWS = (("China", "7"), ("Chile", "8"))


def read(inside: str) -> PageReading:
    body = make_xlsx({"Sheet1": inside}, formats=["0.0"])
    return read_page(body, url="https://a.example/x", content_type="")


def test_rows_of_formats_alone_are_no_rows() -> None:
    ghosts = "".join(f'<row r="{n}" s="1"><c r="A{n}" s="1"/></row>' for n in range(4, 60_000))
    last = '<row r="1048576" s="1" customFormat="1"><c r="XFD1048576" s="1"/></row>'
    started = time.monotonic()
    page = read(f"{FIGURES}{ghosts}{last}</sheetData>")
    assert [table.rows for table in page.tables] == [ROWS]
    assert page.text.count("\n") == 2
    assert not page.is_cut
    assert time.monotonic() - started < 20


def test_a_figure_far_below_is_read_where_it_stands() -> None:
    far = '<row r="1048576"><c r="A1048576"><v>5</v></c></row>'
    page = read(f"{FIGURES}{far}</sheetData>")
    assert page.tables[0].rows == ROWS
    assert page.text.endswith("\n5")
    assert page.text.count("\n") == 3


def test_rows_that_are_spaced_out_are_one_table() -> None:
    header = '<row r="1"><c r="A1" t="str"><v>Place</v></c><c r="B1" t="str"><v>Share</v></c>'
    rows = "".join(
        f'<row r="{n * 7}"><c r="A{n * 7}" t="str"><v>P{n}</v></c><c r="B{n * 7}"><v>{n}</v></c>'
        "</row>"
        for n in range(1, 400)
    )
    page = read(f"<sheetData>{header}</row>{rows}</sheetData>")
    (table,) = page.tables
    assert (table.header, len(table.rows)) == (("Place", "Share"), 399)
    assert page.text.count("\n") == 399


def test_an_empty_cell_of_a_row_apart_stays_empty() -> None:
    rows = FIGURES.replace("Share</t></is></c>", 'Share</t></is></c><c r="C1" t="str"><v>N</v></c>')
    apart = '<row r="9"><c r="A9" t="str"><v>Peru</v></c><c r="C9"><v>9</v></c></row>'
    assert read(f"{rows}{apart}</sheetData>").tables[0].rows[-1] == ("Peru", "", "9")


def test_a_title_between_begins_another_table() -> None:
    more = (
        '<row r="5"><c r="A5" t="str"><v>Imports</v></c></row>'
        '<row r="6"><c r="A6" t="str"><v>Peru</v></c><c r="B6"><v>9</v></c></row>'
    )
    page = read(f"{FIGURES}{more}</sheetData>")
    assert [table.caption for table in page.tables] == ["", "Imports"]
    assert page.tables[1].rows == (("Peru", "9"),)


def test_a_merge_to_the_end_of_the_sheet_fills_only_what_is_there() -> None:
    merges = (
        '<mergeCells><mergeCell ref="B1:XFD1"/><mergeCell ref="A2:A1048576"/>'
        '<mergeCell ref="C5:D6"/></mergeCells>'
    )
    page = read(f"{FIGURES}</sheetData>{merges}")
    (table,) = page.tables
    assert table.header == ("Place", "Share")
    assert table.rows == (("China", "7"), ("China", "8"))


def test_columns_beyond_the_limit_are_said_and_formats_there_are_not() -> None:
    wide = '<row r="4"><c r="A4" t="str"><v>Peru</v></c><c r="B4"><v>9</v></c><c r="XFD4" {}</row>'
    page = read(FIGURES + wide.format("><v>5</v></c>") + "</sheetData>")
    assert page.is_cut
    assert page.text.endswith("[left out: columns beyond the first 100]")
    assert not read(FIGURES + wide.format('s="1"/>') + "</sheetData>").is_cut


def test_a_long_text_of_a_cell_is_whole() -> None:
    long = "word " * 6_000 + "end"
    page = read(sheet_rows([["Place", "Note", "Share"], ["China", long, 7]]))
    assert long in page.text
    assert not page.is_cut


def test_a_long_title_above_a_table_is_whole() -> None:
    long = "Figures of the harbours " * 30 + "and no more"
    page = read(sheet_rows([[long], ["Place", "Share"], ["China", 7]]))
    assert page.text.startswith(long)
    assert page.tables[0].rows == (("China", "7"),)
