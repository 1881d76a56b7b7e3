"""What stands in the verdict's form, wherever it comes from, and the draft that keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from claims.admin.ticket_panels.desk import Desk
from claims.admin.ticket_panels.told import Told
from claims.admin.ticket_panels.verdict_form import DRAFT_TEXTS, DecideForm, read_draft
from claims.models import Draft, Verdict
from claims.vocabulary import GateItem, VerdictState
from claims.workflow.decide import waiver_field


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


def read_typed(
    desk: Desk, form: DecideForm | None, draft: Draft | None, versions: list[Told], mode: str
) -> Typed:
    """A refused form, else the draft, else the version that is gone on from."""
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
    if not versions or last is None or mode not in ("decide", "edit"):
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
