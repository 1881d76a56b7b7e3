"""A row's numbers take unit, year and whole from its header, and slice back to the row."""

from __future__ import annotations

from datetime import date

import pytest

from claims.text.compare import Comparison, compare_texts
from claims.text.passages import cut_passages
from claims.text.stance import suggest_stance
from claims.text.table_rows import find_headers, is_row, read_row
from claims.vocabulary import ComparisonFlag, Outcome, Stance

TABLE = (
    "Table 2. Mine output of tin by country, tonnes\n"
    "Country | 2022 | 2023 | Share of world, 2023 (per cent)\n"
    "Peru | 28,200 | 26,200 | 9.1\n"
    "World (rounded) | 307,000 | 290,000 | 100\n"
    "How it was counted"
)
HEADER = "\n".join(TABLE.split("\n")[:2])
PERU = "Peru | 28,200 | 26,200 | 9.1"
CLAIM = "Peru digs about 9 per cent of the world's tin."
DAY = date(2024, 5, 1)


def compare_row(row: str) -> Comparison:
    return compare_texts(CLAIM, row, published=DAY, claim_published=DAY, passage_context=HEADER)


def test_a_row_knows_its_caption_and_header_and_slices_back() -> None:
    spans = {TABLE[one.start : one.end]: one for one in cut_passages(TABLE)}
    assert spans[PERU].context == HEADER
    assert spans["How it was counted"].context == ""
    assert find_headers("1 | 2,500 | 3\n4 | 5,600 | 6") == {}


def test_each_cell_has_the_unit_and_year_of_its_column() -> None:
    read = [number.quantity for number in read_row(PERU, HEADER)]
    assert [(one.value, one.unit) for one in read] == [
        (28200.0, "t"),
        (26200.0, "t"),
        (9.1, "percent"),
    ]
    assert [one.period.from_on.year for one in read if one.period and one.period.from_on] == [
        2022,
        2023,
        2023,
    ]
    assert read[2].of_what == "world"
    assert all(PERU[one.start : one.end] == one.text for one in read)


def test_a_label_in_the_row_gives_unit_and_an_edition_is_no_period() -> None:
    header = "Output of tin in 2021, before and after\n2023 edition | 2024 edition"
    read = [one.quantity for one in read_row("Peru's share (per cent) | 8.8 | 9.4", header)]
    assert {one.unit for one in read} == {"percent"}
    assert {one.period.from_on for one in read if one.period} == {date(2021, 1, 1)}


def test_a_running_number_is_no_figure() -> None:
    assert read_row("12 | Tin | Sn", "Metals under licence\nNo. | Metal | Symbol") == []


def test_an_official_table_backs_a_claim_and_other_rows_are_another_scope() -> None:
    found = compare_row(PERU)
    assert found.outcome is Outcome.MATCH
    assert found.passage_quantity is not None
    assert found.passage_quantity.text == "9.1"
    suggested = suggest_stance(CLAIM, PERU, comparison=found, passage_context=HEADER)
    assert suggested.stance is Stance.SUPPORTS
    world = compare_row("World (rounded) | 307,000 | 290,000 | 100")
    assert world.outcome is Outcome.DIFFERENT_SCOPE
    others = compare_row("Other countries | 9,000 | 9,900 | 3.4")
    assert others.outcome is not Outcome.DIFFERS


def test_an_old_table_with_the_claims_number_is_true_then() -> None:
    old = HEADER.replace("2023", "2015").replace("2022", "2014")
    found = compare_texts(CLAIM, PERU, passage_context=old, claim_published=DAY)
    assert found.outcome is Outcome.DIFFERENT_PERIOD
    assert found.flags == (ComparisonFlag.TRUE_THEN_NOT_NOW,)


@pytest.mark.parametrize("row", ["|", "| |", "a | " + "9" * 10_000, "1|" * 5000, "\x00 | \x00 | 7"])
@pytest.mark.parametrize("header", ["|", "a\nb | c", "|" * 500])
def test_strange_rows_are_read_all_the_same(row: str, header: str) -> None:
    if is_row(row, header):
        for number in read_row(row, header):
            assert row[number.quantity.start : number.quantity.end] == number.quantity.text
