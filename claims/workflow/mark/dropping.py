"""Dropping and restoring: a claim that a person says is none, and back."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from claims.models.access import Person
from claims.models.article import Article
from claims.models.claim import Appearance, Claim
from claims.models.correction import keep_correction
from claims.models.discussion import tell_lost
from claims.models.dropped import stand_again
from claims.models.history import append_event, move_ticket
from claims.models.ticket import Ticket
from claims.vocabulary import CloseReason, CorrectionKind, TicketAction, TicketState
from claims.workflow.mark.guarding import (
    MarkedFirst,
    check_free_everywhere,
    check_member,
    hold_claim,
    hold_ticket,
    lock_article,
    lock_claim,
    tell_last,
)

DROPPED_NOTE = "Its claim was dropped on the article's page."
RESTORED_NOTE = "Its claim was restored on the article's page."


def drop_claim(
    place: Appearance, *, by: Person, expected_version: int | None = None
) -> tuple[Claim, Ticket | None]:
    """Say that a claim is none, wherever it appears; gives it and the ticket that was closed.

    Nothing is deleted: the claim, its numbers and its ticket stay, the ticket closed as
    withdrawn. Raises :class:`MarkedFirst` where somebody changed the claim first and
    :class:`MarkRefused` where its ticket forbids it.
    """
    article = place.article
    role = check_member(by, article)
    with transaction.atomic():
        lock_article(article)
        claim, ticket = lock_claim(
            place.claim_id, by=by, role=role, expected_version=expected_version
        )
        if claim.dropped_at is not None:
            told = "This claim is dropped already."
            raise MarkedFirst(tell_last(claim.pk, told, kinds=(CorrectionKind.CLAIM_DROPPED,)))
        closed = None
        if ticket is not None and ticket.state != TicketState.CLOSED:
            tell_lost(ticket.had_by_id, [ticket], by=by, told="Its claim was dropped.")
            closed = move_ticket(
                ticket,
                "close",
                actor=by,
                note=DROPPED_NOTE,
                changes={"close_reason": CloseReason.WITHDRAWN},
                close_reason=CloseReason.WITHDRAWN,
            )
        claim.dropped_at = timezone.now()
        claim.version += 1
        claim.save(update_fields=["dropped_at", "version"])
        keep_correction(
            CorrectionKind.CLAIM_DROPPED,
            by=by,
            team_id=article.team_id,
            article_id=article.pk,
            claim_id=claim.pk,
            machine={"text": claim.text, "score": claim.score, "reasons": claim.reasons},
            person={"is_claim": False},
        )
    return claim, closed


def restore_claim(place: Appearance, *, by: Person, expected_version: int | None = None) -> Claim:
    """Say that a dropped claim is one after all; a ticket that was closed stays closed.

    Raises :class:`MarkedFirst` where somebody changed the claim first, and
    :class:`MarkRefused` where some of its words, in whatever article, belong to another
    claim by now.
    """
    article = place.article
    role = check_member(by, article)
    with transaction.atomic():
        lock_article(article, also_of=Claim.objects.filter(pk=place.claim_id))
        claim, ticket = lock_claim(
            place.claim_id, by=by, role=role, expected_version=expected_version
        )
        if claim.dropped_at is None:
            told = "This claim is not dropped."
            raise MarkedFirst(tell_last(claim.pk, told, kinds=(CorrectionKind.CLAIM_RESTORED,)))
        _restore(claim, ticket, article, by)
    return claim


def put_back(claim_id: int, article: Article, *, by: Person) -> Claim:
    """The claim, standing: one that was dropped is restored, because ``by`` chose its words anew.

    The caller's transaction holds the articles in which it appears. Raises
    :class:`MarkRefused` where its words belong to another claim somewhere.
    """
    ticket = hold_ticket(claim_id)
    claim = hold_claim(claim_id)
    if claim.dropped_at is not None:
        _restore(claim, ticket, article, by)
    return claim


def _restore(claim: Claim, ticket: Ticket | None, article: Article, by: Person) -> None:
    check_free_everywhere(claim, article)
    stand_again(claim, by=by, article_id=article.pk)
    if ticket is not None:
        append_event(ticket, TicketAction.NOTED, actor=by, note=RESTORED_NOTE)
