"""Learn which passages are evidence: ``python benchmarks/weighing/train_evidence.py DATA``.

``DATA`` is a folder with the public sets named in ``docs/MODEL_CARD_EVIDENCE.md``. Counts how rare
words are there (``claims/text/meaning.py``) and learns the always-on judge; with ``--encoder``
the judge of what the optional encoder reads instead. Promises the same files for the same
data and the same arithmetic library: only the first factors are drawn, from a seed. ``--folds``
trains five times on four fifths of the pages, prints how often the evidence of the rest is
found, and writes nothing. ``--vectors FILE`` keeps the encoder's vectors for the next run; making
them takes seven minutes of one processor, the rest one.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parent.parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from benchmarks.checkworthiness.lbfgs import minimise  # noqa: E402
from benchmarks.weighing.evidence_sets import FOLDS, Pool, read_pools  # noqa: E402
from claims.text.encoder.embedding import embed_texts  # noqa: E402
from claims.text.encoder.reranking import MODEL_PATH as ENCODED_PATH  # noqa: E402
from claims.text.encoder.reranking import PASSAGE_TOKENS  # noqa: E402
from claims.text.encoder.weights import WEIGHTS_SHA256  # noqa: E402
from claims.text.evidence import (  # noqa: E402
    MODEL_PATH,
    MOST_JUDGED,
    SIGNALS,
    EvidenceJudge,
    read_signals,
    store_judge,
)
from claims.text.meaning import (  # noqa: E402
    Meanings,
    known_places,
    store_meanings,
    weigh_vectors,
)
from claims.text.passages import rank_passages  # noqa: E402
from claims.text.quantities import read_quantities  # noqa: E402
from claims.text.word_vectors import load_vectors  # noqa: E402

Floats = NDArray[np.float64]

# Chosen by the five folds (docs/MODEL_CARD_EVIDENCE.md).
SEED = 20261122
RANK = 8
L2_SIGNALS = 1e-4
L2_BY_WORDS, L2_BY_ENCODER = 4e-3, 2e-3
"""On what a passage speaks of; the words' vectors say less and are to be believed less."""
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


Readers = Callable[[Sequence[str]], dict[str, Floats]]
"""Takes texts, gives the direction of each."""


def count_meanings(pools: Sequence[Pool]) -> Meanings:
    """How rare each word is among all passages, and the middle of what they speak of."""
    vectors = load_vectors()
    texts = [passage for pool in pools for passage in pool.passages]
    counts = np.zeros(len(vectors.rows))
    for text in texts:
        counts[known_places(vectors, text)] += 1
    rarity = np.log(1 + (len(texts) - counts + 0.5) / (counts + 0.5)).astype(np.float32)
    middle = weigh_vectors(vectors, rarity).direct(texts).mean(axis=0)
    return weigh_vectors(vectors, rarity, middle)


def read_words(meanings: Meanings, texts: Sequence[str]) -> dict[str, Floats]:
    """The direction of each text by its words."""
    return dict(zip(texts, meanings.direct(texts).astype(np.float64), strict=True))


def read_vectors(kept: Path | None, texts: Sequence[str]) -> dict[str, Floats]:
    """The encoder's vector of each text; those in the file ``kept`` are taken from there."""
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


def make_lessons(pools: Sequence[Pool], read: Readers) -> list[Lesson]:
    """The head of each pool's ranking by words, with what each entry speaks of."""
    ranked = [
        rank_passages(pool.claim, pool.passages, quantities=read_quantities(pool.claim))
        for pool in pools
    ]
    heads = [found[:MOST_JUDGED] for found in ranked]
    wanted = [pool.claim for pool in pools]
    for pool, head in zip(pools, heads, strict=True):
        wanted.extend(pool.passages[one.index] for one in head)
    vectors = read(wanted)
    lessons = []
    for pool, head in zip(pools, heads, strict=True):
        places = [one.index for one in head]
        claim = vectors[pool.claim]
        rows = np.array([vectors[pool.passages[place]] for place in places])
        signals = read_signals(head, pool.passages, rows @ claim)
        marked = np.array([float(place in pool.evidence) for place in places])
        lessons.append(Lesson(pool, places, signals, claim, rows, marked))
    return lessons


def fit(lessons: Sequence[Lesson], ridge: float) -> EvidenceJudge:
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
    width = rows.shape[1]
    cut = np.cumsum([len(SIGNALS), width, width * RANK])

    def loss(point: Floats) -> tuple[float, Floats]:
        weights, likeness, left, right = np.split(point, cut)
        to_claim, to_passage = left.reshape(width, RANK), right.reshape(width, RANK)
        asked, offered = claims @ to_claim, rows @ to_passage
        odds = signals @ weights + rows @ likeness + (offered * asked[owner]).sum(axis=1)
        cost, pull = _judge(odds, marked, owner, share)
        back = np.zeros_like(asked)
        np.add.at(back, owner, pull[:, None] * offered)
        slope = np.concatenate(
            [
                signals.T @ pull + L2_SIGNALS * weights,
                rows.T @ pull + ridge * likeness,
                (claims.T @ back).ravel() + ridge * left,
                (rows.T @ (pull[:, None] * asked[owner])).ravel() + ridge * right,
            ]
        )
        cost += 0.5 * L2_SIGNALS * float(weights @ weights)
        cost += 0.5 * ridge * float(likeness @ likeness)
        cost += 0.5 * ridge * float(left @ left + right @ right)
        return cost, slope

    first = np.zeros(cut[-1] + width * RANK)
    first[: len(SIGNALS)] = [_FIRST_WEIGHT if name in ("words", "near") else 0 for name in SIGNALS]
    first[cut[-1] :] = np.random.default_rng(SEED).normal(0, 0.05, width * RANK)
    weights, likeness, left, right = np.split(minimise(loss, first, ITERATIONS), cut)
    return EvidenceJudge(
        weights.astype(np.float32),
        likeness.astype(np.float32),
        left.reshape(width, RANK).astype(np.float32),
        right.reshape(width, RANK).astype(np.float32),
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


def report_folds(lessons: Sequence[Lesson], ridge: float) -> None:
    """Print, by set, the share of claims found by words and by judges that saw other pages."""
    judged: dict[str, list[bool]] = {}
    for fold in range(FOLDS):
        judge = fit([one for one in lessons if one.pool.fold != fold], ridge)
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
    parser.add_argument("--encoder", action="store_true")
    parser.add_argument("--folds", action="store_true")
    parser.add_argument("--vectors", type=Path)
    given = parser.parse_args()
    pools = read_pools(given.data)
    meanings = count_meanings(pools)
    by_encoder: Readers = partial(read_vectors, given.vectors)
    by_words: Readers = partial(read_words, meanings)
    lessons = make_lessons(pools, by_encoder if given.encoder else by_words)
    ridge = L2_BY_ENCODER if given.encoder else L2_BY_WORDS
    if given.folds:
        report_folds(lessons, ridge)
        return 0
    digest, judge = digest_of(pools), fit(lessons, ridge)
    if given.encoder:
        store_judge(judge, ENCODED_PATH, data_sha256=digest, weights_sha256=WEIGHTS_SHA256)
    else:
        store_meanings(meanings.rarity, meanings.middle, data_sha256=digest)
        store_judge(judge, MODEL_PATH, data_sha256=digest)
    print(f"{len(pools)} claims, sha256 {digest}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
