"""Claims from a CSV: choose or paste, see what would be stored, confirm once.

Promises: a file with a problem stores nothing and every problem names its place and cure; the
preview is what confirming does; confirming twice, in two tabs or by two people is confirming
once. Any member of the team may; a stranger's import is not found.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from claims.admin.ingest import TypedField
from claims.admin.numbers import say_quantity
from claims.admin.standing import (
    EVERYONE,
    get_visible_or_404,
    refuse_teamless,
    visible_rows,
    visible_teams,
)
from claims.intake import COLUMNS, MAX_BYTES, TEMPLATE, Problem, Reading
from claims.models import Claim, ClaimImport, ImportedRow, Quantity, Team
from claims.tasks import nudge
from claims.vocabulary import ImportedAs, ImportState
from claims.workflow.gather import PREPARED_AHEAD
from claims.workflow.take_in import (
    KEPT_HOURS,
    ImportPreview,
    ImportRefused,
    PreviewedRow,
    confirm_import,
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


class ImportForm(forms.Form):
    """A file or a paste, and whose queue its claims go to."""

    upload = forms.FileField(
        label="CSV file",
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(
            attrs={"class": "fi-file", "accept": ".csv,.tsv,.txt,text/csv,text/plain"}
        ),
        help_text="Drop a file here or choose one: .csv, .tsv or .txt, up to 10 MB.",
    )
    pasted = TypedField(
        label="Or paste rows",
        widget=forms.Textarea(
            attrs={
                "class": "fc-input fc-input--text",
                "rows": 5,
                "spellcheck": "false",
                "placeholder": "claim_text, claimant, said_on …",
            }
        ),
        help_text="With the line of headings, as copied from a spreadsheet.",
    )
    team = forms.ModelChoiceField(
        queryset=Team.objects.none(),
        empty_label=None,
        widget=forms.Select(attrs={"class": "fc-input"}),
    )

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        team: Any = self.fields["team"]
        team.queryset = visible_teams(request)
        teams = list(team.queryset[:2])
        self.only_team = teams[0] if len(teams) == 1 else None

    def clean(self) -> dict[str, Any]:
        """Exactly one way in, and not a huge one."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        upload, pasted = given.get("upload"), given.get("pasted", "")
        if upload is None and not pasted.strip():
            self.add_error("upload", "Choose a file, or paste rows below.")
        elif upload is not None and pasted.strip():
            self.add_error("pasted", "There is a file too. Send the file or the pasted rows.")
        elif upload is not None and upload.size > MAX_BYTES:
            self.add_error("upload", "The file is over 10 MB. Cut it into several files.")
        return given

    def body(self) -> tuple[str, bytes]:
        """The file's name and its bytes."""
        upload = self.cleaned_data.get("upload")
        if upload is not None:
            return upload.name, upload.read()
        return "pasted rows", self.cleaned_data["pasted"].encode("utf-8", "surrogatepass")


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
    """What a waiting file would do, or what a confirmed one did; a POST confirms or discards."""
    rows = ClaimImport.objects.select_related("team", "created_by", "confirmed_by")
    source = get_visible_or_404(request, rows, import_id, EVERYONE)
    if request.method == "POST":
        return _answer(request, source)
    if source.state == ImportState.DONE:
        return _show_done(request, source)
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
        with transaction.atomic():
            source, is_first = confirm_import(source, by=request.user)
            transaction.on_commit(nudge)
    except ClaimImport.DoesNotExist:
        raise Http404("This file waits no longer. Upload it again.") from None
    if is_first:
        messages.success(request, f"{source.new_count:,} claims were stored.")
    else:
        messages.info(request, "This file was imported already. Nothing was added.")
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


def _show_done(request: HttpRequest, source: ClaimImport) -> HttpResponse:
    linked = (
        ImportedRow.objects.filter(source=source)
        .exclude(became=ImportedAs.NEW)
        .select_related("claim")
        .defer("claim__search")
        .order_by("line")
    )
    return _page(
        request,
        "done",
        200,
        source=source,
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
