"""Verdicts that were given: each version with its words and a frozen copy of its evidence."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from claims.admin.colours import safe_colour
from claims.admin.outside import Outside, outside_link
from claims.admin.ticket_panels.desk import Desk, name_of
from claims.admin.ticket_panels.figures import show_quantity
from claims.admin.ticket_panels.wording import GATE_ITEMS, OUTCOMES, STANCES
from claims.models import Evidence, Verdict, VerdictEvidence
from claims.vocabulary import CorrectionClass, GateItem, Outcome, Stance, VerdictState
from claims.web.rationale import render_rationale


@dataclass(frozen=True, slots=True)
class Cited:
    """A frozen piece of evidence of one verdict."""

    pk: int
    number: int
    is_decisive: bool
    stance: str
    tone: str
    publisher: str
    title: str
    outside: Outside
    quote: str
    source_value: str
    outcome: str
    digest: str


@dataclass(frozen=True, slots=True)
class Read:
    """A rating that somebody gave without seeing this one."""

    reader_id: int
    reader: str
    label: str
    rationale: SafeString


@dataclass(frozen=True, slots=True)
class Told:
    """One version of the verdict as it was given."""

    version: int
    state: str
    state_label: str
    label: str
    scale: str
    colour: str
    rationale: SafeString
    tolerance: str
    what_would_change: str
    confidence: str
    waivers: tuple[tuple[str, str], ...]
    reads: tuple[Read, ...]
    is_sealed: bool
    edited_by: str
    reviewer: str
    reviewer_id: int
    decided_at: datetime
    minutes: int
    second: str
    has_agreed: bool | None
    second_note: str
    published_at: datetime | None
    withdrawn_at: datetime | None
    withdrawn_by: str
    withdrawal_reason: str
    correction: str
    correction_reason: str
    evidence_count: int
    origin_count: int
    is_primary_reached: bool
    cited: tuple[Cited, ...]


def show_rationale(desk: Desk, text: str, *, page: str = "") -> SafeString:
    """A rationale as markup, its citations leading to the ticket's cards (one query).

    One that is too long to be kept is not shown.
    """
    numbers = Evidence.objects.filter(ticket=desk.ticket).values_list("number", flat=True)
    return render_safely(text, frozenset(numbers), page=page) if text else SafeString("")


def render_safely(text: str, evidence: Collection[int], *, page: str = "") -> SafeString:
    """The markup that :func:`~claims.web.rationale.render_rationale` vouches for."""
    try:
        markup = render_rationale(text, evidence=evidence, outside=outside_link, page=page)
    except ValueError as refused:
        markup = escape(str(refused))
    return mark_safe(markup)  # noqa: S308 - an allow-list had the last word


def list_versions(desk: Desk) -> list[Told]:
    """Every version of the ticket's verdict, oldest first, with what it rests on (six queries)."""
    rows = list(
        Verdict.objects.visible_to(desk.person)
        .filter(ticket=desk.ticket)
        .select_related("reviewer", "second_reviewer", "edited_by", "withdrawn_by", "correction_of")
        .prefetch_related("waivers", "reads__reader")
        .order_by("version")
    )
    cited: dict[int, list[VerdictEvidence]] = {}
    if rows:
        for piece in VerdictEvidence.objects.filter(verdict__in=rows).order_by("number"):
            cited.setdefault(piece.verdict_id, []).append(piece)
    numbers = frozenset(
        Evidence.objects.filter(ticket=desk.ticket).values_list("number", flat=True) if rows else ()
    )
    return [_told(row, cited.get(row.pk, []), numbers) for row in rows]


def _told(row: Verdict, cited: list[VerdictEvidence], numbers: frozenset[int]) -> Told:
    corrected = ""
    if row.correction_of is not None:
        kind = CorrectionClass(row.correction_class).label if row.correction_class else "Correction"
        corrected = f"{kind} of version {row.correction_of.version}"
    return Told(
        version=row.version,
        state=row.state,
        state_label=VerdictState(row.state).label,
        label=row.rating_label,
        scale=row.scale_name,
        colour=safe_colour(row.rating_colour),
        rationale=render_safely(row.rationale, numbers),
        tolerance=row.tolerance,
        what_would_change=row.what_would_change,
        confidence=row.get_confidence_display(),
        waivers=tell_waivers(row),
        reads=tuple(
            Read(
                one.reader_id,
                name_of(one.reader),
                one.rating_label,
                render_safely(one.rationale, numbers),
            )
            for one in row.reads.all()
            if one.is_blind
        ),
        is_sealed=row.is_sealed,
        edited_by=name_of(row.edited_by),
        reviewer=name_of(row.reviewer),
        reviewer_id=row.reviewer_id,
        decided_at=row.decided_at,
        minutes=round(row.review_seconds / 60),
        second=name_of(row.second_reviewer),
        has_agreed=row.has_agreed,
        second_note=row.second_note,
        published_at=row.published_at,
        withdrawn_at=row.withdrawn_at,
        withdrawn_by=name_of(row.withdrawn_by),
        withdrawal_reason=row.withdrawal_reason,
        correction=corrected,
        correction_reason=row.correction_reason,
        evidence_count=row.evidence_count,
        origin_count=row.independent_origins,
        is_primary_reached=row.is_primary_reached,
        cited=tuple(_cited(piece) for piece in cited),
    )


def tell_waivers(row: Verdict) -> tuple[tuple[str, str], ...]:
    """What was waived, with how much there was of it, and why; as one text before items were."""
    waived = tuple(
        (f"{GATE_ITEMS[GateItem(one.item)]} ({one.found} of {one.needed})", one.reason)
        for one in row.waivers.all()
    )
    return waived or ((("Waiver", row.waiver_reason),) if row.waiver_reason else ())


def _cited(piece: VerdictEvidence) -> Cited:
    label, tone, _ = STANCES[Stance(piece.stance)]
    held = piece.comparison.get("passage_quantity") if isinstance(piece.comparison, dict) else None
    return Cited(
        pk=piece.evidence_id,
        number=piece.number,
        is_decisive=piece.is_decisive,
        stance=label,
        tone=tone,
        publisher=piece.publisher,
        title=piece.title,
        outside=outside_link(piece.url),
        quote=piece.quote,
        source_value=show_quantity(held) or piece.source_value,
        outcome=OUTCOMES[Outcome(piece.outcome)][0] if held else "",
        digest=piece.snapshot_sha256[:12],
    )
