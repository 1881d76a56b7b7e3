"""Heads and feet of pages go, and nothing else does: least of all rows that differ in figures."""

from __future__ import annotations

import pytest

from claims.web.pages import read_page
from tests.documents import Placed, lines_of, make_pdf, table_of


def read(pages: list[list[Placed]]) -> str:
    body = make_pdf(pages)
    return read_page(body, url="https://a.example/x", content_type="application/pdf").text


def body_of(number: int) -> list[Placed]:
    return lines_of(f"Output of mine {number * number} rose by {number} per cent.", top=700)


@pytest.mark.parametrize(
    "foot",
    [
        "{0}",
        "Page {0} of 5",
        "- {0} -",
        "Annual report | {0}",
        "Annual report, page {0}",
        "S. {0}/5",
    ],
)
def test_what_repeats_on_every_page_is_left_out(foot: str) -> None:
    pages = [
        lines_of("Annual report 2024", top=820)
        + body_of(number)
        + lines_of(foot.format(number + 10), top=30)
        for number in range(1, 6)
    ]
    text = read(pages)
    assert "Annual" not in text
    assert [line for line in text.split("\n") if line and not line.startswith("[page")] == [
        f"Output of mine {number * number} rose by {number} per cent." for number in range(1, 6)
    ]


def test_a_foot_with_its_number_far_to_the_right_is_left_out() -> None:
    pages = [
        [*body_of(number), ("Ministry of Mines", 50, 30), (f"{number}", 500, 30)]
        for number in range(1, 5)
    ]
    assert "Ministry" not in read(pages)


@pytest.mark.parametrize(
    "row",
    [
        ["Copper", "{0}", "{1}"],
        ["Total", "{1}"],
        ["{1}", "Rice"],
        ["Copper rose to {0}"],
        ["{1} tonnes of copper"],
        ["In {2} it was copper"],
        ["{2}"],
        ["Year {2}"],
    ],
)
def test_rows_that_differ_in_figures_stay(row: list[str]) -> None:
    """The same shape at the same height of each page, and only the figures differ."""
    rows = [
        [cell.format(n * 37 % 101, (n * 41 % 97) + 5, 2010 + n) for cell in row]
        for n in range(1, 7)
    ]
    text = read([table_of([one], top=800) + body_of(n) for n, one in enumerate(rows, start=1)])
    for one in rows:
        assert all(cell in text for cell in one), one
    assert text.count("rose by") == 6


def test_a_table_over_many_pages_keeps_its_header_and_its_rows() -> None:
    header = ["Country", "2023", "2024"]
    pages = [
        table_of([header, *([f"Place {n}{k}", f"{n * 7 + k}", "100"] for k in range(3))], top=800)
        for n in range(1, 6)
    ]
    text = read(pages)
    assert text.count("Country | 2023 | 2024") == 5
    assert all(f"Place {n}{k} | {n * 7 + k} | 100" in text for n in range(1, 6) for k in range(3))


def test_the_same_row_of_figures_on_each_page_stays() -> None:
    pages = [table_of([["Total", "100", "100"]], top=800) + body_of(n) for n in range(1, 6)]
    assert read(pages).count("Total | 100 | 100") == 5 or read(pages).count("Total 100 100") == 5


def test_pages_of_nothing_but_the_same_words_keep_them() -> None:
    assert read([lines_of("Withheld.")] * 4).count("Withheld.") == 4


def test_two_pages_are_too_few_to_tell() -> None:
    assert (
        read([lines_of("Annual report", top=820) + body_of(n) for n in (1, 2)]).count("Annual") == 2
    )
