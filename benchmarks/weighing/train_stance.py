"""Train the stance model: ``python benchmarks/weighing/train_stance.py DATA [--encoder]``.

Learns from the sets named in ``docs/MODEL_CARD_STANCE.md`` and from pairs made of them
(``turned_pairs.py``). Prints what models that saw other claims reach (five folds; pairs that
share a claim or a passage stay together), what one reaches on a set left out of training,
and what comes of both with the rules above the weights; ``--write`` then learns from all and
stores it. ``--encoder`` reads by meaning too and needs ``make encoder``. Promises the same
weights for the same data and the same arithmetic library. Refuses to measure on made pairs.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.weighing.stance_nets import fit_net  # noqa: E402
from benchmarks.weighing.stance_sets import READERS, Pair, find_folds  # noqa: E402
from benchmarks.weighing.turned_pairs import Names, turn  # noqa: E402
from claims.text.compare import Comparison, compare_texts  # noqa: E402
from claims.text.encoder import bearing  # noqa: E402
from claims.text.encoder.weights import WEIGHTS_SHA256  # noqa: E402
from claims.text.model_files import Arrays  # noqa: E402
from claims.text.stance import NEUTRAL_HANDICAP, suggest_stance  # noqa: E402
from claims.text.stance_model import (  # noqa: E402
    LABELS,
    MODEL_PATH,
    MODEL_VERSION,
    StanceModel,
    store_model,
)
from claims.text.stance_signals import read_signals  # noqa: E402

SEED = 20261122
SHARES = {
    "fever-symmetric": 3.0,
    "fool-me-twice": 1.0,
    "scifact": 1.0,
    "check-covid": 1.0,
    "wice": 1.5,
}
"""Weight of a pair by its set: the two-sided set teaches most, the small ones must be heard."""
TURNED = ("fever-symmetric", "fool-me-twice", "wice")
"""Pairs are made of these; a word exchanged in an abstract is seldom the same thing's."""
MADE_SHARE = 0.2
"""Weight of a made pair beside that of the pair it was made from."""
NEUTRAL = LABELS.index("neutral")

Matrix = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Lessons:
    """Pairs with what is known of each: set, fold, weight, and whether it was made."""

    pairs: list[Pair]
    sets: NDArray[np.str_]
    folds: Integers
    weights: Matrix
    is_made: NDArray[np.bool_]

    @property
    def labels(self) -> Integers:
        """The place of each label in ``LABELS``."""
        return np.array([LABELS.index(pair.label) for pair in self.pairs])


def read_lessons(root: Path) -> Lessons:
    """The pairs of all sets, and behind them those made of them."""
    named = [(name, pair) for name, read in READERS.items() for pair in read(root)]
    folds = find_folds([pair for _, pair in named])
    rows = [(pair, name, fold, 1.0) for (name, pair), fold in zip(named, folds, strict=True)]
    names, chance = Names(pair.passage for _, pair in named), random.Random(SEED)
    rows += [
        (made, name, fold, MADE_SHARE * weight)
        for (name, pair), fold in zip(named, folds, strict=True)
        if name in TURNED
        for made, weight in turn(pair, names, chance)
    ]
    return Lessons(
        [pair for pair, _, _, _ in rows],
        np.array([name for _, name, _, _ in rows]),
        np.array([fold for _, _, fold, _ in rows]),
        np.array([SHARES[name] * weight for _, name, _, weight in rows]),
        np.arange(len(rows)) >= len(named),
    )


def read_rows(
    lessons: Lessons, read_more: Callable[[Pair], dict[str, float]]
) -> tuple[tuple[str, ...], Matrix, list[Comparison]]:
    """The names of the signals, a row of them for each pair, and what came of its numbers."""
    rows, comparisons = [], []
    for pair in lessons.pairs:
        comparison = compare_texts(pair.claim, pair.passage)
        signals = read_signals(pair.claim, pair.passage, comparison)
        rows.append({**signals.values, **read_more(pair)})
        comparisons.append(comparison)
    names = tuple(rows[0])
    return names, np.array([[row[name] for name in names] for row in rows]), comparisons


def macro_f1(truth: Integers, said: Integers) -> float:
    """The mean F1 of the labels that occur in ``truth``."""
    scores = []
    for label in np.unique(truth):
        hit = np.sum((truth == label) & (said == label))
        named, real = np.sum(said == label), np.sum(truth == label)
        scores.append(2 * hit / (named + real))
    return float(np.mean(scores))


def report(
    lessons: Lessons, rows: Matrix, comparisons: Sequence[Comparison], with_number: Matrix
) -> None:
    """Print what models reach on claims, and on a set, that they did not see."""
    labels, measured = lessons.labels, ~lessons.is_made
    odds = np.zeros((len(rows), len(LABELS)))
    for fold in range(lessons.folds.max() + 1):
        kept, told = lessons.folds != fold, (lessons.folds == fold) & measured
        odds[told] = fit_net(rows[kept], labels[kept], lessons.weights[kept]).weigh_rows(rows[told])
    for name in READERS:
        here, kept = (lessons.sets == name) & measured, lessons.sets != name
        apart = fit_net(rows[kept], labels[kept], lessons.weights[kept]).weigh_rows(rows[here])
        for title, found in (("other claims", odds[here]), ("other sets", apart)):
            ruled = apply_rules(lessons, np.flatnonzero(here), comparisons, found)
            print(
                f"{name:15} {title:12} {tell(labels[here], found, with_number[here])}"
                f"; with the rules {tell_ruled(labels[here], ruled, with_number[here])}",
                flush=True,
            )


def apply_rules(
    lessons: Lessons, places: Integers, comparisons: Sequence[Comparison], odds: Matrix
) -> Integers:
    """The labels that the product suggests with these log-odds."""
    said = []
    for place, row in zip(places.tolist(), odds, strict=True):
        worth = dict(zip(LABELS, row.tolist(), strict=True))
        suggestion = suggest_stance(
            lessons.pairs[place].claim,
            lessons.pairs[place].passage,
            comparison=comparisons[place],
            judge=lambda *_, worth=worth: (worth, ()),
        )
        said.append(LABELS.index(suggestion.stance))
    return np.array(said)


def tell(labels: Integers, odds: Matrix, with_number: Matrix) -> str:
    """Macro-F1 with three labels, and with two where neutral may not be said."""
    raised = odds - NEUTRAL_HANDICAP * np.eye(len(LABELS))[NEUTRAL]
    sided = labels != NEUTRAL
    forced = np.delete(odds, NEUTRAL, axis=1).argmax(axis=1)
    numeric = sided & (with_number > 0)
    return (
        f"three labels {macro_f1(labels, raised.argmax(axis=1)):.3f}"
        f"  two {macro_f1(labels[sided], forced[sided]):.3f}"
        f"  numeric {macro_f1(labels[numeric], forced[numeric]):.3f}"
    )


def tell_ruled(labels: Integers, said: Integers, with_number: Matrix) -> str:
    """Macro-F1 of what is suggested, for all pairs and for those whose claim has a number."""
    numeric = (labels != NEUTRAL) & (with_number > 0)
    return f"{macro_f1(labels, said):.3f}  numeric {macro_f1(labels[numeric], said[numeric]):.3f}"


def digest_of(lessons: Lessons) -> str:
    """SHA-256 over claims, passages and labels in order."""
    lines = (f"{one.claim}\t{one.passage}\t{one.label}\n" for one in lessons.pairs)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def main() -> None:
    """Measure by cross-validation and by leaving a set out; with ``--write`` store the weights."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--encoder", action="store_true")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    lessons = read_lessons(options.data)
    more: Arrays = {}
    if options.encoder:
        more = {"middle": bearing.find_middle([pair.passage for pair in lessons.pairs[::8]])}
    names, rows, comparisons = read_rows(
        lessons,
        lambda pair: bearing.read_aligned(*pair[:2], more["middle"])[0] if more else {},
    )
    print(f"{np.sum(~lessons.is_made)} pairs and {np.sum(lessons.is_made)} made of them")
    report(lessons, rows, comparisons, 1 - rows[:, names.index("no_numbers")])
    if options.write:
        net, digest = fit_net(rows, lessons.labels, lessons.weights), digest_of(lessons)
        model = StanceModel(names, net, more)
        if options.encoder:
            place, version = bearing.MODEL_PATH, bearing.MODEL_VERSION
            store_model(place, version, model, data_sha256=digest, weights_sha256=WEIGHTS_SHA256)
        else:
            store_model(MODEL_PATH, MODEL_VERSION, model, data_sha256=digest)
        print(f"stored, sha256 {digest}")


if __name__ == "__main__":
    main()
