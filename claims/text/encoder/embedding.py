"""Turn sentences into vectors that lie near each other when they mean nearly the same.

Promises one unit vector of 384 numbers a text, the same for the same text whatever stands
beside it, to the rounding of 32-bit numbers. Refuses to judge: near is *about the same*, never
*agrees*, and two sentences that differ in a number alone lie near.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from claims.text.encoder.network import (
    Floats,
    Network,
    embed_tokens,
    find_runs,
    pool_means,
    run_layers,
)
from claims.text.encoder.tokens import MOST_TOKENS, cut_tokens
from claims.text.encoder.weights import load_network

WIDTH = 384
MOST_KEPT = 6_000
"""Vectors kept: some 9 MB, and as much again of texts of a passage's length."""
_TOKENS_AT_ONCE = 2048
"""Rows of one step through the network: more is no faster and takes more memory."""


def embed_texts(
    texts: Sequence[str], *, most_tokens: int = MOST_TOKENS, network: Network | None = None
) -> Floats:
    """One row a text, each of length one; raises ``EncoderUnusable`` without the extra.

    A text is read up to ``most_tokens`` tokens (at most 256, what the network was made for);
    ``network`` is the published one where none is given.
    """
    found = pool_texts(network or load_network(), cut_tokens(texts, most=most_tokens))
    found /= np.linalg.norm(found, axis=1, keepdims=True)
    return found


class KeptVectors:
    """Vectors of the texts read last, so that a page ranked for many claims is read once."""

    def __init__(self, *, most_tokens: int) -> None:
        """Texts are read up to ``most_tokens`` tokens."""
        self._most_tokens = most_tokens
        self._kept: dict[str, Floats] = {}

    def embed(self, texts: Sequence[str]) -> Floats:
        """As :func:`embed_texts`; raises ``EncoderUnusable`` without the extra."""
        # Loaded although nothing may be new: what is not installed is missed at once.
        network = load_network()
        found = {text: self._kept.pop(text) for text in dict.fromkeys(texts) if text in self._kept}
        new = [text for text in dict.fromkeys(texts) if text not in found]
        if new:
            vectors = embed_texts(new, most_tokens=self._most_tokens, network=network)
            found |= dict(zip(new, vectors, strict=True))
        # Behind the others: what was not asked for longest goes first.
        self._kept |= found
        for text in list(self._kept)[: max(0, len(self._kept) - MOST_KEPT)]:
            del self._kept[text]
        return np.array([found[text] for text in texts], dtype=np.float32)


def pool_texts(network: Network, cut: Sequence[Sequence[int]]) -> Floats:
    """One row a text, given as tokens: the mean of its tokens' rows."""
    found = np.zeros((len(cut), WIDTH), dtype=np.float32)
    for batch in batch_by_length([len(tokens) for tokens in cut]):
        chosen = [cut[place] for place in batch]
        runs = find_runs([len(tokens) for tokens in chosen])
        rows = run_layers(network.layers, embed_tokens(network, chosen), runs)
        found[batch] = pool_means(rows, runs)
    return found


def batch_by_length(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Places of texts, shortest first, in groups of some two thousand tokens."""
    batch: list[int] = []
    total = 0
    for place in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batch and total + lengths[place] > _TOKENS_AT_ONCE:
            yield batch
            batch, total = [], 0
        batch.append(place)
        total += lengths[place]
    if batch:
        yield batch
