"""Measure comparisons on our own labelled pairs: ``python benchmarks/compare/measure.py``.

Promises, for the pairs beside it, how precise *differs* is and how many agreements are
found, and the pairs that went wrong from the file that is tuned on. The kept file is
counted apart and not shown, so that tuning does not see it. The rules of labelling are
in ``RULES.md``.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from claims.text.compare import Comparison, compare_texts  # noqa: E402

TUNED, KEPT = (Path(__file__).with_name(name) for name in ("pairs.psv", "pairs_kept.psv"))
AGREEMENTS = ("match", "within_rounding")


@dataclass(frozen=True, slots=True)
class Labelled:
    """One pair with its label and its line in the file."""

    number: int
    area: str
    outcome: str
    claim: str
    passage: str
    flags: frozenset[str]
    claim_published: date | None
    published: date | None
    context: str = ""


def read_pairs(path: Path) -> list[Labelled]:
    """The pairs of a file of lines ``area|outcome|claim|passage[|flags[|day[|day[|topic]]]]``."""
    pairs = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        cells = [*line.split("|"), "", "", "", ""][:8]
        area, outcome, claim, passage, flags, claim_day, day, context = cells
        pairs.append(
            Labelled(
                number,
                area,
                outcome,
                claim,
                passage,
                frozenset(flags.split()),
                date.fromisoformat(claim_day) if claim_day else None,
                date.fromisoformat(day) if day else None,
                context,
            )
        )
    return pairs


def compare_pair(pair: Labelled) -> Comparison:
    """What the program says of a labelled pair."""
    return compare_texts(
        pair.claim,
        pair.passage,
        published=pair.published,
        claim_published=pair.claim_published,
        claim_context=pair.context,
    )


def score(pairs: list[Labelled], found: list[Comparison]) -> dict[str, float]:
    """Precision and recall of *differs*, recall of agreements, exact outcomes, flags."""
    said = [comparison.outcome.value for comparison in found]
    both = list(zip(pairs, said, strict=True))
    differs = [pair.outcome == "differs" for pair, outcome in both if outcome == "differs"]
    agreed = [outcome in AGREEMENTS for pair, outcome in both if pair.outcome in AGREEMENTS]
    refuted = [outcome == "differs" for pair, outcome in both if pair.outcome == "differs"]
    flagged = [
        pair.flags == {flag.value for flag in comparison.flags}
        for pair, comparison in zip(pairs, found, strict=True)
    ]
    return {
        "pairs": len(pairs),
        "differs_precision": _mean(differs),
        "differs_recall": _mean(refuted),
        "agreement_recall": _mean(agreed),
        "outcome_accuracy": _mean([pair.outcome == outcome for pair, outcome in both]),
        "flags_exact": _mean(flagged),
    }


def figures() -> dict[str, float]:
    """The scores of all pairs, and as ``kept_…`` those of the pairs that were not tuned on."""
    tuned, kept = read_pairs(TUNED), read_pairs(KEPT)
    both = tuned + kept
    told = score(kept, [compare_pair(pair) for pair in kept])
    return score(both, [compare_pair(pair) for pair in both]) | {
        f"kept_{name}": value for name, value in told.items()
    }


def _mean(truths: list[bool]) -> float:
    return round(sum(truths) / len(truths), 4) if truths else 1.0


def main() -> int:
    """Print the scores of both files, and with ``--errors`` the wrong pairs of the tuned one."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--errors", action="store_true")
    options = parser.parse_args()
    everything: list[tuple[Labelled, Comparison]] = []
    for path in (TUNED, KEPT):
        pairs = read_pairs(path)
        found = [compare_pair(pair) for pair in pairs]
        print(path.stem, json.dumps(score(pairs, found)))
        told = list(zip(pairs, found, strict=True))
        everything += told
        if options.errors and path == TUNED:
            show_errors(told)
    print(
        "all", json.dumps(score([pair for pair, _ in everything], [said for _, said in everything]))
    )
    wrong = Counter(pair.area for pair, said in everything if pair.outcome != said.outcome)
    print("wrong by area", dict(wrong))
    return 0


def show_errors(told: list[tuple[Labelled, Comparison]]) -> None:
    """Print every pair whose outcome is not its label, with the program's reasons."""
    for pair, comparison in told:
        if pair.outcome != comparison.outcome:
            print(f"{pair.number} {pair.outcome} → {comparison.outcome} {comparison.reasons}")
            print(f"    {pair.claim}\n    {pair.passage}")


if __name__ == "__main__":
    sys.exit(main())
