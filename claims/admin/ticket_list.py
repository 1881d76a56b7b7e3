"""The list of tickets: columns, filters, and what a lead does to many at once.

Promises: the evidence counts and the first number cost no query per row; the
people and teams offered are the person's own; a bulk act asks the same verb
for each ticket and says how many went and why the others did not.
"""

# ruff: noqa: ARG002 - the signatures are Django's
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import Count, Value
from django.db.models.functions import Coalesce, NullIf
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.contrib.filters.admin import DropdownFilter

from claims.admin.base import ScopedChangeList, TeamScopedAdmin
from claims.admin.columns import column
from claims.admin.facts import ago, when
from claims.admin.filters import TeamFilter, by_word
from claims.admin.queues import QUEUES, queue_rows
from claims.admin.standing import LEADS, REVIEWERS, standing_of
from claims.admin.ticket_panels.desk import name_of
from claims.admin.ticket_panels.wording import CLOSE_REASONS
from claims.admin.words import label_colours, labelled
from claims.lifecycle import MoveRefused
from claims.models import Evidence, Quantity, Ticket
from claims.models.history import TicketMoved
from claims.vocabulary import CloseReason, Stance, TicketState
from claims.workflow.assign import assign_ticket
from claims.workflow.decide import close_ticket

SHORT_CLAIM = 140
# A list page holds 50; more at once is asked for page by page, so that a slip stays small.
MOST_AT_ONCE = 200


class QueueFilter(DropdownFilter):  # type: ignore[misc]
    """``?queue=mine|waiting|confirm``: the queues of the sidebar."""

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
        people = _reviewers(request, None)
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


class TicketChangeList(ScopedChangeList):
    """Adds the counts to the page's rows, not to the table's."""

    result_list: Any

    def get_results(self, request: HttpRequest) -> None:
        """One query for the stances and one for the numbers of the rows that are shown."""
        super().get_results(request)
        rows: list[Any] = list(self.result_list)
        counts: dict[int, dict[str, int]] = {}
        current = Coalesce(NullIf("stance", Value("")), "suggested_stance")
        ids = [row.pk for row in rows]
        # order_by(): the model's own order would split the groups.
        for ticket_id, stance, count in (
            Evidence.objects.filter(ticket__in=ids)
            .order_by()
            .values_list("ticket_id", current)
            .annotate(count=Count("pk"))
        ):
            counts.setdefault(ticket_id, {})[stance] = count
        numbers = dict(
            Quantity.objects.filter(claim__in=[row.claim_id for row in rows], position=0)
            .order_by()
            .values_list("claim_id", "text")
        )
        for row in rows:
            row.stance_counts = counts.get(row.pk, {})
            row.first_number = numbers.get(row.claim_id, "")
        self.result_list = rows


class TicketListAdmin(TeamScopedAdmin):
    """The list's half of the ticket's admin."""

    list_display = (
        "claim_text",
        "state_chip",
        "priority",
        "first_number",
        "evidence_counts",
        "people",
        "age",
        "team",
    )
    list_display_links = ("claim_text",)
    list_filter = (
        QueueFilter,
        by_word("state", TicketState),
        TeamFilter,
        AssignedFilter,
    )
    list_select_related = ("claim", "team", "assigned_to", "reserved_by")
    list_defer = ("claim__search", "claim__context_before", "claim__context_after")
    search_vector = "claim__search"
    search_fields = ("claim__self_contained",)
    search_help_text = "Words of the claim or its claimant, or a ticket's number"
    ordering = ("-priority", "id")
    actions = ("assign_many", "close_many")
    list_before_template = "claims/ticket/list_before.html"
    list_disable_select_all = True

    class Media:
        css = {"all": ("claims/ticket.css",)}

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[TicketChangeList]:
        """The list class with the counts."""
        return TicketChangeList

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list, with a way to take the next ticket for those who may."""
        may_take = standing_of(request).has(REVIEWERS)
        context = {"may_take": may_take, **(extra_context or {})}
        answer: HttpResponse = super().changelist_view(request, context)
        return answer

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet[Any], search_term: str
    ) -> tuple[models.QuerySet[Any], bool]:
        """By number where a number was typed (``12``, ``#12``), else by the claim's words."""
        number = search_term.strip().removeprefix("#")
        if number.isascii() and number.isdigit() and len(number) <= 9:
            exact = queryset.filter(pk=int(number))
            if exact.exists():
                return exact, False
        return super().get_search_results(request, queryset, search_term)

    def has_lead_permission(self, request: HttpRequest) -> bool:
        """Whether the person leads any team; each ticket is asked again by its verb."""
        return standing_of(request).has(LEADS)

    @column("Claim", ordering="claim__self_contained")
    def claim_text(self, ticket: Ticket) -> SafeString:
        """The claim's words, cut short, isolated from the table's direction."""
        text = ticket.claim.self_contained
        short = text if len(text) <= SHORT_CLAIM else f"{text[: SHORT_CLAIM - 1]}…"
        return format_html('<bdi class="tkl-claim">{}</bdi>', short)

    @column("State", ordering="state", label=label_colours(TicketState))
    def state_chip(self, ticket: Ticket) -> Any:
        """Where it stands."""
        return labelled(ticket.state, TicketState)

    @column("First number")
    def first_number(self, ticket: Any) -> SafeString | str:
        """As the claim writes it."""
        if not ticket.first_number:
            return "–"
        return format_html('<bdi class="tkl-number">{}</bdi>', ticket.first_number[:60])

    @column("Evidence")
    def evidence_counts(self, ticket: Any) -> SafeString | str:
        """How many pieces support, refute or leave it open."""
        counts = ticket.stance_counts
        if not counts:
            return "–"
        return format_html(
            '<span class="tkl-counts"><span class="is-good" title="supports">'
            '<span aria-hidden="true">▲</span> {}<span class="tk-hidden"> support</span></span>'
            '<span class="is-bad" title="refutes"><span aria-hidden="true">▼</span> {}'
            '<span class="tk-hidden"> refute</span></span>'
            '<span class="is-calm" title="neutral"><span aria-hidden="true">●</span> {}'
            '<span class="tk-hidden"> neutral</span></span></span>',
            *(counts.get(one, 0) for one in (Stance.SUPPORTS, Stance.REFUTES, Stance.NEUTRAL)),
        )

    @column("With")
    def people(self, ticket: Ticket) -> str:
        """Who holds it, else who it was given to."""
        if ticket.reserved_by is not None:
            return f"{name_of(ticket.reserved_by)} (working)"
        return name_of(ticket.assigned_to) or "–"

    @column("Age", ordering="created_at")
    def age(self, ticket: Ticket) -> SafeString:
        """How long ago it was opened."""
        return format_html(
            '<time class="tkl-age" datetime="{}" title="{}">{}</time>',
            ticket.created_at.isoformat(),
            when(ticket.created_at),
            ago(ticket.created_at),
        )

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
        people = {str(one.pk): one for one in _reviewers(request, teams.pop())}
        chosen = request.POST.get("assignee", "")
        if "apply" in request.POST and (chosen in people or chosen == "nobody"):
            person = people.get(chosen)
            self._each(
                request,
                tickets,
                lambda ticket: assign_ticket(ticket, person, by=request.user),
                f"assigned to {name_of(person) or 'nobody'}",
            )
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
    ) -> None:
        """Ask the verb for each ticket; say how many went, and why each of the others did not."""
        went = 0
        for ticket in tickets:
            try:
                act(ticket)
                went += 1
            except (MoveRefused, TicketMoved) as refused:
                self.message_user(request, f"Ticket {ticket.pk}: {refused}", messages.WARNING)
        if went:
            plural = "" if went == 1 else "s"
            self.message_user(request, f"{went} ticket{plural} {done}.", messages.SUCCESS)

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


def _reviewers(request: HttpRequest, team_id: int | None) -> list[Any]:
    """Reviewers and leads of one team, or of all the person's teams, by name."""
    standing = standing_of(request)
    rows = get_user_model()._default_manager.filter(
        is_active=True, memberships__role__in=sorted(REVIEWERS)
    )
    if team_id is not None:
        rows = rows.filter(memberships__team_id=team_id)
    elif not standing.is_superuser:
        rows = rows.filter(memberships__team_id__in=standing.roles)
    return list(rows.distinct().order_by("username")[:200])
