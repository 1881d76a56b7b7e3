"""Undoing what was done to many tickets at once: each goes back by a new line of its history.

Promises: what is undone is the last bulk act of the same person and session, within the hour,
and once; each ticket by the verb that takes the act back, for who may still do that; a ticket
that somebody changed since stays as that person left it, and is named; history only grows.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from claims.admin.standing import LEADS, visible_rows
from claims.lifecycle import MoveRefused
from claims.models import ClaimMatch, Ticket
from claims.models.access import Person
from claims.models.history import TicketMoved
from claims.workflow.assign import assign_ticket, release_ticket
from claims.workflow.distribute import UNDONE, give_back, restore_work
from claims.workflow.match import MatchRefused, split_match
from claims.workflow.rate import restore_urgency
from claims.workflow.reopen import reopen_ticket
from claims.workflow.tag import set_tags

KEY = "bulk_act"
UNDOABLE_SECONDS = 3600
SHOWN_REFUSALS = 10


def _person(before: int | None) -> Person | None:
    return get_user_model()._default_manager.filter(pk=before).first() if before else None


def _assign_as_before(ticket: Ticket, before: int | None, version: int, by: Person) -> None:
    assign_ticket(ticket, _person(before), by=by, expected_version=version)


def _give_back(ticket: Ticket, before: int | None, version: int, by: Person) -> None:
    give_back(ticket, _person(before), by=by, expected_version=version)


def _restore(ticket: Ticket, had: list[int | None], version: int, by: Person) -> None:
    restore_work(ticket, (had[0], had[1]), by=by, expected_version=version)


def _let_go(ticket: Ticket, before: int | None, version: int, by: Person) -> None:
    if before:
        _give_back(ticket, before, version, by)
    else:
        release_ticket(ticket, by, note=UNDONE, expected_version=version)


def _open_again(ticket: Ticket, had: list[int | None], version: int, by: Person) -> None:
    with transaction.atomic():
        opened = reopen_ticket(ticket, by=by, note=UNDONE, expected_version=version)
        if had[1] is not None:
            # Whoever worked on it and may not any more leaves it in the queue.
            with suppress(MoveRefused):
                _restore(opened, had, opened.version, by)


def _split(ticket: Ticket, before: int, version: int, by: Person) -> None:
    match = ClaimMatch.objects.filter(pk=before, claim_id=ticket.claim_id).first()
    if match is None:
        raise MatchRefused("It is not merged any more.")
    split_match(match, by=by, reason=UNDONE, seen=(ticket.pk, version))


def _tag_as_before(ticket: Ticket, before: list[str], version: int, by: Person) -> None:
    set_tags(ticket, before, by=by, expected_version=version)


def _rate_as_before(ticket: Ticket, before: dict[str, Any], version: int, by: Person) -> None:
    restore_urgency(ticket, before, by=by, expected_version=version)


UNDOINGS: dict[str, Callable[[Ticket, Any, int, Person], None]] = {
    "assign": _assign_as_before,
    "give": _give_back,
    "move": _restore,
    "take": _let_go,
    "close": _open_again,
    "merge": _split,
    "tag": _tag_as_before,
    "urgency": _rate_as_before,
}
"""What takes an act of that kind back, given what the ticket was before and its version then."""


def remember_act(
    request: HttpRequest, kind: str, changed: Sequence[tuple[int, int, Any]], done: str
) -> None:
    """Keep, for this session, what a bulk act changed: (ticket, version then, what it was)."""
    if changed:
        rows = [list(one) for one in changed]
        kept = {"kind": kind, "rows": rows, "done": done, "at": time.time()}
        request.session[KEY] = {**kept, "back": request.path}


def find_undoable(request: HttpRequest) -> str:
    """What may be undone, in words; empty where nothing is, or where it is too long ago."""
    kept: dict[str, Any] = request.session.get(KEY) or {}
    if not kept or time.time() - kept["at"] > UNDOABLE_SECONDS:
        return ""
    count = len(kept["rows"])
    return f"{count} ticket{'' if count == 1 else 's'} {kept['done']}"


def undo_act(request: HttpRequest) -> HttpResponse:
    """Take the last bulk act back, ticket by ticket."""
    if request.method != "POST" or not find_undoable(request):
        if request.method == "POST":
            messages.info(request, "There is nothing to undo any more.")
        return HttpResponseRedirect(reverse("admin:claims_ticket_changelist"))
    kept: dict[str, Any] = request.session.pop(KEY)
    tickets = (
        visible_rows(request, Ticket, LEADS)
        .select_related("team", "claim")
        .defer("claim__search")
        .in_bulk([pk for pk, *_ in kept["rows"]])
    )
    went, refusals = 0, []
    for pk, version, before in kept["rows"]:
        if pk not in tickets:
            refusals.append(f"Ticket {pk} stays: you do not lead its team any more")
            continue
        try:
            UNDOINGS[kept["kind"]](tickets[pk], before, version, request.user)
            went += 1
        except (MoveRefused, TicketMoved, MatchRefused) as refused:
            refusals.append(f"Ticket {pk} stays: {refused}")
    for told in refusals[:SHOWN_REFUSALS]:
        messages.warning(request, told)
    stayed = f"; {len(refusals)} stay as they are" if refusals else ""
    messages.success(request, f"Undone for {went} of {len(kept['rows'])}{stayed}.")
    return HttpResponseRedirect(kept.get("back") or reverse("admin:claims_ticket_changelist"))
