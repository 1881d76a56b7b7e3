"""Fact-checks by others that may be about the ticket's claim, and what a person said of them.

Promises: publisher, rating and day as the fact-check states them, with its link; the number
guard as between two claims of the team; nothing of it is taken over. Two queries.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django import forms

from claims.admin.outside import Outside, outside_link
from claims.admin.ticket_panels.desk import Desk
from claims.admin.ticket_panels.forms import MAX_ID_DIGITS, TicketForm
from claims.admin.ticket_panels.seen import ANSWERS, Said, list_offers, read_answer
from claims.models import FactCheckMatch
from claims.vocabulary import FactCheckWay, MatchAnswer
from claims.workflow.match import MatchRefused, answer_review, resemblance_to


class ReviewForm(TicketForm):
    """What a person says of one fact-check by others."""

    review = forms.IntegerField(min_value=1, max_value=10**MAX_ID_DIGITS)
    answer = forms.ChoiceField(choices=MatchAnswer.choices())


@dataclass(frozen=True, slots=True)
class Review:
    """One fact-check; ``offers`` are the answers that may be given now, as (value, label)."""

    match_id: int
    claim: str
    publisher: str
    rating: str
    title: str
    claimant: str
    published_on: date | None
    outside: Outside
    way: str
    differences: tuple[str, ...]
    said: Said | None
    offers: tuple[tuple[str, str], ...]
    error: str


def build_reviews(desk: Desk, form: ReviewForm | None = None) -> tuple[Review, ...]:
    """The fact-checks that were found for the claim; an error stands at the one it is about."""
    rows = list(
        FactCheckMatch.objects.filter(claim_id=desk.ticket.claim_id)
        .select_related("fact_check", "answered_by")
        .defer("fact_check__words")
    )
    if not rows:
        return ()
    guard = resemblance_to(desk.ticket.claim, [row.fact_check for row in rows])
    wrong = {form.typed("review"): form.first_error()} if form is not None else {}
    return tuple(
        _review(desk, row, guard[row.fact_check_id].differences, wrong.get(str(row.pk), ""))
        for row in rows
    )


def post_review(desk: Desk, form: ReviewForm) -> str:
    """Keep what the person said of one fact-check."""
    answer = MatchAnswer(form.cleaned_data["answer"])
    match = FactCheckMatch.objects.filter(
        pk=form.cleaned_data["review"], claim_id=desk.ticket.claim_id
    ).first()
    if match is None:
        form.add_error("review", "This fact-check is not suggested any more. Reload the page.")
        return ""
    try:
        answer_review(match, answer, by=desk.person)
    except MatchRefused as refused:
        form.add_error("review", str(refused))
        return ""
    return f"Kept: {ANSWERS[answer][0].lower()}. Its rating is not taken over."


def _review(desk: Desk, row: FactCheckMatch, differences: tuple[str, ...], error: str) -> Review:
    told = row.fact_check
    return Review(
        match_id=row.pk,
        claim=told.claim,
        publisher=told.publisher,
        rating=told.rating,
        title=told.title,
        claimant=told.claimant,
        published_on=told.published_on,
        outside=outside_link(told.url),
        way=FactCheckWay(told.way).label,
        differences=differences,
        said=read_answer(row),
        offers=list_offers(desk, row, differences),
        error=error,
    )
