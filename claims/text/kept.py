"""A text as it is kept, and the way back to the characters it was given with.

Promises: line ends become ``\\n``, blanks around the whole are cut, and link
targets are lifted out; nothing else changes; every span of the kept text is
found again in the text as given, in time that grows with its logarithm. Whoever
gives a file gets offsets of that file.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from claims.text.markdown_links import lift_links

_RETURN_BEFORE_LINE_FEED = re.compile(r"\r(?=\n)")


@dataclass(frozen=True, slots=True)
class _Cuts:
    """What was left out: how many characters, counted up, before each place that was kept."""

    places: tuple[int, ...]
    totals: tuple[int, ...]

    def back(self, place: int) -> int:
        """Where the character at ``place`` of the shortened text stood before."""
        found = bisect_right(self.places, place)
        return place + (self.totals[found - 1] if found else 0)


@dataclass(frozen=True, slots=True)
class KeptText:
    """``text`` as kept and its links as (url, words)."""

    text: str
    links: tuple[tuple[str, str], ...]
    _steps: tuple[_Cuts, ...]

    def span_as_given(self, start: int, end: int) -> tuple[int, int]:
        """Where characters ``start`` to ``end`` of the kept text stand in the text as given."""
        if start >= end:
            return self._back(start), self._back(start)
        return self._back(start), self._back(end - 1) + 1

    def _back(self, place: int) -> int:
        for step in self._steps:
            place = step.back(place)
        return place


def keep_text(given: str) -> KeptText:
    """The text to keep of ``given``; never fails, and gives ``""`` for blanks alone.

    >>> kept = keep_text("\\n\\nAs [the table](https://stats.example/t1) shows.\\r\\n")
    >>> kept.text, kept.span_as_given(3, 12)
    ('As the table shows.', (6, 15))
    """
    lead = len(given) - len(given.lstrip())
    body = given.strip()
    returns = [
        (found.start() + lead, found.end() + lead)
        for found in _RETURN_BEFORE_LINE_FEED.finditer(body)
    ]
    lifted = lift_links(body.replace("\r\n", "\n").replace("\r", "\n"))
    return KeptText(
        text=lifted.text,
        links=lifted.links,
        _steps=(_count(lifted.cuts), _count([(0, lead), *returns])),
    )


def _count(cuts: Iterable[tuple[int, int]]) -> _Cuts:
    places, totals, total = [], [], 0
    for start, end in cuts:
        places.append(start - total)
        total += end - start
        totals.append(total)
    return _Cuts(tuple(places), tuple(totals))
