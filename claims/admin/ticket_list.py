"""The list of tickets: columns, filters, and what a lead does to many at once.

Promises: the evidence counts and the first number cost no query per row; the
people and teams offered are the person's own; a bulk act asks the same verb
for each ticket and says how many went and why the others did not.
"""

# ruff: noqa: ARG002 - the signatures are Django's
from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce, JSONObject, NullIf
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from claims.admin.base import TeamScopedAdmin
from claims.admin.change_list import ScopedChangeList
from claims.admin.columns import column
from claims.admin.facts import ago, when
from claims.admin.filters import TagFilter, TeamFilter, by_word
from claims.admin.searching import TICKET_PLACES, PlaceFilter, with_found
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
from claims.models import Evidence, Quantity, Ticket, TicketTag, Verdict
from claims.models.ticket import UNDECIDED
from claims.models.zones import today_in
from claims.vocabulary import Stance, TicketState

SHORT_CLAIM = 140


class TicketChangeList(ScopedChangeList):
    """Adds the counts to the page's rows, not to the table's."""

    result_list: Any

    def get_queryset(
        self, request: HttpRequest, exclude_parameters: list[str | None] | None = None
    ) -> models.QuerySet[Any]:
        """With each claim's first number, read for the rows that are shown."""
        first = Quantity.objects.filter(claim=OuterRef("claim"), position=0).order_by()
        told = first.values(told=JSONObject(text="text", counted="counted"))[:1]
        rows = super().get_queryset(request, exclude_parameters)
        numbered: models.QuerySet[Any] = rows.annotate(first_number=Subquery(told))
        return numbered

    def get_results(self, request: HttpRequest) -> None:
        """One query for the stances of the rows that are shown."""
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
        tags = _tags_of(ids) if "tags" in self.list_display else {}
        for row in rows:
            row.tag_names = tags.get(row.pk, [])
            row.stance_counts = counts.get(row.pk, {})
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
    more_columns = ("number", "claimant", "worth", "tags", "opened")
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
        PlaceFilter,
    )
    list_select_related = ("claim", "team", "assigned_to", "reserved_by")
    list_defer = ("claim__search", "claim__context_before", "claim__context_after")
    search_places = TICKET_PLACES
    search_fields = ("claim__self_contained",)
    search_help_text = "Words of claim, article, evidence or rationale, or a number"
    ordering = ("-priority", "id")
    sortable_by = ("priority", "age", "number", "opened")
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
        """By number where a number was typed (``12``, ``#12``), else by words."""
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
        return with_found(ticket, format_html('<bdi class="tkl-claim">{}</bdi>', short))

    @column("Number", ordering="id")
    def number(self, ticket: Ticket) -> str:
        """As people name it."""
        return f"#{ticket.pk}"

    @column("Claimant")
    def claimant(self, ticket: Ticket) -> str:
        """Who asserts it."""
        return ticket.claim.claimant or "–"

    @column("Worth checking")
    def worth(self, ticket: Ticket) -> str:
        """The claim's score."""
        return f"{ticket.claim.score:.2f}"

    @column("Tags")
    def tags(self, ticket: Any) -> str:
        """The team's own words for it."""
        return ", ".join(ticket.tag_names) or "–"

    @column("Opened", ordering="id")
    def opened(self, ticket: Ticket) -> str:
        """When."""
        return when(ticket.created_at)

    @column("State", label=label_colours(TicketState))
    def state_chip(self, ticket: Ticket) -> Any:
        """Where it stands."""
        return labelled(ticket.state, TicketState)

    @column("First number")
    def first_number(self, ticket: Any) -> SafeString | str:
        """As the claim writes it, with what it counts: ``12 rare earth elements``."""
        if not ticket.first_number:
            return "–"
        text, counted = ticket.first_number["text"], ticket.first_number["counted"]
        told = text if not counted or text.endswith(counted) else f"{text} {counted}"
        return format_html('<bdi class="tkl-number">{}</bdi>', told[:60])

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
        today = today_in(ticket.team.time_zone)
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


def _tags_of(tickets: list[int]) -> dict[int, list[str]]:
    tags: dict[int, list[str]] = {}
    rows = TicketTag.objects.filter(ticket__in=tickets).order_by("tag__name")
    for ticket_id, name in rows.values_list("ticket_id", "tag__name"):
        tags.setdefault(ticket_id, []).append(name)
    return tags


def _time_left(ticket: Ticket) -> str:
    """How long the reservation lasts."""
    if ticket.reserved_until is None:
        return "working"
    minutes = round((ticket.reserved_until - timezone.now()).total_seconds() / 60)
    return f"{minutes} min left" if minutes > 0 else "time is over"
