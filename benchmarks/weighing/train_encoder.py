"""Learn which passages the encoder should take for evidence.

``python benchmarks/weighing/train_encoder.py DATA``, where ``DATA`` is a folder with the public
sets named in ``docs/MODEL_CARD_ENCODER.md``; the optional encoder must be installed, nothing
else. Promises the same weights for the same data and the same arithmetic library: only the
first factors are drawn, from a seed. ``--folds`` trains five times on four fifths of the pages,
prints how often the evidence of the rest is found, and writes nothing. ``--vectors FILE`` keeps
the sentences' vectors for the next run; making them takes seven minutes of one processor, the
rest one.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parent.parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from benchmarks.checkworthiness.lbfgs import minimise  # noqa: E402
from benchmarks.weighing.evidence_sets import FOLDS, Pool, read_pools  # noqa: E402
from claims.text.encoder.embedding import WIDTH, embed_texts  # noqa: E402
from claims.text.encoder.evidence import (  # noqa: E402
    MODEL_PATH,
    PASSAGE_TOKENS,
    SIGNALS,
    EvidenceJudge,
    read_signals,
    store_judge,
)
from claims.text.encoder.reranking import MOST_RERANKED  # noqa: E402
from claims.text.passages import rank_passages  # noqa: E402
from claims.text.quantities import read_quantities  # noqa: E402

Floats = NDArray[np.float64]

# Chosen by the five folds (docs/MODEL_CARD_ENCODER.md).
SEED = 20261122
RANK = 8
L2_SIGNALS, L2_LIKENESS, L2_FACTORS = 1e-4, 2e-3, 2e-3
ITERATIONS = 50
_FIRST_WEIGHT = 3.0
"""Where the search begins for the words' score and for the nearness."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """A pool's head by words: places, signals, vectors, and which of them are evidence."""

    pool: Pool
    places: list[int]
    signals: Floats
    claim: Floats
    passages: Floats
    is_evidence: Floats


def read_vectors(texts: Sequence[str], kept: Path | None) -> dict[str, Floats]:
    """The vector of each text; those in the file ``kept`` are taken from there."""
    known: dict[str, Floats] = {}
    if kept and kept.exists():
        with np.load(kept, allow_pickle=False) as stored:
            names = [row.tobytes().hex() for row in stored["names"]]
            known = dict(zip(names, stored["vectors"], strict=True))
    missing = [text for text in dict.fromkeys(texts) if _name(text) not in known]
    print(f"{len(missing)} sentences to embed", flush=True)
    if missing:
        rows = embed_texts(missing, most_tokens=PASSAGE_TOKENS)
        known |= dict(zip(map(_name, missing), rows, strict=True))
    if kept and missing:
        names_kept = np.array([list(bytes.fromhex(name)) for name in known], dtype=np.uint8)
        np.savez(kept, names=names_kept, vectors=np.array(list(known.values()), np.float32))
    return {text: known[_name(text)].astype(np.float64) for text in texts}


def _name(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def make_lessons(pools: Sequence[Pool], kept: Path | None) -> list[Lesson]:
    """The head of each pool's ranking by words, read by the encoder."""
    ranked = [
        rank_passages(pool.claim, pool.passages, quantities=read_quantities(pool.claim))
        for pool in pools
    ]
    heads = [found[:MOST_RERANKED] for found in ranked]
    wanted = [pool.claim for pool in pools]
    for pool, head in zip(pools, heads, strict=True):
        wanted.extend(pool.passages[one.index] for one in head)
    vectors = read_vectors(wanted, kept)
    lessons = []
    for pool, head in zip(pools, heads, strict=True):
        places = [one.index for one in head]
        claim = vectors[pool.claim]
        rows = np.array([vectors[pool.passages[place]] for place in places])
        signals = read_signals(head, pool.passages, rows @ claim)
        marked = np.array([float(place in pool.evidence) for place in places])
        lessons.append(Lesson(pool, places, signals, claim, rows, marked))
    return lessons


def fit(lessons: Sequence[Lesson]) -> EvidenceJudge:
    """The judge that puts evidence before its rivals; every set counts the same."""
    lessons = [one for one in lessons if one.is_evidence.any()]
    owner = np.repeat(np.arange(len(lessons)), [len(one.places) for one in lessons])
    signals = np.concatenate([one.signals for one in lessons])
    rows = np.concatenate([one.passages for one in lessons])
    claims = np.array([one.claim for one in lessons])
    marked = np.concatenate([one.is_evidence for one in lessons])
    sizes = Counter(one.pool.source for one in lessons)
    share = np.array([1 / sizes[one.pool.source] for one in lessons])
    share /= share.sum() * np.bincount(owner, marked)
    cut = np.cumsum([len(SIGNALS), WIDTH, WIDTH * RANK])

    def loss(point: Floats) -> tuple[float, Floats]:
        weights, likeness, left, right = np.split(point, cut)
        to_claim, to_passage = left.reshape(WIDTH, RANK), right.reshape(WIDTH, RANK)
        asked, offered = claims @ to_claim, rows @ to_passage
        odds = signals @ weights + rows @ likeness + (offered * asked[owner]).sum(axis=1)
        cost, pull = _judge(odds, marked, owner, share)
        back = np.zeros_like(asked)
        np.add.at(back, owner, pull[:, None] * offered)
        slope = np.concatenate(
            [
                signals.T @ pull + L2_SIGNALS * weights,
                rows.T @ pull + L2_LIKENESS * likeness,
                (claims.T @ back).ravel() + L2_FACTORS * left,
                (rows.T @ (pull[:, None] * asked[owner])).ravel() + L2_FACTORS * right,
            ]
        )
        cost += 0.5 * L2_SIGNALS * float(weights @ weights)
        cost += 0.5 * L2_LIKENESS * float(likeness @ likeness)
        cost += 0.5 * L2_FACTORS * float(left @ left + right @ right)
        return cost, slope

    first = np.zeros(cut[-1] + WIDTH * RANK)
    first[: len(SIGNALS)] = [_FIRST_WEIGHT if name in ("words", "near") else 0 for name in SIGNALS]
    first[cut[-1] :] = np.random.default_rng(SEED).normal(0, 0.05, WIDTH * RANK)
    weights, likeness, left, right = np.split(minimise(loss, first, ITERATIONS), cut)
    return EvidenceJudge(
        weights.astype(np.float32),
        likeness.astype(np.float32),
        left.reshape(WIDTH, RANK).astype(np.float32),
        right.reshape(WIDTH, RANK).astype(np.float32),
    )


def _judge(
    odds: Floats, marked: Floats, owner: NDArray[np.int64], share: Floats
) -> tuple[float, Floats]:
    """The cost and its slope: each piece of evidence against all of its page that is none."""
    count = len(share)
    highest = np.full(count, -np.inf)
    np.maximum.at(highest, owner, odds)
    size = np.exp(odds - highest[owner])
    rivals = np.bincount(owner, size * (1 - marked), count)[owner]
    whole = size + rivals + 1e-12
    cost = -float((share[owner] * marked * np.log(size / whole + 1e-12)).sum())
    pushed = np.bincount(owner, share[owner] * marked / whole, count)[owner]
    pull = np.where(marked > 0, share[owner] * (size / whole - 1), size * pushed)
    return cost, pull


def measure(judge: EvidenceJudge | None, lessons: Sequence[Lesson]) -> dict[str, list[bool]]:
    """By set, whether each claim's evidence is found; without a judge, by words alone."""
    found: dict[str, list[bool]] = {}
    for one in lessons:
        order = one.places
        if judge:
            odds = judge.judge(one.signals, one.claim, one.passages)
            order = [one.places[place] for place in np.argsort(-odds, kind="stable").tolist()]
        found.setdefault(one.pool.source, []).append(one.pool.is_found(order))
    return found


def report_folds(lessons: Sequence[Lesson]) -> None:
    """Print, by set, the share of claims found by words and by judges that saw other pages."""
    judged: dict[str, list[bool]] = {}
    for fold in range(FOLDS):
        judge = fit([one for one in lessons if one.pool.fold != fold])
        held_out = [one for one in lessons if one.pool.fold == fold]
        for name, found in measure(judge, held_out).items():
            judged.setdefault(name, []).extend(found)
    for name, found in measure(None, lessons).items():
        own = judged[name]
        told = f"by words {sum(found) / len(found):.4f}, judged {sum(own) / len(own):.4f}"
        print(f"{name}: {len(found)} claims, {told}", flush=True)


def digest_of(pools: Sequence[Pool]) -> str:
    """SHA-256 over claims, passages and the places of the evidence in order."""
    lines = (f"{one.claim}\t{one.passages}\t{one.evidence}\n" for one in pools)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def main() -> int:
    """Train and store, or cross-validate and report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--folds", action="store_true")
    parser.add_argument("--vectors", type=Path)
    given = parser.parse_args()
    pools = read_pools(given.data)
    lessons = make_lessons(pools, given.vectors)
    if given.folds:
        report_folds(lessons)
        return 0
    digest = digest_of(pools)
    store_judge(fit(lessons), data_sha256=digest)
    print(f"{MODEL_PATH.name}: {len(pools)} claims, sha256 {digest}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
