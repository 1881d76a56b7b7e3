"""The claim as it stands in its article, with its frame as chips that a reviewer corrects."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from claims.admin.numbers import notes_of
from claims.admin.outside import Outside, outside_link
from claims.admin.ticket_panels.chips import Chip, build_add, build_chips
from claims.admin.ticket_panels.desk import Desk
from claims.admin.ticket_panels.forms import ClaimForm
from claims.admin.ticket_panels.links import link_to
from claims.admin.ticket_panels.number_chips import (
    Number,
    Struck,
    build_numbers,
    build_struck,
    hedged_span,
)
from claims.admin.ticket_panels.spans import Piece, cut_at
from claims.models import Appearance, Article

SHOWN_APPEARANCES = 5
# Suggested as a person types a unit; any that the number reader knows may be typed.
UNITS = (
    "percent",
    "percentage points",
    "USD",
    "EUR",
    "GBP",
    "CNY",
    "INR",
    "PKR",
    "km",
    "metric ton",
    "barrels per day",
    "hectare",
    "GWh",
    "years",
    "months",
    "days",
    "°C",
    "times",
)


@dataclass(frozen=True, slots=True)
class Place:
    """One article in which the claim stands."""

    title: str
    byline: str
    publisher: str
    published_on: date | None
    href: str
    outside: Outside
    gone_since: datetime | None


@dataclass(frozen=True, slots=True)
class ClaimPanel:
    """Everything the claim's part of the page shows.

    ``error`` is of an edit whose chip is not there, ``typed`` what was typed and has no input.
    """

    before: str
    text: str
    pieces: tuple[Piece, ...]
    after: str
    hints: tuple[str, ...]
    score_percent: int
    reasons: tuple[str, ...]
    numbers: tuple[Number, ...]
    struck: tuple[Struck, ...]
    chips: tuple[Chip, ...]
    add: Chip
    places: tuple[Place, ...]
    version: int
    error: str
    typed: tuple[tuple[str, str], ...]
    may_edit: bool
    units: tuple[str, ...] = UNITS


def build_claim(desk: Desk, verb: str = "", form: ClaimForm | None = None) -> ClaimPanel:
    """The claim's panel; a refused ``form`` of ``verb`` opens its chip with what was typed."""
    claim = desk.ticket.claim
    quantities = list(claim.quantities.order_by("position"))
    spans = [hedged_span(claim.text, one) for one in quantities]
    numbers = build_numbers(claim.text, quantities, verb, form)
    chips = build_chips(claim, verb, form, has_number=bool(quantities))
    add = build_add(verb, form)
    shown = [*chips, add, *(chip for number in numbers for chip in number.chips)]
    is_told = form is None or any(chip.is_open for chip in shown)
    told_in = {field.name for chip in shown if chip.is_open for field in chip.inputs}
    return ClaimPanel(
        before=claim.context_before,
        text=claim.text,
        pieces=cut_at(claim.text, spans),
        after=claim.context_after,
        hints=notes_of(claim.hints),
        score_percent=round(max(0.0, min(1.0, claim.score)) * 100),
        reasons=tuple(str(reason) for reason in claim.reasons),
        numbers=numbers,
        struck=build_struck(claim.machine),
        chips=chips,
        add=add,
        places=_places(desk),
        version=claim.version,
        error="" if form is None or is_told else form.first_error(),
        typed=form.typed_words(but=told_in) if form is not None else (),
        may_edit=desk.may_weigh,
    )


def _places(desk: Desk) -> tuple[Place, ...]:
    rows = (
        Appearance.objects.filter(claim_id=desk.ticket.claim_id)
        .select_related("article", "gone_after")
        .defer("article__text", "article__search", "article__links", "gone_after__text")
        .order_by("id")[:SHOWN_APPEARANCES]
    )
    return tuple(
        Place(
            title=str(row.article),
            byline=row.article.byline,
            publisher=row.article.publisher,
            published_on=row.article.published_on,
            href=link_to(Article, row.article_id),
            outside=outside_link(row.article.url),
            gone_since=row.gone_after.replaced_at if row.gone_after else None,
        )
        for row in rows
    )
