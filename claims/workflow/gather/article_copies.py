"""Article copies: what the fetch of an article's address brought is a copy of its page.

Promises that an article by URL is as provable as a source: its page, its raw bytes by digest,
headers, redirects and the name of the certificate, read into text once. A page that is gone or
shows only its beginning says so, and the archive that is switched on is asked for a copy before
the article's text is settled; where it is off, the reason says who can switch it on.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from claims.models.article import Article
from claims.models.job import Job
from claims.models.page import Page, Snapshot
from claims.models.storable import storable
from claims.vocabulary import FetchOutcome, FetchReason, JobKind
from claims.web.client import Fetched
from claims.web.errors import FetchError, NotFound, Unreadable
from claims.web.pages import PageReading
from claims.workflow.gather.copies import snapshot_of
from claims.workflow.gather.ending import NO_COPY, log_stand_in
from claims.workflow.gather.linking import find_source
from claims.workflow.gather.looking import Looked
from claims.workflow.gather.providers import archive_in_use
from claims.workflow.gather.reading import fill_snapshot, problem_of
from claims.workflow.gather.standing_in import (
    ARCHIVED,
    STOOD_IN_FOR,
    is_archived_job,
    say_stand_in,
)

ARCHIVE_OFF = (
    "The Wayback Machine may have a copy, but it is switched off: "
    "an admin switches it on under House, Providers."
)


@dataclass(frozen=True, slots=True)
class CameBack:
    """An article whose own fetch ended: what its text is to be read from, or why there is none.

    ``copy`` is the stored copy of its page, ``is_awaited`` that an archive is asked first.
    """

    article: Article
    came: Fetched | FetchError | None
    reading: PageReading | None
    copy: Snapshot | None
    is_awaited: bool = False


def keep_article_copy(article: Article, looked: Looked) -> CameBack | None:
    """Keep a fetched article's bytes as a copy of its page; ``None`` where nothing was asked.

    Runs in the caller's transaction, which holds the body. While the article has no text, an
    archive's copy is owed for a page that cannot be had.
    """
    if is_archived_job(looked.job):
        return _keep_stand_in(article, looked)
    problem = looked.error
    if looked.reading is not None:
        problem = problem_of(looked.reading)
    if problem is None and looked.fetched is None:
        return None
    is_missed = problem is not None and problem.reason in STOOD_IN_FOR and not article.text
    if is_missed and problem is not None and archive_in_use() is None:
        problem = type(problem)(f"{problem} {ARCHIVE_OFF}", status=problem.status)
        is_missed = False
    copy = None
    if is_missed or looked.fetched is not None:
        copy = _keep_copy(article, looked, problem)
    if is_missed:
        _owe_stand_in(article)
        return CameBack(article, problem, None, None, is_awaited=True)
    came = problem if looked.error is not None else looked.fetched
    return CameBack(article, came, looked.reading, copy)


def _keep_copy(article: Article, looked: Looked, problem: FetchError | None) -> Snapshot | None:
    """The copy, where bytes came; the page says what its last fetch came to."""
    page, copy = _page_of(article), None
    page.fetched_at = timezone.now()
    if looked.fetched is not None and looked.body is not None:
        copy = snapshot_of(page, looked)
        _keep_read(copy, looked.reading)
        page.title = copy.title or page.title
        page.fetched_at = copy.fetched_at
    page.outcome = problem.outcome if problem else FetchOutcome.OK
    page.reason = problem.reason if problem else ""
    page.detail = storable(str(problem or ""), 2000)
    page.save(update_fields=["title", "outcome", "reason", "detail", "fetched_at"])
    return copy


def _keep_stand_in(article: Article, looked: Looked) -> CameBack:
    """An archive's copy in place of the page; without one the beginning that came, or why not."""
    page, copy = _page_of(article), None
    problem = looked.error or (NotFound(NO_COPY) if looked.fetched is None else None)
    if looked.fetched is not None and looked.body is not None:
        copy = snapshot_of(page, looked)
        _keep_read(copy, looked.reading)
        problem = _problem_of_copy(looked)
    log_stand_in(page, copy, looked.error if copy is None else None)
    if problem is None and copy is not None and copy.archived_at is not None:
        page.outcome = FetchOutcome.OK
        page.title = copy.title or page.title
        page.detail = storable(say_stand_in(page.detail, copy.archived_at), 2000)
        page.save(update_fields=["title", "outcome", "detail"])
        return CameBack(article, looked.fetched, looked.reading, copy)
    page.detail = storable(f"{page.detail} {problem}", 2000)
    page.save(update_fields=["detail"])
    shown = page.snapshots.filter(archived_at__isnull=True, read_at__isnull=False)
    beginning = shown.exclude(text="").first()
    if beginning is not None:
        return CameBack(article, None, _reading_of(beginning), beginning)
    missing = STOOD_IN_FOR.get(FetchReason(page.reason), Unreadable)
    return CameBack(article, missing(page.detail), None, None)


def _problem_of_copy(looked: Looked) -> FetchError | None:
    if looked.reading is None:
        return looked.error or Unreadable("The archive's copy could not be read.")
    if not looked.reading.text.strip():
        return Unreadable("The archive's copy has no text.")
    return problem_of(looked.reading)


def _keep_read(copy: Snapshot, reading: PageReading | None) -> None:
    if reading is None:
        copy.save()
    else:
        fill_snapshot(copy, reading)


def _owe_stand_in(article: Article) -> None:
    rounds = Job.objects.filter(kind=JobKind.FETCH_ARTICLE, subject_id=article.pk).count()
    Job.objects.owe(JobKind.FETCH_ARTICLE, f"{article.pk}:{rounds}{ARCHIVED}", team=article.team)


def _page_of(article: Article) -> Page:
    page, _ = Page.objects.get_or_create(
        team=article.team,
        canonical_url=article.canonical_url,
        defaults={"url": article.url, "source": find_source(article.team, article.canonical_url)},
    )
    return page


def _reading_of(copy: Snapshot) -> PageReading:
    """What was read from a stored copy, as far as an article is made of it."""
    return PageReading(
        title=copy.title,
        byline=copy.byline,
        publisher=copy.publisher,
        published=copy.published_on,
        modified=None,
        text=copy.main_text,
        language=copy.language,
        canonical="",
        links=tuple((str(link["url"]), str(link["text"])) for link in copy.links),
        tables=(),
        charset=copy.charset,
        is_cut=copy.is_cut,
        reader=copy.reader,
    )
