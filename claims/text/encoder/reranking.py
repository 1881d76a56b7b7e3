"""Order the head of a ranking by words and meaning together.

Promises the entries that were given, each once, and work for at most so many of them: one
vector for the claim and one for each text of the head, whatever the tail's length; the tail
keeps its order behind the head. The reason says how near a passage lies. Refuses to find what
words left out of the ranking, and to judge: a contradiction lies near.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from claims.text.encoder.embedding import KeptVectors, embed_texts
from claims.text.encoder.network import Floats
from claims.text.encoder.weights import WEIGHTS_SHA256
from claims.text.evidence import (
    MODEL_VERSION,
    MOST_JUDGED,
    EvidenceJudge,
    are_long,
    place_by_nearness,
    place_by_odds,
    read_judge,
)
from claims.text.match_index import Match
from claims.text.passages import Ranked

MODEL_PATH = Path(__file__).parent.parent / "models" / f"encoder-evidence-{MODEL_VERSION}.npz"
MOST_RERANKED = MOST_JUDGED
"""Entries that are read for meaning: about a second of one processor for passages of 60 words."""
PASSAGE_TOKENS = 128
"""A passage is read so far: some 90 words."""

# Weight of nearness beside the best score by words, from the development part of CheckThat! 2022
# task 2 (measured, not trained on); docs/MODEL_CARD_ENCODER.md.
_MATCH_WEIGHT = 1.5
# The same for whole pages and abstracts, which the judge did not learn from: SciFact's 5,183,
# flat from 1 to 2 (docs/MODEL_CARD_EVIDENCE.md).
_PAGES_WEIGHT = 1.3
_passages_read = KeptVectors(most_tokens=PASSAGE_TOKENS)


@cache
def load_encoded_judge() -> EvidenceJudge:
    """The committed judge of what the encoder reads; raises ``ValueError`` for another encoder."""
    return read_judge(MODEL_PATH, weights_sha256=WEIGHTS_SHA256)


def rerank_passages(claim: str, passages: Sequence[str], ranked: Sequence[Ranked]) -> list[Ranked]:
    """:func:`claims.text.evidence.judge_passages` by the encoder; needs the extra.

    Raises ``EncoderUnusable`` without it.
    """
    head = ranked[:MOST_RERANKED]
    if not head:
        return []
    texts = [claim, *(passages[one.index] for one in head)]
    vectors = _passages_read.embed(texts)
    if are_long(texts[1:]):
        return place_by_nearness(vectors, ranked, _PAGES_WEIGHT)
    return place_by_odds(load_encoded_judge(), vectors, passages, ranked)


class MatchReranker:
    """Orders matches by words and meaning; keeps the vectors of texts that it has read."""

    def __init__(self, texts: Sequence[str]) -> None:
        """``texts`` are the earlier texts that the matches point into."""
        self._texts = texts
        self._vectors: dict[int, Floats] = {}

    def rerank(self, query: str, matches: Sequence[Match]) -> list[Match]:
        """The matches of :meth:`claims.text.match_index.MatchIndex.rank` in a new order."""
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
