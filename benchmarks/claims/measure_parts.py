"""Whether sentences are cut where their parts can be checked apart, on our own cases.

``python -m benchmarks.claims.measure_parts [--show]``: ``precision`` and ``recall`` of the parts
after the first, each with what it takes along; ``exact`` over all cases.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from benchmarks.claims.tally import Tally, print_figures, read_lines
from claims.text.parts import cut_parts
from claims.text.quantities import read_quantities


def read_cases() -> Iterator[list[str]]:
    """The labelled parts of each sentence; the first one takes nothing along."""
    for line in read_lines("parts.psv"):
        yield line.split(" || ")


def found_parts(parts: list[str]) -> list[str]:
    """The parts that the product makes of a labelled sentence, written like the labels."""
    sentence = join(parts)
    spans = [(one.start, one.end) for one in read_quantities(sentence)]
    return [
        (f"[{sentence[slice(*one.lead)]}] " if one.lead else "") + sentence[one.start : one.end]
        for one in cut_parts(sentence, spans)
    ]


def join(parts: list[str]) -> str:
    """The sentence as a newspaper would print it."""
    bare = [re.sub(r"^\[[^\]]*\] ", "", part) for part in parts]
    if len(bare) < 3:
        glue = ", while " if "said" in bare[0] and "that" not in bare[0] else " and "
        return glue.join(bare)
    return ", ".join(bare[:-1]) + " and " + bare[-1]


def figures(*, show: bool = False) -> dict[str, float]:
    """``cases``, ``precision``, ``recall`` and ``exact``."""
    tally = Tally()
    for parts in read_cases():
        found = found_parts(parts)
        tally.add(
            given=len(found) - 1,
            wanted=len(parts) - 1,
            right=len(set(found[1:]) & set(parts[1:])),
            is_exact=found == parts,
        )
        if show and found != parts:
            print(f"{' || '.join(found)}\n    for {' || '.join(parts)}")
    return tally.figures()


if __name__ == "__main__":
    print_figures(figures)
