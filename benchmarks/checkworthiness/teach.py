"""Ask the second stage what it thinks of the training sentences.

``python benchmarks/checkworthiness/teach.py DATA`` writes ``taught.npz``: for every sentence that
``train.py`` learns from, the second stage's three chances, given by additions that were learned
on the other half of the sentences; and the same once more for the debates before 2012, with
additions that saw nothing later, so that the debates from 2012 on stay a measure. The always-on
model learns from these as much as from the labels. The optional encoder must be installed; takes
some twenty-five minutes of one processor. Promises the same chances for the same data and the same
arithmetic library.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parent.parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from benchmarks.checkworthiness.examples import Example, read_examples, split_by_year  # noqa: E402
from benchmarks.checkworthiness.taught import MEASURED_FROM, store_taught  # noqa: E402
from benchmarks.checkworthiness.train_encoder import fit  # noqa: E402

_SEED = 5
_NEIGHBOURS = 40
"""So many sentences in a row go to the same half: what repeats stands together."""


def draw_halves(count: int) -> NDArray[np.int64]:
    """0 or 1 for each sentence."""
    blocks = np.arange(count) // _NEIGHBOURS
    halves: NDArray[np.int64] = np.random.default_rng(_SEED).integers(0, 2, blocks.max() + 1)
    return halves[blocks]


def teach(examples: Sequence[Example]) -> NDArray[np.float64]:
    """Three chances a sentence, from additions learned on the half it is not in."""
    halves = draw_halves(len(examples))
    chances = np.zeros((len(examples), 3))
    for half in (0, 1):
        stage = fit([example for example, own in zip(examples, halves, strict=True) if own != half])
        places = np.flatnonzero(halves == half)
        chances[places] = stage.judge([examples[place].text for place in places.tolist()])
    return chances


def main() -> int:
    """Write what was said of all sentences, and of those before the measured ones."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("data", type=Path)
    examples = read_examples(parser.parse_args().data)
    for year in (MEASURED_FROM, math.inf):
        past, _ = split_by_year(examples, year)
        store_taught(past, teach(past), year)
        print(f"{len(past)} sentences before {year}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
