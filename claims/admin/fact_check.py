"""Fact-checks by others: the list, one with what people said of it, and a file of them."""

# ruff: noqa: ARG002 - the signatures are Django's
from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.urls import reverse

from claims.admin.bringing_in import FileForm, FromFilesAdmin, WayIn
from claims.admin.columns import column
from claims.admin.facts import Fact, Section, Sheet, Table, when
from claims.admin.filters import TeamFilter, by_word
from claims.admin.outside import outside_link
from claims.admin.site import site
from claims.admin.standing import REVIEWERS
from claims.models import FactCheck
from claims.tasks import nudge
from claims.vocabulary import FactCheckWay, MatchAnswer
from claims.workflow.take_in import take_in_fact_checks

SHOWN_CLAIMS = 100


class FactCheckFileForm(FileForm):
    """A file of fact-checks."""

    upload = forms.FileField(
        label="CSV or JSON file",
        widget=forms.FileInput(attrs={"class": "fc-input", "accept": ".csv,.tsv,.json,.jsonl"}),
        help_text="CSV with the columns claim and url, and publisher, rating, title, claimant, "
        "claim_date and published where known; or ClaimReview JSON: one, a list, a feed or one "
        "in a line. Up to 10 MB.",
    )


def _take_in(by: Any, sent: dict[str, Any]) -> str:
    """Keep a file of them, and have open tickets held against it."""
    taken = take_in_fact_checks(sent["team"], sent["upload"].read(), by=by)
    nudge()
    return (
        f"{taken.total:,} fact-checks, {taken.new:,} of them new. Open tickets are held "
        "against them now."
    )


class FactCheckAdmin(FromFilesAdmin):
    """What others have checked, however it came here."""

    list_display = ("claimed", "their_rating", "who", "day", "came", "team")
    list_display_links = ("claimed",)
    list_filter = (TeamFilter, by_word("way", FactCheckWay))
    list_select_related = ("team",)
    list_defer = ("words",)
    ordering = ("-id",)
    sortable_by = ("came",)

    way_in = WayIn(
        "import",
        REVIEWERS,
        FactCheckFileForm,
        _take_in,
        label="Import fact-checks",
        title="Import fact-checks",
        lead="Fact-checks that others have published. New claims, and those of open tickets, are "
        "held against them and shown under “Seen before”; no rating is taken over. A file with a "
        "mistake brings nothing; one that is known already is renewed.",
    )

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


site.register(FactCheck, FactCheckAdmin)
