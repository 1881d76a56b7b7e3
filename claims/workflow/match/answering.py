"""Answering: a person says what an earlier claim is to this one; who and when is kept.

Rows are locked in one order for everybody: articles, tickets, claims.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet, Value
from django.db.models.functions import Coalesce, Now

from claims.lifecycle import REVIEWERS, MoveRefused
from claims.models.access import Person, role_of
from claims.models.article import Article
from claims.models.claim import Appearance, Claim
from claims.models.claim_match import ClaimMatch, SuggestedMatch, find_roots
from claims.models.correction import keep_correction
from claims.models.discussion import tell_lost
from claims.models.history import TicketMoved, append_event, last_event, move_ticket
from claims.models.ticket import Ticket
from claims.vocabulary import CloseReason, CorrectionKind, MatchAnswer, TicketAction
from claims.workflow.match.stating import resemblance_of

SAYINGS = {
    MatchAnswer.SAME: "the same claim",
    MatchAnswer.RELATED: "the same statement with another number, unit, period or place",
    MatchAnswer.OTHER: "another claim",
}


class MatchRefused(Exception):
    """The answer cannot be kept; the message says why and what to do."""


def answer_match(
    match: ClaimMatch, answer: MatchAnswer, *, by: Person, expected_version: int | None = None
) -> Ticket:
    """Say what the earlier claim of a match is; gives the later claim's ticket as it is then.

    ``same`` moves the claim's appearances to the earlier claim and closes the ticket as a
    duplicate; :class:`MatchRefused` where the guard tells a difference. The other answers
    only stand in the history of both tickets. Raises ``TicketMoved`` where the ticket is not
    at ``expected_version`` any more, ``MoveRefused`` where the person may not do it now.
    """
    with transaction.atomic():
        places = Appearance.objects.filter(claim_id=match.claim_id)
        hold_articles(places)
        ticket, earlier = hold_tickets(match)
        if role_of(by, ticket.team) not in REVIEWERS:
            raise MoveRefused("only reviewers of the team say what an earlier claim is")
        claim, root = hold_claims(ticket.claim_id, earlier.claim_id)
        held = ClaimMatch.objects.select_for_update(of=("self",)).get(pk=match.pk)
        if held.answer == answer:
            return ticket
        if held.answer == MatchAnswer.SAME:
            raise MatchRefused("It was said already that this is the same claim.")
        differences = resemblance_of(claim, [root])[root.pk].differences
        if answer == MatchAnswer.SAME:
            _check_same(ticket, root, differences)
        _tell(ticket, earlier, answer, differences, by)
        keep_answer(held, answer, differences, by=by, ticket=ticket, of=f"claim {held.earlier_id}")
        if answer != MatchAnswer.SAME:
            return ticket
        places.update(claim=root, found_as=Coalesce("found_as", Value(claim.pk)))
        told = f"Its claim was merged into that of ticket {earlier.pk}."
        tell_lost(ticket.had_by_id, [ticket], by=by, told=told)
        return move_ticket(
            ticket,
            "close",
            actor=by,
            expected_version=expected_version,
            note=f"The same claim as that of ticket {earlier.pk}.",
            changes={"close_reason": CloseReason.DUPLICATE},
            close_reason=CloseReason.DUPLICATE,
        )


def keep_answer(
    held: SuggestedMatch,
    answer: MatchAnswer | None,
    differences: tuple[str, ...],
    *,
    by: Person,
    ticket: Ticket,
    of: str,
) -> None:
    """Write an answer on a match that is held, and keep it as a correction of what ``of`` names.

    ``None`` takes the answer back. The machine's word is the same claim, or a related one where
    the guard tells differences.
    """
    type(held)._default_manager.filter(pk=held.pk).update(
        answer=answer or "",
        answered_by=by.pk if answer else None,
        answered_at=Now() if answer else None,
    )
    keep_correction(
        CorrectionKind.MATCH,
        by=by,
        team_id=ticket.team_id,
        claim_id=ticket.claim_id,
        field=of,
        machine=MatchAnswer.RELATED if differences else MatchAnswer.SAME,
        person=answer,
    )


def say_guard(differences: tuple[str, ...]) -> dict[str, str]:
    """What the guard said, for the line of an answer."""
    return {"differences": "; ".join(differences)} if differences else {}


def hold_articles(places: QuerySet[Appearance]) -> None:
    """Hold the rows of the articles in which claims appear, before any ticket or claim."""
    articles = Article.objects.filter(pk__in=places.values("article"))
    list(articles.select_for_update(no_key=True).order_by("pk").values_list("pk"))


def hold_tickets(match: ClaimMatch) -> tuple[Ticket, Ticket]:
    """The ticket of the claim and that of the earlier one, or of the one it was joined to."""
    root_id = _find_root(match)
    rows = Ticket.objects.select_for_update(of=("self",)).select_related("team").order_by("pk")
    held = {row.claim_id: row for row in rows.filter(claim__in=(match.claim_id, root_id))}
    if root_id not in held:
        raise MatchRefused("The earlier claim has no ticket any more.")
    ticket = held[match.claim_id]
    # Whoever merges or splits the earlier one holds its ticket too.
    if _find_root(match) != root_id:
        raise TicketMoved(ticket.pk, last_event(held[root_id].pk))
    return ticket, held[root_id]


def _find_root(match: ClaimMatch) -> int:
    """The earlier claim of a match, or the one that it was merged into."""
    return find_roots([match.earlier_id]).get(match.earlier_id, match.earlier_id)


def hold_claims(claim_id: int, earlier_id: int) -> tuple[Claim, Claim]:
    """The claim and the earlier one, their rows held."""
    rows = Claim.objects.select_for_update(no_key=True, of=("self",)).defer("search")
    held = {row.pk: row for row in rows.filter(pk__in=(claim_id, earlier_id)).order_by("pk")}
    return held[claim_id], held[earlier_id]


def _check_same(ticket: Ticket, earlier: Claim, differences: tuple[str, ...]) -> None:
    if differences:
        raise MatchRefused(
            f"These are not the same claim: {'; '.join(differences)}. Correct the frame where a "
            "number was misread, or say that they are related."
        )
    if earlier.dropped_at is not None:
        raise MatchRefused("The earlier claim was dropped meanwhile.")
    if ticket.verdicts.exists():
        raise MatchRefused("This ticket has a verdict; the claim it was given on stays as it is.")


def _tell(
    ticket: Ticket, earlier: Ticket, answer: MatchAnswer, differences: tuple[str, ...], by: Person
) -> None:
    """A line in the history of both tickets, with what the guard said then."""
    guard = say_guard(differences)
    for one, other in ((ticket, earlier), (earlier, ticket)):
        told = f"ticket {other.pk} holds {SAYINGS[answer]}"
        append_event(one, TicketAction.MATCH_ANSWERED, actor=by, changes={"match": told, **guard})
