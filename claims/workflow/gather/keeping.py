"""Keeping: what a batch of looks brought becomes rows, in the caller's transaction.

Promises: nothing is kept for a job whose lease was lost; a job ends in the
transaction that keeps its effect; what came from the web is stored as the
database can hold it.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from enum import Enum, auto

from django.db import transaction
from django.utils import timezone

from claims.models.article import Article
from claims.models.bodies import hold_bodies
from claims.models.job import MAX_ATTEMPTS, Job
from claims.models.page import Page
from claims.models.search import Search
from claims.models.storable import storable
from claims.vocabulary import (
    FetchOutcome,
    FetchReason,
    JobKind,
    SearchOutcome,
)
from claims.web.errors import HostBusy
from claims.workflow.gather.answers import keep_answer
from claims.workflow.gather.article_copies import CameBack, keep_article_copy
from claims.workflow.gather.asking import note_health
from claims.workflow.gather.copies import keep_pages
from claims.workflow.gather.ending import UNREACHED, end_search
from claims.workflow.gather.looking import Looked
from claims.workflow.gather.remembering import forget_received
from claims.workflow.gather.settling import owe_weighing, tickets_of_page

# A server that asks for a longer pause than this ends the attempt for good: a ticket does not
# wait an hour for one page, and a person can ask again.
MAX_WAIT_SECONDS = 30.0


class _Fate(Enum):
    """What becomes of a job after its look."""

    DONE = auto()
    PUT_BACK = auto()
    AGAIN = auto()
    GIVEN_UP = auto()


def keep_looked(results: Sequence[Looked]) -> list[CameBack]:
    """Keep a batch of looks; gives the articles whose own fetch ended, to be kept by their verb.

    Call it in a transaction. Results whose lease was lost are dropped: another
    worker has their job.
    """
    articles: list[CameBack] = []
    with transaction.atomic(savepoint=False):
        # First: whoever lets go of bodies holds them before their rows.
        hold_bodies(
            (one.body, one.fetched.body)
            for one in results
            if one.body is not None and one.fetched is not None
        )
        held_jobs = Job.objects.held([result.job for result in results])
        held = {job.pk for job in held_jobs}
        ended = [
            result
            for result in sorted(results, key=lambda one: one.job.pk)
            if result.job.pk in held and _end_job(result)
        ]
        touched: set[int] = set()
        for result in _of_kind(ended, JobKind.SEARCH):
            touched |= keep_answer(result)
        touched |= keep_pages(_of_kind(ended, JobKind.FETCH))
        for result in _of_kind(ended, JobKind.FETCH_ARTICLE):
            rows = Article.objects.select_related("team").select_for_update(of=("self",))
            row = rows.filter(pk=result.job.subject_id).first()
            if row is not None and (back := keep_article_copy(row, result)) is not None:
                articles.append(back)
        Job.objects.finish([one.job for one in ended if _fate_of(one) is _Fate.DONE])
        owe_weighing(touched)
        # Last: a place's row is everybody's, and nobody should wait for it long.
        note_health((one.provider, one.error) for one in results if one.provider)
        # What was received for the others is their next worker's still.
        transaction.on_commit(functools.partial(forget_received, held_jobs))
    return articles


def settle_failed(job: Job, detail: str) -> None:
    """A job that failed for good still ends what waited for it, with the reason shown."""
    with transaction.atomic():
        if job.kind == JobKind.SEARCH:
            search = Search.objects.filter(pk=job.subject_id).first()
            if search is not None:
                end_search(search, SearchOutcome.FAILED, detail=detail)
                owe_weighing({search.ticket_id} if search.ticket_id is not None else ())
        elif job.kind == JobKind.FETCH:
            Page.objects.filter(pk=job.subject_id).update(
                outcome=FetchOutcome.FAILED,
                reason=FetchReason.READER_KILLED,
                detail=storable(detail, 2000),
                fetched_at=timezone.now(),
            )
            owe_weighing(tickets_of_page([job.subject_id]))
        elif job.kind == JobKind.READ:
            pages = Page.objects.filter(snapshots=job.subject_id)
            pages.update(
                outcome=FetchOutcome.FAILED,
                reason=FetchReason.READER_KILLED,
                detail="The stored page could not be read on any attempt.",
            )
            owe_weighing(tickets_of_page(pages.values_list("pk", flat=True)))


def _of_kind(results: Iterable[Looked], kind: JobKind) -> list[Looked]:
    return [result for result in results if result.job.kind == kind]


def _fate_of(result: Looked) -> _Fate:
    error = result.error
    if error is None:
        return _Fate.DONE
    if isinstance(error, HostBusy):
        return _Fate.PUT_BACK
    is_silent_provider = result.job.kind == JobKind.SEARCH and isinstance(error, UNREACHED)
    if is_silent_provider or not error.is_retryable:
        return _Fate.DONE
    is_too_long = (error.retry_after_seconds or 0) > MAX_WAIT_SECONDS
    if is_too_long or result.job.attempts >= MAX_ATTEMPTS:
        return _Fate.GIVEN_UP
    return _Fate.AGAIN


def _end_job(result: Looked) -> bool:
    """Whether the job ends here; hands it back to the queue where it does not."""
    fate, error = _fate_of(result), result.error
    if error is None or fate is _Fate.DONE:
        return True
    pause = error.retry_after_seconds
    if fate is _Fate.PUT_BACK:
        Job.objects.put_back(result.job, delay_seconds=pause or 1.0)
    elif fate is _Fate.AGAIN:
        Job.objects.try_again(result.job, error.reason.value, str(error), delay_seconds=pause)
    else:
        Job.objects.give_up(result.job, error.reason.value, str(error))
    return fate is _Fate.GIVEN_UP
