"""A read-only page as data: facts, tables and texts that one template draws.

Everything here is text, which the template escapes, but for a section's ``markup``, which is
safe already. A link outside is made
only by :func:`~claims.admin.outside.outside_link`, so nothing but http and https can be clicked.
"""

# ruff: noqa: ARG002 - the signatures are Django's
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from claims.admin.base import TeamScopedAdmin
from claims.admin.outside import NOWHERE, Outside
from claims.text.differences import Difference
from claims.vocabulary import Word


@dataclass(frozen=True, slots=True)
class Badge:
    """A coloured word; ``variant`` is one of the skin's: success, info, warning, danger."""

    text: str
    variant: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A labelled value. ``href`` leads within the house, ``outside`` to the web."""

    label: str
    value: Any
    href: str = ""
    outside: Outside = NOWHERE
    is_code: bool = False
    badge: Badge | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A header and rows of facts or plain values."""

    header: Sequence[str]
    rows: Sequence[Sequence[Any]]
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A run of a section's text; the marked one is what the reader came for."""

    text: str
    is_marked: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """One card of the page; ``parts`` is its text with something marked in it."""

    title: str
    facts: Sequence[Fact] = ()
    tables: Sequence[Table] = ()
    text: str = ""
    markup: SafeString | None = None
    parts: Sequence[Part] = ()
    difference: Difference | None = None
    note: str = ""
    is_folded: bool = False


@dataclass(frozen=True, slots=True)
class Button:
    """Something one may do from here: a link, or a form that posts where ``is_post``."""

    label: str
    href: str
    icon: str = ""
    is_post: bool = False
    is_main: bool = False


@dataclass(frozen=True, slots=True)
class Choosing:
    """Words of the page's text may become evidence: of which copy, for which tickets.

    ``shown_from`` is the first character of the text that the page shows.
    """

    copy_id: int
    tickets: Sequence[tuple[str, str]]
    shown_from: int = 0


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole page."""

    title: str
    lead: str = ""
    badges: Sequence[Badge] = ()
    buttons: Sequence[Button] = ()
    sections: Sequence[Section] = ()
    choose: Choosing | None = None


class FactSheetAdmin(TeamScopedAdmin):
    """A noun that is looked at, never edited: its change page is a sheet of facts."""

    sheet_template = "admin/fact_sheet.html"

    def describe(self, request: HttpRequest, row: Any) -> Sheet:
        """The page for one row; a noun with more to tell says more."""
        return Sheet(title=str(row))

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The sheet; a POST changes nothing and is refused."""
        row = self.get_object(request, unquote(object_id))
        if not self.has_view_permission(request, row) or request.method not in ("GET", "HEAD"):
            raise PermissionDenied
        request.current_app = self.admin_site.name
        return TemplateResponse(
            request, self.sheet_template, self.page_context(request, row) | (extra_context or {})
        )

    def page_context(self, request: HttpRequest, row: models.Model) -> dict[str, Any]:
        """What the skin's frame and the sheet need."""
        sheet = self.describe(request, row)
        return {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": row,
            "title": sheet.title,
            "sheet": sheet,
            "inline_admin_formsets": [],
        }


def link_to(row: models.Model | None, label: str = "") -> Fact:
    """A fact that leads to a row's own page."""
    if row is None:
        return Fact(label, "–")
    opts = row._meta
    href = reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[row.pk])
    return Fact(label, str(row), href=href)


def spoken(word: str, words: type[Word]) -> str:
    """The label of a stored word; ``–`` for none."""
    return words(word).label if word else "–"


def when(moment: datetime | date | None) -> str:
    """A time as ``21 Nov 2026, 14:05 UTC``, a day as ``21 Nov 2026``; ``–`` for none."""
    if moment is None:
        return "–"
    if isinstance(moment, datetime):
        return f"{timezone.localtime(moment):%-d %b %Y, %H:%M %Z}"
    return f"{moment:%-d %b %Y}"


def ago(moment: datetime | None) -> str:
    """How long ago, in the largest fitting unit: ``3 min``, ``2 h``, ``5 d``."""
    if moment is None:
        return "–"
    seconds = max((timezone.now() - moment).total_seconds(), 0)
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= size:
            return f"{int(seconds // size)} {unit}"
    return "just now"


def size_of(count: int) -> str:
    """Bytes for people: ``412 bytes``, ``12 kB``, ``3.4 MB``."""
    if count < 1000:
        return f"{count} bytes"
    if count < 1_000_000:
        return f"{count / 1000:.0f} kB"
    return f"{count / 1_000_000:.1f} MB"
