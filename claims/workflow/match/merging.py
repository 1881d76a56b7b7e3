"""Merging: a ticket's claim is said to be that of an older one, suggested or not."""

from __future__ import annotations

from django.db import transaction

from claims.models.access import Person
from claims.models.claim_match import ClaimMatch
from claims.models.ticket import Ticket
from claims.vocabulary import MatchAnswer
from claims.workflow.match.answering import MatchRefused, answer_match
from claims.workflow.match.stating import resemblance_of


def merge_ticket(ticket: Ticket, kept: Ticket, *, by: Person) -> ClaimMatch:
    """Let an older ticket's claim have the places of this ticket's, which closes as a duplicate.

    Gives the match that says so, which splits them again. Raises what :func:`answer_match`
    raises: the number guard holds here too.
    """
    if ticket.team_id != kept.team_id or kept.claim_id >= ticket.claim_id:
        raise MatchRefused("A claim is merged into an older one of its own team.")
    with transaction.atomic():
        likeness = resemblance_of(ticket.claim, [kept.claim])[kept.claim_id]
        match, _ = ClaimMatch.objects.get_or_create(
            claim_id=ticket.claim_id,
            earlier_id=kept.claim_id,
            defaults={"score": round(likeness.score, 4)},
        )
        if match.answer == MatchAnswer.SAME:
            raise MatchRefused(f"It was merged into ticket {kept.pk} already.")
        answer_match(match, MatchAnswer.SAME, by=by, expected_version=ticket.version)
    return match
