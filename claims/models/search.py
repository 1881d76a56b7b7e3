"""The log of searches: every query, with what it found, or that it found nothing."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from claims.models.access import TeamScopedQuerySet
from claims.models.page import Page
from claims.models.ticket import Ticket
from claims.vocabulary import SearchOutcome, SearchPurpose


class Search(models.Model):
    """One query to one provider for one ticket; an empty answer is evidence and stays."""

    TEAM_PATH: ClassVar[str] = "ticket__team"

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="searches")
    round = models.PositiveSmallIntegerField(default=1)
    provider = models.CharField(max_length=40)
    query = models.CharField(max_length=500, blank=True)
    purpose = models.CharField(max_length=12, choices=SearchPurpose.choices())
    language = models.CharField(max_length=12, blank=True, db_default="", default="")
    outcome = models.CharField(
        max_length=16, choices=SearchOutcome.choices(), default=SearchOutcome.PENDING
    )
    detail = models.TextField(blank=True)
    result_count = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = TeamScopedQuerySet["Search"].as_manager()

    class Meta:
        ordering = ["ticket", "round", "id"]
        verbose_name_plural = "searches"
        indexes = [
            models.Index(fields=["outcome", "id"], name="search_outcome"),
            models.Index(fields=["purpose", "id"], name="search_purpose"),
            models.Index(fields=["created_at", "id"], name="search_asked"),
            models.Index(fields=["ended_at", "id"], name="search_ended"),
        ]

    def __str__(self) -> str:
        return f"{self.provider}: {self.query or self.purpose}"


class SearchResult(models.Model):
    """One page that a search brought back, in the provider's order."""

    TEAM_PATH: ClassVar[str] = "search__ticket__team"

    search = models.ForeignKey(Search, on_delete=models.CASCADE, related_name="results")
    page = models.ForeignKey(Page, on_delete=models.PROTECT, related_name="results")
    rank = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=500, blank=True)
    snippet = models.TextField(blank=True)
    # What an existing fact-check says; blank for any other page.
    publisher = models.CharField(max_length=300, blank=True, db_default="", default="")
    rating = models.CharField(max_length=300, blank=True, db_default="", default="")
    published_on = models.DateField(null=True, blank=True)

    objects = TeamScopedQuerySet["SearchResult"].as_manager()

    class Meta:
        ordering = ["search", "rank"]
        constraints = [
            models.UniqueConstraint(fields=["search", "page"], name="one_result_per_page")
        ]

    def __str__(self) -> str:
        return self.title or str(self.page_id)
