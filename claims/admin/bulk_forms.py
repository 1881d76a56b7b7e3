"""What a lead can do to many tickets at once: one form an act, which asks the verb for each ticket.

Promises: an act gives what the ticket was before, as JSON holds it, so that it can be undone;
what was typed into a refused form stays in it.
"""

from __future__ import annotations

from typing import Any, Protocol

from django import forms
from django.http import HttpRequest

from claims.admin.standing import list_reviewers
from claims.admin.ticket_panels.desk import name_of
from claims.admin.ticket_panels.forms import NOTE_CHARS
from claims.admin.ticket_panels.wording import CLOSE_REASONS
from claims.admin.ticket_panels.work import DueForm, PriorityForm, TagsForm, is_over
from claims.lifecycle import MoveRefused
from claims.models import Ticket
from claims.models.access import Person
from claims.vocabulary import CloseReason
from claims.workflow import assign, decide, distribute, match, rate, tag

CHOOSE = dict.fromkeys(("required", "invalid_choice"), "Choose one of the list.")


class Many(Protocol):
    """One act on many tickets.

    ``kind`` is what undoes it; ``fault`` says why these tickets cannot have it together, and is
    empty where they can.
    """

    kind: str
    label: str
    tickets: list[Ticket]
    fault: str

    def is_valid(self) -> bool:
        """Whether all that the act wants is there."""

    def act(self, ticket: Ticket, by: Person) -> Any:
        """Do it to one ticket; gives what it was before."""

    def done(self) -> str:
        """What was done, after *3 tickets*."""


class ManyForm(forms.Form):
    """The form of one act; ``shown`` are the fields that it asks for."""

    kind = ""
    label = ""
    hint = ""
    shown: tuple[str, ...] = ()

    def __init__(self, *args: Any, request: HttpRequest, tickets: list[Ticket], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.tickets = tickets
        self.fault = self.prepare(request)
        for name in self.shown:
            self.fields[name].widget.attrs["class"] = "tk-input"

    def prepare(self, request: HttpRequest) -> str:
        """Fill choices from the tickets; gives the fault."""
        del request
        return ""

    def asked(self) -> list[Any]:
        """The fields to show, in their order."""
        return [self[name] for name in self.shown]


def _one_team(tickets: list[Ticket]) -> str:
    return "" if len({one.team_id for one in tickets}) == 1 else "Tick tickets of one team."


class AssignMany(ManyForm):
    """To one reviewer of their team, or back to nobody."""

    kind, label, shown = "assign", "Assign to", ("assignee",)
    assignee = forms.ChoiceField(label="To whom", error_messages=CHOOSE)

    def prepare(self, request: HttpRequest) -> str:
        """The reviewers of the team."""
        if fault := _one_team(self.tickets):
            return fault
        people = list_reviewers(request, self.tickets[0].team_id)
        self.people = {str(one.pk): one for one in people}
        names = [(key, name_of(one)) for key, one in self.people.items()]
        choice: Any = self.fields["assignee"]
        choice.choices = [("", "Choose …"), ("nobody", "Nobody: back to the team"), *names]
        return ""

    def act(self, ticket: Ticket, by: Person) -> int | None:
        """Whose it was."""
        person = self.people.get(self.cleaned_data["assignee"])
        assign.assign_ticket(ticket, person, by=by)
        return ticket.assigned_to_id

    def done(self) -> str:
        """Whose they are now."""
        return f"assigned to {name_of(self.people.get(self.cleaned_data['assignee'])) or 'nobody'}"


class ReturnMany(ManyForm):
    """From whoever has them to the queue of their team, with a note."""

    kind, label, shown = "move", "Back to the queue", ("note",)
    hint = "From whoever holds them or was given them; what was typed stays that person's draft."
    note = forms.CharField(
        label="Note for whoever takes them next",
        max_length=NOTE_CHARS,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say in a few words why."},
    )

    def act(self, ticket: Ticket, by: Person) -> distribute.Had:
        """Who had it."""
        distribute.return_to_queue(ticket, by=by, note=self.cleaned_data["note"])
        return distribute.had_of(ticket)

    def done(self) -> str:
        """Where they are."""
        return "back in the queue"


class CloseMany(ManyForm):
    """Without a verdict, for one reason."""

    kind, label, shown = "close", "Close", ("close_reason", "note")
    close_reason = forms.ChoiceField(
        label="Close because",
        choices=[("", "Choose …"), *((one.value, CLOSE_REASONS[one]) for one in CloseReason)],
        error_messages=CHOOSE,
    )
    note = forms.CharField(
        label="Note (optional)",
        required=False,
        max_length=NOTE_CHARS,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def act(self, ticket: Ticket, by: Person) -> distribute.Had:
        """Who had it; the history says where it stood."""
        data = self.cleaned_data
        decide.close_ticket(ticket, data["close_reason"], by=by, note=data["note"])
        return distribute.had_of(ticket)

    def done(self) -> str:
        """Closed."""
        return "closed"


class MergeMany(ManyForm):
    """Into the oldest of them, as far as the number guard sees no difference."""

    kind, label = "merge", "Merge"

    def prepare(self, request: HttpRequest) -> str:
        """The oldest claim keeps its ticket."""
        del request
        if len(self.tickets) < 2:
            return "Tick at least two tickets to merge."
        self.kept = min(self.tickets, key=lambda ticket: ticket.claim_id)
        self.tickets = [one for one in self.tickets if one is not self.kept]
        self.hint = (
            f"They are merged into ticket {self.kept.pk}, whose claim is the oldest: "
            f"“{self.kept.claim.self_contained[:200]}”. Their places go to it and they close as "
            "duplicates. A claim with another number, unit, period or place stays as it is."
        )
        return _one_team([self.kept, *self.tickets])

    def act(self, ticket: Ticket, by: Person) -> int:
        """The match that says so."""
        return match.merge_ticket(ticket, self.kept, by=by).pk

    def done(self) -> str:
        """Where they are."""
        return f"merged into ticket {self.kept.pk}"


class TagMany(ManyForm, TagsForm):
    """Tags put on, or taken off; other tags stay."""

    kind, label, shown = "tag", "Tag", ("way", "tags")
    hint = "With commas between; other tags of the tickets stay."
    way = forms.ChoiceField(
        label="What to do", choices=[("on", "Put on"), ("off", "Take off")], error_messages=CHOOSE
    )

    def clean_tags(self) -> tuple[str, ...]:
        """At least one, as they are kept."""
        try:
            names = tag.read_tags(self.cleaned_data["tags"])
        except MoveRefused as refused:
            raise forms.ValidationError(f"{refused}.") from refused
        if not names:
            raise forms.ValidationError("Write at least one tag.")
        return names

    def act(self, ticket: Ticket, by: Person) -> list[str]:
        """The tags it had."""
        is_off = self.cleaned_data["way"] == "off"
        return tag.change_tags(ticket, self.cleaned_data["tags"], is_off=is_off, by=by)

    def done(self) -> str:
        """Which tags."""
        without = "without" if self.cleaned_data["way"] == "off" else "with"
        return f"{without} {', '.join(self.cleaned_data['tags'])}"


class PriorityMany(ManyForm, PriorityForm):
    """One priority, or as the rules say."""

    kind, label, shown = "urgency", "Set priority", ("priority",)
    hint = "0 (whenever) to 100 (now); empty: as the rules say."

    def act(self, ticket: Ticket, by: Person) -> dict[str, Any]:
        """How urgent it was."""
        before = rate.urgency_of(ticket)
        rate.set_priority(ticket, self.cleaned_data["priority"], by=by)
        return before

    def done(self) -> str:
        """The priority."""
        wanted = self.cleaned_data["priority"]
        return "rated by the rules" if wanted is None else f"given priority {wanted}"


class DueMany(ManyForm, DueForm):
    """One day, or as the rules say."""

    kind, label, shown = "urgency", "Set a day", ("due_on",)
    hint = "To be decided by the end of this day; empty: as the rules say."

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due_on"].widget.input_type = "date"

    def act(self, ticket: Ticket, by: Person) -> dict[str, Any]:
        """How urgent it was."""
        if is_over(self.cleaned_data["due_on"], ticket):
            raise MoveRefused("this day is over where its team is")
        before = rate.urgency_of(ticket)
        rate.set_due(ticket, self.cleaned_data["due_on"], by=by)
        return before

    def done(self) -> str:
        """The day."""
        return f"due on {self.cleaned_data['due_on'] or 'the day of the rules'}"
