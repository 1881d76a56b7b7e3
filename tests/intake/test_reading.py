"""A file of claims: what is read, what is refused, and where it says the fault lies."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.export.formula_guard import guard_cell
from claims.export.record import VerdictRecord
from claims.export.verdict_csv import write_verdicts
from claims.intake import COLUMNS, MAX_BYTES, TEMPLATE, Reading, read_claims, wording_key
from claims.intake.reading import KEPT_PROBLEMS, MAX_ROWS
from tests.growth import assert_cpu_under, assert_linear

# What a CSV cell can hold and a claim may: no control characters, no halves of pairs.
WORDS = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"), max_size=60
)
CLAIMS = WORDS.filter(lambda text: any(sign.isalnum() for sign in text))


def said(body: bytes) -> str:
    """The one problem of a file."""
    reading = read_claims(body)
    assert reading.problem_count == 1, reading.problems
    assert reading.rows == ()
    return str(reading.problems[0])


def as_file(rows: list[list[str]], **shape: str) -> str:
    block = io.StringIO(newline="")
    csv.writer(block, **shape).writerows(rows)  # type: ignore[arg-type]
    return block.getvalue()


@settings(deadline=None, max_examples=60)
@given(
    cells=st.lists(st.tuples(CLAIMS, WORDS), min_size=1, max_size=8),
    delimiter=st.sampled_from(",;\t"),
    line_end=st.sampled_from(["\n", "\r\n", "\r"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_what_the_csv_module_writes_reads_back(
    cells: list[tuple[str, str]], delimiter: str, line_end: str, encoding: str
) -> None:
    text = as_file(
        [
            ["claim_text", "claimant"],
            *([guard_cell(claim), guard_cell(who)] for claim, who in cells),
        ],
        delimiter=delimiter,
        lineterminator=line_end,
    )
    reading = read_claims(text.encode(encoding))
    assert reading.problem_count == 0, reading.problems
    assert [(row.claim_text, row.claimant) for row in reading.rows] == [
        (" ".join(claim.split()), " ".join(who.split())) for claim, who in cells
    ]
    assert [row.line for row in reading.rows] == list(range(2, len(cells) + 2))


@settings(deadline=None, max_examples=150)
@given(st.one_of(st.binary(max_size=400), st.text("claim_text,;\t\"'\r\n a=é", max_size=400)))
def test_any_bytes_give_rows_or_problems_with_a_place(body: bytes | str) -> None:
    reading = read_claims(body if isinstance(body, bytes) else b"claim,note\n" + body.encode())
    assert bool(reading.rows) != bool(reading.problem_count)
    assert all(one.line >= 1 and one.message for one in reading.problems)


def test_headings_in_any_order_case_and_spacing() -> None:
    body = (
        "Said-On;PRIORITY; Claim Text ;Article  URL;notes\n"
        "2025-11-17;70;Fares  rose 5%.;https://a.example/x;see\n"
    )
    (row,) = read_claims(body.encode()).rows
    assert (row.claim_text, row.priority, row.said_on) == (
        "Fares rose 5%.",
        70,
        date(2025, 11, 17),
    )
    assert (row.article_url, row.note) == ("https://a.example/x", "see")


def test_a_column_that_is_not_known_is_named_with_the_nearest() -> None:
    reading = read_claims(b"claim_text,claiment,colour,\nFares rose.,Ada,red,\n")
    assert [(one.number, one.heading, one.nearest) for one in reading.unknown_columns] == [
        (2, "claiment", "claimant"),
        (3, "colour", ""),
    ]
    assert reading.rows[0].claimant == ""


def test_our_own_export_comes_back() -> None:
    records = [
        VerdictRecord(
            claim_id=1, ticket_id=2, claim_text="=1+1 makes 2", claimant="'Tis'", rating="True",
            article_url="https://a.example/x", article_published=date(2025, 1, 2),
        ),
        VerdictRecord(claim_id=2, ticket_id=3, claim_text="'quoted' at 5%;=x", claimant="-Ada"),
    ]  # fmt: skip
    reading = read_claims(b"".join(write_verdicts(records, has_bom=True)))
    assert [row.claim_text for row in reading.rows] == [one.claim_text for one in records]
    assert [row.claimant for row in reading.rows] == ["'Tis'", "-Ada"]
    assert reading.rows[0].article_published == date(2025, 1, 2)
    assert reading.unknown_columns == ()


def test_an_apostrophe_that_is_no_guard_stays() -> None:
    (row,) = read_claims(b"claim\n'Tis the season of 5 taxes\n").rows
    assert row.claim_text == "'Tis the season of 5 taxes"


def test_the_template_reads_and_shows_every_column() -> None:
    reading = read_claims(TEMPLATE)
    assert len(reading.rows) == 2
    assert [one.field for one in reading.columns] == list(COLUMNS)


@pytest.mark.parametrize(
    ("body", "place", "cure"),
    [
        (b"", "line 1:", "claim_text is required"),
        (b" \r\n\n", "line 1:", "is empty"),
        (b"claim_text\n", "line 2:", "no row below the header"),
        (b"text\nFares rose.\n", "line 1 (claim_text):", "must name the columns"),
        (b"claimtext\nx\n", "line 1, column 1 (claimtext):", "call it claim_text"),
        (b"claim,note,Claim\na,b,c\n", "line 1, column 3 (Claim):", "column 1) already names"),
        (b"claim,x,X\na,b,c\n", "line 1, column 3 (X):", "Rename or delete one"),
        (b"claim,note\na,b,c\n", "line 2:", "has 3 cells and the header 2. Quote cells"),
        (b"claim;note\na;b\n\nc\n", "line 4:", "has 1 cell and the header 2"),
        (b"claim,\na,b\n", "line 2, column 2:", "no heading"),
        (b"claim,note\n,b\n", "line 2, column 1 (claim):", "Write the claim, or delete"),
        (b"claim\n...\n", "line 2, column 1 (claim):", "no words"),
        (b'claim,note\na,b\nc,"d\ne,f\n', "line 3, column 2 (note):", "never closed"),
        (b'"claim,note\na,b\n', "line 1, column 1:", "never closed"),
        (b'claim,note\n"a\nb","c"d\n', "line 3, column 2 (note):", 'twice: ""'),
        (b"claim,note\na,b\x00\n", "line 2, column 2:", "UTF-16 without its byte order"),
        (b"claim,note\na," + b"b" * 300 + b"\x00\n", "line 2, column 2 (note):", "a NUL"),
        (b'claim,note\n"a\nb",c\x07\n', "line 3, column 2 (note):", "U+0007"),
        ("claim,note\na,é\n".encode("cp1252"), "line 2, column 2:", "CSV UTF-8"),
        (b"claim,note\na,\xed\xa0\x80\n", "line 2, column 2:", "is not UTF-8"),
        ("claim;note\na;b".encode("utf-16") + b"\x00\xd8", "line 2, column 2:", "broken here"),
        (b"PK\x03\x04 claim", "line 1:", "workbook"),
        (b"claim,said_on\na,17.11.2025\n", "line 2, column 2 (said_on):", "Write it as 2025-"),
        (b"claim,said_on\na,2025-02-30\n", "line 2, column 2 (said_on):", "is no day"),
        (b"claim,priority\na,101\n", "line 2, column 2 (priority):", "0 (whenever) to 100"),
        ("claim,priority\na,²\n".encode(), "line 2, column 2 (priority):", "whole number"),
        (b"claim,language\na,english!\n", "line 2, column 2 (language):", "language code"),
        (b"claim,url\na,javascript:alert(1)\n", "line 2, column 2 (url):", "http(s) address"),
        (b"claim\n" + b"x" * 2**20 + b"\n", "line 2, column 1 (claim):", "1,048,576 characters"),
        (b"claim\n" + b"a\n" * (MAX_ROWS + 1), "line 100,002:", "at most 100,000"),
        (b"x" * (MAX_BYTES + 1), "line 1:", "at most 10 MB"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_place_and_cure(body: bytes, place: str, cure: str) -> None:
    told = said(body)
    assert told.startswith(place), told
    assert cure in told


def test_the_first_faults_are_kept_and_all_are_counted() -> None:
    body = b"claim,priority\n" + b"".join(b"a,%d\n" % (100 + n % 2) for n in range(1000))
    reading = read_claims(body)
    assert reading.problem_count == 500
    assert [one.line for one in reading.problems] == [3 + 2 * n for n in range(KEPT_PROBLEMS)]
    assert reading.rows == ()


def test_blank_rows_and_cells_behind_the_header_are_no_fault() -> None:
    reading = read_claims(b"sep=;\r\nclaim;note\r\n;\r\nFares rose.;;;\r\n\r\n")
    assert [(row.line, row.claim_text) for row in reading.rows] == [(4, "Fares rose.")]


@pytest.mark.parametrize(
    "make",
    [
        lambda size: b"claim\n" + b"The tax is 5%.\n" * size,
        lambda size: b"claim\n" + b'"' * size,
        lambda size: b"claim\n" + b"," * size,
        lambda size: b"," * size,
        lambda size: b"claim\n" + b'a,"' * size,
        lambda size: b"\n" * size,
    ],
    ids=["rows", "quotes", "commas", "headings", "cells", "lines"],
)
def test_time_grows_with_the_file_and_no_faster(make: object) -> None:
    assert_linear(lambda size: read_claims(make(size)), 20_000, floor_seconds=2.0)  # type: ignore[operator]


def test_ten_thousand_rows_are_read_in_a_moment() -> None:
    body = b"claim,claimant,note\n" + b"The tax is 5%.,Ada,\n" * 10_000
    reading = Reading()

    def read() -> None:
        nonlocal reading
        reading = read_claims(body)

    assert_cpu_under(1.9, read)
    assert len(reading.rows) == 10_000


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("“Fares rose 5%.”", "fares  rose 5%", True),
        ("It’s 5 – no more…", "It's 5 - no more...", True),
        ("Fares rose 5%", "Fares rose 5", False),
        ("Fares rose 5%", "Fares rose 6%", False),
        ("Minus -5 degrees", "Minus 5 degrees", False),
        ("An area of 10² km", "An area of 102 km", False),
    ],
)
def test_wordings_are_one_or_two(one: str, other: str, is_same: bool) -> None:
    assert (wording_key(one) == wording_key(other)) is is_same
