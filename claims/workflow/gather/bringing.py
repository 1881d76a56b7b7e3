"""Bringing: an address, a file or a quotation that a reviewer adds to a ticket by hand.

Promises: what is brought stands in the log of searches with who brought it; an address is
fetched and read by the machine's own way while the person goes on; a file is kept like any
fetched copy, with its digest, and read in a child that can be killed; a quotation without a copy
of its page is kept as what it is, words that a reviewer typed. Refuses at the field, with the cure.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from urllib.parse import quote as percent

from django.db import transaction
from django.utils import timezone

from claims.models.access import Person
from claims.models.bodies import StoredBody, hold_bodies, store_body
from claims.models.history import append_event
from claims.models.job import Job
from claims.models.page import TYPED, Page, Snapshot, Source
from claims.models.search import Search, SearchResult
from claims.models.storable import storable
from claims.models.ticket import Ticket
from claims.vocabulary import (
    FetchOutcome,
    JobKind,
    SearchOutcome,
    SearchPurpose,
    SourceType,
    TicketAction,
)
from claims.web.documents.kinds import DocumentKind, find_kind
from claims.web.errors import Unreadable
from claims.web.search.protocol import Found
from claims.web.snapshots import text_digest
from claims.workflow.gather.linking import link_pages
from claims.workflow.gather.retrying import WEIGHED_ANEW, owe_another_weighing

PROVIDER = "by_hand"
MAX_FILE_BYTES = 10 * 1024 * 1024
QUERY_CHARS = 500
SITE_CHARS = 40
TYPES = {
    DocumentKind.PDF: "application/pdf",
    DocumentKind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    DocumentKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    DocumentKind.CSV: "text/csv",
    DocumentKind.TSV: "text/tab-separated-values",
}
IMAGES = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF8": "image/gif",
}
READ_HERE = "a PDF, .docx, .xlsx, .csv or .tsv file, or a PNG, JPEG, GIF or WebP image"
_NO_LETTER = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Told:
    """Who is said to stand behind what was brought."""

    publisher: str
    kind: SourceType = SourceType.UNKNOWN


class BringRefused(Exception):
    """What was brought cannot be taken; names the field and the cure."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        self.message = message
        super().__init__(message)


def bring_address(ticket: Ticket, url: str, *, by: Person) -> bool:
    """Owe the fetch of the page at an address that may be fetched; whether one is under way.

    ``False`` where a fresh copy is there already; it is weighed anew all the same. Runs in the
    caller's transaction.
    """
    search = _log(ticket, url, by)
    link_pages(search, [Found(url.strip(), "")])
    page = Page.objects.get(results__search=search)
    _note(ticket, by, {"address": url})
    _weigh_anew(ticket)
    return Job.objects.unfinished().filter(kind=JobKind.FETCH, subject_id=page.pk).exists()


def bring_file(
    ticket: Ticket, name: str, body: bytes, told: Told, *, words: str = "", by: Person
) -> Snapshot:
    """Keep a document, whose reading is owed, or an image with the ``words`` it shows as text.

    Raises :class:`BringRefused` at ``file``, ``publisher`` or ``words``.
    """
    content_type = _type_of(name, body)
    publisher = _check_publisher(told)
    if content_type.startswith("image/") and not words:
        raise BringRefused("words", "An image is not read: write the words that it shows.")
    text = words if content_type.startswith("image/") else ""
    stored = store_body(body)
    with transaction.atomic():
        hold_bodies([(stored, body)])
        title = f"{publisher}: {name}"
        snapshot = _keep(ticket, told, stored, name, content_type, text=text, title=title, by=by)
        _note(ticket, by, {"file": name[:200], "sha256": stored.sha256})
        if not text:
            Job.objects.owe(JobKind.READ, str(snapshot.pk), team=ticket.team)
            _weigh_anew(ticket)
    return snapshot


def bring_words(ticket: Ticket, words: str, told: Told, *, url: str = "", by: Person) -> Snapshot:
    """Keep words without a copy of their page as what a reviewer typed.

    Raises :class:`BringRefused` at ``publisher``.
    """
    publisher = _check_publisher(told)
    body = words.encode()
    stored = store_body(body)
    with transaction.atomic():
        hold_bodies([(stored, body)])
        title = f"{publisher}, quoted by hand" + (f" from {url}"[:300] if url else "")
        return _keep(
            ticket, told, stored, "quote.txt", "text/plain", text=words, title=title, by=by
        )


def _type_of(name: str, body: bytes) -> str:
    if not body:
        raise BringRefused("file", "The file is empty.")
    if len(body) > MAX_FILE_BYTES:
        raise BringRefused("file", "The file is over 10 MB. Keep only the pages you need.")
    for mark, kind in IMAGES.items():
        if body.startswith(mark):
            return kind
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return "image/webp"
    try:
        found = find_kind(body, "", name)
    except Unreadable as problem:
        raise BringRefused("file", str(problem)) from problem
    if found not in TYPES:
        raise BringRefused("file", f"Bring {READ_HERE}; or paste the words as a quotation.")
    return TYPES[found]


def _check_publisher(told: Told) -> str:
    publisher = " ".join(told.publisher.split())
    if not publisher or publisher != storable(publisher):
        raise BringRefused("publisher", "Say who published it.")
    if len(publisher) > 200:
        raise BringRefused("publisher", "At most 200 characters.")
    return publisher


def _keep(
    ticket: Ticket,
    told: Told,
    stored: StoredBody,
    name: str,
    content_type: str,
    *,
    text: str,
    title: str,
    by: Person,
) -> Snapshot:
    """The page and copy of something that has no address, in the log of what was brought."""
    site = _name_site(told.publisher)
    source, _ = Source.objects.get_or_create(
        team=ticket.team,
        prefix=site,
        defaults={"name": " ".join(told.publisher.split()), "type": told.kind},
    )
    # A name that no resolver knows: nothing is ever fetched from it.
    url = f"http://{site}/{stored.sha256[:32]}/{percent(name[-80:], safe='.-_')}"
    now = timezone.now()
    page, _ = Page.objects.get_or_create(
        team=ticket.team,
        canonical_url=url,
        defaults={
            "source": source,
            "url": url,
            "title": storable(title, 500),
            "outcome": FetchOutcome.OK,
            "fetched_at": now,
        },
    )
    search = _log(ticket, title, by)
    SearchResult.objects.create(search=search, page=page, rank=1, title=storable(title, 500))
    typed = {"text": text, "text_sha256": text_digest(text), "read_at": now, "reader": TYPED}
    return Snapshot.objects.create(
        page=page,
        final_url=url,
        status=200,
        content_type=content_type,
        fetched_at=now,
        seconds=0.0,
        size_bytes=stored.size_bytes,
        sha256=stored.sha256,
        body_path=stored.path,
        fetcher=TYPED if text else f"uploaded by {by.get_username()}"[:200],
        title=storable(title, 500),
        publisher=" ".join(told.publisher.split()),
        **(typed if text else {}),
    )


def _name_site(publisher: str) -> str:
    """A site for a publisher that has none: two names never share one, whatever their script."""
    name = " ".join(publisher.lower().split())
    readable = _NO_LETTER.sub("-", name).strip("-")
    if name.isascii() and 0 < len(readable) <= SITE_CHARS:
        return f"{readable}.invalid"
    end = hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:8]
    return f"{readable[:SITE_CHARS].strip('-') or 'publisher'}-{end}.invalid"


def _log(ticket: Ticket, query: str, by: Person) -> Search:
    now = timezone.now()
    return Search.objects.create(
        team=ticket.team,
        ticket=ticket,
        asked_by_id=by.pk,
        round=ticket.round,
        provider=PROVIDER,
        query=storable(query, QUERY_CHARS),
        purpose=SearchPurpose.BY_HAND,
        outcome=SearchOutcome.FOUND,
        result_count=1,
        ended_at=now,
    )


def _note(ticket: Ticket, by: Person, changes: dict[str, str]) -> None:
    row = Ticket.objects.select_for_update(of=("self",)).get(pk=ticket.pk)
    append_event(row, TicketAction.EVIDENCE_ADDED, actor=by, changes=changes)


def _weigh_anew(ticket: Ticket) -> None:
    """One more weighing, which waits for what was brought; a gathering ticket owes its own."""
    rows = Ticket.objects.filter(pk=ticket.pk, state__in=WEIGHED_ANEW).select_related("team")
    owe_another_weighing(rows)
