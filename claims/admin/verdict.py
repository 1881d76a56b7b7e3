"""Verdicts: the list with its filters, one verdict with what it rests on, and the way out as CSV.

Read-only: a verdict is given, confirmed and corrected on its ticket.
"""

# ruff: noqa: ARG002 - the signatures are Django's
from __future__ import annotations

from typing import Any

from django.contrib.admin.views.main import SEARCH_VAR
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponseBase
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from claims.admin.colours import safe_colour
from claims.admin.columns import bulk_action, column
from claims.admin.export import stream_verdicts
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
from claims.admin.filters import TeamFilter, by_day, by_word
from claims.admin.outside import outside_link
from claims.admin.searching import (
    VERDICT_PLACES,
    PlaceFilter,
    chosen_places,
    clean_words,
    find_all_rows,
    with_found,
)
from claims.admin.site import site
from claims.admin.ticket_panels.told import render_safely, tell_waivers
from claims.admin.ticket_panels.wording import OUTCOMES, STANCES
from claims.admin.verdict_filters import (
    DecidedFilter,
    RatingFilter,
    ReadFilter,
    VersionFilter,
    WaivedFilter,
)
from claims.admin.words import badge_of, label_colours, labelled
from claims.models import Evidence, Verdict
from claims.vocabulary import Outcome, Stance, VerdictState


class VerdictAdmin(FactSheetAdmin):
    """The list of verdicts and the page of one version."""

    change_list_template = "claims/export/verdict_list.html"
    search_places = VERDICT_PLACES
    search_fields = ("rationale",)
    search_help_text = "Words of the claim or the rationale"
    list_display = ("claim", "answer", "is_now", "version", "who", "second", "given", "team")
    list_display_links = ("claim",)
    list_filter = (
        TeamFilter,
        VersionFilter,
        RatingFilter,
        by_word("state", VerdictState),
        by_day("decided_at", title="decided"),
        DecidedFilter,
        WaivedFilter,
        ReadFilter,
        PlaceFilter,
    )
    list_select_related = (
        "ticket__claim",
        "ticket__team",
        "reviewer",
        "second_reviewer",
    )
    list_defer = ("rationale", "second_note", "what_would_change", "ticket__claim__search")
    ordering = ("-decided_at", "-id")
    sortable_by = ("given",)
    actions = ("export_chosen",)

    @column("Claim")
    def claim(self, verdict: Verdict) -> str:
        """The claim's wording."""
        return with_found(verdict, str(verdict.ticket.claim))

    @column("Rating")
    def answer(self, verdict: Verdict) -> str:
        """The label in its colour."""
        return format_html(
            '<span class="fc-rating" style="--fc-rating: {}">{}</span>',
            safe_colour(verdict.rating_colour),
            verdict.rating_label,
        )

    @column("State", label=label_colours(VerdictState))
    def is_now(self, verdict: Verdict) -> Any:
        """Where this version stands."""
        return labelled(verdict.state, VerdictState)

    @column("Reviewer")
    def who(self, verdict: Verdict) -> str:
        """Who gave it."""
        return _name(verdict.reviewer)

    @column("Second")
    def second(self, verdict: Verdict) -> str:
        """Who confirmed it or sent it back."""
        return _name(verdict.second_reviewer)

    @column("Decided", ordering="decided_at")
    def given(self, verdict: Verdict) -> str:
        """When."""
        return when(verdict.decided_at)

    @column("Team")
    def team(self, verdict: Verdict) -> str:
        """Whose it is."""
        return verdict.ticket.team.name

    @bulk_action("Export the chosen verdicts (CSV)")
    def export_chosen(
        self, request: HttpRequest, queryset: models.QuerySet[Verdict]
    ) -> HttpResponseBase:
        """The rows that were ticked, of those the person may see."""
        chosen = {"chosen": queryset.count()}
        return stream_verdicts(request, queryset, "verdicts-chosen", asked=chosen)

    def export_listed(self, request: HttpRequest) -> HttpResponseBase:
        """Every row that the list's filters and search leave; ``raw=1`` leaves formulas alone."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        asked = request.GET.copy()
        is_raw = asked.pop("raw", ["0"])[-1] == "1"
        words = clean_words(asked.pop(SEARCH_VAR, [""])[-1])
        request.GET = asked  # type: ignore[assignment]
        listed = self.get_changelist_instance(request).get_queryset(request)
        if words:
            places = chosen_places(request, self.search_places)
            listed = find_all_rows(listed, places, request.user, words)
        filters = {**asked.dict(), SEARCH_VAR: words}
        return stream_verdicts(request, listed, "verdicts", is_raw=is_raw, asked=filters)

    def get_urls(self) -> list[Any]:
        """The list's own export, beside Django's addresses."""
        view = self.admin_site.admin_view(self.export_listed)
        return [path("listed.csv", view, name="claims_verdict_listed"), *super().get_urls()]

    def describe(self, request: HttpRequest, row: Verdict) -> Sheet:
        """The answer, the reasons, the second reading and the frozen evidence."""
        ticket = reverse("admin:claims_ticket_change", args=[row.ticket_id])
        return Sheet(
            title=row.ticket.claim.text,
            badges=[Badge(row.rating_label, "primary"), badge_of(VerdictState(row.state))],
            lead=f"Version {row.version}, given by {_name(row.reviewer)} on {when(row.decided_at)}",
            buttons=[Button(f"Go to ticket {row.ticket_id}", ticket, "fact_check", is_main=True)],
            sections=[
                Section("Rationale", markup=_rationale_of(row, page=ticket)),
                Section("The verdict", _facts_of(row)),
                _evidence_of(row),
            ],
        )


def _facts_of(row: Verdict) -> list[Fact]:
    scale = row.scale_name
    if row.rating_value is not None:
        scale += f": {row.rating_value}, where {row.rating_worst} is worst, {row.rating_best} best"
    agreed = {True: "agreed", False: "sent it back", None: ""}[row.has_agreed]
    facts = [
        Fact("Scale", scale),
        Fact("The rating meant", row.rating_definition or "–"),
        Fact("Reviewer", _name(row.reviewer)),
        Fact("Time in review", _spent(row.review_seconds)),
        Fact("Second reviewer", f"{_name(row.second_reviewer)} {agreed}".strip()),
        Fact("Second note", row.second_note or "–"),
        Fact("Confirmed", when(row.confirmed_at)),
        Fact("Published", when(row.published_at)),
        Fact("Independent origins", f"at most {row.independent_origins}"),
        Fact("Primary source reached", "Yes" if row.is_primary_reached else "No"),
    ]
    optional = (
        ("Tolerance", row.tolerance),
        ("What would change it", row.what_would_change),
        ("Confidence", row.get_confidence_display()),
        ("In the words of", _name(row.edited_by) if row.edited_by else ""),
        *(
            (f"Rated blind by {_name(one.reader)}", f"{one.rating_label}: {one.rationale}")
            for one in row.reads.select_related("reader")
            if one.is_blind
        ),
        *((f"Waived: {label.lower()}", reason) for label, reason in tell_waivers(row)),
        ("Why it was corrected", row.correction_reason),
        (
            "Withdrawn",
            f"{when(row.withdrawn_at)} by {_name(row.withdrawn_by)}: {row.withdrawal_reason}"
            if row.withdrawn_at
            else "",
        ),
    )
    return facts + [Fact(label, value) for label, value in optional if value]


def _rationale_of(row: Verdict, *, page: str) -> SafeString:
    numbers = Evidence.objects.filter(ticket=row.ticket_id).values_list("number", flat=True)
    return render_safely(row.rationale, frozenset(numbers), page=page)


def _evidence_of(row: Verdict) -> Section:
    rows = [
        (
            f"[{piece.number}]" + (" decisive" if piece.is_decisive else ""),
            STANCES[Stance(piece.stance)][0],
            piece.quote,
            Fact("", piece.title or piece.url, outside=outside_link(piece.url)),
            OUTCOMES[Outcome(piece.outcome)][0],
            Fact("", piece.snapshot_sha256[:12], is_code=True),
        )
        for piece in row.cited.all()
    ]
    if not rows:
        return Section("Evidence", note="None was ticked; the waiver says why.")
    header = ("No.", "Stance", "Quote", "Source", "Numbers", "Copy")
    return Section("Evidence as it stood", tables=[Table(header, rows)])


def _spent(seconds: float) -> str:
    return "under a minute" if seconds < 60 else f"{seconds / 60:,.0f} min"


def _name(person: Any) -> str:
    return (person.get_full_name() or person.get_username()) if person else "–"


site.register(Verdict, VerdictAdmin)
