"""How looking goes for one team: the publishers and the places that did not answer lately.

Promises: the windows are days, each number is the list that it leads to. How a place is set up
is the admins'; what it answered for a team is the team's own log.
"""

from __future__ import annotations

from django.db.models import Count as CountOf
from django.db.models import Q
from django.urls import reverse

from claims.admin.counted import LATELY_DAYS, NO_ANSWER, SILENT, days_ago, list_link
from claims.admin.counts import Count
from claims.admin.facts import Fact, Section, Table
from claims.models import Page, Search, Team
from claims.vocabulary import FetchOutcome, ProviderName

SHOWN_SOURCES = 20


def sources_of(team: Team) -> Section:
    """The publishers most of whose pages could not be had lately."""
    pages = Page.objects.filter(
        team=team, source__isnull=False, fetched_at__gte=days_ago(LATELY_DAYS)
    )
    rows = (
        pages.order_by()
        .values("source", "source__name", "source__prefix")
        .annotate(asked=CountOf("pk"), failed=CountOf("pk", filter=Q(outcome=FetchOutcome.FAILED)))
        .filter(failed__gt=0)
        .order_by("-failed", "source__name", "source")[:SHOWN_SOURCES]
    )
    told = []
    for row in rows:
        source = row["source"]
        pages_of = {"source": source, "fetched_at": LATELY_DAYS}
        failed = list_link("page", team, outcome=FetchOutcome.FAILED, **pages_of)
        told.append(
            (
                Fact(
                    "",
                    row["source__name"],
                    href=reverse("admin:claims_source_change", args=[source]),
                ),
                row["source__prefix"],
                Fact("", Count(row["failed"]), href=failed),
                Fact("", Count(row["asked"]), href=list_link("page", team, **pages_of)),
            )
        )
    title = f"Sources whose pages could not be had, last {LATELY_DAYS} days"
    if not told:
        return Section(title, note="None failed.")
    return Section(title, tables=[Table(("Source", "Address", "Failed", "Of pages"), told)])


def places_of(team: Team) -> Section:
    """The places that were searched lately, and how often they did not answer."""
    rows = (
        Search.objects.filter(
            team=team, created_at__gte=days_ago(LATELY_DAYS), provider__in=list(ProviderName)
        )
        .order_by()
        .values("provider")
        .annotate(asked=CountOf("pk"), silent=CountOf("pk", filter=Q(outcome__in=NO_ANSWER)))
    )
    told = []
    for row in sorted(rows, key=lambda row: (-row["silent"], row["provider"])):
        place = row["provider"]
        silent = list_link("search", team, place=place, answer=SILENT)
        told.append(
            (
                ProviderName(place).label,
                Fact("", Count(row["silent"]), href=silent),
                Fact("", Count(row["asked"]), href=list_link("search", team, place=place)),
            )
        )
    title = f"Places that were searched, last {LATELY_DAYS} days"
    if not told:
        return Section(title, note="Nothing was searched for.")
    return Section(title, tables=[Table(("Place", "No answer", "Of searches"), told)])
