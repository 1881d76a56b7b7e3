"""Pages: whose they are, and how each address answered when it was asked."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import path, reverse

from claims.admin.as_was import show_as_was
from claims.admin.columns import bulk_action, column
from claims.admin.copies import copies_of, quotes_of, show_comparison
from claims.admin.facts import (
    Badge,
    Button,
    Fact,
    FactSheetAdmin,
    Section,
    Sheet,
    Table,
    when,
)
from claims.admin.filters import SourceFilter, TeamFilter, by_day, by_word
from claims.admin.outside import outside_link
from claims.admin.searching import PAGE_PLACES, with_found
from claims.admin.site import site
from claims.admin.standing import REVIEWERS, standing_of
from claims.admin.warc import may_import, send_chosen, send_page, show_import
from claims.admin.words import badge_of, label_colours, labelled
from claims.models import Page
from claims.vocabulary import FetchOutcome, FetchReason

SHOWN_ROWS = 200


class PageAdmin(FactSheetAdmin):
    """Addresses that were looked at, with how the last fetch ended."""

    list_display = ("name", "publisher", "came_to", "why", "looked_at", "team")
    list_display_links = ("name",)
    list_filter = (
        TeamFilter,
        by_word("outcome", FetchOutcome),
        by_word("reason", FetchReason),
        by_day("fetched_at", title="fetched"),
        SourceFilter,
    )
    list_select_related = ("team", "source")
    list_defer = ("detail",)
    search_places = PAGE_PLACES
    search_fields = ("title",)
    search_help_text = "Words of the stored text"
    ordering = ("-id",)
    sortable_by = ("looked_at",)
    actions = ("export_chosen",)
    list_before_template = "claims/page/above_list.html"

    @column("Page")
    def name(self, page: Page) -> str:
        """The title, else the address; at most 120 characters."""
        return with_found(page, str(page)[:120])

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

    def get_urls(self) -> list[Any]:
        """With the comparison of two copies, and copies as WARC out and in."""
        return [
            path(
                "<int:page_id>/compare/",
                self.admin_site.admin_view(show_comparison),
                name="claims_page_compare",
            ),
            path(
                "<int:page_id>/copies.warc.gz",
                self.admin_site.admin_view(send_page),
                name="claims_page_warc",
            ),
            path(
                "import-warc/",
                self.admin_site.admin_view(show_import),
                name="claims_page_import_warc",
            ),
            path(
                "<int:page_id>/as-was/",
                self.admin_site.admin_view(show_as_was),
                name="claims_page_as_was",
            ),
            *super().get_urls(),
        ]

    @bulk_action("Export the copies of the chosen pages (WARC)")
    def export_chosen(
        self, request: HttpRequest, queryset: models.QuerySet[Page]
    ) -> HttpResponseBase | None:
        """The rows that were ticked, of those the person may see."""
        return send_chosen(request, queryset)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list, with the way in for a file of copies."""
        context = {**(extra_context or {}), "may_import_warc": may_import(request)}
        answer: HttpResponse = super().changelist_view(request, context)
        return answer

    def describe(self, request: HttpRequest, row: Page) -> Sheet:
        """The address, its copies, and the searches that brought it."""
        source = Fact("Source", "–")
        if row.source:
            href = reverse("admin:claims_source_change", args=[row.source_id])
            source = Fact("Source", row.source.name, href=href)
        facts = [
            Fact("Address", row.url, outside=outside_link(row.url)),
            source,
            Fact("Last fetch", when(row.fetched_at)),
            Fact("Reason", self.why(row)),
            Fact("What was said", row.detail or "–"),
        ]
        badges = [badge_of(FetchOutcome(row.outcome))] if row.outcome else [Badge("Not fetched")]
        sections = [Section("The page", facts), copies_of(row), quotes_of(row), _searches_of(row)]
        return Sheet(
            title=str(row),
            badges=badges,
            buttons=_buttons_of(request, row),
            sections=[one for one in sections if one is not None],
        )


def _buttons_of(request: HttpRequest, page: Page) -> list[Button]:
    count = page.snapshots.count()
    may_ask = standing_of(request).has(REVIEWERS, page.team_id)
    named = (
        ("Compare two copies", "compare", "difference", 2),
        ("Copies as WARC", "warc", "archive", 1),
        *((("As it was on a day", "as_was", "event", 0),) if may_ask else ()),
    )
    return [
        Button(label, reverse(f"admin:claims_page_{name}", args=[page.pk]), icon)
        for label, name, icon, least in named
        if count >= least
    ]


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


site.register(Page, PageAdmin)
