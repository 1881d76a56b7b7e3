"""What an export tells, as frozen values: one verdict a row, one piece of evidence a row.

The fields of :class:`VerdictRecord` are the columns of the verdict CSV, in their
order; every exporter takes these records and nothing else. Unknown text is ``""``,
unknown numbers, times and yes/no answers are ``None``. Refused: behaviour, database
rows, and any field that is not printed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictRecord:
    """One version of one verdict, with its claim, its ticket and its decisive evidence.

    Times are aware; ``value`` … ``of_what`` are the claim's first quantity; ``as_of``
    is an ISO date or ``from/to``; ``source_value`` is the decisive number in the
    claim's unit and ``difference`` is source minus claim.
    """

    claim_id: int
    ticket_id: int
    team: str = ""
    article_title: str = ""
    article_url: str = ""
    article_published: date | None = None
    claim_text: str = ""
    claim_start: int | None = None
    claim_end: int | None = None
    claimant: str = ""
    quantity_count: int = 0
    value: float | None = None
    low: float | None = None
    high: float | None = None
    unit: str = ""
    bound: str = ""
    hedge: str = ""
    measured: str = ""
    of_what: str = ""
    place: str = ""
    as_of: str = ""
    rating_scale: str = ""
    rating: str = ""
    rating_value: float | None = None
    rating_best: float | None = None
    rating_worst: float | None = None
    rationale: str = ""
    reviewer: str = ""
    second_reviewer: str = ""
    agreed: bool | None = None
    state: str = ""
    created_at: datetime | None = None
    decided_at: datetime | None = None
    published_at: datetime | None = None
    minutes_in_review: float | None = None
    verdict_version: int | None = None
    correction_of: int | None = None
    evidence_count: int = 0
    independent_origins: int | None = None
    primary_reached: bool | None = None
    decisive_evidence_url: str = ""
    decisive_quote: str = ""
    snapshot_sha256: str = ""
    snapshot_at: datetime | None = None
    source_value: float | None = None
    difference: float | None = None
    waiver_reason: str = ""
    claimreview_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionRecord:
    """One correction of a published verdict: what stood, what stands now, why, and how fast.

    A withdrawal is one too: of class ``withdrawn``, by whoever took it back, without a new
    verdict. ``withdrawn_at`` is of the old one. ``promised_by`` follows from the team's promise and
    ``opened_at``; ``kept_promise`` is ``None`` where there was none.
    """

    ticket_id: int
    team: str = ""
    claim_text: str = ""
    old_version: int | None = None
    old_rating: str = ""
    old_published_at: datetime | None = None
    new_version: int | None = None
    new_rating: str = ""
    correction_class: str = ""
    correction_reason: str = ""
    reviewer: str = ""
    second_reviewer: str = ""
    opened_at: datetime | None = None
    published_at: datetime | None = None
    promised_by: datetime | None = None
    kept_promise: bool | None = None
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRecord:
    """One piece of evidence behind one version of a verdict.

    ``stance_by`` names who chose the stance (``"machine"`` until a person did);
    ``flags`` are joined by a space; ``difference`` is source minus claim in the
    claim's unit, ``relative_difference`` the same as a share of the claim's value.
    """

    claim_id: int
    ticket_id: int
    verdict_version: int | None = None
    evidence_id: int
    url: str = ""
    publisher: str = ""
    source_type: str = ""
    origin: str = ""
    is_primary: bool | None = None
    is_decisive: bool | None = None
    stance: str = ""
    stance_confidence: float | None = None
    stance_by: str = ""
    quote: str = ""
    quote_start: int | None = None
    quote_end: int | None = None
    outcome: str = ""
    source_value: float | None = None
    source_low: float | None = None
    source_high: float | None = None
    source_unit: str = ""
    difference: float | None = None
    relative_difference: float | None = None
    flags: str = ""
    period_from: date | None = None
    period_to: date | None = None
    page_published: date | None = None
    snapshot_sha256: str = ""
    text_sha256: str = ""
    snapshot_at: datetime | None = None
    note: str = ""
