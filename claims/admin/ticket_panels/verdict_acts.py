"""What is posted from the verdict's column and the bar of moves, one function per act.

Each takes the desk and its form and gives the sentence that is shown when it
worked. ``DecisionRefused``, ``TicketMoved`` and ``MoveRefused`` pass through to
the page, which knows how to say them.
"""

from __future__ import annotations

from django.db import transaction

from claims import tasks
from claims.admin.ticket_panels.desk import Desk
from claims.admin.ticket_panels.forms import CloseForm, NoteForm, ReasonForm, TicketForm
from claims.admin.ticket_panels.verdict_form import DecideForm
from claims.vocabulary import CloseReason, TicketState, VerdictState
from claims.workflow import assign, decide, publish, reopen
from claims.workflow.decide import Decision


def post_take(desk: Desk, form: TicketForm) -> str:
    """Reserve the ticket for this person."""
    del form
    assign.take_ticket(desk.ticket, desk.person)
    return f"The ticket is yours for {desk.ticket.team.reservation_minutes} minutes."


def post_release(desk: Desk, form: NoteForm) -> str:
    """Hand the ticket back to the queue."""
    assign.release_ticket(
        desk.ticket,
        desk.person,
        note=form.cleaned_data["note"],
        expected_version=form.cleaned_data["version"],
    )
    return "The ticket is back in the queue. Your draft is kept."


def post_decide(desk: Desk, form: DecideForm) -> str:
    """Give the verdict that was typed."""
    data, decision = form.cleaned_data, _read_decision(form)
    with transaction.atomic():  # a verdict that is refused leaves the comparisons as they were
        tasks.settle_comparisons(desk.ticket)
        verdict = decide.decide_ticket(
            desk.ticket, decision, by=desk.person, expected_version=data["version"]
        )
    if verdict.is_sealed:
        return f"“{verdict.rating_label}” is kept. Somebody else rates the claim without seeing it."
    if verdict.state == VerdictState.PROPOSED:
        return f"“{verdict.rating_label}” is sent for confirmation."
    return f"Decided: “{verdict.rating_label}”."


def post_confirm(desk: Desk, form: NoteForm) -> str:
    """Agree as the second person."""
    verdict = decide.confirm_verdict(
        desk.ticket,
        by=desk.person,
        note=form.cleaned_data["note"],
        expected_version=form.cleaned_data["version"],
    )
    return f"“{verdict.rating_label}” is confirmed and final."


def post_read_blind(desk: Desk, form: DecideForm) -> str:
    """Give a rating without having seen the first."""
    verdict = decide.read_blind(
        desk.ticket,
        _read_decision(form),
        by=desk.person,
        expected_version=form.cleaned_data["version"],
    )
    if verdict.state == VerdictState.FINAL:
        return f"Both of you say “{verdict.rating_label}”: it is final."
    return f"The first verdict is “{verdict.rating_label}”. A third person settles it."


def post_edit(desk: Desk, form: DecideForm) -> str:
    """Write the proposed verdict anew as its second reader."""
    verdict = decide.edit_verdict(
        desk.ticket,
        _read_decision(form),
        by=desk.person,
        expected_version=form.cleaned_data["version"],
    )
    if verdict.state == VerdictState.FINAL:
        return f"“{verdict.rating_label}” is confirmed in your words and final."
    return f"Your version says “{verdict.rating_label}”; somebody else has to confirm it."


def post_send_back(desk: Desk, form: NoteForm) -> str:
    """Disagree as the second person, with a note for the first."""
    decide.send_back(
        desk.ticket,
        by=desk.person,
        note=form.cleaned_data["note"],
        expected_version=form.cleaned_data["version"],
    )
    return "The verdict is back with its reviewer, with your note."


def post_publish(desk: Desk, form: TicketForm) -> str:
    """Release the final verdict."""
    publish.publish_ticket(
        desk.ticket, by=desk.person, expected_version=form.cleaned_data["version"]
    )
    return "The verdict is published: it stands in the exports from now on."


def post_correct(desk: Desk, form: NoteForm) -> str:
    """Open a published ticket again."""
    decide.reopen_for_correction(
        desk.ticket,
        by=desk.person,
        note=form.cleaned_data["note"],
        expected_version=form.cleaned_data["version"],
    )
    return "The ticket is open again. The published verdict stands until a new one is final."


def post_withdraw(desk: Desk, form: NoteForm) -> str:
    """Take a published verdict back."""
    decide.withdraw_verdict(
        desk.ticket,
        by=desk.person,
        note=form.cleaned_data["note"],
        expected_version=form.cleaned_data["version"],
    )
    return "The verdict is withdrawn. The list of corrections says so; correct it, or close this."


def post_close(desk: Desk, form: CloseForm) -> str:
    """Close the ticket without a verdict."""
    reason = CloseReason(form.cleaned_data["close_reason"])
    decide.close_ticket(
        desk.ticket,
        reason,
        by=desk.person,
        note=form.cleaned_data["note"],
        expected_version=form.cleaned_data["version"],
    )
    return f"The ticket is closed: {reason.label.lower()}."


def post_reopen(desk: Desk, form: ReasonForm) -> str:
    """Take a closing back."""
    ticket = reopen.reopen_ticket(
        desk.ticket,
        by=desk.person,
        note=form.cleaned_data["note"],
        expected_version=form.cleaned_data["version"],
    )
    return f"The ticket is open again: {TicketState(ticket.state).label.lower()}, as it was."


def _read_decision(form: DecideForm) -> Decision:
    data = form.cleaned_data
    return Decision(
        rating_id=data["rating"],
        rationale=data["rationale"],
        evidence_ids=form.ids("evidence"),
        decisive_ids=form.ids("decisive"),
        tolerance=data["tolerance"],
        what_would_change=data["what_would_change"],
        confidence=data["confidence"],
        waivers=form.waivers(),
        correction_class=data["correction_class"],
        correction_reason=data["correction_reason"],
    )
