"""What words mean, as vectors that lie near each other for words used alike.

Promises the committed vectors of some twenty thousand English words, read without pickle; a
word that has none gets zeros. They are the optional encoder's reading of each word by itself,
turned to their widest directions and cut to whole numbers of eight bits
(``benchmarks/checkworthiness/make_vectors.py``, ``docs/MODEL_CARD.md``), so that the always-on
model knows more words than it was trained on. Refuses a file of another version.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from claims.text.model_files import read_arrays

VECTORS_VERSION = 1
VECTORS_PATH = Path(__file__).with_name("models") / f"word-vectors-{VECTORS_VERSION}.npz"
UNKNOWN = 0

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class WordVectors:
    """``rows[places[word]]`` is a word's vector; row 0 is all zeros, for unknown words."""

    places: dict[str, int]
    rows: Vectors

    def place_of(self, word: str) -> int:
        """The row of a word in small letters; a genitive without one has its noun's."""
        found = self.places.get(word)
        if found is None:
            found = self.places.get(word.removesuffix("'s"), UNKNOWN)
        return found


def load_vectors() -> WordVectors:
    """The committed vectors; raises ``ValueError`` where the file is of another version."""
    stored = read_arrays(VECTORS_PATH, VECTORS_VERSION)
    words = stored["words"].tobytes().decode("utf-8").split("\n")
    rows = stored["rows"].astype(np.float32) * stored["scales"]
    nothing = np.zeros((1, rows.shape[1]), np.float32)
    return WordVectors(
        {word: place for place, word in enumerate(words, start=1)}, np.vstack([nothing, rows])
    )
