"""Holding a passage against its claim: the comparison and the suggested stance."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Substr

from claims.models.evidence import Evidence
from claims.models.job import Job
from claims.models.ticket import Ticket
from claims.text.compare import Comparison, compare_texts
from claims.text.encoder.bearing import judge_by_meaning
from claims.text.money_tables import MoneyTables
from claims.text.quantity import Period
from claims.text.stance import StanceSuggestion, judge_by_words, suggest_stance
from claims.text.stated import Stated
from claims.text.table_rows import find_headers
from claims.text.topic import context_of, read_topic
from claims.vocabulary import JobKind, TicketState
from claims.workflow.weigh.cutting import WEIGHED_CHARS
from claims.workflow.weigh.money import tables_of
from claims.workflow.weigh.ordering import is_encoder_used
from claims.workflow.weigh.stating import state_claim

INLINE_PIECES = 16
"""One round of evidence: 16 to 62 ms on the sample articles. At worst (a claim of eight numbers,
passages full of numbers, long tables on every page) a piece costs 120 ms on a busy machine. The
optional encoder reads a piece in some 20 ms more."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the article adds to a claim: its day, and the words a sentence of it leaves out.

    ``tables`` are the dated tables of money that the team has loaded, ``None`` without any.
    """

    published: date | None
    context: str
    tables: MoneyTables | None = None


def read_surroundings(ticket: Ticket) -> Surroundings:
    """Those of the article in which the ticket's claim first stood; empty for a typed claim."""
    appearance = (
        ticket.claim.appearances.select_related("article")
        .order_by("article__published_on", "id")
        .first()
    )
    tables = tables_of(ticket.team_id)
    if appearance is None:
        return Surroundings(None, "", tables)
    article = appearance.article
    topic = read_topic(article.text, article.title)
    return Surroundings(
        article.published_on, context_of(topic, ticket.claim.context_before), tables
    )


def hold_against(
    wording: str,
    around: Surroundings,
    quote: str,
    context: str,
    published: date | None,
    *,
    stated: Sequence[Stated] | None = None,
    said: Mapping[str, Any] | None = None,
) -> tuple[Comparison, StanceSuggestion]:
    """One passage against the claim; ``context`` is its table's header or its page's title.

    ``stated`` are the claim's numbers as a person left them, with offsets of ``wording``;
    ``said`` is the time of one of the passage's numbers as a person set it
    (:attr:`~claims.models.evidence.Evidence.set_period`).
    """
    comparison = compare_texts(
        wording,
        quote,
        published=published,
        claim_published=around.published,
        claim_context=around.context,
        passage_context=context,
        claim_numbers=stated,
        source_periods={(said["start"], said["end"]): Period.from_json(dict(said))} if said else {},
        tables=around.tables,
    )
    judge = judge_by_meaning if is_encoder_used() else judge_by_words
    return comparison, suggest_stance(
        wording, quote, comparison=comparison, passage_context=context, judge=judge
    )


def compare_again(ticket: Ticket) -> bool:
    """Compare at once, or owe it to the workers where it may be long; gives whether it is done.

    The caller holds the ticket's row. A ticket that is still gathering is weighed when its
    pages are in, and what that weighing leaves out is compared again with it.
    """
    pieces = Evidence.objects.filter(ticket=ticket).order_by()[: INLINE_PIECES + 1].count()
    if pieces <= INLINE_PIECES:
        recompare(ticket)
        return True
    if ticket.state != TicketState.GATHERING:
        Job.objects.owe_anew(JobKind.WEIGH, f"{ticket.pk}:{ticket.round}", team=ticket.team)
    return False


def recompare(
    ticket: Ticket, *, but: Collection[tuple[int, int, int]] = (), only: int | None = None
) -> int:
    """Compare the stored passages again after an edit of the claim; gives how many changed.

    ``but`` are the spans (snapshot id, start, end) that were just compared; one whose time a
    person set is compared anew all the same. ``only`` is the id of the one piece to compare.
    """
    around = read_surroundings(ticket)
    wording, stated = state_claim(ticket.claim, published=around.published)
    headers: dict[int, dict[int, str]] = {}
    changed = 0
    with transaction.atomic():
        for piece in _lock_pieces(ticket, only):
            passage, snapshot = piece.passage, piece.passage.snapshot
            if (snapshot.pk, passage.start, passage.end) in but and not piece.set_period:
                continue
            if snapshot.pk not in headers:
                headers[snapshot.pk] = find_headers(piece.head_of_page)
            context = headers[snapshot.pk].get(passage.start) or snapshot.title
            comparison, suggestion = hold_against(
                wording,
                around,
                passage.quote,
                context,
                snapshot.published_on,
                stated=stated,
                said=piece.set_period,
            )
            changed += _refresh(piece, comparison, suggestion)
    return changed


def _lock_pieces(ticket: Ticket, only: int | None) -> list[Any]:
    """The ticket's evidence with as much of each page as is weighed, and no more."""
    pieces = Evidence.objects.filter(ticket=ticket)
    pieces = pieces if only is None else pieces.filter(pk=only)
    text = "passage__snapshot__text"
    unread = (
        f"passage__snapshot__{name}" for name in ("links", "tables", "media", "headers", "search")
    )
    rows = (
        pieces.select_related("passage__snapshot")
        .defer(text, *unread)
        .annotate(head_of_page=Substr(text, Value(1), Value(WEIGHED_CHARS)))
    )
    return list(rows.select_for_update(of=("self",)).order_by("number"))


def _refresh(piece: Evidence, comparison: Comparison, suggestion: StanceSuggestion) -> bool:
    """Keep what was found anew; a person's own stance stays. Gives whether anything changed."""
    fresh = {
        "comparison": comparison.to_json(),
        "outcome": comparison.outcome,
        "suggested_stance": suggestion.stance,
        "confidence": suggestion.confidence,
        "stance_reasons": list(suggestion.reasons),
    }
    if fresh["comparison"] == piece.comparison and suggestion.stance == piece.suggested_stance:
        return False
    for name, value in fresh.items():
        setattr(piece, name, value)
    piece.save(update_fields=list(fresh))
    return True
