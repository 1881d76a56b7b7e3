"""Moving ends: a claim takes in other words of its article, and is read anew."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction

from claims.models.access import Person
from claims.models.article import Article
from claims.models.claim import Appearance, Claim, Quantity
from claims.models.correction import Correction, keep_correction
from claims.models.detected import claim_row, keep_claims, own_quantities
from claims.models.history import append_event
from claims.models.ticket import Ticket, TicketEvent
from claims.text.detected_claim import DetectedClaim
from claims.text.quantity import Quantity as ReadQuantity
from claims.vocabulary import CorrectionKind, TicketAction
from claims.web.snapshots import text_digest
from claims.workflow.mark.dropping import put_back
from claims.workflow.mark.guarding import (
    MarkedFirst,
    MarkRefused,
    check_free,
    check_member,
    lock_article,
    lock_claim,
    tell_last,
)
from claims.workflow.mark.making import CHOSEN, read_span, span_of, trim_span

MOVED = "ends set by a person"
SLOTS = ("measured", "of_what", "place", "claimant", "period_from", "period_to")
READ_FIELDS = (
    "text", "text_sha256", "self_contained", "score", "reasons", "hints", "resolved",
    "context_before", "context_after", *SLOTS,
)  # fmt: skip


def move_ends(
    place: Appearance, start: int, end: int, *, by: Person, expected_version: int | None = None
) -> Claim:
    """Let a claim hold characters ``start`` to ``end`` of its article instead; gives the claim.

    Its numbers, wording, claimant and score are read anew; what a person set in its frame
    stays. Where the same words also stand elsewhere, these become a claim of their own and
    the other stays as it is. The first reading is kept by the correction. Raises
    :class:`MarkedFirst` where somebody changed the claim first, :class:`MarkRefused` for a
    span or a ticket that forbids it.
    """
    article = place.article
    role = check_member(by, article)
    span = trim_span(article.text, start, end)
    detected = read_span(article, span)
    with transaction.atomic():
        lock_article(article)
        held = Appearance.objects.filter(pk=place.pk, claim_id=place.claim_id).first()
        if held is None:
            raise MarkedFirst("These words became another claim since you opened the page.")
        if (held.start, held.end) == (span.start, span.end):
            return place.claim
        is_shared = _is_shared(held)
        if is_shared:
            claim, ticket = Claim.objects.get(pk=held.claim_id), None
            if expected_version is not None and claim.version != expected_version:
                raise MarkedFirst(tell_last(claim.pk))
        else:
            claim, ticket = lock_claim(
                held.claim_id, by=by, role=role, expected_version=expected_version
            )
        if claim.dropped_at is not None:
            raise MarkRefused("This claim was dropped; restore it first.")
        _check_place(article, detected, claim)
        first = _first_reading(held, claim)
        old = (held.start, held.end, claim.text)
        if is_shared:
            claim = _read_apart(article, claim, detected)
        else:
            _read_anew(held, claim, detected, ticket)
        Appearance.objects.filter(pk=held.pk).update(claim=claim, start=span.start, end=span.end)
        keep_correction(
            CorrectionKind.SPAN_CHANGED,
            by=by,
            team_id=article.team_id,
            article_id=article.pk,
            claim_id=claim.pk,
            machine=first,
            person={**span_of(detected), "before": list(old)},
        )
        if ticket is not None:
            append_event(
                ticket,
                TicketAction.SPAN_CHANGED,
                actor=by,
                changes={"claim": [old[2], detected.text]},
            )
    return claim


def _is_shared(place: Appearance) -> bool:
    """Whether the claim's words also stand elsewhere: in a text, or in a file that was taken in."""
    elsewhere = Appearance.objects.filter(claim_id=place.claim_id).exclude(pk=place.pk)
    return elsewhere.exists() or place.claim.imported_rows.exists()


def _check_place(article: Article, detected: DetectedClaim, claim: Claim) -> None:
    """:class:`MarkRefused` where another claim has some of the words, or dropped the same."""
    start, end = detected.start, detected.end
    check_free(article, start, end, but=claim.pk)
    if Appearance.objects.filter(article=article, start=start, end=end).exists():
        raise MarkRefused("These very words are a claim that was dropped: restore that one.")


def _first_reading(place: Appearance, claim: Claim) -> dict[str, Any]:
    """What the machine had cut here before anybody moved an end."""
    kept = Correction.objects.filter(claim=claim, article_id=place.article_id)
    first = kept.filter(kind=CorrectionKind.SPAN_CHANGED).order_by("id").first()
    if first is not None and isinstance(first.machine, dict):
        return first.machine
    return {
        "start": place.start,
        "end": place.end,
        "text": claim.text,
        "self_contained": claim.self_contained,
        "claimant": claim.claimant,
        "score": claim.score,
        "quantities": [number.text for number in claim.quantities.all()],
    }


def _reasons(claim: Claim, detected: DetectedClaim) -> list[str]:
    kept = [CHOSEN] if CHOSEN in claim.reasons else []
    return [*kept, MOVED, *detected.reasons]


def _read_anew(
    place: Appearance, claim: Claim, detected: DetectedClaim, ticket: Ticket | None
) -> None:
    """Write the new reading into the claim's row; what a person set in its frame stays."""
    fresh = claim_row(place.article, detected)
    fresh.reasons = _reasons(claim, detected)
    kept = _set_by_people(claim, ticket)
    claim.machine = _still_said(claim, kept, by=place.start - detected.start, end=len(fresh.text))
    fields = [name for name in READ_FIELDS if name not in kept]
    for name in fields:
        setattr(claim, name, getattr(fresh, name))
    claim.version += 1
    try:
        with transaction.atomic():
            claim.save(update_fields=[*fields, "machine", "version"])
    except IntegrityError:
        raise MarkRefused(
            "The team has a claim in exactly these words already; drop this one instead."
        ) from None
    _renumber(claim, own_quantities(detected), by=place.start - detected.start)


def _still_said(claim: Claim, kept: set[str], *, by: int, end: int) -> dict[str, Any]:
    """What the claim keeps of the machine's reading: slots a person set, numbers struck out."""
    slots = {name: was for name, was in claim.machine.get("slots", {}).items() if name in kept}
    struck = [
        {**one, "start": one["start"] + by, "end": one["end"] + by}
        for one in claim.machine.get("struck", ())
        if 0 <= one["start"] + by < one["end"] + by <= end
    ]
    return {**({"slots": slots} if slots else {}), **({"struck": struck} if struck else {})}


def _renumber(claim: Claim, read: list[ReadQuantity], *, by: int) -> None:
    """The numbers of the new words; those that a person corrected stay, moved ``by``."""
    corrected = [row for row in claim.quantities.all() if row.machine or row.is_added]
    for row in corrected:
        row.start, row.end = row.start + by, row.end + by
    inside = [row for row in corrected if 0 <= row.start < row.end <= len(claim.text)]
    taken = {(row.start, row.end) for row in inside} | {
        (one["start"], one["end"]) for one in claim.machine.get("struck", ())
    }
    fresh = [Quantity.from_read(claim, 0, one) for one in read if (one.start, one.end) not in taken]
    rows = sorted([*inside, *fresh], key=lambda row: row.start)
    for position, row in enumerate(rows):
        row.position = position
    claim.quantities.all().delete()
    Quantity.objects.bulk_create(rows)


def _read_apart(article: Article, claim: Claim, detected: DetectedClaim) -> Claim:
    """A claim of its own for words whose old claim also stands elsewhere."""
    made: Claim = keep_claims(article, [detected])[text_digest(detected.identity)]
    if made.dropped_at is not None:
        put_back(made)
    Claim.objects.filter(pk=made.pk, version=0).update(reasons=_reasons(claim, detected))
    return made


def _set_by_people(claim: Claim, ticket: Ticket | None) -> set[str]:
    """The slots of the frame that a person has set."""
    kept = Correction.objects.filter(
        claim=claim, kind__in=(CorrectionKind.FRAME_FIELD, CorrectionKind.CLAIMANT)
    )
    names = set(claim.machine.get("slots", {})) | {
        "claimant" if kind == CorrectionKind.CLAIMANT else name
        for kind, name in kept.values_list("kind", "field")
    }
    if ticket is not None:
        edits = TicketEvent.objects.filter(ticket=ticket, action=TicketAction.FRAME_EDITED)
        for changes in edits.values_list("changes", flat=True):
            names |= set(changes)
    return names & set(SLOTS)
