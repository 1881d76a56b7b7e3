"""Work under way: the long work of the person's teams, how far it is, and what came of it.

Promises: a GET begins nothing; whoever began something, and leads, cancel it; a result is the
members' of its team alone; the number of queries does not grow with the work that is listed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from claims.admin.facts import ago, size_of
from claims.admin.record import note_export
from claims.admin.standing import (
    EVERYONE,
    LEADS,
    get_visible_or_404,
    standing_of,
    visible_rows,
    visible_teams,
)
from claims.admin.ticket_panels.desk import name_of
from claims.lifecycle import MoveRefused
from claims.models import Errand
from claims.models.errand_files import FileGone, open_file
from claims.tasks import ask_check
from claims.vocabulary import ErrandKind, ErrandState
from claims.workflow.errand import KEPT_DAYS, cancel_errand, with_progress

SHOWN = 30
KINDS = {
    ErrandKind.ARTICLES: "Bringing in articles",
    ErrandKind.FILES: "Reading uploaded files",
    ErrandKind.PREVIEW: "Preview of claims",
    ErrandKind.IMPORT: "Import of claims",
    ErrandKind.EXPORT: "Export of verdicts",
    ErrandKind.CHECK: "Check of histories and copies",
}
SOUND = "Nothing was altered or removed."
ALONE = "It tells of all teams of whoever began it, and is for them alone."


@dataclass(frozen=True, slots=True)
class Line:
    """One errand as the page tells it."""

    row: Any
    title: str
    who: str
    since: str
    ended_by: str
    state: str
    is_under_way: bool
    may_cancel: bool
    told: tuple[str, ...]
    size: str
    result: tuple[str, str]


def show_work(request: HttpRequest) -> HttpResponse:
    """The page; a POST begins a check of a team that the person leads."""
    if not visible_teams(request).exists():
        raise PermissionDenied
    led = list(visible_teams(request, LEADS)[:50])
    if request.method == "POST":
        team = next((one for one in led if str(one.pk) == request.POST.get("team")), None)
        if team is None:
            raise PermissionDenied
        try:
            ask_check(team, by=request.user)
        except MoveRefused as refused:
            messages.error(request, f"This did not happen: {refused}.")
        return HttpResponseRedirect(reverse("admin:claims_work"))
    return _show(request, led)


def cancel_work(request: HttpRequest, errand_id: int) -> HttpResponse:
    """End one errand; a GET leads to the page."""
    rows = Errand.objects.select_related("team")
    errand = get_visible_or_404(request, rows, errand_id, EVERYONE)
    if request.method == "POST":
        try:
            if cancel_errand(errand, by=request.user):
                messages.success(request, "Cancelled. What was stored before stays.")
            else:
                messages.info(request, "It had ended already, so nothing was changed.")
        except MoveRefused as refused:
            raise PermissionDenied from refused
    return HttpResponseRedirect(reverse("admin:claims_work"))


def send_result(request: HttpRequest, errand_id: int) -> HttpResponseBase:
    """The file that an errand made, for members of its team while it is kept."""
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET"])
    errand = get_visible_or_404(request, Errand.objects.all(), errand_id, EVERYONE)
    if not _may_fetch(request, errand):
        raise Http404("There is no file here.")
    try:
        pieces = [open_file(path) for path in errand.asked.get("pieces", [])]
    except FileGone:
        pieces = []
    if not errand.file or not pieces:
        raise Http404("This file is kept no longer.")
    raw = "-raw" if errand.asked["cells"] == "raw" else ""
    name = f"{errand.asked['file']}{raw}-{errand.ended_at:%Y-%m-%d}.csv"
    teams = errand.asked.get("teams", [errand.team_id])
    note_export(request, name, {"errand": errand.pk}, teams)
    answer = StreamingHttpResponse(_read_all(pieces), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _may_fetch(request: HttpRequest, errand: Any) -> bool:
    """A member of its team; of many teams only who asked for it, while a member of all."""
    teams, standing = errand.asked.get("teams"), standing_of(request)
    if teams is None:
        return True
    is_theirs = errand.asked_by_id == request.user.pk
    return is_theirs and (standing.is_superuser or set(teams) <= set(standing.roles))


def _read_all(pieces: list[Any]) -> Iterator[bytes]:
    for piece in pieces:
        with piece:
            yield from piece.chunks()


def _show(request: HttpRequest, led: list[Any]) -> HttpResponse:
    from claims.admin.site import site

    standing = standing_of(request)
    rows = with_progress(visible_rows(request, Errand)[:SHOWN])
    lines = [
        _line(
            one,
            may_end=one.asked_by_id == request.user.pk or standing.has(LEADS, one.team_id),
            may_fetch=_may_fetch(request, one),
        )
        for one in rows
    ]
    context = {
        **site.each_context(request),
        "title": "Work under way",
        "lines": lines,
        "is_any_under_way": any(one.is_under_way for one in lines),
        "led": led,
        "days": KEPT_DAYS,
    }
    request.current_app = site.name
    return TemplateResponse(request, "claims/work.html", context)


def _line(one: Any, *, may_end: bool, may_fetch: bool) -> Line:
    is_under_way = one.state == ErrandState.UNDER_WAY
    told = tuple(filter(None, one.told.split("\n")))
    if one.kind == ErrandKind.CHECK and one.state == ErrandState.DONE and not told:
        told = (SOUND,)
    if one.file and (moments := one.asked.get("moments")):
        told = (_say_moments(moments), *told)
    if one.file and not may_fetch:
        told = (*told, ALONE)
    return Line(
        row=one,
        title=KINDS[ErrandKind(one.kind)],
        who=name_of(one.asked_by) or "somebody",
        since=_say_since(one.asked_at),
        ended_by=name_of(one.ended_by),
        state=ErrandState(one.state).label,
        is_under_way=is_under_way,
        may_cancel=is_under_way and may_end,
        told=told,
        size=size_of(one.size_bytes) if one.file and may_fetch else "",
        result=_result_of(one),
    )


def _say_since(moment: datetime) -> str:
    since = ago(moment)
    return f"{since} ago" if since[0].isdecimal() else since


def _say_moments(kept: list[str]) -> str:
    """Of when a file is: of one moment, or part by part of several."""
    shown = [timezone.localtime(datetime.fromisoformat(one)) for one in (kept[0], kept[-1])]
    first, last = (f"{one:%-d %b %Y, %H:%M:%S %Z}" for one in shown)
    if len(kept) == 1:
        return f"As everything stood on {first}."
    return (
        f"In {len(kept)} parts, the first as everything stood on {first}, the last on {last}. "
        "Each ticket is in one of them; what changed in between is told by the later ones alone."
    )


def _result_of(one: Any) -> tuple[str, str]:
    """Where what it brings is seen: the address and its words, both empty where nowhere."""
    if one.kind in (ErrandKind.ARTICLES, ErrandKind.FILES):
        address = reverse("admin:claims_article_changelist")
        return f"{address}?errand={one.pk}", "Show the articles"
    if source := next(iter(one.imports.all()), None):
        return reverse("admin:claims_import_show", args=[source.pk]), f"Show {source}"
    return "", ""
