"""Claims from a CSV: choose or paste, see what would be stored, confirm once, leave and return.

Promises: a file with a problem stores nothing and every problem names its place and cure; the
preview is what confirming does, and the workers make that of a large file; confirming twice, in
two tabs or by two people is confirming once. Any member of the team may; a stranger's import is
not found.
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
from claims.intake import COLUMNS, MAX_ROWS, TEMPLATE, Reading
from claims.lifecycle import MoveRefused
from claims.models import Claim, ClaimImport, ImportedRow, Quantity
from claims.tasks import begin_import, begin_preview, is_under_way
from claims.vocabulary import ImportedAs, ImportState
from claims.workflow.gather import PREPARED_AHEAD
from claims.workflow.take_in import (
    KEPT_HOURS,
    LARGE_BYTES,
    ImportPreview,
    ImportRefused,
    PreviewedRow,
    discard_import,
    keep_file,
    keep_unread,
    preview_import,
)

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
    team = form.cleaned_data["team"]
    if len(body) >= LARGE_BYTES:
        source = keep_unread(team, name, body, by=request.user)
        _ask_preview(request, source)
    else:
        try:
            source, _ = keep_file(team, name, body, by=request.user)
        except ImportRefused as refused:
            at = "upload" if form.cleaned_data["upload"] else "pasted"
            form.add_error(at, "Nothing was stored. Each problem stands above with its cure.")
            return _show_start(request, form, name=name, reading=refused.reading, status=400)
    return HttpResponseRedirect(reverse("admin:claims_import_show", args=[source.pk]))


def send_template(request: HttpRequest) -> HttpResponse:
    """A small file to fill in."""
    if not visible_teams(request).exists():
        refuse_teamless(request)
    response = HttpResponse(TEMPLATE, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="claims-template.csv"'
    return response


def show_one(request: HttpRequest, import_id: int) -> HttpResponse:
    """What a waiting file would do, or what a confirmed one does; a POST acts on it."""
    rows = ClaimImport.objects.select_related("team", "created_by", "confirmed_by", "errand")
    source = get_visible_or_404(request, rows, import_id, EVERYONE)
    if request.method == "POST":
        return _answer(request, source)
    if source.state != ImportState.WAITING:
        return _show_taken(request, source)
    return _show_preview(request, source)


def _answer(request: HttpRequest, source: ClaimImport) -> HttpResponse:
    act = request.POST.get("act", "")
    here = HttpResponseRedirect(reverse("admin:claims_import_show", args=[source.pk]))
    if act == "discard":
        if discard_import(source):
            messages.info(request, "The file was discarded. Nothing was stored.")
            return HttpResponseRedirect(reverse("admin:claims_import"))
        return here
    if act == "preview":
        _ask_preview(request, source)
        return here
    if act != "confirm":
        return _show_preview(request, source, status=400)
    if source.state == ImportState.WAITING:
        preview = _preview_of(source)
        if preview is None or preview.reading.problem_count:
            messages.error(request, "There is nothing to confirm yet.")
            return here
        if preview.reading.unknown_columns and request.POST.get("ignore") != "yes":
            wants_tick = "Tick the box above to import without these columns."
            return _show_preview(request, source, error=wants_tick, status=400)
    _begin(request, source)
    return here


def _begin(request: HttpRequest, source: ClaimImport) -> None:
    """Have the workers take it in, and say what came of that."""
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


def _ask_preview(request: HttpRequest, source: ClaimImport) -> None:
    """Have the workers preview it; a refusal becomes a message."""
    try:
        begin_preview(source, by=request.user)
    except ClaimImport.DoesNotExist:
        raise Http404("This file waits no longer. Upload it again.") from None
    except MoveRefused as refused:
        messages.error(request, f"The preview is not begun: {refused}.")


def _preview_of(source: ClaimImport) -> ImportPreview | None:
    """The preview that was made, or of a small file one of now; ``None`` while there is none."""
    if source.preview is not None:
        return ImportPreview.from_json(source.preview)
    if source.size_bytes >= LARGE_BYTES:
        return None
    try:
        return preview_import(source)
    except ImportRefused as refused:
        return ImportPreview(refused.reading)


def _show_start(
    request: HttpRequest,
    form: ImportForm,
    *,
    name: str = "",
    reading: Reading | None = None,
    status: int = 200,
) -> HttpResponse:
    recent = visible_rows(request, ClaimImport).select_related("team", "created_by", "errand")
    return _page(
        request,
        "start",
        status,
        form=form,
        file_name=name,
        reading=reading,
        more=_more(reading),
        columns=[(field, others, holds) for field, (others, holds) in COLUMNS.items()],
        recent=recent.defer("body", "preview").order_by("-id")[:SHOWN_IMPORTS],
    )


def _show_preview(
    request: HttpRequest, source: ClaimImport, *, error: str = "", status: int = 200
) -> HttpResponse:
    if source.state != ImportState.WAITING:
        return HttpResponseRedirect(reverse("admin:claims_import_show", args=[source.pk]))
    preview = _preview_of(source)
    if preview is None or preview.reading.problem_count:
        return _show_unread(request, source, preview.reading if preview else None, status=status)
    return _page(
        request,
        "preview",
        status,
        source=source,
        preview=preview,
        made_at=source.errand.ended_at if source.preview and source.errand else None,
        error=error,
        rows=[_tell_row(one) for one in preview.rows],
        duplicates=[_tell_row(one) for one in preview.duplicates],
        ignored=[one.heading for one in preview.reading.columns if one.is_ours],
        hours=KEPT_HOURS,
    )


def _show_unread(
    request: HttpRequest, source: ClaimImport, reading: Reading | None, *, status: int
) -> HttpResponse:
    """How far the workers are with a file, or what they found wrong with it."""
    return _page(
        request,
        "unread",
        status,
        source=source,
        is_under_way=is_under_way(source),
        file_name=source.file_name,
        reading=reading,
        more=_more(reading),
        hours=KEPT_HOURS,
    )


def _more(reading: Reading | None) -> int:
    """How many problems are not listed."""
    return reading.problem_count - len(reading.problems) if reading else 0


def _show_taken(request: HttpRequest, source: ClaimImport) -> HttpResponse:
    """What came of a file so far, or in the end."""
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
        is_under_way=is_under_way(source),
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


def _page(request: HttpRequest, name: str, status: int, **told: Any) -> HttpResponse:
    from claims.admin.ingest import list_tabs
    from claims.admin.site import site

    context = {
        **site.each_context(request),
        "title": "Claims from a CSV",
        "tabs": list_tabs(),
        "max_rows": MAX_ROWS,
        "ahead": PREPARED_AHEAD,
        **told,
    }
    request.current_app = site.name
    return TemplateResponse(request, f"claims/import/{name}.html", context, status=status)
