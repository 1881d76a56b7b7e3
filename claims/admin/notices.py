"""Notices: what one person is told, newest first.

Promises: each sees the own notices of teams in which the person still is, without what was said
where the person is to read blind; a GET writes nothing; opening one marks it as read and leads
to its ticket.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from claims.admin.standing import standing_of
from claims.models import Notice
from claims.vocabulary import NoticeKind
from claims.workflow.tell import DID, say_told, say_who

SHOWN = 100


def show_notices(request: HttpRequest) -> HttpResponse:
    """The page; a POST opens one or marks all as read."""
    from claims.admin.site import site

    standing = standing_of(request)
    if not standing.is_superuser and not standing.roles:
        raise PermissionDenied
    if request.method == "POST":
        return _act(request)
    context = {
        **site.each_context(request),
        "title": "Notices",
        "rows": list_notices(request)[:SHOWN],
        "unread": unread_of(request).exists(),
    }
    request.current_app = site.name
    return TemplateResponse(request, "claims/notices.html", context)


def unread_of(request: HttpRequest) -> Any:
    """The person's notices that were not looked at."""
    return Notice.objects.of(request.user).unread()


def list_notices(request: HttpRequest, *, is_unread: bool = False) -> list[dict[str, Any]]:
    """The newest notices in words (one query)."""
    rows = unread_of(request) if is_unread else Notice.objects.of(request.user)
    shown = rows.with_seals(request.user.pk).select_related("actor", "ticket__claim")
    return [
        {
            "notice": one,
            "who": say_who(one.actor),
            "what": DID[NoticeKind(one.kind)],
            "told": say_told(one),
            "claim": one.ticket.claim.self_contained,
        }
        for one in shown.defer("ticket__claim__search").order_by("-id")[:SHOWN]
    ]


def _act(request: HttpRequest) -> HttpResponse:
    act = request.POST.get("act", "")
    back = reverse("admin:claims_notices")
    if act == "all":
        count = unread_of(request).update(read_at=timezone.now())
        messages.success(request, f"{count} marked as read." if count else "All were read already.")
        return HttpResponseRedirect(back)
    number = request.POST.get("notice", "")
    is_number = number.isascii() and number.isdigit() and len(number) <= 18
    rows = Notice.objects.of(request.user)
    notice = rows.filter(pk=int(number)).first() if is_number else None
    if notice is None:
        messages.warning(request, "This notice is not there any more.")
        return HttpResponseRedirect(back)
    rows.unread().filter(pk=notice.pk).update(read_at=timezone.now())
    is_talk = notice.kind in (NoticeKind.MENTIONED, NoticeKind.REPLIED)
    page = reverse("admin:claims_ticket_change", args=[notice.ticket_id])
    return HttpResponseRedirect(f"{page}#talk" if is_talk else page)
