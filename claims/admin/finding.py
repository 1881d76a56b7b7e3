"""What the command palette finds: a few rows of each noun, of the person's teams only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar
from urllib.parse import urlencode

from django.contrib.admin.views.main import SEARCH_VAR
from django.contrib.postgres.search import SearchQuery
from django.core.paginator import Page, Paginator
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from unfold.dataclasses import SearchResult

from claims.admin.navigation import list_navigation
from claims.admin.standing import EVERYONE, standing_of
from claims.models import Article, Claim, Snapshot, Ticket

FOUND_PER_NOUN = 6
LOOKED_AT = 200
Row = TypeVar("Row", bound=models.Model)


def find_everywhere(request: HttpRequest, term: str) -> Page[SearchResult]:
    """Places, tickets, claims, articles and pages for a term; at most six of each.

    At the end stands the way to the list that looks in rationales and quotes as well.
    """
    results = [
        *_places(request, term),
        *_tickets(request, term),
        *_claims(request, term),
        *_articles(request, term),
        *_pages(request, term),
        *_everywhere(request, term),
    ]
    return Paginator(results, max(len(results), 1)).page(1)


def _places(request: HttpRequest, term: str) -> Iterator[SearchResult]:
    for group in list_navigation(request):
        for item in group["items"]:
            if term.lower() in item["title"].lower():
                yield SearchResult(item["title"], "Go to", item["link"], item["icon"])


def _tickets(request: HttpRequest, term: str) -> Iterator[SearchResult]:
    number = term.lstrip("#")
    if not (number.isascii() and number.isdigit()) or len(number) > 18:
        return
    for ticket in Ticket.objects.visible_to(request.user).filter(pk=int(number)):
        link = reverse("admin:claims_ticket_change", args=[ticket.pk])
        yield SearchResult(str(ticket), "Ticket", link, "fact_check")


def _claims(request: HttpRequest, term: str) -> Iterator[SearchResult]:
    rows = _found(Claim.objects.visible_to(request.user), term)
    for claim in rows.select_related("ticket").defer("search")[:FOUND_PER_NOUN]:
        ticket = getattr(claim, "ticket", None)
        if ticket is not None:
            link = reverse("admin:claims_ticket_change", args=[ticket.pk])
            yield SearchResult(str(claim), f"Ticket {ticket.pk}", link, "fact_check")
        else:
            link = reverse("admin:claims_claim_change", args=[claim.pk])
            yield SearchResult(str(claim), "Claim without a ticket", link, "format_quote")


def _articles(request: HttpRequest, term: str) -> Iterator[SearchResult]:
    rows = _found(Article.objects.visible_to(request.user), term)
    for article in rows.only("title", "url")[:FOUND_PER_NOUN]:
        link = reverse("admin:claims_article_change", args=[article.pk])
        yield SearchResult(str(article), "Article", link, "article")


def _pages(request: HttpRequest, term: str) -> Iterator[SearchResult]:
    rows = _found(Snapshot.objects.visible_to(request.user), term)
    for snapshot in rows.only("title", "final_url", "fetched_at")[:FOUND_PER_NOUN]:
        link = reverse("admin:claims_snapshot_change", args=[snapshot.pk])
        yield SearchResult(str(snapshot), "Stored page", link, "language")


def _everywhere(request: HttpRequest, term: str) -> Iterator[SearchResult]:
    if standing_of(request).has(EVERYONE):
        address = f"{reverse('admin:claims_ticket_changelist')}?{urlencode({SEARCH_VAR: term})}"
        told = "In claims, rationales, evidence and articles"
        yield SearchResult("Search all tickets", told, address, "manage_search")


def _found(rows: models.QuerySet[Row], term: str) -> models.QuerySet[Row]:
    """The newest among the first few hundred hits.

    Six of the newest, asked for at once, make the database walk from the newest row on
    until it has six: through the whole table where there are fewer.
    """
    query = SearchQuery(term, config="english", search_type="websearch")
    hits = rows.filter(search=query).order_by().values("pk")[:LOOKED_AT]
    return rows.filter(pk__in=hits)
