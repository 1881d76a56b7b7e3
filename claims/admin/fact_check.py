"""Fact-checks by others: the list, one with what people said of it, and a file of them."""

# ruff: noqa: ARG002 - the signatures are Django's
from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse

from claims.admin.bringing_in import UNPROCESSABLE, FileForm, draw_form
from claims.admin.columns import column
from claims.admin.facts import Fact, FactSheetAdmin, Section, Sheet, Table, when
from claims.admin.filters import TeamFilter, by_word
from claims.admin.outside import outside_link
from claims.admin.site import site
from claims.admin.standing import REVIEWERS, standing_of, visible_teams
from claims.intake import FileRefused
from claims.models import FactCheck
from claims.tasks import nudge
from claims.vocabulary import FactCheckWay, MatchAnswer
from claims.workflow.take_in import take_in_fact_checks

SHOWN_CLAIMS = 100


class FactCheckFileForm(FileForm):
    """A file of fact-checks."""

    command = "import_fact_checks"
    upload = forms.FileField(
        label="CSV or JSON file",
        widget=forms.FileInput(attrs={"class": "fc-input", "accept": ".csv,.tsv,.json,.jsonl"}),
        help_text="CSV with the columns claim and url, and publisher, rating, title, claimant, "
        "claim_date and published where known; or ClaimReview JSON: one, a list, a feed or one "
        "in a line. Up to 10 MB.",
    )


class FactCheckAdmin(FactSheetAdmin):
    """What others have checked, however it came here."""

    list_display = ("claimed", "their_rating", "who", "day", "came", "team")
    list_display_links = ("claimed",)
    list_filter = (TeamFilter, by_word("way", FactCheckWay))
    list_select_related = ("team",)
    list_defer = ("words",)
    ordering = ("-id",)
    sortable_by = ("came",)
    list_before_template = "claims/outside/above_list.html"

    def get_urls(self) -> list[Any]:
        """The form's address before Django's own."""
        view = self.admin_site.admin_view(self.import_view)
        return [path("import/", view, name="claims_factcheck_import"), *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list, with the way in for those who may."""
        href = reverse("admin:claims_factcheck_import")
        told = {"label": "Import fact-checks", "href": href}
        extra = {"bring_in": told if standing_of(request).has(REVIEWERS) else None}
        shown: HttpResponse = super().changelist_view(request, {**extra, **(extra_context or {})})
        return shown

    @column("Claim")
    def claimed(self, row: FactCheck) -> str:
        """The claim as the fact-check words it."""
        return str(row)

    @column("Their rating")
    def their_rating(self, row: FactCheck) -> str:
        """The rating in its publisher's words."""
        return row.rating or "–"

    @column("Publisher")
    def who(self, row: FactCheck) -> str:
        """Who checked it."""
        return row.publisher or "–"

    @column("Published")
    def day(self, row: FactCheck) -> str:
        """When."""
        return when(row.published_on)

    @column("Came here", ordering="id")
    def came(self, row: FactCheck) -> str:
        """By a search, a page or a file."""
        return FactCheckWay(row.way).label

    def describe(self, request: HttpRequest, row: FactCheck) -> Sheet:
        """The fact-check as stated, and the claims that people held against it."""
        facts = [
            Fact("Their rating", row.rating or "–"),
            Fact("Publisher", row.publisher or "–"),
            Fact("Published", when(row.published_on)),
            Fact("Said by", row.claimant or "–"),
            Fact("Said", when(row.claimed_on)),
            Fact("Title", row.title or "–"),
            Fact("Link", row.url, outside=outside_link(row.url)),
            Fact("Came here", FactCheckWay(row.way).label),
            Fact("Brought in by", str(row.added_by) if row.added_by else "–"),
            Fact("Since", when(row.added_at)),
        ]
        claims = Section("Claims of the team that are like it", tables=[_claims_of(row)])
        return Sheet(title=str(row), sections=[Section("As it was published", facts), claims])

    def import_view(self, request: HttpRequest) -> HttpResponse:
        """The form, and what a file brought."""
        if not standing_of(request).has(REVIEWERS):
            raise PermissionDenied
        teams = visible_teams(request, REVIEWERS)
        if request.method != "POST":
            return _draw(request, FactCheckFileForm(teams=teams))
        form = FactCheckFileForm(request.POST, request.FILES, teams=teams)
        if not form.is_valid():
            return _draw(request, form, status=UNPROCESSABLE)
        body = form.cleaned_data["upload"].read()
        try:
            taken = take_in_fact_checks(form.cleaned_data["team"], body, by=request.user)
        except FileRefused as refused:
            form.tell_refused(refused)
            return _draw(request, form, status=UNPROCESSABLE)
        nudge()
        messages.success(
            request,
            f"{taken.total:,} fact-checks, {taken.new:,} of them new. Open tickets are held "
            "against them now.",
        )
        return HttpResponseRedirect(_list_url())


def _claims_of(row: FactCheck) -> Table:
    matches = row.matches.select_related("claim__ticket", "answered_by").defer("claim__search")
    rows = [
        (
            Fact(
                "",
                str(one.claim)[:200],
                href=reverse("admin:claims_ticket_change", args=[one.claim.ticket.pk]),
            ),
            MatchAnswer(one.answer).label if one.answer else "not answered",
            str(one.answered_by) if one.answered_by else "–",
            when(one.answered_at),
        )
        for one in matches.order_by("-score")[:SHOWN_CLAIMS]
    ]
    return Table(("Claim", "Answer", "By", "When"), rows)


def _draw(request: HttpRequest, form: FileForm, *, status: int = 200) -> HttpResponse:
    return draw_form(
        request,
        form,
        model=FactCheck,
        title="Import fact-checks",
        lead="Fact-checks that others have published. New claims, and those of open tickets, are "
        "held against them and shown under “Seen before”; no rating is taken over. A file with a "
        "mistake brings nothing; one that is known already is renewed.",
        back=_list_url(),
        status=status,
    )


def _list_url() -> str:
    return reverse("admin:claims_factcheck_changelist")


site.register(FactCheck, FactCheckAdmin)
