"""Presence: who else has this ticket's page open now, and whether they are typing.

Promises: only members of the ticket's team say or hear so; what was said a minute ago is not
believed any more; a page that is left says so.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from claims.admin.ticket_panels.desk import Desk, load_desk, name_of
from claims.admin.ticket_watch import lead_back
from claims.models import Presence
from claims.models.discussion import FORGOTTEN_AFTER, HERE_SECONDS


def say_here(request: HttpRequest, ticket_id: int) -> HttpResponse:
    """Note that the person is here (``typing=1``) or leaves (``left=1``); gives the others."""
    if request.method != "POST":
        return lead_back(request, ticket_id)
    desk = load_desk(request, ticket_id)
    mine = Presence.objects.filter(person_id=desk.person.pk)
    if request.POST.get("left") == "1":
        mine.filter(ticket=desk.ticket).delete()
        return JsonResponse({"others": []})
    mine.filter(seen_at__lt=desk.now - FORGOTTEN_AFTER).delete()
    now: Any = {"is_typing": request.POST.get("typing") == "1", "seen_at": timezone.now()}
    person: int = desk.person.pk  # type: ignore[assignment]
    Presence.objects.update_or_create(ticket=desk.ticket, person_id=person, defaults=now)
    return JsonResponse({"others": list_others(desk)})


def list_others(desk: Desk) -> list[dict[str, Any]]:
    """The others at this ticket: name, and whether they are typing."""
    rows = Presence.objects.filter(
        ticket=desk.ticket, seen_at__gt=desk.now - timedelta(seconds=HERE_SECONDS)
    ).exclude(person_id=desk.person.pk)
    return [
        {"name": name_of(one.person), "is_typing": one.is_typing}
        for one in rows.select_related("person").order_by("id")[:20]
    ]
