"""Notices: what one person is told, newest first, and of what that person wants to hear.

Promises: each sees the own notices of teams in which the person still is; a GET writes
nothing; opening one marks it as read and leads to its ticket.
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
from claims.admin.ticket_panels.desk import name_of
from claims.models import Membership, Notice
from claims.models.access import memberships_of
from claims.vocabulary import NoticeKind

SHOWN = 100
KINDS = {
    NoticeKind.MENTIONED: "named you",
    NoticeKind.REPLIED: "answered in your thread",
    NoticeKind.GIVEN: "gave you this ticket",
    NoticeKind.SENT_BACK: "sent your verdict back",
    NoticeKind.DUE_SOON: "Due soon",
    NoticeKind.OVERDUE: "Overdue",
}
CHOICES = {
    NoticeKind.MENTIONED: "Somebody names me in a discussion",
    NoticeKind.REPLIED: "Somebody answers in a thread of mine",
    NoticeKind.GIVEN: "I am given a ticket",
    NoticeKind.SENT_BACK: "My verdict is sent back",
    NoticeKind.DUE_SOON: "A ticket of mine is due soon",
    NoticeKind.OVERDUE: "A ticket of mine, or of a team that I lead, is overdue",
}


def show_notices(request: HttpRequest) -> HttpResponse:
    """The page; a POST opens one, marks all as read, or keeps what is wanted."""
    from claims.admin.site import site

    standing = standing_of(request)
    if not standing.is_superuser and not standing.roles:
        raise PermissionDenied
    if request.method == "POST":
        return _act(request)
    members = list(memberships_of(request.user).select_related("team").order_by("team__name"))
    context = {
        **site.each_context(request),
        "title": "Notices",
        "rows": list_notices(request)[:SHOWN],
        "unread": unread_of(request).exists(),
        "choices": [
            {
                "membership": one,
                "kinds": [
                    (kind.value, label, kind.value not in one.muted)
                    for kind, label in CHOICES.items()
                ],
            }
            for one in members
        ],
    }
    request.current_app = site.name
    return TemplateResponse(request, "claims/notices.html", context)


def unread_of(request: HttpRequest) -> Any:
    """The person's notices that were not looked at."""
    return Notice.objects.of(request.user).unread()


def list_notices(request: HttpRequest, *, is_unread: bool = False) -> list[dict[str, Any]]:
    """The newest notices in words (one query)."""
    rows = unread_of(request) if is_unread else Notice.objects.of(request.user)
    shown = rows.select_related("actor", "ticket__claim").defer("ticket__claim__search")
    return [
        {
            "notice": one,
            "who": name_of(one.actor),
            "what": KINDS[NoticeKind(one.kind)],
            "claim": one.ticket.claim.self_contained,
        }
        for one in shown.order_by("-id")[:SHOWN]
    ]


def _act(request: HttpRequest) -> HttpResponse:
    act = request.POST.get("act", "")
    back = reverse("admin:claims_notices")
    if act == "choose":
        return _choose(request, back)
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


def _choose(request: HttpRequest, back: str) -> HttpResponse:
    """Keep which kinds are wanted, of one team of the person's."""
    wanted = set(request.POST.getlist("wanted"))
    muted = [kind.value for kind in NoticeKind if kind.value not in wanted]
    rows = Membership.objects.filter(pk__in=memberships_of(request.user).values("pk"))
    team = request.POST.get("team", "")
    if not (team.isascii() and team.isdigit() and len(team) <= 18):
        team = "0"
    if rows.filter(team_id=int(team)).update(muted=muted):
        messages.success(request, "Kept. It holds from the next notice on.")
    else:
        messages.warning(request, "You are not a member of that team.")
    return HttpResponseRedirect(back)
