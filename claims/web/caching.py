"""How long an answer may stand for the next one who asks (RFC 9111), and where it stands.

It promises that only what the server declared fresh is given again without asking, and no
longer than it said: ``no-store``, ``no-cache`` and ``private`` are never shared between
teams, and what says nothing is asked for again. No freshness is guessed.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Protocol

from claims.web.answers import Fetched

# A page that says it is good for a year is looked at again the next day all the same.
MAX_FRESH_SECONDS = 24 * 3600.0
DIRECTIVE = re.compile(r"([a-z-]{1,40})(?:\s*=\s*\"?([^\s,\"]{0,40})\"?)?")
MAX_DIRECTIVES_CHARS = 1000
# What we send is the same each time, so an answer may vary with it.
SENT_ALWAYS = frozenset({"accept", "accept-encoding", "user-agent", "cookie", "authorization"})


class ResponseCache(Protocol):
    """Where fresh answers are kept between fetches (and between workers)."""

    def get(self, url: str) -> Fetched | None:
        """The answer kept for the requested URL while it is fresh."""
        ...

    def put(self, url: str, fetched: Fetched, keep_seconds: float) -> None:
        """Keep an answer for so long."""
        ...


def fresh_seconds(fetched: Fetched) -> float:
    """For how long after it came the answer may be given again; 0 where it may not.

    What came by a redirect is not kept: who was sent where may differ from one to the next, and
    only the last server spoke of freshness. Nor is what would set a cookie: it may be made for us.
    """
    if fetched.status != 200 or fetched.is_cut or fetched.redirects:
        return 0.0
    if fetched.header("set-cookie") is not None:
        return 0.0
    said = read_directives(_joined(fetched, "cache-control"))
    if said is None or said.keys() & {"no-store", "no-cache", "private"}:
        return 0.0
    if not said and "no-cache" in _joined(fetched, "pragma"):
        return 0.0
    varies = {name.strip() for name in _joined(fetched, "vary").split(",") if name.strip()}
    if varies - SENT_ALWAYS:
        return 0.0
    # What it took to come is age as well.
    age = (_read_seconds(fetched.header("age") or "0") or 0.0) + fetched.seconds
    for name in ("s-maxage", "max-age"):
        if name in said:
            return _bounded((_read_seconds(said[name]) or 0.0) - age)
    expires = _read_date(fetched.header("expires"))
    if expires is None:
        return 0.0
    date = _read_date(fetched.header("date")) or fetched.started_at
    return _bounded((expires - date).total_seconds() - age)


def read_directives(value: str) -> dict[str, str] | None:
    """The directives of a Cache-Control header, in lower case; ``None`` where they cannot be held
    to: too many to read, or one that is said twice in two ways.

    >>> read_directives('public, max-age="60"')
    {'public': '', 'max-age': '60'}
    >>> read_directives("max-age=0, max-age=60")
    """
    said = set(DIRECTIVE.findall(value.lower()[: MAX_DIRECTIVES_CHARS + 1]))
    directives = dict(said)
    is_clear = len(value) <= MAX_DIRECTIVES_CHARS and len(said) == len(directives)
    return directives if is_clear else None


def _joined(fetched: Fetched, name: str) -> str:
    return ",".join(value for key, value in fetched.headers if key.lower() == name).lower()


def _bounded(seconds: float) -> float:
    return min(max(seconds, 0.0), MAX_FRESH_SECONDS)


def _read_seconds(value: str) -> float | None:
    value = value.strip()[:12]
    return float(value) if value.isascii() and value.isdigit() else None


def _read_date(value: str | None) -> datetime | None:
    try:
        at = parsedate_to_datetime((value or "")[:100])
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
