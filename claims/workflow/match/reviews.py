"""Fact-checks by others: found for a claim as earlier claims are, and answered by a person.

Promises the same words, the same number guard and the same three answers as between two claims
of a team. Refuses to take a rating over: a fact-check is shown, with its publisher's own words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction

from claims.lifecycle import REVIEWERS, MoveRefused
from claims.models.access import Person, role_of
from claims.models.claim import Claim
from claims.models.claim_match import WordCount
from claims.models.fact_check import FactCheck, FactCheckMatch
from claims.models.history import append_event
from claims.models.team import Team
from claims.models.ticket import Ticket
from claims.text.quantities import read_quantities
from claims.text.queries import read_frame
from claims.text.seen_before import Resemblance, Statement, compare_statements, telling_words
from claims.vocabulary import MatchAnswer, TicketAction
from claims.workflow.match.answering import SAYINGS, MatchRefused, keep_answer, say_guard
from claims.workflow.match.finding import Shelf, fetch_near, key_of, read_meaning
from claims.workflow.match.stating import say_number, state_claims

MOST_SUGGESTED = 5
BATCH = 500
# Fact-checks have counts of their own: how rare a word is among them says nothing of the claims.
_SHELF = "fact-check "
_EVERY = f"{_SHELF}*"
NO_WORDS = [0]
"""The words of one that says nothing to be found by."""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A fact-check and how it resembles a claim."""

    fact_check: FactCheck
    resemblance: Resemblance


def index_reviews(team: Team) -> int:
    """Cut and count the words of the team's next fact-checks; gives how many, 0 for none left."""
    with transaction.atomic():
        rows = list(
            FactCheck.objects.filter(team=team, words=[])
            .select_for_update(of=("self",), no_key=True)
            .order_by("pk")[:BATCH]
        )
        for row in rows:
            words = (key_of(team.pk, _SHELF + word) for word in telling_words(row.claim))
            row.words = sorted(words) or NO_WORDS
        FactCheck.objects.bulk_update(rows, ["words"])
        if rows:
            counts = Counter(key for row in rows for key in row.words if key)
            counts[key_of(team.pk, _EVERY)] = len(rows)
            WordCount.add(team, counts)
    return len(rows)


def find_reviews(claim: Claim) -> list[Reviewed]:
    """The team's fact-checks by others that a claim resembles, nearest first, at most a few."""
    fact_checks = FactCheck.objects.filter(team=claim.team_id)
    shelf = Shelf(claim.team_id, fact_checks, "pk", prefix=_SHELF, every=_EVERY)
    by_words = fetch_near(shelf, claim.self_contained)
    if not by_words:
        return []
    rows = list(FactCheck.objects.filter(pk__in=by_words).defer("words"))
    near = read_meaning(claim, {row.pk: row.claim for row in rows}, by_words)
    held = resemblance_to(claim, rows, near)
    found = [Reviewed(row, held[row.pk]) for row in rows if held[row.pk].is_near]
    return sorted(found, key=lambda one: one.resemblance.rank)[:MOST_SUGGESTED]


def keep_reviews(claim_id: int, found: Iterable[Reviewed]) -> None:
    """Keep what a claim resembles now; what was answered stays."""
    fresh = [
        FactCheckMatch(
            claim_id=claim_id,
            fact_check=one.fact_check,
            score=round(one.resemblance.score, 4),
        )
        for one in found
    ]
    FactCheckMatch.objects.filter(claim_id=claim_id, answer="").exclude(
        fact_check__in=[one.fact_check_id for one in fresh]
    ).delete()
    FactCheckMatch.objects.bulk_create(fresh, ignore_conflicts=True)


def resemblance_to(
    claim: Claim, rows: Iterable[FactCheck], near: Mapping[int, float] | None = None
) -> dict[int, Resemblance]:
    """What the guard says of a claim and some fact-checks, by their ids, as they stand."""
    stated = state_claims([claim])[claim.pk]
    return {
        row.pk: compare_statements(stated, state_review(row), (near or {}).get(row.pk, 0.0))
        for row in rows
    }


def state_review(row: FactCheck) -> Statement:
    """A fact-check's claim as the guard sees it."""
    said_on = row.claimed_on or row.published_on
    numbers = read_quantities(row.claim, published=said_on)
    frame = read_frame(row.claim, numbers, published=said_on)
    period = (frame.period.from_on, frame.period.to_on) if frame.period else (None, None)
    return Statement(
        text=row.claim,
        numbers=frozenset(say_number(one) for one in numbers),
        period=period,
        place=frame.place or "",
        said_on=said_on,
    )


def answer_review(match: FactCheckMatch, answer: MatchAnswer, *, by: Person) -> None:
    """Say what a fact-check is to the claim; who and when is kept, nothing is taken over.

    Raises :class:`MatchRefused` for *same* where the guard tells a difference.
    """
    with transaction.atomic():
        ticket = (
            Ticket.objects.select_for_update(of=("self",))
            .select_related("team", "claim")
            .get(claim=match.claim_id)
        )
        if role_of(by, ticket.team) not in REVIEWERS:
            raise MoveRefused("only reviewers of the team say what a fact-check is")
        held = FactCheckMatch.objects.select_for_update(of=("self",)).get(pk=match.pk)
        if held.answer == answer:
            return
        review = held.fact_check
        differences = resemblance_to(ticket.claim, [review])[review.pk].differences
        if answer == MatchAnswer.SAME and differences:
            raise MatchRefused(f"This fact-check is of another claim: {'; '.join(differences)}.")
        told = {"fact_check": review.url, "match": f"it checks {SAYINGS[answer]}"}
        append_event(
            ticket, TicketAction.MATCH_ANSWERED, actor=by, changes=told | say_guard(differences)
        )
        keep_answer(held, answer, differences, by=by, ticket=ticket, of=f"fact-check {review.pk}")
