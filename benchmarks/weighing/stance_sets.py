"""The labelled pairs that stance is trained and measured on, read from a data folder.

Promises ``(claim, passage, label, group)`` with labels ``supports``, ``refutes`` and
``neutral``; a group is never split between training and measuring. Refuses to write
anything: the sets stay where they are.
"""

from __future__ import annotations

import csv
import gzip
import json
import re
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

SUPPORTS, REFUTES, NEUTRAL = "supports", "refutes", "neutral"
_NAMES = {"SUPPORTS": SUPPORTS, "SUPPORT": SUPPORTS, "REFUTES": REFUTES, "REFUTE": REFUTES}
_NAMES |= {"CONTRADICT": REFUTES, "NOTENOUGHINFO": NEUTRAL}
_QUOTED = re.compile(r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"")


FOLDS = 5


class Pair(NamedTuple):
    """One labelled pair; ``group`` keeps pairs of one claim together."""

    claim: str
    passage: str
    label: str
    group: str


def _lines(path: Path) -> Iterator[Any]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def read_fever_symmetric(root: Path) -> Iterator[Pair]:
    """Pairs in which each claim has a supporting and a refuting sentence."""
    for row in _lines(root / "fever-symmetric" / "fever_symmetric_dev.jsonl"):
        yield Pair(
            row["claim"], row["evidence"], _NAMES[row["gold_label"]], _root_id(str(row["id"]))
        )


def _root_id(written: str) -> str:
    """Derived pairs carry seven more digits behind the id they were made from."""
    return written[:-7] if len(written) > 7 else written


def read_fool_me_twice(root: Path) -> Iterator[Pair]:
    """Claims with their gold sentences; one retrieved sentence that is not gold is neutral."""
    for row in _lines(root / "fool-me-twice" / "dev.jsonl"):
        gold = [entry["text"] for entry in row["gold_evidence"]]
        yield Pair(row["text"], " ".join(gold), _NAMES[row["label"]], row["wikipedia_page"])
        others = [e["text"] for e in row["retrieved_evidence"] if e["text"] not in gold]
        if others:
            yield Pair(row["text"], others[-1], NEUTRAL, row["wikipedia_page"])


def quoted_sentences(written: str) -> list[str]:
    """The sentences of an abstract that is stored as a printed list of strings."""
    return [one or other for one, other in _QUOTED.findall(written)]


def read_scifact(root: Path) -> Iterator[Pair]:
    """Claims with gold abstract sentences; the first sentence of an abstract without is neutral."""
    with gzip.open(root / "scifact" / "corpus_train.csv.gz", "rt", encoding="utf-8") as lines:
        abstracts = {
            row["doc_id"]: quoted_sentences(row["abstract"]) for row in csv.DictReader(lines)
        }
    with (root / "scifact" / "claims_train.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            gold = [int(found) for found in re.findall(r"\d+", row["evidence_sentences"])]
            if row["evidence_label"]:
                told = abstracts[row["evidence_doc_id"]]
                passage = " ".join(told[place] for place in gold if place < len(told))
                if passage:
                    yield Pair(row["claim"], passage, _NAMES[row["evidence_label"]], row["id"])
            else:
                for cited in re.findall(r"\d+", row["cited_doc_ids"])[:1]:
                    if abstracts.get(cited):
                        passage = " ".join(abstracts[cited][-2:])
                        yield Pair(row["claim"], passage, NEUTRAL, row["id"])


def read_check_covid(root: Path) -> Iterator[Pair]:
    """Claims against sentences of abstracts, three labels."""
    corpus = _load_loose(root / "check-covid" / "corpus.json")
    by_id = {row["cord_id"]: row for row in corpus}
    for name in ("composed", "extracted"):
        for row in _load_loose(root / "check-covid" / "dev" / f"covidCheck_dev_{name}.json"):
            told = by_id[row["cord_id"]]["abstract"]
            marked = [entry["sent_index"] for entry in row.get("evidence_set") or ()]
            chosen = [told[place] for place in marked if place < len(told)] or told[-2:]
            group = str(row["id"]).partition("_")[0]
            yield Pair(row["claim"], " ".join(chosen), _NAMES[row["label"]], group)


def _load_loose(path: Path) -> list[Any]:
    """A file of JSON objects one after the other, with or without an array around them."""
    text = path.read_text(encoding="utf-8").strip()
    if text.startswith("["):
        rows: list[Any] = json.loads(text)
        return rows
    decoder, place, found = json.JSONDecoder(), 0, []
    while place < len(text):
        row, place = decoder.raw_decode(text, place)
        found.append(row)
        while place < len(text) and text[place] in " \r\n\t,":
            place += 1
    return found


def read_wice(root: Path) -> Iterator[Pair]:
    """Claims against their marked sentences; unsupported claims against the page's middle."""
    for row in _lines(root / "wice" / "claim_dev.jsonl"):
        told = row["evidence"]
        group = row["meta"]["claim_title"]
        if row["label"] == "supported":
            passage = " ".join(told[place] for place in sorted(row["supporting_sentences"][0]))
            yield Pair(row["claim"], passage, SUPPORTS, group)
        elif row["label"] == "not_supported" and told:
            middle = len(told) // 2
            yield Pair(row["claim"], " ".join(told[middle : middle + 3]), NEUTRAL, group)


READERS = {
    "fever-symmetric": read_fever_symmetric,
    "fool-me-twice": read_fool_me_twice,
    "scifact": read_scifact,
    "check-covid": read_check_covid,
    "wice": read_wice,
}


def find_folds(pairs: Sequence[Pair]) -> list[int]:
    """0 … 4 for each pair; pairs of one group, one claim or one passage have the same."""
    heads: dict[str, str] = {}

    def head_of(name: str) -> str:
        while (above := heads.setdefault(name, name)) != name:
            heads[name] = heads[above]
            name = above
        return name

    for pair in pairs:
        for mark in (f"claim {pair.claim}", f"passage {pair.passage}"):
            heads[head_of(mark)] = head_of(f"group {pair.group}")
    return [zlib.crc32(head_of(f"group {pair.group}").encode()) % FOLDS for pair in pairs]
