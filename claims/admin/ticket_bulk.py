"""What a lead does to many tickets at once, from the list: give, take back, close, merge, tag.

Promises: the verb is asked for each ticket, so nothing is done to many that
may not be done to one; the answer says how many went and why the others did not;
what went can be undone (:mod:`claims.admin.undoing`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from claims.admin.bulk_forms import (
    AssignMany,
    CloseMany,
    DueMany,
    Many,
    MergeMany,
    PriorityMany,
    ReturnMany,
    TagMany,
)
from claims.admin.standing import LEADS, standing_of
from claims.admin.undoing import remember_act
from claims.lifecycle import MoveRefused
from claims.models import Ticket
from claims.models.history import TicketMoved
from claims.workflow.decide import DecisionRefused
from claims.workflow.match import MatchRefused

# A list page holds 50; more at once is asked for page by page, so that a slip stays small.
MOST_AT_ONCE = 200
BULK_ACTS = (
    "assign_many",
    "return_many",
    "close_many",
    "merge_many",
    "tag_many",
    "priority_many",
    "due_many",
)


class TicketBulkActs:
    """The bulk actions, mixed into the ticket's list."""

    admin_site: admin.AdminSite
    opts: Any
    message_user: Callable[..., None]

    def has_lead_permission(self, request: HttpRequest) -> bool:
        """Whether the person leads any team; each ticket is asked again by its verb."""
        return standing_of(request).has(LEADS)

    @admin.action(description="Assign to…", permissions=["lead"])
    def assign_many(
        self, request: HttpRequest, rows: models.QuerySet[Ticket]
    ) -> HttpResponse | None:
        """Give the ticked tickets to one reviewer of their team, or back to nobody."""
        return self._act(request, rows, AssignMany)

    @admin.action(description="Back to the queue…", permissions=["lead"])
    def return_many(
        self, request: HttpRequest, rows: models.QuerySet[Ticket]
    ) -> HttpResponse | None:
        """Take the ticked tickets from whoever has them, with a note."""
        return self._act(request, rows, ReturnMany)

    @admin.action(description="Close…", permissions=["lead"])
    def close_many(
        self, request: HttpRequest, rows: models.QuerySet[Ticket]
    ) -> HttpResponse | None:
        """Close the ticked tickets without a verdict, for one reason."""
        return self._act(request, rows, CloseMany)

    @admin.action(description="Merge…", permissions=["lead"])
    def merge_many(
        self, request: HttpRequest, rows: models.QuerySet[Ticket]
    ) -> HttpResponse | None:
        """Say that the ticked tickets hold one claim."""
        return self._act(request, rows, MergeMany)

    @admin.action(description="Tag…", permissions=["lead"])
    def tag_many(self, request: HttpRequest, rows: models.QuerySet[Ticket]) -> HttpResponse | None:
        """Put tags on the ticked tickets, or take them off."""
        return self._act(request, rows, TagMany)

    @admin.action(description="Set priority…", permissions=["lead"])
    def priority_many(
        self, request: HttpRequest, rows: models.QuerySet[Ticket]
    ) -> HttpResponse | None:
        """Set one priority, or give it back to the rules."""
        return self._act(request, rows, PriorityMany)

    @admin.action(description="Set a day…", permissions=["lead"])
    def due_many(self, request: HttpRequest, rows: models.QuerySet[Ticket]) -> HttpResponse | None:
        """Set the day by which they are to be decided, or give it back to the rules."""
        return self._act(request, rows, DueMany)

    def _act(
        self, request: HttpRequest, rows: models.QuerySet[Ticket], kind: Callable[..., Many]
    ) -> HttpResponse | None:
        """Ask for what the act wants; once that is there, do it."""
        data = request.POST if "apply" in request.POST else None
        form = kind(data, request=request, tickets=self._ticked(request, rows))
        if form.fault:
            self.message_user(request, form.fault, messages.WARNING)
            return None
        if not form.is_valid():
            return self._ask(request, form)
        self._each(request, form)
        return None

    def _ticked(self, request: HttpRequest, rows: models.QuerySet[Ticket]) -> list[Ticket]:
        chosen = rows.select_related("team", "claim", "assigned_to").defer("claim__search")
        tickets = list(chosen.order_by("pk")[: MOST_AT_ONCE + 1])
        if len(tickets) > MOST_AT_ONCE:
            self.message_user(
                request, f"At most {MOST_AT_ONCE} at once; the rest is as it was.", messages.WARNING
            )
        return tickets[:MOST_AT_ONCE]

    def _each(self, request: HttpRequest, form: Many) -> None:
        """Ask the verb for each ticket; say how many went, and why each of the others did not."""
        count, changed = 0, []
        for ticket in form.tickets:
            try:
                with transaction.atomic():
                    before = form.act(ticket, request.user)
                    # Read where nobody can have changed it since.
                    version = Ticket.objects.values_list("version", flat=True).get(pk=ticket.pk)
            except (MoveRefused, TicketMoved, DecisionRefused, MatchRefused) as refused:
                self.message_user(request, f"Ticket {ticket.pk}: {refused}", messages.WARNING)
                continue
            count += 1
            if version != ticket.version:
                changed.append((ticket.pk, version, before))
        if count:
            plural = "" if count == 1 else "s"
            self.message_user(request, f"{count} ticket{plural} {form.done()}.", messages.SUCCESS)
        remember_act(request, form.kind, changed, form.done())

    def _ask(self, request: HttpRequest, form: Many) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"{form.label} …",
            "form": form,
            "action": request.POST.get("action", ""),
            "checkbox": ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "claims/ticket/many.html", context)
