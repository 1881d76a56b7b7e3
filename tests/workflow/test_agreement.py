"""Agreement between blind readers: the formula, its interval, and when it is not shown."""

from __future__ import annotations

from itertools import product
from math import sqrt

import pytest
from django.utils import timezone

from claims.models import Rating, SecondRead, Verdict
from claims.vocabulary import GateItem, ReadOutcome
from claims.workflow.decide import decide_ticket
from claims.workflow.review_figures import Kappa, count_reviews, weigh_kappa
from claims.workflow.review_figures.kappa import Z_95
from tests.people import Desk, a_decision, taken_one

# 100 pairs on three steps.
TABLE = {(0, 0): 30, (0, 1): 8, (0, 2): 2, (1, 0): 5, (1, 1): 20, (1, 2): 6,
         (2, 0): 1, (2, 1): 7, (2, 2): 21}  # fmt: skip
PAIRS = [pair for pair, many in TABLE.items() for _ in range(many)]


def kappa_of(shares: dict[tuple[int, int], float], *, ordered: bool) -> float:
    """By the definition: one less the disagreement seen as a share of that by chance."""

    def cost(i: int, j: int) -> float:
        return abs(i - j) / 2 if ordered else float(i != j)

    rows = [sum(shares.get((i, j), 0) for j in range(3)) for i in range(3)]
    columns = [sum(shares.get((i, j), 0) for i in range(3)) for j in range(3)]
    seen = sum(cost(i, j) * share for (i, j), share in shares.items())
    chance = sum(cost(i, j) * rows[i] * columns[j] for i, j in product(range(3), repeat=2))
    return 1 - seen / chance


@pytest.mark.parametrize("ordered", [True, False])
def test_value_and_interval_by_another_way(ordered: bool) -> None:
    """The value by its definition, the variance by the delta method on numeric slopes."""
    shares = {pair: many / 100 for pair, many in TABLE.items()}
    found = weigh_kappa(PAIRS, 3, ordered=ordered)
    assert found is not None
    assert found.value == pytest.approx(kappa_of(shares, ordered=ordered))
    step = 1e-6
    slopes = {
        pair: (
            kappa_of({**shares, pair: share + step}, ordered=ordered)
            - kappa_of({**shares, pair: share - step}, ordered=ordered)
        )
        / (2 * step)
        for pair, share in shares.items()
    }
    mean = sum(slopes[pair] * share for pair, share in shares.items())
    # The definition is not of degree zero: shares that no longer sum to one are put right by mean.
    spread = sum(share * (slopes[pair] - mean) ** 2 for pair, share in shares.items())
    error = sqrt(spread / 100)
    assert found.high - found.value == pytest.approx(Z_95 * error, rel=1e-3)
    assert found.value - found.low == pytest.approx(Z_95 * error, rel=1e-3)


def test_a_textbook_table() -> None:
    """Cohen's own measure of 20, 5, 10 and 15 of fifty: 0.70 seen, 0.50 by chance."""
    pairs = [(0, 0)] * 20 + [(0, 1)] * 5 + [(1, 0)] * 10 + [(1, 1)] * 15
    for ordered in (True, False):
        found = weigh_kappa(pairs, 2, ordered=ordered)
        assert isinstance(found, Kappa)
        assert found.value == pytest.approx(0.4)


def test_near_misses_weigh_less_on_an_ordered_scale() -> None:
    near = [(n, n) for n in range(5)] * 4 + [(0, 1), (2, 1), (3, 4)]
    far = [(n, n) for n in range(5)] * 4 + [(0, 4), (4, 0), (0, 4)]
    one, other = (weigh_kappa(pairs, 5, ordered=True) for pairs in (near, far))
    assert one is not None
    assert other is not None
    assert one.value > other.value + 0.1


@pytest.mark.parametrize("pairs", [[], [(0, 0)], [(1, 1)] * 50])
def test_no_figure_where_chance_explains_all(pairs: list[tuple[int, int]]) -> None:
    assert weigh_kappa(pairs, 3, ordered=True) is None


def test_figures_are_hidden_below_the_minimum(desk: Desk) -> None:
    desk.team.agreement_minimum = 3
    desk.team.save()
    ratings = list(Rating.objects.filter(scale=desk.team.scale).order_by("position"))
    for n, (first, second) in enumerate([(0, 0), (0, 1), (4, 4)], start=1):
        ticket = taken_one(desk.team, desk.ben)
        label = ratings[first].label
        verdict: Verdict = decide_ticket(
            ticket, a_decision(ticket, label), by=desk.ben, expected_version=ticket.version
        )
        SecondRead.objects.create(
            verdict=verdict,
            reader=desk.chloe,
            is_blind=True,
            outcome=ReadOutcome.AGREED if first == second else ReadOutcome.DISAGREED,
            rating=ratings[second],
            rating_label=ratings[second].label,
            rating_value=ratings[second].value,
            at=timezone.now(),
        )
        figures = count_reviews(desk.team)
        (told,) = figures.agreements
        assert (told.pairs, told.share is None, told.kappa is None) == (n, n < 3, n < 3)
    assert (told.agreed, told.share) == (2, pytest.approx(2 / 3))
    assert told.kappa is not None
    assert told.kappa.value == pytest.approx(14 / 17)
    assert figures.reads[ReadOutcome.DISAGREED] == 1
    assert figures.waivers[GateItem.ORIGINS] == figures.with_waiver == figures.verdicts == 3
    assert count_reviews(desk.other).verdicts == 0
