"""How well scores order and part sentences."""

from __future__ import annotations

from collections.abc import Sequence


def average_precision(labels: Sequence[bool], scores: Sequence[float]) -> float:
    """Mean precision at each positive, best score first; ties keep the given order.

    >>> average_precision([True, False, True], [0.9, 0.8, 0.7])
    0.8333333333333333
    """
    hits, total = 0, 0.0
    ranking = sorted(range(len(scores)), key=lambda at: -scores[at])
    for place, at in enumerate(ranking, start=1):
        if labels[at]:
            hits += 1
            total += hits / place
    return total / hits if hits else 0.0


def recall_at_false_positives(
    labels: Sequence[bool], scores: Sequence[float], share: float
) -> float:
    """The share of positives above the score that ``share`` of the negatives exceed.

    >>> recall_at_false_positives([True, True, False, False], [0.9, 0.2, 0.8, 0.1], 0.5)
    1.0
    """
    negatives = sorted(
        (score for label, score in zip(labels, scores, strict=True) if not label), reverse=True
    )
    positives = [score for label, score in zip(labels, scores, strict=True) if label]
    allowed = int(share * len(negatives))
    bar = negatives[allowed] if allowed < len(negatives) else float("-inf")
    return sum(score > bar for score in positives) / len(positives) if positives else 0.0


def agreement_kappa(first: Sequence[int], second: Sequence[int]) -> float:
    """Cohen's kappa of two passes over the same items.

    >>> agreement_kappa([1, 1, 0, 0], [1, 0, 0, 0])
    0.5
    """
    count = len(first)
    same = sum(one == other for one, other in zip(first, second, strict=True)) / count
    chance = sum(
        (first.count(label) / count) * (list(second).count(label) / count)
        for label in set(first) | set(second)
    )
    return (same - chance) / (1 - chance) if chance < 1 else 1.0
