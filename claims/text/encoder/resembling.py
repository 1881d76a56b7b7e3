"""How near earlier claims are in meaning, for claims in quite other words.

Promises one vector a text and a nearness on the scale of :func:`claims.text.seen_before.nearness`,
never lower than what words said. Refuses to decide: the number guard and a person stand above
it, and what shares no rare word with the claim was never fetched.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TypeVar

from claims.text.encoder.embedding import embed_texts
from claims.text.seen_before import NEAR_SCORE

Key = TypeVar("Key", bound=Hashable)

NEAR_MEANING = 0.65
"""Likeness of two vectors from which a claim is suggested: of posts and checked claims (CheckThat!
2022 task 2a, development), 72 of 73 such pairs belong together, and 63 of 100 pairs are found so;
by words 25 are."""


def raise_by_meaning(
    text: str, others: Mapping[Key, str], near: Mapping[Key, float]
) -> dict[Key, float]:
    """How near each of ``others`` is, ``near`` by words, or nearer by meaning.

    Raises ``EncoderUnusable`` without the extra.
    """
    if not others:
        return {}
    vectors = embed_texts([text, *others.values()])
    likeness = (vectors[1:] @ vectors[0]).round(4).tolist()
    return {
        key: max(near.get(key, 0.0), _scale(like))
        for key, like in zip(others, likeness, strict=True)
    }


def _scale(likeness: float) -> float:
    """The bar of vectors lies where that of words does, and one where one does."""
    if likeness < NEAR_MEANING:
        return 0.0
    above = (likeness - NEAR_MEANING) / (1.0 - NEAR_MEANING)
    return min(1.0, NEAR_SCORE + above * (1.0 - NEAR_SCORE))
