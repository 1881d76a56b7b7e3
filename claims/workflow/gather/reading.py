"""Reading: a stored snapshot becomes text, with title, date, links, tables, images and video.

The bytes are read in a child process that can be killed; what it gives is kept
in a transaction that still holds the job's lease.
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from claims.models.bodies import BodyDamaged, load_body
from claims.models.job import Job
from claims.models.page import Page, Snapshot
from claims.models.storable import storable
from claims.text.page_marks import add_captions
from claims.vocabulary import FetchOutcome, FetchReason
from claims.web.errors import (
    FetchError,
    NeedsJavascript,
    NeedsLogin,
    NeedsPayment,
    Unreadable,
)
from claims.web.file_names import find_file_name
from claims.web.pages import PageReading
from claims.web.snapshots import text_digest
from claims.workflow.gather.dating import is_dated, note_unread
from claims.workflow.gather.looking import page_reader
from claims.workflow.gather.reviewed import keep_declared_reviews
from claims.workflow.gather.settling import owe_weighing, tickets_of_page
from claims.workflow.gather.standing_in import BARRIERS, owe_stand_ins

MAX_TEXT_CHARS = 2_000_000
MAX_LINKS = 2000
MAX_TABLES = 100
# How a copy's text comes of its reading: in the second way, captions stand behind it.
GENERATION = 2
READ_FIELDS = (
    "text",
    "text_sha256",
    "title",
    "byline",
    "publisher",
    "published_on",
    "language",
    "links",
    "tables",
    "media",
    "generation",
    "is_cut",
    "reader",
    "read_at",
)


def read_snapshot(snapshot: Snapshot) -> PageReading | FetchError:
    """The text and facts of a stored page, or why there are none. Writes nothing."""
    try:
        body = load_body(snapshot.body_path, snapshot.sha256)
        return page_reader().read(
            body,
            # An archive's copy names its links as the page did.
            url=snapshot.page.url if snapshot.archived_at else snapshot.final_url,
            content_type=snapshot.content_type,
            charset=snapshot.charset or None,
            name=_file_name_of(snapshot),
        )
    except BodyDamaged as problem:
        return Unreadable(str(problem))
    except FetchError as problem:
        return problem


def _file_name_of(snapshot: Snapshot) -> str:
    kept = snapshot.headers if isinstance(snapshot.headers, dict) else {}
    return find_file_name(kept.get("response", []))


def keep_reading(job: Job, snapshot: Snapshot, reading: PageReading | FetchError) -> None:
    """Keep what was read and end the job; a page without readable text says so on its row."""
    with transaction.atomic():
        if not Job.objects.held([job]):
            return
        # Another read it, or a lead deleted its body, while this was reading.
        held = Snapshot.objects.select_for_update(no_key=True, of=("self",))
        if held.values_list("body_deleted_at", flat=True).get(pk=snapshot.pk) is not None:
            Job.objects.finish([job])
            owe_weighing(tickets_of_page([snapshot.page_id]))
            return
        page = Page.objects.select_related("team").get(pk=snapshot.page_id)
        is_dated_copy = is_dated(snapshot)
        if isinstance(reading, PageReading):
            fill_snapshot(snapshot, reading)
            keep_declared_reviews(page, reading.reviews)
            if not is_dated_copy:
                page.title = storable(reading.title, 500) or page.title
        problem = problem_of(reading)
        if is_dated_copy:
            if problem is not None:
                note_unread(snapshot, problem)
        elif snapshot.archived_at is None:
            # A reading that failed before may have said otherwise.
            page.outcome = FetchOutcome.FAILED if problem else FetchOutcome.OK
            page.reason = problem.reason if problem else ""
            page.detail = storable(str(problem or ""), 2000)
        elif problem is not None:
            page.outcome = FetchOutcome.FAILED
            page.detail = storable(f"{page.detail} But: {problem}", 2000)
        page.save(update_fields=["title", "outcome", "reason", "detail"])
        if snapshot.archived_at is None and page.reason in BARRIERS:
            owe_stand_ins([page])
        Job.objects.finish([job])
        owe_weighing(tickets_of_page([snapshot.page_id]))


def problem_of(reading: PageReading | FetchError) -> FetchError | None:
    """Why the page's text is not there or not whole; ``None`` where it is."""
    if isinstance(reading, FetchError):
        return reading
    known: dict[FetchReason, FetchError] = {
        FetchReason.NEEDS_JAVASCRIPT: NeedsJavascript(
            "The page's text is made by scripts, which are not run here."
        ),
        FetchReason.NEEDS_LOGIN: NeedsLogin("The page shows its text only to people who log in."),
        FetchReason.NEEDS_PAYMENT: NeedsPayment(
            "Without a payment the page shows its beginning only."
        ),
    }
    return known[reading.barrier] if reading.barrier else None


def fill_snapshot(snapshot: Snapshot, reading: PageReading) -> None:
    """Keep on a copy, and save, what was read from it."""
    captions = (storable(one.caption) for one in reading.media)
    text = add_captions(storable(reading.text), captions)
    snapshot.text = text[:MAX_TEXT_CHARS]
    snapshot.text_sha256 = text_digest(snapshot.text)
    snapshot.title = storable(reading.title, 500)
    snapshot.byline = storable(reading.byline, 300)
    snapshot.publisher = storable(reading.publisher, 300)
    snapshot.published_on = reading.published
    snapshot.language = storable(reading.language, 8)
    snapshot.links = [
        {"url": storable(url), "text": storable(words, 300)}
        for url, words in reading.links[:MAX_LINKS]
    ]
    snapshot.tables = [
        {
            "caption": storable(table.caption),
            "header": [storable(cell) for cell in table.header],
            "rows": [[storable(cell) for cell in row] for row in table.rows],
        }
        for table in reading.tables[:MAX_TABLES]
    ]
    snapshot.media = [
        {name: storable(said) for name, said in one.to_json().items()} for one in reading.media
    ]
    snapshot.generation = GENERATION
    snapshot.is_cut = snapshot.is_cut or reading.is_cut or len(text) > MAX_TEXT_CHARS
    snapshot.reader = reading.reader[:60]
    snapshot.read_at = timezone.now()
    # What else became of the row meanwhile stays: checks, the name of whoever deleted it.
    snapshot.save(update_fields=None if snapshot._state.adding else READ_FIELDS)
