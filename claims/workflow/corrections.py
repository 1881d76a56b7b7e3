"""Corrections: what was corrected when and why, what is open still, and the promise's clock.

Promises: the list tells every published correction with the verdict that stood before it, and
every withdrawal; the clock runs from the reopening of the published verdict to the publication
of the new one.
Refuses to guess a promise: a team without one has no clock.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery

from claims.export.record import CorrectionRecord
from claims.models.ticket import Ticket, TicketEvent
from claims.models.verdict import Verdict
from claims.vocabulary import TicketState

REOPENED = (TicketState.GATHERING, TicketState.READY, TicketState.IN_REVIEW, TicketState.DECIDED)
CHUNK = 500
WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class OpenCorrection:
    """A published verdict that is open again; ``due_at`` is ``None`` without a promise."""

    ticket: Ticket
    opened_at: datetime
    due_at: datetime | None


def list_open_corrections(within: QuerySet[Ticket]) -> list[OpenCorrection]:
    """Of these tickets those that wait for a correction, the longest open first (one query)."""
    rows: Any = (
        within.filter(published_at__isnull=False, state__in=REOPENED)
        .annotate(opened_at=_opened(OuterRef("pk")))
        .filter(opened_at__isnull=False)
        .select_related("team", "claim", "reserved_by")
        .defer("claim__search")
        .order_by("opened_at", "pk")
    )
    return [
        OpenCorrection(row, row.opened_at, due_at(row.opened_at, row.team.correction_days))
        for row in rows
    ]


def promise_of(ticket: Ticket) -> datetime | None:
    """By when the open correction of this ticket is promised; ``None`` where none is."""
    if ticket.published_at is None or ticket.state not in REOPENED:
        return None
    found = list_open_corrections(Ticket.objects.filter(pk=ticket.pk))
    return found[0].due_at if found else None


def due_at(opened_at: datetime | None, days: int | None) -> datetime | None:
    """When a correction opened then is promised by."""
    return opened_at + timedelta(days=days) if opened_at and days else None


def select_corrections(within: QuerySet[Verdict]) -> QuerySet[Verdict]:
    """Of these verdicts the published corrections, the oldest first."""
    return within.filter(correction_of__isnull=False, published_at__isnull=False).order_by(
        "published_at", "pk"
    )


def select_withdrawals(within: QuerySet[Verdict]) -> QuerySet[Verdict]:
    """Of these verdicts those that were taken back after publication, the oldest first."""
    return within.filter(withdrawn_at__isnull=False).order_by("withdrawn_at", "pk")


def list_changes(within: QuerySet[Verdict]) -> Iterator[CorrectionRecord]:
    """Corrections and withdrawals of what was published, in the order in which they were made."""
    made = correction_records(select_corrections(within))
    return heapq.merge(made, withdrawal_records(select_withdrawals(within)), key=_made_at)


def withdrawal_records(rows: QuerySet[Verdict]) -> Iterator[CorrectionRecord]:
    """One frozen record per withdrawal, streamed in batches."""
    told: Any = rows.select_related("ticket__claim", "ticket__team", "withdrawn_by")
    for row in told.iterator(chunk_size=CHUNK):
        yield CorrectionRecord(
            ticket_id=row.ticket_id,
            team=row.ticket.team.slug,
            claim_text=row.ticket.claim.text,
            old_version=row.version,
            old_rating=row.rating_label,
            old_published_at=row.published_at,
            correction_class=WITHDRAWN,
            correction_reason=row.withdrawal_reason,
            reviewer=row.withdrawn_by.get_username(),
            opened_at=row.withdrawn_at,
            withdrawn_at=row.withdrawn_at,
        )


def correction_records(rows: QuerySet[Verdict]) -> Iterator[CorrectionRecord]:
    """One frozen record per correction, streamed in batches."""
    told: Any = rows.annotate(
        opened_at=_opened(OuterRef("ticket"), at__lte=OuterRef("decided_at"))
    ).select_related(
        "ticket__claim", "ticket__team", "reviewer", "second_reviewer", "correction_of"
    )
    for row in told.iterator(chunk_size=CHUNK):
        promised = due_at(row.opened_at, row.ticket.team.correction_days)
        yield CorrectionRecord(
            ticket_id=row.ticket_id,
            team=row.ticket.team.slug,
            claim_text=row.ticket.claim.text,
            old_version=row.correction_of.version,
            old_rating=row.correction_of.rating_label,
            old_published_at=row.correction_of.published_at,
            new_version=row.version,
            new_rating=row.rating_label,
            correction_class=row.correction_class,
            correction_reason=row.correction_reason,
            reviewer=row.reviewer.get_username(),
            second_reviewer=row.second_reviewer.get_username() if row.second_reviewer else "",
            opened_at=row.opened_at,
            published_at=row.published_at,
            promised_by=promised,
            kept_promise=row.published_at <= promised if promised else None,
            withdrawn_at=row.correction_of.withdrawn_at,
        )


def _made_at(record: CorrectionRecord) -> datetime:
    made = record.withdrawn_at if record.correction_class == WITHDRAWN else record.published_at
    return made or datetime.max.replace(tzinfo=UTC)


def _opened(ticket: Any, **before: Any) -> Subquery:
    """When a published ticket was opened last."""
    moves = TicketEvent.objects.filter(
        ticket=ticket,
        from_state=TicketState.PUBLISHED,
        to_state=TicketState.IN_REVIEW,
        **before,
    )
    return Subquery(moves.order_by(F("sequence").desc()).values("at")[:1])
