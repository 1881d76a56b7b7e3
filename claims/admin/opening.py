"""Opening a ticket by hand: for a claim that triage left out. One POST, then the searches start."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from claims.admin.standing import EVERYONE, get_visible_or_404
from claims.models import Claim
from claims.tasks import open_and_gather


@require_POST
def open_claim(request: HttpRequest, claim_id: int) -> HttpResponse:
    """Open the claim's ticket, or find the one it has; every member of the team may."""
    claim = get_visible_or_404(request, Claim.objects.select_related("team"), claim_id, EVERYONE)
    ticket, is_new = open_and_gather(claim, by=request.user)
    if is_new:
        messages.success(request, f"Ticket {ticket.pk} is open; its sources are being looked for.")
    else:
        messages.info(request, f"This claim already has ticket {ticket.pk}.")
    back = request.POST.get("back", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = reverse("admin:claims_ticket_change", args=[ticket.pk])
    return HttpResponseRedirect(back)
