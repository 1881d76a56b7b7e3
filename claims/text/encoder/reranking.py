"""Order the head of a ranking by words and meaning together.

Promises the entries that were given, each once, and work for at most so many of them: one
vector for the claim and one for each text of the head, whatever the tail's length; the tail
keeps its order behind the head. A text's score grows with its nearness to the claim and the
reason says how near it lies. Refuses to find what words left out of the ranking, and to judge:
a contradiction lies near.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from claims.text.encoder.embedding import embed_texts
from claims.text.encoder.network import Floats
from claims.text.passages import Ranked
from claims.text.similarity import Match

MOST_RERANKED = 64
"""Entries that are read for meaning: about a second of one processor for passages of 60 words."""
PASSAGE_TOKENS = 128
"""A passage is read so far: some 90 words."""

# Weights of nearness beside the best score by words, from the development parts of WiCE, Fool Me
# Twice and SciFact (passages) and of CheckThat! 2022 task 2 (matches); docs/MODEL_CARD_ENCODER.md.
_PASSAGE_WEIGHT = 1.0
_MATCH_WEIGHT = 1.5
_TOLD_NEARNESS = 0.4


def rerank_passages(
    claim: str, passages: Sequence[str], ranked: Sequence[Ranked], *, most: int = MOST_RERANKED
) -> list[Ranked]:
    """``ranked`` (of :func:`claims.text.passages.rank_passages`) with its head in a new order.

    ``passages`` are those that were ranked. Raises ``EncoderUnusable`` without the extra.
    """
    head, tail = ranked[:most], ranked[most:]
    if not head:
        return []
    vectors = embed_texts(
        [claim, *(passages[one.index] for one in head)], most_tokens=PASSAGE_TOKENS
    )
    near = vectors[1:] @ vectors[0]
    scores = _fuse([one.score for one in head], near, _PASSAGE_WEIGHT)
    placed = [
        replace(one, score=score, reasons=_with_nearness(one.reasons, float(how_near)))
        for one, score, how_near in zip(head, scores, near, strict=True)
    ]
    placed.sort(key=lambda one: -one.score)
    return [*placed, *tail]


class MatchReranker:
    """Orders matches by words and meaning; keeps the vectors of texts that it has read."""

    def __init__(self, texts: Sequence[str]) -> None:
        """``texts`` are the earlier texts that the matches point into."""
        self._texts = texts
        self._vectors: dict[int, Floats] = {}

    def rerank(self, query: str, matches: Sequence[Match]) -> list[Match]:
        """The matches of :meth:`claims.text.similarity.MatchIndex.rank` in a new order."""
        if not matches:
            return []
        new = [one.index for one in matches if one.index not in self._vectors]
        vectors = embed_texts([query, *(self._texts[index] for index in new)])
        self._vectors.update(zip(new, vectors[1:], strict=True))
        near = np.array([self._vectors[one.index] @ vectors[0] for one in matches])
        scores = _fuse([one.score for one in matches], near, _MATCH_WEIGHT)
        placed = [Match(one.index, score) for one, score in zip(matches, scores, strict=True)]
        return sorted(placed, key=lambda one: -one.score)


def _fuse(scores: Sequence[float], near: Floats, weight: float) -> list[float]:
    """Each score plus its nearness in units of the best score: never less than before."""
    best = max(*scores, 1e-9)
    # Four places: the last bits depend on which texts were read together.
    gain = weight * best * np.maximum(near.astype(np.float64).round(4), 0.0)
    return [score + float(more) for score, more in zip(scores, gain, strict=True)]


def _with_nearness(reasons: tuple[str, ...], near: float) -> tuple[str, ...]:
    if near < _TOLD_NEARNESS:
        return reasons
    return (*reasons, f"near in meaning ({near:.2f})")
