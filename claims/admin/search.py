"""The search log: every query that was asked, and what came of it, *found nothing* included."""

# ruff: noqa: ARG002 - the signatures are Django's
from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from claims.admin.columns import column
from claims.admin.copies import copy_url
from claims.admin.counted import SILENT, asked_lately, unanswered
from claims.admin.facts import Button, Fact, FactSheetAdmin, Section, Sheet, Table, when
from claims.admin.filters import TeamFilter, by_day, by_rows, by_word
from claims.admin.outside import outside_link
from claims.admin.searching import SEARCH_PLACES, with_found
from claims.admin.site import site
from claims.admin.ticket_panels.desk import name_of
from claims.admin.ticket_panels.wording import PURPOSES
from claims.admin.words import badge_of, label_colours, labelled
from claims.models import Search
from claims.vocabulary import ProviderName, SearchOutcome, SearchPurpose
from claims.workflow.gather.providers import LABELS as PROVIDERS

RESULTS = ("Rank", "Page", "Address", "Snippet", "Publisher, rating", "Day")


class SearchAdmin(FactSheetAdmin):
    """The list of searches and the results of one."""

    search_places = SEARCH_PLACES
    search_fields = ("query",)
    search_help_text = "Words of the claim that was searched for"
    list_display = ("asked", "where", "meant", "came_to", "found", "claim", "ended")
    list_display_links = ("asked",)
    list_filter = (
        TeamFilter,
        by_word("outcome", SearchOutcome),
        by_word("purpose", SearchPurpose),
        by_day("created_at", title="when"),
        by_rows("place", ProviderName.choices(), asked_lately, title="put in the last 7 days to"),
        by_rows("answer", [(SILENT, "None came")], unanswered),
    )
    list_select_related = ("ticket__claim",)
    list_defer = ("detail", "ticket__claim__search", "ticket__claim__context_before")
    ordering = ("-id",)
    sortable_by = ("ended",)

    @column("Query")
    def asked(self, search: Search) -> str:
        """The words, or what was followed instead."""
        return with_found(search, _query_of(search))

    @column("Where", ordering="provider")
    def where(self, search: Search) -> str:
        """The place that was asked, by its name."""
        return PROVIDERS.get(search.provider, search.provider)

    @column("Looked", ordering="purpose")
    def meant(self, search: Search) -> str:
        """What it was meant to bring back."""
        return PURPOSES[SearchPurpose(search.purpose)]

    @column("Results", ordering="result_count")
    def found(self, search: Search) -> int:
        """How many came back."""
        return search.result_count

    @column("Came to", label=label_colours(SearchOutcome))
    def came_to(self, search: Search) -> Any:
        """The outcome in its colour."""
        return labelled(search.outcome, SearchOutcome)

    @column("Claim")
    def claim(self, search: Search) -> str:
        """The claim it was for."""
        return str(search.ticket.claim) if search.ticket else "–"

    @column("Ended", ordering="ended_at")
    def ended(self, search: Search) -> str:
        """When."""
        return when(search.ended_at)

    def describe(self, request: HttpRequest, row: Search) -> Sheet:
        """The query, its outcome, and its results in the provider's order."""
        buttons = []
        facts = []
        if row.ticket is not None:
            ticket = reverse("admin:claims_ticket_change", args=[row.ticket_id])
            facts.append(Fact("Claim", str(row.ticket.claim), href=ticket))
            buttons.append(Button(f"Go to ticket {row.ticket_id}", ticket, "fact_check"))
        if row.page is not None:
            page = reverse("admin:claims_page_change", args=[row.page_id])
            facts.append(Fact("Page", str(row.page), href=page))
        facts += [
            Fact("Where", PROVIDERS.get(row.provider, row.provider)),
            Fact("Looked", PURPOSES[SearchPurpose(row.purpose)]),
            Fact("Round", row.round),
            Fact("Language", row.language or "–"),
            *([Fact("As it was on", when(row.wanted_on))] if row.wanted_on else ()),
            *([Fact("Asked by", name_of(row.asked_by))] if row.asked_by else ()),
            Fact("Asked", when(row.created_at)),
            Fact("Ended", when(row.ended_at)),
            Fact("What was said", row.detail or "–"),
        ]
        return Sheet(
            title=_query_of(row),
            badges=[badge_of(SearchOutcome(row.outcome))],
            buttons=buttons,
            sections=[Section("The search", facts), _results_of(row)],
        )


def _query_of(search: Search) -> str:
    """The words, or what was followed or looked for instead."""
    if search.purpose == SearchPurpose.CITED:
        return "Links the article gives"
    if search.purpose == SearchPurpose.COPY:
        day = f" as it was on {when(search.wanted_on)}" if search.wanted_on else ""
        return f"{search.query}{day}"
    return search.query


def _results_of(search: Search) -> Section:
    rows = [
        (
            one.rank,
            Fact(
                "",
                one.title or str(one.page),
                href=reverse("admin:claims_page_change", args=[one.page_id]),
            ),
            Fact("", one.page.url, outside=outside_link(one.page.url)),
            one.snippet or "–",
            ", ".join(part for part in (one.publisher, one.rating) if part) or "–",
            when(one.published_on),
        )
        for one in search.results.select_related("page")
    ]
    if not rows and search.copy is not None:
        copy = Fact("Copy", str(search.copy), href=copy_url(search.copy))
        return Section("Results", [copy])
    if not rows and search.answer:
        told = [
            (one.get("title") or "–", Fact("", one["url"], outside=outside_link(one["url"])))
            for one in search.answer
        ]
        return Section("Results", tables=[Table(("Title", "Address"), told)])
    if not rows:
        return Section(
            "Results", note="Nothing came back. That is kept: an empty answer is a fact."
        )
    return Section("Results", tables=[Table(RESULTS, rows)])


site.register(Search, SearchAdmin)
