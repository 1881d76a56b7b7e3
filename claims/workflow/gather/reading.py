"""Reading: a stored snapshot becomes text, with title, date, links and tables.

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
from claims.vocabulary import FetchOutcome
from claims.web.errors import FetchError, Unreadable
from claims.web.file_names import find_file_name
from claims.web.pages import PageReading
from claims.web.snapshots import text_digest
from claims.workflow.gather.looking import page_reader
from claims.workflow.gather.settling import owe_weighing, tickets_of_page

MAX_TEXT_CHARS = 2_000_000
MAX_LINKS = 2000
MAX_TABLES = 100


def read_snapshot(snapshot: Snapshot) -> PageReading | FetchError:
    """The text and facts of a stored page, or why there are none. Writes nothing."""
    try:
        body = load_body(snapshot.body_path, snapshot.sha256)
        return page_reader().read(
            body,
            url=snapshot.final_url,
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
        page = Page.objects.get(pk=snapshot.page_id)
        if isinstance(reading, FetchError):
            page.outcome = FetchOutcome.FAILED
            page.reason = reading.reason
            page.detail = storable(str(reading), 2000)
            page.save(update_fields=["outcome", "reason", "detail"])
        else:
            _fill(snapshot, reading)
            # A reading that failed before may have said otherwise.
            page.outcome, page.reason, page.detail = FetchOutcome.OK, "", ""
            page.title = storable(reading.title, 500) or page.title
            page.save(update_fields=["title", "outcome", "reason", "detail"])
        Job.objects.finish([job])
        owe_weighing(tickets_of_page([snapshot.page_id]))


def _fill(snapshot: Snapshot, reading: PageReading) -> None:
    text = storable(reading.text)
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
    snapshot.is_cut = snapshot.is_cut or reading.is_cut or len(text) > MAX_TEXT_CHARS
    snapshot.reader = reading.reader[:60]
    snapshot.read_at = timezone.now()
    snapshot.save()
