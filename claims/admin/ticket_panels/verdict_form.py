"""The verdict's form as it is posted, and as a draft keeps it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict

from claims.admin.ticket_panels.forms import LARGEST_INTEGER, MAX_ID_DIGITS, TicketForm
from claims.vocabulary import Confidence, CorrectionClass, GateItem, Word

# A draft may be longer than a rationale may be: what was typed is kept, then judged.
DRAFT_CHARS = 2_000_000
WAIVERS = tuple(f"waiver_{item}" for item in GateItem)
DRAFT_TEXTS = (
    "rating",
    "rationale",
    "tolerance",
    "what_would_change",
    "confidence",
    *WAIVERS,
    "correction_class",
    "correction_reason",
)


def _choose_or_not(words: type[Word], told: str) -> forms.ChoiceField:
    """A word of a closed set, or none."""
    return forms.ChoiceField(
        required=False,
        choices=[("", ""), *words.choices()],
        error_messages={"invalid_choice": told},
    )


class DecideForm(TicketForm):
    """A verdict. The ids ticked as ``evidence`` and ``decisive`` are read by :meth:`ids`."""

    version = forms.IntegerField(
        max_value=LARGEST_INTEGER,
        error_messages={
            "required": "This form is out of date. Reload the page; the draft is kept."
        },
    )
    rating = forms.IntegerField(
        max_value=LARGEST_INTEGER,
        error_messages={
            "required": "Choose a rating.",
            "invalid": "Choose a rating of your team's scale.",
            "max_value": "Choose a rating of your team's scale.",
        },
    )
    rationale = forms.CharField(required=False)
    tolerance = forms.CharField(required=False)
    what_would_change = forms.CharField(required=False)
    confidence = _choose_or_not(Confidence, "Choose low, medium or high.")
    waiver_origins = forms.CharField(required=False)
    waiver_primary = forms.CharField(required=False)
    waiver_anchored = forms.CharField(required=False)
    waiver_contrary = forms.CharField(required=False)
    correction_class = _choose_or_not(CorrectionClass, "Choose minor, update or substantial.")
    correction_reason = forms.CharField(required=False)
    evidence = forms.Field(required=False)
    decisive = forms.Field(required=False)

    def ids(self, name: str) -> frozenset[int]:
        """The ids ticked under a name; what is no id is dropped."""
        return read_ids(self.data, name)

    def waivers(self) -> dict[str, str]:
        """What was written for each item of the gate, by the item."""
        return {item.value: str(self.cleaned_data[f"waiver_{item}"]) for item in GateItem}


def read_ids(data: Any, name: str) -> frozenset[int]:
    """Row ids among the posted values of ``name``."""
    values = data.getlist(name) if isinstance(data, QueryDict) else data.get(name, [])
    return frozenset(
        int(value)
        for value in map(str, values)
        if len(value) <= MAX_ID_DIGITS and value.isascii() and value.isdigit()
    )


def read_draft(data: QueryDict) -> dict[str, Any]:
    """A verdict form as a draft keeps it; NUL bytes cannot be stored and are cut."""
    kept: dict[str, Any] = {
        name: str(data[name]).replace("\x00", "") for name in DRAFT_TEXTS if data.get(name)
    }
    for name in ("evidence", "decisive"):
        ids = sorted(read_ids(data, name))
        if ids:
            kept[name] = ids
    return kept
