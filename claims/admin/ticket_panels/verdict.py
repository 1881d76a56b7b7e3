"""The verdict: the form for the one who decides, the second read, and the versions given so far.

Promises: what was typed is never lost (a refused form, a draft, a verdict that
was sent back fill the form, in this order); a rating is never preselected by
the machine; nobody is offered the confirmation of an own verdict.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.safestring import SafeString

from claims.admin.colours import safe_colour
from claims.admin.ticket_panels.desk import Desk
from claims.admin.ticket_panels.gate import GateLine, build_gate
from claims.admin.ticket_panels.told import Told, list_versions, show_rationale
from claims.admin.ticket_panels.typed import Typed, read_typed
from claims.admin.ticket_panels.verdict_form import DecideForm
from claims.lifecycle import LEADS, REVIEWERS
from claims.models import Draft, Rating
from claims.vocabulary import (
    Confidence,
    ConfirmationPolicy,
    CorrectionClass,
    TicketState,
    VerdictState,
)
from claims.workflow.decide import MAX_RATIONALE_CHARS, MIN_RATIONALE_CHARS

TYPING = frozenset({"decide", "blind", "edit"})


@dataclass(frozen=True, slots=True)
class Choice:
    """One rating of the team's scale, with the key that chooses it (1 to 9)."""

    pk: int
    key: str
    label: str
    definition: str
    examples: tuple[str, ...]
    colour: str
    value: int | None


@dataclass(frozen=True, slots=True)
class FormWords:
    """What the form does here: the act it posts to, its heading, its button, what follows."""

    verb: str
    heading: str
    submit: str
    after: str


FORMS = {
    "blind": FormWords(
        "read_blind",
        "Your blind read",
        "Give this rating",
        "The first verdict is shown to you then. The same rating makes it final; another one "
        "goes to a third person.",
    ),
    "edit": FormWords(
        "edit",
        "Edit and confirm",
        "Save and confirm",
        "With a rating that somebody else gave it is final; with another, somebody else has to "
        "confirm it.",
    ),
}


@dataclass(frozen=True, slots=True)
class VerdictPanel:
    """What the verdict's column shows; ``mode`` names which part of it."""

    mode: str
    choices: tuple[Choice, ...]
    scale: str
    typed: Typed
    errors: Mapping[str, str]
    draft_at: datetime | None
    preview: SafeString
    gate: tuple[GateLine, ...]
    confidences: tuple[tuple[str, str], ...]
    form: FormWords
    has_ticks: bool
    min_chars: int
    max_chars: int
    is_correction: bool
    correction_classes: tuple[tuple[str, str], ...]
    proposed: Told | None
    current: Told | None
    sent_back: Told | None
    older: tuple[Told, ...]
    close_reason: str
    note: str = ""
    note_error: str = ""
    unsent: str = ""
    second_words: str = ""
    cited_pks: frozenset[int] = field(default_factory=frozenset)

    @property
    def has_examples(self) -> bool:
        """Whether any rating is explained by what was rated so."""
        return any(choice.examples for choice in self.choices)


def build_verdict(
    desk: Desk,
    form: DecideForm | None = None,
    *,
    note: str = "",
    note_error: str = "",
    wants_edit: bool = False,
) -> VerdictPanel:
    """The verdict's column for this person; a refused ``form`` keeps all that was typed.

    ``wants_edit`` opens a second reader's own version of the proposed verdict.
    """
    ratings = list(Rating.objects.filter(scale_id=desk.ticket.team.scale_id).order_by("position"))
    versions = list_versions(desk)
    by_state = {told.state: told for told in versions}
    proposed = by_state.get(VerdictState.PROPOSED)
    current = by_state.get(VerdictState.FINAL)
    sent_back = versions[-1] if versions and versions[-1].state == VerdictState.SENT_BACK else None
    mode = _mode(desk, proposed)
    if mode == "second" and wants_edit:
        mode = "edit"
    draft = Draft.objects.filter(ticket=desk.ticket, author_id=desk.person.pk).first()
    typed = read_typed(desk, form, draft, versions, mode)
    shown = proposed or current
    errors = {name: str(found[0]) for name, found in form.errors.items()} if form else {}
    is_typing = mode in TYPING
    has_ticks = mode in ("decide", "edit")
    return VerdictPanel(
        mode=mode,
        choices=_choices(ratings),
        scale=desk.ticket.team.scale.name,
        typed=typed,
        errors=errors,
        draft_at=draft.saved_at if draft and form is None else None,
        preview=show_rationale(desk, typed.rationale) if is_typing else SafeString(""),
        gate=build_gate(desk, typed, errors) if has_ticks else (),
        confidences=tuple(Confidence.choices()),
        form=FORMS.get(mode) or _deciding(desk, is_correction=current is not None),
        has_ticks=has_ticks,
        min_chars=MIN_RATIONALE_CHARS,
        max_chars=MAX_RATIONALE_CHARS,
        is_correction=current is not None,
        correction_classes=tuple(CorrectionClass.choices()),
        proposed=proposed,
        current=current,
        sent_back=sent_back if mode == "decide" else None,
        older=tuple(told for told in reversed(versions) if told is not shown),
        close_reason=desk.ticket.get_close_reason_display(),
        note=note,
        note_error=note_error,
        unsent=typed.rationale if not is_typing and (form or draft) else "",
        second_words=_second_words(desk, proposed),
        cited_pks=frozenset(one.pk for one in shown.cited) if shown else frozenset(),
    )


def _mode(desk: Desk, proposed: Told | None) -> str:
    if desk.state in (TicketState.OPEN, TicketState.GATHERING):
        return "gathering"
    if desk.state is TicketState.READY:
        return "take" if desk.may_take else "look"
    if desk.state is TicketState.IN_REVIEW:
        return "decide" if "decide" in desk.verbs else "held"
    if desk.is_blind:
        return "blind" if desk.role in _confirmers(desk) else "await"
    if desk.state is TicketState.DECIDED and proposed is not None:
        if proposed.reviewer_id == desk.person.pk:
            return "own"
        if desk.person.pk in {read.reader_id for read in proposed.reads}:
            return "await"
        return "second" if desk.role in _confirmers(desk) else "await"
    return desk.state.value


def _confirmers(desk: Desk) -> frozenset[Any]:
    return LEADS if desk.ticket.team.confirmation == ConfirmationPolicy.LEAD else REVIEWERS


def _second_words(desk: Desk, proposed: Told | None) -> str:
    if desk.is_blind:
        return "Somebody reads it blind first; the verdict is shown when that is done."
    if proposed is None:
        return ""
    who = "a lead" if _confirmers(desk) is LEADS else "another reviewer or a lead"
    if proposed.is_sealed:
        return (
            f"It is yours alone until {who} has given a rating without seeing it. The same rating "
            "makes it final."
        )
    if proposed.reads:
        who = f"{who} who gave no rating yet"
    if proposed.reviewer_id == desk.person.pk:
        return f"This is your own verdict, so {who} has to confirm it."
    return f"It waits for {who} to confirm it."


def _deciding(desk: Desk, *, is_correction: bool) -> FormWords:
    policy = desk.ticket.team.confirmation
    heading = "Corrected verdict" if is_correction else "Your verdict"
    if policy == ConfirmationPolicy.NONE:
        return FormWords("decide", heading, "Decide", "It is final at once; a lead publishes it.")
    who = "a lead" if policy == ConfirmationPolicy.LEAD else "another reviewer or a lead"
    after = f"Then {who} reads it and confirms it or sends it back."
    return FormWords("decide", heading, "Send for confirmation", after)


def _choices(ratings: Iterable[Rating]) -> tuple[Choice, ...]:
    offered = [rating for rating in ratings if not rating.is_retired]
    return tuple(
        Choice(
            pk=rating.pk,
            key=str(at) if at <= 9 else "",
            label=rating.label,
            definition=rating.definition,
            examples=tuple(line.strip() for line in rating.examples.splitlines() if line.strip()),
            colour=safe_colour(rating.colour),
            value=rating.value,
        )
        for at, rating in enumerate(offered, start=1)
    )
