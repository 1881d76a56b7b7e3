"""GDELT DOC 2.0: news of the last three months in many languages, without a key.

Written against the published interface (``mode=ArtList&format=json``). It tells its
errors as plain text with status 200, asks for no more than one query in five seconds,
wants every word to occur, refuses words that are too short, and answers ``{}`` when it
found nothing; now and then its JSON holds a backslash that is none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from claims.web.errors import RateLimited, Unreadable
from claims.web.search.protocol import (
    MAX_TITLE_CHARACTERS,
    Asking,
    Found,
    clip,
    fetch_answer,
    list_rows,
    read_json,
)
from claims.web.urls import resolve_link

SERVICE = "GDELT"
PAUSE_SECONDS = 5.0
MAX_RESULTS = 75
# Every word must occur, so that a whole claim would find itself alone.
MOST_WORDS = 6
LEAST_LETTERS = 3
WORD = re.compile(r"[^\W\d_][\w'’-]*")
ESCAPE = re.compile(rb'\\([\\"/bfnrtu])?')
LANGUAGES = {
    "ar": "arabic", "cs": "czech", "da": "danish", "de": "german", "en": "english",
    "es": "spanish", "fr": "french", "hi": "hindi", "it": "italian", "ja": "japanese",
    "nl": "dutch", "no": "norwegian", "pl": "polish", "pt": "portuguese", "ru": "russian",
    "sv": "swedish", "tr": "turkish", "uk": "ukrainian", "zh": "chinese",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class GdeltSearch:
    """Searches recent news; ``base_url`` is the service's root."""

    client: Asking
    base_url: str = "https://api.gdeltproject.org"
    name: str = "gdelt"

    def search(self, query: str, *, language: str = "en", limit: int = 10) -> tuple[Found, ...]:
        """See :meth:`SearchProvider.search`; names and long words of the query are asked for."""
        words = choose_words(query)
        if not words:
            return ()
        named = LANGUAGES.get(language)
        asked = {
            "query": f"{words} sourcelang:{named}" if named else words,
            "mode": "ArtList",
            "format": "json",
            "maxrecords": str(min(limit, MAX_RESULTS)),
            "sort": "HybridRel",
        }
        url = f"{self.base_url.rstrip('/')}/api/v2/doc/doc?{urlencode(asked)}"
        rows = list_rows(
            _read_answer(fetch_answer(self.client, url, service=SERVICE)), "articles", SERVICE
        )
        found = (_read_row(row, url) for row in rows)
        return tuple(one for one in found if one is not None)[:limit]


def choose_words(query: str) -> str:
    """The names and then the longest words, in their order, as many as the service bears."""
    words = [word for word in WORD.findall(query[:2000]) if len(word) >= LEAST_LETTERS]
    words = list(dict.fromkeys(words))
    best = sorted(words, key=lambda word: (not word[0].isupper(), -len(word)))[:MOST_WORDS]
    return " ".join(word for word in words if word in best)


def _read_answer(body: bytes) -> Any:
    text = body.strip()
    if text.startswith((b"{", b"[")):
        return read_json(ESCAPE.sub(_mend_escape, text), SERVICE)
    if not text:
        return {}
    said = clip(text[:400].decode("utf-8", "replace"), 200)
    if said.startswith("<"):
        raise Unreadable("GDELT answered with a web page instead of results.")
    if "limit requests" in said.lower():
        raise RateLimited("GDELT wants fewer queries from us.", retry_after_seconds=PAUSE_SECONDS)
    raise Unreadable(f"GDELT refused the query: {said}")


def _mend_escape(found: re.Match[bytes]) -> bytes:
    return found[0] if found[1] else rb"\\"


def _read_row(row: dict[str, Any], base_url: str) -> Found | None:
    address = row.get("url")
    url = resolve_link(base_url, address) if isinstance(address, str) else None
    if url is None:
        return None
    place = [clip(row.get(name), 100) for name in ("domain", "sourcecountry", "language")]
    return Found(
        url=url,
        title=clip(row.get("title"), MAX_TITLE_CHARACTERS),
        snippet=", ".join(part for part in place if part),
        published=_read_seen(row.get("seendate")),
        publisher=place[0],
    )


def _read_seen(stamp: object) -> date | None:
    try:
        return datetime.strptime(str(stamp), "%Y%m%dT%H%M%S%z").date()
    except ValueError:
        return None
