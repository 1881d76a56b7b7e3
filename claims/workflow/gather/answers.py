"""Answers: what a search brought becomes its row of the log, and its results.

Promises that *found nothing*, a refusal, an unreachable place and a used-up quota are each
kept as what they are, in plain words.
"""

from __future__ import annotations

from collections.abc import Sequence

from claims.models.article import Article
from claims.models.search import Search
from claims.models.ticket import Ticket
from claims.vocabulary import ProviderName, SearchOutcome, SearchPurpose
from claims.web.search.cited import cited_links
from claims.web.search.protocol import Found
from claims.workflow.gather.dating import keep_copy
from claims.workflow.gather.ending import end_search, end_with_error
from claims.workflow.gather.library import Shelved, search_library
from claims.workflow.gather.linking import link_pages
from claims.workflow.gather.looking import Looked
from claims.workflow.gather.providers import LABELS
from claims.workflow.gather.reviewed import keep_found_reviews

CITED_LIMIT = 20


def keep_answer(result: Looked) -> set[int]:
    """Keep what one search brought; gives its ticket's id, none where there is no ticket."""
    search = (
        Search.objects.select_related("ticket__team", "team", "page__team")
        .filter(pk=result.job.subject_id)
        .first()
    )
    if search is None:
        return set()
    if search.purpose == SearchPurpose.COPY:
        keep_copy(search, result)
    elif result.error is not None:
        end_with_error(search, result.error)
    elif search.ticket is not None:
        _keep_found(search, search.ticket, result.found or ())
    return {search.ticket_id} if search.ticket_id is not None else set()


def _keep_found(search: Search, ticket: Ticket, found: Sequence[Found]) -> None:
    """Link what was found; the places that the database answers are asked now."""
    shelved = Shelved(found=tuple(found))
    if search.provider == ProviderName.CITED:
        shelved = Shelved(found=_cited_links(ticket))
    elif search.provider == ProviderName.LIBRARY:
        own = Article.objects.filter(appearances__claim_id=ticket.claim_id)
        shelved = search_library(
            ticket.team_id, search.query, but_articles=list(own.values_list("pk", flat=True))
        )
    count = link_pages(search, shelved.found, shelved.stored)
    if search.provider == ProviderName.FACT_CHECKS:
        keep_found_reviews(ticket, shelved.found)
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


def _cited_links(ticket: Ticket) -> tuple[Found, ...]:
    found: dict[str, Found] = {}
    for article in Article.objects.filter(appearances__claim_id=ticket.claim_id).distinct():
        links = [(str(link["url"]), str(link.get("text", ""))) for link in article.links]
        for one in cited_links(links, article.text, article.url):
            found.setdefault(one.url, one)
    return tuple(found.values())[:CITED_LIMIT]
