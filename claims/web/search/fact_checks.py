"""Existing fact-checks, by the Google Fact Check Tools API.

Written against the published method ``claims:search`` (v1alpha1): claims with their
reviews, each with publisher, URL, title, day and the rating in words. The key goes in
the ``X-Goog-Api-Key`` header, so that no address ever holds it. One result per review.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from claims.web.declarations import parse_day
from claims.web.search.protocol import (
    MAX_SNIPPET_CHARACTERS,
    MAX_TITLE_CHARACTERS,
    Asking,
    Found,
    clip,
    fetch_json,
    list_rows,
)
from claims.web.urls import resolve_link

SERVICE = "Google Fact Check Tools"
KEY_HEADER = "X-Goog-Api-Key"
MAX_QUERY_CHARACTERS = 300
MAX_NAME_CHARACTERS = 300


@dataclass(frozen=True, slots=True)
class FactCheckSearch:
    """Searches published fact-checks; ``base_url`` is the service's root."""

    client: Asking
    key: str = field(repr=False)
    base_url: str = "https://factchecktools.googleapis.com"
    name: str = "fact_checks"

    def search(self, query: str, *, language: str = "en", limit: int = 10) -> tuple[Found, ...]:
        """See :meth:`SearchProvider.search`; an answer without claims found nothing."""
        words = " ".join(query.split())[:MAX_QUERY_CHARACTERS]
        if not words:
            return ()
        asked = {"query": words, "languageCode": language, "pageSize": str(limit)}
        url = f"{self.base_url.rstrip('/')}/v1alpha1/claims:search?{urlencode(asked)}"
        answer = fetch_json(self.client, url, service=SERVICE, secret=(KEY_HEADER, self.key))
        found = (
            one for claim in list_rows(answer, "claims", SERVICE) for one in _read_claim(claim, url)
        )
        return tuple(found)[:limit]


def _read_claim(claim: dict[str, Any], base_url: str) -> Iterator[Found]:
    text = clip(claim.get("text"), MAX_TITLE_CHARACTERS)
    claimant = clip(claim.get("claimant"), MAX_NAME_CHARACTERS)
    for review in list_rows(claim, "claimReview", SERVICE):
        address = review.get("url")
        url = resolve_link(base_url, address) if isinstance(address, str) else None
        if url is None:
            continue
        told = review.get("publisher")
        publisher = told if isinstance(told, dict) else {}
        title = clip(review.get("title"), MAX_TITLE_CHARACTERS)
        said_by = f"Said by {claimant}." if claimant else ""
        yield Found(
            url=url,
            title=text or title,
            snippet=" ".join(part for part in (title, said_by) if part)[:MAX_SNIPPET_CHARACTERS],
            published=parse_day(review.get("reviewDate")),
            publisher=clip(publisher.get("name") or publisher.get("site"), MAX_NAME_CHARACTERS),
            rating=clip(review.get("textualRating"), MAX_NAME_CHARACTERS),
        )
