"""The bar above the ticket: where it stands, who has it, and the moves of this person now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from claims.admin.ticket_panels.desk import Desk, name_of
from claims.admin.ticket_panels.forms import CloseForm, NoteForm, TicketForm
from claims.admin.ticket_panels.wording import CLOSE_REASONS
from claims.models.claim_match import find_roots
from claims.vocabulary import CloseReason, TicketState, VerdictState
from claims.workflow.corrections import promise_of

STATE_TONES = {
    TicketState.OPEN: "calm",
    TicketState.GATHERING: "info",
    TicketState.READY: "info",
    TicketState.IN_REVIEW: "warn",
    TicketState.DECIDED: "good",
    TicketState.PUBLISHED: "good",
    TicketState.CLOSED: "calm",
}
# Verb: label, what it asks for, and what it does in one line. Decide, send back and
# gather more have their own places on the page.
MOVES = {
    "take": ("Take", "", "Reserve this ticket for you."),
    "release": ("Release", "note", "Back to the queue; your draft is kept."),
    "publish": ("Publish", "", "Release the final verdict to the exports."),
    "correct": ("Correct", "need", "Open it again; the published verdict stands until then."),
    "withdraw": ("Withdraw", "need", "Take the published verdict back at once, for all to see."),
    "close": ("Close", "reason", "End it without a verdict."),
    "reopen": ("Reopen", "need", "Take the closing back: it stands again where it stood."),
}


@dataclass(frozen=True, slots=True)
class Button:
    """One move: its verb, label, what it asks (``note``, ``need``, ``reason``) and its error.

    ``wrong`` is the field that the error is about.
    """

    verb: str
    label: str
    asks: str
    hint: str
    is_open: bool = False
    note: str = ""
    reason: str = ""
    error: str = ""
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class Reservation:
    """Who holds the ticket and for how many more minutes (0 where the time is over)."""

    name: str
    is_mine: bool
    until: datetime | None
    minutes: int


@dataclass(frozen=True, slots=True)
class Bar:
    """State, people and moves."""

    state_label: str
    state_tone: str
    assigned_to: str
    is_assigned_to_me: bool
    reservation: Reservation | None
    buttons: tuple[Button, ...]
    close_reasons: tuple[tuple[str, str], ...]
    promised_by: datetime | None = None
    is_late: bool = False


def build_bar(desk: Desk, verb: str = "", form: TicketForm | None = None) -> Bar:
    """The bar; a refused ``form`` of ``verb`` opens that move with what was typed."""
    ticket = desk.ticket
    promised_by = promise_of(ticket)
    return Bar(
        state_label=desk.state.label,
        state_tone=STATE_TONES[desk.state],
        assigned_to=name_of(ticket.assigned_to),
        is_assigned_to_me=ticket.assigned_to_id == desk.person.pk,
        reservation=_reservation(desk),
        buttons=tuple(
            _button(name, form if name == verb else None)
            for name in MOVES
            if name in desk.verbs and _is_offered(desk, name)
        ),
        close_reasons=tuple((one.value, CLOSE_REASONS[one]) for one in CloseReason),
        promised_by=promised_by,
        is_late=promised_by is not None and promised_by < desk.now,
    )


def _is_offered(desk: Desk, verb: str) -> bool:
    """Moves the table allows and the ticket's rows do not yet."""
    if verb == "take":
        return desk.may_take
    if verb == "reopen":
        # What was merged is split, under *Seen before*.
        return not find_roots([desk.ticket.claim_id])
    if verb == "publish":
        return not desk.ticket.verdicts.filter(state=VerdictState.PROPOSED).exists()
    return True


def _button(verb: str, form: TicketForm | None) -> Button:
    label, asks, hint = MOVES[verb]
    if not isinstance(form, NoteForm):
        return Button(verb, label, asks, hint)
    wrong, error = form.first_fault()
    reason = form.typed("close_reason") if isinstance(form, CloseForm) else ""
    return Button(verb, label, asks, hint, True, form.typed("note"), reason, error, wrong)


def _reservation(desk: Desk) -> Reservation | None:
    ticket = desk.ticket
    if ticket.reserved_by is None:
        return None
    left = (ticket.reserved_until - desk.now).total_seconds() if ticket.reserved_until else 0
    return Reservation(
        name=name_of(ticket.reserved_by),
        is_mine=desk.is_holder,
        until=ticket.reserved_until,
        minutes=max(0, round(left / 60)),
    )
