"""Claims from a CSV: choose or paste, see what would be stored, confirm once, leave and return.

Promises: a file with a problem stores nothing and every problem names its place and cure; the
preview is what confirming does; confirming twice, in two tabs or by two people is confirming
once. Any member of the team may; a stranger's import is not found.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from claims.admin.import_form import ImportForm
from claims.admin.numbers import say_quantity
from claims.admin.standing import (
    EVERYONE,
    get_visible_or_404,
    refuse_teamless,
    visible_rows,
    visible_teams,
)
from claims.intake import COLUMNS, TEMPLATE, Problem, Reading
from claims.lifecycle import MoveRefused
from claims.models import Claim, ClaimImport, ImportedRow, Quantity
from claims.tasks import begin_import
from claims.vocabulary import ErrandState, ImportedAs, ImportState
from claims.workflow.gather import PREPARED_AHEAD
from claims.workflow.take_in import (
    KEPT_HOURS,
    ImportPreview,
    ImportRefused,
    PreviewedRow,
    discard_import,
    keep_file,
    preview_import,
)

# A request must end well before the web server's time-out; the command takes the rest.
MAX_PAGE_ROWS = 20_000
SHOWN_IMPORTS = 10
SHOWN_LINKED = 100
SHOWN_NOTES = (
    "article_title",
    "article_url",
    "article_published",
    "said_on",
    "language",
    "priority",
    "note",
    "external_id",
)
LABELS = {
    ImportedAs.NEW: ("New", "success"),
    ImportedAs.KNOWN: ("Already here", "info"),
    ImportedAs.REPEATED: ("Repeats a line", "warning"),
}


def show_import(request: HttpRequest) -> HttpResponse:
    """The way in; a POST reads a file and leads to its preview, or to its problems."""
    if not visible_teams(request).exists():
        refuse_teamless(request)
    if request.method != "POST":
        return _show_start(request, ImportForm(request=request))
    form = ImportForm(request.POST, request.FILES, request=request)
    if not form.is_valid():
        return _show_start(request, form, status=400)
    name, body = form.body()
    try:
        source, reading = keep_file(form.cleaned_data["team"], name, body, by=request.user)
    except ImportRefused as refused:
        return _show_start(request, form, name=name, reading=refused.reading, status=400)
    if len(reading.rows) > MAX_PAGE_ROWS and source.state == ImportState.WAITING:
        discard_import(source)
        return _show_start(request, form, name=name, reading=_too_long(reading), status=400)
    return HttpResponseRedirect(reverse("admin:claims_import_show", args=[source.pk]))


def send_template(request: HttpRequest) -> HttpResponse:
    """A small file to fill in."""
    if not visible_teams(request).exists():
        refuse_teamless(request)
    response = HttpResponse(TEMPLATE, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="claims-template.csv"'
    return response


def show_one(request: HttpRequest, import_id: int) -> HttpResponse:
    """What a waiting file would do, or what a confirmed one does; a POST confirms or discards."""
    rows = ClaimImport.objects.select_related("team", "created_by", "confirmed_by", "errand")
    source = get_visible_or_404(request, rows, import_id, EVERYONE)
    if request.method == "POST":
        return _answer(request, source)
    if source.state != ImportState.WAITING:
        return _show_taken(request, source)
    return _show_preview(request, source)


def _answer(request: HttpRequest, source: ClaimImport) -> HttpResponse:
    act = request.POST.get("act", "")
    if act == "discard":
        if discard_import(source):
            messages.info(request, "The file was discarded. Nothing was stored.")
            return HttpResponseRedirect(reverse("admin:claims_import"))
        return HttpResponseRedirect(reverse("admin:claims_import_show", args=[source.pk]))
    if act != "confirm":
        return _show_preview(request, source, status=400)
    if source.state == ImportState.WAITING:
        preview = preview_import(source)
        if preview.reading.unknown_columns and request.POST.get("ignore") != "yes":
            wants_tick = "Tick the box above to import without these columns."
            return _show_preview(request, source, preview=preview, error=wants_tick, status=400)
    try:
        source, is_begun = begin_import(source, by=request.user)
    except ClaimImport.DoesNotExist:
        raise Http404("This file waits no longer. Upload it again.") from None
    except MoveRefused as refused:
        messages.error(request, f"This did not happen: {refused}.")
    else:
        if is_begun:
            messages.success(request, "The file is being taken in. You may leave this page.")
        elif source.state == ImportState.DONE:
            messages.info(request, "This file was imported already. Nothing was added.")
        else:
            messages.info(request, "This file is being taken in already.")
    return HttpResponseRedirect(reverse("admin:claims_import_show", args=[source.pk]))


def _show_start(
    request: HttpRequest,
    form: ImportForm,
    *,
    name: str = "",
    reading: Reading | None = None,
    status: int = 200,
) -> HttpResponse:
    recent = visible_rows(request, ClaimImport).select_related("team", "created_by")
    return _page(
        request,
        "start",
        status,
        form=form,
        file_name=name,
        reading=reading,
        more=reading.problem_count - len(reading.problems) if reading else 0,
        columns=[(field, others, holds) for field, (others, holds) in COLUMNS.items()],
        recent=recent.defer("body").order_by("-id")[:SHOWN_IMPORTS],
    )


def _show_preview(
    request: HttpRequest,
    source: ClaimImport,
    *,
    preview: ImportPreview | None = None,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    if source.state != ImportState.WAITING:
        return HttpResponseRedirect(reverse("admin:claims_import_show", args=[source.pk]))
    preview = preview or preview_import(source)
    return _page(
        request,
        "preview",
        status,
        source=source,
        preview=preview,
        error=error,
        rows=[_tell_row(one) for one in preview.rows],
        duplicates=[_tell_row(one) for one in preview.duplicates],
        ignored=[one.heading for one in preview.reading.columns if one.is_ours],
        hours=KEPT_HOURS,
    )


def _show_taken(request: HttpRequest, source: ClaimImport) -> HttpResponse:
    """What came of a file so far, or in the end."""
    errand = source.errand
    linked = (
        ImportedRow.objects.filter(source=source)
        .exclude(became=ImportedAs.NEW)
        .select_related("claim")
        .defer("claim__search")
        .order_by("line")
    )
    return _page(
        request,
        "taken",
        200,
        source=source,
        is_done=source.state == ImportState.DONE,
        is_under_way=errand is not None and errand.state == ErrandState.UNDER_WAY,
        linked=[(row, *LABELS[ImportedAs(row.became)]) for row in linked[:SHOWN_LINKED]],
        more=source.known_count + source.repeated_count - SHOWN_LINKED,
    )


def _tell_row(one: PreviewedRow) -> dict[str, Any]:
    label, variant = LABELS[one.became]
    stored = Claim()
    return {
        "line": one.row.line,
        "text": one.row.claim_text,
        "claimant": one.row.claimant,
        "numbers": [say_quantity(Quantity.from_read(stored, 0, number)) for number in one.numbers],
        "label": label,
        "variant": variant,
        "first_line": one.first_line,
        "claim_id": one.claim_id,
        "near": one.near,
        "said": [
            (name.replace("_", " "), value)
            for name in SHOWN_NOTES
            if (value := getattr(one.row, name)) not in ("", None)
        ],
    }


def _too_long(reading: Reading) -> Reading:
    place = reading.rows[MAX_PAGE_ROWS].line
    message = (
        f"This is row {MAX_PAGE_ROWS + 1:,} of {len(reading.rows):,}; a page takes at most "
        f"{MAX_PAGE_ROWS:,}. Cut the file, or use: manage.py import_claims FILE."
    )
    problem = Problem(place, None, "", message)
    return Reading(columns=reading.columns, problems=(problem,), problem_count=1)


def _page(request: HttpRequest, name: str, status: int, **told: Any) -> HttpResponse:
    from claims.admin.ingest import list_tabs
    from claims.admin.site import site

    context = {
        **site.each_context(request),
        "title": "Claims from a CSV",
        "tabs": list_tabs(),
        "max_page_rows": MAX_PAGE_ROWS,
        "ahead": PREPARED_AHEAD,
        **told,
    }
    request.current_app = site.name
    return TemplateResponse(request, f"claims/import/{name}.html", context, status=status)
