"""Contrary evidence: which searches were made for its sake, and what came of them.

Promises: a search that found nothing is shown with its query, for it is evidence of a search.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from claims.admin.ticket_panels.searches import Line
from claims.admin.ticket_panels.wording import PURPOSES
from claims.vocabulary import SearchOutcome, SearchPurpose

ANSWERED = (SearchOutcome.FOUND, SearchOutcome.FOUND_NOTHING)


@dataclass(frozen=True, slots=True)
class ContraryPanel:
    """The queries that looked for contradiction; ``ended`` counts those that were answered."""

    lines: tuple[Line, ...]
    ended: int


def build_contrary(log: Sequence[Line]) -> ContraryPanel:
    """What the log of searches holds of it (no query)."""
    lines = tuple(one for one in log if one.purpose == PURPOSES[SearchPurpose.CONTRADICT])
    return ContraryPanel(lines, sum(1 for one in lines if one.outcome in ANSWERED))
