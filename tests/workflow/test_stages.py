"""Time in each stage: from the line that led in to the line that led out."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from claims.models import Ticket
from claims.models.history import append_event
from claims.vocabulary import TicketAction, TicketState
from claims.workflow.review_figures import measure_stages, select_departures
from tests.people import Desk, ready_one

HOUR = timedelta(hours=1)
READY, IN_REVIEW, DECIDED = TicketState.READY, TicketState.IN_REVIEW, TicketState.DECIDED


def walk(ticket: Ticket, begin: datetime, *steps: tuple[float, TicketState, TicketState]) -> None:
    """Lines of history: hours after ``begin``, from where to where."""
    for hours, left, came in steps:
        with transaction.atomic():
            append_event(
                ticket,
                TicketAction.MOVED,
                actor=None,
                from_state=left,
                to_state=came,
                at=begin + hours * HOUR,
            )


def test_stays_are_measured_from_entry_to_departure(desk: Desk) -> None:
    since = timezone.now() + timedelta(days=1)
    begin = since + HOUR
    for hours in (1, 2, 3, 4, 100):
        ticket = ready_one(desk.team)
        walk(ticket, begin, (0, TicketState.GATHERING, READY), (hours, READY, IN_REVIEW))
    # A line in between that moves nothing, and a second stay of the same ticket.
    walk(ticket, begin, (101, IN_REVIEW, IN_REVIEW), (110, IN_REVIEW, DECIDED))
    walk(ticket, begin, (112, DECIDED, IN_REVIEW), (113, IN_REVIEW, DECIDED))
    told = measure_stages(desk.team, since=since)
    ready = told[READY]
    assert (ready.departures, ready.median) == (5, 3 * HOUR)
    assert ready.p90 == timedelta(hours=4 + 0.6 * 96), "between the fourth and the fifth"
    review = told[IN_REVIEW]
    assert (review.departures, review.median) == (2, 5.5 * HOUR)
    assert told[DECIDED].median == told[DECIDED].p90 == 2 * HOUR
    assert TicketState.OPEN not in told, "nothing left it"
    left = select_departures(since=since).filter(from_state=IN_REVIEW)
    assert left.values("ticket").distinct().count() == 1
    # Not before, and of no other team.
    assert measure_stages(desk.team, since=begin + 200 * HOUR) == {}
    assert measure_stages(desk.other, since=since) == {}
