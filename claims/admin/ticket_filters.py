"""The filters of the ticket list, those among them that figures on the home page lead to."""

# ruff: noqa: ARG002 - the signatures are Django's
from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.http import HttpRequest
from unfold.contrib.filters.admin import DropdownFilter

from claims.admin.counted import (
    AGE_SPANS,
    DUE_SPANS,
    STAGE_NAMES,
    due_within,
    left_stage,
    waiting_for,
)
from claims.admin.filters import NamedRowFilter, by_rows
from claims.admin.queues import QUEUES, queue_rows
from claims.admin.standing import list_reviewers, team_days
from claims.admin.ticket_panels.desk import name_of

WaitingFilter = by_rows(
    "waiting", [(key, label) for key, label, *_ in AGE_SPANS], waiting_for, title="waiting for"
)
LeftFilter = by_rows("left", STAGE_NAMES, left_stage, title="left in the last 30 days")


class DueFilter(DropdownFilter):  # type: ignore[misc]
    """``?due=overdue|today|week|later``: as the home page draws it."""

    title = parameter_name = "due"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The spans."""
        return [(key, label) for key, label, *_ in DUE_SPANS]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Tickets due then; an unknown value filters nothing."""
        chosen = self.value()
        if chosen not in {key for key, *_ in DUE_SPANS}:
            return queryset
        return due_within(queryset, chosen, team_days(request))


class QueueFilter(DropdownFilter):  # type: ignore[misc]
    """``?queue=mine|waiting|confirm|overdue``: the queues of the sidebar."""

    title = "queue"
    parameter_name = "queue"

    def lookups(self, request: HttpRequest, model_admin: Any) -> tuple[tuple[str, str], ...]:
        """The sidebar's own names."""
        return QUEUES

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """The rows that the sidebar counts."""
        chosen = self.value()
        if chosen not in dict(QUEUES):
            return queryset
        return queue_rows(request, str(chosen), queryset)


class AssignedFilter(DropdownFilter):  # type: ignore[misc]
    """``?assigned=me|nobody|somebody``, or a colleague's id."""

    title = "assigned to"
    parameter_name = "assigned"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Me, nobody, somebody, and the reviewers of the person's teams."""
        fixed = [("me", "Me"), ("nobody", "Nobody"), ("somebody", "Somebody")]
        people = list_reviewers(request, None)
        return fixed + [(str(one.pk), name_of(one)) for one in people if one.pk != request.user.pk]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Tickets by who they were given to; an unknown value filters nothing."""
        chosen = self.value()
        if chosen not in {key for key, _ in self.lookup_choices}:
            return queryset
        if chosen == "me":
            return queryset.filter(assigned_to_id=request.user.pk)
        if chosen in ("nobody", "somebody"):
            return queryset.filter(assigned_to__isnull=chosen == "nobody")
        return queryset.filter(assigned_to_id=int(str(chosen)))


class WorkFilter(NamedRowFilter):
    """``?work=ID``: what one colleague holds or was given, as the home page counts it."""

    title = "work of"
    parameter_name = "work"
    model = get_user_model()

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """What is not finished of it."""
        return queryset.mine(self.row)
