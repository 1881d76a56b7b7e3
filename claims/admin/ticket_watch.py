"""What the page's script asks while a person works: where the ticket stands, the draft, the hold.

Promises: nothing here moves a ticket; a draft is the author's own; a lost
reservation is said at once and the draft is kept.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
    JsonResponse,
)
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from claims.admin.ticket_panels.desk import Desk, load_desk
from claims.admin.ticket_panels.forms import MAX_ID_DIGITS
from claims.admin.ticket_panels.said import SAID_CHARS, keep_said
from claims.admin.ticket_panels.searches import (
    is_comparing,
    read_open_work,
    read_progress,
)
from claims.admin.ticket_panels.sources import build_sources
from claims.admin.ticket_panels.typed import keep_draft
from claims.admin.ticket_panels.verdict_form import DRAFT_CHARS
from claims.models import Ticket
from claims.models.history import last_event
from claims.vocabulary import TicketState
from claims.workflow import assign

CONFLICT, FORBIDDEN = 409, 403


def show_state(request: HttpRequest, ticket_id: int) -> HttpResponse:
    """Where the ticket stands now, for the page that waits or watches.

    With the form token of this session: a page that was open while its person
    signed in again holds one that is void.
    """
    desk = load_desk(request, ticket_id)
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET"])
    progress = read_progress(desk)
    event = last_event(desk.ticket.pk)
    return JsonResponse(
        {
            "token": get_token(request),
            "state": desk.ticket.state,
            "version": desk.ticket.version,
            "round": desk.ticket.round,
            "claim_version": desk.ticket.claim.version,
            "is_comparing": is_comparing(desk, read_open_work(desk)),
            "is_gathering": desk.state in (TicketState.OPEN, TicketState.GATHERING),
            "searches": {"done": progress.search_done, "total": progress.search_total},
            "pages": {
                "done": progress.page_done,
                "total": progress.page_total,
                "failed": progress.page_failed,
            },
            "percent": progress.percent,
            "sources": build_sources(desk).digest,
            "last": {
                "who": event.actor_name or "The workbench",
                "at": timezone.localtime(event.at).isoformat(),
            }
            if event
            else None,
        }
    )


def show_sources(request: HttpRequest, ticket_id: int) -> HttpResponse:
    """The list of pages as it stands now, for the page that watches: a part of that page."""
    desk = load_desk(request, ticket_id)
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET"])
    context = {"sources": build_sources(desk), "ticket": desk.ticket}
    return HttpResponse(render_to_string("claims/ticket/sources.html", context, request=request))


def keep_typed(request: HttpRequest, ticket_id: int) -> HttpResponse:
    """Keep what was typed so far (``discard=1`` drops it); JSON."""
    if request.method != "POST":
        return lead_back(request, ticket_id)
    desk = load_desk(request, ticket_id)
    if not desk.is_reviewer:
        return JsonResponse({"error": refusal_of(desk)}, status=FORBIDDEN)
    if sum(map(len, request.POST.values())) > DRAFT_CHARS:
        return JsonResponse({"error": "This draft is too long to be kept."}, status=413)
    is_dropped = request.POST.get("discard") == "1"
    draft = keep_draft(desk, type(request.POST)() if is_dropped else request.POST)
    if is_dropped and not wants_json(request):
        return HttpResponseRedirect(f"{page_url(desk.ticket)}#verdict")
    return _tell_saved(draft)


def keep_comment(request: HttpRequest, ticket_id: int) -> HttpResponse:
    """Keep what was typed into a thread (``thread=ID``) or a new one; JSON."""
    if request.method != "POST":
        return lead_back(request, ticket_id)
    desk = load_desk(request, ticket_id)
    text, thread = request.POST.get("text", ""), request.POST.get("thread", "")
    if len(text) > SAID_CHARS:
        return JsonResponse({"error": "This draft is too long to be kept."}, status=413)
    is_number = thread.isascii() and thread.isdigit() and len(thread) <= MAX_ID_DIGITS
    draft = keep_said(desk, int(thread) if is_number else None, text)
    return _tell_saved(draft)


def renew(request: HttpRequest, ticket_id: int) -> HttpResponse:
    """Lengthen the holder's reservation; JSON, or back to the page."""
    if request.method != "POST":
        return lead_back(request, ticket_id)
    desk = load_desk(request, ticket_id)
    if not desk.is_reviewer:
        return JsonResponse({"error": refusal_of(desk)}, status=FORBIDDEN)
    is_renewed = assign.renew_reservation(desk.ticket, desk.person)
    if not wants_json(request):
        if not is_renewed:
            messages.warning(request, "The reservation is not yours any more.")
        return HttpResponseRedirect(page_url(desk.ticket))
    if not is_renewed:
        lost = {"error": "The reservation is not yours any more. Your draft is kept."}
        return JsonResponse(lost, status=CONFLICT)
    until = Ticket.objects.values_list("reserved_until", flat=True).get(pk=ticket_id)
    return JsonResponse({"until": until.isoformat() if until else None})


def lead_back(request: HttpRequest, ticket_id: int | None = None) -> HttpResponse:
    """The answer to a GET where something is posted: the page, as after logging in again.

    The login leads to the address that was posted to. A ticket that is not the
    person's to see is 404 by every method.
    """
    back = reverse("admin:claims_ticket_changelist")
    if ticket_id is not None:
        back = page_url(load_desk(request, ticket_id).ticket)
    if request.method not in ("GET", "HEAD") or wants_json(request):
        return HttpResponseNotAllowed(["POST"])
    return HttpResponseRedirect(back)


def page_url(ticket: Ticket) -> str:
    """The address of a ticket's page."""
    return reverse("admin:claims_ticket_change", args=[ticket.pk])


def wants_json(request: HttpRequest) -> bool:
    """Whether the page's script asks, and not the browser itself."""
    return "application/json" in request.headers.get("Accept", "")


def refusal_of(desk: Desk) -> str:
    """Why a role that may not do this may not."""
    return f"a {desk.role.label.lower()} of this team may not do this"


def _tell_saved(draft: Any) -> HttpResponse:
    """When it was kept, by the clock of whoever typed it."""
    at = timezone.localtime(draft.saved_at).isoformat() if draft else None
    return JsonResponse({"saved_at": at})
