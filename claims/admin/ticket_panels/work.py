"""The line below the bar: when the ticket is due, its tags, and how one passes it on.

Promises: everything here is a POST that asks a verb; what was typed into a refused form stays
in it; colleagues are offered with what keeps them from being given more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from claims.admin.ticket_panels.desk import Desk, name_of
from claims.admin.ticket_panels.forms import MAX_ID_DIGITS, NoteForm, TicketForm
from claims.lifecycle import MoveRefused
from claims.models import Skip, Team, Ticket, TicketTag
from claims.models.access import Person
from claims.models.receivers import Receiver, load_receivers
from claims.models.ticket import UNDECIDED
from claims.models.urgency import HIGHEST
from claims.models.zones import today_in
from claims.vocabulary import TicketState
from claims.workflow import assign, rate, tag

LATEST_DAYS = 5 * 366
NO_DAY = "Choose a day from today on, within five years."
NO_PRIORITY = f"Write a whole number from 0 (whenever) to {HIGHEST} (now)."


class SkipForm(NoteForm):
    """Why it is passed over."""

    note = forms.CharField(
        max_length=assign.SKIP_REASON_CHARS,
        error_messages={"required": "Say in a few words why you skip it."},
    )


class HandOverForm(NoteForm):
    """To whom (0 is nobody), with a note."""

    to = forms.IntegerField(
        min_value=0,
        max_value=10**MAX_ID_DIGITS,
        error_messages={"required": "Choose who gets it.", "invalid": "Choose one of the list."},
    )


class PriorityForm(TicketForm):
    """A priority by hand; empty gives it back to the rules."""

    priority = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=HIGHEST,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), NO_PRIORITY),
    )


class DueForm(TicketForm):
    """A day by hand; empty gives it back to the rules."""

    due_on = forms.DateField(
        required=False,
        error_messages={"invalid": "Write a day as 2026-11-30."},
    )

    def clean_due_on(self) -> date | None:
        """Not long past, whatever day it is where, and not beyond what anybody plans."""
        day: date | None = self.cleaned_data["due_on"]
        today = timezone.localdate()
        first, last = today - timedelta(days=1), today + timedelta(days=LATEST_DAYS)
        if day is not None and not first <= day <= last:
            raise ValidationError(NO_DAY)
        return day


class TagsForm(TicketForm):
    """All the tags, with commas between."""

    tags = forms.CharField(
        required=False,
        max_length=500,
        error_messages={"max_length": "At most ten tags of 40 characters."},
    )

    def clean_tags(self) -> tuple[str, ...]:
        """The tags, each once."""
        try:
            return tag.read_tags(self.cleaned_data["tags"])
        except MoveRefused as refused:
            raise ValidationError(f"{str(refused).capitalize()}.") from None


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who may be given the ticket, or why not now."""

    id: int
    name: str
    load: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Work:
    """What the line shows; ``opened`` is the verb whose refused form stays open.

    ``wrong`` is the field of it that the error is about.
    """

    due: str
    due_tone: str
    is_due_set: bool
    is_priority_set: bool
    tags: tuple[str, ...]
    verbs: frozenset[str]
    colleagues: tuple[Colleague, ...] = ()
    opened: str = ""
    error: str = ""
    wrong: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)


def build_work(desk: Desk, verb: str = "", form: TicketForm | None = None) -> Work:
    """The line; a refused ``form`` of ``verb`` stays open with what was typed."""
    ticket = desk.ticket
    verbs = _offered(desk)
    names = TicketTag.objects.filter(ticket=ticket).values_list("tag__name", flat=True)
    tags = tuple(names.order_by("tag__name"))
    typed = {
        "priority": str(ticket.priority),
        "due_on": ticket.due_on.isoformat() if ticket.due_on else "",
        "tags": ", ".join(tags),
    }
    wrong, error = "", ""
    if form is not None and verb in verbs:
        typed |= {name: form.typed(name) for name in form.fields if name != "version"}
        wrong, error = form.first_fault()
    due, tone = say_due(
        ticket.due_on, today_in(ticket.team.time_zone), is_open=ticket.state in UNDECIDED
    )
    return Work(
        due=due,
        due_tone=tone,
        is_due_set=ticket.is_due_set,
        is_priority_set=ticket.is_priority_set,
        tags=tags,
        verbs=verbs,
        colleagues=_colleagues(desk) if "hand_over" in verbs else (),
        opened=verb if form is not None else "",
        error=error,
        wrong=wrong,
        typed=typed,
    )


def say_due(due_on: date | None, today: date, *, is_open: bool) -> tuple[str, str]:
    """When it is due in words, and the tone; empty for a ticket without a day or past it."""
    if due_on is None or not is_open:
        return "", "calm"
    days = (due_on - today).days
    if days < 0:
        return f"Overdue by {-days} day{'' if days == -1 else 's'}", "bad"
    if days < 2:
        return "Due today" if days == 0 else "Due tomorrow", "warn"
    return f"Due {due_on:%d %B}".replace(" 0", " "), "calm"


def _offered(desk: Desk) -> frozenset[str]:
    verbs = set()
    if desk.is_reviewer:
        verbs.add("tags")
        if desk.is_holder or desk.state is TicketState.READY:
            verbs.add("skip")
        if desk.is_holder or (desk.is_lead and desk.ticket.state in UNDECIDED):
            verbs.add("hand_over")
        if desk.ticket.state in UNDECIDED:
            verbs.add("due")
    if desk.is_lead and desk.ticket.state in UNDECIDED:
        verbs.add("priority")
    return frozenset(verbs)


def _colleagues(desk: Desk) -> tuple[Colleague, ...]:
    others = load_receivers(desk.ticket.team)
    return tuple(
        Colleague(one.person.pk, name_of(one.person), say_load(one), one.is_open)
        for one in others
        if one.person.pk != desk.ticket.had_by_id
    )


def say_load(one: Receiver) -> str:
    """What somebody has, and what keeps more from being given: ``3 tickets, away``."""
    told = f"{one.load} ticket{'' if one.load == 1 else 's'}"
    if one.membership.limit is not None:
        told += f" of {one.membership.limit}"
    if one.is_away:
        until = one.membership.away_until
        told += f", away until {until:%Y-%m-%d}" if until else ", away"
    return told


def say_nothing_waits(teams: Sequence[Team], person: Person) -> str:
    """Why *Take next* gave nothing; what the person skipped is named, for it waits still."""
    passed = Skip.objects.filter(person_id=person.pk, ticket__state=TicketState.READY)
    count = passed.filter(ticket__team__in=teams)[:100].count()
    if not count:
        return "Nothing waits: every ticket is taken or still being gathered."
    plural = "ticket that you skipped waits" if count == 1 else "tickets that you skipped wait"
    return f"Nothing else waits; {count} {plural} still. Open one in the team queue to take it."


def post_skip(desk: Desk, form: SkipForm) -> str:
    """Pass the ticket over."""
    assign.skip_ticket(
        desk.ticket,
        desk.person,
        reason=form.cleaned_data["note"],
        expected_version=form.cleaned_data["version"],
    )
    return "Skipped: it waits for the others. Take next offers you another one."


def post_hand_over(desk: Desk, form: HandOverForm) -> str:
    """Give what one holds to a colleague; a lead gives what anybody has, or nobody."""
    people = {one.person.pk: one.person for one in load_receivers(desk.ticket.team)}
    to, version = people.get(form.cleaned_data["to"]), form.cleaned_data["version"]
    is_waiting = desk.state is not TicketState.IN_REVIEW
    if to is None and not (is_waiting and form.cleaned_data["to"] == 0):
        form.add_error("to", "Choose one of the list.")
        return ""
    if to is None or is_waiting:
        assign.assign_ticket(desk.ticket, to, by=desk.person, expected_version=version)
        return f"Assigned to {name_of(to)}." if to else "Assigned to nobody: it is the team's."
    assign.hand_over(
        desk.ticket,
        to,
        by=desk.person,
        note=form.cleaned_data["note"],
        expected_version=version,
    )
    return f"Handed over to {name_of(to)}. Drafts are kept."


def post_priority(desk: Desk, form: PriorityForm) -> str:
    """Set the priority, or give it back to the rules."""
    wanted = form.cleaned_data["priority"]
    ticket = rate.set_priority(
        desk.ticket, wanted, by=desk.person, expected_version=form.cleaned_data["version"]
    )
    how = "set by you; no rule changes it" if wanted is not None else "as the rules say"
    return f"Priority {ticket.priority}, {how}."


def post_due(desk: Desk, form: DueForm) -> str:
    """Set the day, or give it back to the rules."""
    wanted = form.cleaned_data["due_on"]
    if is_over(wanted, desk.ticket):
        form.add_error("due_on", NO_DAY)
        return ""
    ticket = rate.set_due(
        desk.ticket,
        wanted,
        by=desk.person,
        expected_version=form.cleaned_data["version"],
    )
    return f"Due on {ticket.due_on}." if ticket.due_on else "No day is set for this ticket."


def is_over(day: date | None, ticket: Ticket) -> bool:
    """Whether that day is past where the ticket's team is."""
    return day is not None and day < today_in(ticket.team.time_zone)


def post_tags(desk: Desk, form: TagsForm) -> str:
    """Set the tags."""
    names = form.cleaned_data["tags"]
    tag.set_tags(desk.ticket, names, by=desk.person, expected_version=form.cleaned_data["version"])
    return f"Tags: {', '.join(names)}." if names else "The ticket has no tag."
