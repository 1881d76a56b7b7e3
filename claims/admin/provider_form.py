"""The form of one provider: what an admin sets over the environment.

Promises that an empty box means the environment's, that an address is on the public
internet or opened by the environment, and that a key which is stored or typed is in no
page that comes back.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from unfold.widgets import (
    UnfoldAdminPasswordWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldBooleanWidget,
)

from claims.admin.stale import SeenForm
from claims.models import Provider
from claims.vocabulary import ProviderName
from claims.web.errors import FetchError
from claims.web.urls import parse_http_url
from claims.workflow.gather.catalogue import KINDS
from claims.workflow.gather.setups import (
    LANGUAGE,
    Setup,
    default_setup,
    read_feeds,
    read_sites,
)
from claims.workflow.ingest import IngestRefused, check_url

MAX_KEY_CHARS = 500
SWITCH = (("", "As the environment says"), ("true", "On"), ("false", "Off"))


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


def _say_default_url(default: Setup) -> str:
    if default.base_url:
        return f"Empty: {default.base_url}"
    return "Empty: that of SearXNG." if default.name == ProviderName.SITES else "Empty: none."
