"""What a page declares about itself: title, byline, days, publisher, language.

It promises to read JSON-LD and meta elements without trusting their shape. Days
are whole days that the page writes out; a month or a year alone is no day.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from claims.text.claim_reviews import ClaimReview, find_claim_reviews
from claims.web.declared_media import find_declared_media
from claims.web.media import SeenMedia
from claims.web.outline import Outline

# schema.org types that speak of the page itself rather than of something on it.
PAGE_KINDS = re.compile(
    r"(?:article|posting|report|webpage|claimreview|liveblog|review|dataset)$", re.I
)
ISO_DAY = re.compile(r"\s*(\d{4})-?(\d{2})-?(\d{2})(?!\d)", re.ASCII)
MAX_NODES = 2000
MAX_REVIEWS = 50
"""A page that reviews more claims than this is a list of others' reviews."""

PUBLISHED_NAMES = (
    "article:published_time", "og:article:published_time", "datepublished", "date.published",
    "parsely-pub-date", "sailthru.date", "article.published", "publish-date", "publishdate",
    "pubdate", "dc.date.issued", "dcterms.issued", "dcterms.created", "dc.date", "citation_date",
    "citation_publication_date", "date",
)  # fmt: skip
MODIFIED_NAMES = (
    "article:modified_time", "og:article:modified_time", "og:updated_time", "datemodified",
    "dcterms.modified", "dc.date.modified", "last-modified", "lastmod",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Declared:
    """What was declared; empty strings and ``None`` where nothing was."""

    title: str = ""
    byline: str = ""
    publisher: str = ""
    published: date | None = None
    modified: date | None = None
    reviews: tuple[ClaimReview, ...] = ()
    media: tuple[SeenMedia, ...] = ()


def read_declarations(outline: Outline, url: str = "") -> Declared:
    """Merge JSON-LD and meta elements, JSON-LD first; ``url`` is the page's own address."""
    linked = [_load(text) for text in outline.linked_data]
    nodes = [node for value in linked for node in _walk(value)]
    pages = [node for node in nodes if _is_page(node)]
    meta = outline.declared
    return Declared(
        title=_first(_text(node.get("headline")) for node in pages) or meta.get("og:title", ""),
        byline=_first(_names(node.get("author")) for node in pages),
        publisher=meta.get("og:site_name", "")
        or _first(_names(node.get("publisher")) for node in pages),
        published=_first_day(
            [node.get("datePublished") for node in pages] + [meta.get(n) for n in PUBLISHED_NAMES]
        ),
        modified=_first_day(
            [node.get("dateModified") for node in pages] + [meta.get(n) for n in MODIFIED_NAMES]
        ),
        reviews=find_claim_reviews(linked, url=url)[:MAX_REVIEWS],
        media=find_declared_media(nodes, pages, meta),
    )


def parse_day(value: object) -> date | None:
    """The day at the beginning of an ISO date or time; ``None`` for anything else.

    >>> parse_day("2025-03-04T23:30:00+01:00")
    datetime.date(2025, 3, 4)
    """
    found = ISO_DAY.match(value) if isinstance(value, str) else None
    if found is None:
        return None
    try:
        day = date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None
    return day if day.year >= 1900 else None


def _load(text: str) -> Any:
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None


def _walk(value: Any) -> Iterator[dict[str, Any]]:
    """Objects at the top, in lists and in ``@graph``: not those nested in properties."""
    waiting = [value]
    for _ in range(MAX_NODES):
        if not waiting:
            return
        node = waiting.pop(0)
        if isinstance(node, list):
            waiting.extend(node[:MAX_NODES])
        elif isinstance(node, dict):
            yield node
            waiting.append(node.get("@graph"))
            waiting.append(node.get("mainEntity"))


def _is_page(node: dict[str, Any]) -> bool:
    kinds = node.get("@type")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    return any(isinstance(kind, str) and PAGE_KINDS.search(kind[-100:]) for kind in kinds)


def _text(value: Any) -> str:
    return " ".join(value.split())[:1000] if isinstance(value, str) else ""


def _names(value: Any) -> str:
    """Names of a person, an organisation or a list of them."""
    people = value if isinstance(value, list) else [value]
    names = []
    for person in people[:20]:
        name = person.get("name") if isinstance(person, dict) else person
        name = _text(name[0] if isinstance(name, list) and name else name)
        if name and "://" not in name and name not in names:
            names.append(name)
    return ", ".join(names)


def _first(texts: Iterator[str]) -> str:
    return next((text for text in texts if text), "")


def _first_day(values: list[Any]) -> date | None:
    return next((day for day in map(parse_day, values) if day is not None), None)
