"""Low-rank additions to the encoder's weights, and the file that holds them.

Promises plain arrays, read without pickle, for exactly the published weights they were
learned on. Refuses a file of another version or for other weights.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from claims.text.encoder.network import Dense, Floats, Layer
from claims.text.encoder.weights import WEIGHTS_SHA256
from claims.text.model_files import Arrays, read_arrays, store_arrays

DENSE = ("query", "key", "value", "output", "up", "down")
"""The six matrices of a layer that can get an addition."""

Factors = Mapping[str, tuple[Floats, Floats]]
"""By matrix ``left`` (output × rank) and ``right`` (rank × input); their product is added."""


@dataclass(frozen=True, slots=True)
class Additions:
    """Factors of the last layers in order, and by name what else was learned with them."""

    factors: tuple[Factors, ...]
    learned: Mapping[str, Floats]


def add_factors(layer: Layer, factors: Factors) -> Layer:
    """The layer with each product of factors added to its matrix."""
    for name, (left, right) in factors.items():
        dense: Dense = getattr(layer, name)
        changed: Any = {name: Dense(dense.weight + left @ right, dense.bias)}
        layer = replace(layer, **changed)
    return layer


def add_to_layers(layers: Sequence[Layer], factors: Sequence[Factors]) -> tuple[Layer, ...]:
    """The layers, the last of them with their additions."""
    plain = len(layers) - len(factors)
    added = (add_factors(*pair) for pair in zip(layers[plain:], factors, strict=True))
    return (*layers[:plain], *added)


def store_additions(path: Path, version: int, additions: Additions, *, data_sha256: str) -> None:
    """Write the file: factors in 16 bits, what else was learned in 32."""
    arrays: Arrays = {"layers": np.array(len(additions.factors))}
    arrays |= {
        f"{number}.{name}.{side}": half.astype(np.float16)
        for number, factors in enumerate(additions.factors)
        for name, pair in factors.items()
        for side, half in zip(("left", "right"), pair, strict=True)
    }
    arrays |= {name: array.astype(np.float32) for name, array in additions.learned.items()}
    store_arrays(path, version, arrays, data_sha256=data_sha256, weights_sha256=WEIGHTS_SHA256)


def read_additions(path: Path, version: int) -> Additions:
    """The file's additions; raises ``ValueError`` for another version or other weights."""
    stored = read_arrays(path, version, weights_sha256=WEIGHTS_SHA256)
    factors = []
    for number in range(int(stored.pop("layers"))):
        names = [name for name in DENSE if f"{number}.{name}.left" in stored]
        factors.append(
            {
                name: (
                    stored[f"{number}.{name}.left"].astype(np.float32),
                    stored[f"{number}.{name}.right"].astype(np.float32),
                )
                for name in names
            }
        )
    return Additions(
        tuple(factors), {name: array for name, array in stored.items() if "." not in name}
    )
