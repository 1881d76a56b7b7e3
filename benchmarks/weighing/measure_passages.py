"""Ranking on public development sets: ``python benchmarks/weighing/measure_passages.py DATA``.

Promises, for the sets under DATA, how often the evidence is found (by each set's own measure, see
``evidence_sets.py``), how well the abstracts that a claim cites are ranked among SciFact's 5,183
(nDCG at ten, every eighth claim; ``--abstracts`` measures nothing else), and the mean average
precision at five of earlier fact-checks (CheckThat! 2022 task 2). With ``--encoder`` the last two,
re-ranked by meaning. Evidence sentences are ranked by words alone: the judges have seen these
sets, and ``train_evidence.py --folds`` measures them, ``--encoder`` too. Refuses to store anything.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.weighing.evidence_sets import FIRST, read_abstracts, read_pools  # noqa: E402
from claims.text.encoder.reranking import (  # noqa: E402
    MOST_RERANKED,
    MatchReranker,
    rerank_passages,
)
from claims.text.evidence import judge_passages  # noqa: E402
from claims.text.match_index import MatchIndex  # noqa: E402
from claims.text.passages import rank_passages  # noqa: E402
from claims.text.quantities import read_quantities  # noqa: E402

_EVERY = 8
"""One of so many claims of SciFact is measured: ranking 5,183 abstracts takes seconds."""


def best_of(claim: str, passages: list[str], count: int) -> list[int]:
    """The places of the ``count`` best passages."""
    ranked = rank_passages(claim, passages, quantities=read_quantities(claim))
    return [found.index for found in ranked[:count]]


def _lines(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def measure_evidence(root: Path) -> dict[str, float]:
    """How often the evidence is found in each set, by the set's own measure."""
    hits: dict[str, list[bool]] = {}
    for pool in read_pools(root):
        order = best_of(pool.claim, list(pool.passages), FIRST)
        hits.setdefault(pool.source, []).append(pool.is_found(order))
    return {source: sum(found) / len(found) for source, found in hits.items()}


def measure_abstracts(root: Path, *, by_meaning: bool) -> dict[str, float]:
    """nDCG at ten of the abstracts that a claim of SciFact cites, as the product ranks them."""
    abstracts, cited = read_abstracts(root / "scifact")
    names, texts = list(abstracts), list(abstracts.values())
    judge = rerank_passages if by_meaning else judge_passages
    scores = []
    for claim in list(cited)[::_EVERY]:
        ranked = rank_passages(claim, texts, quantities=read_quantities(claim))
        first = [names[found.index] for found in judge(claim, texts, ranked)[:10]]
        gains = [1 / math.log2(place + 2) for place in range(10)]
        won = sum(gain for gain, name in zip(gains, first, strict=True) if name in cited[claim])
        scores.append(won / sum(gains[: len(cited[claim])]))
    return {"scifact_abstracts_ndcg_10": sum(scores) / len(scores)}


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
        measure_evidence,
        lambda folder: measure_abstracts(folder, by_meaning=by_meaning),
        lambda folder: measure_matching(folder, "2a", by_meaning=by_meaning),
        lambda folder: measure_matching(folder, "2b", by_meaning=by_meaning),
    ]
    if "--abstracts" in sys.argv[2:]:
        measures = measures[1:2]
    elif by_meaning:
        measures = measures[1:]
    for measure in measures:
        print(json.dumps({name: round(value, 4) for name, value in measure(root).items()}))


if __name__ == "__main__":
    main()
