"""Looking: the part of gathering that speaks to the network, without the database.

:func:`plan_looks` reads everything a batch of jobs needs in a few queries; each
:class:`Look` can then run in any thread and gives a :class:`Looked` value. No
exception of the web leaves a look: it is a result like any other.
"""

from __future__ import annotations

import atexit
import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.conf import settings

from claims.models.article import Article
from claims.models.bodies import StoredBody, store_body
from claims.models.job import Job
from claims.models.page import Page
from claims.models.publishers import blocked_prefixes
from claims.models.search import Search
from claims.vocabulary import JobKind, ProviderName, SearchPurpose
from claims.web.blocking import refuse_blocked_way
from claims.web.bodies import LIGHT_BYTES
from claims.web.client import Client, Fetched
from claims.web.errors import FetchError
from claims.web.pages import PageReading
from claims.web.reading_child import PageReader
from claims.web.search.protocol import Found
from claims.web.search.wayback import Archive
from claims.workflow.gather.asking import Question, plan_questions, refuse_asking
from claims.workflow.gather.providers import archive_of, page_client, search_client
from claims.workflow.gather.remembering import (
    NotedClient,
    answer_cache,
    note_received,
    recall_received,
)
from claims.workflow.gather.setups import read_setups
from claims.workflow.gather.standing_in import fetch_stand_in, is_archived_job
from claims.workflow.gather.visiting import Known, known_copies, visit


@dataclass(frozen=True, slots=True)
class Looked:
    """What one look brought: found links, or a fetched page (with its stored body), or an error.

    All empty means that the job is answered from the database alone. A page that came and
    could not be read brings both the page and the error.
    """

    job: Job
    found: tuple[Found, ...] | None = None
    fetched: Fetched | None = None
    body: StoredBody | None = None
    reading: PageReading | None = None
    # The copy that the server says is still the page (304).
    known: Known | None = None
    # When an archive took what was fetched, where it stands in for the page.
    archived_at: datetime | None = None
    error: FetchError | None = None
    # The place that was really asked, for its health; "" for none.
    provider: str = ""

    def lighter(self) -> Looked:
        """The same without bytes that are heavy to hold until it is kept.

        Those of a page are stored; those of one that failed hang on the frames of its error.
        """
        if self.error is not None:
            self.error.__traceback__ = self.error.__context__ = self.error.__cause__ = None
        if self.fetched is None or self.body is None or self.body.size_bytes <= LIGHT_BYTES:
            return self
        return replace(self, fetched=replace(self.fetched, body=b""))


@dataclass(frozen=True, slots=True)
class Look:
    """One look to be run: ``look.run()``.

    Those of one ``lane`` (a host, a provider) are run one after another with a pause between
    them; the lane ``""`` is nobody's.
    """

    job: Job
    run: Callable[[], Looked]
    lane: str = ""
    pause_seconds: float = 0.0


def plan_looks(jobs: Sequence[Job]) -> list[Look]:
    """A look per leased job; jobs whose subject is gone are left out (their row ends as done)."""
    ids = _ids_by_kind(jobs)
    asked = Search.objects.select_related("ticket", "page")
    searches = asked.in_bulk(ids.get(JobKind.SEARCH, []))
    copies = {pk: one for pk, one in searches.items() if one.purpose == SearchPurpose.COPY}
    pages = Page.objects.in_bulk(ids.get(JobKind.FETCH, []))
    known = known_copies(pages.values())
    articles = Article.objects.in_bulk(ids.get(JobKind.FETCH_ARTICLE, []))
    blocked = blocked_prefixes({job.team_id for job in jobs}) if pages or articles or copies else {}
    unknown = [page.url for page in pages.values() if page.pk not in known]
    answer_cache().look_ahead([*unknown, *(one.url for one in articles.values())])
    questions = plan_questions([one for one in searches.values() if one.pk not in copies])
    looks = []
    for job in jobs:
        archived = is_archived_job(job)
        if job.kind == JobKind.SEARCH and job.subject_id in copies:
            looks.append(_plan_copy(job, copies[job.subject_id], blocked))
        elif job.kind == JobKind.SEARCH and job.subject_id in searches:
            looks.append(_plan_search(job, questions.get(job.subject_id)))
        elif job.kind == JobKind.FETCH and archived and job.subject_id in pages:
            looks.append(_plan_stand_in(job, pages[job.subject_id].url, blocked))
        elif job.kind == JobKind.FETCH and job.subject_id in pages:
            look_at = functools.partial(_look_at_page, known=known.get(job.subject_id))
            looks.append(_plan_visit(job, pages[job.subject_id].url, look_at, blocked))
        elif job.kind == JobKind.FETCH_ARTICLE and job.subject_id in articles and archived:
            url = articles[job.subject_id].url
            look = _plan_stand_in(job, url, blocked)
            looks.append(replace(look, run=functools.partial(_look_and_read, look.run, url)))
        elif job.kind == JobKind.FETCH_ARTICLE and job.subject_id in articles:
            looks.append(_plan_visit(job, articles[job.subject_id].url, _look_at_article, blocked))
        else:
            looks.append(Look(job, functools.partial(Looked, job)))
    return looks


@functools.cache
def page_reader() -> PageReader:
    """The process's reading child, started at the first page and ended with the process."""
    reader = PageReader(deadline_seconds=settings.FETCH_DEADLINE_SECONDS)
    atexit.register(reader.close)
    return reader


def _plan_visit(
    job: Job, url: str, look: Callable[..., Looked], blocked: Mapping[int, tuple[str, ...]]
) -> Look:
    client = page_client()
    lane, pause_seconds = client.pace_of(url)
    run = functools.partial(look, job, client, url, blocked=blocked.get(job.team_id, ()))
    return Look(job, run, lane, pause_seconds)


def _plan_copy(job: Job, search: Search, blocked: Mapping[int, tuple[str, ...]]) -> Look:
    """A copy of the search's page as it was on its day."""
    if search.page is None:
        return Look(job, functools.partial(Looked, job))
    return _plan_stand_in(job, search.page.url, blocked, search.wanted_on)


def _plan_stand_in(
    job: Job, url: str, blocked: Mapping[int, tuple[str, ...]], on: date | None = None
) -> Look:
    setup = read_setups()[ProviderName.WAYBACK]
    refusal = refuse_asking(setup)  # it may have been switched off since
    if refusal is not None:
        return Look(job, functools.partial(Looked, job, error=refusal))
    archive, client = archive_of(setup), page_client()
    lane, pause_seconds = client.pace_of(archive.copies_url)
    of_team = blocked.get(job.team_id, ())
    run = functools.partial(_look_into_archive, job, client, url, archive, of_team, on)
    return Look(job, run, lane, pause_seconds)


def _look_into_archive(
    job: Job,
    client: Client,
    url: str,
    archive: Archive,
    blocked: tuple[str, ...],
    on: date | None,
) -> Looked:
    asked = ProviderName.WAYBACK
    try:
        index = NotedClient(search_client(), job)
        copies = NotedClient(client, job, blocked, is_for_copies=True)
        found = fetch_stand_in(index, copies, url, archive, blocked, on)
    except FetchError as problem:
        return Looked(job, error=problem, provider=asked)
    if found is None:
        return Looked(job, found=(), provider=asked)
    body = store_body(found.fetched.body)
    return Looked(job, fetched=found.fetched, body=body, archived_at=found.taken_at, provider=asked)


def _plan_search(job: Job, question: Question | None) -> Look:
    """A question to put; ``None`` is a search that the database answers alone."""
    if question is None:
        return Look(job, functools.partial(Looked, job))
    run = functools.partial(_search, job, question)
    return Look(job, run, lane=f"provider {question.provider}")


def _search(job: Job, question: Question) -> Looked:
    asked = question.provider if question.is_put else ""
    try:
        found = question.put(NotedClient(search_client(), job))
    except FetchError as problem:
        return Looked(job, error=problem, provider=asked)
    return Looked(job, found=found, provider=asked)


def _look_at_page(
    job: Job,
    client: Client,
    url: str,
    *,
    blocked: tuple[str, ...] = (),
    known: Known | None = None,
) -> Looked:
    received, stored = recall_received(job), list[StoredBody]()
    try:
        if received is not None:
            refuse_blocked_way((url, *received.redirects, received.final_url), blocked)
        fetched = received or visit(
            client, url, known, blocked, lambda came: stored.extend(note_received(job, came))
        )
    except FetchError as problem:
        return Looked(job, error=problem)
    if fetched.is_unchanged:
        return Looked(job, known=known)
    body = stored[0] if stored else store_body(fetched.body)
    return Looked(job, fetched=fetched, body=body)


def _look_at_article(
    job: Job, client: Client, url: str, *, blocked: tuple[str, ...] = ()
) -> Looked:
    return _look_and_read(functools.partial(_look_at_page, job, client, url, blocked=blocked))


def _look_and_read(look: Callable[[], Looked], url: str = "") -> Looked:
    """What a look brought, read at once; an archive's copy as if it lay at the page's ``url``."""
    looked = look()
    if looked.fetched is None:
        return looked
    fetched = looked.fetched
    try:
        reading = page_reader().read(
            fetched.body,
            url=url or fetched.final_url,
            content_type=fetched.content_type,
            charset=fetched.charset,
            name=fetched.file_name,
        )
    except FetchError as problem:
        # What cannot be read is no fault of the archive that gave it.
        return replace(looked, error=problem, provider="")
    return replace(looked, reading=reading)


def _ids_by_kind(jobs: Sequence[Job]) -> dict[str, list[int]]:
    ids: dict[str, list[int]] = {}
    for job in jobs:
        ids.setdefault(job.kind, []).append(job.subject_id)
    return ids
