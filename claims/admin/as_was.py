"""A page as it was on a day: asked of an archive from the page's sheet, and what came of it.

Promises: the question is owed to the workers and shown as it goes on; what came, that there is
none, or why nobody answered stands there in plain words, with one more try. Reviewers of the
page's team ask; the ticket's page draws the same lines (:mod:`claims.admin.ticket_panels`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from claims.admin.copies import compare_url, copy_url
from claims.admin.facts import when
from claims.admin.site import site
from claims.admin.standing import REVIEWERS, get_visible_or_404
from claims.admin.ticket_panels.wording import SEARCH_OUTCOMES
from claims.models import Page, Search
from claims.tasks import ask_copy
from claims.vocabulary import SearchOutcome, SearchPurpose
from claims.workflow.gather import CopyRefused

SHOWN_LINES = 50
UNPROCESSABLE = 422
VARIANTS = {"good": "success", "info": "info", "warn": "warning", "bad": "danger"}


@dataclass(frozen=True, slots=True)
class CopyLine:
    """One question for a copy: of which page and day, how far it has come, and where it led."""

    page_id: int
    title: str
    day: str
    on: str
    label: str
    tone: str
    told: str
    copy: str
    compare: str

    @property
    def variant(self) -> str:
        """The tone as the skin's labels call it."""
        return VARIANTS.get(self.tone, "")

    @property
    def is_over(self) -> bool:
        """Whether it ended without a copy, so that one more try makes sense."""
        return self.tone in ("bad", "warn")


class DayForm(forms.Form):
    """Which day."""

    on = forms.DateField(
        label="Day",
        widget=forms.DateInput(attrs={"class": "fc-input", "type": "date"}),
        help_text="The archive's last copy up to the end of that day is fetched; "
        "where it has none, the first one after.",
        error_messages={"required": "Choose a day.", "invalid": "Choose a day."},
    )


def read_copy_lines(rows: QuerySet[Search]) -> tuple[CopyLine, ...]:
    """The questions for copies of a day, newest first (one query)."""
    asked = (
        rows.filter(purpose=SearchPurpose.COPY, wanted_on__isnull=False)
        .select_related("page", "copy")
        .defer(
            *(f"copy__{name}" for name in ("text", "search", "links", "tables", "media", "headers"))
        )
    )
    return tuple(_lines(asked.order_by("-id")[:SHOWN_LINES]))


def _lines(rows: Iterable[Search]) -> Iterable[CopyLine]:
    for row in rows:
        if row.page is None or row.wanted_on is None:
            continue
        label, tone = SEARCH_OUTCOMES[SearchOutcome(row.outcome)]
        if row.outcome == SearchOutcome.PENDING:
            label, tone = "Being asked", "info"
        elif row.copy is not None and row.copy.read_at is None:
            label, tone = "Being read", "info"
        yield CopyLine(
            page_id=row.page.pk,
            title=str(row.page),
            day=when(row.wanted_on),
            on=row.wanted_on.isoformat(),
            label=label,
            tone=tone,
            told=row.detail,
            copy=copy_url(row.copy) if row.copy is not None else "",
            compare=compare_url(row.page, older=row.copy.pk) if row.copy is not None else "",
        )


def show_as_was(request: HttpRequest, page_id: int) -> HttpResponse:
    """The form and what was asked before; a POST owes one more question."""
    rows = Page.objects.select_related("team")
    page = get_visible_or_404(request, rows, page_id, REVIEWERS)
    form = DayForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        refusal = ask(page, form.cleaned_data["on"], request)
        if not refusal:
            return HttpResponseRedirect(request.path)
        form.add_error("on", refusal)
    request.current_app = site.name
    lines = read_copy_lines(Search.objects.filter(page=page))
    context = {
        **site.each_context(request),
        "opts": Page._meta,
        "original": page,
        "title": f"As it was on a day: {page}"[:200],
        "inline_admin_formsets": [],
        "page": page,
        "page_url": reverse("admin:claims_page_change", args=[page.pk]),
        "form": form,
        "lines": lines,
        "is_waiting": any(line.tone == "info" for line in lines),
        "today": timezone.localdate().isoformat(),
    }
    status = UNPROCESSABLE if form.errors else 200
    return TemplateResponse(request, "claims/page/as_was.html", context, status=status)


def ask(page: Page, on: date, request: HttpRequest) -> str:
    """Owe the question; gives why not, in plain words."""
    try:
        ask_copy(page, on, by=request.user)
    except CopyRefused as refused:
        return str(refused)
    messages.success(request, "The archive is being asked.")
    return ""
