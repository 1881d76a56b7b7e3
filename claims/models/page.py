"""Sources, their pages, and the snapshots that prove what a page said.

A page belongs to the team that looked for it. Raw bytes are kept once per
digest in the file storage; the row holds the digests, so a copy that was
altered is found (:mod:`claims.workflow.recheck`).
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce, Left

from claims.models.access import TeamScopedQuerySet
from claims.models.full_text import INDEXED_CHARS, words_of
from claims.models.team import Team
from claims.text.anchors import Anchor, make_anchor
from claims.text.page_marks import find_captions
from claims.vocabulary import FetchOutcome, FetchReason, SourceStanding, SourceType
from claims.web.documents import is_paged

# The time whose page a copy shows: an archive's copy shows an earlier one.
SHOWN_AT = Coalesce("archived_at", "fetched_at")


# The reader and fetcher of a copy that holds a person's own words: it proves nothing of a page.
TYPED = "typed by a reviewer"


class Source(models.Model):
    """A publisher as a team knows it, by host or by host and path prefix."""

    TEAM_PATH: ClassVar[str] = "team"

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="sources")
    prefix = models.CharField(
        max_length=300, help_text="Host, or host and path: every page below it is this source's."
    )
    name = models.CharField(max_length=300)
    type = models.CharField(max_length=12, choices=SourceType.choices(), default=SourceType.UNKNOWN)
    country = models.CharField(max_length=80, blank=True, db_default="", default="")
    standing = models.CharField(
        max_length=8,
        choices=SourceStanding.choices(),
        blank=True,
        db_default="",
        default="",
        help_text="Blocked: nothing of it is ever fetched for this team. "
        "Trusted: it is marked so, and its site may be searched by name.",
    )
    conflicts = models.TextField(
        blank=True,
        db_default="",
        default="",
        help_text="Who owns or pays it, and what it may gain from what it says.",
    )
    note = models.TextField(blank=True)

    objects = TeamScopedQuerySet["Source"].as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["team", "prefix"], name="one_source_per_prefix")
        ]
        indexes = [
            models.Index(fields=["team", "name", "id"], name="source_name_of_team"),
            models.Index(fields=["name", "id"], name="source_name"),
            models.Index(
                fields=["team", "standing"],
                condition=~Q(standing=""),
                name="source_standing_of_team",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Page(models.Model):
    """One URL of a source, with how its last fetch ended."""

    TEAM_PATH: ClassVar[str] = "team"

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="pages")
    source = models.ForeignKey(
        Source, null=True, blank=True, on_delete=models.SET_NULL, related_name="pages"
    )
    url = models.URLField(max_length=2000)
    canonical_url = models.CharField(max_length=2000)
    title = models.CharField(max_length=500, blank=True)
    outcome = models.CharField(max_length=8, choices=FetchOutcome.choices(), blank=True)
    reason = models.CharField(max_length=24, choices=FetchReason.choices(), blank=True)
    detail = models.TextField(blank=True)
    fetched_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = TeamScopedQuerySet["Page"].as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["team", "canonical_url"], name="one_page_per_url")
        ]
        indexes = [
            models.Index(fields=["team", "fetched_at", "id"], name="page_fetched_of_team"),
            models.Index(fields=["fetched_at", "id"], name="page_fetched"),
            models.Index(fields=["outcome", "id"], name="page_outcome"),
            models.Index(fields=["reason", "id"], condition=~Q(reason=""), name="page_reason"),
        ]

    def __str__(self) -> str:
        return self.title or self.url


class Snapshot(models.Model):
    """One stored fetch of a page: digests of the raw bytes and of the shown text, headers, time."""

    TEAM_PATH: ClassVar[str] = "page__team"

    page = models.ForeignKey(Page, on_delete=models.PROTECT, related_name="snapshots")
    final_url = models.URLField(max_length=2000)
    redirects = models.JSONField(default=list, blank=True)
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField(default=list, blank=True)
    content_type = models.CharField(max_length=200, blank=True)
    charset = models.CharField(max_length=60, blank=True)
    address = models.CharField(max_length=60, blank=True)
    # The name that the certificate was checked for; empty over http.
    tls_name = models.CharField(max_length=255, blank=True, db_default="", default="")
    fetched_at = models.DateTimeField()
    # When an archive took the copy that these bytes are; empty where the page itself answered.
    archived_at = models.DateTimeField(null=True, blank=True)
    # ISO times at which the server said that the page is still this one (304).
    checks = models.JSONField(
        default=list, db_default=models.Value([], models.JSONField()), blank=True
    )
    seconds = models.FloatField()
    size_bytes = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    body_path = models.CharField(max_length=200)
    fetcher = models.CharField(max_length=200)
    # Filled when the page has been read.
    read_at = models.DateTimeField(null=True, blank=True)
    reader = models.CharField(max_length=200, blank=True)
    generation = models.PositiveSmallIntegerField(default=1)
    text = models.TextField(blank=True)
    text_sha256 = models.CharField(max_length=64, blank=True)
    title = models.CharField(max_length=500, blank=True)
    byline = models.CharField(max_length=300, blank=True)
    publisher = models.CharField(max_length=300, blank=True)
    published_on = models.DateField(null=True, blank=True)
    language = models.CharField(max_length=8, blank=True)
    links = models.JSONField(default=list, blank=True)
    tables = models.JSONField(default=list, blank=True)
    # Images, video and sound as links with their captions (claims.web.media).
    media = models.JSONField(
        default=list, db_default=models.Value([], models.JSONField()), blank=True
    )
    is_cut = models.BooleanField(default=False)
    # Set when the bytes and the text went, by the team's rule or by a person; the digests stay.
    body_deleted_at = models.DateTimeField(null=True, blank=True)
    body_deleted_why = models.CharField(max_length=300, blank=True, db_default="", default="")
    body_deleted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    search = models.GeneratedField(
        expression=SearchVector("title", Left("text", INDEXED_CHARS), config="english"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = TeamScopedQuerySet["Snapshot"].as_manager()

    class Meta:
        ordering = ["-fetched_at", "-id"]
        indexes = [
            GinIndex(fields=["search"], name="snapshot_search"),
            models.Index(fields=["page", "-fetched_at"], name="snapshot_newest"),
            models.Index(fields=["-fetched_at", "-id"], name="snapshot_newest_of_all"),
            models.Index(fields=["size_bytes", "id"], name="snapshot_size"),
            models.Index(fields=["sha256"], name="snapshot_digest"),
            models.Index(
                fields=["fetched_at"],
                condition=Q(body_deleted_at__isnull=True),
                name="snapshot_with_body",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title or self.final_url} ({self.fetched_at:%Y-%m-%d})"

    @property
    def main_text(self) -> str:
        """The text without the captions that stand behind it: what the page is about."""
        return self.text[: find_captions(self.text)]


class Passage(models.Model):
    """A span of a snapshot's text; ``quote`` is that span, kept so that it stays provable.

    ``prefix`` and ``suffix`` are the words around it and ``place`` names its page or its
    table's row (:mod:`claims.text.anchors`), so that it is found in a changed page too.
    """

    TEAM_PATH: ClassVar[str] = "snapshot__page__team"

    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="passages")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    quote = models.TextField()
    prefix = models.CharField(max_length=80, blank=True, db_default="", default="")
    suffix = models.CharField(max_length=80, blank=True, db_default="", default="")
    place = models.JSONField(
        default=dict, db_default=models.Value({}, models.JSONField()), blank=True
    )

    objects = TeamScopedQuerySet["Passage"].as_manager()

    class Meta:
        ordering = ["snapshot", "start"]
        constraints = [
            models.UniqueConstraint(fields=["snapshot", "start", "end"], name="one_passage_a_span")
        ]
        indexes = [GinIndex(words_of("quote"), name="passage_quote_words")]

    def __str__(self) -> str:
        return self.quote[:80]

    @classmethod
    def cut(cls, snapshot: Snapshot, start: int, end: int) -> Passage:
        """An unsaved passage of the snapshot's text, anchored there."""
        anchor = make_anchor(snapshot.text, start, end, has_pages=is_paged(snapshot.reader))
        named = {"page": anchor.page, "row": anchor.row}
        return cls(
            snapshot=snapshot,
            start=start,
            end=end,
            quote=anchor.exact,
            prefix=anchor.prefix,
            suffix=anchor.suffix,
            place={name: number for name, number in named.items() if number},
        )

    @property
    def anchor(self) -> Anchor:
        """What finds the quote again in a later text of its page."""
        return Anchor(self.quote, self.prefix, self.suffix, self.start, self.end)
