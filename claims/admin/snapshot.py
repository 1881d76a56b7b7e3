"""Stored copies: what was fetched, when, by what way, and the proof of it.

A copy's text is text here, its headers and tables are cells. Its raw bytes are not served
at all; as a page it is shown sanitised and sandboxed (:mod:`claims.admin.stored_page`).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse

from claims.admin.choosing import offer_choosing
from claims.admin.columns import column
from claims.admin.deleting_copies import delete_buttons, deletion_of, show_deletion
from claims.admin.facts import (
    Badge,
    Button,
    Fact,
    FactSheetAdmin,
    Part,
    Section,
    Sheet,
    Table,
    size_of,
    when,
)
from claims.admin.filters import TeamFilter, by_day
from claims.admin.media import media_section
from claims.admin.outside import outside_link
from claims.admin.searching import COPY_PLACES, with_found
from claims.admin.site import site
from claims.admin.stored_page import page_buttons, quote_of, show_page
from claims.models import Passage, Snapshot
from claims.text.page_marks import count_pages, read_left_out
from claims.web.documents import is_paged

SHOWN_ROWS = 200
SHOWN_TABLES = 20
SHOWN_LINKS = 300
SHOWN_CHARS = 200_000


class SnapshotAdmin(FactSheetAdmin):
    """Stored copies: digests, headers, the way there, and the text as it was read."""

    search_places = COPY_PLACES
    search_fields = ("title",)
    search_help_text = "Words of the stored text"
    list_display = ("name", "stored", "status", "size", "short_digest")
    list_display_links = ("name",)
    list_filter = (TeamFilter, by_day("fetched_at", title="fetched"))
    list_select_related = ("page",)
    list_defer = (
        "text",
        "search",
        "headers",
        "links",
        "tables",
        "media",
        "redirects",
        "page__detail",
    )
    ordering = ("-fetched_at", "-id")
    sortable_by = ("stored", "size")

    @column("Copy of")
    def name(self, snapshot: Snapshot) -> str:
        """The title, else the address."""
        return with_found(snapshot, (snapshot.title or snapshot.final_url)[:120])

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

    def get_urls(self) -> list[Any]:
        """With the page that deletes a copy's body, and the copy shown as a page."""
        return [
            path(
                "<int:snapshot_id>/page/",
                self.admin_site.admin_view(show_page),
                name="claims_snapshot_page",
            ),
            path(
                "<int:snapshot_id>/delete-body/",
                self.admin_site.admin_view(show_deletion),
                name="claims_snapshot_delete_body",
            ),
            *super().get_urls(),
        ]

    def describe(self, request: HttpRequest, row: Snapshot) -> Sheet:
        """Facts and digests first, then the text; nothing of it is live."""
        page = reverse("admin:claims_page_change", args=[row.page_id])
        badges = [Badge(f"HTTP {row.status}", "success" if row.status < 400 else "danger")]
        if row.is_cut:
            badges.append(Badge("Cut at a limit", "warning"))
        if row.body_deleted_at is not None:
            badges.append(Badge("Body deleted", "warning"))
        elif row.read_at is None:
            badges.append(Badge("Not read yet", "info"))
        quote = quote_of(request, row)
        sections = [_fetch_of(row), *deletion_of(row), _reading_of(row)]
        if row.text:
            sections.append(_text_of(row, quote))
        media = media_section(row.media)
        sections += [*_tables_of(row), *([media] if media else ()), *_folded_of(row)]
        return Sheet(
            title=row.title or row.final_url,
            lead=f"Stored {when(row.fetched_at)}",
            badges=badges,
            buttons=[
                Button("All copies of this page", page, "history"),
                *page_buttons(row),
                *delete_buttons(request, row),
            ],
            sections=sections,
            choose=offer_choosing(request, row, shown_from=_shown_from(row, quote)),
        )


def _fetch_of(row: Snapshot) -> Section:
    return Section(
        "The fetch",
        [
            Fact("Address in the end", row.final_url, outside=outside_link(row.final_url)),
            Fact("Fetched", when(row.fetched_at)),
            *_checks_of(row),
            *([Fact("Taken by an archive", when(row.archived_at))] if row.archived_at else ()),
            Fact("Took", f"{row.seconds:.2f} s"),
            Fact("Type", row.content_type or "–"),
            Fact("Size", f"{row.size_bytes:,} bytes"),
            Fact("SHA-256 of the bytes", row.sha256, is_code=True),
            Fact("SHA-256 of the text", row.text_sha256 or "–", is_code=bool(row.text_sha256)),
            Fact("Server's address", row.address or "–"),
            Fact("Certificate checked for", row.tls_name or "– (fetched over http)"),
            Fact("Fetched by", row.fetcher),
        ],
    )


def _checks_of(row: Snapshot) -> list[Fact]:
    """When the server last said that the page is still this copy."""
    if not row.checks:
        return []
    try:
        last = when(datetime.fromisoformat(row.checks[-1]))
    except ValueError:
        last = str(row.checks[-1])
    times = f" ({len(row.checks)} times in all)" if len(row.checks) > 1 else ""
    return [Fact("Found unchanged", f"{last}{times}")]


def _reading_of(row: Snapshot) -> Section:
    pages = count_pages(row.text) if is_paged(row.reader) else 0
    left_out = read_left_out(row.text) if row.is_cut else ""
    return Section(
        "As it was read",
        [
            *([Fact("Pages", f"{pages:,}")] if pages else ()),
            *([Fact("Left out", left_out)] if left_out else ()),
            Fact("Title", row.title or "–"),
            Fact("Byline", row.byline or "–"),
            Fact("Publisher", row.publisher or "–"),
            Fact("Published", when(row.published_on)),
            Fact("Language", row.language or "–"),
            Fact("Characters", row.charset or "–"),
            Fact("Read", when(row.read_at)),
            Fact("Read by", f"{row.reader}, generation {row.generation}" if row.reader else "–"),
        ],
    )


def _shown_from(row: Snapshot, quote: Passage | None) -> int:
    is_long = len(row.text) > SHOWN_CHARS
    return max(0, quote.start - SHOWN_CHARS // 2) if quote and is_long else 0


def _text_of(row: Snapshot, quote: Passage | None) -> Section:
    """The text, or as much of it around the quote, with the quote marked."""
    length = len(row.text)
    start = _shown_from(row, quote)
    end = min(start + SHOWN_CHARS, length)
    note = f"Characters {start + 1:,} to {end:,} of {length:,}." if end - start < length else ""
    if quote is None:
        return Section("Text", text=row.text[:end], note=note)
    if row.text[quote.start : quote.end] != quote.quote:
        note = f"The quote does not stand at its place in this copy. {note}"
        return Section("Text", text=row.text[start:end], note=note)
    parts = [
        Part(row.text[start : quote.start]),
        Part(quote.quote, is_marked=True),
        Part(row.text[quote.end : end]),
    ]
    return Section("Text", parts=parts, note=note)


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
            Section(
                f"Redirects ({len(hops)})", tables=[Table(("", "By way of"), hops)], is_folded=True
            )
        )
    for title, name in (("Headers sent", "request"), ("Headers received", "response")):
        pairs = row.headers.get(name) if isinstance(row.headers, dict) else None
        if pairs:
            cells = [tuple(_cell(part) for part in pair) for pair in pairs]
            sections.append(
                Section(title, tables=[Table(("Name", "Value"), cells)], is_folded=True)
            )
    if row.links:
        links = [
            (link.get("text") or "–", Fact("", link["url"], outside=outside_link(link["url"])))
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


site.register(Snapshot, SnapshotAdmin)
