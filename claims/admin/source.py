"""Sources: what a team knows about a publisher, and what the team's own work says about it.

Promises: reviewers describe a publisher, leads say whether it is trusted or blocked; the
page shows which verdicts rested on it and how its pages answered, in a number of queries
that does not grow with them.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count, Max
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from claims.admin.base import TeamScopedAdmin
from claims.admin.columns import column
from claims.admin.counted import FAILING, failing_sources
from claims.admin.facts import Fact, Section, Table, when
from claims.admin.filters import TeamFilter, by_rows, by_word
from claims.admin.site import site
from claims.admin.stale import SeenFields, SeenForm
from claims.admin.standing import LEADS, REVIEWERS, standing_of
from claims.admin.words import label_colours, labelled
from claims.models import Page, Source, VerdictEvidence
from claims.vocabulary import FetchOutcome, FetchReason, SourceStanding, SourceType, Stance
from claims.web.blocking import read_prefix
from claims.web.errors import UrlInvalid

SHOWN_VERDICTS = 50
SHOWN_PAGES = 20
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
    """What people know about a publisher."""

    class Meta:
        model = Source
        fields = (
            "team",
            "name",
            "prefix",
            "type",
            "country",
            "standing",
            "conflicts",
            "note",
        )

    def clean_prefix(self) -> str:
        """One spelling of a host, so that what is blocked is blocked however it is written."""
        if "prefix" not in self.changed_data:
            return str(self.cleaned_data["prefix"])
        try:
            prefix = read_prefix(self.cleaned_data["prefix"])
        except UrlInvalid as problem:
            raise ValidationError(
                f"{problem} Type a host such as example.org, or a host and path."
            ) from problem
        if "." not in prefix.partition("/")[0].replace("localhost", "."):
            raise ValidationError(f"{prefix} is a whole top-level domain; name one publisher.")
        return prefix


class SourceAdmin(SeenFields, TeamScopedAdmin):
    """Publishers as a team knows them; reviewers say of what type they are."""

    form = SourceForm
    add_roles = change_roles = REVIEWERS
    change_form_outer_after_template = "claims/source/use.html"
    list_display = ("name", "prefix", "sort", "country", "decided", "team")
    list_filter = (
        TeamFilter,
        by_word("type", SourceType),
        by_word("standing", SourceStanding),
        by_rows("fetches", [(FAILING, "Failed in the last 7 days")], failing_sources),
    )
    ordering = ("name", "id")
    sortable_by = ("name",)
    list_select_related = ("team",)
    list_defer = ("conflicts", "note")
    search_fields = ("name__icontains", "prefix__istartswith")
    search_help_text = "Name or host"

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A source stays its team's, and only a lead blocks or trusts one for everybody."""
        team = ("team",) if obj is not None else ()
        is_lead = standing_of(request).has(LEADS, obj.team_id if obj is not None else None)
        return team if is_lead else (*team, "standing")

    @column("Type", label=TYPE_COLOURS)
    def sort(self, source: Source) -> Any:
        """The type in its colour."""
        return labelled(source.type, SourceType)

    @column("Standing", label=label_colours(SourceStanding))
    def decided(self, source: Source) -> Any:
        """Trusted or blocked, in its colour."""
        return labelled(source.standing, SourceStanding)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The form, and below it how the publisher was used and how its pages answered."""
        source: Any = self.get_object(request, object_id)
        sections = [_health_of(source), _use_of(source), _pages_of(source)]
        context = {**(extra_context or {}), "use_sections": sections}
        answer: HttpResponse = super().change_view(request, object_id, form_url, context)
        return answer


def _health_of(source: Source) -> Section:
    """How its pages answered when they were last asked: counts, and why not."""
    pages = Page.objects.filter(source=source).order_by()
    counted = {
        (row["outcome"], row["reason"]): row["count"]
        for row in pages.values("outcome", "reason").annotate(count=Count("pk"))
    }
    last = pages.aggregate(last=Max("fetched_at"))["last"]
    totals = dict.fromkeys(("", *FetchOutcome), 0)
    for (outcome, _), count in counted.items():
        totals[outcome] += count
    facts = [
        Fact("Pages", f"{sum(counted.values()):,}"),
        *(Fact(word.label, f"{totals[word]:,}") for word in FetchOutcome),
        Fact("Not fetched yet", f"{totals['']:,}"),
        Fact("Last fetch", when(last)),
    ]
    reasons = sorted(
        ((count, FetchReason(reason).label) for (_, reason), count in counted.items() if reason),
        reverse=True,
    )
    rows = [(label, f"{count:,}") for count, label in reasons]
    return Section("Fetch health", facts, [Table(("Reason", "Pages"), rows)] if rows else [])


def _use_of(source: Source) -> Section:
    """The verdicts that cite a page of it, newest first, with what it said for each."""
    cited = (
        VerdictEvidence.objects.filter(evidence__passage__snapshot__page__source=source)
        .filter(verdict__is_sealed=False)
        .select_related("verdict__ticket__claim")
        .defer("verdict__ticket__claim__search", "comparison")
        .order_by("-verdict__decided_at", "-verdict_id", "number")[:SHOWN_VERDICTS]
    )
    rows = [
        (
            Fact("", str(one.verdict), href=_address("verdict", one.verdict_id)),
            Fact("", str(one.verdict.ticket.claim), href=_address("ticket", one.verdict.ticket_id)),
            f"[{one.number}] {Stance(one.stance).label}" + (", decisive" * one.is_decisive),
            when(one.verdict.decided_at),
        )
        for one in cited
    ]
    if not rows:
        return Section("Verdicts that rest on it", note="No verdict cites this source yet.")
    table = Table(("Verdict", "Claim", "As evidence", "Decided"), rows)
    note = f"The newest {SHOWN_VERDICTS}." if len(rows) == SHOWN_VERDICTS else ""
    return Section("Verdicts that rest on it", note=note, tables=[table])


def _pages_of(source: Source) -> Section:
    pages = Page.objects.filter(source=source).defer("detail").order_by("-id")[:SHOWN_PAGES]
    rows = [
        (
            Fact("", str(one)[:120], href=_address("page", one.pk)),
            FetchOutcome(one.outcome).label if one.outcome else "Not fetched",
            FetchReason(one.reason).label if one.reason else "–",
            when(one.fetched_at),
        )
        for one in pages
    ]
    if not rows:
        return Section("Newest pages", note="No page of it was looked at yet.")
    return Section(
        "Newest pages", tables=[Table(("Page", "Last fetch", "Reason", "Fetched"), rows)]
    )


def _address(noun: str, pk: int) -> str:
    return reverse(f"admin:claims_{noun}_change", args=[pk])


site.register(Source, SourceAdmin)
