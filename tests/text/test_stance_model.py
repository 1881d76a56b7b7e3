"""The network that weighs stance: its sum spelled out, what it leaves out, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from claims.text.stance_model import LABELS, StanceModel, StanceNet, read_model, store_model
from claims.vocabulary import Stance


def small() -> StanceModel:
    def rows(*values: float) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
        return np.array(values, np.float32)

    net = StanceNet(
        shift=rows(1, 0),
        spread=rows(2, 1),
        straight=rows(1, 0, 0, 0, 1, 0).reshape(2, 3),
        level=rows(0, 0, 0.5),
        bends=rows(1, 1).reshape(2, 1),
        offsets=rows(-1),
        joins=rows(0, 0, 2).reshape(1, 3),
    )
    return StanceModel(("one", "two"), net, {})


def test_signals_are_brought_to_one_scale_and_summed() -> None:
    # one: (5 - 1) / 2 = 2, two: 3; the hinge opens at 1 and sees 2 + 3 - 1.
    assert small().weigh({"one": 5.0, "two": 3.0}) == {
        Stance.SUPPORTS: 2.0,
        Stance.REFUTES: 3.0,
        Stance.NEUTRAL: 8.5,
    }


def test_a_signal_far_off_and_one_it_does_not_know_cannot_carry_it_away() -> None:
    far = small().weigh({"one": 1e9, "two": 0.0})
    assert far == small().weigh({"one": 9.0, "two": 0.0, "three": 7.0})
    assert far[Stance.SUPPORTS] == 4.0


def test_what_is_stored_is_read_and_another_version_or_encoder_refused(tmp_path: Path) -> None:
    path, digest = tmp_path / "stance.npz", "ab" * 32
    store_model(path, 7, small(), data_sha256=digest, weights_sha256=digest)
    read = read_model(path, 7, weights_sha256=digest)
    values = {"one": 2.0, "two": 5.0}
    assert read.weigh(values) == small().weigh(values)
    assert tuple(read.weigh(values)) == LABELS
    with pytest.raises(ValueError, match="version 7, not 8"):
        read_model(path, 8)
    with pytest.raises(ValueError, match="other weights"):
        read_model(path, 7, weights_sha256="cd" * 32)
