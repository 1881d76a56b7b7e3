"""The filters of the verdict list, those among them that figures lead to."""

# ruff: noqa: ARG002 - the signatures are Django's
from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest
from unfold.contrib.filters.admin import DropdownFilter

from claims.admin.counted import ANY, BLIND, READS, read_again, waived
from claims.admin.filters import OneDayFilter, by_rows
from claims.admin.standing import visible_teams
from claims.admin.ticket_panels.wording import GATE_ITEMS
from claims.models import Rating
from claims.workflow.publish import select_verdicts

WaivedFilter = by_rows(
    "waived",
    [(ANY, "Anything"), *((item.value, told) for item, told in GATE_ITEMS.items())],
    waived,
)
ReadFilter = by_rows(
    "read",
    [(BLIND, "Read blind"), *((outcome.value, outcome.label) for outcome in READS)],
    read_again,
    title="second read",
)


class VersionFilter(DropdownFilter):  # type: ignore[misc]
    """Current versions unless ``?version=all``: what an export tells by default."""

    title = "version"
    parameter_name = "version"
    all_option = None

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Current or all."""
        return [("current", "Current version"), ("all", "All versions")]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> Any:
        """The current version of each decided or published verdict, or every version.

        A state that was asked for by name is shown whole: no superseded version is current.
        """
        is_all = self.value() == "all" or bool(request.GET.get("state"))
        return select_verdicts(within=queryset, all_versions=is_all)


class DecidedFilter(OneDayFilter):
    """The day of the decision, as the home page's chart counts it."""

    title = "decided on"
    field = "decided_at"


class RatingFilter(DropdownFilter):  # type: ignore[misc]
    """``?rating=LABEL`` of the scales that the person's teams use."""

    title = "rating"
    parameter_name = "rating"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Each label once, in the order of its scale."""
        scales = visible_teams(request).values("scale")
        labels = Rating.objects.filter(scale__in=scales).values_list("label", flat=True)
        return [(label, label) for label in dict.fromkeys(labels)]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> Any:
        """Verdicts with that label."""
        chosen = self.value()
        if chosen not in {label for label, _ in self.lookup_choices}:
            return queryset
        return queryset.filter(rating_label=chosen)
