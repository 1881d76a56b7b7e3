"""Train the always-on readings: ``python benchmarks/checkworthiness/train.py DATA``.

``DATA`` is a folder with the public sets named in ``docs/MODEL_CARD.md``. Two models learn from
the labels and from what the second stage thinks of the same sentences (``taught.npz``): a linear
one and a convolution over word vectors. Promises the same models for the same data and the same
arithmetic library, the data's digest printed and stored. ``--hold-out 2012`` keeps the debates
from that year on aside, prints what the models reach on them and writes nothing.
``--leave-pieces-out 4`` parts the pieces of ``pieces-dev.jsonl`` in four, reads each part with
models of all the rest, prints what that reaches and writes nothing. Takes about two minutes of
one processor.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parent.parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from benchmarks.checkworthiness.convolve import fit_convolution  # noqa: E402
from benchmarks.checkworthiness.examples import (  # noqa: E402
    UNIMPORTANT_TARGET,
    Example,
    digest_of,
    read_examples,
    split_by_year,
    target_of,
)
from benchmarks.checkworthiness.linear import fit_linear  # noqa: E402
from benchmarks.checkworthiness.measures import average_precision, recall_at_false_positives  # noqa: E402
from benchmarks.checkworthiness.taught import read_taught  # noqa: E402
from claims.text.checkworthiness import CONVOLUTION_SHARE, RULES_SHARE, SHIFT  # noqa: E402
from claims.text.convolution import Convolution, Weights, store_weights  # noqa: E402
from claims.text.learned import Cut, LearnedModel, cut_sentence, store_table  # noqa: E402
from claims.text.rules import weigh_rules  # noqa: E402
from claims.text.signals import plain_sentence  # noqa: E402
from claims.text.word_vectors import load_vectors  # noqa: E402

Floats = NDArray[np.float64]

# Chosen on the debates from 2012 on, trained on those before (docs/MODEL_CARD.md).
TAUGHT_SHARE = 0.7
"""How much of a debate sentence's target is the second stage's; the others keep their labels."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """Sentences with the three chances that are wished for, and their weights."""

    examples: Sequence[Example]
    cuts: Sequence[Cut]
    chances: Floats
    weights: Floats

    def pick(self, places: Sequence[int]) -> Lesson:
        """Only the sentences at these places."""
        at = list(places)
        return Lesson(
            [self.examples[place] for place in at],
            [self.cuts[place] for place in at],
            self.chances[at],
            self.weights[at],
        )


@dataclass(frozen=True, slots=True)
class Trained:
    """Both models, ready to read."""

    table: Floats
    bias: float
    weights: Weights

    def weigh(self, cuts: Sequence[Cut]) -> tuple[Floats, Floats]:
        """The log-odds of each sentence: by the linear model, and by the convolution."""
        model = LearnedModel(self.table.tolist(), self.bias)
        linear = np.array([model.weigh(cut) for cut in cuts])
        return linear, np.array(Convolution(load_vectors(), self.weights).weigh(cuts))


def prepare(examples: Sequence[Example], year: float) -> Lesson:
    """What is learned from the examples, all of before ``year``."""
    taught = read_taught(examples, year)
    labelled = np.array([_label_of(example) for example in examples])
    is_debate = np.array([example.verdict is not None for example in examples])
    share = np.where(is_debate, TAUGHT_SHARE, 0.0)[:, None]
    return Lesson(
        examples,
        [cut_sentence(plain_sentence(example.text)) for example in examples],
        (1 - share) * labelled + share * taught,
        np.array([example.weight for example in examples]),
    )


def _label_of(example: Example) -> tuple[float, float, float]:
    """As the second stage's, but a written claim is to be worthy without reserve."""
    is_written_claim = example.verdict is None and not example.is_own_news
    return (1.0, 0.0, 0.0) if is_written_claim else target_of(example)


def fit(lesson: Lesson) -> Trained:
    """Both models, learned from the lesson."""
    worthy = lesson.chances[:, 0] + UNIMPORTANT_TARGET * lesson.chances[:, 1]
    table, bias = fit_linear(lesson.cuts, worthy, lesson.weights)
    return Trained(
        table,
        bias,
        fit_convolution(
            load_vectors(),
            lesson.cuts,
            lesson.chances.astype(np.float32),
            lesson.weights.astype(np.float32),
        ),
    )


def weigh_by_rules(example: Example, cut: Cut) -> float:
    """What the rules add to the log-odds of a sentence."""
    return weigh_rules(plain_sentence(example.text), cut.lowered, cut.counts)[0]


def report_pieces(lesson: Lesson, folds: int) -> None:
    """Print how each sentence of the pieces is read by models that saw nothing of its piece."""
    places = range(len(lesson.examples))
    pieces = sorted({one.piece for one in lesson.examples if one.is_of_piece})
    labels: list[bool] = []
    scores: list[float] = []
    for fold in range(folds):
        left_out = set(pieces[fold::folds])
        trained = fit(lesson.pick([p for p in places if lesson.examples[p].piece not in left_out]))
        asked = lesson.pick([p for p in places if lesson.examples[p].piece in left_out])
        linear, convolved = trained.weigh(asked.cuts)
        learned = (1 - CONVOLUTION_SHARE) * linear + CONVOLUTION_SHARE * convolved
        for example, cut, one in zip(asked.examples, asked.cuts, learned, strict=True):
            labels.append(example.target == 1)
            scores.append(float(one) + RULES_SHARE * weigh_by_rules(example, cut) + SHIFT)
    opened = [score >= 0 for score in scores]
    hits = sum(one and label for one, label in zip(opened, labels, strict=True))
    print(
        f"{len(labels)} sentences of {len(pieces)} pieces, left out by turns: "
        f"AP {average_precision(labels, scores):.3f}, recall at 10 % "
        f"{recall_at_false_positives(labels, scores, 0.1):.3f}, at one half precision "
        f"{hits / max(1, sum(opened)):.3f}, recall {hits / sum(labels):.3f}"
    )


def report(trained: Trained, held_out: Sequence[Example]) -> None:
    """Print what the models reach on sentences they were not trained on, by the shares of each."""
    cuts = [cut_sentence(plain_sentence(example.text)) for example in held_out]
    linear, convolved = trained.weigh(cuts)
    pairs = zip(held_out, cuts, strict=True)
    ruled = np.array([weigh_by_rules(example, cut) for example, cut in pairs])
    worthy = [example.verdict == 1 for example in held_out]
    factual = [example.verdict != -1 for example in held_out]
    for convolution in (0.0, CONVOLUTION_SHARE, 1.0):
        for rules in (0.0, RULES_SHARE):
            mixed = (1 - convolution) * linear + convolution * convolved + rules * ruled
            scores = mixed.tolist()
            print(
                f"convolution x {convolution}, rules x {rules}: worthy AP "
                f"{average_precision(worthy, scores):.3f}, factual AP "
                f"{average_precision(factual, scores):.3f}, recall of worthy at 10 % "
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
    past, held_out = split_by_year(examples, given.hold_out)
    lesson = prepare(past, given.hold_out)
    if given.leave_pieces_out:
        report_pieces(lesson, given.leave_pieces_out)
        return 0
    trained = fit(lesson)
    if held_out:
        report(trained, held_out)
        return 0
    digest = digest_of(examples)
    store_table(trained.table, trained.bias, digest)
    store_weights(trained.weights, digest)
    print(f"{len(examples)} sentences, sha256 {digest}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
