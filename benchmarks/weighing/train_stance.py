"""Train the linear stance model: ``python benchmarks/weighing/train_stance.py DATA [--write]``.

Promises the same weights for the same data, a measurement by group-wise cross-validation
before anything is written, and plain JSON as the result. Refuses other data than the
sets named in ``docs/MODEL_CARD_STANCE.md``.
"""

from __future__ import annotations

import argparse
import json
import sys
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.weighing.stance_sets import READERS, Pair  # noqa: E402
from claims.text.compare import compare_texts  # noqa: E402
from claims.text.stance import NEUTRAL_HANDICAP  # noqa: E402
from claims.text.stance_signals import read_signals  # noqa: E402

LABELS = ("supports", "refutes", "neutral")
MODEL = ROOT / "claims" / "text" / "models" / "stance.json"
FOLDS = 5
RIDGE = 5.0
SHARES = {
    "fever-symmetric": 3.0,
    "fool-me-twice": 1.0,
    "scifact": 1.0,
    "check-covid": 1.0,
    "wice": 1.5,
}
"""Weight of a pair by its set: the two-sided set teaches most, the small ones must be heard."""

Matrix = NDArray[np.float64]


def signals_of(pairs: list[Pair]) -> tuple[list[str], Matrix]:
    """The names of the signals and one row of values per pair."""
    rows = []
    for pair in pairs:
        comparison = compare_texts(pair.claim, pair.passage)
        rows.append(read_signals(pair.claim, pair.passage, comparison).values)
    names = list(rows[0])
    return names, np.array([[row[name] for name in names] for row in rows])


def fit(rows: Matrix, labels: NDArray[np.int64], weights: Matrix, steps: int = 25) -> Matrix:
    """Weights (signal × label) of a ridge-penalised softmax regression, by Newton steps."""
    width = rows.shape[1]
    kinds = len(LABELS)
    found = np.zeros((width, kinds))
    wanted = np.eye(kinds)[labels]
    for _ in range(steps):
        scores = rows @ found
        scores -= scores.max(axis=1, keepdims=True)
        shares = np.exp(scores)
        shares /= shares.sum(axis=1, keepdims=True)
        slope = rows.T @ ((shares - wanted) * weights[:, None]) + RIDGE * found
        curve = np.zeros((width * kinds, width * kinds))
        for one in range(kinds):
            for other in range(kinds):
                spread = shares[:, one] * ((one == other) - shares[:, other]) * weights
                block = (rows * spread[:, None]).T @ rows
                curve[one::kinds, other::kinds] = block
        curve += RIDGE * np.eye(width * kinds)
        step = np.linalg.solve(curve, slope.ravel()).reshape(width, kinds)
        found -= step
        if np.abs(step).max() < 1e-8:
            break
    return found


def macro_f1(truth: NDArray[np.int64], said: NDArray[np.int64]) -> float:
    """The mean F1 of the labels that occur in ``truth``."""
    scores = []
    for label in np.unique(truth):
        hit = np.sum((truth == label) & (said == label))
        named, real = np.sum(said == label), np.sum(truth == label)
        scores.append(2 * hit / (named + real))
    return float(np.mean(scores))


def main() -> None:
    """Measure by cross-validation and by leaving a set out; with ``--write`` store the weights."""
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    pairs: list[Pair] = []
    sets: list[str] = []
    for name, read in READERS.items():
        found = list(read(options.data))
        pairs += found
        sets += [name] * len(found)
    names, rows = signals_of(pairs)
    labels = np.array([LABELS.index(pair.label) for pair in pairs])
    weights = np.array([SHARES[name] for name in sets])
    folds = np.array([zlib.crc32(pair.group.encode()) % FOLDS for pair in pairs])
    origin = np.array(sets)
    scores = np.zeros((len(pairs), len(LABELS)))
    for fold in range(FOLDS):
        kept = folds != fold
        scores[~kept] = rows[~kept] @ fit(rows[kept], labels[kept], weights[kept])
    scores[:, LABELS.index("neutral")] -= NEUTRAL_HANDICAP
    numeric = rows[:, names.index("no_numbers")] == 0
    for name in READERS:
        here = origin == name
        apart = rows[here] @ fit(rows[~here], labels[~here], weights[~here])
        two_sided = here & (labels < 2)
        with_number = two_sided & numeric
        print(
            f"{name:16} three labels {macro_f1(labels[here], scores[here].argmax(1)):.3f}"
            f"  set left out {macro_f1(labels[here], apart.argmax(1)):.3f}"
            f"  two labels {macro_f1(labels[two_sided], scores[two_sided, :2].argmax(1)):.3f}"
            f"  numeric {macro_f1(labels[with_number], scores[with_number, :2].argmax(1)):.3f}"
        )
    if options.write:
        trained = fit(rows, labels, weights)
        stored = {
            "trained_on": sorted(READERS),
            "weights": {
                label: {
                    name: round(float(trained[row, column]), 5) for row, name in enumerate(names)
                }
                for column, label in enumerate(LABELS)
            },
        }
        MODEL.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")
        print(f"wrote {MODEL.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
