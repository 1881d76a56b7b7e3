"""The encoder's forward pass in NumPy: token numbers in, one vector for every token out.

Promises what the published network (BERT with six layers of 384) computes, up to the
rounding of 32-bit numbers, without padding: the tokens of all
texts lie in one matrix, and only attention looks at one length at a time. Refuses to
tokenise, to pool and to know where the weights lie.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]

HEADS = 12
_NORM_EPSILON = np.float32(1e-12)
# Abramowitz and Stegun 7.1.26: the error function to 1.5e-7, which is what 32 bits hold.
_ERF_RATE = 0.3275911
_ERF_TERMS = (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592)


@dataclass(frozen=True, slots=True)
class Dense:
    """``weight`` is output × input, as the published file has it; ``bias`` is the output's."""

    weight: Floats
    bias: Floats

    def __call__(self, rows: Floats) -> Floats:
        """Each row times the weights, plus the bias."""
        found: Floats = rows @ self.weight.T
        found += self.bias
        return found


@dataclass(frozen=True, slots=True)
class Norm:
    """Scale and shift of a layer normalisation."""

    scale: Floats
    shift: Floats

    def __call__(self, rows: Floats) -> Floats:
        """Each row with mean 0 and variance 1, then scaled and shifted."""
        centred: Floats = rows - rows.mean(axis=1, keepdims=True)
        variance = np.einsum("ij,ij->i", centred, centred)[:, None] / np.float32(rows.shape[1])
        centred /= np.sqrt(variance + _NORM_EPSILON)
        centred *= self.scale
        centred += self.shift
        return centred


@dataclass(frozen=True, slots=True)
class Layer:
    """One of the network's layers."""

    query: Dense
    key: Dense
    value: Dense
    output: Dense
    output_norm: Norm
    up: Dense
    down: Dense
    down_norm: Norm


@dataclass(frozen=True, slots=True)
class Network:
    """All weights: what a token and its place add up to, and the layers."""

    words: Floats
    places: Floats
    kind: Floats
    norm: Norm
    layers: tuple[Layer, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """``count`` texts of ``length`` tokens each, whose rows begin at ``start``."""

    start: int
    count: int
    length: int

    @property
    def end(self) -> int:
        """The row after the last."""
        return self.start + self.count * self.length


def find_runs(lengths: Sequence[int]) -> tuple[Run, ...]:
    """The runs of equal length of texts that lie one behind the other."""
    runs = []
    start = 0
    for length, group in groupby(lengths):
        run = Run(start, len(list(group)), length)
        runs.append(run)
        start = run.end
    return tuple(runs)


def embed_tokens(network: Network, texts: Sequence[Sequence[int]]) -> Floats:
    """What goes into the first layer: one row a token, the texts one behind the other."""
    numbers = np.concatenate([np.asarray(text, dtype=np.int64) for text in texts])
    places = np.concatenate([np.arange(len(text)) for text in texts])
    return network.norm(network.words[numbers] + network.places[places] + network.kind)


def run_layers(layers: Sequence[Layer], rows: Floats, runs: Sequence[Run]) -> Floats:
    """The rows after the layers, one a token as before."""
    for layer in layers:
        seen = attend(layer.query(rows), layer.key(rows), layer.value(rows), runs)
        rows = layer.output_norm(layer.output(seen) + rows)
        rows = layer.down_norm(layer.down(bend(layer.up(rows))) + rows)
    return rows


def split_heads(rows: Floats, run: Run) -> Floats:
    """The run's rows as texts × heads × tokens × head's width."""
    cut = rows[run.start : run.end].reshape(run.count, run.length, HEADS, -1)
    return cut.transpose(0, 2, 1, 3)


def share_attention(query: Floats, key: Floats) -> Floats:
    """How much each token looks at each token of its text; every row sums to one."""
    shares: Floats = query @ key.transpose(0, 1, 3, 2)
    shares *= np.float32(1.0 / np.sqrt(query.shape[-1]))
    shares -= shares.max(axis=-1, keepdims=True)
    np.exp(shares, out=shares)
    shares /= shares.sum(axis=-1, keepdims=True)
    return shares


def attend(query: Floats, key: Floats, value: Floats, runs: Sequence[Run]) -> Floats:
    """Each token's view of its text."""
    seen = np.empty_like(query)
    for run in runs:
        shares = share_attention(split_heads(query, run), split_heads(key, run))
        view = shares @ split_heads(value, run)
        seen[run.start : run.end] = view.transpose(0, 2, 1, 3).reshape(run.end - run.start, -1)
    return seen


def error_function(rows: Floats) -> Floats:
    """The error function of every number, to 1.5e-7."""
    size = np.abs(rows)
    step = size * np.float32(_ERF_RATE)
    step += np.float32(1.0)
    np.reciprocal(step, out=step)
    total = step * np.float32(_ERF_TERMS[0])
    for term in _ERF_TERMS[1:]:
        total += np.float32(term)
        total *= step
    size *= size
    np.negative(size, out=size)
    np.exp(size, out=size)
    total *= size
    np.subtract(np.float32(1.0), total, out=total)
    found: Floats = np.copysign(total, rows)
    return found


def bend(rows: Floats) -> Floats:
    """GELU: each number times the chance that a normal one lies below it."""
    share: Floats = error_function(rows * np.float32(np.sqrt(0.5)))
    share += np.float32(1.0)
    share *= rows
    share *= np.float32(0.5)
    return share


def pool_means(rows: Floats, runs: Sequence[Run]) -> Floats:
    """One row a text: the mean of its tokens' rows."""
    return np.concatenate(
        [rows[run.start : run.end].reshape(run.count, run.length, -1).mean(axis=1) for run in runs]
    )
