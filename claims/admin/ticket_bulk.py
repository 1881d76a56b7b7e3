"""What a lead does to many tickets at once: give them to somebody, or close them.

Promises: the verb is asked for each ticket, so nothing is done to many that
may not be done to one; the answer says how many went and why the others did not.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth import get_user_model
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from claims.admin.standing import LEADS, REVIEWERS, standing_of
from claims.admin.ticket_panels.desk import name_of
from claims.admin.ticket_panels.wording import CLOSE_REASONS
from claims.admin.undoing import remember_assignment
from claims.lifecycle import MoveRefused
from claims.models import Ticket
from claims.models.history import TicketMoved
from claims.vocabulary import CloseReason
from claims.workflow.assign import assign_ticket
from claims.workflow.decide import DecisionRefused, close_ticket

# A list page holds 50; more at once is asked for page by page, so that a slip stays small.
MOST_AT_ONCE = 200


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
        tickets = self._ticked(request, rows)
        teams = {ticket.team_id for ticket in tickets}
        if len(teams) != 1:
            self.message_user(request, "Tick tickets of one team.", messages.WARNING)
            return None
        people = {str(one.pk): one for one in list_reviewers(request, teams.pop())}
        chosen = request.POST.get("assignee", "")
        if "apply" in request.POST and (chosen in people or chosen == "nobody"):
            person = people.get(chosen)
            done = f"assigned to {name_of(person) or 'nobody'}"
            before = {ticket.pk: ticket.assigned_to_id for ticket in tickets}
            gone = self._each(
                request,
                tickets,
                lambda ticket: assign_ticket(ticket, person, by=request.user),
                done,
            )
            seen = Ticket.objects.filter(pk__in=gone).values_list("pk", "version")
            went = [(pk, version, before[pk]) for pk, version in seen]
            remember_assignment(request, went, done)
            return None
        choices = [("nobody", "Nobody: back to the team")]
        choices += [(key, name_of(one)) for key, one in people.items()]
        return self._ask(request, tickets, "assign_many", "assignee", "Assign to", choices)

    @admin.action(description="Close…", permissions=["lead"])
    def close_many(
        self, request: HttpRequest, rows: models.QuerySet[Ticket]
    ) -> HttpResponse | None:
        """Close the ticked tickets without a verdict, for one reason."""
        tickets = self._ticked(request, rows)
        reason = request.POST.get("close_reason", "")
        note = request.POST.get("note", "").replace("\x00", "")[:2000]
        if "apply" in request.POST and reason in set(CloseReason):
            self._each(
                request,
                tickets,
                lambda ticket: close_ticket(ticket, reason, by=request.user, note=note),
                "closed",
            )
            return None
        choices = [(one.value, CLOSE_REASONS[one]) for one in CloseReason]
        return self._ask(request, tickets, "close_many", "close_reason", "Close because", choices)

    def _ticked(self, request: HttpRequest, rows: models.QuerySet[Ticket]) -> list[Ticket]:
        chosen = rows.select_related("team", "claim", "assigned_to").defer("claim__search")
        tickets = list(chosen.order_by("pk")[: MOST_AT_ONCE + 1])
        if len(tickets) > MOST_AT_ONCE:
            self.message_user(
                request, f"At most {MOST_AT_ONCE} at once; the rest is as it was.", messages.WARNING
            )
        return tickets[:MOST_AT_ONCE]

    def _each(
        self,
        request: HttpRequest,
        tickets: list[Ticket],
        act: Callable[[Ticket], object],
        done: str,
    ) -> list[int]:
        """Ask the verb for each ticket; say how many went, and why each of the others did not.

        Gives the ids of those that went.
        """
        gone = []
        for ticket in tickets:
            try:
                act(ticket)
                gone.append(ticket.pk)
            except (MoveRefused, TicketMoved, DecisionRefused) as refused:
                self.message_user(request, f"Ticket {ticket.pk}: {refused}", messages.WARNING)
        if gone:
            plural = "" if len(gone) == 1 else "s"
            self.message_user(request, f"{len(gone)} ticket{plural} {done}.", messages.SUCCESS)
        return gone

    def _ask(
        self,
        request: HttpRequest,
        tickets: list[Ticket],
        name: str,
        parameter: str,
        label: str,
        choices: list[tuple[str, str]],
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"{label} …",
            "tickets": tickets,
            "action": name,
            "parameter": parameter,
            "label": label,
            "choices": choices,
            "asks_note": name == "close_many",
            "has_error": "apply" in request.POST,
            "checkbox": ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "claims/ticket/many.html", context)


def list_reviewers(request: HttpRequest, team_id: int | None) -> list[Any]:
    """Reviewers and leads of one team, or of all the person's teams, by name."""
    standing = standing_of(request)
    # One condition on one membership: a reviewer elsewhere is none here.
    may_review: dict[str, Any] = {"memberships__role__in": sorted(REVIEWERS)}
    if team_id is not None:
        may_review["memberships__team_id"] = team_id
    elif not standing.is_superuser:
        may_review["memberships__team_id__in"] = list(standing.roles)
    rows = get_user_model()._default_manager.filter(is_active=True, **may_review)
    return list(rows.distinct().order_by("username")[:200])
