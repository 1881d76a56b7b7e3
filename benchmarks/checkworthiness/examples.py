"""The labelled sentences that the readings of check-worthiness learn from.

Promises them in the same order for the same files, each with its target, its weight and, for a
debate, its year and verdict. What the sets are, and under which licence, stands in
``docs/MODEL_CARD.md``.
"""

from __future__ import annotations

import csv
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

# Chosen on the debates from 2012 on, trained on those before, and on the news pieces, left out
# by turns (see docs/MODEL_CARD.md).
UNIMPORTANT_TARGET = 0.25
ENCYCLOPEDIC_WEIGHT = 0.25
NEWS_WEIGHT = 3.0
_ASSERTED_TARGET = (0.7, 0.3, 0.0)
"""Of what asserts something and has no verdict by a crowd: written claims, and news to open."""
_TARGETS = {1: (1.0, 0.0, 0.0), 0: (0.0, 1.0, 0.0), -1: (0.0, 0.0, 1.0)}


@dataclass(frozen=True, slots=True)
class Example:
    """One sentence with its target in 0…1, its weight and the year it was said (0: no year)."""

    text: str
    target: float
    weight: float
    year: int = 0
    verdict: int | None = None
    piece: str = ""

    @property
    def is_own_news(self) -> bool:
        """Whether we wrote and labelled it ourselves."""
        return bool(self.piece)

    @property
    def is_of_piece(self) -> bool:
        """Whether it stands in a whole article of ``pieces-dev.jsonl``."""
        return self.piece.startswith("n")


def read_debates(folder: Path) -> list[Example]:
    """The debates' sentences: checkable 1, factual but unimportant a quarter, the rest 0."""
    targets = {1: 1.0, 0: UNIMPORTANT_TARGET, -1: 0.0}
    with (folder / "claimbuster" / "crowdsourced.csv").open(encoding="utf-8", newline="") as lines:
        return [
            Example(row["Text"], targets[verdict], 1.0, int(row["File_id"][:4]), verdict)
            for row in csv.DictReader(lines)
            for verdict in (int(row["Verdict"]),)
        ]


def read_encyclopedic(folder: Path) -> list[Example]:
    """Claims written about an encyclopedia or a paper: all of them assert something."""
    texts: set[str] = set()
    for path, key in (
        (folder / "fever-symmetric" / "fever_symmetric_dev.jsonl", "claim"),
        (folder / "fool-me-twice" / "dev.jsonl", "text"),
        (folder / "wice" / "claim_dev.jsonl", "claim"),
    ):
        for line in path.read_text(encoding="utf-8").splitlines():
            texts.add(str(json.loads(line)[key]))
    with (folder / "scifact" / "claims_train.csv").open(encoding="utf-8", newline="") as lines:
        texts.update(row["claim"] for row in csv.DictReader(lines))
    return [Example(text, 1.0, ENCYCLOPEDIC_WEIGHT) for text in sorted(texts)]


def read_news(path: Path) -> list[Example]:
    """Our own news sentences, labelled as RULES.md says."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [
        Example(row["text"], float(row["label"]), NEWS_WEIGHT, piece=row["id"].partition("-")[0])
        for row in rows
    ]


def read_examples(folder: Path) -> list[Example]:
    """Everything a model may be trained on: the public sets of the folder, and our own news."""
    here = Path(__file__)
    return [
        *read_debates(folder),
        *read_encyclopedic(folder),
        *read_news(here.with_name("news-train.jsonl")),
        *read_news(here.with_name("pieces-dev.jsonl")),
    ]


def target_of(example: Example) -> tuple[float, float, float]:
    """The wished-for chances of worthy, factual but unimportant, and neither."""
    if example.verdict is not None:
        return _TARGETS[example.verdict]
    return _ASSERTED_TARGET if example.target > 0.5 else _TARGETS[-1]


def split_by_year(examples: list[Example], year: float) -> tuple[list[Example], list[Example]]:
    """Those of before the year (and of none), and those from it on."""
    past = [example for example in examples if example.year < year]
    return past, [example for example in examples if example.year >= year]


def digest_of(examples: list[Example]) -> str:
    """SHA-256 over texts, targets and weights in order."""
    lines = (f"{e.target}\t{e.weight}\t{e.text}\n" for e in examples)
    return hashlib.sha256("".join(lines).encode()).hexdigest()
