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

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.views.decorators.http import require_http_methods
from unfold.widgets import (
    UnfoldAdminPasswordWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldBooleanWidget,
)

from claims.admin.base import TeamScopedAdmin
from claims.admin.columns import column
from claims.admin.facts import Button, Fact, Section, Sheet, Table, when
from claims.admin.outside import outside_link
from claims.admin.site import site
from claims.admin.stale import SeenFields, SeenForm
from claims.admin.standing import ADMINS, standing_of
from claims.models import Provider
from claims.vocabulary import ProviderName
from claims.web.errors import FetchError
from claims.web.search.protocol import Found
from claims.web.urls import parse_http_url
from claims.workflow.gather import try_provider
from claims.workflow.gather.catalogue import KINDS
from claims.workflow.gather.setups import (
    LANGUAGE,
    Setup,
    default_setup,
    read_feeds,
    read_sites,
    setup_of,
)
from claims.workflow.ingest import IngestRefused, check_url

MAX_TEST_CHARS = 200
MAX_KEY_CHARS = 500
SWITCH = (("", "As the environment says"), ("true", "On"), ("false", "Off"))
STATES = {"on": "success", "off": "", "lacking": "warning"}


class ProviderForm(SeenForm):
    """What an admin sets over the environment; an empty box means the environment's."""

    is_on = forms.TypedChoiceField(
        label="Search here",
        required=False,
        choices=SWITCH,
        coerce=lambda word: {"true": True, "false": False}[word],
        empty_value=None,
        widget=UnfoldAdminSelectWidget,
    )
    new_key = forms.CharField(
        label="New key",
        required=False,
        strip=True,
        max_length=MAX_KEY_CHARS,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}),
        help_text="Kept when this stays empty. A key is never shown again.",
    )
    forget_key = forms.BooleanField(
        label="Forget the stored key", required=False, widget=UnfoldBooleanWidget
    )

    class Meta:
        model = Provider
        fields = ("is_on", "base_url", "daily_quota", "languages", "places")
        widgets = {"places": UnfoldAdminTextareaWidget(attrs={"rows": 8})}
        labels = {
            "base_url": "Address",
            "daily_quota": "Queries a day",
            "places": "List",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name = ProviderName(self.instance.name)
        kind, default = KINDS[name], default_setup(name)
        if "is_on" in self.fields:
            word = {None: "", True: "true", False: "false"}[self.instance.is_on]
            self.initial["is_on"] = word
            said = "on" if default.is_on else "off"
            self.fields["is_on"].help_text = f"{kind.about} The environment says: {said}."
        helps = {
            "base_url": _say_default_url(default),
            "daily_quota": "Empty: no limit. What is over is kept in the log as “quota reached”.",
            "languages": "Two letters each, the usual one first. Empty: that of the article.",
            "places": kind.places,
        }
        for field, text in helps.items():
            if field in self.fields:
                self.fields[field].help_text = text
        if not kind.needs_key:
            del self.fields["new_key"], self.fields["forget_key"]

    def clean_base_url(self) -> str:
        """An address on the public internet, or one that the environment opened."""
        url: str = self.cleaned_data["base_url"].strip().rstrip("/")
        if not url:
            return ""
        tried = url.replace("{language}", "en")
        try:
            parsed = parse_http_url(tried)
            if (
                settings.SEARXNG_URL
                and parsed.origin == parse_http_url(settings.SEARXNG_URL).origin
            ):
                return url
            check_url(tried)
        except FetchError as problem:
            raise ValidationError(str(problem)) from None
        except IngestRefused as refused:
            raise ValidationError(refused.message) from None
        return url

    def clean_languages(self) -> str:
        """Codes of two or three letters, parted by spaces or commas."""
        codes = self.cleaned_data["languages"].lower().replace(",", " ").split()
        wrong = [code for code in codes if not LANGUAGE.match(code)]
        if wrong:
            raise ValidationError(f"“{wrong[0][:20]}” is no code of a language. Write en, de, no …")
        return " ".join(dict.fromkeys(codes))

    def clean_places(self) -> str:
        """The list in its normal form, one entry a line."""
        is_feeds = self.instance.name == ProviderName.FEEDS
        try:
            read = read_feeds if is_feeds else read_sites
            return "\n".join(read(self.cleaned_data["places"]))
        except ValueError as wrong:
            what = "an address of a feed" if is_feeds else "a site"
            raise ValidationError(f"“{wrong}” is not {what}.") from None

    def save(self, commit: bool = True) -> Any:
        """With the new key, or without the old one."""
        typed = self.cleaned_data.get("new_key", "")
        if typed:
            self.instance.key = typed
        elif self.cleaned_data.get("forget_key"):
            self.instance.key = ""
        if self.changed_data:
            # What was set anew deserves another try.
            self.instance.quiet_until = None
        return super().save(commit)


class ProviderAdmin(SeenFields, TeamScopedAdmin):
    """The places that are searched, for admins."""

    form = ProviderForm
    view_roles = change_roles = ADMINS
    list_display = ("label", "state", "well", "ill", "use")
    list_display_links = ("label",)
    ordering = ("id",)
    sortable_by = ()
    change_form_outer_after_template = "claims/provider/health.html"

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Only what this place has."""
        kind = KINDS[ProviderName(obj.name)]
        shown = {
            "base_url": kind.has_url and kind.dials,
            "new_key": kind.needs_key,
            "forget_key": kind.needs_key,
            "daily_quota": kind.dials,
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


def _say_default_url(default: Setup) -> str:
    if default.base_url:
        return f"Empty: {default.base_url}"
    return "Empty: that of SearXNG." if default.name == ProviderName.SITES else "Empty: none."


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
        section = _show_answer(try_provider(ProviderName(row.name), words))
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
