"""What a search provider is.

It promises that every provider takes a query and gives frozen results in the
provider's own order, or raises a leaf of :class:`~claims.web.errors.FetchError`;
an empty tuple means *found nothing*, which is an answer. A provider holds no
state between searches.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from claims.vocabulary import FetchReason
from claims.web.answers import Fetched
from claims.web.declarations import parse_day
from claims.web.errors import (
    ClientError,
    FetchError,
    Forbidden,
    HostBusy,
    Never,
    RateLimited,
    ServerError,
    Unreadable,
)
from claims.web.urls import resolve_link

# Services label JSON as they like; what it is, parsing tells.
ANY_TYPE: frozenset[str] = frozenset()
MAX_TITLE_CHARACTERS = 500
MAX_SNIPPET_CHARACTERS = 2000


@dataclass(frozen=True, slots=True)
class Found:
    """One result: an absolute http(s) URL, and what the provider says of it.

    ``rating`` is the verdict of an existing fact-check in its publisher's own words; the
    title is then the claim it reviewed.
    """

    url: str
    title: str = ""
    snippet: str = ""
    published: date | None = None
    publisher: str = ""
    rating: str = ""


class QuotaReached(Never):
    """The day's queries are used up, or the service asked to be left alone: nothing was sent."""

    reason = FetchReason.RATE_LIMITED


class Asking(Protocol):
    """What services are asked with: the guarded client, or one that keeps what it was answered."""

    def fetch(
        self,
        url: str,
        *,
        accept: frozenset[str] | None = None,
        respects_robots: bool = True,
        secret: tuple[str, str] | None = None,
    ) -> Fetched:
        """As :meth:`claims.web.client.Client.fetch`."""
        ...


class SearchProvider(Protocol):
    """One place that can be asked."""

    @property
    def name(self) -> str:
        """The word under which results and searches are stored: ``mediawiki``, ``cited`` …"""
        ...

    def search(self, query: str, *, language: str = "en", limit: int = 10) -> tuple[Found, ...]:
        """At most ``limit`` results for a query, best first."""
        ...


def fetch_json(
    client: Asking, url: str, *, service: str = "", secret: tuple[str, str] | None = None
) -> Any:
    """Fetch and parse a JSON answer of a search service.

    ``service`` is its name for the messages, ``secret`` the header that holds a key (see
    :meth:`Client.fetch`). robots.txt speaks of crawling pages, not of calling an API with
    its own terms, so it is not asked. Raises :class:`Unreadable` for what is no JSON,
    whatever its header says.
    """
    return read_json(fetch_answer(client, url, service=service, secret=secret), service)


def fetch_answer(
    client: Asking, url: str, *, service: str = "", secret: tuple[str, str] | None = None
) -> bytes:
    """The body of a service's answer; what goes wrong is told with the service's name."""
    try:
        return client.fetch(url, accept=ANY_TYPE, respects_robots=False, secret=secret).body
    except (Forbidden, ClientError, RateLimited, ServerError) as problem:
        if isinstance(problem, HostBusy) or problem.status is None or not service:
            raise
        told = f"{service} {_meaning_of(problem, has_key=secret is not None)}"
        raise type(problem)(
            f"{told} ({problem.status}).",
            status=problem.status,
            retry_after_seconds=problem.retry_after_seconds,
        ) from None


def _meaning_of(problem: FetchError, *, has_key: bool) -> str:
    if isinstance(problem, RateLimited):
        wait = problem.retry_after_seconds
        asked = f" and wants to be left alone for {wait:.0f} seconds" if wait else ""
        return f"has had enough queries from us{asked}"
    if isinstance(problem, ServerError):
        return "has a fault of its own"
    if has_key:
        return "does not accept the key, or what was asked with it"
    return "does not answer queries of this kind"


def read_json(body: bytes, service: str = "") -> Any:
    """The JSON of an answer; raises :class:`Unreadable` and says where it is a web page instead."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        start = body[:200].lstrip().lower()
        kind = "a web page" if start.startswith(b"<") else "something else"
        named = service or "The search service"
        raise Unreadable(f"{named} did not answer with valid JSON but with {kind}.") from None


def clip(value: object, max_characters: int) -> str:
    """A text of an answer on one line, cut to length; ``""`` for what is no text."""
    return " ".join(value.split())[:max_characters] if isinstance(value, str) else ""


def list_rows(answer: Any, name: str, service: str) -> list[dict[str, Any]]:
    """The objects of the list ``name`` of an answer; none where the answer leaves it out.

    Raises :class:`Unreadable` for an answer of another shape.
    """
    rows = answer.get(name, []) if isinstance(answer, dict) else None
    if not isinstance(rows, list):
        raise Unreadable(f"{service} answered in another form than it publishes.")
    return [row for row in rows if isinstance(row, dict)]


def read_found(row: dict[str, Any], base_url: str, *, snippet: str, published: str) -> Found | None:
    """What one row of a web search found; ``None`` where it has no address.

    ``snippet`` and ``published`` are the names under which the service gives them.
    """
    address = row.get("url")
    url = resolve_link(base_url, address) if isinstance(address, str) else None
    if url is None:
        return None
    return Found(
        url=url,
        title=clip(row.get("title"), MAX_TITLE_CHARACTERS),
        snippet=clip(row.get(snippet), MAX_SNIPPET_CHARACTERS),
        published=parse_day(row.get(published)),
    )
