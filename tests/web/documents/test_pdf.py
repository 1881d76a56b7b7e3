"""PDF: words, pages, paragraphs and tables of figures; and a reason where there is no text."""

from __future__ import annotations

import pytest

from claims.text.detection import detect_claims
from claims.text.page_marks import find_page
from claims.web.errors import Unreadable
from claims.web.pages import PageReading, read_page
from tests.documents import PICTURE, join_pdf, lines_of, make_pdf, make_pdf_of, table_of

OUTPUT = [
    ["Country", "2023 (tonnes)", "2024 (tonnes)"],
    ["China", "240,000", "270,000"],
    ["United States", "43,000", "45,000"],
    ["Australia", "18,000", "13,000"],
]
PROSE = "Output of the mines rose by 7 per cent in 2024, the survey found in its report."


def read(body: bytes) -> PageReading:
    return read_page(body, url="https://a.example/report.pdf", content_type="application/pdf")


def test_each_page_stands_behind_its_number() -> None:
    page = read(make_pdf([lines_of(f"Exports fell by {n} per cent.") for n in (3, 4, 5)]))
    assert page.text == (
        "[page 1]\n\nExports fell by 3 per cent.\n\n"
        "[page 2]\n\nExports fell by 4 per cent.\n\n"
        "[page 3]\n\nExports fell by 5 per cent."
    )
    assert [find_page(page.text, page.text.index(f"by {n}")) for n in (3, 4, 5)] == [1, 2, 3]
    assert page.reader.startswith("1/pdf")
    assert (page.language, page.is_cut) == ("en", False)


def test_lines_of_a_paragraph_are_joined_and_hyphens_taken_out() -> None:
    page = read(
        make_pdf(
            [
                lines_of(
                    "China mined 70 per cent of the rare earths of the world in 2024, the geolo-",
                    "gical survey says, and refined 90 per cent of what was mined anywhere else.",
                )
                + lines_of("A second paragraph follows.", top=700)
            ]
        )
    )
    assert "the geological survey says, and refined 90 per cent" in page.text
    assert "\nA second paragraph follows." in page.text


def test_a_table_of_figures_is_a_table_with_its_caption() -> None:
    placed = lines_of("Table 1. Mine output of rare earths", top=700)
    page = read(make_pdf([placed + table_of(OUTPUT, top=680) + lines_of("Source: own.", top=590)]))
    (table,) = page.tables
    assert table.caption == "Table 1. Mine output of rare earths"
    assert table.header == tuple(OUTPUT[0])
    assert table.rows == tuple(map(tuple, OUTPUT[1:]))
    assert "United States | 43,000 | 45,000\nAustralia" in page.text
    assert page.text.endswith("\nSource: own.")


def test_an_empty_cell_stays_in_its_column() -> None:
    rows = [OUTPUT[0], ["China", "240,000", "270,000"], ["Burma", "", "31,000"]]
    page = read(make_pdf([table_of(rows, top=700)]))
    assert page.tables[0].rows[1] == ("Burma", "", "31,000")
    assert "Burma | – | 31,000" in page.text


def test_two_columns_of_prose_are_no_table() -> None:
    left = lines_of("Output rose in spring and", "fell again in autumn, the", "survey said in May.")
    right = lines_of("Exports were steady all", "the year, and prices did", "not move.", left=330)
    both = [one for pair in zip(left, right, strict=True) for one in pair]
    page = read(make_pdf([both]))
    assert page.tables == ()
    assert "|" not in page.text


def test_a_page_cannot_write_marks_of_its_own() -> None:
    page = read(make_pdf([lines_of("[page 77]", "", "Text.", pitch=40), lines_of("[left out: x]")]))
    assert "[page 77]" not in page.text
    assert find_page(page.text, page.text.index("Text.")) == 1
    assert "[left out" not in page.text


def test_the_title_is_what_the_file_calls_itself_else_its_largest_line() -> None:
    stated = make_pdf(
        [lines_of("Small.")], extra=[b"<</Title(World survey)/ModDate(D:20250131120000Z)>>"],
        trailer=b"/Info 4 0 R",
    )  # fmt: skip
    page = read(stated)
    assert page.title == "World survey"
    assert str(page.modified) == "2025-01-31"
    assert page.published is None
    junk = make_pdf_of(
        [b"BT /F 22 Tf 50 780 Td (Mineral survey) Tj /F 9 Tf 0 -40 Td (Output rose.) Tj ET"],
        extra=[b"<</Title(Microsoft Word - final2.doc)>>"],
        trailer=b"/Info 4 0 R",
    )
    assert read(junk).title == "Mineral survey"


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (make_pdf_of([PICTURE, PICTURE]), "pictures of text only"),
        (make_pdf([[]]), "no page with text"),
        (join_pdf([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 0/Kids[]>>"]), "PDF"),
        (b"%PDF-1.7\nnothing of the kind", "damaged"),
        (b"%PDF-", "damaged"),
    ],
)
def test_a_pdf_without_text_says_why(body: bytes, says: str) -> None:
    with pytest.raises(Unreadable, match=says):
        read(body)


def test_a_locked_pdf_is_said_to_be_locked() -> None:
    key = b"<" + b"41" * 32 + b">"
    locked = make_pdf(
        [lines_of("Secret output.")],
        extra=[b"<</Filter/Standard/V 1/R 2/O %s/U %s/P -4>>" % (key, key)],
        trailer=b"/Encrypt 4 0 R/ID[<00><00>]",
    )
    with pytest.raises(Unreadable, match="locked with a password"):
        read(locked)


def test_a_page_beside_pictures_is_read() -> None:
    text = b"BT /F 10 Tf 50 700 Td (Output rose by 7 per cent.) Tj ET"
    page = read(make_pdf_of([PICTURE, text]))
    assert page.text == (
        "[page 1]\n\n[page 2]\n\nOutput rose by 7 per cent.\n\n"
        "[left out: pages that hold only pictures: 1]"
    )
    assert page.is_cut


def test_scans_with_a_stamp_on_every_page_are_pictures() -> None:
    stamp = b"BT /F 8 Tf 50 20 Td (Scanned by the archive) Tj ET\n"
    with pytest.raises(Unreadable, match="pictures of text only"):
        read(make_pdf_of([stamp + PICTURE] * 4))


def test_an_empty_page_is_not_said_to_be_left_out() -> None:
    page = read(make_pdf([lines_of("Output rose by 7 per cent."), []]))
    assert (page.is_cut, "left out" in page.text) == (False, False)


def test_what_a_dense_page_holds_beyond_the_limit_is_said() -> None:
    words = " ".join(["output"] * 9_000)
    rows = [words[at : at + 100] for at in range(0, len(words), 100)]
    page = read(make_pdf([lines_of(*rows, pitch=1), lines_of("The end.")], size=1))
    assert page.is_cut
    assert "The end." in page.text
    assert page.text.endswith("[left out: all beyond 60,000 characters of pages: 1]")


def test_a_damaged_page_is_said() -> None:
    body = make_pdf([lines_of(PROSE), lines_of("Then it fell.")])
    at = body.rindex(b"/Type/Page/")
    broken = body[:at] + b"/Type/Nope/" + body[at + 11 :]
    page = read(broken)
    assert PROSE in page.text
    assert page.is_cut
    assert page.text.endswith("[left out: damaged pages: 2]")
    assert [claim.text for claim in detect_claims(page.text)] == [PROSE]


def test_links_are_noted() -> None:
    page = read(make_pdf([lines_of("See https://stats.example/output.csv for more.")]))
    assert page.links == (("https://stats.example/output.csv", ""),)
