"""The log of searches: every query, with what it found, or that it found nothing."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from claims.models.access import Person, TeamScopedQuerySet, has_role_anywhere, is_superuser
from claims.models.page import Page, Snapshot
from claims.models.team import Team
from claims.models.ticket import Ticket
from claims.vocabulary import Role, SearchOutcome, SearchPurpose


class SearchQuerySet(TeamScopedQuerySet["Search"]):
    """The teams' queries; those that try a place out are nobody's, and any admin's to see."""

    def visible_to(self, person: Person, *roles: Role) -> Self:
        """Rows of the person's teams, and for an admin of any team those of none."""
        rows = super().visible_to(person, *roles)
        if is_superuser(person) or (roles and Role.ADMIN not in roles):
            return rows
        is_admin = has_role_anywhere(person, Role.ADMIN)
        return rows | self.filter(team__isnull=True) if is_admin else rows


class Search(models.Model):
    """One query to one provider; an empty answer is evidence and stays.

    For a ticket, for a page's copy in an archive (``page``, and the ``ticket`` where it was
    asked for there), or to try a place out: then there is neither, and ``answer`` says what came.
    """

    TEAM_PATH: ClassVar[str] = "team"

    team = models.ForeignKey(
        Team, null=True, blank=True, db_index=False, on_delete=models.PROTECT, related_name="+"
    )
    ticket = models.ForeignKey(
        Ticket, null=True, blank=True, on_delete=models.PROTECT, related_name="searches"
    )
    page = models.ForeignKey(
        Page, null=True, blank=True, on_delete=models.PROTECT, related_name="copy_searches"
    )
    # The day whose copy is wanted, and the copy that came.
    wanted_on = models.DateField(null=True, blank=True)
    copy = models.ForeignKey(
        Snapshot, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
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
    # Titles and addresses that came, where they are not pages of a team.
    answer = models.JSONField(
        default=list, db_default=models.Value([], models.JSONField()), blank=True
    )

    objects = SearchQuerySet.as_manager()

    class Meta:
        ordering = ["ticket", "round", "id"]
        verbose_name_plural = "searches"
        constraints = [
            models.CheckConstraint(
                condition=Q(ticket__isnull=True, page__isnull=True) | Q(team__isnull=False),
                name="search_of_a_ticket_has_a_team",
            )
        ]
        indexes = [
            models.Index(fields=["team", "id"], name="search_of_team"),
            models.Index(fields=["outcome", "id"], name="search_outcome"),
            models.Index(fields=["purpose", "id"], name="search_purpose"),
            models.Index(fields=["created_at", "id"], name="search_asked"),
            models.Index(fields=["team", "created_at", "id"], name="search_asked_of_team"),
            models.Index(fields=["ended_at", "id"], name="search_ended"),
        ]

    def __str__(self) -> str:
        return f"{self.provider}: {self.query or self.purpose}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A ticket's query is its team's."""
        if self._state.adding and self.ticket is not None:
            self.team_id = self.ticket.team_id
        super().save(*args, **kwargs)


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
