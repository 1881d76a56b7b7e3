"""The corrections list: what is open, what was made, and both as CSV.

Promises: rows of the person's teams only; what waits for its blind read is not among them.
Writes nothing but that the file was asked for.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from claims.admin.export import send_file
from claims.admin.facts import Button, Fact, Section, Sheet, Table, link_to, when
from claims.admin.site import site
from claims.admin.standing import standing_of
from claims.export.verdict_csv import write_corrections
from claims.models import Ticket, Verdict
from claims.vocabulary import TicketState
from claims.workflow.corrections import (
    correction_records,
    list_changes,
    list_open_corrections,
    select_corrections,
    select_withdrawals,
    withdrawal_records,
)

SHOWN = 200


def show_corrections(request: HttpRequest) -> HttpResponse:
    """Corrections that are open, with their clocks, and the newest that were made or withdrawn."""
    _check_member(request)
    waiting = list_open_corrections(Ticket.objects.visible_to(request.user))[:SHOWN]
    now = timezone.now()
    opened = [
        (
            link_to(one.ticket),
            one.ticket.claim.text,
            when(one.opened_at),
            when(one.due_at) if one.due_at else "no promise",
            _left((one.due_at - now).total_seconds()) if one.due_at else "–",
        )
        for one in waiting
    ]
    verdicts = Verdict.objects.visible_to(request.user)
    rows = select_corrections(verdicts).reverse()[:SHOWN]
    given = [
        (
            Fact("", f"Ticket {one.ticket_id}", href=_ticket_url(one.ticket_id)),
            one.claim_text,
            one.correction_class or "–",
            f"{one.old_rating} → {one.new_rating}",
            one.correction_reason,
            when(one.published_at),
            {True: "kept", False: "late", None: "–"}[one.kept_promise],
        )
        for one in correction_records(rows)
    ]
    taken_back = [
        (
            Fact("", f"Ticket {one.ticket_id}", href=_ticket_url(one.ticket_id)),
            one.claim_text,
            one.old_rating,
            one.correction_reason,
            when(one.old_published_at),
            when(one.withdrawn_at),
            one.reviewer,
        )
        for one in withdrawal_records(select_withdrawals(verdicts).reverse()[:SHOWN])
    ]
    tickets = reverse("admin:claims_ticket_changelist")
    header = ("Ticket", "Claim", "Class", "Rating", "Why", "Published", "Promise")
    sheet = Sheet(
        title="Corrections",
        lead="Published verdicts that were corrected, each beside the one that stood before, and "
        "those that were taken back.",
        buttons=[
            Button("Corrections as CSV", reverse("admin:claims_corrections_csv"), "download"),
            Button("Published tickets", f"{tickets}?state={TicketState.PUBLISHED}", "list"),
        ],
        sections=[
            _table("Open now", ("Ticket", "Claim", "Opened", "Promised by", "Left"), opened,
                   "No published verdict is open for a correction."),
            _table("Published", header, given,
                   "Nothing was corrected yet. A lead corrects a verdict on its ticket."),
            _table("Withdrawn",
                   ("Ticket", "Claim", "Rating", "Why", "Published", "Withdrawn", "By"),
                   taken_back, "Nothing was taken back."),
        ],
    )  # fmt: skip
    return _show(request, sheet)


def download_corrections(request: HttpRequest) -> HttpResponseBase:
    """Every correction and withdrawal as CSV, the oldest first; ``raw=1`` leaves formulas alone."""
    _check_member(request)
    is_raw = request.GET.get("raw") == "1"
    changes = list_changes(Verdict.objects.visible_to(request.user))
    blocks = write_corrections(changes, is_raw=is_raw)
    return send_file(request, blocks, "corrections", is_raw=is_raw, asked={})


def _left(seconds: float) -> str:
    days, hours = divmod(int(abs(seconds)) // 3600, 24)
    span = f"{days} d {hours} h" if days else f"{hours} h"
    return f"{span} left" if seconds >= 0 else f"{span} late"


def _table(title: str, header: tuple[str, ...], rows: list[Any], empty: str) -> Section:
    if not rows:
        return Section(title, note=empty)
    note = f"The first {SHOWN}." if len(rows) == SHOWN else ""
    return Section(title, note=note, tables=[Table(header, rows)])


def _ticket_url(ticket_id: int) -> str:
    return reverse("admin:claims_ticket_change", args=[ticket_id])


def _check_member(request: HttpRequest) -> None:
    standing = standing_of(request)
    if not standing.is_superuser and not standing.roles:
        raise PermissionDenied


def _show(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    request.current_app = site.name
    context = {**site.each_context(request), "title": sheet.title, "sheet": sheet}
    return TemplateResponse(request, "admin/fact_sheet.html", context)
