"""Judge which passages of a page are evidence for a claim, by words and by what they speak of.

Promises one number a passage, higher is likelier, from ten named signals (the score by words,
the nearness in meaning, those of the neighbours, the length, and how they count in a long list),
from what the passage speaks of by itself (findings rather than furniture) and from pairs of
what claim and passage speak of. Only the head of a ranking is judged, so that the work does not
grow with the page. Learned from the sets in ``docs/MODEL_CARD_EVIDENCE.md``; the file holds
plain arrays and is read without pickle. Refuses to say for or against.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from claims.text.meaning import read_directions
from claims.text.model_files import read_arrays, store_arrays
from claims.text.passages import Ranked

MODEL_VERSION = 1
MODEL_PATH = Path(__file__).with_name("models") / f"evidence-{MODEL_VERSION}.npz"
MOST_JUDGED = 64
"""Entries of a ranking by words that are judged; the encoder takes a second for as many."""
_TOLD_NEARNESS = 0.4

SIGNALS = (
    "words",
    "near",
    "neighbour_words",
    "neighbour_near",
    "length",
    "place_by_words",
    "place_by_nearness",
    "words_in_many",
    "near_in_many",
    "neighbour_near_in_many",
)
"""What :func:`read_signals` reads, in its order."""
_MOST_PASSAGES = 400
"""Lists are taken for no longer than this, the longest that was learned from."""
_MOST_WORDS = 120


@dataclass(frozen=True, slots=True)
class EvidenceJudge:
    """Weights of the signals, of a passage's own vector, and of pairs of both vectors."""

    weights: NDArray[np.float32]
    likeness: NDArray[np.float32]
    to_claim: NDArray[np.float32]
    to_passage: NDArray[np.float32]

    def judge(
        self, signals: NDArray[Any], claim: NDArray[Any], passages: NDArray[Any]
    ) -> NDArray[np.float64]:
        """Log-odds of each passage, given its signals and vector and the claim's vector."""
        found: NDArray[np.float64] = signals @ self.weights.astype(np.float64)
        found += passages @ self.likeness
        found += (passages @ self.to_passage) @ (claim @ self.to_claim)
        return found


def read_signals(
    head: Sequence[Ranked], passages: Sequence[str], near: NDArray[Any]
) -> NDArray[np.float64]:
    """One row of :data:`SIGNALS` for each entry of the head of a ranking by words.

    ``passages`` are all that were ranked, in the order of their page; ``near`` is the nearness
    in meaning of each entry of the head. A passage outside the head is no near neighbour.
    """
    count = len(passages)
    places = np.array([one.index for one in head])
    words = np.array([one.score for one in head])
    words /= max(float(words.max()), 1e-9)
    close = np.maximum(np.asarray(near, dtype=np.float64), 0.0)
    many = np.log1p(min(count, _MOST_PASSAGES)) / 4.0
    beside = _best_neighbours(count, places, close)
    lengths = [min(len(passages[place].split()), _MOST_WORDS) for place in places.tolist()]
    by_nearness = np.argsort(np.argsort(-close, kind="stable"), kind="stable")
    return np.stack(
        [
            words,
            close,
            _best_neighbours(count, places, words),
            beside,
            np.log1p(lengths) / 4.0,
            1.0 / (2.0 + np.arange(len(places))),
            1.0 / (2.0 + by_nearness),
            words * many,
            close * many,
            beside * many,
        ],
        axis=1,
    )


def _best_neighbours(
    count: int, places: NDArray[np.int64], values: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The better value of the two passages beside each; 0 where there is none."""
    line = np.zeros(count + 2)
    line[places + 1] = values
    found: NDArray[np.float64] = np.maximum(line[places], line[places + 2])
    return found


def store_judge(
    judge: EvidenceJudge, path: Path, *, data_sha256: str, weights_sha256: str = ""
) -> None:
    """Write a judge's file; ``weights_sha256`` is of the encoder that it was learned with."""
    arrays = {field.name: getattr(judge, field.name) for field in fields(judge)}
    store_arrays(
        path, MODEL_VERSION, arrays, data_sha256=data_sha256, weights_sha256=weights_sha256
    )


def read_judge(path: Path, *, weights_sha256: str = "") -> EvidenceJudge:
    """The judge of a file; raises ``ValueError`` where it is of another version or encoder."""
    return EvidenceJudge(**read_arrays(path, MODEL_VERSION, weights_sha256=weights_sha256))


@cache
def load_judge() -> EvidenceJudge:
    """The committed judge of the always-on reading."""
    return read_judge(MODEL_PATH)


def judge_passages(claim: str, passages: Sequence[str], ranked: Sequence[Ranked]) -> list[Ranked]:
    """``ranked`` (of :func:`claims.text.passages.rank_passages`) with its head in a new order.

    ``passages`` are those that were ranked, in the order of their page.
    """
    head = ranked[:MOST_JUDGED]
    if are_long(passages[one.index] for one in head):
        return list(ranked)
    directions = read_directions([claim, *(passages[one.index] for one in head)])
    return place_by_odds(load_judge(), directions, passages, ranked)


def are_long(texts: Iterable[str]) -> bool:
    """Whether most are whole pages or abstracts: the judges learned from single sentences."""
    lengths = sorted(len(text.split(maxsplit=_MOST_WORDS)) for text in texts)
    return bool(lengths) and lengths[len(lengths) // 2] > _MOST_WORDS


def place_by_odds(
    judge: EvidenceJudge,
    directions: NDArray[np.float32],
    passages: Sequence[str],
    ranked: Sequence[Ranked],
) -> list[Ranked]:
    """The ranking with its head as a judge orders it.

    ``directions`` are those of the claim and then of each entry of the head. The scores stay as
    they are and change hands: the likeliest evidence takes the best one, so that as many
    passages lie above any bar as by words. A reason says how near in meaning a passage lies.
    """
    head = ranked[: len(directions) - 1]
    if not head:
        return list(ranked)
    near = directions[1:] @ directions[0]
    odds = judge.judge(read_signals(head, passages, near), directions[0], directions[1:])
    return _place(ranked, odds, near)


def place_by_nearness(
    directions: NDArray[np.float32], ranked: Sequence[Ranked], weight: float
) -> list[Ranked]:
    """As :func:`place_by_odds`, by the score of words and ``weight`` of the best times nearness."""
    head = ranked[: len(directions) - 1]
    near = directions[1:] @ directions[0]
    scores = np.array([one.score for one in head])
    return _place(ranked, scores + weight * scores.max(initial=0.0) * near, near)


def _place(
    ranked: Sequence[Ranked], odds: NDArray[np.float64], near: NDArray[np.float32]
) -> list[Ranked]:
    head = ranked[: len(odds)]
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
    return [*placed, *ranked[len(head) :]]


def _with_nearness(reasons: tuple[str, ...], near: float) -> tuple[str, ...]:
    if near < _TOLD_NEARNESS:
        return reasons
    return (*reasons, f"near in meaning ({near:.2f})")
