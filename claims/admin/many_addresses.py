"""Many articles at once: addresses, one a line, brought in together.

Promises: all or none; each line that is refused is named with its cure, and what was typed
stays; an address that the team has is no fault.
"""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.urls import reverse

from claims.admin.ingest import IngestForm, TypedField
from claims.lifecycle import MoveRefused
from claims.tasks import bring_addresses
from claims.workflow.ingest import IngestRefused, check_url

MOST_ADDRESSES = 300
SHOWN_FAULTS = 10


class UrlsForm(IngestForm):
    """Many URLs."""

    kind = "urls"
    tab = "Many URLs"
    icon = "playlist_add"
    submit = "Fetch all and read"
    promise = "The pages are fetched politely, each once, while you go on; you see how far it is."
    urls = TypedField(
        label="URLs",
        widget=forms.Textarea(
            attrs={"class": "fc-input fc-input--text", "rows": 12, "spellcheck": "false"}
        ),
        help_text=f"One a line, at most {MOST_ADDRESSES}. Empty lines are passed over.",
    )

    def clean_urls(self) -> list[str]:
        """The addresses, each once, in their order."""
        found: dict[str, str] = {}
        faults = []
        for number, line in enumerate(self.cleaned_data["urls"].splitlines(), start=1):
            if not line.strip():
                continue
            try:
                found.setdefault(check_url(line), line.strip())
            except IngestRefused as refused:
                faults.append(f"Line {number}: {refused.message}")
        if len(faults) > SHOWN_FAULTS:
            faults[SHOWN_FAULTS:] = [f"… and {len(faults) - SHOWN_FAULTS} lines more."]
        if not faults and not found:
            faults.append("Write at least one address.")
        if len(found) > MOST_ADDRESSES:
            faults.append(f"These are {len(found):,} addresses; at most {MOST_ADDRESSES} at once.")
        if faults:
            raise forms.ValidationError(faults)
        return list(found.values())

    def bring_in(self) -> None:
        """Owe the fetches."""
        given = self.cleaned_data
        try:
            brought = bring_addresses(given["team"], given["urls"], by=self.request.user)
        except MoveRefused as refused:
            raise IngestRefused("urls", f"This did not happen: {refused}.") from refused
        known = f" {brought.known} were here already." if brought.known else ""
        messages.success(self.request, f"{brought.new} articles are being fetched.{known}")

    def address(self) -> str:
        """Where one sees how far it is."""
        return reverse("admin:claims_work")
