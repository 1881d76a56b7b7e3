"""Order the head of a ranking by words and meaning together.

Promises the entries that were given, each once, and work for at most so many of them: one
vector for the claim and one for each text of the head, whatever the tail's length; the tail
keeps its order behind the head. The reason says how near a passage lies. Refuses to find what
words left out of the ranking, and to judge: a contradiction lies near.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from claims.text.encoder.embedding import embed_texts
from claims.text.encoder.evidence import PASSAGE_TOKENS, load_judge, read_signals
from claims.text.encoder.network import Floats
from claims.text.passages import Ranked
from claims.text.similarity import Match

MOST_RERANKED = 64
"""Entries that are read for meaning: about a second of one processor for passages of 60 words."""

# Weight of nearness beside the best score by words, from the development part of CheckThat! 2022
# task 2 (measured, not trained on); docs/MODEL_CARD_ENCODER.md.
_MATCH_WEIGHT = 1.5
_TOLD_NEARNESS = 0.4


def rerank_passages(
    claim: str, passages: Sequence[str], ranked: Sequence[Ranked], *, most: int = MOST_RERANKED
) -> list[Ranked]:
    """``ranked`` (of :func:`claims.text.passages.rank_passages`) with its head in a new order.

    ``passages`` are those that were ranked, in the order of their page. The scores stay as they
    are and change hands: the likeliest evidence takes the best one, so that as many passages lie
    above any bar as by words. Raises ``EncoderUnusable`` without the extra.
    """
    head, tail = ranked[:most], ranked[most:]
    if not head:
        return []
    texts = [claim, *(passages[one.index] for one in head)]
    vectors = embed_texts(texts, most_tokens=PASSAGE_TOKENS)
    near = vectors[1:] @ vectors[0]
    odds = load_judge().judge(read_signals(head, passages, near), vectors[0], vectors[1:])
    # Four places: the last bits depend on which texts were read together.
    order = np.argsort(-odds.round(4), kind="stable").tolist()
    placed = [
        replace(
            head[place],
            score=one.score,
            reasons=_with_nearness(head[place].reasons, float(near[place])),
        )
        for one, place in zip(head, order, strict=True)
    ]
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
        best = max(one.score for one in matches)
        placed = []
        for one in matches:
            near = max(round(float(self._vectors[one.index] @ vectors[0]), 4), 0.0)
            placed.append(Match(one.index, one.score + _MATCH_WEIGHT * best * near))
        return sorted(placed, key=lambda one: -one.score)


def _with_nearness(reasons: tuple[str, ...], near: float) -> tuple[str, ...]:
    if near < _TOLD_NEARNESS:
        return reasons
    return (*reasons, f"near in meaning ({near:.2f})")
