"""Moving ends: a claim takes in other words of its article, and is read anew."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from django.db import IntegrityError, transaction

from claims.models.access import Person
from claims.models.arithmetic import refresh_hints
from claims.models.article import Article
from claims.models.claim import Appearance, Claim
from claims.models.correction import Correction, keep_correction, plain
from claims.models.detected import claim_row, own_quantities
from claims.models.history import append_event
from claims.models.ticket import Ticket, TicketEvent
from claims.text.detected_claim import DetectedClaim
from claims.vocabulary import CorrectionKind, TicketAction
from claims.workflow.mark.guarding import (
    APART,
    MarkedFirst,
    MarkRefused,
    check_free,
    check_member,
    check_version,
    lock_article,
    lock_claim,
    tell_last,
)
from claims.workflow.mark.making import (
    CHOSEN,
    keep_standing,
    known_claims,
    read_span,
    span_of,
    trim_span,
)
from claims.workflow.mark.renumbering import renumber

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
        lock_article(article, also_of=known_claims(article, detected))
        rows = Appearance.objects.standing().filter(pk=place.pk, claim_id=place.claim_id)
        held = rows.first()
        if held is None:
            raise MarkedFirst(tell_apart(place))
        held.article = article
        if (held.start, held.end) == (span.start, span.end):
            return place.claim
        is_shared = _is_shared(held)
        if is_shared:
            claim, ticket = Claim.objects.get(pk=held.claim_id), None
            check_version(claim, expected_version)
        else:
            claim, ticket = lock_claim(
                held.claim_id, by=by, role=role, expected_version=expected_version
            )
        if claim.dropped_at is not None:
            raise MarkRefused("This claim was dropped; restore it first.")
        _check_place(detected, held)
        first = _first_reading(held, claim)
        person = {**span_of(detected), "before": [held.start, held.end, claim.text]}
        if is_shared:
            person[APART] = claim.pk
            claim = _read_apart(article, claim, detected, by)
        else:
            _read_anew(held, claim, detected, ticket)
        Appearance.objects.filter(pk=held.pk).update(
            claim=claim, start=span.start, end=span.end, found_as=None
        )
        _keep(claim, article, ticket, by=by, machine=first, person=person)
    return claim


def _keep(
    claim: Claim,
    article: Article,
    ticket: Ticket | None,
    *,
    by: Person,
    machine: dict[str, Any],
    person: dict[str, Any],
) -> None:
    """The correction, and the line of the history where the claim has a ticket."""
    keep_correction(
        CorrectionKind.SPAN_CHANGED,
        by=by,
        team_id=article.team_id,
        article_id=article.pk,
        claim_id=claim.pk,
        machine=machine,
        person=person,
    )
    if ticket is not None:
        changes = {"claim": [person["before"][2], person["text"]]}
        append_event(ticket, TicketAction.SPAN_CHANGED, actor=by, changes=changes)


def _is_shared(place: Appearance) -> bool:
    """Whether the claim's words also stand elsewhere: in a text, or in a file that was taken in."""
    elsewhere = Appearance.objects.filter(claim_id=place.claim_id).exclude(pk=place.pk)
    return elsewhere.exists() or place.claim.imported_rows.exists()


def tell_apart(place: Appearance) -> str:
    """Who made the words of a place another claim than the one that was seen, in one sentence."""
    now = Appearance.objects.get(pk=place.pk)
    return tell_last(
        now.claim_id,
        "These words became another claim since you opened the page.",
        kinds=(CorrectionKind.SPAN_CHANGED,),
        article_id=place.article_id,
    )


def _check_place(detected: DetectedClaim, held: Appearance) -> None:
    """:class:`MarkRefused` where another place has some of the words, or dropped the same."""
    article, start, end = held.article, detected.start, detected.end
    check_free(article, start, end, but=held)
    same = Appearance.objects.standing().filter(article=article, start=start, end=end)
    if same.exists():
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
    claim.machine = _machine_of(claim, fresh, kept)
    fields = [name for name in READ_FIELDS if name not in kept]
    for name in fields:
        setattr(claim, name, getattr(fresh, name))
    renumber(claim, own_quantities(detected), by=place.start - detected.start)
    claim.version += 1
    try:
        with transaction.atomic():
            claim.save(update_fields=[*fields, "machine", "version"])
    except IntegrityError:
        raise MarkRefused(
            "The team has a claim in exactly these words already; drop this one instead."
        ) from None
    refresh_hints(claim)


def _machine_of(claim: Claim, fresh: Claim, kept: Collection[str]) -> dict[str, Any]:
    """What the machine reads now where a person said otherwise, and the struck numbers."""
    slots = {
        name: plain(getattr(fresh, name))
        for name in kept
        if getattr(fresh, name) != getattr(claim, name)
    }
    struck = claim.machine.get("struck")
    return {**({"slots": slots} if slots else {}), **({"struck": struck} if struck else {})}


def _read_apart(article: Article, claim: Claim, detected: DetectedClaim, by: Person) -> Claim:
    """A claim of its own for words whose old claim also stands elsewhere."""
    kept = replace(detected, reasons=tuple(_reasons(claim, detected)))
    return keep_standing(article, kept, by=by)


def _set_by_people(claim: Claim, ticket: Ticket | None) -> set[str]:
    """The slots of the frame that a person has set and not given back."""
    names = set(claim.machine.get("slots", {}))
    corrected = Correction.objects.filter(
        claim=claim, kind__in=(CorrectionKind.FRAME_FIELD, CorrectionKind.CLAIMANT), field__in=SLOTS
    )
    last = {one.field: one for one in corrected.order_by("id")}
    names |= {name for name, one in last.items() if one.person != one.machine}
    if ticket is not None:
        # What was set before corrections were kept stands in the history alone.
        edits = TicketEvent.objects.filter(ticket=ticket, action=TicketAction.FRAME_EDITED)
        for changes in edits.values_list("changes", flat=True):
            names |= set(changes).difference(last)
    return names & set(SLOTS)
