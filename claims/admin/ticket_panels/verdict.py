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
from claims.admin.ticket_panels.forms import DRAFT_TEXTS, DecideForm, read_draft
from claims.admin.ticket_panels.gate import GateLine, build_gate
from claims.admin.ticket_panels.told import Told, list_versions, show_rationale
from claims.lifecycle import LEADS, REVIEWERS
from claims.models import Draft, Rating, Verdict
from claims.vocabulary import (
    Confidence,
    ConfirmationPolicy,
    CorrectionClass,
    GateItem,
    TicketState,
    VerdictState,
)
from claims.workflow.decide import MAX_RATIONALE_CHARS, MIN_RATIONALE_CHARS, waiver_field


@dataclass(frozen=True, slots=True)
class Choice:
    """One rating of the team's scale, with the key that chooses it (1 to 9)."""

    pk: int
    key: str
    label: str
    definition: str
    colour: str
    value: int | None


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form, wherever it comes from."""

    rating: str = ""
    rationale: str = ""
    tolerance: str = ""
    what_would_change: str = ""
    confidence: str = ""
    waiver_origins: str = ""
    waiver_primary: str = ""
    waiver_anchored: str = ""
    waiver_contrary: str = ""
    correction_class: str = ""
    correction_reason: str = ""
    evidence: frozenset[int] = frozenset()
    decisive: frozenset[int] = frozenset()


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
    submit_label: str
    after_words: str
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


def build_verdict(
    desk: Desk,
    form: DecideForm | None = None,
    *,
    note: str = "",
    note_error: str = "",
) -> VerdictPanel:
    """The verdict's column for this person; a refused ``form`` keeps all that was typed."""
    ratings = list(Rating.objects.filter(scale_id=desk.ticket.team.scale_id).order_by("position"))
    versions = list_versions(desk, ratings)
    by_state = {told.state: told for told in versions}
    proposed = by_state.get(VerdictState.PROPOSED)
    current = by_state.get(VerdictState.FINAL)
    sent_back = versions[-1] if versions and versions[-1].state == VerdictState.SENT_BACK else None
    mode = _mode(desk, proposed)
    draft = Draft.objects.filter(ticket=desk.ticket, author_id=desk.person.pk).first()
    typed = _typed(desk, form, draft, versions)
    needs_second = desk.ticket.team.confirmation != ConfirmationPolicy.NONE
    shown = proposed or current
    errors = {name: str(found[0]) for name, found in form.errors.items()} if form else {}
    is_typing = mode == "decide"
    return VerdictPanel(
        mode=mode,
        choices=_choices(ratings),
        scale=desk.ticket.team.scale.name,
        typed=typed,
        errors=errors,
        draft_at=draft.saved_at if draft and form is None else None,
        preview=show_rationale(desk, typed.rationale) if is_typing else SafeString(""),
        gate=build_gate(desk, typed, errors) if is_typing else (),
        confidences=tuple(Confidence.choices()),
        submit_label="Send for confirmation" if needs_second else "Decide",
        after_words=_after_words(desk),
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
        unsent=typed.rationale if mode != "decide" and (form or draft) else "",
        second_words=_second_words(desk, proposed),
        cited_pks=frozenset(one.pk for one in shown.cited) if shown else frozenset(),
    )


def keep_draft(desk: Desk, data: Any) -> Draft | None:
    """Keep what was typed so far; an empty form drops the draft. Gives the draft or ``None``."""
    fields = read_draft(data)
    rows = Draft.objects.filter(ticket=desk.ticket, author_id=desk.person.pk)
    if not fields:
        rows.delete()
        return None
    draft, _ = Draft.objects.update_or_create(
        ticket=desk.ticket, author_id=desk.person.pk, defaults={"fields": fields}
    )
    return draft


def _mode(desk: Desk, proposed: Told | None) -> str:
    if desk.state in (TicketState.OPEN, TicketState.GATHERING):
        return "gathering"
    if desk.state is TicketState.READY:
        return "take" if desk.may_take else "look"
    if desk.state is TicketState.IN_REVIEW:
        return "decide" if "decide" in desk.verbs else "held"
    if desk.state is TicketState.DECIDED and proposed is not None:
        if proposed.reviewer_id == desk.person.pk:
            return "own"
        return "second" if desk.role in _confirmers(desk) else "await"
    return desk.state.value


def _confirmers(desk: Desk) -> frozenset[Any]:
    return LEADS if desk.ticket.team.confirmation == ConfirmationPolicy.LEAD else REVIEWERS


def _second_words(desk: Desk, proposed: Told | None) -> str:
    if proposed is None:
        return ""
    who = "a lead" if _confirmers(desk) is LEADS else "another reviewer or a lead"
    if proposed.reviewer_id == desk.person.pk:
        return f"This is your own verdict, so {who} has to confirm it."
    return f"It waits for {who} to confirm it."


def _after_words(desk: Desk) -> str:
    policy = desk.ticket.team.confirmation
    if policy == ConfirmationPolicy.NONE:
        return "It is final at once; a lead publishes it."
    who = "a lead" if policy == ConfirmationPolicy.LEAD else "another reviewer or a lead"
    return f"Then {who} reads it and confirms it or sends it back."


def _choices(ratings: Iterable[Rating]) -> tuple[Choice, ...]:
    offered = [rating for rating in ratings if not rating.is_retired]
    return tuple(
        Choice(
            pk=rating.pk,
            key=str(at) if at <= 9 else "",
            label=rating.label,
            definition=rating.definition,
            colour=safe_colour(rating.colour),
            value=rating.value,
        )
        for at, rating in enumerate(offered, start=1)
    )


def _typed(desk: Desk, form: DecideForm | None, draft: Draft | None, versions: list[Told]) -> Typed:
    if form is not None:
        return _from_fields(
            {name: form.typed(name) for name in DRAFT_TEXTS},
            form.ids("evidence"),
            form.ids("decisive"),
        )
    if draft is not None and isinstance(draft.fields, dict):
        kept = draft.fields
        return _from_fields(kept, _ids(kept.get("evidence")), _ids(kept.get("decisive")))
    last = Verdict.objects.filter(ticket=desk.ticket).order_by("-version").first()
    if not versions or last is None or desk.state is not TicketState.IN_REVIEW:
        return Typed()
    if last.state == VerdictState.SENT_BACK and last.reviewer_id != desk.person.pk:
        return Typed()
    cited = versions[-1].cited
    return Typed(
        rating=str(last.rating_id),
        rationale=last.rationale,
        tolerance=last.tolerance,
        what_would_change=last.what_would_change,
        confidence=last.confidence,
        **{waiver_field(GateItem(one.item)): one.reason for one in last.waivers.all()},
        correction_class=last.correction_class,
        correction_reason=last.correction_reason,
        evidence=frozenset(one.pk for one in cited),
        decisive=frozenset(one.pk for one in cited if one.is_decisive),
    )


def _from_fields(
    fields: Mapping[str, Any], evidence: frozenset[int], decisive: frozenset[int]
) -> Typed:
    return Typed(
        **{name: str(fields.get(name) or "") for name in DRAFT_TEXTS},
        evidence=evidence | decisive,
        decisive=decisive,
    )


def _ids(stored: object) -> frozenset[int]:
    return (
        frozenset(one for one in stored if isinstance(one, int))
        if (isinstance(stored, list))
        else frozenset()
    )
