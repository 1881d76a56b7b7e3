"""What the measurements on labelled cases share: reading the cases, counting, printing.

A case is one line of a ``.psv`` file beside this module; an empty line or one that starts
with ``#`` is none.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path


def read_lines(name: str) -> Iterator[str]:
    """The cases of a file of this folder, as written."""
    for line in Path(__file__).with_name(name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line


@dataclass(slots=True)
class Tally:
    """What was given, wanted and right over all cases so far."""

    cases: int = 0
    given: int = 0
    wanted: int = 0
    right: int = 0
    exact: int = 0

    def add(self, *, given: int, wanted: int, right: int, is_exact: bool) -> None:
        """One more case."""
        self.cases += 1
        self.given += given
        self.wanted += wanted
        self.right += right
        self.exact += is_exact

    def figures(self) -> dict[str, float]:
        """``cases``, ``precision`` (1 where nothing was given), ``recall`` and ``exact``."""
        return {
            "cases": self.cases,
            "precision": self.right / self.given if self.given else 1.0,
            "recall": self.right / self.wanted,
            "exact": self.exact / self.cases,
        }


def print_figures(measure: Callable[..., dict[str, float]]) -> None:
    """Measure and print a line a figure; ``--show`` on the command line shows the misses too."""
    for name, value in measure(show="--show" in sys.argv).items():
        print(f"{name:<10} {value:.4g}")
