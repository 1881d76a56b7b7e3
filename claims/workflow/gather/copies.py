"""Keeping copies: what page fetches brought becomes snapshots, with few queries for all.

Promises: a fetch that brought bytes is a snapshot; a page that its server says is still the
same is no new snapshot, but a check of the one there is, with its time; an answer that was
kept before for this very page is not kept twice.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from operator import attrgetter

from django.utils import timezone

from claims.models.copying import copy_rows, reserve_ids
from claims.models.job import Job
from claims.models.page import Page, Snapshot
from claims.models.search import SearchResult
from claims.models.storable import storable
from claims.vocabulary import FetchOutcome, JobKind
from claims.web.client import Fetched
from claims.web.errors import FetchError
from claims.web.sessions import FETCHING_TOOLS
from claims.workflow.gather.ending import NO_COPY, log_stand_in
from claims.workflow.gather.looking import Looked
from claims.workflow.gather.standing_in import (
    STOOD_IN_FOR,
    is_archived_job,
    owe_stand_ins,
    say_stand_in,
)

# What asked, with the versions of what it asked with.
FETCHER = f"FactcheckWorkbench/0.1 {FETCHING_TOOLS}"[:200]
# The times of checks that a copy remembers, the newest ones.
MAX_CHECKS = 400
# What a copy has before it is read; all else are the columns' defaults.
STORED = (
    "id", "page_id", "final_url", "status", "content_type", "charset", "address", "tls_name",
    "fetched_at", "archived_at", "seconds", "size_bytes", "sha256", "body_path", "fetcher",
    "is_cut",
)  # fmt: skip
STORED_AS_TEXT = ("redirects", "headers")


def keep_pages(results: Sequence[Looked]) -> set[int]:
    """Keep fetched pages, in the caller's transaction, which holds their bodies.

    Gives the tickets that wanted them.
    """
    pages = Page.objects.in_bulk([one.job.subject_id for one in results])
    now = timezone.now()
    fresh: list[Snapshot] = []
    from_cache: set[int] = set()
    missing: list[Page] = []
    for result in results:
        page = pages.get(result.job.subject_id)
        if page is None:
            continue
        page.team = result.job.team  # its own, and at hand
        if is_archived_job(result.job) and result.fetched is None:
            # Why the page itself was not had stands; this is why nothing stands in for it.
            detail = storable(f"{page.detail} {result.error or NO_COPY}", 2000)
            Page.objects.filter(pk=page.pk).update(detail=detail)
            log_stand_in(page, None, result.error)
        elif result.error is not None:
            _note_failure(page, result.error, now)
            if result.error.reason in STOOD_IN_FOR:
                missing.append(page)
        elif result.known is not None:
            _note_check(page, result.known.snapshot_id, now)
        elif result.fetched is not None and result.body is not None:
            fresh.append(snapshot_of(page, result))
            if result.fetched.is_from_cache:
                from_cache.add(page.pk)
    snapshots = _without_known(fresh, from_cache)
    _note_successes(fresh, now)
    _store(snapshots)
    for one in snapshots:
        if one.archived_at is not None:
            log_stand_in(one.page, one, None)
    _owe_readings(snapshots)
    owe_stand_ins(missing)
    wanted = SearchResult.objects.filter(page__in=pages)
    return set(wanted.values_list("search__ticket_id", flat=True))


def _note_failure(page: Page, error: FetchError, now: datetime) -> None:
    Page.objects.filter(pk=page.pk).update(
        outcome=error.outcome,
        reason=error.reason,
        detail=storable(str(error), 2000),
        fetched_at=now,
    )


def _note_successes(fresh: Sequence[Snapshot], now: datetime) -> None:
    """Pages whose bytes came; one that an archive stood in for goes on saying why."""
    lived = [one.page_id for one in fresh if one.archived_at is None]
    Page.objects.filter(pk__in=lived).update(
        outcome=FetchOutcome.OK, reason="", detail="", fetched_at=now
    )
    for one in fresh:
        if one.archived_at is not None:
            detail = storable(say_stand_in(one.page.detail, one.archived_at), 2000)
            Page.objects.filter(pk=one.page_id).update(
                outcome=FetchOutcome.OK, detail=detail, fetched_at=now
            )


def _note_check(page: Page, snapshot_id: int, now: datetime) -> None:
    """The server said that the page is still the copy: its bytes stand, the time is added."""
    Page.objects.filter(pk=page.pk).update(
        outcome=FetchOutcome.OK, reason="", detail="", fetched_at=now
    )
    row = (
        Snapshot.objects.select_for_update(no_key=True, of=("self",))
        .only("checks")
        .get(pk=snapshot_id)
    )
    row.checks = [*row.checks, now.isoformat()][-MAX_CHECKS:]
    row.save(update_fields=["checks"])


def _without_known(snapshots: Sequence[Snapshot], from_cache: set[int]) -> list[Snapshot]:
    """Without those ``from_cache`` (page ids) that are kept for their page already."""
    if not from_cache:
        return list(snapshots)
    times = [one.fetched_at for one in snapshots if one.page_id in from_cache]
    kept = Snapshot.objects.filter(page_id__in=from_cache, fetched_at__in=times)
    known = set(kept.values_list("page_id", "fetched_at"))
    return [one for one in snapshots if (one.page_id, one.fetched_at) not in known]


def _store(snapshots: Sequence[Snapshot]) -> None:
    """Store the rows, whose ids they then have."""
    if not snapshots:
        return
    for one, number in zip(snapshots, reserve_ids(Snapshot, len(snapshots)), strict=True):
        one.pk = number
    lines = ([*attrgetter(*STORED)(one), *_as_texts(one)] for one in snapshots)
    copy_rows(Snapshot, (*STORED, *STORED_AS_TEXT), lines)


def _as_texts(one: Snapshot) -> list[str]:
    return [json.dumps(getattr(one, name)) for name in STORED_AS_TEXT]


def _owe_readings(snapshots: Sequence[Snapshot]) -> None:
    by_team = sorted(snapshots, key=lambda one: one.page.team_id)
    for _, group in groupby(by_team, key=lambda one: one.page.team_id):
        stored = list(group)
        keys = [str(one.pk) for one in stored]
        Job.objects.owe_many(JobKind.READ, keys, team=stored[0].page.team)


def snapshot_of(page: Page, result: Looked) -> Snapshot:
    """An unsaved snapshot row for a fetched page whose body is stored."""
    fetched: Fetched | None = result.fetched
    body = result.body
    if fetched is None or body is None:
        raise ValueError("a snapshot needs a fetched page and its stored body")
    return Snapshot(
        page=page,
        final_url=storable(fetched.final_url, 2000),
        redirects=[storable(url) for url in fetched.redirects],
        status=fetched.status,
        headers={
            "request": _storable_pairs(fetched.request_headers),
            "response": _storable_pairs(fetched.headers),
        },
        content_type=storable(fetched.content_type, 200),
        charset=storable(fetched.charset or "", 60),
        address=fetched.address[:60],
        tls_name=storable(fetched.tls_name or "", 255),
        fetched_at=fetched.started_at,
        archived_at=result.archived_at,
        seconds=fetched.seconds,
        size_bytes=body.size_bytes,
        sha256=body.sha256,
        body_path=body.path,
        fetcher=FETCHER,
        is_cut=fetched.is_cut,
    )


def _storable_pairs(headers: Iterable[tuple[str, str]]) -> list[list[str]]:
    return [[storable(name), storable(value)] for name, value in headers]
