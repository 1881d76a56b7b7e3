"""How many hints are right, and how many of those labelled are found, on our own cases.

``python -m benchmarks.claims.measure_hints [--show]`` prints the figures, with ``--show`` also
every case that is not as labelled. A case is right by kind: an expected kind that comes is a
hit, one that comes unasked is a false alarm.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from benchmarks.claims.tally import Tally, print_figures, read_lines
from claims.text.detection import detect_claims


class Case(NamedTuple):
    """A short text and the kinds of hint that a careful reader would want with it."""

    text: str
    kinds: tuple[str, ...]


def read_cases() -> Iterator[Case]:
    """The labelled cases."""
    for line in read_lines("hints.psv"):
        kinds, _, text = line.partition(" | ")
        yield Case(text, () if kinds == "-" else tuple(kinds.split(",")))


def found_kinds(text: str) -> tuple[str, ...]:
    """The kinds of the hints that the product gives for a text."""
    hints = {hint for claim in detect_claims(text) for hint in claim.hints}
    return tuple(sorted(hint.kind.value for hint in hints))


def figures(*, show: bool = False) -> dict[str, float]:
    """``cases``, ``precision`` and ``recall`` by hint, ``exact`` by case."""
    tally = Tally()
    for case in read_cases():
        found = found_kinds(case.text)
        tally.add(
            given=len(found),
            wanted=len(case.kinds),
            right=(Counter(found) & Counter(case.kinds)).total(),
            is_exact=Counter(found) == Counter(case.kinds),
        )
        if show and Counter(found) != Counter(case.kinds):
            print(f"{','.join(found) or '-'} for {','.join(case.kinds) or '-'}: {case.text}")
    return tally.figures()


if __name__ == "__main__":
    print_figures(figures)
