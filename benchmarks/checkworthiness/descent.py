"""Learning of low-rank additions: where it begins, and one step after the other.

Promises the same course for the same slopes: nothing is drawn but the first factors. Refuses to
know what is learned.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from claims.text.encoder.additions import DENSE, Factors
from claims.text.encoder.network import Floats, Layer

WARM_UP = 0.06
"""The share of the steps in which the pace rises."""
DECAY = 0.01
LONGEST_STEP = 1.0
KEPT_AVERAGE = 0.998
_FIRST_MOMENT, _SECOND_MOMENT = 0.9, 0.98

Parameters = dict[str, Floats]


def first_factors(layers: Sequence[Layer], rank: int, chance: np.random.Generator) -> Parameters:
    """Factors for every matrix of the layers, whose products are zero."""
    parameters: Parameters = {}
    for number, layer in enumerate(layers):
        for name in DENSE:
            height, width = getattr(layer, name).weight.shape
            drawn = chance.normal(0, 1 / math.sqrt(width), (rank, width))
            parameters[f"{number}.{name}.left"] = np.zeros((height, rank), np.float32)
            parameters[f"{number}.{name}.right"] = drawn.astype(np.float32)
    return parameters


def factors_from(parameters: Parameters, layers: int) -> tuple[Factors, ...]:
    """The parameters of :func:`first_factors` by layer and matrix."""
    return tuple(
        {
            name: (parameters[f"{number}.{name}.left"], parameters[f"{number}.{name}.right"])
            for name in DENSE
        }
        for number in range(layers)
    )


def draw_batches(count: int, size: int, chance: np.random.Generator) -> Iterator[NDArray[np.int64]]:
    """Places of the examples of each batch, every example once (the last few left out)."""
    order = chance.permutation(count)
    for start in range(0, count - size + 1, size):
        yield order[start : start + size]


@dataclass(slots=True)
class Descent:
    """Adam with decoupled decay, a warm-up, a straight fall to zero and a running average.

    ``paces`` are multiples of ``rate`` for parameters by name.
    """

    parameters: Parameters
    steps: int
    rate: float
    paces: Mapping[str, float] = field(default_factory=dict)
    taken: int = 0
    first: Parameters = field(default_factory=dict)
    second: Parameters = field(default_factory=dict)
    average: Parameters = field(default_factory=dict)

    def step(self, slopes: Parameters) -> None:
        """One step against the slopes, which are cut to a length of one."""
        self.taken += 1
        length = math.sqrt(sum(float((slope * slope).sum()) for slope in slopes.values()))
        cut = min(1.0, LONGEST_STEP / length)
        warm = self.taken / (WARM_UP * self.steps)
        rate = self.rate * min(
            warm, (self.steps - self.taken) / ((1 - WARM_UP) * self.steps) + 1e-3
        )
        kept = min(KEPT_AVERAGE, self.taken / (self.taken + 10))
        for name, slope in slopes.items():
            now = self.parameters[name]
            one = self.first.get(name, 0.0) * _FIRST_MOMENT + (1 - _FIRST_MOMENT) * cut * slope
            two = self.second.get(name, 0.0) * _SECOND_MOMENT
            two = two + (1 - _SECOND_MOMENT) * (cut * slope) ** 2
            self.first[name], self.second[name] = one, two
            push = one / (1 - _FIRST_MOMENT**self.taken)
            push /= np.sqrt(two / (1 - _SECOND_MOMENT**self.taken)) + 1e-8
            pace = rate * self.paces.get(name, 1.0)
            moved = (now - pace * (push + DECAY * now)).astype(np.float32)
            self.parameters[name] = moved
            before = self.average.get(name, now)
            self.average[name] = (kept * before + (1 - kept) * moved).astype(np.float32)
