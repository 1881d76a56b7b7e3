"""Opening a ticket by hand: for a claim that triage left out. One POST, then the searches start."""

from __future__ import annotations

from django.contrib import messages
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
)
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from claims.admin.standing import EVERYONE, get_visible_or_404
from claims.models import Claim
from claims.tasks import open_and_gather


def open_claim(request: HttpRequest, claim_id: int) -> HttpResponse:
    """Open the claim's ticket, or find the one it has; every member of the team may.

    A GET, as after signing in again, leads to the claim; a foreign claim is 404 by every method.
    """
    claim = get_visible_or_404(request, Claim.objects.select_related("team"), claim_id, EVERYONE)
    if request.method in ("GET", "HEAD"):
        return HttpResponseRedirect(reverse("admin:claims_claim_change", args=[claim.pk]))
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    ticket, is_new = open_and_gather(claim, by=request.user)
    if is_new:
        messages.success(request, f"Ticket {ticket.pk} is open; its sources are being looked for.")
    else:
        messages.info(request, f"This claim already has ticket {ticket.pk}.")
    back = request.POST.get("back", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = reverse("admin:claims_ticket_change", args=[ticket.pk])
    return HttpResponseRedirect(back)
