"""Evidence as numbered cards: the quote in its page, who says it and when, what was said of it.

Promises: a quote is cut out of the stored page by its offsets in the database, so a page of ten
megabytes costs a few hundred characters; one query whatever the number of pieces; the machine's
suggestion never looks like a person's stance.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet, Value
from django.db.models.functions import Coalesce, Greatest, Least, Length, Substr

from claims.admin.copies import compare_url, copy_url, live_link, place_of
from claims.admin.outside import Outside, is_reserved, outside_link
from claims.admin.ticket_panels.comparison import (
    AROUND_CHARS,
    Comparison,
    cut_after,
    cut_before,
    cut_snippet,
    number_span,
    read_comparison,
    texts,
)
from claims.admin.ticket_panels.desk import Desk, name_of
from claims.admin.ticket_panels.distance import Event, say_distance
from claims.admin.ticket_panels.figures import show_period
from claims.admin.ticket_panels.spans import Piece, cut_at
from claims.admin.ticket_panels.wording import OUTCOMES, SOURCE_TYPES, STANCES
from claims.models import Evidence, Snapshot
from claims.models.page import SHOWN_AT
from claims.vocabulary import ComparisonFlag, Outcome, SourceStanding, SourceType, Stance

# A quote longer than this is a page, not a quote.
QUOTE_CHARS = 4_000


@dataclass(frozen=True, slots=True)
class Card:
    """One piece of evidence as the page shows it."""

    pk: int
    number: int
    title: str
    publisher: str
    source_type: str
    kind: str
    is_primary: bool
    is_trusted: bool
    published_on: date | None
    distance: str
    fetched_at: datetime
    archived_at: datetime | None
    outside: Outside
    url: str
    copy: str
    live: Outside
    stands_on: str
    later: str
    digest: str
    before: str
    quote: tuple[Piece, ...]
    snippet: tuple[Piece, ...]
    after: str
    is_anchored: bool
    is_deleted: bool
    is_quote_cut: bool
    stance: str
    stance_by: str
    suggested: str
    suggested_label: str
    tone: str
    confidence_percent: int
    stance_reasons: tuple[str, ...]
    score_reasons: tuple[str, ...]
    comparison: Comparison | None
    set_outcome: str
    set_outcome_by: str
    machine_outcome: str
    set_period_by: str
    machine_period: str
    is_period_set: bool
    was_true_then: bool
    is_aside: bool
    aside_by: str
    score: float
    twins: tuple[int, ...]
    twin_reasons: tuple[str, ...]
    page_id: int
    origin: int
    is_own_copy: bool
    is_by_hand: bool
    # The number under which the page shows its origin; given once all pieces are known.
    origin_number: int = 0

    @property
    def current(self) -> str:
        """What a person set, else what the machine suggests."""
        return self.stance or self.suggested


def build_cards(desk: Desk, event: Event) -> list[Card]:
    """Every piece of the desk's ticket, by its number (one query)."""
    rows = list(_select(desk))
    if desk.is_blind:
        for row in rows:
            _forget_people(row)
    origins: dict[int, list[int]] = {}
    for row in rows:
        if row.origin and not row.is_aside:
            origins.setdefault(row.origin, []).append(row.number)
    return [_card(row, origins, event) for row in rows]


def _select(desk: Desk) -> QuerySet[Evidence]:
    text = "passage__snapshot__text"
    start, end = F("passage__start"), F("passage__end")
    # One more than is shown, so that a cut is seen and marked.
    before = Greatest(start - AROUND_CHARS - 1, Value(0))
    return (
        Evidence.objects.filter(ticket=desk.ticket)
        .select_related(
            "passage__snapshot__page__source",
            "stance_by",
            "set_outcome_by",
            "set_period_by",
            "aside_by",
        )
        .defer(
            "passage__quote",
            text,
            *(
                f"passage__snapshot__{name}"
                for name in ("links", "tables", "media", "headers", "search")
            ),
        )
        .annotate(
            before_quote=Substr(text, before + 1, start - before),
            quote=Substr("passage__quote", 1, QUOTE_CHARS),
            quote_chars=Length("passage__quote"),
            # The same span cut out of the stored page: where it differs, the proof is broken.
            stored_quote=Substr(text, start + 1, Least(end - start, Value(QUOTE_CHARS))),
            after_quote=Substr(text, end + 1, AROUND_CHARS + 1),
            has_other_text_since=Exists(
                Snapshot.objects.annotate(shown_at=SHOWN_AT)
                .filter(
                    page=OuterRef("passage__snapshot__page"),
                    shown_at__gt=Coalesce(
                        OuterRef("passage__snapshot__archived_at"),
                        OuterRef("passage__snapshot__fetched_at"),
                    ),
                    read_at__isnull=False,
                )
                .exclude(text_sha256=OuterRef("passage__snapshot__text_sha256"))
                .order_by()
            ),
        )
        .order_by("number")
    )


def _forget_people(row: Any) -> None:
    """Leave the machine's suggestions alone on a row that is shown and never saved."""
    row.stance, row.stance_by = "", None
    row.set_outcome, row.set_outcome_by = "", None
    row.set_period, row.set_period_by, row.aside_by = None, None, None


def _card(row: Any, origins: Mapping[int, list[int]], event: Event) -> Card:
    snapshot = row.passage.snapshot
    page, source = snapshot.page, snapshot.page.source
    comparison = read_comparison(row.comparison, row.current_outcome)
    kind = SourceType(source.type) if source else SourceType.UNKNOWN
    current = row.stance or row.suggested_stance
    span = number_span(row.quote, row.comparison)
    return Card(
        pk=row.pk,
        number=row.number,
        title=snapshot.title or page.title or snapshot.final_url,
        publisher=source.name if source else snapshot.publisher,
        source_type=SOURCE_TYPES[kind],
        kind=kind.value,
        is_primary=kind in (SourceType.PRIMARY, SourceType.OFFICIAL),
        is_trusted=source is not None and source.standing == SourceStanding.TRUSTED,
        published_on=snapshot.published_on,
        distance=say_distance(snapshot.published_on, event),
        fetched_at=snapshot.fetched_at,
        archived_at=snapshot.archived_at,
        outside=outside_link(snapshot.final_url),
        url=snapshot.final_url,
        copy=copy_url(snapshot, row.passage, row.ticket_id),
        live=live_link(snapshot.final_url, row.passage, row.quote),
        stands_on=place_of(row.passage),
        later=compare_url(page, older=snapshot.pk) if row.has_other_text_since else "",
        digest=snapshot.sha256[:12],
        before=cut_before(row.before_quote),
        quote=cut_at(row.quote, span),
        snippet=cut_snippet(row.quote, span),
        after=cut_after(row.after_quote),
        is_anchored=snapshot.body_deleted_at is not None or row.stored_quote == row.quote,
        is_deleted=snapshot.body_deleted_at is not None,
        is_quote_cut=row.quote_chars > QUOTE_CHARS,
        stance=row.stance,
        stance_by=name_of(row.stance_by),
        suggested=row.suggested_stance,
        suggested_label=STANCES[Stance(row.suggested_stance)][0],
        tone=STANCES[Stance(current)][1],
        confidence_percent=round(max(0.0, min(1.0, row.confidence)) * 100),
        stance_reasons=texts(row.stance_reasons),
        score_reasons=texts(row.score_reasons),
        comparison=comparison,
        set_outcome=row.set_outcome,
        set_outcome_by=name_of(row.set_outcome_by),
        machine_outcome=OUTCOMES[Outcome(row.outcome)][0],
        set_period_by=name_of(row.set_period_by),
        machine_period=show_period(_told(row.set_period).get("machine")),
        is_period_set=bool(row.set_period),
        was_true_then=ComparisonFlag.TRUE_THEN_NOT_NOW in texts(_told(row.comparison).get("flags")),
        is_aside=row.is_aside,
        aside_by=name_of(row.aside_by),
        score=row.score,
        twins=tuple(number for number in origins.get(row.origin, ()) if number != row.number),
        twin_reasons=texts(row.origin_reasons),
        page_id=page.pk,
        origin=row.origin,
        is_own_copy=row.is_own_copy,
        is_by_hand=is_reserved(snapshot.final_url),
    )


def _told(stored: object) -> Mapping[str, Any]:
    """A stored object; any other shape is empty."""
    return stored if isinstance(stored, Mapping) else {}
