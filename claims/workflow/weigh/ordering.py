"""Ordering passages: by their words, and the best of them by what they speak of.

``FACTCHECK_ENCODER`` says whether the optional encoder reads that: 1 demands it, 0 leaves it,
and absent it is taken where it is installed. However many passages a ticket has, the best 64 by
words are read for their meaning.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings

from claims.text.encoder.reranking import rerank_passages
from claims.text.encoder.weights import is_used
from claims.text.evidence import judge_passages
from claims.text.passages import Ranked, rank_passages
from claims.text.quantity import Quantity


def order_passages(
    wording: str, passages: Sequence[str], *, quantities: Sequence[Quantity], topic: str
) -> list[Ranked]:
    """The passages, those that bear on the claim first, with their reasons.

    Raises ``EncoderUnusable`` where the encoder is demanded and is not there.
    """
    ranked = rank_passages(wording, passages, quantities=quantities, topic=topic)
    judge = rerank_passages if is_encoder_used() else judge_passages
    return judge(wording, passages, ranked)


def is_encoder_used() -> bool:
    """Whether weighing reads with the encoder."""
    return is_used(settings.ENCODER)
