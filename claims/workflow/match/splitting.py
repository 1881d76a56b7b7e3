"""Splitting: what was said to be the same claim is two again; who, when and why is kept.

Promises: the places that came from the claim go back to it, with those of the claims that were
merged into it; its ticket stands where it stood; evidence and verdicts stay with the ticket they
were given on. A place whose ends somebody moved since stays where that person put it.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.db.models import F

from claims.lifecycle import REVIEWERS, MoveRefused
from claims.models.access import Person, role_of
from claims.models.claim import Appearance
from claims.models.claim_match import ClaimMatch
from claims.models.history import TicketMoved, append_event, last_event
from claims.models.reopening import take_back_closing
from claims.models.ticket import Ticket
from claims.vocabulary import MatchAnswer, TicketAction
from claims.workflow.match.answering import (
    MatchRefused,
    hold_articles,
    hold_claims,
    hold_tickets,
    keep_answer,
)
from claims.workflow.match.stating import resemblance_of


@dataclass(frozen=True, slots=True)
class Split:
    """The ticket that is open again, the one it was merged into, and how many places went back."""

    ticket: Ticket
    kept: Ticket
    places: int


def split_match(
    match: ClaimMatch, *, by: Person, reason: str, seen: tuple[int, int] | None = None
) -> Split:
    """Take back that a claim is the same as an earlier one.

    ``seen`` is the ticket, one of the two, on whose page it was said, and its version then.
    Raises ``TicketMoved`` where that is another one by now or somebody split them first,
    :class:`MatchRefused` without a reason, ``MoveRefused`` for who may not review.
    """
    if not reason.strip():
        raise MatchRefused("Say why these are two claims.")
    with transaction.atomic():
        hold_articles(Appearance.objects.filter(found_as__in=list_merged(match.claim_id)))
        ticket, kept = hold_tickets(match)
        if role_of(by, ticket.team) not in REVIEWERS:
            raise MoveRefused("only reviewers of the team split what was merged")
        claim, root = hold_claims(ticket.claim_id, kept.claim_id)
        held = ClaimMatch.objects.select_for_update(of=("self",)).get(pk=match.pk)
        versions = {ticket.pk: ticket.version, kept.pk: kept.version}
        if held.answer != MatchAnswer.SAME or (seen and versions.get(seen[0]) != seen[1]):
            moved = seen[0] if seen else ticket.pk
            raise TicketMoved(moved, last_event(moved))
        differences = resemblance_of(claim, [root])[root.pk].differences
        keep_answer(held, None, differences, by=by, ticket=ticket, of=f"claim {held.earlier_id}")
        places = Appearance.objects.filter(
            claim=root, found_as__in=list_merged(ticket.claim_id)
        ).update(claim=claim)
        Appearance.objects.filter(claim=claim, found_as=F("claim")).update(found_as=None)
        told = {"match": f"ticket {ticket.pk} is another claim again", "places_back": places}
        append_event(kept, TicketAction.MATCH_SPLIT, actor=by, note=reason, changes=told)
        opened = take_back_closing(
            ticket,
            by=by,
            note=reason,
            action=TicketAction.MATCH_SPLIT,
            changes={"match": f"another claim than that of ticket {kept.pk}", "places": places},
        )
    return Split(opened, kept, places)


def list_merged(claim_id: int) -> set[int]:
    """The claim and those that were merged into it, however many deep."""
    found, fresh = {claim_id}, {claim_id}
    while fresh:
        rows = ClaimMatch.objects.filter(earlier__in=fresh, answer=MatchAnswer.SAME)
        fresh = set(rows.values_list("claim_id", flat=True)) - found
        found |= fresh
    return found
