"""Whether the claimant of a sentence is the one that the text names, on our own cases.

``python -m benchmarks.claims.measure_claimants [--show]``: ``precision`` of the claimants given,
``recall`` of those labelled, ``exact`` over all cases. The last sentence of a case counts.
"""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.claims.tally import Tally, print_figures, read_lines
from claims.text.detection import detect_claims


def read_cases() -> Iterator[tuple[str, str | None]]:
    """(text, claimant or ``None``) of the labelled cases."""
    for line in read_lines("claimants.psv"):
        who, _, text = line.partition(" | ")
        yield text, None if who == "-" else who


def _plain(who: str | None) -> str | None:
    return who[0].lower() + who[1:] if who else None


def figures(*, show: bool = False) -> dict[str, float]:
    """``cases``, ``precision``, ``recall`` and ``exact``."""
    tally = Tally()
    for text, who in read_cases():
        claims = detect_claims(text)
        found = claims[-1].claimant if claims else None
        is_right = _plain(found) == _plain(who)
        tally.add(
            given=found is not None,
            wanted=who is not None,
            right=is_right and who is not None,
            is_exact=is_right,
        )
        if show and not is_right:
            print(f"{found} for {who}: {text}")
    return tally.figures()


if __name__ == "__main__":
    print_figures(figures)
