"""Public claims with the passages of a page and those among them that are evidence.

Promises one shape for four development sets; a claim's ``group`` is what its page is called, so
that claims of one page can be kept together. Refuses to store anything.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.weighing.stance_sets import quoted_sentences

FOLDS = 5
FIRST = 5
"""So many of a ranking are looked at."""
_ABSTRACTS = ("scifact", "check-covid")


@dataclass(frozen=True, slots=True)
class Pool:
    """A claim, a page's passages, and the places of the evidence among them.

    ``sets`` are the alternatives where each of several sets is evidence enough.
    """

    claim: str
    passages: tuple[str, ...]
    evidence: tuple[int, ...]
    group: str
    source: str
    sets: tuple[frozenset[int], ...] = ()

    @property
    def fold(self) -> int:
        """0 … 4, the same for all claims of one page."""
        return int(hashlib.sha256(self.group.encode()).hexdigest(), 16) % FOLDS

    def is_found(self, order: Sequence[int]) -> bool:
        """Whether a ranking shows the evidence, by the measure of its set.

        WiCE: one complete set in the first five; Fool Me Twice: all of it in the first five;
        the abstracts: the first sentence is a part of it.
        """
        if self.source in _ABSTRACTS:
            return order[0] in self.evidence
        first = set(order[:FIRST])
        return any(one <= first for one in self.sets or (frozenset(self.evidence),))


def read_pools(root: Path) -> list[Pool]:
    """Every claim with evidence of WiCE, Fool Me Twice, SciFact and Check-COVID."""
    return [
        *_read_wice(root / "wice" / "claim_dev.jsonl"),
        *_read_fool_me_twice(root / "fool-me-twice" / "dev.jsonl"),
        *_read_scifact(root / "scifact"),
        *_read_check_covid(root / "check-covid"),
    ]


def _lines(path: Path) -> Iterator[Any]:
    for line in path.read_text(encoding="utf-8").splitlines():
        bare = line.strip().rstrip(",").strip("[]")
        if bare:
            yield json.loads(bare)


def _read_wice(path: Path) -> Iterator[Pool]:
    for row in _lines(path):
        sets = tuple(frozenset(one) for one in row["supporting_sentences"] if one)
        if sets:
            passages = tuple(row["evidence"])
            marked = tuple(sorted(frozenset().union(*sets)))
            yield Pool(row["claim"], passages, marked, passages[0], "wice", sets)


def _read_fool_me_twice(path: Path) -> Iterator[Pool]:
    for row in _lines(path):
        gold = {entry["text"] for entry in row["gold_evidence"]}
        listed = [entry["text"] for entry in (*row["retrieved_evidence"], *row["gold_evidence"])]
        passages = tuple(dict.fromkeys(listed))
        marked = tuple(place for place, text in enumerate(passages) if text in gold)
        yield Pool(row["text"], passages, marked, str(row["wikipedia_page"]), "fool-me-twice")


def _read_scifact(folder: Path) -> Iterator[Pool]:
    with gzip.open(folder / "corpus_train.csv.gz", "rt", encoding="utf-8") as lines:
        abstracts = {
            row["doc_id"]: tuple(quoted_sentences(row["abstract"])) for row in csv.DictReader(lines)
        }
    marked: dict[tuple[str, str], set[int]] = {}
    with (folder / "claims_train.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            if row["evidence_label"]:
                found = {int(one) for one in re.findall(r"\d+", row["evidence_sentences"])}
                marked.setdefault((row["claim"], row["evidence_doc_id"]), set()).update(found)
    for (claim, name), places in marked.items():
        yield Pool(claim, abstracts[name], tuple(sorted(places)), name, "scifact")


def read_abstracts(folder: Path) -> tuple[dict[str, str], dict[str, frozenset[str]]]:
    """SciFact's abstracts with their titles by name, and by claim the names of those it cites."""
    with gzip.open(folder / "corpus_train.csv.gz", "rt", encoding="utf-8") as lines:
        abstracts = {
            row["doc_id"]: f"{row['title']} {' '.join(quoted_sentences(row['abstract']))}"
            for row in csv.DictReader(lines)
        }
    cited: dict[str, frozenset[str]] = {}
    with (folder / "claims_train.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            names = re.findall(r"\d+", row["cited_doc_ids"])
            cited[row["claim"]] = cited.get(row["claim"], frozenset()).union(names)
    return abstracts, cited


def _read_check_covid(folder: Path) -> Iterator[Pool]:
    abstracts = {row["cord_id"]: tuple(row["abstract"]) for row in _lines(folder / "corpus.json")}
    for path in sorted((folder / "dev").glob("*.json")):
        for row in _lines(path):
            passages = abstracts.get(row["cord_id"], ())
            marked = tuple(
                entry["sent_index"]
                for entry in row["evidence_set"]
                if entry["type"] == "PRIMARY" and entry["sent_index"] < len(passages)
            )
            if marked and row["label"] != "NOTENOUGHINFO":
                yield Pool(row["claim"], passages, marked, row["cord_id"], "check-covid")
