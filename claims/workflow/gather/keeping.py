"""Keeping: what a look brought becomes rows, in one transaction that still holds the lease."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from claims.models.article import Article
from claims.models.job import Job
from claims.models.page import Page, Snapshot
from claims.models.search import Search, SearchResult
from claims.vocabulary import (
    FetchOutcome,
    FetchReason,
    JobKind,
    SearchOutcome,
)
from claims.web.client import Fetched
from claims.web.errors import (
    ConnectionFailed,
    FetchError,
    HostBusy,
    NameNotFound,
    NameServerSilent,
    TimedOut,
)
from claims.web.search.cited import cited_links
from claims.web.search.protocol import Found
from claims.workflow.gather.library import search_library
from claims.workflow.gather.linking import link_pages
from claims.workflow.gather.looking import Looked, unreachable_key
from claims.workflow.gather.providers import CITED, LABELS, LIBRARY, UNREACHABLE_SECONDS
from claims.workflow.gather.settling import owe_weighing, tickets_of_page

FETCHER = "FactcheckWorkbench/0.1"
CITED_LIMIT = 20
UNREACHED = (ConnectionFailed, NameNotFound, NameServerSilent, TimedOut)


def keep_looked(results: Sequence[Looked]) -> list[Article]:
    """Keep a batch of looks; gives the articles whose own fetch ended.

    Results whose lease was lost are dropped: another worker has their job.
    """
    articles: list[Article] = []
    with transaction.atomic():
        held = {job.pk for job in Job.objects.held([result.job for result in results])}
        done: list[Job] = []
        touched: set[int] = set()
        for result in sorted(results, key=lambda one: one.job.pk):
            if result.job.pk not in held or _is_put_off(result):
                continue
            if result.job.kind == JobKind.FETCH_ARTICLE:
                articles += Article.objects.filter(pk=result.job.subject_id)
            elif result.job.kind == JobKind.SEARCH:
                touched |= _keep_search(result)
            elif result.job.kind == JobKind.FETCH:
                touched |= _keep_page(result)
            if result.job.kind != JobKind.FETCH_ARTICLE and not _has_failed(result.job):
                done.append(result.job)
        Job.objects.finish(done)
        owe_weighing(touched)
    return articles


def settle_failed(job: Job) -> None:
    """A job that failed for good still ends what waited for it, with the reason shown."""
    with transaction.atomic():
        if job.kind == JobKind.SEARCH:
            search = Search.objects.filter(pk=job.subject_id).first()
            if search is not None:
                _end_search(search, SearchOutcome.FAILED, detail=job.detail)
                owe_weighing({search.ticket_id})
        elif job.kind == JobKind.FETCH:
            Page.objects.filter(pk=job.subject_id).update(
                outcome=FetchOutcome.FAILED,
                reason=FetchReason.READER_KILLED,
                detail="The worker was lost on every attempt.",
                fetched_at=timezone.now(),
            )
            owe_weighing(tickets_of_page([job.subject_id]))
        elif job.kind == JobKind.READ:
            page_ids = Snapshot.objects.filter(pk=job.subject_id).values_list("page_id", flat=True)
            owe_weighing(tickets_of_page(list(page_ids)))


def _is_put_off(result: Looked) -> bool:
    """Whether the job goes back to the queue instead of ending here."""
    error = result.error
    if error is None:
        return False
    if isinstance(error, HostBusy):
        Job.objects.put_back(result.job, delay_seconds=error.retry_after_seconds or 1.0)
        return True
    if result.job.kind == JobKind.SEARCH and isinstance(error, UNREACHED):
        return False
    if not error.is_retryable:
        return False
    return not Job.objects.try_again(
        result.job, error.reason.value, str(error), delay_seconds=error.retry_after_seconds
    )


def _has_failed(job: Job) -> bool:
    return not Job.objects.filter(pk=job.pk, lease_token=job.lease_token).exists()


def _keep_search(result: Looked) -> set[int]:
    search = Search.objects.select_related("ticket__team").filter(pk=result.job.subject_id).first()
    if search is None:
        return set()
    if result.error is not None:
        _note_error(search, result.error)
        return {search.ticket_id}
    found: Sequence[Found] = result.found or ()
    stored: list[tuple[Page, str, str]] = []
    if search.provider == CITED:
        found = _cited_links(search)
    elif search.provider == LIBRARY:
        stored = search_library(search)
    count = link_pages(search, found, stored)
    detail = ""
    if count == 0:
        detail = f"{LABELS.get(search.provider, search.provider)} had nothing for this query."
        if search.provider == CITED:
            detail = "The article cites no links."
    _end_search(
        search,
        SearchOutcome.FOUND if count else SearchOutcome.FOUND_NOTHING,
        detail=detail,
        count=count,
    )
    return {search.ticket_id}


def _note_error(search: Search, error: FetchError) -> None:
    label = LABELS.get(search.provider, search.provider)
    if isinstance(error, UNREACHED):
        detail = str(error)
        if not detail.startswith(label):
            detail = f"{label} could not be reached at {timezone.now():%H:%M} UTC: {error}"
            cache.set(unreachable_key(search.provider), detail, timeout=UNREACHABLE_SECONDS)
        _end_search(search, SearchOutcome.COULD_NOT_REACH, detail=detail)
        return
    outcome = (
        SearchOutcome.REFUSED if error.outcome == FetchOutcome.REFUSED else SearchOutcome.FAILED
    )
    _end_search(search, outcome, detail=str(error))


def _end_search(
    search: Search, outcome: SearchOutcome, *, detail: str = "", count: int = 0
) -> None:
    search.outcome = outcome
    search.detail = detail[:2000]
    search.result_count = count
    search.ended_at = timezone.now()
    search.save(update_fields=["outcome", "detail", "result_count", "ended_at"])


def _cited_links(search: Search) -> Sequence[Found]:
    found: dict[str, Found] = {}
    for article in Article.objects.filter(appearances__claim_id=search.ticket.claim_id).distinct():
        links = [(str(link["url"]), str(link.get("text", ""))) for link in article.links]
        for one in cited_links(links, article.text, article.url):
            found.setdefault(one.url, one)
    return list(found.values())[:CITED_LIMIT]


def _keep_page(result: Looked) -> set[int]:
    page = Page.objects.select_related("team").filter(pk=result.job.subject_id).first()
    if page is None:
        return set()
    page.fetched_at = timezone.now()
    if result.error is not None:
        page.outcome = result.error.outcome
        page.reason = result.error.reason
        page.detail = str(result.error)[:2000]
    elif result.fetched is not None and result.body is not None:
        page.outcome, page.reason, page.detail = FetchOutcome.OK, "", ""
        snapshot = snapshot_of(page, result)
        snapshot.save(force_insert=True)
        Job.objects.owe(JobKind.READ, str(snapshot.pk), team=page.team)
    page.save(update_fields=["outcome", "reason", "detail", "fetched_at"])
    return set(SearchResult.objects.filter(page=page).values_list("search__ticket_id", flat=True))


def snapshot_of(page: Page, result: Looked) -> Snapshot:
    """An unsaved snapshot row for a fetched page whose body is stored."""
    fetched: Fetched | None = result.fetched
    body = result.body
    if fetched is None or body is None:
        raise ValueError("a snapshot needs a fetched page and its stored body")
    return Snapshot(
        page=page,
        final_url=fetched.final_url[:2000],
        redirects=list(fetched.redirects),
        status=fetched.status,
        headers={
            "request": [list(pair) for pair in fetched.request_headers],
            "response": [list(pair) for pair in fetched.headers],
        },
        content_type=fetched.content_type[:200],
        charset=(fetched.charset or "")[:60],
        address=fetched.address[:60],
        fetched_at=fetched.started_at,
        seconds=fetched.seconds,
        size_bytes=body.size_bytes,
        sha256=body.sha256,
        body_path=body.path,
        fetcher=FETCHER,
        is_cut=fetched.is_cut,
    )
