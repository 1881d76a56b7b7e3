"""Run every registered measure on the committed sets and hold it to its floor.

``python benchmarks/gate.py [NAME …]`` prints one table and ends with 1 where a figure lies
under its floor or above its ceiling, where a limit has no figure, or where a measure has
no limits at all: a floor cannot vanish unseen. ``floors.json`` holds them as
``{name: {"least": {figure: number}, "most": {figure: number}}}``; ``--record`` writes what was
``reached`` beside them, which holds nothing to anything.

A measure joins by one entry in :data:`MEASURES`: a function that imports what it needs and
gives its figures by name.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

FLOORS = Path(__file__).with_name("floors.json")
Figures = dict[str, float]
Limits = dict[str, dict[str, float]]


def _measure_quantities() -> Figures:
    from benchmarks.quantities.measure import figures

    return figures()


def _measure_compare() -> Figures:
    from benchmarks.compare.measure import figures

    return figures()


def _measure_duplicates() -> Figures:
    from benchmarks.weighing.measure_duplicates import figures

    return figures(20_000)


def _measure_checkworthiness() -> Figures:
    from benchmarks.checkworthiness.measure import checkworthiness_figures

    return checkworthiness_figures()


def _measure_checkworthiness_pieces() -> Figures:
    from benchmarks.checkworthiness.measure import pieces_figures

    return pieces_figures()


def _measure_claimants() -> Figures:
    from benchmarks.claims.measure_claimants import figures

    return figures()


def _measure_page_frames() -> Figures:
    from benchmarks.pages.measure import measure_frames

    return measure_frames(None)


def _measure_parts() -> Figures:
    from benchmarks.claims.measure_parts import figures

    return figures()


def _measure_wording() -> Figures:
    from benchmarks.claims.measure_wording import figures

    return figures()


def _measure_hints() -> Figures:
    from benchmarks.claims.measure_hints import figures

    return figures()


def _measure_sentences() -> Figures:
    from benchmarks.checkworthiness.measure import sentence_figures

    return sentence_figures()


MEASURES: dict[str, Callable[[], Figures]] = {
    "checkworthiness": _measure_checkworthiness,
    "checkworthiness_pieces": _measure_checkworthiness_pieces,
    "claimants": _measure_claimants,
    "compare": _measure_compare,
    "duplicates": _measure_duplicates,
    "hints": _measure_hints,
    "page_frames": _measure_page_frames,
    "parts": _measure_parts,
    "quantities": _measure_quantities,
    "sentences": _measure_sentences,
    "wording": _measure_wording,
}


class Row(NamedTuple):
    """One figure beside its limit."""

    measure: str
    figure: str
    value: float | None
    sign: str
    limit: float

    @property
    def is_kept(self) -> bool:
        """Whether the figure exists and lies on the right side of its limit."""
        if self.value is None:
            return False
        return self.value >= self.limit if self.sign == ">=" else self.value <= self.limit


def hold(name: str, figures: Figures, limits: Limits) -> list[Row]:
    """The rows of one measure, a row for every limit; raises ``KeyError`` where it has none."""
    least, most = limits.get("least", {}), limits.get("most", {})
    if not least and not most:
        raise KeyError(f"no limits for {name} in {FLOORS.name}")
    return [Row(name, one, figures.get(one), ">=", limit) for one, limit in least.items()] + [
        Row(name, one, figures.get(one), "<=", limit) for one, limit in most.items()
    ]


def main() -> int:
    """Print the table; 1 where a limit is broken."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("names", nargs="*", help="measures to run; all where none is named")
    parser.add_argument("--record", action="store_true", help="write what was reached beside them")
    given = parser.parse_args()
    if unknown := set(given.names) - set(MEASURES):
        parser.error(f"no such measure: {', '.join(sorted(unknown))}")
    floors: dict[str, Limits] = json.loads(FLOORS.read_text(encoding="utf-8"))
    kept = True
    for name in given.names or sorted(MEASURES):
        figures = MEASURES[name]()
        if given.record:
            reached = {one: float(f"{value:.4g}") for one, value in figures.items()}
            floors.setdefault(name, {})["reached"] = reached
        for row in hold(name, figures, floors.get(name, {})):
            value = "missing" if row.value is None else f"{row.value:.4g}"
            verdict = "ok" if row.is_kept else "BROKEN"
            limit = f"{row.sign} {row.limit:<9g}"
            print(f"{row.measure:<22} {row.figure:<22} {value:>9} {limit} {verdict}")
            kept = kept and row.is_kept
    if given.record:
        FLOORS.write_text(json.dumps(floors, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
