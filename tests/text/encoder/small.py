"""A small network of random weights, for what can be tested without the published ones."""

from __future__ import annotations

import numpy as np

from claims.text.encoder.network import Dense, Layer, Network, Norm

WIDTH = 24


def make_layer(chance: np.random.Generator, width: int = WIDTH) -> Layer:
    """One layer; numbers of 64 bits, so that differences can be taken."""

    def dense(height: int, breadth: int) -> Dense:
        weight = chance.normal(0, 0.2, (height, breadth))
        return Dense(weight, chance.normal(0, 0.1, height))

    def norm() -> Norm:
        return Norm(1 + chance.normal(0, 0.1, width), chance.normal(0, 0.1, width))

    return Layer(
        query=dense(width, width),
        key=dense(width, width),
        value=dense(width, width),
        output=dense(width, width),
        output_norm=norm(),
        up=dense(2 * width, width),
        down=dense(width, 2 * width),
        down_norm=norm(),
    )


def make_network(seed: int = 3, layers: int = 2) -> Network:
    """Fifty words, twenty places, a few layers."""
    chance = np.random.default_rng(seed)
    return Network(
        words=chance.normal(size=(50, WIDTH)),
        places=chance.normal(size=(20, WIDTH)),
        kind=chance.normal(size=WIDTH),
        norm=Norm(np.ones(WIDTH), np.zeros(WIDTH)),
        layers=tuple(make_layer(chance) for _ in range(layers)),
    )
