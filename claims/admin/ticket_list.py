"""The list of tickets: columns, filters, and what a lead does to many at once.

Promises: the evidence counts and the first number cost no query per row; the
people and teams offered are the person's own; a bulk act asks the same verb
for each ticket and says how many went and why the others did not.
"""

# ruff: noqa: ARG002 - the signatures are Django's
from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Value, When
from django.db.models.functions import Coalesce, NullIf
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from claims.admin.base import ScopedChangeList, TeamScopedAdmin
from claims.admin.columns import column
from claims.admin.facts import ago, when
from claims.admin.filters import TagFilter, TeamFilter, by_word
from claims.admin.standing import LEADS, REVIEWERS, standing_of
from claims.admin.ticket_bulk import BULK_ACTS, TicketBulkActs
from claims.admin.ticket_filters import (
    AssignedFilter,
    DueFilter,
    LeftFilter,
    QueueFilter,
    WaitingFilter,
    WorkFilter,
)
from claims.admin.ticket_panels.desk import name_of
from claims.admin.ticket_panels.work import say_due
from claims.admin.undoing import find_undoable
from claims.admin.words import label_colours, labelled
from claims.models import Evidence, Quantity, Ticket, Verdict
from claims.models.ticket import UNDECIDED
from claims.vocabulary import Stance, TicketState

SHORT_CLAIM = 140


class TicketChangeList(ScopedChangeList):
    """Adds the counts to the page's rows, not to the table's."""

    result_list: Any

    def get_results(self, request: HttpRequest) -> None:
        """One query for the stances and one for the numbers of the rows that are shown."""
        super().get_results(request)
        rows: list[Any] = list(self.result_list)
        counts: dict[int, dict[str, int]] = {}
        sealed = Verdict.objects.filter(ticket=OuterRef("ticket"), is_sealed=True)
        current = Case(
            # What people said of the evidence is a part of what a blind reader must not see.
            When(Exists(sealed.exclude(reviewer_id=request.user.pk)), then=F("suggested_stance")),
            default=Coalesce(NullIf("stance", Value("")), "suggested_stance"),
        )
        ids = [row.pk for row in rows]
        # order_by(): the model's own order would split the groups.
        for ticket_id, stance, count in (
            Evidence.objects.filter(ticket__in=ids, is_aside=False)
            .order_by()
            .values_list("ticket_id", current)
            .annotate(count=Count("pk"))
        ):
            counts.setdefault(ticket_id, {})[stance] = count
        numbers = {
            claim_id: text if not counted or text.endswith(counted) else f"{text} {counted}"
            for claim_id, text, counted in Quantity.objects.filter(
                claim__in=[row.claim_id for row in rows], position=0
            )
            .order_by()
            .values_list("claim_id", "text", "counted")
        }
        for row in rows:
            row.stance_counts = counts.get(row.pk, {})
            row.first_number = numbers.get(row.claim_id, "")
        self.result_list = rows


class TicketListAdmin(TicketBulkActs, TeamScopedAdmin):
    """The list's half of the ticket's admin."""

    list_display = (
        "claim_text",
        "state_chip",
        "priority",
        "first_number",
        "evidence_counts",
        "people",
        "due",
        "age",
        "team",
    )
    list_display_links = ("claim_text",)
    list_filter = (
        QueueFilter,
        by_word("state", TicketState),
        TeamFilter,
        AssignedFilter,
        TagFilter,
        DueFilter,
        WaitingFilter,
        LeftFilter,
        WorkFilter,
    )
    list_select_related = ("claim", "team", "assigned_to", "reserved_by")
    list_defer = ("claim__search", "claim__context_before", "claim__context_after")
    search_vector = "claim__search"
    search_fields = ("claim__self_contained",)
    search_help_text = "Words of the claim or its claimant, or a ticket's number"
    ordering = ("-priority", "id")
    sortable_by = ("priority", "age")
    actions = BULK_ACTS
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
        may_give = standing_of(request).has(LEADS)
        context = {
            "may_take": may_take,
            "may_give": may_give,
            "undoable": find_undoable(request) if may_give else "",
            **(extra_context or {}),
        }
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

    @column("Claim")
    def claim_text(self, ticket: Ticket) -> SafeString:
        """The claim's words, cut short, isolated from the table's direction."""
        text = ticket.claim.self_contained
        short = text if len(text) <= SHORT_CLAIM else f"{text[: SHORT_CLAIM - 1]}…"
        return format_html('<bdi class="tkl-claim">{}</bdi>', short)

    @column("State", label=label_colours(TicketState))
    def state_chip(self, ticket: Ticket) -> Any:
        """Where it stands."""
        return labelled(ticket.state, TicketState)

    @column("First number")
    def first_number(self, ticket: Any) -> SafeString | str:
        """As the claim writes it, with what it counts: ``12 rare earth elements``."""
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
            return f"{name_of(ticket.reserved_by)} ({_time_left(ticket)})"
        return name_of(ticket.assigned_to) or "–"

    @column("Due")
    def due(self, ticket: Ticket) -> SafeString | str:
        """By when it is to be decided, said where that is near or past."""
        today = timezone.now().date()
        told, tone = say_due(ticket.due_on, today, is_open=ticket.state in UNDECIDED)
        return format_html('<span class="tkl-due is-{}">{}</span>', tone, told) if told else "–"

    # Numbers are given in the order in which tickets are opened.
    @column("Age", ordering="id")
    def age(self, ticket: Ticket) -> SafeString:
        """How long ago it was opened."""
        return format_html(
            '<time class="tkl-age" datetime="{}" title="{}">{}</time>',
            ticket.created_at.isoformat(),
            when(ticket.created_at),
            ago(ticket.created_at),
        )


def _time_left(ticket: Ticket) -> str:
    """How long the reservation lasts."""
    if ticket.reserved_until is None:
        return "working"
    minutes = round((ticket.reserved_until - timezone.now()).total_seconds() / 60)
    return f"{minutes} min left" if minutes > 0 else "time is over"
