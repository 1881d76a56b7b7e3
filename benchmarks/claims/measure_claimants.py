"""Whether the claimant of a sentence is the one that the text names, on our own cases.

``python -m benchmarks.claims.measure_claimants [--show]``: ``precision`` of the claimants given,
``recall`` of those labelled, ``exact`` over all cases. The last sentence of a case counts.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from claims.text.detection import detect_claims

CASES = Path(__file__).with_name("claimants.psv")


def read_cases() -> Iterator[tuple[str, str | None]]:
    """(text, claimant or ``None``) of the labelled cases."""
    for line in CASES.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            who, _, text = line.partition(" | ")
            yield text, None if who == "-" else who


def _plain(who: str | None) -> str | None:
    return who[0].lower() + who[1:] if who else None


def figures(*, show: bool = False) -> dict[str, float]:
    """``cases``, ``precision``, ``recall`` and ``exact``."""
    given = right = wanted = exact = cases = 0
    for text, who in read_cases():
        claims = detect_claims(text)
        found = claims[-1].claimant if claims else None
        is_right = _plain(found) == _plain(who)
        cases += 1
        given += found is not None
        wanted += who is not None
        right += is_right and who is not None
        exact += is_right
        if show and not is_right:
            print(f"{found} for {who}: {text}")
    return {
        "cases": cases,
        "precision": right / given if given else 1.0,
        "recall": right / wanted,
        "exact": exact / cases,
    }


if __name__ == "__main__":
    for name, value in figures(show="--show" in sys.argv).items():
        print(f"{name:<10} {value:.4g}")
