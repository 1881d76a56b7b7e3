"""Undoing a bulk assignment: each ticket goes back to whom it was given before, as a new line.

Promises: what is undone is the last bulk assignment of the same person and session, within
the hour; a ticket that somebody changed since stays as that person left it, and is named;
history only grows. Closing is not undone: the lifecycle has no way out of *closed*.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from claims.admin.standing import LEADS, visible_rows
from claims.lifecycle import MoveRefused
from claims.models import Ticket
from claims.models.history import TicketMoved
from claims.workflow.assign import assign_ticket

KEY = "bulk_assignment"
UNDOABLE_SECONDS = 3600
SHOWN_REFUSALS = 10


def remember_assignment(
    request: HttpRequest, went: Iterable[tuple[int, int, int | None]], done: str
) -> None:
    """Keep, for this session, what a bulk assignment did: (ticket, version then, whose before)."""
    rows = [list(one) for one in went]
    if rows:
        request.session[KEY] = {"rows": rows, "done": done, "at": time.time()}


def find_undoable(request: HttpRequest) -> str:
    """What may be undone, in words; empty where nothing is, or where it is too long ago."""
    kept: dict[str, Any] = request.session.get(KEY) or {}
    if not kept or time.time() - kept["at"] > UNDOABLE_SECONDS:
        return ""
    count = len(kept["rows"])
    return f"{count} ticket{'' if count == 1 else 's'} {kept['done']}"


def undo_assignment(request: HttpRequest) -> HttpResponse:
    """Give each ticket back to whom it was given before."""
    back = reverse("admin:claims_ticket_changelist")
    if request.method != "POST" or not find_undoable(request):
        if request.method == "POST":
            messages.info(request, "There is nothing to undo any more.")
        return HttpResponseRedirect(back)
    kept: dict[str, Any] = request.session.pop(KEY)
    tickets = (
        visible_rows(request, Ticket, LEADS)
        .select_related("team")
        .in_bulk([pk for pk, *_ in kept["rows"]])
    )
    before = {one for *_, one in kept["rows"]} - {None}
    people = get_user_model()._default_manager.in_bulk(before)
    went, refusals = 0, []
    for pk, version, person in kept["rows"]:
        ticket = tickets.get(pk)
        if ticket is None:
            continue
        try:
            assign_ticket(ticket, people.get(person), by=request.user, expected_version=version)
            went += 1
        except (MoveRefused, TicketMoved) as refused:
            refusals.append(f"Ticket {pk}: {refused}")
    for told in refusals[:SHOWN_REFUSALS]:
        messages.warning(request, told)
    stayed = f"; {len(refusals)} stay as they are" if refusals else ""
    messages.success(request, f"Undone for {went} of {len(kept['rows'])}{stayed}.")
    return HttpResponseRedirect(back)
