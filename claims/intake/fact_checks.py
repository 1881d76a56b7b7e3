"""Fact-checks by others from a file: CSV, ClaimReview JSON (one, a list, a feed, JSON lines).

Promises frozen reviews or precise complaints, whole or not at all. JSON is schema.org's
``ClaimReview`` however nested, or the answer of the Fact Check Tools API.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from claims.intake.rows import Problem
from claims.intake.tabular import MOST_PROBLEMS, FileRefused, Row, read_header, read_rows, read_text
from claims.text.claim_reviews import (
    MAX_CLAIM_CHARS,
    ClaimReview,
    find_claim_reviews,
    read_day,
    walk_reviews,
)

MAX_REVIEWS = 100_000
MAX_BYTES = 50 * 2**20
COLUMNS: dict[str, tuple[str, ...]] = {
    "claim": ("claim_reviewed", "claim_text", "text"),
    "url": ("link", "review_url", "article_url"),
    "publisher": ("author", "organisation", "organization", "source"),
    "rating": ("textual_rating", "verdict", "review_rating", "label"),
    "title": ("headline", "review_title"),
    "claimant": ("speaker", "claimed_by"),
    "claim_date": ("claimed_on", "date_of_claim"),
    "published": ("date", "review_date", "date_published", "published_on"),
}
"""The columns of a CSV, each with the other headings that it may have."""
NEEDED = ("claim", "url")


def read_fact_checks(body: bytes) -> tuple[ClaimReview, ...]:
    """The reviews of a file; raises :class:`FileRefused` with every first complaint."""
    if len(body) > MAX_BYTES:
        raise FileRefused([Problem(1, None, "", "The file is over 50 MB; split it into several.")])
    text = read_text(body)
    is_json = text.lstrip()[:1] in ("{", "[")
    found = _read_json(text) if is_json else _read_csv(text)
    if not found:
        raise FileRefused([Problem(1, None, "", "The file holds no fact-check.")])
    if len(found) > MAX_REVIEWS:
        told = (
            f"The file holds {len(found):,} fact-checks, at most {MAX_REVIEWS:,} are taken at once."
        )
        raise FileRefused([Problem(1, None, "", told)])
    return found


def _read_csv(text: str) -> tuple[ClaimReview, ...]:
    found: list[ClaimReview] = []
    problems: list[Problem] = []
    for row in read_rows(text, COLUMNS):
        missing = [name for name in NEEDED if name not in row.columns]
        if missing:
            heads = ", ".join(read_header(text)[:12])
            told = f"There is no column {' and none '.join(missing)}; the file has {heads}."
            raise FileRefused([Problem(1, None, "", told)])
        wrong = list(_check(row))
        problems += wrong
        if len(problems) >= MOST_PROBLEMS:
            break
        if not wrong:
            found.append(_review(row))
    if problems:
        raise FileRefused(problems)
    return tuple(found)


def _check(row: Row) -> Iterator[Problem]:
    cells = row.cells
    if not cells["claim"]:
        yield row.problem("claim", "The claim is missing.")
    if len(cells["claim"]) > MAX_CLAIM_CHARS:
        yield row.problem("claim", f"A claim has at most {MAX_CLAIM_CHARS:,} characters.")
    if not cells["url"].startswith(("http://", "https://")) or len(cells["url"]) > 2000:
        yield row.problem("url", "Give the link to the fact-check, with http:// or https://.")
    for name in ("claim_date", "published"):
        if cells.get(name) and read_day(cells[name]) is None:
            yield row.problem(name, "Write the day as 2025-10-31.")


def _review(row: Row) -> ClaimReview:
    cells = row.cells
    return ClaimReview(
        url=cells["url"],
        claim=" ".join(cells["claim"].split()),
        publisher=cells.get("publisher", ""),
        rating=cells.get("rating", ""),
        title=cells.get("title", ""),
        claimant=cells.get("claimant", ""),
        claimed_on=read_day(cells.get("claim_date")),
        published_on=read_day(cells.get("published")),
    )


def _read_json(text: str) -> tuple[ClaimReview, ...]:
    try:
        values = [json.loads(text)]
    except (ValueError, RecursionError) as broken:
        values = _read_lines(text, broken)
    found = find_claim_reviews(values)
    declared = sum(1 for _ in walk_reviews(values))
    if declared > len(found) and not found:
        told = "Its reviews name no claim (claimReviewed) or no link (url)."
        raise FileRefused([Problem(1, None, "", told)])
    return found or tuple(one for value in values for one in _read_answer(value))


def _read_lines(text: str, broken: Exception) -> list[Any]:
    """One object a line; where the first line is none, the whole is broken JSON."""
    values = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            values.append(json.loads(line))
        except (ValueError, RecursionError) as wrong:
            whole = broken if not values else wrong
            at = getattr(whole, "lineno", number) if not values else number
            told = f"This is no sound JSON: {getattr(whole, 'msg', 'it is nested too deep')}."
            raise FileRefused([Problem(at, getattr(whole, "colno", None), "", told)]) from wrong
    return values


def _read_answer(value: Any) -> Iterator[ClaimReview]:
    """The shape in which the Fact Check Tools API answers."""
    claims = value.get("claims") if isinstance(value, dict) else None
    for claim in claims if isinstance(claims, list) else []:
        reviews = claim.get("claimReview") if isinstance(claim, dict) else None
        for review in reviews if isinstance(reviews, list) else []:
            if not isinstance(review, dict):
                continue
            told = {
                "@type": "ClaimReview",
                "url": review.get("url"),
                "claimReviewed": claim.get("text"),
                "author": review.get("publisher"),
                "headline": review.get("title"),
                "datePublished": review.get("reviewDate"),
                "reviewRating": {"alternateName": review.get("textualRating")},
                "itemReviewed": {
                    "author": {"name": claim.get("claimant")},
                    "datePublished": claim.get("claimDate"),
                },
            }
            yield from find_claim_reviews(told)
