"""Whether what is put into a sentence is what the article makes certain, on our own cases.

``python -m benchmarks.claims.measure_wording [--show]``: ``precision`` of the resolutions made,
``recall`` of those labelled (by what stands in brackets, in its place), ``exact`` over all cases.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date

from benchmarks.claims.tally import Tally, print_figures, read_lines
from claims.text.detection import detect_claims

PUBLISHED = date(2025, 11, 18)
_PUT_IN = re.compile(r"(?P<before>\S* ?)\[(?P<meaning>[^\]]*)\]")


def read_cases() -> Iterator[tuple[str, str]]:
    """(article, wording of its last sentence) of the labelled cases."""
    for line in read_lines("wording.psv"):
        text, _, wording = line.partition(" => ")
        # A line above keeps the first paragraph from being read as a title.
        article = "Case\n\n" + text.removeprefix("¶ ").replace(" ¶ ", "\n\n") + "\n"
        yield article, "" if wording == "=" else wording


def put_in(wording: str) -> Counter[tuple[str, str]]:
    """What stands in brackets, each with the word before it."""
    return Counter((one["before"].strip(), one["meaning"]) for one in _PUT_IN.finditer(wording))


def figures(*, show: bool = False) -> dict[str, float]:
    """``cases``, ``untouched`` among them, ``precision``, ``recall`` and ``exact``."""
    tally, untouched = Tally(), 0
    for article, label in read_cases():
        claim = detect_claims(article, published=PUBLISHED)[-1]
        expected = label or claim.text
        found, sought = put_in(claim.self_contained), put_in(label)
        untouched += not label
        tally.add(
            given=found.total(),
            wanted=sought.total(),
            right=(found & sought).total(),
            is_exact=claim.self_contained == expected,
        )
        if show and claim.self_contained != expected:
            print(f"{article[6:].strip()!r}: {claim.self_contained}")
    return tally.figures() | {"untouched": untouched}


if __name__ == "__main__":
    print_figures(figures)
