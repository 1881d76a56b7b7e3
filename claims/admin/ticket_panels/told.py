"""Verdicts that were given: each version with its words and a frozen copy of its evidence."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from claims.admin.colours import safe_colour
from claims.admin.outside import Outside, outside_link
from claims.admin.ticket_panels.desk import Desk, name_of
from claims.admin.ticket_panels.figures import show_quantity
from claims.admin.ticket_panels.wording import OUTCOMES, STANCES
from claims.models import Rating, Verdict, VerdictEvidence
from claims.vocabulary import CorrectionClass, Outcome, Stance, VerdictState

_CITATION = re.compile(r"\[(\d{1,3})\]")


@dataclass(frozen=True, slots=True)
class Run:
    """A run of a rationale: plain text, or a citation that links to its evidence."""

    text: str
    number: int = 0


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
class Told:
    """One version of the verdict as it was given."""

    version: int
    state: str
    state_label: str
    label: str
    scale: str
    colour: str
    definition: str
    rationale: tuple[Run, ...]
    tolerance: str
    what_would_change: str
    waiver_reason: str
    reviewer: str
    reviewer_id: int
    decided_at: datetime
    minutes: int
    second: str
    has_agreed: bool | None
    second_note: str
    published_at: datetime | None
    correction: str
    correction_reason: str
    evidence_count: int
    origin_count: int
    is_primary_reached: bool
    cited: tuple[Cited, ...]


def cite(text: str) -> tuple[Run, ...]:
    """A rationale as runs; ``[2]`` becomes a citation of evidence 2.

    >>> [(run.text, run.number) for run in cite("See [2].")]
    [('See ', 0), ('[2]', 2), ('.', 0)]
    """
    runs: list[Run] = []
    at = 0
    for found in _CITATION.finditer(text):
        if found.start() > at:
            runs.append(Run(text[at : found.start()]))
        runs.append(Run(found.group(), int(found.group(1))))
        at = found.end()
    if at < len(text):
        runs.append(Run(text[at:]))
    return tuple(runs)


def list_versions(desk: Desk, ratings: Iterable[Rating]) -> list[Told]:
    """Every version of the ticket's verdict, oldest first, with what it rests on (two queries)."""
    by_id = {rating.pk: rating for rating in ratings}
    rows = list(
        Verdict.objects.filter(ticket=desk.ticket)
        .select_related("reviewer", "second_reviewer", "correction_of", "rating")
        .order_by("version")
    )
    cited: dict[int, list[VerdictEvidence]] = {}
    if rows:
        for piece in VerdictEvidence.objects.filter(verdict__in=rows).order_by("number"):
            cited.setdefault(piece.verdict_id, []).append(piece)
    return [_told(row, by_id.get(row.rating_id, row.rating), cited.get(row.pk, [])) for row in rows]


def _told(row: Verdict, rating: Rating, cited: list[VerdictEvidence]) -> Told:
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
        colour=safe_colour(rating.colour),
        definition=rating.definition,
        rationale=cite(row.rationale),
        tolerance=row.tolerance,
        what_would_change=row.what_would_change,
        waiver_reason=row.waiver_reason,
        reviewer=name_of(row.reviewer),
        reviewer_id=row.reviewer_id,
        decided_at=row.decided_at,
        minutes=round(row.review_seconds / 60),
        second=name_of(row.second_reviewer),
        has_agreed=row.has_agreed,
        second_note=row.second_note,
        published_at=row.published_at,
        correction=corrected,
        correction_reason=row.correction_reason,
        evidence_count=row.evidence_count,
        origin_count=row.independent_origins,
        is_primary_reached=row.is_primary_reached,
        cited=tuple(_cited(piece) for piece in cited),
    )


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
