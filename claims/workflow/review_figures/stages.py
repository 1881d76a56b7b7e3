"""How long tickets stay in each stage, from the lines of their history.

Promises: a stay is from the line that led into a stage to the line that led out of it, so what
is still there is not counted; the newest departures stand for the rest, so that the cost is
bounded. Writes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import quantiles

from django.db.models import F, OuterRef, QuerySet, Subquery

from claims.lifecycle import UNFINISHED
from claims.models.team import Team
from claims.models.ticket import TicketEvent
from claims.vocabulary import TicketState

# Every stage that work passes through, in its order.
STAGES = tuple(state for state in TicketState if state in UNFINISHED)
MOST_DEPARTURES = 2_000


@dataclass(frozen=True, slots=True)
class StageTime:
    """Half of the departures took no longer than ``median``, nine in ten than ``p90``."""

    departures: int
    median: timedelta
    p90: timedelta


def select_departures(*, since: datetime) -> QuerySet[TicketEvent]:
    """The lines of history by which tickets left a stage since then."""
    moves = TicketEvent.objects.filter(at__gte=since, from_state__in=STAGES)
    return moves.exclude(to_state=F("from_state")).exclude(to_state="")


def measure_stages(team: Team, *, since: datetime) -> dict[TicketState, StageTime]:
    """The times of one team's stages that were left since then (one query).

    At most :data:`MOST_DEPARTURES` departures are looked at, the newest; a stage that no ticket
    left is not there.
    """
    led_in = (
        TicketEvent.objects.filter(
            ticket=OuterRef("ticket"),
            sequence__lt=OuterRef("sequence"),
            to_state=OuterRef("from_state"),
        )
        .exclude(from_state=F("to_state"))
        .order_by("-sequence")
    )
    rows = (
        select_departures(since=since)
        .filter(ticket__team=team)
        .order_by("-at")
        .values_list("from_state", "at", Subquery(led_in.values("at")[:1]))[:MOST_DEPARTURES]
    )
    stays: dict[TicketState, list[float]] = {}
    for state, left_at, came_at in rows:
        if came_at is not None:
            stays.setdefault(TicketState(state), []).append((left_at - came_at).total_seconds())
    return {state: _time_of(stays[state]) for state in STAGES if state in stays}


def _time_of(seconds: list[float]) -> StageTime:
    # One value has no quantiles; twice, it is its own.
    tenths = quantiles(seconds if len(seconds) > 1 else seconds * 2, n=10, method="inclusive")
    return StageTime(len(seconds), timedelta(seconds=tenths[4]), timedelta(seconds=tenths[8]))
