"""Ordering passages: by their words, and by their meaning too where the optional encoder is.

``FACTCHECK_ENCODER`` says whether: 1 demands it, 0 leaves it, and absent it is taken where it
is installed. However many passages a ticket has, the encoder reads the best 64 by words.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings

from claims.text.encoder.reranking import rerank_passages
from claims.text.encoder.weights import find_files
from claims.text.passages import Ranked, rank_passages
from claims.text.quantity import Quantity


def order_passages(
    wording: str, passages: Sequence[str], *, quantities: Sequence[Quantity], topic: str
) -> list[Ranked]:
    """The passages, those that bear on the claim first, as ``rank_passages`` gives them.

    Raises ``EncoderUnusable`` where the encoder is demanded and is not there.
    """
    ranked = rank_passages(wording, passages, quantities=quantities, topic=topic)
    return rerank_passages(wording, passages, ranked) if is_encoder_used() else ranked


def is_encoder_used() -> bool:
    """Whether weighing reads with the encoder."""
    if settings.ENCODER is None:
        return find_files() is not None
    return bool(settings.ENCODER)
