"""Copies of pages out as a WARC file, and such a file in: for whoever may see, and for leads.

Promises: a file holds only pages that the person may see; a file that is broken is refused
with its place and brings nothing. Who brought a copy in is written on it.
"""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.urls import reverse
from django.utils import timezone

from claims.admin.bringing_in import UNPROCESSABLE, FileForm, draw_form
from claims.admin.facts import size_of
from claims.admin.record import note_export
from claims.admin.standing import LEADS, get_visible_or_404, standing_of, visible_teams
from claims.models import Page
from claims.tasks import nudge
from claims.web.warc import WarcRefused
from claims.workflow.gather.archiving import export_warc, import_warc

# What a request can read and answer in time; the command takes the rest.
MAX_UPLOAD_BYTES = 50 * 1024 * 1024
MAX_INFLATED_BYTES = 400 * 1024 * 1024
MAX_RECORDS = 5_000
MAX_PAGES = 200


class WarcForm(FileForm):
    """A file, and whose copies its pages become."""

    max_bytes = MAX_UPLOAD_BYTES
    cure = "Ask whoever runs the workbench for manage.py import_warc."
    upload = forms.FileField(
        label="WARC file",
        widget=forms.FileInput(attrs={"class": "fc-input", "accept": ".warc,.gz"}),
        help_text=f"As .warc or .warc.gz, up to {size_of(MAX_UPLOAD_BYTES)} and {MAX_RECORDS:,} "
        "records; manage.py import_warc takes larger ones.",
    )


def send_page(request: HttpRequest, page_id: int) -> HttpResponseBase:
    """All copies of one page."""
    page = get_visible_or_404(request, Page.objects.all(), page_id)
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET"])
    return send_pages(request, [page], f"page-{page.pk}")


def send_pages(request: HttpRequest, pages: list[Page], name: str) -> StreamingHttpResponse:
    """The copies of some pages as one file, without holding them; the record says so."""
    filename = f"{name}-{timezone.localdate():%Y-%m-%d}.warc.gz"
    teams = sorted({page.team_id for page in pages})
    note_export(request, f"{name}.warc.gz", {"pages": len(pages)}, teams)
    response = StreamingHttpResponse(
        export_warc(pages, filename=filename), content_type="application/warc"
    )
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


def send_chosen(
    request: HttpRequest, queryset: models.QuerySet[Page]
) -> StreamingHttpResponse | None:
    """The ticked pages, of those the person may see; too many are refused with the cure."""
    pages = list(queryset.defer("detail").order_by("pk")[: MAX_PAGES + 1])
    if len(pages) > MAX_PAGES:
        told = f"At most {MAX_PAGES} pages at once here; manage.py export_warc takes all."
        messages.warning(request, told)
        return None
    return send_pages(request, pages, "pages")


def may_import(request: HttpRequest) -> bool:
    """Leads of any team: a copy from a file is as good as their word for it."""
    return standing_of(request).has(LEADS)


def show_import(request: HttpRequest) -> HttpResponse:
    """The form, and what a file brought."""
    if not may_import(request):
        raise PermissionDenied
    teams = visible_teams(request, LEADS)
    if request.method != "POST":
        return _draw(request, WarcForm(teams=teams))
    form = WarcForm(request.POST, request.FILES, teams=teams)
    if not form.is_valid():
        return _draw(request, form, status=UNPROCESSABLE)
    try:
        brought = import_warc(
            form.cleaned_data["team"],
            form.cleaned_data["upload"],
            by_name=request.user.get_username(),
            max_bytes=MAX_INFLATED_BYTES,
            max_records=MAX_RECORDS,
        )
    except WarcRefused as refused:
        form.add_error("upload", f"{refused} Nothing was taken in.")
        return _draw(request, form, status=UNPROCESSABLE)
    nudge()
    told = f"{brought.new:,} new copies; {brought.known:,} were here already."
    if brought.left_out:
        told += f" {brought.left_out:,} records left out: {'; '.join(brought.reasons[:5])}."
    messages.success(request, told)
    return HttpResponseRedirect(_list_url())


def _draw(request: HttpRequest, form: WarcForm, *, status: int = 200) -> HttpResponse:
    return draw_form(
        request,
        form,
        model=Page,
        title="Bring in a WARC file",
        lead="Its pages become stored copies of the day they were archived, marked as brought in "
        "by you, and are read like pages that were fetched. A file that is broken anywhere brings "
        "nothing.",
        back=_list_url(),
        status=status,
    )


def _list_url() -> str:
    return reverse("admin:claims_page_changelist")
