"""Agreement: how two people who rated a claim without seeing each other's rating agree.

Promises counts, per cent, and Cohen's kappa with its 95 % interval: weighted linearly where the
scale is ordered (steps apart count by their number), plain where it is not. The formulas are
Cohen's (1960, 1968) and the large-sample variance is that of Fleiss, Cohen and Everitt (1969).
Refuses a figure where chance alone would give full agreement.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

Z_95 = 1.959964


@dataclass(frozen=True, slots=True)
class Kappa:
    """Agreement beyond chance, 1 at most, with the ends of its 95 % interval."""

    value: float
    low: float
    high: float
    is_weighted: bool


def weigh_kappa(pairs: Sequence[tuple[int, int]], steps: int, *, ordered: bool) -> Kappa | None:
    """Kappa of pairs of ratings, each from 0 to ``steps`` − 1; ``None`` where it has no meaning.

    >>> weigh_kappa([(0, 0)] * 20 + [(0, 1)] * 5 + [(1, 0)] * 10 + [(1, 1)] * 15, 2,
    ...             ordered=False).value.__round__(3)
    0.4
    """
    if not pairs or steps < 2:
        return None
    count = len(pairs)
    cells = {pair: many / count for pair, many in Counter(pairs).items()}
    rows, columns = [0.0] * steps, [0.0] * steps
    for (first, second), share in cells.items():
        rows[first] += share
        columns[second] += share

    def weight(first: int, second: int) -> float:
        return 1 - abs(first - second) / (steps - 1) if ordered else float(first == second)

    observed = sum(weight(*pair) * share for pair, share in cells.items())
    every = range(steps)
    expected = sum(rows[i] * columns[j] * weight(i, j) for i in every for j in every)
    if expected >= 1 - 1e-12:
        return None
    by_row = [sum(columns[j] * weight(i, j) for j in every) for i in every]
    by_column = [sum(rows[i] * weight(i, j) for i in every) for j in every]
    spread = sum(
        share * (weight(i, j) * (1 - expected) - (by_row[i] + by_column[j]) * (1 - observed)) ** 2
        for (i, j), share in cells.items()
    )
    spread -= (observed * expected - 2 * expected + observed) ** 2
    error = sqrt(max(spread, 0.0) / count) / (1 - expected) ** 2
    value = (observed - expected) / (1 - expected)
    return Kappa(value, max(-1.0, value - Z_95 * error), min(1.0, value + Z_95 * error), ordered)
