"""Ranking on public development sets: ``python benchmarks/weighing/measure_passages.py DATA``.

Promises, for the sets under DATA, how often the evidence is among the first five passages
(WiCE: one complete set; Fool Me Twice: any and all gold sentences), how often the first
abstract sentence is evidence (SciFact), and the mean average precision at five of earlier
fact-checks (CheckThat! 2022 task 2). With ``--encoder`` only the last, re-ranked by meaning: the
judge of evidence has seen the other sets, and ``train_encoder.py --folds`` measures it. Refuses
to store anything.
"""

from __future__ import annotations

import csv
import gzip
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.weighing.stance_sets import quoted_sentences  # noqa: E402
from claims.text.encoder.reranking import MOST_RERANKED, MatchReranker  # noqa: E402
from claims.text.passages import rank_passages  # noqa: E402
from claims.text.quantities import read_quantities  # noqa: E402
from claims.text.similarity import MatchIndex  # noqa: E402


def best_of(claim: str, passages: list[str], count: int) -> list[int]:
    """The places of the ``count`` best passages."""
    ranked = rank_passages(claim, passages, quantities=read_quantities(claim))
    return [found.index for found in ranked[:count]]


def _lines(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def measure_wice(root: Path) -> dict[str, float]:
    """Claims with marked evidence: one complete set among the first five."""
    hits = []
    for row in _lines(root / "wice" / "claim_dev.jsonl"):
        wanted = [set(marked) for marked in row["supporting_sentences"] if marked]
        if wanted:
            first = set(best_of(row["claim"], row["evidence"], 5))
            hits.append(any(marked <= first for marked in wanted))
    return {"wice_set_in_5": sum(hits) / len(hits)}


def measure_fool_me_twice(root: Path) -> dict[str, float]:
    """Gold among the retrieved sentences: any and all of it among the first five."""
    some, every = [], []
    for row in _lines(root / "fool-me-twice" / "dev.jsonl"):
        gold = [entry["text"] for entry in row["gold_evidence"]]
        pool = list(dict.fromkeys([e["text"] for e in row["retrieved_evidence"]] + gold))
        first = {pool[place] for place in best_of(row["text"], pool, 5)}
        some.append(any(text in first for text in gold))
        every.append(all(text in first for text in gold))
    return {"fm2_any_in_5": sum(some) / len(some), "fm2_all_in_5": sum(every) / len(every)}


def measure_scifact(root: Path) -> dict[str, float]:
    """The first sentence of a cited abstract is evidence."""
    with gzip.open(root / "scifact" / "corpus_train.csv.gz", "rt", encoding="utf-8") as lines:
        abstracts = {
            row["doc_id"]: quoted_sentences(row["abstract"]) for row in csv.DictReader(lines)
        }
    wanted: dict[tuple[str, str], set[int]] = {}
    with (root / "scifact" / "claims_train.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            if row["evidence_label"]:
                marked = {int(found) for found in re.findall(r"\d+", row["evidence_sentences"])}
                wanted.setdefault((row["claim"], row["evidence_doc_id"]), set()).update(marked)
    hits = [best_of(claim, abstracts[doc], 1)[0] in gold for (claim, doc), gold in wanted.items()]
    return {"scifact_hit_1": sum(hits) / len(hits)}


def measure_matching(root: Path, task: str, *, by_meaning: bool = False) -> dict[str, float]:
    """Earlier fact-checks for posts (2a) or debate sentences (2b): MAP at five, dev queries."""
    folder = root / f"clef2022-task{task}"
    corpus = _lines(folder / "vclaims.jsonl")
    texts = [f"{entry['vclaim']} {entry['title'] or ''}" for entry in corpus]
    index, reranker = MatchIndex(texts), MatchReranker(texts)
    names = [entry["vclaim_id"] for entry in corpus]
    queries = dict(
        line.split("\t", 1)
        for line in (folder / "train-dev_queries.tsv").read_text(encoding="utf-8").split("\n")
        if "\t" in line
    )
    wanted: dict[str, set[str]] = {}
    for line in (folder / "dev_qrels.tsv").read_text(encoding="utf-8").splitlines():
        query, _, name, _ = line.split("\t")
        wanted.setdefault(query, set()).add(name)
    scores = []
    for query, gold in wanted.items():
        hits, score = 0, 0.0
        found = index.rank(queries[query], limit=MOST_RERANKED)
        if by_meaning:
            found = reranker.rerank(queries[query], found)
        for place, match in enumerate(found[:5], start=1):
            if names[match.index] in gold:
                hits += 1
                score += hits / place
        scores.append(score / min(5, len(gold)))
    return {f"match_{task}_map_5": sum(scores) / len(scores)}


def main() -> None:
    """Print one line of JSON per set."""
    root, by_meaning = Path(sys.argv[1]), "--encoder" in sys.argv[2:]
    measures: list[Callable[[Path], dict[str, float]]] = [
        measure_wice,
        measure_fool_me_twice,
        measure_scifact,
        lambda folder: measure_matching(folder, "2a", by_meaning=by_meaning),
        lambda folder: measure_matching(folder, "2b", by_meaning=by_meaning),
    ]
    for measure in measures[3 if by_meaning else 0 :]:
        print(json.dumps({name: round(value, 4) for name, value in measure(root).items()}))


if __name__ == "__main__":
    main()
