"""Reviews of claims as publishers declare them: schema.org ``ClaimReview`` in JSON.

Promises to read any nesting of lists, ``@graph``, feeds and item lists without trusting a shape,
in bounded time; one value per claim that is reviewed, with the rating in its publisher's words.
A review without the claim's words or without a link is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urljoin, urlsplit

MAX_NODES = 500_000
MAX_CLAIM_CHARS = 2_000
MAX_NAME_CHARS = 300
MAX_TITLE_CHARS = 500
_DAY = re.compile(r"\s*(\d{4}-\d{2}-\d{2})(?!\d)", re.ASCII)
_HELD = ("@graph", "dataFeedElement", "itemListElement", "item", "mainEntity", "review", "hasPart")
"""Properties in which feeds and pages hold their reviews."""


@dataclass(frozen=True, slots=True)
class ClaimReview:
    """One claim as somebody reviewed it; empty texts and ``None`` where nothing is said."""

    url: str
    claim: str
    publisher: str = ""
    rating: str = ""
    title: str = ""
    claimant: str = ""
    claimed_on: date | None = None
    published_on: date | None = None

    def to_json(self) -> dict[str, Any]:
        """A dictionary of JSON values; days are ISO dates or ``None``."""
        days = {"claimed_on": self.claimed_on, "published_on": self.published_on}
        texts = ("url", "claim", "publisher", "rating", "title", "claimant")
        return {
            **{name: getattr(self, name) for name in texts},
            **{name: day.isoformat() if day else None for name, day in days.items()},
        }

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> ClaimReview:
        """The inverse of :meth:`to_json`."""
        days = {
            name: date.fromisoformat(stored[name]) if stored[name] else None
            for name in ("claimed_on", "published_on")
        }
        return cls(**{**stored, **days})


def find_claim_reviews(value: Any, *, url: str = "") -> tuple[ClaimReview, ...]:
    """Every review in decoded JSON; ``url`` is the page it stands on, for one without a link.

    >>> told = {"@type": "ClaimReview", "url": "/1", "claimReviewed": "Seven of ten agree."}
    >>> find_claim_reviews([told], url="https://a.example/")[0].url
    'https://a.example/1'
    """
    found = (_read(node, url) for node in walk_reviews(value))
    return tuple(dict.fromkeys(one for one in found if one is not None))


def walk_reviews(value: Any) -> Iterator[dict[str, Any]]:
    """The objects that say they are a ``ClaimReview``, in their order."""
    waiting = [value]
    for _ in range(MAX_NODES):
        if not waiting:
            return
        node = waiting.pop()
        if isinstance(node, list):
            waiting.extend(reversed(node[:MAX_NODES]))
        elif isinstance(node, dict):
            if _is_review(node):
                yield node
            waiting.extend(node[name] for name in reversed(_HELD) if name in node)


def read_day(value: object) -> date | None:
    """The day at the beginning of an ISO date or time; ``None`` for anything else."""
    found = _DAY.match(value) if isinstance(value, str) else None
    try:
        return date.fromisoformat(found[1]) if found else None
    except ValueError:
        return None


def _is_review(node: dict[str, Any]) -> bool:
    kinds = node.get("@type")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    return any(isinstance(one, str) and one.endswith("ClaimReview") for one in kinds)


def _read(node: dict[str, Any], page: str) -> ClaimReview | None:
    claim = _text(node.get("claimReviewed"), MAX_CLAIM_CHARS)
    url = _link(node.get("url"), page)
    if not claim or not url:
        return None
    said = _first(node.get("itemReviewed"))
    rating = _first(node.get("reviewRating"))
    return ClaimReview(
        url=url,
        claim=claim,
        publisher=_name(node.get("author")) or _name(node.get("publisher")),
        rating=_rating(rating),
        title=_text(node.get("headline") or node.get("name"), MAX_TITLE_CHARS),
        claimant=_name(said.get("author")),
        claimed_on=read_day(said.get("datePublished")),
        published_on=read_day(node.get("datePublished")),
    )


def _rating(rating: dict[str, Any]) -> str:
    """Its words; without any the number with its scale."""
    told = _text(rating.get("alternateName") or rating.get("name"), MAX_NAME_CHARS)
    value, best = rating.get("ratingValue"), rating.get("bestRating")
    if told or not isinstance(value, str | int | float) or isinstance(value, bool):
        return told
    scale = f" of {best}" if isinstance(best, str | int | float) else ""
    return _text(f"{value}{scale}", MAX_NAME_CHARS)


def _link(value: object, page: str) -> str:
    address = value if isinstance(value, str) else ""
    try:
        url = urljoin(page, address.strip()) if address.strip() else page
        is_web = urlsplit(url).scheme in ("http", "https") and bool(urlsplit(url).hostname)
    except ValueError:
        return ""
    return url if is_web and len(url) <= 2000 else ""


def _name(value: Any) -> str:
    held = value[0] if isinstance(value, list) and value else value
    return _text(held.get("name") if isinstance(held, dict) else held, MAX_NAME_CHARS)


def _first(value: Any) -> dict[str, Any]:
    held = value[0] if isinstance(value, list) and value else value
    return held if isinstance(held, dict) else {}


def _text(value: object, most: int) -> str:
    held = value[0] if isinstance(value, list) and value else value
    return " ".join(held[: most * 4].split())[:most] if isinstance(held, str) else ""
