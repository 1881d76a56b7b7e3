"""Articles: texts brought in, kept exactly as they were read."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models.functions import Left

from claims.models.access import TeamScopedQuerySet
from claims.models.errand import Errand
from claims.models.full_text import INDEXED_CHARS
from claims.models.team import Team
from claims.vocabulary import ArticleState, FetchReason


class Article(models.Model):
    """A text with its title, byline and date; unique in a team by digest and by canonical URL."""

    TEAM_PATH: ClassVar[str] = "team"

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="articles")
    state = models.CharField(
        max_length=10, choices=ArticleState.choices(), default=ArticleState.RECEIVED
    )
    failure = models.CharField(max_length=24, choices=FetchReason.choices(), blank=True)
    failure_detail = models.TextField(blank=True)
    title = models.CharField(max_length=500, blank=True)
    byline = models.CharField(max_length=300, blank=True)
    publisher = models.CharField(max_length=300, blank=True)
    published_on = models.DateField(null=True, blank=True)
    language = models.CharField(max_length=8, blank=True)
    url = models.URLField(max_length=2000, blank=True)
    canonical_url = models.CharField(max_length=2000, blank=True)
    text = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    links = models.JSONField(default=list, blank=True)
    left_out = models.PositiveIntegerField(
        default=0, help_text="Check-worthy claims the cap or an earlier ticket left without one."
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    # With which others it was brought in.
    errand = models.ForeignKey(
        Errand,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="articles",
        db_index=False,
    )
    reread_at = models.DateTimeField(
        null=True, blank=True, help_text="When its URL was last read again."
    )
    # The stored copy of its page that the text was read from; empty for a text brought in.
    copy = models.ForeignKey(
        "claims.Snapshot", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    search = models.GeneratedField(
        expression=SearchVector("title", Left("text", INDEXED_CHARS), config="english"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = TeamScopedQuerySet["Article"].as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["team", "sha256"],
                condition=~models.Q(sha256=""),
                name="one_article_per_digest",
            ),
            models.UniqueConstraint(
                fields=["team", "canonical_url"],
                condition=~models.Q(canonical_url=""),
                name="one_article_per_url",
            ),
        ]
        indexes = [
            GinIndex(fields=["search"], name="article_search"),
            models.Index(fields=["team", "-created_at", "-id"], name="article_newest"),
            models.Index(fields=["-created_at", "-id"], name="article_newest_of_all"),
            models.Index(fields=["state", "-created_at", "-id"], name="article_state"),
            models.Index(
                fields=["errand", "state"],
                condition=models.Q(errand__isnull=False),
                name="article_errand",
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.url or f"Article {self.pk}"


class ArticleRevision(models.Model):
    """A text that an article had until it changed, kept so that what rested on it can be shown.

    ``number`` counts from 1, the first text; the article's own row holds the newest text.
    """

    TEAM_PATH: ClassVar[str] = "article__team"

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    title = models.CharField(max_length=500, blank=True)
    byline = models.CharField(max_length=300, blank=True)
    published_on = models.DateField(null=True, blank=True)
    replaced_at = models.DateTimeField(auto_now_add=True)
    replaced_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    copy = models.ForeignKey(
        "claims.Snapshot", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    moved_count = models.PositiveIntegerField(default=0)
    gone_count = models.PositiveIntegerField(default=0)

    objects = TeamScopedQuerySet["ArticleRevision"].as_manager()

    class Meta:
        ordering = ["article", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="one_revision_a_number")
        ]

    def __str__(self) -> str:
        return f"{self.article}, text {self.number}"
