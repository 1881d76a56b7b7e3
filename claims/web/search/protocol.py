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

from claims.web.client import Client
from claims.web.errors import Unreadable

# Services label JSON as they like; what it is, parsing tells.
ANY_TYPE: frozenset[str] = frozenset()
MAX_TITLE_CHARACTERS = 500
MAX_SNIPPET_CHARACTERS = 2000


@dataclass(frozen=True, slots=True)
class Found:
    """One result: an absolute http(s) URL, and what the provider says of it."""

    url: str
    title: str = ""
    snippet: str = ""
    published: date | None = None


class SearchProvider(Protocol):
    """One place that can be asked."""

    @property
    def name(self) -> str:
        """The word under which results and searches are stored: ``mediawiki``, ``cited`` …"""
        ...

    def search(self, query: str, *, language: str = "en", limit: int = 10) -> tuple[Found, ...]:
        """At most ``limit`` results for a query, best first."""
        ...


def fetch_json(client: Client, url: str, *, secret: tuple[str, str] | None = None) -> Any:
    """Fetch and parse a JSON answer of a search service.

    ``secret`` is the header that holds a key (see :meth:`Client.fetch`). robots.txt
    speaks of crawling pages, not of calling an API with its own terms, so it is not
    asked. Raises :class:`Unreadable` for what is no JSON, whatever its header says.
    """
    fetched = client.fetch(url, accept=ANY_TYPE, respects_robots=False, secret=secret)
    return read_json(fetched.body)


def read_json(body: bytes) -> Any:
    """The JSON of an answer; raises :class:`Unreadable` and says where it is a web page instead."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        start = body[:200].lstrip().lower()
        kind = "a web page" if start.startswith((b"<!doctype", b"<html", b"<")) else "other text"
        raise Unreadable(
            f"The search service did not answer with valid JSON but with {kind}."
        ) from None


def clip(value: object, max_characters: int) -> str:
    """A text of an answer on one line, cut to length; ``""`` for what is no text."""
    return " ".join(value.split())[:max_characters] if isinstance(value, str) else ""
