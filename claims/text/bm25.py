"""BM25 over words in normal form: how well each text of a set answers a query.

Promises scores that depend on the given texts and the optional background alone, zero
for a text that shares no word with the query, and work in proportion to the words.
Refuses to hold a corpus on disk and to know what a word means.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Container, Hashable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

K1 = 1.2
B = 0.75
"""The usual constants of Robertson and Zaragoza (2009); measured here, flat around them."""


class WordIndex:
    """An inverted index over texts given as lists of words (or of any hashable marks).

    ``b`` is how strongly a long text is discounted (0 … 1), ``k1`` how soon a repeated
    word stops counting. With ``only`` no other word is indexed, which is all that one
    query needs.
    """

    __slots__ = ("_norm", "_postings", "b", "k1", "text_count")

    def __init__(
        self,
        texts: Iterable[Sequence[Hashable]],
        *,
        k1: float = K1,
        b: float = B,
        only: Container[Hashable] | None = None,
    ) -> None:
        postings: dict[Hashable, tuple[list[int], list[int]]] = {}
        lengths: list[int] = []
        for index, words in enumerate(texts):
            lengths.append(len(words))
            kept = words if only is None else [word for word in words if word in only]
            for word, count in Counter(kept).items():
                places, counts = postings.setdefault(word, ([], []))
                places.append(index)
                counts.append(count)
        self.text_count = len(lengths)
        sizes = np.asarray(lengths, dtype=np.float64)
        average = max(float(sizes.mean()), 1e-9) if lengths else 1.0
        self._norm = k1 * (1.0 - b + b * sizes / average)
        self._postings: dict[Hashable, tuple[Any, Any]] = {**postings}
        self.k1, self.b = k1, b

    def rarity(self, word: Hashable) -> float:
        """The inverse document frequency of a word, always positive; highest for an unseen one."""
        found = len(self._postings[word][0]) if word in self._postings else 0
        return math.log(1.0 + (self.text_count - found + 0.5) / (found + 0.5))

    def score_texts(self, weights: Mapping[Any, float]) -> NDArray[np.float64]:
        """One score per text for a query given as words with their weights."""
        scores = np.zeros(self.text_count)
        if not self.text_count:
            return scores
        for word, weight in weights.items():
            posting = self._postings.get(word)
            if posting is None:
                continue
            if isinstance(posting[0], list):
                # An index asked many times turns each list into an array once.
                posting = (np.asarray(posting[0]), np.asarray(posting[1], dtype=np.float64))
                self._postings[word] = posting
            places, counts = posting
            gain = counts * (self.k1 + 1.0) / (counts + self._norm[places])
            scores[places] += weight * self.rarity(word) * gain
        return scores
