"""Whether two numbers describe the same time.

Promises the relation of two periods, with the year written in a sentence where the
quantity itself carries none, and the difference between "not said" and "another time".
Refuses to resolve words such as "last year": that is done where dates are read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from claims.text.quantity import Period, Quantity

_YEAR = re.compile(r"(?<![\d.,$€£])(?:1[89]\d\d|20\d\d)(?![\d%]|[.,]\d|-year)")
_STALE_DAYS = 400
"""A source's period that ended this long before the claim was published is another time."""
_OLDEST, _NEWEST = date(1, 1, 1), date(9999, 12, 31)


class TimeRelation(Enum):
    """How the times of two numbers lie to each other."""

    SAME = "same"
    NESTED = "nested"
    OTHER = "other"
    NOT_SAID = "not_said"


@dataclass(frozen=True, slots=True)
class TimeMatch:
    """The relation, whether the source's time is the earlier one, and the reason."""

    relation: TimeRelation
    is_source_earlier: bool
    reason: str


def period_of(quantity: Quantity, sentence: str) -> Period | None:
    """The quantity's period, else the one year its sentence names, else ``None``."""
    if quantity.period is not None and (quantity.period.from_on or quantity.period.to_on):
        return quantity.period
    years = {int(year) for year in _YEAR.findall(sentence)}
    if len(years) != 1:
        return None
    year = years.pop()
    return Period(date(year, 1, 1), date(year, 12, 31))


def match_times(
    claim: Period | None,
    source: Period | None,
    *,
    claim_published: date | None = None,
    source_published: date | None = None,
) -> TimeMatch:
    """How the source's time relates to the claim's.

    A claim without a period speaks of the time it was published, and so does a source,
    as far as those days are known.
    """
    if claim is None:
        if source is None:
            return _match_published(claim_published, source_published)
        return _match_undated_claim(source, claim_published)
    if source is None:
        return _match_undated_source(claim, source_published)
    mine, theirs = _ends(claim), _ends(source)
    is_earlier = theirs[1] < mine[0]
    if is_earlier or mine[1] < theirs[0]:
        return TimeMatch(
            TimeRelation.OTHER,
            is_earlier,
            f"the source speaks of {_say(source)}, not {_say(claim)}",
        )
    if _is_close(mine, theirs):
        return TimeMatch(TimeRelation.SAME, False, f"both speak of {_say(claim)}")
    return TimeMatch(
        TimeRelation.NESTED,
        False,
        f"the source speaks of {_say(source)}, the claim of {_say(claim)}",
    )


def _match_published(claim: date | None, source: date | None) -> TimeMatch:
    if claim and source and (claim - source).days > _STALE_DAYS:
        return TimeMatch(
            TimeRelation.OTHER, True, f"the source was published on {source}, the claim on {claim}"
        )
    if source is None:
        return TimeMatch(TimeRelation.NOT_SAID, False, "neither names a time")
    other = f"the claim on {claim}" if claim else "the day of the claim is not known"
    return TimeMatch(
        TimeRelation.NOT_SAID,
        bool(claim and source < claim),
        f"neither names a time; the source was published on {source}, {other}",
    )


def _match_undated_claim(source: Period, published: date | None) -> TimeMatch:
    if published is None:
        return TimeMatch(
            TimeRelation.NOT_SAID, False, f"only the source names a time, {_say(source)}"
        )
    start, end = _ends(source)
    if end < published - timedelta(days=_STALE_DAYS):
        return TimeMatch(
            TimeRelation.OTHER,
            True,
            f"the source speaks of {_say(source)}, the claim of {published}",
        )
    if start > published:
        return TimeMatch(
            TimeRelation.OTHER, False, f"the source speaks of {_say(source)}, after {published}"
        )
    return TimeMatch(TimeRelation.SAME, False, f"{_say(source)} is the claim's own time")


def _match_undated_source(claim: Period, published: date | None) -> TimeMatch:
    if published is None:
        return TimeMatch(
            TimeRelation.NOT_SAID, False, f"only the claim names a time, {_say(claim)}"
        )
    start, _ = _ends(claim)
    if published < start:
        return TimeMatch(
            TimeRelation.OTHER,
            True,
            f"the source was published on {published}, before {_say(claim)}",
        )
    return TimeMatch(TimeRelation.NOT_SAID, False, f"only the claim names a time, {_say(claim)}")


def _ends(period: Period) -> tuple[date, date]:
    start, end = period.from_on or _OLDEST, period.to_on or _NEWEST
    return (start, end) if start <= end else (end, start)


def _is_close(mine: tuple[date, date], theirs: tuple[date, date]) -> bool:
    """Whether two overlapping periods are one for a reader: equal, or almost as long."""
    if mine == theirs:
        return True
    shared = min(mine[1], theirs[1]) - max(mine[0], theirs[0])
    longest = max(mine[1] - mine[0], theirs[1] - theirs[0])
    return (shared.days + 1) >= 0.8 * (longest.days + 1)


def _say(period: Period) -> str:
    start, end = period.from_on, period.to_on
    if start is None or end is None:
        return f"until {end}" if end else f"since {start}"
    if (start.month, start.day, end.month, end.day) == (1, 1, 12, 31):
        return str(start.year) if start.year == end.year else f"{start.year} to {end.year}"
    return str(start) if start == end else f"{start} to {end}"
