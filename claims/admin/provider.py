"""Providers: how each place is searched, how it is doing, and a button that tries it out.

One row for the whole workbench, for admins: a key is bought once and its queries are
counted by the service, whichever team asks. Promises that a key goes in and never comes
out: the form has an empty box for a new one, the log of changes names the box and not what
was typed, and no error tells it.
"""

# ruff: noqa: ARG002 - the signatures are Django's
from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.views.decorators.http import require_http_methods

from claims.admin.base import TeamScopedAdmin
from claims.admin.columns import column
from claims.admin.facts import Button, Fact, Section, Sheet, Table, when
from claims.admin.outside import outside_link
from claims.admin.provider_form import ProviderForm
from claims.admin.site import site
from claims.admin.stale import SeenFields
from claims.admin.standing import ADMINS, standing_of
from claims.models import Provider, Search
from claims.vocabulary import ProviderName, SearchOutcome, SearchPurpose
from claims.web.errors import FetchError
from claims.web.search.feeds import MAX_FEEDS
from claims.web.search.protocol import Found
from claims.workflow.gather import try_provider
from claims.workflow.gather.catalogue import KINDS
from claims.workflow.gather.ending import FEED_ROWS_DAYS
from claims.workflow.gather.setups import Setup, setup_of

MAX_TEST_CHARS = 200
SHOWN_TRIES = 5
SHOWN_READINGS = MAX_FEEDS
STATES = {"on": "success", "off": "", "lacking": "warning"}


class ProviderAdmin(SeenFields, TeamScopedAdmin):
    """The places that are searched, for admins."""

    form = ProviderForm
    view_roles = change_roles = ADMINS
    list_display = ("label", "state", "well", "ill", "use")
    list_display_links = ("label",)
    ordering = ("id",)
    sortable_by = ()
    change_form_outer_after_template = "claims/provider/health.html"
    list_after_template = "claims/provider/opened.html"

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list, and what this installation may reach although it is not public."""
        opened = [f"{host}:{port}" for host, port in settings.FETCH_ALLOW]
        return super().changelist_view(request, {"opened": opened, **(extra_context or {})})

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Only what this place has."""
        kind = KINDS[ProviderName(obj.name)]
        shown = {
            "base_url": kind.has_url and kind.dials,
            "new_key": kind.needs_key,
            "forget_key": kind.needs_key,
            "daily_quota": kind.dials and bool(kind.purposes),
            "languages": kind.has_languages,
            "places": bool(kind.places),
        }
        return ["seen", "is_on", *(field for field, is_shown in shown.items() if is_shown)]

    @column("Provider")
    def label(self, row: Provider) -> str:
        """Its name."""
        return str(row)

    @column("Searched", label=STATES)
    def state(self, row: Provider) -> tuple[str, str]:
        """On, off, or on and lacking something."""
        setup = setup_of(row)
        if not setup.is_on:
            return "off", "Off"
        return ("lacking", setup.missing.rstrip(".")) if setup.missing else ("on", "On")

    @column("Last answer")
    def well(self, row: Provider) -> str:
        """When it last answered."""
        return when(row.last_success_at)

    @column("Last error")
    def ill(self, row: Provider) -> str:
        """When it last failed, and why, if it has not answered since."""
        return f"{when(row.last_error_at)}: {row.last_error}" if is_ill(row) else "–"

    @column("Queries today")
    def use(self, row: Provider) -> str:
        """Used, of the quota."""
        return say_use(row)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """With its health and a way to try it."""
        row: Any = self.get_object(request, object_id)
        told = {
            "health": describe_health(row),
            "tries": _list_tries(ProviderName(row.name)),
            "readings": _list_readings(ProviderName(row.name)),
            "test_url": reverse("admin:claims_provider_test", args=[row.pk]),
            "test": _test_of(ProviderName(row.name)),
        }
        answer: HttpResponse = super().change_view(
            request, object_id, form_url, told | (extra_context or {})
        )
        return answer

    def get_urls(self) -> list[Any]:
        """The test button, beside Django's own addresses."""
        test = self.admin_site.admin_view(test_provider)
        return [
            path("<int:provider_id>/test/", test, name="claims_provider_test"),
            *super().get_urls(),
        ]


def is_ill(row: Provider) -> bool:
    """Whether its last error is newer than its last answer."""
    if row.last_error_at is None:
        return False
    return row.last_success_at is None or row.last_success_at < row.last_error_at


def say_use(row: Provider) -> str:
    """Queries of today, of the quota: ``12 of 100``."""
    quota = "no limit" if row.daily_quota is None else f"{row.daily_quota:,}"
    return (
        f"{row.used_today:,} of {quota}" if row.daily_quota is not None else f"{row.used_today:,}"
    )


def describe_health(row: Provider) -> Section:
    """What a person wants to know of it before relying on it."""
    setup = setup_of(row)
    facts = [
        Fact("Now", _say_state(setup)),
        Fact("Last answer", when(row.last_success_at)),
        Fact("Last error", when(row.last_error_at)),
        Fact("What was said", row.last_error or "–"),
        Fact("Queries today", say_use(row)),
    ]
    if setup.is_quiet():
        facts.append(Fact("Asked to be left alone until", when(row.quiet_until)))
    if setup.kind.needs_key:
        facts.append(Fact("Key", _say_key(row, setup)))
    return Section("How it is doing", facts)


def _list_tries(name: ProviderName) -> Section | None:
    """The last queries that people put to try the place, each a row of the search log."""
    told = _tell_rows(name, SearchPurpose.TRIAL, SHOWN_TRIES)
    if not told:
        return None
    header = ("Asked", "Query", "Came to", "Results", "What was said")
    return Section("Tried lately", tables=[Table(header, told)])


def _list_readings(name: ProviderName) -> Section | None:
    """The last readings of the listed feeds, each a row of the search log."""
    if name != ProviderName.FEEDS:
        return None
    told = _tell_rows(name, SearchPurpose.FEED, SHOWN_READINGS)
    if not told:
        return None
    header = ("Read", "Feed", "Came to", "Items", "What was said")
    note = f"One row a reading, every ten minutes; they are kept for {FEED_ROWS_DAYS} days."
    return Section("Read lately", tables=[Table(header, told)], note=note)


def _tell_rows(name: ProviderName, purpose: SearchPurpose, count: int) -> list[tuple[Any, ...]]:
    rows = Search.objects.filter(provider=name, purpose=purpose, team__isnull=True)
    return [
        (
            when(row.created_at),
            Fact("", row.query, href=reverse("admin:claims_search_change", args=[row.pk])),
            SearchOutcome(row.outcome).label,
            row.result_count,
            row.detail or "–",
        )
        for row in rows.order_by("-id")[:count]
    ]


def _say_state(setup: Setup) -> str:
    if not setup.is_on:
        return "It is off: nothing is asked of it."
    return setup.missing or "It is searched for every ticket."


def _say_key(row: Provider, setup: Setup) -> str:
    if row.key:
        return "One is stored here."
    return "It comes from the environment." if setup.key else "There is none."


def _test_of(name: ProviderName) -> dict[str, str] | None:
    """The label and the first words of the test box; none for what cannot be asked from here."""
    if not KINDS[name].dials:
        return None
    if name == ProviderName.WAYBACK:
        return {"label": "Address of a page", "words": "https://example.com/"}
    return {"label": "Query", "words": "renewable energy share"}


@require_http_methods(["GET", "HEAD", "POST"])
def test_provider(request: HttpRequest, provider_id: int) -> HttpResponse:
    """One query put at once, and its answer or its error shown; a GET leads to the settings."""
    row = Provider.objects.filter(pk=provider_id).first()
    if row is None or not standing_of(request).has(ADMINS) or not _test_of(ProviderName(row.name)):
        raise Http404("There is nothing here, or it is not yours to see.")
    back = reverse("admin:claims_provider_change", args=[row.pk])
    words = " ".join(request.POST.get("words", "").split())[:MAX_TEST_CHARS]
    if request.method != "POST" or not words:
        return HttpResponseRedirect(back)
    started = time.monotonic()
    try:
        section = _show_answer(try_provider(ProviderName(row.name), words, by=request.user))
    except FetchError as problem:
        section = Section("No answer", [Fact("What was said", str(problem))])
    section_facts = [Fact("Asked", words), Fact("Took", f"{time.monotonic() - started:.1f} s")]
    sheet = Sheet(
        title=f"{row} was tried",
        buttons=[Button("Back to its settings", back, "arrow_back")],
        sections=[section, Section("The try", section_facts)],
    )
    context = {
        **site.each_context(request),
        "opts": Provider._meta,
        "original": row,
        "title": sheet.title,
        "sheet": sheet,
    }
    return TemplateResponse(request, "admin/fact_sheet.html", context)


def _show_answer(found: tuple[Found, ...]) -> Section:
    if not found:
        return Section("It answered", note="It found nothing for this, and that is an answer.")
    rows = [
        (
            one.title or "–",
            Fact("", one.url, outside=outside_link(one.url)),
            one.snippet or "–",
            ", ".join(part for part in (one.publisher, one.rating) if part) or "–",
            when(one.published),
        )
        for one in found
    ]
    header = ("Title", "Address", "Snippet", "Publisher, rating", "Day")
    return Section("It answered", tables=[Table(header, rows)])


site.register(Provider, ProviderAdmin)
