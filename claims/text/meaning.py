"""What a text speaks of, as one direction: the mean of its words' vectors, rare words first.

Promises the same unit row for the same text, without the optional encoder and without the
context that it reads: "engagement rings" lies near "wedding rings", a denial beside what it
denies. A text without a known word gets zeros. How rare a word is was counted in the sets named
in ``docs/MODEL_CARD_EVIDENCE.md``. Refuses to judge: near is *about the same*, never *agrees*.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from claims.text.model_files import Arrays, read_arrays, store_arrays
from claims.text.word_vectors import UNKNOWN, VECTORS_VERSION, WordVectors, load_vectors
from claims.text.words import STOP_WORDS, words_in

MEANING_VERSION = 1
MEANING_PATH = Path(__file__).with_name("models") / f"meaning-{MEANING_VERSION}.npz"
_LONGEST = 20_000
_RARITY_STEP = 0.05

Rows = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Meanings:
    """How rare words are, their unit vectors times that, and the middle of what texts speak of."""

    vectors: WordVectors
    rarity: Rows
    weighted: Rows
    middle: Rows

    def direct(self, texts: Sequence[str]) -> Rows:
        """One unit row a text."""
        found = np.zeros((len(texts), self.weighted.shape[1]), np.float32)
        for place, text in enumerate(texts):
            if known := known_places(self.vectors, text):
                row = self.weighted[known].sum(axis=0)
                row = row / max(float(np.linalg.norm(row)), 1e-9) - self.middle
                found[place] = row / max(float(np.linalg.norm(row)), 1e-9)
        return found


def known_places(vectors: WordVectors, text: str) -> list[int]:
    """The rows of a text's known telling words, each once, in order."""
    words = (word for word in words_in(text[:_LONGEST]) if word not in STOP_WORDS)
    places = dict.fromkeys(vectors.place_of(word) for word in words)
    places.pop(UNKNOWN, None)
    return list(places)


def weigh_vectors(vectors: WordVectors, rarity: Rows, middle: Rows | None = None) -> Meanings:
    """Meanings with words that count by ``rarity``, one number a row of ``vectors``."""
    length = np.linalg.norm(vectors.rows, axis=1, keepdims=True)
    weighted = vectors.rows / np.maximum(length, 1e-9) * rarity[:, None]
    return Meanings(
        vectors,
        rarity,
        weighted.astype(np.float32),
        np.zeros(vectors.rows.shape[1], np.float32) if middle is None else middle,
    )


def store_meanings(rarity: Rows, middle: Rows, *, data_sha256: str) -> None:
    """Write the file; rarities are kept in steps of a twentieth."""
    steps = np.clip(np.round(rarity / _RARITY_STEP), 0, 255).astype(np.uint8)
    arrays: Arrays = {
        "rarity": steps,
        "middle": middle.astype(np.float32),
        "vectors": np.array(VECTORS_VERSION),
    }
    store_arrays(MEANING_PATH, MEANING_VERSION, arrays, data_sha256=data_sha256)


@cache
def load_meanings() -> Meanings:
    """The committed rarities on the committed vectors; raises ``ValueError`` for others."""
    stored, vectors = read_arrays(MEANING_PATH, MEANING_VERSION), load_vectors()
    if int(stored["vectors"]) != VECTORS_VERSION or len(stored["rarity"]) != len(vectors.rows):
        raise ValueError(f"{MEANING_PATH.name} was counted for other word vectors")
    rarity = stored["rarity"].astype(np.float32) * np.float32(_RARITY_STEP)
    return weigh_vectors(vectors, rarity, stored["middle"])


def read_directions(texts: Sequence[str]) -> Rows:
    """One unit row a text, zeros for one without a known word.

    >>> two = read_directions(["a photograph of wedding rings", "a picture of engagement rings"])
    >>> bool(two[0] @ two[1] > 0.5)
    True
    """
    return load_meanings().direct(texts)
