"""Decide: a person's verdict, its confirmation, its correction. The machine never comes here.

Promises: a verdict is a new version, never an overwrite; it keeps a frozen
copy of the evidence it rests on; saving over a newer version of the ticket is
refused with who did what and when, and the caller still has what was typed;
nobody confirms their own verdict.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Max, Min
from django.db.models.functions import Now
from django.utils import timezone

from claims.lifecycle import LEADS, REVIEWERS, MoveRefused
from claims.models.access import Person, role_of
from claims.models.evidence import Evidence
from claims.models.history import TicketMoved, append_event, last_event, move_ticket
from claims.models.rating import Rating
from claims.models.storable import storable
from claims.models.ticket import Ticket
from claims.models.verdict import Draft, Verdict, VerdictEvidence
from claims.vocabulary import (
    CloseReason,
    ConfirmationPolicy,
    CorrectionClass,
    SourceType,
    TicketAction,
    VerdictState,
)

MIN_RATIONALE_CHARS = 20
MAX_RATIONALE_CHARS = 20_000
WORDS = ("rationale", "tolerance", "what_would_change", "waiver_reason", "correction_reason")


class DecisionRefused(Exception):
    """A verdict that cannot be kept; names the field and the cure."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        self.message = message
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Decision:
    """What a reviewer submits: the rating, the ticked and decisive evidence, and words."""

    rating_id: int
    rationale: str
    evidence_ids: frozenset[int] = frozenset()
    decisive_ids: frozenset[int] = frozenset()
    tolerance: str = ""
    what_would_change: str = ""
    waiver_reason: str = ""
    correction_class: str = ""
    correction_reason: str = ""


def decide_ticket(
    ticket: Ticket, decision: Decision, *, by: Person, expected_version: int
) -> Verdict:
    """Give a verdict: final, or proposed where the team wants a second person.

    Raises :class:`DecisionRefused` at a field,
    :class:`~claims.models.history.TicketMoved` when somebody was first, and
    :class:`~claims.lifecycle.MoveRefused` where role or state forbid it.
    """
    rating = _check_rating(ticket, decision)
    _check_words(decision)
    published = ticket.verdicts.filter(state=VerdictState.FINAL).first()
    if published is not None and not decision.correction_reason.strip():
        raise DecisionRefused("correction_reason", "Say what is corrected and why.")
    needs_second = ticket.team.confirmation != ConfirmationPolicy.NONE
    with transaction.atomic():
        now = timezone.now()
        spent = int((now - ticket.taken_at).total_seconds()) if ticket.taken_at else 0
        move_ticket(
            ticket,
            "decide",
            actor=by,
            expected_version=expected_version,
            action=TicketAction.VERDICT_PROPOSED,
            note=rating.label,
            changes={"rating": rating.label, "scale": rating.scale.name},
            decided_at=now,
        )
        evidence = _check_evidence(ticket, decision)
        if published is not None and not needs_second:
            _supersede(published)
        verdict = _write_verdict(
            ticket, decision, rating, by, published, spent + ticket.review_seconds
        )
        if not needs_second:
            verdict.state = VerdictState.FINAL
        verdict.save()
        _freeze_evidence(verdict, evidence, decision)
        Draft.objects.filter(ticket=ticket, author_id=by.pk).delete()
    return verdict


def confirm_verdict(
    ticket: Ticket, *, by: Person, note: str = "", expected_version: int | None = None
) -> Verdict:
    """A second person agrees: the proposed verdict is final. The ticket stays *decided*."""
    _check_storable("note", note)
    with transaction.atomic():
        row = _lock(ticket, expected_version)
        verdict = _proposed(row)
        _check_second(row, verdict, by)
        older = row.verdicts.filter(state=VerdictState.FINAL).first()
        if older is not None:
            _supersede(older)
        verdict.state = VerdictState.FINAL
        verdict.second_reviewer_id = by.pk
        verdict.has_agreed = True
        verdict.second_note = note
        verdict.confirmed_at = timezone.now()
        verdict.save()
        _bump(row)
        append_event(
            row,
            TicketAction.VERDICT_CONFIRMED,
            actor=by,
            from_state=row.state,
            to_state=row.state,
            note=note,
            changes={"version": verdict.version},
        )
    return verdict


def send_back(
    ticket: Ticket, *, by: Person, note: str, expected_version: int | None = None
) -> Ticket:
    """A second person disagrees: the ticket returns to its reviewer with a note."""
    if not note.strip():
        raise DecisionRefused("note", "Say what is missing, so that the reviewer can mend it.")
    _check_storable("note", note)
    with transaction.atomic():
        row = _lock(ticket, expected_version)
        verdict = _proposed(row)
        _check_second(row, verdict, by)
        verdict.state = VerdictState.SENT_BACK
        verdict.second_reviewer_id = by.pk
        verdict.has_agreed = False
        verdict.second_note = note
        verdict.save()
        return move_ticket(
            row,
            "send_back",
            actor=by,
            action=TicketAction.VERDICT_SENT_BACK,
            note=note,
            changes={"version": verdict.version},
            reserved_by_id=verdict.reviewer_id,
            reserved_until=Now() + timedelta(minutes=row.team.reservation_minutes),
            taken_at=timezone.now(),
            decided_at=None,
        )


def reopen_for_correction(
    ticket: Ticket, *, by: Person, note: str, expected_version: int | None = None
) -> Ticket:
    """Open a published ticket again; the published verdict stays until another one is final."""
    if not note.strip():
        raise DecisionRefused("note", "Say why the published verdict needs correcting.")
    with transaction.atomic():
        return move_ticket(
            ticket,
            "correct",
            actor=by,
            note=note,
            expected_version=expected_version,
            reserved_by_id=by.pk,
            reserved_until=Now() + timedelta(minutes=ticket.team.reservation_minutes),
            taken_at=timezone.now(),
        )


def close_ticket(
    ticket: Ticket, reason: str, *, by: Person, note: str = "", expected_version: int | None = None
) -> Ticket:
    """Close a ticket without a verdict, for a reason of the closed list."""
    if reason not in set(CloseReason):
        raise DecisionRefused("close_reason", "Choose why the ticket is closed.")
    if ticket.verdicts.filter(published_at__isnull=False).exists():
        raise DecisionRefused(
            "close_reason",
            "A verdict of this ticket is published; it changes only through a correction.",
        )
    with transaction.atomic():
        return move_ticket(
            ticket,
            "close",
            actor=by,
            note=note,
            expected_version=expected_version,
            changes={"close_reason": reason},
            close_reason=reason,
        )


def _check_rating(ticket: Ticket, decision: Decision) -> Rating:
    rating = (
        Rating.objects.select_related("scale")
        .filter(pk=decision.rating_id, scale_id=ticket.team.scale_id, is_retired=False)
        .first()
    )
    if rating is None:
        raise DecisionRefused("rating", "Choose a rating of your team's scale.")
    return rating


def _check_words(decision: Decision) -> None:
    rationale = decision.rationale.strip()
    if len(rationale) < MIN_RATIONALE_CHARS:
        raise DecisionRefused(
            "rationale",
            f"Give your reasons in at least {MIN_RATIONALE_CHARS} characters; a reader must be "
            "able to follow them.",
        )
    if len(rationale) > MAX_RATIONALE_CHARS:
        raise DecisionRefused(
            "rationale", f"At most {MAX_RATIONALE_CHARS:,} characters; this has {len(rationale):,}."
        )
    for field in WORDS:
        _check_storable(field, getattr(decision, field))
    if len(decision.tolerance) > 300:
        raise DecisionRefused("tolerance", "At most 300 characters.")
    if decision.correction_class and decision.correction_class not in set(CorrectionClass):
        raise DecisionRefused("correction_class", "Choose minor, update or substantial.")


def _check_storable(field: str, words: str) -> None:
    if words != storable(words):
        raise DecisionRefused(
            field, "There is a character here that cannot be kept; type it again."
        )


def _check_evidence(ticket: Ticket, decision: Decision) -> list[Evidence]:
    wanted = decision.evidence_ids | decision.decisive_ids
    if not wanted and not decision.waiver_reason.strip():
        raise DecisionRefused(
            "evidence",
            "Tick the evidence this verdict rests on, or write in the waiver why there is none.",
        )
    rows = list(
        Evidence.objects.filter(ticket=ticket, pk__in=wanted).select_related(
            "passage__snapshot__page__source"
        )
    )
    if len(rows) != len(wanted):
        raise DecisionRefused("evidence", "Some of the ticked evidence is not on this ticket.")
    return rows


def _write_verdict(
    ticket: Ticket,
    decision: Decision,
    rating: Rating,
    by: Person,
    published: Verdict | None,
    review_seconds: int,
) -> Verdict:
    scale = rating.scale.ratings.aggregate(best=Max("value"), worst=Min("value"))
    last = ticket.verdicts.aggregate(last=Max("version"))["last"] or 0
    return Verdict(
        ticket=ticket,
        version=last + 1,
        rating=rating,
        scale_name=rating.scale.name,
        rating_label=rating.label,
        rating_value=rating.value,
        rating_best=scale["best"],
        rating_worst=scale["worst"],
        rationale=decision.rationale.strip(),
        tolerance=decision.tolerance.strip(),
        what_would_change=decision.what_would_change.strip(),
        reviewer_id=int(by.pk or 0),
        decided_at=timezone.now(),
        review_seconds=review_seconds,
        correction_of=published,
        correction_class=decision.correction_class if published else "",
        correction_reason=decision.correction_reason.strip() if published else "",
        waiver_reason=decision.waiver_reason.strip(),
    )


def _freeze_evidence(verdict: Verdict, evidence: list[Evidence], decision: Decision) -> None:
    rows = [_frozen(verdict, piece, piece.pk in decision.decisive_ids) for piece in evidence]
    VerdictEvidence.objects.bulk_create(rows)
    verdict.evidence_count = len(rows)
    verdict.independent_origins = len({piece.origin for piece in evidence})
    verdict.is_primary_reached = any(_is_primary(piece) for piece in evidence)
    verdict.save(update_fields=["evidence_count", "independent_origins", "is_primary_reached"])


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
        outcome=piece.outcome,
        source_value=str(held.get("text") or "")[:300],
        comparison=piece.comparison,
        source_type=source.type if source else "",
        page_published_on=snapshot.published_on,
        origin=piece.origin,
    )


def _is_primary(piece: Evidence) -> bool:
    source = piece.passage.snapshot.page.source
    return source is not None and source.type in (SourceType.PRIMARY, SourceType.OFFICIAL)


def _lock(ticket: Ticket, expected_version: int | None) -> Ticket:
    row = Ticket.objects.select_for_update(of=("self",)).select_related("team").get(pk=ticket.pk)
    if expected_version is not None and row.version != expected_version:
        raise TicketMoved(row.pk, last_event(row.pk))
    return row


def _bump(row: Ticket) -> None:
    row.version += 1
    row.save(update_fields=["version"])


def _proposed(row: Ticket) -> Verdict:
    verdict = row.verdicts.filter(state=VerdictState.PROPOSED).first()
    if verdict is None:
        raise MoveRefused("no verdict waits for confirmation on this ticket")
    return verdict


def _supersede(verdict: Verdict) -> None:
    verdict.state = VerdictState.SUPERSEDED
    verdict.save(update_fields=["state"])


def _check_second(row: Ticket, verdict: Verdict, by: Person) -> None:
    role = role_of(by, row.team)
    allowed = LEADS if row.team.confirmation == ConfirmationPolicy.LEAD else REVIEWERS
    if role not in allowed:
        who = "a lead" if allowed is LEADS else "a reviewer or a lead"
        raise MoveRefused(f"this team wants {who} to confirm")
    if verdict.reviewer_id == by.pk:
        raise MoveRefused("nobody confirms their own verdict")
