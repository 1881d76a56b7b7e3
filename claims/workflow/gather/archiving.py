"""Archiving: a page's copies out as WARC, and copies out of a WARC file in, with their own dates.

Promises: what goes out is proven first, so a damaged copy is named and never passed on as
whole; a file that is broken anywhere brings nothing in; the same file twice is the same
copies. A copy that came from a file says so for ever. Fetches nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, BinaryIO

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from claims.models.bodies import BodyDamaged, hold_bodies, load_body, store_body
from claims.models.job import Job
from claims.models.page import Page, Snapshot
from claims.models.storable import storable
from claims.models.team import Team
from claims.vocabulary import FetchOutcome, JobKind
from claims.web.errors import FetchError
from claims.web.urls import canonical_url
from claims.web.warc import WarcCopy, iter_warc, read_warc
from claims.workflow.gather.copies import FETCHER
from claims.workflow.gather.linking import find_source
from claims.workflow.gather.visiting import IMPORTED

MAX_FILE_BYTES = 2 * 1024 * 1024 * 1024
MAX_LEFT_OUT = 20
# What a page may answer with to be read as a page.
READ_STATUSES = range(200, 204)


@dataclass(slots=True)
class Imported:
    """What a file brought: copies that are new or were here, and what was left out and why."""

    new: int = 0
    known: int = 0
    left_out: int = 0
    reasons: list[str] = field(default_factory=list)

    def leave_out(self, reason: str) -> None:
        """Count one record, and keep the first few reasons."""
        self.left_out += 1
        if len(self.reasons) < MAX_LEFT_OUT:
            self.reasons.append(reason)


def export_warc(pages: Iterable[Page], *, filename: str) -> Iterator[bytes]:
    """All copies of the pages, oldest first, as the parts of one gzipped file."""
    copies = (
        warc_copy(snapshot)
        for page in pages
        for snapshot in page.snapshots.defer("text", "links", "tables", "media", "search")
        .order_by("fetched_at", "pk")
        .iterator(chunk_size=20)
    )
    return iter_warc(copies, software=FETCHER, made_at=timezone.now(), filename=filename)


def warc_copy(snapshot: Snapshot) -> WarcCopy:
    """A stored copy with its body, proven; without one where it was deleted or is damaged."""
    body, problem = None, snapshot.body_deleted_why
    if snapshot.body_deleted_at is None:
        try:
            body = load_body(snapshot.body_path, snapshot.sha256)
        except BodyDamaged as damage:
            problem = str(damage)
    headers: Any = snapshot.headers if isinstance(snapshot.headers, dict) else {}
    notes = [
        ("software", snapshot.fetcher),
        ("fetchTimeMs", str(round(snapshot.seconds * 1000))),
        *(("via", str(url)) for url in snapshot.redirects),
        ("bodySha256", snapshot.sha256),
        ("textSha256", snapshot.text_sha256),
        ("tlsName", snapshot.tls_name),
        ("bodyMissing", problem),
    ]
    return WarcCopy(
        final_url=snapshot.final_url,
        status=snapshot.status,
        headers=_pairs(headers.get("response")),
        body=body,
        fetched_at=snapshot.fetched_at,
        sha256=snapshot.sha256,
        request_headers=_pairs(headers.get("request")),
        address=snapshot.address,
        notes=[(name, told) for name, told in notes if told],
    )


def import_warc(
    team: Team,
    stream: BinaryIO,
    *,
    by_name: str = "",
    max_bytes: int = MAX_FILE_BYTES,
    max_records: int | None = None,
) -> Imported:
    """Keep every page of the file as a copy of its day, and owe its reading.

    Raises :class:`~claims.web.warc.WarcRefused`, and then nothing of the file is kept.
    """
    imported = Imported()
    fetcher = storable(f"{IMPORTED}, brought in by {by_name}" if by_name else IMPORTED, 60)
    with transaction.atomic():
        copies = read_warc(
            stream,
            max_body_bytes=settings.FETCH_MAX_BYTES,
            max_bytes=max_bytes,
            max_records=max_records,
        )
        for copy in copies:
            _keep(team, copy, fetcher, imported)
    return imported


def _keep(team: Team, copy: WarcCopy, fetcher: str, imported: Imported) -> None:
    if copy.status not in READ_STATUSES:
        imported.leave_out(f"{copy.final_url[:200]}: HTTP {copy.status}, no page")
        return
    if copy.fetched_at > timezone.now():
        imported.leave_out(f"{copy.final_url[:200]}: its date is in the future")
        return
    try:
        canonical = canonical_url(copy.final_url)
    except FetchError as problem:
        imported.leave_out(f"{copy.final_url[:200]}: {problem}")
        return
    if max(len(canonical), len(copy.final_url)) > 2000 or not copy.body:
        imported.leave_out(f"{canonical[:200]}: {'no body' if not copy.body else 'too long'}")
        return
    page = _find_page(team, canonical, copy.final_url)
    body = store_body(copy.body)
    known = Snapshot.objects.filter(page=page, sha256=body.sha256, fetched_at=copy.fetched_at)
    if known.exists():
        imported.known += 1
        return
    hold_bodies([(body, copy.body)])
    content_type, charset = _type_of(copy)
    snapshot = Snapshot.objects.create(
        page=page,
        final_url=copy.final_url,
        status=copy.status,
        headers={"response": [[storable(name), storable(told)] for name, told in copy.headers]},
        content_type=content_type,
        charset=charset,
        address=storable(copy.address, 60),
        fetched_at=copy.fetched_at,
        seconds=0.0,
        size_bytes=body.size_bytes,
        sha256=body.sha256,
        body_path=body.path,
        fetcher=fetcher,
    )
    _note_fetch(page, copy.fetched_at)
    Job.objects.owe(JobKind.READ, str(snapshot.pk), team=team)
    imported.new += 1


def _find_page(team: Team, canonical: str, url: str) -> Page:
    page, _ = Page.objects.get_or_create(
        team=team,
        canonical_url=canonical,
        defaults={"url": url, "source": find_source(team, canonical)},
    )
    return page


def _note_fetch(page: Page, fetched_at: datetime) -> None:
    """An older copy says nothing of how the page answers now."""
    if page.fetched_at is None or page.fetched_at < fetched_at:
        Page.objects.filter(pk=page.pk).update(
            outcome=FetchOutcome.OK, reason="", detail="", fetched_at=fetched_at
        )


def _type_of(copy: WarcCopy) -> tuple[str, str]:
    """Media type and charset as the headers say."""
    told = next((told for name, told in copy.headers if name.lower() == "content-type"), "")
    kind, *parameters = (part.strip() for part in told.split(";"))
    named = (part.partition("=") for part in parameters)
    charset = next((value for name, _, value in named if name.strip().lower() == "charset"), "")
    return storable(kind.lower(), 200), storable(charset.strip("\"' "), 60)


def _pairs(stored: Any) -> list[tuple[str, str]]:
    return [(str(name), str(told)) for name, told in stored or ()]
