"""What is posted to the frame: a slot, a number more or less, and back to the machine's reading."""

from __future__ import annotations

from collections.abc import Callable

from django.utils import timezone

from claims import tasks
from claims.admin.ticket_panels.desk import Desk
from claims.admin.ticket_panels.forms import (
    AddNumberForm,
    BackForm,
    ClaimForm,
    FrameForm,
    NumberForm,
)
from claims.models import Claim, TicketEvent
from claims.vocabulary import TicketAction
from claims.workflow import reframe


def post_frame(desk: Desk, form: FrameForm) -> str:
    """Correct the claim's own slots."""
    form.anchor = f"chip-claim-{next(iter(form.sent()), '')}"
    return _keep(
        desk,
        form,
        lambda: reframe.edit_frame(
            desk.ticket, form.sent(), by=desk.person, expected_version=_seen(form)
        ),
    )


def post_number(desk: Desk, form: NumberForm) -> str:
    """Correct slots of one number."""
    number = form.cleaned_data["number"]
    slot = next(iter(form.sent()), "").removesuffix("_from").removesuffix("_to")
    form.anchor = f"chip-n{number}-{'bound' if slot == 'hedge' else slot}"
    return _keep(
        desk,
        form,
        lambda: reframe.edit_number(
            desk.ticket, number, form.sent(), by=desk.person, expected_version=_seen(form)
        ),
    )


def post_add(desk: Desk, form: AddNumberForm) -> str:
    """Add a number on words of the sentence."""
    typed = form.sent()
    words = typed.pop("words", "")
    return _keep(
        desk,
        form,
        lambda: reframe.add_number(
            desk.ticket,
            words,
            typed,
            by=desk.person,
            start=form.cleaned_data["start"],
            expected_version=_seen(form),
        ),
        "The number is added. ",
    )


def post_strike(desk: Desk, form: NumberForm) -> str:
    """Strike a number out."""
    return _keep(
        desk,
        form,
        lambda: reframe.strike_number(
            desk.ticket,
            form.cleaned_data["number"],
            by=desk.person,
            expected_version=_seen(form),
        ),
        "The number is struck out. ",
    )


def post_back(desk: Desk, form: BackForm) -> str:
    """Give a slot or a number back as the machine read it."""
    number, slot = form.cleaned_data["number"], form.cleaned_data["slot"]
    form.anchor = f"chip-n{number}-{slot or 'value'}" if number else f"chip-claim-{slot}"
    return _keep(
        desk,
        form,
        lambda: reframe.restore_machine(
            desk.ticket,
            by=desk.person,
            number_id=number,
            struck_start=form.cleaned_data["struck"],
            slot=slot,
            expected_version=_seen(form),
        ),
        "Back to the machine's reading. ",
    )


def _keep(desk: Desk, form: ClaimForm, edit: Callable[[], Claim], did: str = "") -> str:
    """Run an edit and say what came of it, or put what is wrong at its input."""
    try:
        is_changed, is_compared = tasks.correct_frame(desk.ticket, edit)
    except reframe.FrameRefused as refused:
        is_input = refused.field in form.inputs and refused.field in form.fields
        message = refused.message
        if refused.field == "version":
            message = _tell_conflict(desk, message)
            desk.ticket.claim.refresh_from_db()
        form.add_error(refused.field if is_input else None, message)
        return ""
    if not is_changed:
        return "Nothing was changed in the frame."
    done = did or "The frame is saved, "
    if not is_compared:
        return f"{done}{'The' if did else 'and the'} sources are being compared again."
    return f"{done}{'The' if did else 'and the'} numbers were compared again."


def _seen(form: ClaimForm) -> int | None:
    version: int | None = form.cleaned_data["claim_version"]
    return version


def _tell_conflict(desk: Desk, message: str) -> str:
    """Who changed the claim first, when and what: for the person whose edit came second."""
    changed = (TicketAction.FRAME_EDITED, TicketAction.SPAN_CHANGED)
    event = (
        TicketEvent.objects.filter(ticket=desk.ticket, action__in=changed)
        .order_by("-sequence")
        .first()
    )
    if event is None or "first" not in message:
        return f"{message} Your edit is kept below."
    told = "; ".join(_say(name, change) for name, change in event.changes.items())
    at = timezone.localtime(event.at)
    return (
        f"{event.actor_name or 'The workbench'} was first at {at:%H:%M %Z} on "
        f"{at:%d %B}: {told or 'the frame was edited'}. Your edit is kept below; save again "
        "to put it over theirs."
    )


def _say(name: str, change: object) -> str:
    old, new = change if isinstance(change, list) and len(change) == 2 else ("", change)
    told = f"{str(old or 'nothing')[:120]} → {str(new or 'nothing')[:120]}"
    return f"{name.replace('_', ' ')}: {told}"
