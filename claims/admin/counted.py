"""What a figure counts, as rows: one definition for the figure and for the list behind it.

Each takes the rows that a person may see and a name of a closed set. Refused: windows that
grow with the table; the longest is a year of verdicts, the others are days.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from claims.models import Page, SecondRead, Team, Waiver
from claims.vocabulary import (
    FetchOutcome,
    GateItem,
    ReadOutcome,
    SearchOutcome,
    TicketState,
)
from claims.workflow.review_figures import STAGES, select_departures

Rows = QuerySet[Any]

FLOW_DAYS, LATELY_DAYS, AGREEMENT_DAYS = 30, 7, 365
# How long a ticket has waited, in days, from and to.
AGE_SPANS: tuple[tuple[str, str, int, int | None], ...] = (
    ("day", "Under a day", 0, 1),
    ("days", "1 to 3 days", 1, 3),
    ("week", "3 to 7 days", 3, 7),
    ("longer", "Over a week", 7, None),
)
DUE_SPANS = (
    ("overdue", "Overdue", None, 0),
    ("today", "Due today", 0, 1),
    ("week", "Within a week", 1, 8),
    ("later", "Later", 8, None),
)
STAGE_NAMES = tuple((state.value, state.label) for state in STAGES)
NO_ANSWER = (
    SearchOutcome.COULD_NOT_REACH,
    SearchOutcome.REFUSED,
    SearchOutcome.FAILED,
    SearchOutcome.QUOTA_REACHED,
)
ANY, BLIND, FAILING, SILENT = "any", "blind", "failing", "none"
# Of blind reads only that there was one: how they ended is the agreement.
READS = (ReadOutcome.CONFIRMED, ReadOutcome.EDITED, ReadOutcome.SENT_BACK)


def days_ago(days: int) -> datetime:
    """The moment so many days back."""
    return timezone.now() - timedelta(days=days)


def list_link(noun: str, team: Team, **narrowed: Any) -> str:
    """The team's rows of a list, narrowed by its filters."""
    address = reverse(f"admin:claims_{noun}_changelist")
    return f"{address}?{urlencode({'team': team.pk, **narrowed})}"


def waiting_for(tickets: Rows, key: str) -> Rows:
    """Tickets that wait for a reviewer, by how long they have."""
    first, last = next((first, last) for name, _, first, last in AGE_SPANS if name == key)
    rows = tickets.filter(state=TicketState.READY, ready_at__lte=days_ago(first))
    return rows if last is None else rows.filter(ready_at__gt=days_ago(last))


def due_within(tickets: Any, key: str, days: Mapping[date, Collection[int]]) -> Rows:
    """Undecided tickets due in one of the spans, counted from the day that it is in each team."""
    first, last = next((first, last) for name, _, first, last in DUE_SPANS if name == key)
    rows: Rows = tickets.due_within(days, first, last)
    return rows


def departures_from(key: str) -> Rows:
    """The lines of history by which tickets left that stage lately."""
    return select_departures(since=days_ago(FLOW_DAYS)).filter(from_state=key)


def left_stage(tickets: Rows, key: str) -> Rows:
    """Tickets that left that stage lately."""
    left = departures_from(key)
    # Each once, so that they are gathered first: else the list's order is walked, ticket by
    # ticket, with a look at each one's history.
    return tickets.filter(pk__in=left.order_by().values("ticket").distinct())


def failed_pages(pages: Rows) -> Rows:
    """Pages whose last fetch failed, lately."""
    return pages.filter(outcome=FetchOutcome.FAILED, fetched_at__gte=days_ago(LATELY_DAYS))


def failing_sources(sources: Rows, _key: str = FAILING) -> Rows:
    """Publishers with such a page."""
    return sources.filter(Exists(failed_pages(Page.objects.filter(source=OuterRef("pk")))))


def asked_lately(searches: Rows, key: str) -> Rows:
    """Searches that were put to that place lately."""
    return searches.filter(provider=key, created_at__gte=days_ago(LATELY_DAYS))


def unanswered(searches: Rows, _key: str = SILENT) -> Rows:
    """Searches that brought no answer, not even that nothing was found."""
    return searches.filter(outcome__in=NO_ANSWER)


def waived(verdicts: Rows, key: str) -> Rows:
    """Verdicts given with a waiver of that item, or of any."""
    waivers = Waiver.objects.filter(verdict=OuterRef("pk"))
    if key in set(GateItem):
        waivers = waivers.filter(item=key)
    return verdicts.filter(Exists(waivers), is_sealed=False)


def read_again(verdicts: Rows, key: str) -> Rows:
    """Verdicts with a second read: a blind one, or one that ended so."""
    reads = SecondRead.objects.filter(verdict=OuterRef("pk"))
    found = Q(is_blind=True) if key == BLIND else Q(outcome=key)
    return verdicts.filter(Exists(reads.filter(found)), is_sealed=False)
