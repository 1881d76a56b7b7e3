"""Figures of sentence splitting and check-worthiness on our own news, for the gate.

``python -m benchmarks.checkworthiness.measure`` prints them all. Two sets, both labelled
as RULES.md says and neither trained on: ``news.jsonl``, single clean sentences, and
``pieces.jsonl``, whole articles of many kinds with all that is untidy in them.
"""

from __future__ import annotations

import json
import time
from pathlib import Path

from benchmarks.checkworthiness.measures import average_precision, recall_at_false_positives
from claims.text.checkworthiness import score_sentences
from claims.text.sentences import split_sentences

NEWS = Path(__file__).with_name("news.jsonl")
PIECES = Path(__file__).with_name("pieces.jsonl")
_SENTENCES_A_PARAGRAPH = 4


def _read_labelled(path: Path) -> tuple[list[str], list[bool]]:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [row["text"] for row in rows], [row["label"] == 1 for row in rows]


def checkworthiness_figures() -> dict[str, float]:
    """How the committed model orders ``news.jsonl``, what 0.5 lets through, and its speed."""
    return _figures(NEWS)


def pieces_figures() -> dict[str, float]:
    """The same on ``pieces.jsonl``, articles that nothing was tuned on."""
    return _figures(PIECES)


def _figures(path: Path) -> dict[str, float]:
    texts, labels = _read_labelled(path)
    scores = [score.value for score in score_sentences(texts)]
    opened = [score >= 0.5 for score in scores]
    begin = time.process_time()
    score_sentences(texts * 20)
    seconds = time.process_time() - begin
    hits = sum(one and label for one, label in zip(opened, labels, strict=True))
    return {
        "sentences": float(len(texts)),
        "average_precision": average_precision(labels, scores),
        "recall_at_10_percent": recall_at_false_positives(labels, scores, 0.1),
        "precision_at_half": hits / max(1, sum(opened)),
        "recall_at_half": hits / sum(labels),
        "sentences_per_second": 20 * len(texts) / seconds,
    }


def sentence_figures() -> dict[str, float]:
    """F1 of exact spans on ``news.jsonl`` joined into paragraphs of four, and the speed."""
    texts, _ = _read_labelled(NEWS)
    groups = [
        texts[at : at + _SENTENCES_A_PARAGRAPH]
        for at in range(0, len(texts), _SENTENCES_A_PARAGRAPH)
    ]
    right = found = wanted = 0
    for group in groups:
        joined = " ".join(group)
        pieces = [joined[span.start : span.end] for span in split_sentences(joined)]
        right += len(set(pieces) & set(group))
        found += len(pieces)
        wanted += len(group)
    text = "\n".join(" ".join(group) for group in groups) * 20
    begin = time.process_time()
    count = len(split_sentences(text))
    seconds = time.process_time() - begin
    return {"f1": 2 * right / (found + wanted), "sentences_per_second": count / seconds}


def main() -> None:
    """Print every figure."""
    measures = {
        "news": checkworthiness_figures,
        "pieces": pieces_figures,
        "sentences": sentence_figures,
    }
    for name, measure in measures.items():
        for figure, value in measure().items():
            print(f"{name:<10} {figure:<24} {value:.4g}")


if __name__ == "__main__":
    main()
