"""Triage: open tickets for the claims worth checking, without flooding the queue.

Promises: at most the team's cap per article, best first; a claim gets one
ticket ever; what was left out is counted on the article and can be opened by
hand. Starts no search: the door that opened a ticket does.
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from claims.lifecycle import START
from claims.models.access import Person
from claims.models.article import Article
from claims.models.claim import Claim
from claims.models.dropped import stand_again
from claims.models.history import append_event
from claims.models.openings import keep_tags, plan_openings
from claims.models.ticket import Ticket
from claims.models.urgency import Rules, facts_of, load_rules
from claims.vocabulary import TicketAction


def triage_article(article: Article, *, by: Person | None = None) -> list[Ticket]:
    """Open tickets for an article's claims by the team's threshold and cap; gives the new ones."""
    team = article.team
    worthy = (
        Claim.objects.filter(
            appearances__article=article,
            appearances__gone_after__isnull=True,
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
        # Held in one order for everybody, and asked again: one may have been dropped meanwhile.
        held = Claim.objects.select_for_update(no_key=True, of=("self",)).order_by("pk")
        ids = [claim.pk for claim in untaken]
        standing = set(
            held.filter(pk__in=ids, dropped_at__isnull=True).values_list("pk", flat=True)
        )
        untaken = [claim for claim in untaken if claim.pk in standing]
        rules = load_rules(team)
        tickets = [open_ticket(claim, by=by, rules=rules)[0] for claim in untaken[:room]]
        Article.objects.filter(pk=article.pk).update(left_out=len(untaken[room:]))
    return tickets


def open_ticket(
    claim: Claim, *, by: Person | None = None, rules: Rules | None = None
) -> tuple[Ticket, bool]:
    """The claim's ticket, opened now if it had none; gives it and whether it is new.

    The team's ``rules`` say how urgent it is, by when it is due and whose it is.
    A claim that was dropped is one again when a person opens its ticket.
    """
    known = Ticket.objects.filter(claim=claim).first()
    if known is not None:
        return known, False
    with transaction.atomic():
        # Held and read again, so that nobody drops it while its ticket is opened.
        held = Claim.objects.select_for_update(no_key=True, of=("self",))
        claim.refresh_from_db(fields=["dropped_at", "version"], from_queryset=held)
        known = Ticket.objects.filter(claim=claim).first()
        if known is not None:
            return known, False
        opening = plan_openings(claim.team, [(facts_of([claim])[claim.pk], None)], rules=rules)[0]
        ticket = Ticket.objects.create(
            claim=claim,
            team_id=claim.team_id,
            state=START,
            priority=opening.priority,
            due_on=opening.due_on,
            notice_on=opening.notice_on,
            assigned_to_id=opening.assigned_to_id,
            created_at=timezone.now(),
        )
        keep_tags(claim.team, {ticket.pk: opening.tags})
        append_event(ticket, TicketAction.OPENED, actor=by, to_state=START, changes=opening.changes)
        if by is not None and claim.dropped_at is not None:
            stand_again(claim, by=by)
    return ticket, True
