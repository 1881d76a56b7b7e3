"""Claims: the list of what articles assert, and one claim with its numbers and places.

Read-only here: a claim's frame is edited on its ticket, where the history is.
"""

# ruff: noqa: ARG002 - the signatures are Django's
from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Prefetch
from django.http import HttpRequest
from django.urls import reverse
from unfold.contrib.filters.admin import DropdownFilter

from claims.admin.columns import column
from claims.admin.facts import Badge, Button, Fact, FactSheetAdmin, Section, Sheet, Table, when
from claims.admin.filters import TeamFilter, by_word
from claims.admin.numbers import say_quantity
from claims.admin.searching import CLAIM_PLACES, PlaceFilter, with_found
from claims.admin.site import site
from claims.admin.standing import EVERYONE, standing_of
from claims.admin.words import badge_of, label_colours, labelled
from claims.models import Appearance, Claim, Quantity, Ticket
from claims.vocabulary import QuantityKind, TicketState

# Bands of check-worthiness, as the article page colours them.
STRONG, FAIR = 0.7, 0.5
IMPORTED_SHOWN = 20


def band_of(score: float) -> str:
    """``strong``, ``fair`` or ``weak``."""
    if score >= STRONG:
        return "strong"
    return "fair" if score >= FAIR else "weak"


class ScoreFilter(DropdownFilter):  # type: ignore[misc]
    """``?score=strong|fair|weak``."""

    title = "check-worthiness"
    parameter_name = "score"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Three bands."""
        return [
            ("strong", f"Strong ({STRONG} and over)"),
            ("fair", f"Fair ({FAIR} to {STRONG})"),
            ("weak", f"Weak (under {FAIR})"),
        ]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> Any:
        """Claims of that band."""
        bands = {
            "strong": {"score__gte": STRONG},
            "fair": {"score__gte": FAIR, "score__lt": STRONG},
            "weak": {"score__lt": FAIR},
        }
        return queryset.filter(**bands.get(self.value() or "", {}))


class TicketFilter(DropdownFilter):  # type: ignore[misc]
    """``?ticket=yes|no``."""

    title = "ticket"
    parameter_name = "ticket"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """With or without."""
        return [("yes", "Has a ticket"), ("no", "Left without a ticket")]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> Any:
        """Claims with or without a ticket."""
        chosen = self.value()
        if chosen not in ("yes", "no"):
            return queryset
        # By existence: through a join the planner expects no claim without a ticket at all.
        held = models.Exists(Ticket.objects.filter(claim=models.OuterRef("pk")))
        return queryset.filter(held if chosen == "yes" else ~held)


class KindFilter(by_word("quantities__kind", QuantityKind, title="kind of number")):  # type: ignore[misc]
    """``?kind=money``: claims that state such a number."""

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> Any:
        """By existence, so that a claim with two such numbers is listed once."""
        chosen = self.value()
        if chosen not in set(self.words):
            return queryset
        held = Quantity.objects.filter(claim=models.OuterRef("pk"), kind=chosen)
        return queryset.filter(models.Exists(held))


class ClaimAdmin(FactSheetAdmin):
    """The list of claims and the page of one."""

    search_places = CLAIM_PLACES
    search_fields = ("self_contained",)
    search_help_text = "Words of the claim or its article"
    list_display = ("wording", "numbers", "worth", "ticket_state", "team", "found_at")
    list_display_links = ("wording",)
    list_filter = (TeamFilter, ScoreFilter, TicketFilter, KindFilter, PlaceFilter)
    list_select_related = ("team", "ticket")
    list_defer = ("search", "context_before", "context_after", "ticket__version")
    ordering = ("-created_at", "-id")
    sortable_by = ("worth", "found_at")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """With each claim's numbers, one query for the whole list."""
        return super().get_queryset(request).prefetch_related("quantities")

    @column("Claim")
    def wording(self, claim: Claim) -> str:
        """The first 120 characters."""
        return with_found(claim, str(claim))

    @column("Numbers")
    def numbers(self, claim: Claim) -> str:
        """Each number as it was read."""
        return ", ".join(say_quantity(one) for one in claim.quantities.all()) or "–"

    @column(
        "Worth checking",
        ordering="score",
        label={"strong": "success", "fair": "info", "weak": ""},
    )
    def worth(self, claim: Claim) -> tuple[str, str]:
        """The score in its band's colour."""
        return band_of(claim.score), f"{claim.score:.2f}"

    @column("Ticket", label=label_colours(TicketState))
    def ticket_state(self, claim: Claim) -> Any:
        """Where its ticket stands."""
        ticket = getattr(claim, "ticket", None)
        return labelled(ticket.state, TicketState) if ticket else None

    @column("Found", ordering="created_at")
    def found_at(self, claim: Claim) -> str:
        """When."""
        return when(claim.created_at)

    def describe(self, request: HttpRequest, row: Claim) -> Sheet:
        """The claim, its frame, its numbers and the places it appears in."""
        ticket = getattr(row, "ticket", None)
        badges = [Badge(f"Worth checking {row.score:.2f}", _colour(row.score))]
        if ticket is not None:
            badges.append(badge_of(TicketState(ticket.state)))
        if row.dropped_at is not None:
            badges.append(Badge(f"Dropped {when(row.dropped_at)}", "danger"))
        return Sheet(
            title=row.text,
            badges=badges,
            buttons=self._buttons(request, row, ticket),
            sections=[
                _frame_of(row),
                _numbers_of(row),
                _appearances_of(row),
            ],
        )

    def _buttons(self, request: HttpRequest, claim: Claim, ticket: Any) -> list[Button]:
        if ticket is not None:
            href = reverse("admin:claims_ticket_change", args=[ticket.pk])
            return [Button(f"Go to ticket {ticket.pk}", href, "fact_check", is_main=True)]
        if claim.dropped_at or not standing_of(request).has(EVERYONE, claim.team_id):
            return []
        href = reverse("admin:claims_claim_open", args=[claim.pk])
        return [Button("Open a ticket", href, "add_task", is_post=True, is_main=True)]

    def get_urls(self) -> list[Any]:
        """The button that opens a ticket, beside Django's own addresses."""
        from django.urls import path

        from claims.admin.opening import open_claim

        return [
            path(
                "<int:claim_id>/open/",
                self.admin_site.admin_view(open_claim),
                name="claims_claim_open",
            ),
            *super().get_urls(),
        ]


def _colour(score: float) -> str:
    return {"strong": "success", "fair": "info", "weak": ""}[band_of(score)]


def _frame_of(claim: Claim) -> Section:
    period = " – ".join(when(day) for day in (claim.period_from, claim.period_to) if day) or "–"
    facts = [
        Fact("Claimant", claim.claimant or "–"),
        Fact("Measured", claim.measured or "–"),
        Fact("Of what", claim.of_what or "–"),
        Fact("Place", claim.place or "–"),
        Fact("Period", period),
        Fact("Team", claim.team.name),
        Fact("Why it is worth checking", "; ".join(map(str, claim.reasons)) or "–"),
    ]
    if claim.self_contained != claim.text:
        facts.insert(0, Fact("In self-contained words", claim.self_contained))
    return Section("What it says", facts)


def _numbers_of(claim: Claim) -> Section:
    rows = [
        (one.text, say_quantity(one), one.get_kind_display(), one.counted or one.measured or "–")
        for one in claim.quantities.all()
    ]
    if not rows:
        return Section("Numbers", note="No number was read in this claim.")
    return Section("Numbers", tables=[Table(("As written", "As read", "Kind", "Of"), rows)])


def _appearances_of(claim: Claim) -> Section:
    places = Appearance.objects.filter(claim=claim).select_related("article")
    places = places.prefetch_related(Prefetch("article__team")).defer(
        "article__text", "article__search", "article__links"
    )
    rows = [
        (
            Fact(
                "",
                str(place.article),
                href=reverse("admin:claims_article_change", args=[place.article_id])
                + f"#claim-{claim.pk}",
            ),
            when(place.article.published_on),
            f"{place.start}–{place.end}",
        )
        for place in places
    ]
    imported = _imported_of(claim)
    if not rows and not imported:
        return Section("Appears in", note="Typed by a person; it belongs to no article.")
    tables = [Table(("Article", "Published", "Characters"), rows)] if rows else []
    if imported:
        tables.append(Table(("Imported from", "Line", "Said to stand in", "Said on"), imported))
    return Section("Appears in", tables=tables)


def _imported_of(claim: Claim) -> list[tuple[Any, ...]]:
    """The lines of imported files that became this claim, with what they say of its place."""
    found = claim.imported_rows.select_related("source").defer("source__body").order_by("-id")
    return [
        (
            Fact(
                "", str(row.source), href=reverse("admin:claims_import_show", args=[row.source_id])
            ),
            row.line,
            " · ".join(filter(None, (row.article_title, row.article_url))) or "–",
            when(row.said_on),
        )
        for row in found[:IMPORTED_SHOWN]
    ]


site.register(Claim, ClaimAdmin)
