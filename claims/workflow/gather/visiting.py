"""Visiting: what is known of a page before it is fetched again, and the fetch itself.

A page that was fetched well is asked for on condition: where the server says that it is
still the same, nothing is sent and nothing new is stored.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from claims.models.page import Page, Snapshot
from claims.vocabulary import FetchOutcome
from claims.web.client import Client, Fetched, Take

# How the fetcher of a copy begins that came out of a file: a server's word is not for such bytes.
IMPORTED = "WARC file"


@dataclass(frozen=True, slots=True)
class Known:
    """The newest copy of a page: its row, its address, and what the server called it."""

    snapshot_id: int
    url: str
    etag: str
    last_modified: str


def known_copies(pages: Iterable[Page]) -> dict[int, Known]:
    """By page id: the copies that a conditional request can ask about.

    Only of pages whose last fetch ended well: after a failure the whole page is wanted. A
    copy that an archive gave, or that came out of a file, says nothing about the page as it
    answers us, nor does one whose bytes are gone.
    """
    fetched_before = [page.pk for page in pages if page.outcome == FetchOutcome.OK]
    if not fetched_before:
        return {}
    newest = (
        Snapshot.objects.filter(page_id__in=fetched_before, archived_at__isnull=True)
        .exclude(fetcher__startswith=IMPORTED)
        .order_by("page_id", "-fetched_at", "-id")
        .distinct("page_id")
        .only("page_id", "final_url", "headers", "body_deleted_at")
    )
    known = {}
    for row in newest:
        said = _headers_of(row)
        etag, last_modified = said.get("etag", ""), said.get("last-modified", "")
        if row.body_deleted_at is None and (etag or last_modified):
            known[row.page_id] = Known(row.pk, row.final_url, etag, last_modified)
    return known


def visit(
    client: Client, url: str, known: Known | None, blocked: tuple[str, ...], take: Take
) -> Fetched:
    """Fetch a page; status 304 where the known copy is still the page. Raises a ``FetchError``."""
    if known is None:
        return client.fetch(url, blocked=blocked, take=take)
    return client.fetch(
        url,
        blocked=blocked,
        take=take,
        etag=known.etag or None,
        last_modified=known.last_modified or None,
        known_url=known.url,
    )


def _headers_of(row: Snapshot) -> dict[str, str]:
    """The response's headers by lower-case name, the first of each."""
    pairs = row.headers.get("response", []) if isinstance(row.headers, dict) else []
    return {str(name).lower(): str(value) for name, value in reversed(pairs)}
