"""Holding a passage against its claim: the comparison and the suggested stance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from claims.models.evidence import Evidence
from claims.models.ticket import Ticket
from claims.text.compare import Comparison, compare_texts
from claims.text.stance import StanceSuggestion, suggest_stance
from claims.text.table_rows import find_headers
from claims.text.topic import context_of, read_topic
from claims.workflow.weigh.cutting import WEIGHED_CHARS


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the article adds to a claim: its day, and the words a sentence of it leaves out."""

    published: date | None
    context: str


def read_surroundings(ticket: Ticket) -> Surroundings:
    """Those of the article in which the ticket's claim first stood; empty for a typed claim."""
    appearance = (
        ticket.claim.appearances.select_related("article")
        .order_by("article__published_on", "id")
        .first()
    )
    if appearance is None:
        return Surroundings(None, "")
    article = appearance.article
    topic = read_topic(article.text, article.title)
    return Surroundings(article.published_on, context_of(topic, ticket.claim.context_before))


def hold_against(
    wording: str, around: Surroundings, quote: str, context: str, published: date | None
) -> tuple[Comparison, StanceSuggestion]:
    """One passage against the claim; ``context`` is its table's header or its page's title."""
    comparison = compare_texts(
        wording,
        quote,
        published=published,
        claim_published=around.published,
        claim_context=around.context,
        passage_context=context,
    )
    return comparison, suggest_stance(
        wording, quote, comparison=comparison, passage_context=context
    )


def recompare(ticket: Ticket) -> int:
    """Compare the stored passages again after an edit of the claim; gives how many changed."""
    around = read_surroundings(ticket)
    wording = ticket.claim.self_contained
    headers: dict[int, dict[int, str]] = {}
    changed = 0
    with transaction.atomic():
        rows = Evidence.objects.filter(ticket=ticket).select_related("passage__snapshot")
        for piece in rows.select_for_update(of=("self",)):
            passage, snapshot = piece.passage, piece.passage.snapshot
            if snapshot.pk not in headers:
                headers[snapshot.pk] = find_headers(snapshot.text[:WEIGHED_CHARS])
            context = headers[snapshot.pk].get(passage.start) or snapshot.title
            comparison, suggestion = hold_against(
                wording, around, passage.quote, context, snapshot.published_on
            )
            if (
                comparison.to_json() == piece.comparison
                and suggestion.stance == piece.suggested_stance
            ):
                continue
            changed += 1
            piece.comparison = comparison.to_json()
            piece.outcome = comparison.outcome
            piece.suggested_stance = suggestion.stance
            piece.confidence = suggestion.confidence
            piece.stance_reasons = list(suggestion.reasons)
            piece.save()
    return changed
