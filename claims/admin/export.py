"""Exports by hand: a form that says what will be told, and the file itself.

Promises: rows of the person's teams only, streamed, formula-safe unless the
person asks for the raw cells. Writes nothing but that it was asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from claims.admin.counts import count_rows
from claims.admin.record import note_export
from claims.admin.standing import standing_of, visible_teams
from claims.lifecycle import MoveRefused
from claims.models import Team, Verdict
from claims.models.zones import midnight
from claims.tasks import ask_export
from claims.workflow.publish import export_blocks, select_verdicts

# The form of a file that the workers make, beside the one that is downloaded.
LATER = "later"


class ExportForm(forms.Form):
    """What to tell: whose, which versions, since when, which file, which cells."""

    team = forms.ModelChoiceField(queryset=Team.objects.none(), required=False)
    versions = forms.ChoiceField(
        choices=(("current", "Current version of each"), ("all", "All versions")),
        initial="current",
        widget=forms.RadioSelect,
    )
    since = forms.DateField(
        label="Decided on or after", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    file = forms.ChoiceField(
        choices=(
            ("verdicts", "Verdicts, one row each"),
            ("evidence", "Evidence, one row for each piece"),
        ),
        initial="verdicts",
        widget=forms.RadioSelect,
    )
    cells = forms.ChoiceField(
        choices=(
            ("safe", "Safe for spreadsheets: a cell that would run as a formula begins with '"),
            ("raw", "Raw: every cell exactly as written"),
        ),
        initial="safe",
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        team: Any = self.fields["team"]
        team.queryset = visible_teams(request)
        team.empty_label = "All my teams"
        team.widget.attrs["class"] = "fc-input"
        self.fields["since"].widget.attrs["class"] = "fc-input"


def show_export(request: HttpRequest) -> HttpResponse:
    """The form, with how many verdicts each choice of team would tell."""
    return _show(request, ExportForm(request=request, initial=_defaults()))


def download_verdicts(request: HttpRequest) -> HttpResponseBase:
    """The file that the form asks for; a bad choice comes back with the form, at its field."""
    _check(request)
    form = ExportForm(_defaults() | request.GET.dict(), request=request)
    if not form.is_valid():
        return _show(request, form, status=400)
    asked = form.cleaned_data
    since = asked["since"]
    rows = select_verdicts(
        teams=[asked["team"]] if asked["team"] else None,
        all_versions=asked["versions"] == "all",
        since=midnight(since) if since else None,
        within=Verdict.objects.visible_to(request.user),
    )
    is_raw, file = asked["cells"] == "raw", asked["file"]
    blocks = export_blocks(rows, is_evidence=file == "evidence", is_raw=is_raw)
    return send_file(request, blocks, file, is_raw=is_raw, asked=asked, team=asked["team"])


def prepare_verdicts(request: HttpRequest) -> HttpResponseBase:
    """The same file made by the workers, for who does not want to wait: a POST of the form."""
    _check(request)
    if request.method != "POST":
        return HttpResponseRedirect(reverse("admin:claims_export"))
    form = ExportForm(request.POST, request=request, prefix=LATER)
    if not form.is_valid():
        return _show(request, ExportForm(request=request, initial=_defaults()), form, status=422)
    asked = form.cleaned_data
    since = midnight(asked["since"]).isoformat() if asked["since"] else ""
    wanted = {name: asked[name] for name in ("versions", "file", "cells")}
    # One team's file is for its members, that of all for whoever asks.
    mine = [asked["team"]] if asked["team"] else list(visible_teams(request))
    teams = mine if asked["team"] is None else []
    try:
        ask_export(mine[0], {**wanted, "since": since}, by=request.user, teams=teams)
    except MoveRefused as refused:
        form.add_error(None, f"This did not happen: {refused}.")
        return _show(request, ExportForm(request=request, initial=_defaults()), form, status=409)
    return HttpResponseRedirect(reverse("admin:claims_work"))


def stream_verdicts(
    request: HttpRequest,
    rows: models.QuerySet[Verdict],
    name: str,
    *,
    is_raw: bool = False,
    asked: Mapping[str, Any],
) -> StreamingHttpResponse:
    """Verdict rows as a CSV file, in the stable order, without holding them."""
    blocks = export_blocks(rows, is_evidence=False, is_raw=is_raw)
    return send_file(request, blocks, name, is_raw=is_raw, asked=asked)


def send_file(
    request: HttpRequest,
    blocks: Any,
    name: str,
    *,
    is_raw: bool,
    asked: Mapping[str, Any],
    team: Team | None = None,
) -> StreamingHttpResponse:
    """Blocks of CSV as a file of that name and today's date; the house's record says so."""
    kind = "-raw" if is_raw else ""
    told = {key: str(value) for key, value in asked.items() if value and key != "team"}
    note_export(request, f"{name}{kind}.csv", told, [team] if team else None)
    response = StreamingHttpResponse(blocks, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = (
        f'attachment; filename="{name}{kind}-{timezone.localdate():%Y-%m-%d}.csv"'
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _show(
    request: HttpRequest, form: ExportForm, later: ExportForm | None = None, *, status: int = 200
) -> HttpResponse:
    from claims.admin.site import site

    _check(request)
    teams = list(visible_teams(request)[:20])
    rows = Verdict.objects.visible_to(request.user)
    counts = count_rows(
        **{f"team_{team.pk}": select_verdicts(teams=[team], within=rows) for team in teams}
    )
    context = {
        **site.each_context(request),
        "title": "Export verdicts",
        "form": form,
        "later": later or ExportForm(request=request, initial=_defaults(), prefix=LATER),
        "told": [(team, counts[f"team_{team.pk}"]) for team in teams],
    }
    request.current_app = site.name
    return TemplateResponse(request, "claims/export/page.html", context, status=status)


def _check(request: HttpRequest) -> None:
    standing = standing_of(request)
    if not standing.is_superuser and not standing.roles:
        raise PermissionDenied


def _defaults() -> dict[str, str]:
    return {"versions": "current", "file": "verdicts", "cells": "safe"}
