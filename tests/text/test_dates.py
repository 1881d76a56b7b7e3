"""Dates as written, the days they mean, and what is worked out from the article's date."""

from __future__ import annotations

from datetime import date

import pytest

from claims.text.dates import find_published_date, read_dates

PUBLISHED = date(2025, 11, 18)


@pytest.mark.parametrize(
    ("text", "written", "first", "last"),
    [
        ("on November 18, 2025.", "November 18, 2025", "2025-11-18", "2025-11-18"),
        ("on 18 November 2025", "18 November 2025", "2025-11-18", "2025-11-18"),
        ("the 3rd of March 2019", "3rd of March 2019", "2019-03-03", "2019-03-03"),
        ("in Sept. 2019", "Sept. 2019", "2019-09-01", "2019-09-30"),
        ("in 2019", "2019", "2019-01-01", "2019-12-31"),
        ("in 2019-20", "2019-20", "2019-01-01", "2020-12-31"),
        ("the 1960s", "1960s", "1960-01-01", "1969-12-31"),
        ("the 19th century", "19th century", "1801-01-01", "1900-12-31"),
        ("in Q3 2024", "Q3 2024", "2024-07-01", "2024-09-30"),
        ("the third quarter of 2024", "third quarter of 2024", "2024-07-01", "2024-09-30"),
        ("the first half of 2024", "first half of 2024", "2024-01-01", "2024-06-30"),
        ("in fiscal year 2024", "fiscal year 2024", "2024-01-01", "2024-12-31"),
        ("in FY25", "FY25", "2025-01-01", "2025-12-31"),
        ("by mid-2025", "mid-2025", "2025-05-01", "2025-08-31"),
        ("in summer 2020", "summer 2020", "2020-06-01", "2020-08-31"),
        ("2025-11-18", "2025-11-18", "2025-11-18", "2025-11-18"),
        ("31/12/2020", "31/12/2020", "2020-12-31", "2020-12-31"),
        ("Feb 29, 2024", "Feb 29, 2024", "2024-02-29", "2024-02-29"),
    ],
)
def test_written_dates(text: str, written: str, first: str, last: str) -> None:
    (span,) = read_dates(text)
    assert (span.text, str(span.from_on), str(span.to_on)) == (written, first, last)
    assert not span.is_resolved


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("last year", "2024-01-01", "2024-12-31"),
        ("this month", "2025-11-01", "2025-11-30"),
        ("last week", "2025-11-10", "2025-11-16"),
        ("yesterday", "2025-11-17", "2025-11-17"),
        ("on Friday", "2025-11-14", "2025-11-14"),
        ("in October", "2025-10-01", "2025-10-31"),
        ("in December", "2024-12-01", "2024-12-31"),
        ("on 17th October", "2025-10-17", "2025-10-17"),
        ("two years ago", "2023-01-01", "2023-12-31"),
        ("the past five years", "2020-11-18", "2025-11-18"),
        ("last quarter", "2025-07-01", "2025-09-30"),
        ("the last decade", "2010-01-01", "2019-12-31"),
    ],
)
def test_relative_dates_follow_the_article_and_say_so(text: str, first: str, last: str) -> None:
    (span,) = read_dates(text, published=PUBLISHED)
    assert (str(span.from_on), str(span.to_on), span.is_resolved) == (first, last, True)
    (unknown,) = read_dates(text)
    assert (unknown.from_on, unknown.to_on, unknown.is_resolved) == (None, None, False)


@pytest.mark.parametrize(
    "text",
    ["He may march", "5,000 people", "from 1000 to 2000 hires", "the second half", "€2000", "Mark"],
)
def test_what_is_no_date(text: str) -> None:
    assert read_dates(text, published=PUBLISHED) == ()


def test_ambiguous_order_of_day_and_month_is_not_guessed() -> None:
    (span,) = read_dates("on 04/05/2025")
    assert (span.text, span.from_on, span.to_on) == ("04/05/2025", None, None)


def test_impossible_day_has_no_days() -> None:
    assert all(span.from_on is None for span in read_dates("30 February 2024"))


def test_published_date_needs_day_month_and_year() -> None:
    assert find_published_date("November 18, 2025") == date(2025, 11, 18)
    assert find_published_date("Updated: 18 Nov 2025, 10:30") == date(2025, 11, 18)
    assert find_published_date("New Delhi, 17th October:") is None
    assert find_published_date("in 2025") is None
    assert find_published_date("") is None


def test_printed_shape() -> None:
    (span,) = read_dates("in 2019")
    assert span.to_json() == {
        "text": "2019", "start": 3, "end": 7, "from": "2019-01-01",
        "to": "2019-12-31", "resolved": False,
    }  # fmt: skip
