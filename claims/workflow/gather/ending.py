"""Ending: how a query of the log ended, in plain words, and the rows of queries of no ticket.

Promises that *found nothing*, a refusal, an unreachable place and a used-up quota are each
kept as what they are, for every query that is put to a place, whoever put it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone

from claims.models.access import Person
from claims.models.page import Page, Snapshot
from claims.models.search import Search
from claims.models.storable import storable
from claims.vocabulary import FetchOutcome, ProviderName, SearchOutcome, SearchPurpose
from claims.web.errors import (
    ConnectionFailed,
    FetchError,
    HostResting,
    NameNotFound,
    NameServerSilent,
    RateLimited,
    TimedOut,
)
from claims.web.search.feeds import Item, Reading
from claims.web.search.protocol import Found, QuotaReached
from claims.workflow.gather.catalogue import LABELS
from claims.workflow.gather.silence import note_silence

UNREACHED = (ConnectionFailed, HostResting, NameNotFound, NameServerSilent, TimedOut)
NO_COPY = "The archive has no copy of the page."
QUERY_CHARS = 500
# Feeds are read day and night: their rows go after so long, and each tells of so many items.
FEED_ROWS_DAYS = 3
TOLD_ITEMS = 20


def outcome_of(error: FetchError) -> SearchOutcome:
    """What a fault means for the log of searches."""
    if isinstance(error, UNREACHED):
        return SearchOutcome.COULD_NOT_REACH
    if isinstance(error, QuotaReached | RateLimited):
        return SearchOutcome.QUOTA_REACHED
    if error.outcome == FetchOutcome.REFUSED:
        return SearchOutcome.REFUSED
    return SearchOutcome.FAILED


def end_search(search: Search, outcome: SearchOutcome, *, detail: str = "", count: int = 0) -> None:
    """Close the search's row of the log."""
    search.outcome = outcome
    search.detail = storable(detail, 2000)
    search.result_count = count
    search.ended_at = timezone.now()
    search.save(update_fields=["outcome", "detail", "result_count", "ended_at"])


def end_with_error(search: Search, error: FetchError) -> None:
    """Close the search's row with what went wrong; a place that was not reached is left alone."""
    label = LABELS.get(search.provider, search.provider)
    outcome, detail = outcome_of(error), str(error)
    if outcome == SearchOutcome.COULD_NOT_REACH and not detail.startswith(label):
        detail = f"{label} could not be reached at {timezone.now():%H:%M} UTC: {error}"
        # A host that is left alone answers so at once, and the next one need not be spared it.
        if not isinstance(error, HostResting):
            note_silence(search.provider, detail)
    end_search(search, outcome, detail=detail)


def end_with_copy(search: Search, copy: Snapshot | None) -> None:
    """Close the row of a look into an archive, with the copy it brought or that there is none."""
    if copy is None:
        end_search(search, SearchOutcome.FOUND_NOTHING, detail=NO_COPY)
        return
    search.copy = copy
    search.save(update_fields=["copy"])
    taken = copy.archived_at
    detail = f"A copy of {taken:%-d %B %Y}." if taken else ""
    if taken and search.wanted_on and taken.date() > search.wanted_on:
        detail += " The archive has none from before: this is its first one after that day."
    end_search(search, SearchOutcome.FOUND, detail=detail, count=1)


def log_stand_in(page: Page, copy: Snapshot | None, error: FetchError | None) -> None:
    """A row for the look into the archive for a page that could not be had."""
    search = Search.objects.create(
        team=page.team,
        page=page,
        provider=ProviderName.WAYBACK,
        query=storable(page.url, QUERY_CHARS),
        purpose=SearchPurpose.COPY,
    )
    if error is not None:
        end_with_error(search, error)
    else:
        end_with_copy(search, copy)


def log_trial(
    name: ProviderName,
    words: str,
    found: Sequence[Found],
    error: FetchError | None,
    *,
    by: Person | None = None,
    language: str = "",
    team_id: int | None = None,
) -> None:
    """A row for a query that a person put to try a place: nobody's, or the named team's."""
    search = Search.objects.create(
        team_id=team_id,
        provider=name,
        query=storable(words, QUERY_CHARS),
        purpose=SearchPurpose.TRIAL,
        language=language,
        asked_by_id=by.pk if by is not None else None,
        answer=[
            {"url": storable(one.url, 2000), "title": storable(one.title, 500)} for one in found
        ],
    )
    if error is not None:
        end_with_error(search, error)
        return
    nothing = f"{LABELS[name]} had nothing for this query."
    outcome = SearchOutcome.FOUND if found else SearchOutcome.FOUND_NOTHING
    end_search(search, outcome, detail="" if found else nothing, count=len(found))


def log_feeds(read: Sequence[tuple[Reading, Sequence[Item] | None]]) -> None:
    """A row for each reading of a feed, with the items that are new; ``None`` where none knows."""
    now = timezone.now()
    rows = [
        Search(
            provider=ProviderName.FEEDS,
            query=storable(one.url, QUERY_CHARS),
            purpose=SearchPurpose.FEED,
            outcome=_outcome_of_feed(one),
            detail=storable(str(one.fault) if one.fault else _say_items(one, new), 2000),
            result_count=len(one.items),
            answer=[
                {"url": storable(item.url, 2000), "title": storable(item.title, 500)}
                for item in list(new or ())[:TOLD_ITEMS]
            ],
            ended_at=now,
        )
        for one, new in read
    ]
    Search.objects.bulk_create(rows)


def forget_feed_rows() -> None:
    """Let go of the rows of readings that are older than such rows are kept."""
    cutoff = timezone.now() - timedelta(days=FEED_ROWS_DAYS)
    Search.objects.filter(purpose=SearchPurpose.FEED, created_at__lt=cutoff).delete()


def _outcome_of_feed(reading: Reading) -> SearchOutcome:
    if reading.fault is not None:
        return outcome_of(reading.fault)
    return SearchOutcome.FOUND if reading.items else SearchOutcome.FOUND_NOTHING


def _say_items(reading: Reading, new: Sequence[Item] | None) -> str:
    if not reading.items:
        return "The feed holds no items."
    if new is None:
        return "Read for the first time, or for the first time in days."
    return f"{len(new)} new since the reading before." if new else "Nothing new."
