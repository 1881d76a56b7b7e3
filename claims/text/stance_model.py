"""The small network that weighs the signals of a claim and a passage.

Promises what each stance is worth, in log-odds, from named signals: a straight part and a layer of
hinges, read without pickle from a file of plain arrays. A signal that it does not know counts
nothing. Refuses to read texts, and a file of another version or for another encoder.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from claims.text.model_files import Arrays, read_arrays, store_arrays
from claims.vocabulary import Stance

MODEL_VERSION = 2
MODEL_PATH = Path(__file__).with_name("models") / f"stance-{MODEL_VERSION}.npz"
LABELS = (Stance.SUPPORTS, Stance.REFUTES, Stance.NEUTRAL)
"""The columns of what the network gives."""
_FARTHEST = 4.0
"""Signals are taken as so many spreads away from their mean at most."""

LogOdds = dict[Stance, float]
Rows = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class StanceNet:
    """Weights by signal: ``shift`` and ``spread`` bring each to one scale, ``straight`` goes to
    the labels at once, ``bends`` to hinges with their ``offsets``, ``joins`` from there."""

    shift: Rows
    spread: Rows
    straight: Rows
    level: Rows
    bends: Rows
    offsets: Rows
    joins: Rows

    def weigh_rows(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Log-odds of :data:`LABELS`, one row for each row of signals."""
        scaled = self.scale(rows)
        hinges = np.maximum(scaled @ self.bends + self.offsets, 0.0)
        found: NDArray[np.float64] = scaled @ self.straight + self.level + hinges @ self.joins
        return found

    def scale(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """The signals on one scale."""
        return np.clip((rows - self.shift) / self.spread, -_FARTHEST, _FARTHEST)


@dataclass(frozen=True, slots=True)
class StanceModel:
    """A network with the names of its signals, and what else lies in its file."""

    names: tuple[str, ...]
    net: StanceNet
    more: Arrays

    def weigh(self, values: Mapping[str, float]) -> LogOdds:
        """What each stance is worth, given the signals by name."""
        row = np.array([[values.get(name, 0.0) for name in self.names]])
        return dict(zip(LABELS, self.net.weigh_rows(row)[0].tolist(), strict=True))


def store_model(
    path: Path, version: int, model: StanceModel, *, data_sha256: str, weights_sha256: str = ""
) -> None:
    """Write a model's file; ``weights_sha256`` is of the encoder that it was learned with."""
    arrays: Arrays = {field.name: getattr(model.net, field.name) for field in fields(model.net)}
    arrays |= {"names": np.frombuffer("\n".join(model.names).encode(), np.uint8), **model.more}
    store_arrays(path, version, arrays, data_sha256=data_sha256, weights_sha256=weights_sha256)


def read_model(path: Path, version: int, *, weights_sha256: str = "") -> StanceModel:
    """The model of a file; raises ``ValueError`` where it is of another version or encoder."""
    stored = read_arrays(path, version, weights_sha256=weights_sha256)
    names = stored.pop("names").tobytes().decode().split("\n")
    net = StanceNet(**{field.name: stored.pop(field.name) for field in fields(StanceNet)})
    return StanceModel(tuple(names), net, stored)


@cache
def load_model() -> StanceModel:
    """The committed model of the always-on reading."""
    return read_model(MODEL_PATH, MODEL_VERSION)
