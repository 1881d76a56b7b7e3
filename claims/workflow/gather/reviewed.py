"""Fact-checks by others that come along with gathering: as results of a search, or on a page.

Promises to keep each as its publisher states it, and to let the claims that led to it be held
against it. Refuses a page's word about a review on another site.
"""

from __future__ import annotations

from collections.abc import Sequence

from claims.models.claim_match import ClaimWords
from claims.models.fact_check import FactCheck
from claims.models.page import Page
from claims.models.search import SearchResult
from claims.models.ticket import Ticket
from claims.text.claim_reviews import ClaimReview
from claims.vocabulary import FactCheckWay
from claims.web.search.protocol import Found
from claims.web.urls import site_of


def keep_found_reviews(ticket: Ticket, found: Sequence[Found]) -> None:
    """Keep reviews that a search for the ticket brought, as the service told them."""
    reviews = [
        ClaimReview(
            url=one.url,
            claim=one.title,
            publisher=one.publisher,
            rating=one.rating,
            title=one.snippet[:500],
            published_on=one.published,
        )
        for one in found
        if one.title
    ]
    FactCheck.objects.all().keep(ticket.team, reviews, FactCheckWay.SEARCH)
    ClaimWords.objects.filter(claim=ticket.claim_id).owe_again()


def keep_declared_reviews(page: Page, reviews: Sequence[ClaimReview]) -> None:
    """Keep what a page declares to have checked."""
    # A page speaks for its own site alone: anybody can declare a review of somebody else's.
    own = [one for one in reviews if site_of(one.url) == site_of(page.url)]
    if not own:
        return
    FactCheck.objects.all().keep(page.team, own, FactCheckWay.PAGE)
    tickets = SearchResult.objects.filter(page=page).values("search__ticket_id")
    ClaimWords.objects.filter(claim__ticket__in=tickets).owe_again()
