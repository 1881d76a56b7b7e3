"""The sidebar: where one can go, how much waits there, and where one is.

Promises: one query for all its counts, kept for the request; an item that the
person may not use is not shown. Refused: counts over whole tables.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from claims.admin.counts import Count, count_rows
from claims.admin.queues import CONFIRM, MINE, OVERDUE, QUEUES, WAITING, queue_rows, queue_url
from claims.admin.standing import ADMINS, EVERYONE, LEADS, REVIEWERS, standing_of, visible_rows
from claims.models import Job, Notice
from claims.vocabulary import JobState, Role

QUEUE_ICONS = {
    MINE: "person_raised_hand",
    WAITING: "inbox",
    CONFIRM: "done_all",
    OVERDUE: "running_with_errors",
}


@dataclass(frozen=True, slots=True)
class Place:
    """One item: what it is called, where it leads, for whom, and how many wait there."""

    title: str
    icon: str
    link: str
    roles: frozenset[Role] = EVERYONE
    badge: Count | None = None
    variant: str = "primary"
    queue: str | None = None
    is_exact: bool = False


def sidebar_counts(request: HttpRequest) -> dict[str, Count]:
    """How much waits in each queue and how many jobs failed: one query a request."""
    kept: dict[str, Count] | None = getattr(request, "_sidebar_counts", None)
    if kept is None:
        rows: dict[str, Any] = {name: queue_rows(request, name) for name, _ in QUEUES}
        rows["notices"] = Notice.objects.of(request.user).unread()
        if standing_of(request).has(LEADS):
            rows["failed_jobs"] = visible_rows(request, Job, LEADS).filter(state=JobState.FAILED)
        kept = count_rows(**rows)
        request._sidebar_counts = kept  # type: ignore[attr-defined]
    return kept


def list_navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """The groups of the sidebar as the skin wants them."""
    standing = standing_of(request)
    if not standing.is_superuser and not standing.roles:
        return [{"items": [_item(request, Place("Home", "home", reverse("admin:index")))]}]
    groups = []
    for title, places in _groups(sidebar_counts(request), standing.is_superuser):
        shown = [_item(request, place) for place in places if standing.has(place.roles)]
        if shown:
            groups.append({"title": title, "separator": bool(title), "items": shown})
    return groups


def list_tabs(_request: HttpRequest) -> list[dict[str, Any]]:
    """Nouns that are tabs of one place: pages and what hangs on them; what others published."""
    places = (
        (("page", "Pages"), ("snapshot", "Stored copies"), ("source", "Sources")),
        (("factcheck", "Fact-checks"), ("moneytable", "Rates & prices")),
    )
    return [
        {
            "models": [f"claims.{noun}" for noun, _ in nouns],
            "items": [{"title": label, "link": _list(noun)} for noun, label in nouns],
        }
        for nouns in places
    ]


def _groups(counts: dict[str, Count], is_superuser: bool) -> list[tuple[str, list[Place]]]:
    queues = [
        Place(
            label,
            QUEUE_ICONS[name],
            queue_url(name),
            badge=counts[name],
            roles=EVERYONE if name == WAITING else REVIEWERS,
            queue=name,
        )
        for name, label in QUEUES
    ]
    failed = counts.get("failed_jobs", Count(0))
    return [
        (
            "",
            [
                Place("Home", "home", reverse("admin:index"), is_exact=True),
                Place(
                    "Notices",
                    "notifications",
                    reverse("admin:claims_notices"),
                    badge=counts["notices"],
                    is_exact=True,
                ),
                Place("Add an article", "note_add", reverse("admin:claims_ingest")),
            ],
        ),
        (
            "Review",
            [
                *queues,
                Place("All tickets", "fact_check", queue_url(), queue=""),
                Place("Workload", "balance", reverse("admin:claims_ticket_workload"), LEADS),
            ],
        ),
        (
            "Material",
            [
                Place("Articles", "article", _list("article")),
                Place("Claims", "format_quote", _list("claim")),
                Place("Sources & pages", "language", _list("page")),
                Place("From others", "public", _list("factcheck")),
                Place("Search log", "manage_search", _list("search")),
            ],
        ),
        (
            "Results",
            [
                Place("Verdicts", "gavel", _list("verdict")),
                Place("Corrections", "history_edu", reverse("admin:claims_corrections")),
                Place("Figures", "monitoring", reverse("admin:claims_figures"), LEADS),
                Place("Export", "download", reverse("admin:claims_export")),
                Place("Work under way", "hourglass_top", reverse("admin:claims_work")),
            ],
        ),
        (
            "House",
            [
                Place("Jobs", "build", _list("job"), LEADS, failed, variant="danger"),
                Place("Team & rules", "groups", _list("team")),
                Place("Record", "history", reverse("admin:claims_record"), LEADS),
                Place("Assignment rules", "alt_route", _list("assignmentrule"), LEADS),
                Place("Rating scales", "linear_scale", _list("ratingscale")),
                Place("Providers", "travel_explore", _list("provider"), ADMINS),
                *(
                    [Place("People", "person", reverse("admin:auth_user_changelist"))]
                    * is_superuser
                ),
            ],
        ),
    ]


def _list(model: str) -> str:
    return reverse(f"admin:claims_{model}_changelist")


def _item(request: HttpRequest, place: Place) -> dict[str, Any]:
    item: dict[str, Any] = {
        "title": place.title,
        "icon": place.icon,
        "link": place.link,
        "active": _is_active(request, place),
    }
    if place.badge:
        item |= {"badge": str(place.badge), "badge_variant": place.variant}
    return item


def _is_active(request: HttpRequest, place: Place) -> bool:
    path = place.link.split("?")[0]
    # A page of its own below the list's address.
    if place.is_exact or request.path == reverse("admin:claims_ticket_workload"):
        return request.path == path
    if not request.path.startswith(path) and not _is_sibling(request.path, path):
        return False
    return place.queue is None or request.GET.get("queue", "") == place.queue


def _is_sibling(path: str, link: str) -> bool:
    """Sources and snapshots live under *Sources & pages*, tables of money under *From others*."""
    siblings = {
        _list("page"): (_list("source"), _list("snapshot")),
        _list("factcheck"): (_list("moneytable"),),
    }
    return path.startswith(siblings.get(link, "\n"))
