"""What the second stage thinks of the training sentences, kept in ``taught.npz``.

Promises the three chances of each sentence in the order of the examples, to within 1/255.
Refuses examples other than those that were asked about.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.checkworthiness.examples import Example, digest_of

TAUGHT_PATH = Path(__file__).with_name("taught.npz")
MEASURED_FROM = 2012
_FULL = 255


def _names(year: float) -> tuple[str, str]:
    suffix = "all" if math.isinf(year) else f"before_{year:.0f}"
    return f"chances_{suffix}", f"sha256_{suffix}"


def store_taught(examples: Sequence[Example], chances: NDArray[np.float64], year: float) -> None:
    """Keep the chances of the examples before ``year`` beside what the file already holds."""
    kept: dict[str, NDArray[np.uint8]] = {}
    if TAUGHT_PATH.exists():
        with np.load(TAUGHT_PATH, allow_pickle=False) as stored:
            kept = {name: stored[name] for name in stored.files}
    of_chances, of_digest = _names(year)
    kept[of_chances] = np.round(chances * _FULL).astype(np.uint8)
    kept[of_digest] = np.frombuffer(bytes.fromhex(digest_of(list(examples))), dtype=np.uint8)
    np.savez_compressed(TAUGHT_PATH, allow_pickle=False, **kept)


def read_taught(examples: Sequence[Example], year: float) -> NDArray[np.float64]:
    """Three chances a sentence; raises ``ValueError`` where other sentences were asked about."""
    of_chances, of_digest = _names(year)
    with np.load(TAUGHT_PATH, allow_pickle=False) as stored:
        if of_digest not in stored.files:
            raise ValueError(f"{TAUGHT_PATH.name} knows nothing of the sentences before {year}")
        digest, chances = stored[of_digest].tobytes().hex(), stored[of_chances]
    if digest != digest_of(list(examples)):
        raise ValueError(f"{TAUGHT_PATH.name} was made for other sentences: run teach.py again")
    found: NDArray[np.float64] = chances / _FULL
    return found
