"""Sources, their pages and the stored copies: what was looked at, and the proof of it.

Refused: showing fetched HTML as HTML. A snapshot's text is text, its headers
and tables are cells, and its raw bytes are not served at all.
"""

# ruff: noqa: ARG002 - the signatures are Django's
from __future__ import annotations

from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db import models
from django.http import HttpRequest
from django.urls import reverse

from claims.admin.base import TeamScopedAdmin
from claims.admin.columns import column
from claims.admin.facts import (
    Badge,
    Button,
    Fact,
    FactSheetAdmin,
    Section,
    Sheet,
    Table,
    size_of,
    web_href,
    when,
)
from claims.admin.filters import TeamFilter, by_day, by_word
from claims.admin.site import site
from claims.admin.stale import SeenFields, SeenForm
from claims.admin.standing import REVIEWERS
from claims.admin.words import badge_of, label_colours, labelled
from claims.models import Page, Snapshot, Source
from claims.vocabulary import FetchOutcome, FetchReason, SourceType

SHOWN_ROWS = 200
SHOWN_TABLES = 20
SHOWN_LINKS = 300
SHOWN_CHARS = 200_000
TYPE_COLOURS = {
    "primary": "success",
    "official": "success",
    "academic": "info",
    "agency": "info",
    "media": "",
    "social": "warning",
    "unknown": "",
}


class SourceForm(SeenForm):
    """What a reviewer knows about a publisher."""

    class Meta:
        model = Source
        fields = ("team", "name", "prefix", "type", "note")


class SourceAdmin(SeenFields, TeamScopedAdmin):
    """Publishers as a team knows them; reviewers say of what type they are."""

    form = SourceForm
    add_roles = change_roles = REVIEWERS
    list_display = ("name", "prefix", "sort", "team")
    list_filter = (TeamFilter, by_word("type", SourceType))
    list_select_related = ("team",)
    search_fields = ("name__icontains", "prefix__istartswith")
    search_help_text = "Name or host"

    @column("Type", label=TYPE_COLOURS)
    def sort(self, source: Source) -> Any:
        """The type in its colour."""
        return labelled(source.type, SourceType)


class PageAdmin(FactSheetAdmin):
    """Addresses that were looked at, with how the last fetch ended."""

    list_display = ("name", "publisher", "came_to", "why", "looked_at", "team")
    list_display_links = ("name",)
    list_filter = (
        TeamFilter,
        by_word("outcome", FetchOutcome),
        by_word("reason", FetchReason),
        by_day("fetched_at", title="fetched"),
    )
    list_select_related = ("team", "source")
    list_defer = ("detail",)
    search_fields = ("title",)
    search_help_text = "Words of the stored text"
    ordering = ("-id",)

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet[Any], search_term: str
    ) -> tuple[models.QuerySet[Any], bool]:
        """Pages one of whose stored copies holds the words."""
        term = search_term.replace("\x00", "").strip()
        if not term:
            return queryset, False
        query = SearchQuery(term, config="english", search_type="websearch")
        held = Snapshot.objects.filter(page=models.OuterRef("pk"), search=query)
        return queryset.filter(models.Exists(held)), False

    @column("Page")
    def name(self, page: Page) -> str:
        """The title, else the address; at most 120 characters."""
        return str(page)[:120]

    @column("Source")
    def publisher(self, page: Page) -> str:
        """The publisher's name."""
        return page.source.name if page.source else "–"

    @column("Last fetch", label=label_colours(FetchOutcome))
    def came_to(self, page: Page) -> Any:
        """The outcome in its colour."""
        return labelled(page.outcome, FetchOutcome)

    @column("Fetched", ordering="fetched_at")
    def looked_at(self, page: Page) -> str:
        """When."""
        return when(page.fetched_at)

    @column("Reason")
    def why(self, page: Page) -> str:
        """Why there is no copy."""
        return page.get_reason_display() if page.reason else "–"

    def describe(self, request: HttpRequest, row: Page) -> Sheet:
        """The address, its copies, and the searches that brought it."""
        source = Fact("Source", "–")
        if row.source:
            href = reverse("admin:claims_source_change", args=[row.source_id])
            source = Fact("Source", row.source.name, href=href)
        facts = [
            Fact("Address", row.url, outside=web_href(row.url)),
            source,
            Fact("Last fetch", when(row.fetched_at)),
            Fact("Reason", self.why(row)),
            Fact("What was said", row.detail or "–"),
        ]
        badges = [badge_of(FetchOutcome(row.outcome))] if row.outcome else [Badge("Not fetched")]
        return Sheet(
            title=str(row),
            badges=badges,
            sections=[Section("The page", facts), _copies_of(row), _searches_of(row)],
        )


class SnapshotAdmin(FactSheetAdmin):
    """Stored copies: digests, headers, the way there, and the text as it was read."""

    search_vector = "search"
    search_fields = ("title",)
    search_help_text = "Words of the stored text"
    list_display = ("name", "stored", "status", "size", "short_digest")
    list_display_links = ("name",)
    list_filter = (TeamFilter, by_day("fetched_at", title="fetched"))
    list_select_related = ("page",)
    list_defer = ("text", "search", "headers", "links", "tables", "redirects", "page__detail")
    ordering = ("-fetched_at", "-id")

    @column("Copy of")
    def name(self, snapshot: Snapshot) -> str:
        """The title, else the address."""
        return (snapshot.title or snapshot.final_url)[:120]

    @column("Stored", ordering="fetched_at")
    def stored(self, snapshot: Snapshot) -> str:
        """When."""
        return when(snapshot.fetched_at)

    @column("Size", ordering="size_bytes")
    def size(self, snapshot: Snapshot) -> str:
        """Bytes for people."""
        return size_of(snapshot.size_bytes)

    @column("SHA-256")
    def short_digest(self, snapshot: Snapshot) -> str:
        """The first twelve digits."""
        return snapshot.sha256[:12]

    def describe(self, request: HttpRequest, row: Snapshot) -> Sheet:
        """Facts and digests first, then the text; nothing of it is live."""
        page = reverse("admin:claims_page_change", args=[row.page_id])
        badges = [Badge(f"HTTP {row.status}", "success" if row.status < 400 else "danger")]
        if row.is_cut:
            badges.append(Badge("Cut at a limit", "warning"))
        if row.read_at is None:
            badges.append(Badge("Not read yet", "info"))
        sections = [_fetch_of(row), _reading_of(row)]
        if row.text:
            sections.append(_text_of(row))
        sections += [*_tables_of(row), *_folded_of(row)]
        return Sheet(
            title=row.title or row.final_url,
            lead=f"Stored {when(row.fetched_at)}",
            badges=badges,
            buttons=[Button("All copies of this page", page, "history")],
            sections=sections,
        )


def _copies_of(page: Page) -> Section:
    copies = page.snapshots.defer("text", "search", "headers", "links", "tables", "redirects")
    rows = [
        (
            Fact(
                "",
                when(one.fetched_at),
                href=reverse("admin:claims_snapshot_change", args=[one.pk]),
            ),
            one.status,
            size_of(one.size_bytes),
            Fact("", one.sha256, is_code=True),
        )
        for one in copies[:SHOWN_ROWS]
    ]
    if not rows:
        return Section("Stored copies", note="There is no copy of this page.")
    return Section("Stored copies", tables=[Table(("Fetched", "Status", "Size", "SHA-256"), rows)])


def _searches_of(page: Page) -> Section:
    found = page.results.select_related("search").order_by("-search_id")[:SHOWN_ROWS]
    rows = [
        (
            Fact(
                "",
                str(one.search),
                href=reverse("admin:claims_search_change", args=[one.search_id]),
            ),
            one.rank,
            Fact(
                "",
                f"Ticket {one.search.ticket_id}",
                href=reverse("admin:claims_ticket_change", args=[one.search.ticket_id]),
            ),
        )
        for one in found
    ]
    if not rows:
        return Section("Found by", note="No search has brought this page.")
    return Section("Found by", tables=[Table(("Search", "Rank", "For"), rows)])


def _fetch_of(row: Snapshot) -> Section:
    return Section(
        "The fetch",
        [
            Fact("Address in the end", row.final_url, outside=web_href(row.final_url)),
            Fact("Fetched", when(row.fetched_at)),
            Fact("Took", f"{row.seconds:.2f} s"),
            Fact("Type", row.content_type or "–"),
            Fact("Size", f"{row.size_bytes:,} bytes"),
            Fact("SHA-256 of the bytes", row.sha256, is_code=True),
            Fact("SHA-256 of the text", row.text_sha256 or "–", is_code=bool(row.text_sha256)),
            Fact("Server's address", row.address or "–"),
            Fact("Fetched by", row.fetcher),
        ],
    )


def _reading_of(row: Snapshot) -> Section:
    return Section(
        "As it was read",
        [
            Fact("Title", row.title or "–"),
            Fact("Byline", row.byline or "–"),
            Fact("Publisher", row.publisher or "–"),
            Fact("Published", when(row.published_on)),
            Fact("Language", row.language or "–"),
            Fact("Characters", row.charset or "–"),
            Fact("Read", when(row.read_at)),
            Fact("Read by", row.reader or "–"),
        ],
    )


def _text_of(row: Snapshot) -> Section:
    cut = len(row.text) > SHOWN_CHARS
    note = f"The first {SHOWN_CHARS:,} of {len(row.text):,} characters." if cut else ""
    return Section("Text", text=row.text[:SHOWN_CHARS], note=note)


def _tables_of(row: Snapshot) -> list[Section]:
    tables = [
        Table(table.get("header") or (), (table.get("rows") or [])[:SHOWN_ROWS], table["caption"])
        for table in row.tables[:SHOWN_TABLES]
    ]
    return [Section(f"Tables ({len(row.tables)})", tables=tables, is_folded=True)] if tables else []


def _folded_of(row: Snapshot) -> list[Section]:
    sections = []
    if row.redirects:
        hops = [(step, _cell(hop)) for step, hop in enumerate(row.redirects, start=1)]
        sections.append(
            Section(f"Redirects ({len(hops)})", tables=[Table(("", "To"), hops)], is_folded=True)
        )
    if row.headers:
        pairs = [tuple(_cell(part) for part in pair) for pair in row.headers]
        sections.append(
            Section("Headers", tables=[Table(("Name", "Value"), pairs)], is_folded=True)
        )
    if row.links:
        links = [
            (link.get("text") or "–", Fact("", link["url"], outside=web_href(link["url"])))
            for link in row.links[:SHOWN_LINKS]
        ]
        sections.append(
            Section(
                f"Links ({len(row.links)})",
                tables=[Table(("Text", "Address"), links)],
                is_folded=True,
            )
        )
    return sections


def _cell(stored: object) -> str:
    """A stored JSON value as one cell."""
    if isinstance(stored, list | tuple):
        return " → ".join(map(str, stored))
    if isinstance(stored, dict):
        return ", ".join(f"{key}: {value}" for key, value in stored.items())
    return str(stored)


site.register(Source, SourceAdmin)
site.register(Page, PageAdmin)
site.register(Snapshot, SnapshotAdmin)
