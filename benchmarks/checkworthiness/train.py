"""Train the learned part of check-worthiness: ``python benchmarks/checkworthiness/train.py DATA``.

``DATA`` is a folder with the public sets named in ``docs/MODEL_CARD.md``. Promises the
same model for the same data: no randomness, the data's digest printed and stored.
``--hold-out 2012`` keeps the debates from that year on aside, prints what the model
reaches on them and writes nothing. ``--leave-pieces-out 4`` parts the pieces of
``pieces-dev.jsonl`` in four, reads each part with a model of all the rest, prints what
that reaches and writes nothing.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import math
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parent.parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from benchmarks.checkworthiness.lbfgs import minimise  # noqa: E402
from benchmarks.checkworthiness.measures import average_precision, recall_at_false_positives  # noqa: E402
from claims.text.checkworthiness import RULES_SHARE, SHIFT  # noqa: E402
from claims.text.learned import (  # noqa: E402
    MODEL_PATH,
    MODEL_VERSION,
    TABLE_BITS,
    LearnedModel,
    read_features,
)
from claims.text.rules import weigh_rules  # noqa: E402
from claims.text.signals import cut_tokens, plain_sentence, read_signals  # noqa: E402

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

# Chosen on the debates from 2012 on, trained on those before, and on the news pieces, left out
# by turns (see docs/MODEL_CARD.md).
UNIMPORTANT_TARGET = 0.25
ENCYCLOPEDIC_WEIGHT = 0.25
NEWS_WEIGHT = 3.0
L2 = 3.5e-5
ITERATIONS = 60


@dataclass(frozen=True, slots=True)
class Example:
    """One sentence with its target in 0…1, its weight and the year it was said (0: no year)."""

    text: str
    target: float
    weight: float
    year: int = 0
    verdict: int | None = None
    piece: str = ""


def read_debates(folder: Path) -> list[Example]:
    """The debates' sentences: checkable 1, factual but unimportant a quarter, the rest 0."""
    targets = {1: 1.0, 0: UNIMPORTANT_TARGET, -1: 0.0}
    with (folder / "claimbuster" / "crowdsourced.csv").open(encoding="utf-8", newline="") as lines:
        return [
            Example(row["Text"], targets[verdict], 1.0, int(row["File_id"][:4]), verdict)
            for row in csv.DictReader(lines)
            for verdict in (int(row["Verdict"]),)
        ]


def read_encyclopedic(folder: Path) -> list[Example]:
    """Claims written about an encyclopedia or a paper: all of them assert something."""
    texts: set[str] = set()
    for path, key in (
        (folder / "fever-symmetric" / "fever_symmetric_dev.jsonl", "claim"),
        (folder / "fool-me-twice" / "dev.jsonl", "text"),
        (folder / "wice" / "claim_dev.jsonl", "claim"),
    ):
        for line in path.read_text(encoding="utf-8").splitlines():
            texts.add(str(json.loads(line)[key]))
    with (folder / "scifact" / "claims_train.csv").open(encoding="utf-8", newline="") as lines:
        texts.update(row["claim"] for row in csv.DictReader(lines))
    return [Example(text, 1.0, ENCYCLOPEDIC_WEIGHT) for text in sorted(texts)]


def read_news(path: Path) -> list[Example]:
    """Our own news sentences, labelled as RULES.md says."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [
        Example(row["text"], float(row["label"]), NEWS_WEIGHT, piece=row["id"].partition("-")[0])
        for row in rows
    ]


def read_examples(folder: Path) -> list[Example]:
    """Everything a model may be trained on: the public sets of the folder, and our own news."""
    here = Path(__file__)
    return [
        *read_debates(folder),
        *read_encyclopedic(folder),
        *read_news(here.with_name("news-train.jsonl")),
        *read_news(here.with_name("pieces-dev.jsonl")),
    ]


def split_by_year(examples: list[Example], year: float) -> tuple[list[Example], list[Example]]:
    """Those of before the year (and of none), and those from it on."""
    past = [example for example in examples if example.year < year]
    return past, [example for example in examples if example.year >= year]


def build_matrix(examples: list[Example]) -> tuple[Integers, Floats, Integers]:
    """Places, values and the row of each, for all examples."""
    places: list[int] = []
    values: list[float] = []
    rows: list[int] = []
    for row, example in enumerate(examples):
        tokens = cut_tokens(plain_sentence(example.text))
        lowered = [token.lower() for token in tokens]
        found, amounts = read_features(tokens, lowered, read_signals(tokens, lowered))
        places.extend(found)
        values.extend(amounts)
        rows.extend([row] * len(found))
    return np.array(places), np.array(values), np.array(rows)


def fit(examples: list[Example]) -> tuple[Floats, float]:
    """Weights and bias of a logistic regression with a ridge, by L-BFGS from zero."""
    places, values, rows = build_matrix(examples)
    target = np.array([example.target for example in examples])
    weight = np.array([example.weight for example in examples])
    weight /= weight.sum()
    size = 1 << TABLE_BITS

    def loss(point: Floats) -> tuple[float, Floats]:
        scores = np.bincount(rows, values * point[places], minlength=len(target)) + point[-1]
        error = weight * (1 / (1 + np.exp(-np.clip(scores, -30, 30))) - target)
        gradient = np.bincount(places, values * error[rows], minlength=size + 1).astype(np.float64)
        gradient[:-1] = gradient[:-1] + L2 * point[:-1]
        gradient[-1] = error.sum()
        cost = (weight * (np.logaddexp(0, scores) - target * scores)).sum()
        return float(cost + 0.5 * L2 * (point[:-1] ** 2).sum()), gradient

    point = minimise(loss, np.zeros(size + 1), ITERATIONS)
    return point[:-1], float(point[-1])


def store(table: Floats, bias: float, digest: str) -> None:
    """Write the model file: whole numbers of 16 bits and their scale, no pickle."""
    scale = float(np.abs(table).max()) / 32767
    np.savez_compressed(
        MODEL_PATH,
        version=np.int64(MODEL_VERSION),
        table=np.round(table / scale).astype(np.int16),
        scale=np.float64(scale),
        bias=np.float64(bias),
        data_sha256=np.frombuffer(bytes.fromhex(digest), dtype=np.uint8),
    )


def digest_of(examples: list[Example]) -> str:
    """SHA-256 over texts, targets and weights in order."""
    lines = (f"{e.target}\t{e.weight}\t{e.text}\n" for e in examples)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def weigh(model: LearnedModel, text: str) -> tuple[float, float]:
    """The log-odds of one sentence: of the learned part and of the rules."""
    sentence = plain_sentence(text)
    tokens = cut_tokens(sentence)
    lowered = [token.lower() for token in tokens]
    counts = read_signals(tokens, lowered)
    return model.weigh(tokens, lowered, counts), weigh_rules(sentence, lowered, counts)[0]


def report_pieces(examples: list[Example], folds: int) -> None:
    """Print how each sentence of the pieces is read by a model that saw nothing of its piece."""
    pieces = sorted({example.piece for example in examples if _is_of_piece(example)})
    labels: list[bool] = []
    scores: list[float] = []
    for fold in range(folds):
        left_out = set(pieces[fold::folds])
        table, bias = fit([example for example in examples if example.piece not in left_out])
        model = LearnedModel(table.tolist(), bias)
        for example in examples:
            if example.piece in left_out:
                learned, ruled = weigh(model, example.text)
                labels.append(example.target == 1)
                scores.append(learned + RULES_SHARE * ruled + SHIFT)
    opened = [score >= 0 for score in scores]
    hits = sum(one and label for one, label in zip(opened, labels, strict=True))
    print(
        f"{len(labels)} sentences of {len(pieces)} pieces, left out by turns: "
        f"AP {average_precision(labels, scores):.3f}, recall at 10 % "
        f"{recall_at_false_positives(labels, scores, 0.1):.3f}, at one half precision "
        f"{hits / max(1, sum(opened)):.3f}, recall {hits / sum(labels):.3f}"
    )


def _is_of_piece(example: Example) -> bool:
    return example.piece.startswith("n")


def report(model: LearnedModel, held_out: list[Example]) -> None:
    """Print average precision on the held-out debates, with more and more of the rules added."""
    learned: list[float] = []
    ruled: list[float] = []
    for example in held_out:
        one, other = weigh(model, example.text)
        learned.append(one)
        ruled.append(other)
    worthy = [example.verdict == 1 for example in held_out]
    factual = [example.verdict != -1 for example in held_out]
    for share in (0.0, RULES_SHARE, 0.5, 1.0):
        scores = [one + share * other for one, other in zip(learned, ruled, strict=True)]
        print(
            f"rules x {share}: worthy AP {average_precision(worthy, scores):.3f}, "
            f"factual AP {average_precision(factual, scores):.3f}, recall of worthy at 10 % "
            f"{recall_at_false_positives(worthy, scores, 0.1):.3f}"
        )


def main() -> int:
    """Train and store, or train on the past and report on what is held out."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--hold-out", type=int, default=math.inf, metavar="YEAR")
    parser.add_argument("--leave-pieces-out", type=int, metavar="FOLDS")
    given = parser.parse_args()
    examples = read_examples(given.data)
    if given.leave_pieces_out:
        report_pieces(examples, given.leave_pieces_out)
        return 0
    past, held_out = split_by_year(examples, given.hold_out)
    table, bias = fit(past)
    if held_out:
        report(LearnedModel(table.tolist(), bias), held_out)
        return 0
    digest = digest_of(examples)
    store(table, bias, digest)
    print(f"{MODEL_PATH.name}: {len(examples)} sentences, sha256 {digest}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
