"""Measure the reading of quantities: ``python -m benchmarks.quantities.measure [FILE.jsonl]``.

A file holds lines ``{"text", "published", "quantities": [...]}``, each quantity with the
contract's keys that the label states. With ``FACTCHECK_DATA`` pointing at a folder that
holds ``news-quantities-dev``, that set is measured too, with its own unit names mapped.

F1 is over quantities, matched one to one within a sentence: by value; by value and unit;
by value and bound. A sentence is exact when every value and unit is right and nothing
else was read.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.quantities.linear import worst_growth
from claims.text.numbers.nouns import singular
from claims.text.quantities import read_quantities

OWN_SET = Path(__file__).with_name("sentences.jsonl")
NEWS_SET = Path("news-quantities-dev") / "sentences.json"
_NEWS_UNITS = {
    "percentage": "percent",
    "-": "",
    "touch down": "td",
    "fahrenheit": "fahrenheit",
    "year of age": "year of age",
}


@dataclass(frozen=True, slots=True)
class Read:
    """One quantity reduced to what is compared."""

    value: tuple[float, float]
    unit: str
    bound: str
    change: str | None = None

    def agrees(self, other: Read, what: str) -> bool:
        """Whether the two agree on the value and on ``what`` besides."""
        if not all(
            abs(a - b) <= 1e-6 * max(1.0, abs(a))
            for a, b in zip(self.value, other.value, strict=True)
        ):
            return False
        if what == "unit":
            return self.unit == other.unit
        if what == "bound":
            return self.bound == other.bound
        return True


@dataclass(slots=True)
class Score:
    """Counts of one comparison; F1 of nothing is 0."""

    right: int = 0
    read: int = 0
    labelled: int = 0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        total = self.read + self.labelled
        return 2 * self.right / total if total else 0.0


def unit_key(name: str | None) -> str:
    """What of a unit's name is compared: its last word in the singular, rates kept whole."""
    name = (name or "").strip()
    name = _NEWS_UNITS.get(name.lower(), name)
    if " per " in name:
        return name.lower()
    return singular(name.split()[-1]).lower() if name else ""


def measure(
    pairs: Iterable[tuple[str, list[Read], list[Read]]], *, show: bool = False
) -> dict[str, float]:
    """F1 by ``value``, ``value_unit`` and ``value_bound``, and the share of ``exact`` sentences."""
    scores = {"value": Score(), "unit": Score(), "bound": Score()}
    exact = count = 0
    for text, labelled, read in pairs:
        count += 1
        wrong: list[str] = []
        for what, score in scores.items():
            left = list(read)
            for label in labelled:
                hit = next((one for one in left if label.agrees(one, what)), None)
                if hit is not None:
                    left.remove(hit)
                    score.right += 1
                else:
                    wrong.append(f"  {what}: missing {label}")
            score.read += len(read)
            score.labelled += len(labelled)
            wrong.extend(f"  {what}: not labelled {one}" for one in left)
            if what == "unit":
                exact += not left and len(read) == len(labelled)
        if show and wrong:
            print(text, *wrong, sep="\n")
    figures = {
        name if name == "value" else f"value_{name}": score.f1 for name, score in scores.items()
    }
    return {**figures, "exact": exact / count if count else 0.0}


def _number(value: Any) -> tuple[float, float]:
    return (float(value), float(value))


def _from_contract(quantity: dict[str, Any]) -> Read:
    span = (
        (quantity["low"], quantity["high"])
        if quantity["value"] is None
        else _number(quantity["value"])
    )
    return Read(span, unit_key(quantity["unit_name"]), quantity["bound"], quantity["change"])


def _from_news(label: dict[str, str]) -> Read:
    low, dash, high = label["value"].lstrip("-").partition("-")
    sign = -1 if label["value"].startswith("-") else 1
    first = sign * float(low)
    pair = (min(first, float(high)), max(first, float(high))) if dash else (first, first)
    return Read(pair, unit_key(label["normalized_unit"]), label["change"])


def read_pairs(path: Path) -> Iterable[tuple[str, list[Read], list[Read]]]:
    """Text, labels and what is read now, for a file in the contract's shape."""
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        published = date.fromisoformat(row["published"]) if row.get("published") else None
        found = [
            _from_contract(one.to_json())
            for one in read_quantities(row["text"], published=published)
        ]
        yield row["text"], [_from_contract(label) for label in row["quantities"]], found


def read_news_pairs(path: Path) -> Iterable[tuple[str, list[Read], list[Read]]]:
    """The same for the news set, whose one sign stands for bound or direction."""
    for row in json.loads(path.read_text(encoding="utf-8")):
        labels = [_from_news(label) for label in row["quantities"]]
        found = [_from_contract(one.to_json()) for one in read_quantities(row["text"])]
        signed = [_with_news_sign(one) for one in found]
        yield row["text"], labels, signed


def _with_news_sign(read: Read) -> Read:
    bound = {"<=": "<", ">=": ">"}.get(read.bound, read.bound)
    return Read(read.value, read.unit, read.change or bound)


def speed(texts: list[str], *, seconds: float = 2.0) -> float:
    """Sentences read per second of CPU time of this process."""
    done, started = 0, time.process_time()
    while time.process_time() - started < seconds:
        for text in texts:
            read_quantities(text)
        done += len(texts)
    return done / (time.process_time() - started)


def figures() -> dict[str, float]:
    """What the gate holds: F1s on the committed set, speed, and growth with length."""
    pairs = list(read_pairs(OWN_SET))
    found = measure(pairs)
    found["sentences_per_second"] = speed([text for text, _, _ in pairs], seconds=1.0)
    found["growth_per_character"] = worst_growth()[0]
    return found


def main() -> int:
    """Print the figures of the given file or of the committed set, and of the news set."""
    arguments = [one for one in sys.argv[1:] if one != "--show"]
    show = "--show" in sys.argv
    own = Path(arguments[0]) if arguments else OWN_SET
    if own.exists():
        print(
            own.name,
            {key: round(value, 3) for key, value in measure(read_pairs(own), show=show).items()},
        )
    if folder := os.environ.get("FACTCHECK_DATA"):
        news = Path(folder) / NEWS_SET
        pairs = list(read_news_pairs(news))
        print("news", {key: round(value, 3) for key, value in measure(pairs, show=show).items()})
        print("sentences per CPU second", round(speed([text for text, _, _ in pairs])))
    return 0


if __name__ == "__main__":
    sys.exit(main())
