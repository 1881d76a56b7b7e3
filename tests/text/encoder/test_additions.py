"""The additions' file: what was stored is added, anything else is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from claims.text.encoder.additions import (
    Additions,
    add_to_layers,
    read_additions,
    store_additions,
)
from tests.text.encoder.small import WIDTH, make_network

DIGEST = "ab" * 32


def make_additions() -> Additions:
    chance = np.random.default_rng(5)
    pair = (
        chance.normal(size=(WIDTH, 2)).astype(np.float32),
        chance.normal(size=(2, WIDTH)).astype(np.float32),
    )
    head = chance.normal(size=(3, WIDTH)).astype(np.float32)
    return Additions(({"value": pair},), {"head_weight": head})


def test_what_was_stored_comes_back(tmp_path: Path) -> None:
    stored = make_additions()
    store_additions(tmp_path / "a.npz", 1, stored, data_sha256=DIGEST)
    read = read_additions(tmp_path / "a.npz", 1)
    for wanted, found in zip(stored.factors[0]["value"], read.factors[0]["value"], strict=True):
        np.testing.assert_allclose(found, wanted, rtol=1e-3)
    assert list(read.learned) == ["head_weight"]
    np.testing.assert_array_equal(read.learned["head_weight"], stored.learned["head_weight"])


def test_the_product_is_added_to_its_matrix_alone_and_to_the_last_layers() -> None:
    network, additions = make_network(layers=2), make_additions()
    first, last = add_to_layers(network.layers, additions.factors)
    left, right = additions.factors[0]["value"]
    assert first is network.layers[0]
    np.testing.assert_allclose(last.value.weight, network.layers[1].value.weight + left @ right)
    assert last.query is network.layers[1].query


def test_another_version_is_refused(tmp_path: Path) -> None:
    store_additions(tmp_path / "a.npz", 1, make_additions(), data_sha256=DIGEST)
    with pytest.raises(ValueError, match="version 1, not 2"):
        read_additions(tmp_path / "a.npz", 2)


def test_additions_to_other_weights_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    store_additions(path, 1, make_additions(), data_sha256=DIGEST)
    with np.load(path) as stored:
        arrays = dict(stored)
    arrays["weights_sha256"] = np.zeros(32, np.uint8)
    np.savez(path, **arrays)
    with pytest.raises(ValueError, match="other weights"):
        read_additions(path, 1)
