"""Publish and export: release a final verdict, and tell verdicts as frozen records.

Promises: records stream from the database in a stable order, so the same rows
give the same bytes; a ticket whose verdict still waits for its second person
is not published. Knows nothing of CSV: :mod:`claims.export` turns records into bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from claims.export.record import EvidenceRecord, VerdictRecord
from claims.export.verdict_csv import finish_verdicts, write_evidence
from claims.lifecycle import MoveRefused
from claims.models.access import Person
from claims.models.claim import Appearance, Quantity
from claims.models.claim_import import ImportedRow
from claims.models.history import move_ticket
from claims.models.team import Team
from claims.models.ticket import Ticket
from claims.models.verdict import Verdict, VerdictEvidence
from claims.models.verdict_lines import copy_verdict_lines
from claims.vocabulary import SourceType, TicketState, VerdictState

CHUNK = 2000
Row = TypeVar("Row")
Counter = Callable[[], None]
TOLD_STATES = (TicketState.DECIDED, TicketState.PUBLISHED)


def publish_ticket(ticket: Ticket, *, by: Person, expected_version: int | None = None) -> Ticket:
    """Release the final verdict of a decided ticket."""
    with transaction.atomic():
        row = (
            Ticket.objects.select_for_update(of=("self",)).select_related("team").get(pk=ticket.pk)
        )
        verdict = row.verdicts.filter(state=VerdictState.FINAL).order_by("-version").first()
        if verdict is None or row.verdicts.filter(state=VerdictState.PROPOSED).exists():
            raise MoveRefused("the verdict waits for its confirmation")
        now = timezone.now()
        row = move_ticket(
            row,
            "publish",
            actor=by,
            expected_version=expected_version,
            changes={"version": verdict.version, "rating": verdict.rating_label},
            published_at=now,
        )
        Verdict.objects.filter(pk=verdict.pk).update(published_at=now)
    return row


def select_verdicts(
    *,
    teams: Sequence[Team] | QuerySet[Team] | None = None,
    all_versions: bool = False,
    since: datetime | None = None,
    within: QuerySet[Verdict] | None = None,
) -> QuerySet[Verdict]:
    """What an export tells: by default the current version of each decided or published verdict.

    ``since`` is by ``decided_at``; ``within`` narrows to rows a person may see.
    """
    rows = Verdict.objects.all() if within is None else within
    # What waits for its blind read is told to nobody, its author included.
    rows = rows.filter(is_sealed=False)
    if teams is not None:
        rows = rows.filter(ticket__team__in=teams)
    if since is not None:
        rows = rows.filter(decided_at__gte=since)
    if not all_versions:
        current = Q(state__in=(VerdictState.PROPOSED, VerdictState.FINAL))
        rows = rows.filter(
            (current & Q(ticket__state__in=TOLD_STATES))
            # A published verdict stands while its ticket is open for a correction …
            | Q(state=VerdictState.FINAL, published_at__isnull=False)
        )
        # … and until that correction is final. What was withdrawn stands no more.
        rows = rows.filter(withdrawn_at__isnull=True).exclude(
            state=VerdictState.PROPOSED,
            correction_of__state=VerdictState.FINAL,
            correction_of__withdrawn_at__isnull=True,
        )
    return rows.order_by("ticket_id", "version")


def verdict_lines(rows: QuerySet[Verdict]) -> Iterator[bytes]:
    """The same verdicts as lines of quoted cells, written by the database from one instant."""
    return copy_verdict_lines(rows)


def export_blocks(
    rows: QuerySet[Verdict], *, is_evidence: bool, is_raw: bool, count: Counter | None = None
) -> Iterator[bytes]:
    """The file of these verdicts, or of what they rest on; ``count`` is called for each row."""
    if is_evidence:
        return write_evidence(_counted(evidence_records(rows), count), is_raw=is_raw)
    told = rows.defer(None).select_related(None).order_by("ticket_id", "version")
    return finish_verdicts(_counted(verdict_lines(told), count), is_raw=is_raw)


def _counted(found: Iterator[Row], count: Counter | None) -> Iterator[Row]:
    for one in found:
        if count is not None:
            count()
        yield one


def verdict_records(rows: QuerySet[Verdict]) -> Iterator[VerdictRecord]:
    """One frozen record per verdict, streamed in batches; constant memory at any number."""
    prefetches: list[Any] = [
        Prefetch("ticket__claim__quantities", Quantity.objects.order_by("claim_id", "position")),
        Prefetch(
            "ticket__claim__appearances",
            Appearance.objects.select_related("article").defer("article__text", "article__search"),
        ),
        Prefetch("ticket__claim__imported_rows", ImportedRow.objects.order_by("-pk")),
        Prefetch("cited", VerdictEvidence.objects.order_by("verdict_id", "-is_decisive", "number")),
    ]
    told = rows.select_related(
        "ticket__claim", "ticket__team", "reviewer", "second_reviewer", "correction_of"
    ).prefetch_related(*prefetches)
    for verdict in told.iterator(chunk_size=CHUNK):
        yield _record(verdict)


def evidence_records(rows: QuerySet[Verdict]) -> Iterator[EvidenceRecord]:
    """One frozen record per piece of evidence the selected verdicts rest on."""
    cited = (
        VerdictEvidence.objects.filter(verdict__in=rows.order_by().values("pk"))
        .select_related("verdict__ticket", "evidence__stance_by")
        .order_by("verdict__ticket_id", "verdict__version", "number")
    )
    for piece in cited.iterator(chunk_size=CHUNK):
        yield _evidence_record(piece)


def _record(verdict: Verdict) -> VerdictRecord:
    ticket = verdict.ticket
    claim = ticket.claim
    numbers = list(claim.quantities.all())
    first = numbers[0] if numbers else None
    appearance = next(iter(claim.appearances.all()), None)
    article = appearance.article if appearance else None
    # A claim that came from a list stands in no article we keep; its line may name one.
    told = None if article else next(iter(claim.imported_rows.all()), None)
    cited = list(verdict.cited.all())
    decisive = next((piece for piece in cited if piece.is_decisive), None)
    held = (decisive.comparison.get("passage_quantity") or {}) if decisive else {}
    difference = (decisive.comparison.get("difference") or {}) if decisive else {}
    return VerdictRecord(
        claim_id=claim.pk,
        ticket_id=ticket.pk,
        team=ticket.team.slug,
        article_title=article.title if article else told.article_title if told else "",
        article_url=article.url if article else told.article_url if told else "",
        article_published=(
            article.published_on if article else told.article_published if told else None
        ),
        claim_text=claim.text,
        claim_start=appearance.start if appearance else None,
        claim_end=appearance.end if appearance else None,
        claimant=claim.claimant,
        quantity_count=len(numbers),
        value=first.value if first else None,
        low=first.low if first else None,
        high=first.high if first else None,
        unit=first.unit if first else "",
        bound=first.bound if first else "",
        hedge=first.hedge if first else "",
        measured=claim.measured or (first.measured if first else ""),
        of_what=claim.of_what or (first.of_what if first else ""),
        place=claim.place,
        as_of=_period(claim.period_from, claim.period_to),
        rating_scale=verdict.scale_name,
        rating=verdict.rating_label,
        rating_value=verdict.rating_value,
        rating_best=verdict.rating_best,
        rating_worst=verdict.rating_worst,
        rationale=verdict.rationale,
        reviewer=verdict.reviewer.get_username(),
        second_reviewer=verdict.second_reviewer.get_username() if verdict.second_reviewer else "",
        agreed=verdict.has_agreed,
        state=ticket.state,
        created_at=ticket.created_at,
        decided_at=verdict.decided_at,
        published_at=verdict.published_at,
        # Tenths of a minute, half a tenth upwards: by whole numbers, as the database counts.
        minutes_in_review=(verdict.review_seconds * 10 + 30) // 60 / 10,
        verdict_version=verdict.version,
        correction_of=verdict.correction_of.version if verdict.correction_of else None,
        evidence_count=verdict.evidence_count,
        independent_origins=verdict.independent_origins,
        primary_reached=verdict.is_primary_reached,
        decisive_evidence_url=decisive.url if decisive else "",
        decisive_quote=decisive.quote if decisive else "",
        snapshot_sha256=decisive.snapshot_sha256 if decisive else "",
        snapshot_at=decisive.snapshot_at if decisive else None,
        source_value=_figure(held.get("value")),
        difference=_figure(difference.get("absolute")),
        waiver_reason=verdict.waiver_reason,
    )


def _evidence_record(piece: VerdictEvidence) -> EvidenceRecord:
    held = piece.comparison.get("passage_quantity") or {}
    difference = piece.comparison.get("difference") or {}
    period = held.get("period") or {}
    setter = piece.evidence.stance_by
    return EvidenceRecord(
        claim_id=piece.verdict.ticket.claim_id,
        ticket_id=piece.verdict.ticket_id,
        verdict_version=piece.verdict.version,
        evidence_id=piece.number,
        url=piece.url,
        publisher=piece.publisher,
        source_type=piece.source_type,
        origin=str(piece.origin or ""),
        is_primary=piece.source_type in (SourceType.PRIMARY, SourceType.OFFICIAL),
        is_decisive=piece.is_decisive,
        stance=piece.stance,
        stance_confidence=piece.evidence.confidence,
        stance_by=setter.get_username() if setter else "",
        quote=piece.quote,
        quote_start=piece.start,
        quote_end=piece.end,
        outcome=piece.outcome,
        source_value=_figure(held.get("value")),
        source_low=_figure(held.get("low")),
        source_high=_figure(held.get("high")),
        source_unit=held.get("unit") or "",
        difference=_figure(difference.get("absolute")),
        relative_difference=_figure(difference.get("relative")),
        flags=" ".join(piece.comparison.get("flags") or []),
        period_from=_day(period.get("from")),
        period_to=_day(period.get("to")),
        page_published=piece.page_published_on,
        snapshot_sha256=piece.snapshot_sha256,
        text_sha256=piece.text_sha256,
        snapshot_at=piece.snapshot_at,
    )


def _figure(kept: object) -> float | None:
    """A stored number; ``None`` for what is none."""
    return kept if isinstance(kept, int | float) and not isinstance(kept, bool) else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _period(first: date | None, last: date | None) -> str:
    if first and last and first != last:
        return f"{first.isoformat()}/{last.isoformat()}"
    only = first or last
    return only.isoformat() if only else ""
