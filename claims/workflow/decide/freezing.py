"""Freezing: a verdict's own copy of the evidence it rests on, whatever is fetched later."""

from __future__ import annotations

from claims.models.evidence import Evidence
from claims.models.verdict import Verdict, VerdictEvidence
from claims.workflow.decide.checking import Decision


def freeze_evidence(verdict: Verdict, evidence: list[Evidence], decision: Decision) -> None:
    rows = [_frozen(verdict, piece, piece.pk in decision.decisive_ids) for piece in evidence]
    VerdictEvidence.objects.bulk_create(rows)


def _frozen(verdict: Verdict, piece: Evidence, is_decisive: bool) -> VerdictEvidence:
    snapshot = piece.passage.snapshot
    source = snapshot.page.source
    held = piece.comparison.get("passage_quantity") or {}
    return VerdictEvidence(
        verdict=verdict,
        evidence=piece,
        number=piece.number,
        is_decisive=is_decisive,
        stance=piece.current_stance,
        url=snapshot.final_url,
        title=snapshot.title,
        publisher=source.name if source else snapshot.publisher,
        quote=piece.passage.quote,
        start=piece.passage.start,
        end=piece.passage.end,
        snapshot_sha256=snapshot.sha256,
        text_sha256=snapshot.text_sha256,
        snapshot_at=snapshot.fetched_at,
        outcome=piece.current_outcome,
        source_value=str(held.get("text") or "")[:300],
        comparison=piece.comparison,
        source_type=source.type if source else "",
        page_published_on=snapshot.published_on,
        origin=piece.origin,
    )
