"""Triage: open tickets for the claims worth checking, without flooding the queue.

Promises: at most the team's cap per article, best first; a claim gets one
ticket ever; what was left out is counted on the article and can be opened by
hand. Starts no search: the door that opened a ticket does.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from claims.lifecycle import START
from claims.models.access import Person
from claims.models.article import Article
from claims.models.claim import Claim
from claims.models.correction import keep_correction
from claims.models.history import append_event
from claims.models.ticket import Ticket, rate_priority
from claims.vocabulary import CorrectionKind, TicketAction


def triage_article(article: Article, *, by: Person | None = None) -> list[Ticket]:
    """Open tickets for an article's claims by the team's threshold and cap; gives the new ones."""
    team = article.team
    worthy = (
        Claim.objects.filter(
            appearances__article=article,
            score__gte=team.claim_threshold,
            dropped_at__isnull=True,
        )
        .order_by("-score", "id")
        .distinct()
    )
    untaken = [claim for claim in worthy if not Ticket.objects.filter(claim=claim).exists()]
    # What an older article brought does not use up this one's room.
    opened_before = (
        Ticket.objects.filter(claim__appearances__article=article)
        .exclude(claim__appearances__article_id__lt=article.pk)
        .distinct()
        .count()
    )
    room = max(team.ticket_cap - opened_before, 0)
    with transaction.atomic():
        tickets = [open_ticket(claim, by=by)[0] for claim in untaken[:room]]
        Article.objects.filter(pk=article.pk).update(left_out=len(untaken[room:]))
    return tickets


def open_ticket(claim: Claim, *, by: Person | None = None) -> tuple[Ticket, bool]:
    """The claim's ticket, opened now if it had none; gives it and whether it is new.

    A claim that was dropped is one again when a person opens its ticket.
    """
    with transaction.atomic():
        ticket, is_new = Ticket.objects.get_or_create(
            claim=claim,
            defaults={
                "team_id": claim.team_id,
                "state": START,
                "priority": priority_of(claim),
                "created_at": timezone.now(),
            },
        )
        if is_new:
            append_event(
                ticket,
                TicketAction.OPENED,
                actor=by,
                to_state=START,
                changes={"priority": ticket.priority},
            )
            if by is not None and claim.dropped_at is not None:
                _restore(claim, by)
    return ticket, is_new


def priority_of(claim: Claim) -> int:
    """0 to 100: mostly check-worthiness, and more where the claim holds a number."""
    return rate_priority(claim.score, has_number=claim.quantities.exists())


def _restore(claim: Claim, by: Person) -> None:
    dropped = Claim.objects.filter(pk=claim.pk, dropped_at__isnull=False)
    if dropped.update(dropped_at=None, version=F("version") + 1):
        keep_correction(
            CorrectionKind.CLAIM_RESTORED,
            by=by,
            team_id=claim.team_id,
            claim_id=claim.pk,
            machine={"text": claim.text, "score": claim.score, "reasons": claim.reasons},
            person={"is_claim": True},
        )
