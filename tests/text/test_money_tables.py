"""Sums in two currencies meet by a loaded table of that time, and by nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest

from claims.text.compare import Comparison, compare_texts
from claims.text.money_tables import MoneyRow, MoneyTables
from claims.text.quantity import Period
from claims.vocabulary import ComparisonFlag, MoneyTableKind, Outcome

SAID = "The firms signed a US$500 million deal for a refinery."


def day(text: str) -> date:
    return date.fromisoformat(text)


RATES = (
    MoneyRow("Bank 2024", "EUR", "USD", day("2024-03-15"), day("2024-03-15"), 1.08),
    MoneyRow("Bank 2024", "EUR", "GBP", day("2024-03-15"), day("2024-03-15"), 0.85),
    MoneyRow("Years", "EUR", "USD", day("2019-01-01"), day("2019-12-31"), 1.12),
)
PRICES = (
    MoneyRow("Prices", "", "USD", day("1990-01-01"), day("1990-12-31"), 130.0),
    MoneyRow("Prices", "", "USD", day("2024-01-01"), day("2024-12-31"), 260.0),
)


def tables(rates: Sequence[MoneyRow] = RATES, prices: Sequence[MoneyRow] = PRICES) -> MoneyTables:
    def fetch(
        kind: MoneyTableKind, currencies: frozenset[str], first: date, last: date
    ) -> list[MoneyRow]:
        rows = rates if kind is MoneyTableKind.RATES else prices
        return [
            row
            for row in rows
            if row.currency in currencies and row.first_on <= last and row.last_on >= first
        ]

    return MoneyTables(fetch)


def compare(source: str, loaded: MoneyTables | None = None, on: str = "2024-03-17") -> Comparison:
    return compare_texts(
        SAID, source, published=day(on), claim_published=day("2024-04-01"), tables=loaded
    )


def test_without_a_table_currencies_are_not_compared() -> None:
    found = compare("The firms signed a €463 million deal for a refinery.")
    assert found.outcome is Outcome.NOT_COMPARABLE
    assert "no dated table" in found.reasons[0]


def test_a_rate_of_that_week_converts_and_names_its_table_and_day() -> None:
    found = compare("The firms signed a €463 million deal for a refinery.", tables())
    assert found.outcome is Outcome.WITHIN_ROUNDING
    assert ComparisonFlag.CONVERTED in found.flags
    assert "1 EUR = 1.08 USD (2024-03-15), by the table “Bank 2024”" in found.reasons
    other = compare("The firms signed a €300 million deal for a refinery.", tables())
    assert (other.outcome, other.absolute) == (Outcome.DIFFERS, -176_000_000)


def test_two_currencies_meet_over_the_base_of_their_table() -> None:
    rate = tables().find_rate("GBP", "USD", Period(day("2024-03-15"), day("2024-03-15")))
    assert rate is not None
    assert rate.conversion.factor == pytest.approx(1.08 / 0.85)


@pytest.mark.parametrize("on", ["2024-03-25", "2024-03-10"])
def test_a_rate_of_another_time_is_none(on: str) -> None:
    found = compare("The firms signed a €463 million deal for a refinery.", tables(), on)
    assert found.outcome is Outcome.NOT_COMPARABLE
    assert "no loaded table has a rate of that time" in found.reasons[0]


def test_a_year_has_its_own_rate_and_its_gap_is_wider() -> None:
    rate = tables().find_rate("USD", "EUR", Period(day("2019-01-01"), day("2019-12-31")))
    assert rate is not None
    assert rate.conversion.slack > 0.02
    near = compare_texts(
        "The firms signed a US$500 million deal for a refinery in 2019.",
        "The firms signed a €420 million deal for a refinery in 2019.",
        tables=tables(),
    )
    assert near.outcome is Outcome.NOT_COMPARABLE
    assert "the rate leaves this gap open" in near.reasons[0]


def test_prices_are_told_and_never_decide() -> None:
    found = compare("The firms signed a US$250 million deal for a refinery in 1990.", tables())
    assert found.outcome is Outcome.DIFFERENT_PERIOD
    assert "in prices of 2024 that is 500,000,000 USD, by the table “Prices”" in found.reasons


@pytest.mark.parametrize("value", [0.0, -1.0, float("inf"), float("nan")])
def test_a_broken_value_is_no_rate(value: float) -> None:
    rows = (MoneyRow("Bank", "EUR", "USD", day("2024-03-15"), day("2024-03-15"), value),)
    moment = Period(day("2024-03-15"), day("2024-03-15"))
    assert tables(rows).find_rate("EUR", "USD", moment) is None


@pytest.mark.parametrize(
    "period", [None, Period(None, None), Period(date.min, date.max), Period(date.min, date.min)]
)
def test_a_time_without_ends_has_no_rate(period: Period | None) -> None:
    assert tables().find_rate("EUR", "USD", period) is None


def test_a_person_s_time_of_a_number_decides() -> None:
    claim = "In 2024 the port handled 48,000 tonnes of salt."
    source = "The port handled 48,000 tonnes of salt in 2019."
    read = compare_texts(claim, source)
    assert read.outcome is Outcome.DIFFERENT_PERIOD
    assert ComparisonFlag.TRUE_THEN_NOT_NOW in read.flags
    assert read.passage_quantity is not None
    span = (read.passage_quantity.start, read.passage_quantity.end)
    said = compare_texts(
        claim, source, source_periods={span: Period(day("2024-01-01"), day("2024-12-31"))}
    )
    assert said.outcome is Outcome.MATCH
