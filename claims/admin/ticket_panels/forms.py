"""What may be posted from the ticket page, read once and refused at the field.

Lengths and NUL bytes are caught here; what a verb knows better (a rationale's
length, whose evidence it is) the verb says, and the door puts it at the field.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django import forms
from django.http import QueryDict

from claims.vocabulary import (
    CloseReason,
    MatchAnswer,
    Outcome,
    ProviderName,
    Stance,
)

MAX_ID_DIGITS = 18
LARGEST_INTEGER = 2**31 - 1
NOTE_CHARS = 2_000


class TicketForm(forms.Form):
    """Every form of the page carries the version of the ticket that was seen."""

    version = forms.IntegerField(required=False, max_value=LARGEST_INTEGER)
    # How the evidence was being looked at: the page comes back so.
    view = forms.CharField(required=False)
    # Where on the page the act leads to, where that depends on what was sent.
    anchor = ""

    def typed(self, name: str) -> str:
        """What was sent for a field, as it was sent."""
        return str(self.data.get(name, "")) if self.is_bound else ""

    def error(self, name: str) -> str:
        """The first error at a field, or empty text."""
        found = self.errors.get(name)
        return str(found[0]) if found else ""

    def put_errors(self, flaws: Iterable[tuple[str, str]]) -> None:
        """Each message at its field; one about a field the form has not stands above it."""
        for field, message in flaws:
            self.add_error(field if field in self.fields else None, message)

    def first_fault(self) -> tuple[str, str]:
        """The first field at fault and its error; empty texts where nothing is wrong."""
        return next(((name, str(told[0])) for name, told in self.errors.items()), ("", ""))

    def first_error(self) -> str:
        """The first error at any field."""
        return self.first_fault()[1]


class NoteForm(TicketForm):
    """A move with a note for the next person; the verb says where the note is needed."""

    note = forms.CharField(required=False, max_length=NOTE_CHARS)


class CloseForm(NoteForm):
    """Closing needs a reason of the closed list."""

    close_reason = forms.ChoiceField(
        choices=CloseReason.choices(),
        error_messages={
            "required": "Choose why the ticket is closed.",
            "invalid_choice": "Choose one of the listed reasons.",
        },
    )


class GatherForm(TicketForm):
    """Another round of searches, with an own query or with the claim as framed, where wanted."""

    places = forms.MultipleChoiceField(
        required=False,
        choices=ProviderName.choices(),
        error_messages={"invalid_choice": "Choose places of the list."},
    )

    query = forms.CharField(
        required=False,
        max_length=300,
        error_messages={"max_length": "At most 300 characters; name the few words that matter."},
    )

    def ticked(self) -> list[str]:
        """The places that were ticked, as they were sent."""
        data: Any = self.data
        return list(data.getlist("places")) if isinstance(data, QueryDict) else []


class MatchForm(TicketForm):
    """What a person says of one earlier claim."""

    match = forms.IntegerField(min_value=1, max_value=10**MAX_ID_DIGITS)
    answer = forms.ChoiceField(choices=MatchAnswer.choices())


class ReasonForm(NoteForm):
    """What is taken back needs its reason."""

    note = forms.CharField(
        max_length=NOTE_CHARS, error_messages={"required": "Say why, for the history."}
    )


class SplitForm(ReasonForm):
    """Which merge is taken back, and why."""

    match = forms.IntegerField(min_value=1, max_value=10**MAX_ID_DIGITS)


class StanceForm(TicketForm):
    """One person's stance on one piece of evidence."""

    evidence = forms.IntegerField(min_value=1, max_value=10**MAX_ID_DIGITS)
    stance = forms.ChoiceField(choices=Stance.choices())


class PageForm(TicketForm):
    """One page that was found for the ticket."""

    page = forms.IntegerField(min_value=1, max_value=10**MAX_ID_DIGITS)


class CopyForm(PageForm):
    """One page that was found for the ticket, and the day whose copy is wanted."""

    on = forms.DateField(error_messages={"required": "Choose a day.", "invalid": "Choose a day."})


class OutcomeForm(TicketForm):
    """What a person says of one comparison; no outcome takes it back."""

    evidence = forms.IntegerField(min_value=1, max_value=10**MAX_ID_DIGITS)
    outcome = forms.ChoiceField(required=False, choices=Outcome.choices())


OUT_OF_DATE = {"required": "This form is out of date. Reload the page and edit again."}
SLOT_INPUTS = (
    "value",
    "unit",
    "bound",
    "hedge",
    "change",
    "measured",
    "of_what",
    "counted",
    "period_from",
    "period_to",
)
CLAIM_INPUTS = (
    "claimant",
    "place",
    "measured",
    "of_what",
    "period_from",
    "period_to",
    "self_contained",
)


class ClaimForm(TicketForm):
    """An edit of the claim; ``claim_version`` is the version of the claim that was seen.

    What was typed is text here and read by the verb, which knows the numbers and units.
    """

    claim_version = forms.IntegerField(
        required=False, max_value=LARGEST_INTEGER, error_messages=OUT_OF_DATE
    )
    inputs: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.inputs:
            self.fields[name] = forms.CharField(required=False, strip=False)

    def sent(self) -> dict[str, str]:
        """The inputs that were sent at all, as they were typed."""
        return {name: str(self.data[name]) for name in self.inputs if name in self.data}

    def number_id(self) -> int | None:
        """The number that was meant, where one was."""
        typed = self.typed("number")
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 19 else None

    def typed_words(self, *, but: Collection[str] = ()) -> tuple[tuple[str, str], ...]:
        """What was typed, by the input's name, ``but`` where it stands in an input."""
        return tuple(
            (name.replace("_", " "), told)
            for name, told in self.sent().items()
            if told.strip() and name not in but
        )


class FrameForm(ClaimForm):
    """The claim's own slots."""

    inputs = CLAIM_INPUTS


class NumberForm(ClaimForm):
    """Slots of one of the claim's numbers."""

    claim_version = forms.IntegerField(max_value=LARGEST_INTEGER, error_messages=OUT_OF_DATE)
    number = forms.IntegerField(
        min_value=1, max_value=10**MAX_ID_DIGITS, error_messages=OUT_OF_DATE
    )
    inputs = SLOT_INPUTS


class AddNumberForm(ClaimForm):
    """A number the machine did not read: the words of the sentence, and what they say."""

    claim_version = forms.IntegerField(max_value=LARGEST_INTEGER, error_messages=OUT_OF_DATE)
    start = forms.IntegerField(required=False, min_value=0, max_value=LARGEST_INTEGER)
    inputs = ("words", "value", "unit")


class BackForm(ClaimForm):
    """Back to the machine's reading: of a number, a struck number, or one slot."""

    claim_version = forms.IntegerField(max_value=LARGEST_INTEGER, error_messages=OUT_OF_DATE)
    number = forms.IntegerField(required=False, min_value=1, max_value=10**MAX_ID_DIGITS)
    struck = forms.IntegerField(required=False, min_value=0, max_value=LARGEST_INTEGER)
    slot = forms.ChoiceField(
        required=False,
        choices=[(name, name) for name in sorted({*SLOT_INPUTS, *CLAIM_INPUTS, "period"})],
    )
