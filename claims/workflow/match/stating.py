"""Stating: claims as the number guard sees them, many in three queries."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import Min

from claims.models.claim import Appearance, Claim, Quantity
from claims.text.quantity import Quantity as Read
from claims.text.seen_before import Resemblance, Statement, compare_statements


def state_claims(claims: Collection[Claim]) -> dict[int, Statement]:
    """Each claim's statement by its id: numbers as a person left them, the day it was said."""
    ids = [claim.pk for claim in claims]
    numbers: dict[int, set[str]] = {pk: set() for pk in ids}
    for one in Quantity.objects.filter(claim__in=ids):
        numbers[one.claim_id].add(say_number(one))
    said: dict[int, date | None] = dict(
        Appearance.objects.filter(claim__in=ids)
        .values_list("claim")
        .annotate(said_on=Min("article__published_on"))
    )
    return {
        claim.pk: Statement(
            text=claim.self_contained,
            numbers=frozenset(numbers[claim.pk]),
            period=(claim.period_from, claim.period_to),
            place=claim.place,
            said_on=said.get(claim.pk),
        )
        for claim in claims
    }


def resemblance_of(claim: Claim, earlier: Iterable[Claim]) -> dict[int, Resemblance]:
    """What the guard says of a claim and each of some earlier ones, by their ids, as they stand."""
    others = list(earlier)
    stated = state_claims([claim, *others])
    return {one.pk: compare_statements(stated[claim.pk], stated[one.pk]) for one in others}


def say_number(one: Quantity | Read) -> str:
    """A number as the guard tells it: change, value or range, unit."""
    ends = (one.value,) if one.value is not None else (one.low, one.high)
    told = "–".join("…" if end is None else f"{end:,.12g}" for end in ends)
    unit = "" if one.unit == "1" else f" {one.unit}"
    return f"{one.change or ''} {told}{unit}".strip()
