"""The forward pass against one written the slow way, text by text and head by head."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from claims.text.encoder.network import (
    HEADS,
    Dense,
    Layer,
    Network,
    Norm,
    embed_tokens,
    error_function,
    find_runs,
    pool_means,
    run_layers,
)
from tests.text.encoder.small import WIDTH, make_network

TEXTS = [[1, 2, 3], [4, 5, 6], [7, 8, 9, 10, 11], [12] * 20]


def apply(dense: Dense, row: Any) -> Any:
    return dense.weight @ row + dense.bias


def normalise(norm: Norm, row: Any) -> Any:
    return (row - row.mean()) / math.sqrt(row.var() + 1e-12) * norm.scale + norm.shift


def layer_slowly(layer: Layer, rows: list[Any]) -> list[Any]:
    part = WIDTH // HEADS
    queries, keys, values = (
        [apply(dense, row) for row in rows] for dense in (layer.query, layer.key, layer.value)
    )
    after = []
    for row, query in zip(rows, queries, strict=True):
        seen = np.zeros(WIDTH)
        for head in range(HEADS):
            cut = slice(head * part, (head + 1) * part)
            raw = [math.exp(query[cut] @ key[cut] / math.sqrt(part)) for key in keys]
            for share, value in zip(raw, values, strict=True):
                seen[cut] += share / sum(raw) * value[cut]
        middle = normalise(layer.output_norm, apply(layer.output, seen) + row)
        bent = [one * 0.5 * (1 + math.erf(one / math.sqrt(2))) for one in apply(layer.up, middle)]
        after.append(normalise(layer.down_norm, apply(layer.down, np.array(bent)) + middle))
    return after


def encode_slowly(network: Network, text: list[int]) -> Any:
    rows = [
        normalise(network.norm, network.words[word] + network.places[place] + network.kind)
        for place, word in enumerate(text)
    ]
    for layer in network.layers:
        rows = layer_slowly(layer, rows)
    return np.mean(rows, axis=0)


def encode(network: Network, texts: list[list[int]]) -> Any:
    runs = find_runs([len(text) for text in texts])
    return pool_means(run_layers(network.layers, embed_tokens(network, texts), runs), runs)


def test_it_computes_what_the_slow_way_computes() -> None:
    network = make_network()
    wanted = [encode_slowly(network, text) for text in TEXTS]
    np.testing.assert_allclose(encode(network, TEXTS), wanted, atol=2e-6)


def test_a_text_reads_the_same_whatever_stands_beside_it() -> None:
    network = make_network()
    together = encode(network, TEXTS)
    for place, text in enumerate(TEXTS):
        np.testing.assert_allclose(encode(network, [text])[0], together[place], atol=1e-9)


def test_the_order_of_the_words_counts() -> None:
    network = make_network()
    there, back = encode(network, [[1, 2, 3], [3, 2, 1]])
    assert np.abs(there - back).max() > 0.01


def test_the_error_function_is_right_to_seven_places() -> None:
    points = np.linspace(-6, 6, 2001)
    wanted = [math.erf(point) for point in points]
    np.testing.assert_allclose(error_function(points), wanted, atol=1.6e-7)


@pytest.mark.parametrize("size", [0.0, 1e-30, 50.0, 1e4])
def test_the_error_function_keeps_its_sign_and_its_bounds(size: float) -> None:
    low, high = error_function(np.array([-size, size], dtype=np.float32))
    assert -1 <= low <= 0 <= high <= 1
    assert low == -high
