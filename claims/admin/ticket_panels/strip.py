"""The strip plot: each source's number on one line, around the claim's own.

Promises: a number stands where its value in the claim's unit is, or nowhere; a range is a
line; where the largest is many times the smallest the scale is one of multiples, and says so.
Places are shares of the drawing's width, so that no unit of a screen is known here.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils import dateformat

if TYPE_CHECKING:
    from claims.admin.ticket_panels.cards import Card

Span = tuple[float, float]
FEWEST = 2
"""One number beside the claim's is seen at once in the table."""
MULTIPLES_FROM = 20
"""From here the smaller numbers of an even scale would lie on one another."""
EDGE_PERCENT = 4.0
LONGEST_UNIT = 4
"""A unit of more letters ("rare earth elements") is left out beside each number."""


@dataclass(frozen=True, slots=True)
class Dot:
    """One source's number: where it lies, and the card that says the rest in words."""

    card: Card
    when: str
    is_period: bool
    value: str
    left: str
    right: str


@dataclass(frozen=True, slots=True)
class Strip:
    """The numbers from the oldest to the newest, and where the claim's own lies."""

    left: str
    right: str
    middle: str
    dots: tuple[Dot, ...]
    is_in_multiples: bool


def span_of(quantity: object) -> Span | None:
    """The value or range of a stored quantity; ``None`` where it has none."""
    if not isinstance(quantity, Mapping):
        return None
    value = _number(quantity.get("value"))
    low, high = _number(quantity.get("low")), _number(quantity.get("high"))
    if value is not None:
        return value, value
    return (min(low, high), max(low, high)) if low is not None and high is not None else None


def span_in_claims_unit(stored: Mapping[str, Any]) -> Span | None:
    """The source's number of a stored comparison in the claim's unit, where that is known."""
    claimed, held = stored.get("claim_quantity"), stored.get("passage_quantity")
    difference = stored.get("difference")
    if not isinstance(claimed, Mapping) or not isinstance(held, Mapping):
        return None
    point = _number(claimed.get("value"))
    gap = _number(difference.get("absolute")) if isinstance(difference, Mapping) else None
    if point is not None and gap is not None and _number(held.get("value")) is not None:
        value = _number(point + gap)
        return (value, value) if value is not None else None
    return span_of(held) if held.get("unit") == claimed.get("unit") else None


def draw_strip(cards: Sequence[Card], *, unit: str = "") -> Strip | None:
    """The comparable numbers of the cards; ``None`` where fewer than two can be placed.

    ``unit`` is the claim's in words, which is not said again of each number.
    """
    placed = [
        (card, card.comparison.span)
        for card in cards
        if card.comparison and card.comparison.span and card.comparison.claimed
    ]
    if len(placed) < FEWEST:
        return None
    claimed: Any = placed[0][0].comparison
    spans = [claimed.claimed, *(span for _, span in placed)]
    low, high = min(span[0] for span in spans), max(span[1] for span in spans)
    is_in_multiples = low > 0 and math.log(high) - math.log(low) > math.log(MULTIPLES_FROM)

    def place(value: float) -> float:
        if low == high:
            return 50.0
        if is_in_multiples:
            share = (math.log(value) - math.log(low)) / (math.log(high) - math.log(low))
        else:
            # Halves first: the distance of the two largest floats is no float.
            share = (value / 2 - low / 2) / (high / 2 - low / 2)
        return EDGE_PERCENT + share * (100 - 2 * EDGE_PERCENT)

    left, right = (place(end) for end in claimed.claimed)
    return Strip(
        left=_percent(left),
        right=_percent(right),
        middle=_percent((left + right) / 2),
        dots=tuple(
            Dot(
                card,
                *_when(card),
                _value(card, unit),
                _percent(place(span[0])),
                _percent(place(span[1])),
            )
            for card, span in sorted(placed, key=lambda one: _age(one[0]))
        ),
        is_in_multiples=is_in_multiples,
    )


def _value(card: Card, unit: str) -> str:
    held = card.comparison
    shown = (held.normalised or held.written) if held else ""
    return shown.removesuffix(f" {unit}") if len(unit) > LONGEST_UNIT else shown


def _when(card: Card) -> tuple[str, bool]:
    """The time a number speaks of, else the day on which it was published."""
    period = card.comparison.period if card.comparison else ""
    day = card.published_on
    return period or (dateformat.format(day, "j M Y") if day else "no date"), bool(period)


def _age(card: Card) -> tuple[str, int]:
    period = card.comparison.period if card.comparison else ""
    told = period.removeprefix("until ").removeprefix("since ")
    return told or (card.published_on.isoformat() if card.published_on else "9"), card.number


def _number(value: object) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    try:
        number = float(value) if is_number else math.nan  # type: ignore[arg-type]
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def _percent(share: float) -> str:
    return f"{share:.2f}%"
