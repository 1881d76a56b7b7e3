"""Standing in: an archive's copy, where the page itself cannot be had.

Promises: a page that is gone, whose site is gone, or that shows itself only to some is
looked for once in the archive that is switched on; the copy says of which day it is, the
page still says why it could not be had; nothing is asked while the archive is off.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby
from urllib.parse import urlsplit

from django.utils import timezone

from claims.models.job import Job
from claims.models.page import Page
from claims.vocabulary import FetchReason, JobKind
from claims.web.blocking import refuse_blocked
from claims.web.client import Fetched
from claims.web.errors import (
    FetchError,
    Gone,
    NameNotFound,
    NeedsJavascript,
    NeedsLogin,
    NeedsPayment,
    NotFound,
)
from claims.web.search.protocol import Asking
from claims.web.search.wayback import Archive, find_copy
from claims.web.urls import parse_http_url
from claims.workflow.gather.providers import archive_in_use

BARRIERS = frozenset(
    {FetchReason.NEEDS_JAVASCRIPT, FetchReason.NEEDS_LOGIN, FetchReason.NEEDS_PAYMENT}
)
# Why a page cannot be had for good, each as its error.
STOOD_IN_FOR: dict[FetchReason, type[FetchError]] = {
    error.reason: error
    for error in (Gone, NotFound, NameNotFound, NeedsJavascript, NeedsLogin, NeedsPayment)
}
# The end of a fetch job's key that asks the archive.
ARCHIVED = ":archived"
STAMP = re.compile(r"/(\d{14})(?:[a-z]{2}_)?/")


@dataclass(frozen=True, slots=True)
class StandIn:
    """What the archive gave, and when it took it."""

    fetched: Fetched
    taken_at: datetime


def is_archived_job(job: Job) -> bool:
    """Whether the job asks the archive for its page."""
    return job.key.endswith(ARCHIVED)


def owe_stand_ins(pages: Iterable[Page]) -> None:
    """Owe a look into the archive for pages that could not be had, while it is switched on."""
    wanted = sorted(pages, key=lambda one: one.team_id)
    if not wanted or archive_in_use() is None:
        return
    for _, group in groupby(wanted, key=lambda one: one.team_id):
        of_team = list(group)
        keys = [f"{page.pk}:{timezone.now():%Y-%m-%d}{ARCHIVED}" for page in of_team]
        Job.objects.owe_many(JobKind.FETCH, keys, team=of_team[0].team)


def fetch_stand_in(
    index: Asking,
    copies: Asking,
    url: str,
    archive: Archive,
    blocked: tuple[str, ...],
    on: date | None = None,
) -> StandIn | None:
    """The archive's copy of a page in its own bytes: the newest, or the one nearest to ``on``.

    ``index`` asks which copies there are, ``copies`` fetches the one that fits. ``None`` where
    there is none; raises a ``FetchError``.
    """
    refuse_blocked(parse_http_url(url), blocked)
    copy = find_copy(index, url, on, archive=archive)
    if copy is None:
        return None
    fetched = copies.fetch(copy.raw_url)
    at = urlsplit(fetched.final_url)
    if at.netloc != urlsplit(archive.copies_url).netloc:
        # Copies of redirects lead on, in the end to the living web.
        raise NotFound("The archive's copy leads out of the archive.")
    return StandIn(fetched, _read_stamp(at.path) or copy.taken_at)


def say_stand_in(detail: str, taken_at: datetime) -> str:
    """Why the page itself was not had, and what stands in for it."""
    return (
        f"{detail} The copy that an archive took on {taken_at:%-d %B %Y} is read instead.".strip()
    )


def _read_stamp(path: str) -> datetime | None:
    """The time in an archive's address: it may lead to a copy of another time than asked for."""
    found = STAMP.search(path)
    try:
        return datetime.strptime(found[1], "%Y%m%d%H%M%S").replace(tzinfo=UTC) if found else None
    except ValueError:
        return None
