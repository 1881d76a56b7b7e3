"""Answers: what a search brought becomes its row of the log, and its results.

Promises that *found nothing*, a refusal, an unreachable place and a used-up quota are each
kept as what they are, in plain words.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone

from claims.models.article import Article
from claims.models.search import Search
from claims.models.storable import storable
from claims.vocabulary import FetchOutcome, ProviderName, SearchOutcome
from claims.web.errors import (
    ConnectionFailed,
    FetchError,
    HostResting,
    NameNotFound,
    NameServerSilent,
    RateLimited,
    TimedOut,
)
from claims.web.search.cited import cited_links
from claims.web.search.protocol import Found, QuotaReached
from claims.workflow.gather.asking import note_silence
from claims.workflow.gather.library import Shelved, search_library
from claims.workflow.gather.linking import link_pages
from claims.workflow.gather.providers import LABELS

CITED_LIMIT = 20
UNREACHED = (ConnectionFailed, HostResting, NameNotFound, NameServerSilent, TimedOut)


def keep_answer(
    search_id: int, found: Sequence[Found] | None, error: FetchError | None
) -> set[int]:
    """Keep what one search brought; gives its ticket's id, none for a search that is gone.

    ``found`` is ``None`` for the places that are answered from the database.
    """
    search = Search.objects.select_related("ticket__team").filter(pk=search_id).first()
    if search is None:
        return set()
    if error is not None:
        _keep_error(search, error)
        return {search.ticket_id}
    shelved = Shelved(found=tuple(found or ()))
    if search.provider == ProviderName.CITED:
        shelved = Shelved(found=_cited_links(search))
    elif search.provider == ProviderName.LIBRARY:
        own = Article.objects.filter(appearances__claim_id=search.ticket.claim_id)
        shelved = search_library(
            search.ticket.team_id, search.query, but_articles=list(own.values_list("pk", flat=True))
        )
    count = link_pages(search, shelved.found, shelved.stored)
    detail = ""
    if count == 0:
        detail = f"{LABELS.get(search.provider, search.provider)} had nothing for this query."
        if search.provider == ProviderName.CITED:
            detail = "The article cites no links."
    end_search(
        search,
        SearchOutcome.FOUND if count else SearchOutcome.FOUND_NOTHING,
        detail=detail,
        count=count,
    )
    return {search.ticket_id}


def end_search(search: Search, outcome: SearchOutcome, *, detail: str = "", count: int = 0) -> None:
    """Close the search's row of the log."""
    search.outcome = outcome
    search.detail = storable(detail, 2000)
    search.result_count = count
    search.ended_at = timezone.now()
    search.save(update_fields=["outcome", "detail", "result_count", "ended_at"])


def outcome_of(error: FetchError) -> SearchOutcome:
    """What a fault means for the log of searches."""
    if isinstance(error, UNREACHED):
        return SearchOutcome.COULD_NOT_REACH
    if isinstance(error, QuotaReached | RateLimited):
        return SearchOutcome.QUOTA_REACHED
    if error.outcome == FetchOutcome.REFUSED:
        return SearchOutcome.REFUSED
    return SearchOutcome.FAILED


def _keep_error(search: Search, error: FetchError) -> None:
    label = LABELS.get(search.provider, search.provider)
    outcome, detail = outcome_of(error), str(error)
    if outcome == SearchOutcome.COULD_NOT_REACH and not detail.startswith(label):
        detail = f"{label} could not be reached at {timezone.now():%H:%M} UTC: {error}"
        # A host that is left alone answers so at once, and the next one need not be spared it.
        if not isinstance(error, HostResting):
            note_silence(search.provider, detail)
    end_search(search, outcome, detail=detail)


def _cited_links(search: Search) -> tuple[Found, ...]:
    found: dict[str, Found] = {}
    for article in Article.objects.filter(appearances__claim_id=search.ticket.claim_id).distinct():
        links = [(str(link["url"]), str(link.get("text", ""))) for link in article.links]
        for one in cited_links(links, article.text, article.url):
            found.setdefault(one.url, one)
    return tuple(found.values())[:CITED_LIMIT]
