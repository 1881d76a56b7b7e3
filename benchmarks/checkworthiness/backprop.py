"""Gradients of the encoder's layers in NumPy, for low-rank additions to their weights.

Promises the gradient of each pair of factors, where a layer's weight already holds
``left @ right``, checked against differences in the tests. The published weights
themselves, the biases and the normalisations stay as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from claims.text.encoder.additions import Factors
from claims.text.encoder.network import (
    Dense,
    Floats,
    Layer,
    Norm,
    Run,
    error_function,
    share_attention,
    split_heads,
)

Gradients = dict[str, tuple[Floats, Floats]]
"""Per matrix the slopes of ``left`` and ``right``."""


@dataclass(frozen=True, slots=True)
class NormTrace:
    """What the gradient of a normalisation needs."""

    standard: Floats
    rate: Floats


def trace_norm(norm: Norm, rows: Floats) -> tuple[Floats, NormTrace]:
    """The normalised rows, and their trace."""
    centred = rows - rows.mean(axis=1, keepdims=True)
    size = np.float32(rows.shape[1])
    variance = np.einsum("ij,ij->i", centred, centred)[:, None] / size
    rate: Floats = 1.0 / np.sqrt(variance + np.float32(1e-12))
    centred *= rate
    return centred * norm.scale + norm.shift, NormTrace(centred, rate)


def pull_norm(norm: Norm, trace: NormTrace, slope: Floats) -> Floats:
    """The slope before the normalisation from the slope after it."""
    slope = slope * norm.scale
    along = np.einsum("ij,ij->i", slope, trace.standard)[:, None] / np.float32(slope.shape[1])
    found: Floats = slope - slope.mean(axis=1, keepdims=True) - trace.standard * along
    found *= trace.rate
    return found


@dataclass(frozen=True, slots=True)
class LayerTrace:
    """What the gradient of a layer needs."""

    rows: Floats
    query: Floats
    key: Floats
    value: Floats
    shares: tuple[Floats, ...]
    seen: Floats
    output_norm: NormTrace
    middle: Floats
    raised: Floats
    chance: Floats
    bent: Floats
    down_norm: NormTrace


def trace_layer(layer: Layer, rows: Floats, runs: Sequence[Run]) -> tuple[Floats, LayerTrace]:
    """The layer's rows, as ``run_layers`` gives them, and their trace."""
    query, key, value = layer.query(rows), layer.key(rows), layer.value(rows)
    seen = np.empty_like(query)
    shares = []
    for run in runs:
        looked = share_attention(split_heads(query, run), split_heads(key, run))
        view = looked @ split_heads(value, run)
        seen[run.start : run.end] = view.transpose(0, 2, 1, 3).reshape(run.end - run.start, -1)
        shares.append(looked)
    middle, first = trace_norm(layer.output_norm, layer.output(seen) + rows)
    raised = layer.up(middle)
    chance = error_function(raised * np.float32(np.sqrt(0.5)))
    chance += np.float32(1.0)
    chance *= np.float32(0.5)
    bent = raised * chance
    after, last = trace_norm(layer.down_norm, layer.down(bent) + middle)
    return after, LayerTrace(
        rows, query, key, value, tuple(shares), seen, first, middle, raised, chance, bent, last
    )


def _pull_attention(
    trace: LayerTrace, runs: Sequence[Run], slope: Floats
) -> tuple[Floats, Floats, Floats]:
    """Slopes of query, key and value from the slope of what was seen."""
    pulled = [np.empty_like(slope) for _ in range(3)]
    rate = np.float32(1.0 / np.sqrt(slope.shape[1] // trace.shares[0].shape[1]))
    for run, shares in zip(runs, trace.shares, strict=True):
        query, key, value, seen = (
            split_heads(rows, run) for rows in (trace.query, trace.key, trace.value, slope)
        )
        to_shares = seen @ value.transpose(0, 1, 3, 2)
        to_shares -= (to_shares * shares).sum(axis=-1, keepdims=True)
        to_shares *= shares
        to_shares *= rate
        found = (
            to_shares @ key,
            to_shares.transpose(0, 1, 3, 2) @ query,
            shares.transpose(0, 1, 3, 2) @ seen,
        )
        for rows, part in zip(pulled, found, strict=True):
            flat = part.transpose(0, 2, 1, 3).reshape(run.end - run.start, -1)
            rows[run.start : run.end] = flat
    return pulled[0], pulled[1], pulled[2]


def pull_layer(
    layer: Layer, factors: Factors, trace: LayerTrace, runs: Sequence[Run], slope: Floats
) -> tuple[Floats, Gradients]:
    """The slope of the layer's input, and of its factors, from the slope of its output."""
    grown: Gradients = {}

    def pull(name: str, given: Floats, out: Floats) -> Floats:
        if name in factors:
            left, right = factors[name]
            bare: Floats = given @ right.T
            to_left: Floats = out.T @ bare
            thin: Floats = out @ left
            to_right: Floats = thin.T @ given
            grown[name] = (to_left, to_right)
        dense: Dense = getattr(layer, name)
        found: Floats = out @ dense.weight
        return found

    last = pull_norm(layer.down_norm, trace.down_norm, slope)
    bent = pull("down", trace.bent, last)
    density = np.exp(trace.raised * trace.raised * np.float32(-0.5))
    density *= trace.raised
    density *= np.float32(1.0 / np.sqrt(2.0 * np.pi))
    density += trace.chance
    bent *= density
    middle = pull("up", trace.middle, bent)
    middle += last
    first = pull_norm(layer.output_norm, trace.output_norm, middle)
    query, key, value = _pull_attention(trace, runs, pull("output", trace.seen, first))
    first += pull("query", trace.rows, query)
    first += pull("key", trace.rows, key)
    first += pull("value", trace.rows, value)
    return first, grown
