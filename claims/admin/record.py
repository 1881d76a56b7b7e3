"""The house's record as a page: who got or lost a role, which rules changed, what was exported.

Promises: leads see the lines of the teams that they lead, superusers all. The page writes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from claims.admin.facts import Fact, Section, Sheet, Table, when
from claims.admin.standing import LEADS, standing_of
from claims.models import HouseEvent, Team
from claims.models.house import record_export
from claims.vocabulary import HouseAction

SHOWN = 300
HEADER = ("When", "Who", "What", "Changes", "Team", "Line")


def note_export(
    request: HttpRequest,
    what: str,
    asked: Mapping[str, Any],
    teams: Iterable[Team | int] | None = None,
) -> None:
    """Write down that this person exported rows of these teams, or of all the person's teams.

    Not for a HEAD, with which nothing leaves.
    """
    if request.method == "HEAD":
        return
    standing = standing_of(request)
    all_teams = [None] if standing.is_superuser else list(standing.roles)
    record_export(what, all_teams if teams is None else teams, asked, by=request.user)


def show_record(request: HttpRequest) -> HttpResponse:
    """The newest lines."""
    from claims.admin.site import site

    if not standing_of(request).has(LEADS):
        raise PermissionDenied
    rows = HouseEvent.objects.visible_to(request.user, *sorted(LEADS)).select_related("team")
    lines = [_line(one) for one in rows.order_by("-sequence")[:SHOWN]]
    note = f"The newest {SHOWN}." if len(lines) == SHOWN else ""
    sheet = Sheet(
        title="Record",
        lead="Who got or lost a role, which rules of verdicts changed, and what was exported. The "
        "database writes each line, and none is ever changed.",
        sections=[Section("", note=note, tables=[Table(HEADER, lines)])],
    )
    request.current_app = site.name
    context = {**site.each_context(request), "title": sheet.title, "sheet": sheet}
    return TemplateResponse(request, "admin/fact_sheet.html", context)


def _line(row: HouseEvent) -> tuple[Any, ...]:
    return (
        when(row.at),
        row.actor_name or "The workbench",
        f"{HouseAction(row.action).label}: {row.subject}",
        _changes(row.changes),
        row.team.name if row.team else "–",
        Fact("", f"{row.sequence} {row.digest[:12]}", is_code=True),
    )


def _changes(kept: str) -> str:
    """Old and new by name, in words; what was written by other ways as it stands."""
    try:
        told = json.loads(kept or "{}")
    except ValueError:
        return kept
    parts = []
    for name, value in told.items() if isinstance(told, dict) else [("", told)]:
        if name == "user":
            continue
        label = name.replace("_", " ")
        if isinstance(value, list) and len(value) == 2:
            parts.append(f"{label}: {_say(value[0])} → {_say(value[1])}")
        else:
            parts.append(f"{label}: {_say(value)}")
    return "; ".join(parts) or "–"


def _say(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "nothing" if value in (None, "", []) else str(value)
