"""Files of fact-checks and of money: read whole, or refused with line, column and cure."""

from __future__ import annotations

import json
from datetime import date

import pytest

from claims.intake import FileRefused, read_fact_checks, read_money_table
from claims.vocabulary import MoneyTableKind

REVIEW = {
    "@context": "https://schema.org",
    "@type": "ClaimReview",
    "url": "https://checks.example/1",
    "claimReviewed": "The port handled 48,000 tonnes of salt.",
    "datePublished": "2024-02-01T10:00:00Z",
    "author": {"@type": "Organization", "name": "Plumb line"},
    "reviewRating": {"@type": "Rating", "ratingValue": 2, "bestRating": 5},
    "itemReviewed": {"author": {"name": "A minister"}, "datePublished": "2024-01-30"},
}
ANSWER = {
    "claims": [
        {
            "text": REVIEW["claimReviewed"],
            "claimReview": [
                {"publisher": {"name": "P"}, "url": "https://a.example/", "textualRating": "False"}
            ],
        }
    ]
}


def refused(body: bytes, read: object = read_fact_checks) -> str:
    with pytest.raises(FileRefused) as caught:
        read(body)  # type: ignore[operator]
    return str(caught.value)


@pytest.mark.parametrize(
    "wrapped",
    [
        REVIEW,
        [REVIEW],
        {"@graph": [{"@type": "WebPage"}, REVIEW]},
        {"@type": "DataFeed", "dataFeedElement": [{"item": [REVIEW]}]},
        {"@type": "ItemList", "itemListElement": [{"item": REVIEW}]},
    ],
)
def test_claim_reviews_are_read_however_they_are_nested(wrapped: object) -> None:
    (found,) = read_fact_checks(json.dumps(wrapped).encode())
    assert found.claim == REVIEW["claimReviewed"]
    assert (found.publisher, found.rating, found.claimant) == ("Plumb line", "2 of 5", "A minister")
    assert (found.published_on, found.claimed_on) == (date(2024, 2, 1), date(2024, 1, 30))


def test_json_lines_answers_and_csv_are_read_too() -> None:
    lines = "\n".join(json.dumps({**REVIEW, "url": f"https://a.example/{n}"}) for n in range(3))
    assert len(read_fact_checks(lines.encode())) == 3
    (told,) = read_fact_checks(json.dumps(ANSWER).encode())
    assert (told.publisher, told.rating) == ("P", "False")
    table = "Claim reviewed;Review URL;Textual rating;Date\nSalt fell.;https://a.example;Mixed;2024-02-01\n"
    (row,) = read_fact_checks(table.encode("utf-8-sig"))
    assert (row.claim, row.rating, row.published_on) == ("Salt fell.", "Mixed", date(2024, 2, 1))


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"", "holds no"),
        (b"{", "no sound JSON"),
        (b"[1, 2]", "holds no fact-check"),
        (b'{"@type": "ClaimReview", "url": "https://a.example"}', "claimReviewed"),
        (b"claim,link\n", "holds no fact-check"),
        (b"claim,rating\nA,b\n", "no column url"),
        (b"claim,url\n,https://a.example\n", "line 2, column 1 (claim)"),
        (b"claim,url\nA,javascript:alert(1)\n", "line 2, column 2 (url)"),
        (b"claim,url,date\nA,https://a.example,yesterday\n", "2025-10-31"),
        (b"claim,url,claim\nA,https://a.example,B\n", "stands twice"),
        (b'claim,url\n"A,https://a.example\n', "never closed"),
        (b"PK\x03\x04", "workbook"),
        (b"\xff\xff", "not UTF-8"),
        (b"[" * 200_000, "no sound JSON"),
    ],
)
def test_a_broken_file_of_fact_checks_says_what_is_wrong(body: bytes, told: str) -> None:
    assert told in refused(body)


@pytest.mark.parametrize(
    "url", ["http://[", "data:text/html,x", "//a.example/x", "https://" + "a" * 3000, 7, None, {}]
)
def test_a_review_without_a_link_to_the_web_is_none(url: object) -> None:
    assert "no link" in refused(json.dumps({**REVIEW, "url": url}).encode())


def test_tables_of_money_are_read_long_and_wide() -> None:
    long = read_money_table(b"date,currency,rate\n2024-03,usd,1.08\n2024,GBP,0.85\n")
    assert long.kind is MoneyTableKind.RATES
    assert [(one.currency, one.first_on, one.last_on) for one in long.values] == [
        ("USD", date(2024, 3, 1), date(2024, 3, 31)),
        ("GBP", date(2024, 1, 1), date(2024, 12, 31)),
    ]
    wide = read_money_table(b"Date,USD,JPY,ISK,\n2024-01-02,1.0956,155.96,N/A,\n")
    assert [(one.currency, one.value) for one in wide.values] == [("USD", 1.0956), ("JPY", 155.96)]
    prices = read_money_table(b"year;currency;index\n2024;USD;313.7\n")
    assert prices.kind is MoneyTableKind.PRICES


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"", "holds no row"),
        (b"date,currency,rate\n", "no row below"),
        (b"a,b\n1,2\n", "date, currency and rate"),
        (b"date,currency,rate,index\n2024,USD,1,1\n", "date, currency and rate"),
        (b"date,currency,rate\nMarch,USD,1\n", "line 2, column 1 (date)"),
        (b"date,currency,rate\n2024-02-30,USD,1\n", "line 2, column 1 (date)"),
        (b"date,currency,rate\n0000,USD,1\n", "line 2, column 1 (date)"),
        (b"date,currency,rate\n2024,dollar,1\n", "three letters"),
        (b"date,currency,rate\n2024,USD,0\n", "above zero"),
        (b"date,currency,rate\n2024,USD,-1\n", "above zero"),
        (b'date,currency,rate\n2024,USD,"1,08"\n', "with a point"),
        (b"date,currency,rate\n2024,USD,inf\n", "above zero"),
        (b"date,currency,rate\n2024,USD,1\n2024-01-01,USD,2\n", "a value for 2024-01-01 already"),
        (b"date,until,currency,rate\n2024-05,2024-03,USD,1\n", "ends before it begins"),
    ],
)
def test_a_broken_table_of_money_says_what_is_wrong(body: bytes, told: str) -> None:
    assert told in refused(body, read_money_table)
