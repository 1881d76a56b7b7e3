"""Measure main text on two public sets: ``python benchmarks/pages/measure.py SET FOLDER``.

``shingles`` is the article extraction benchmark (``ground-truth.json`` and
``html/ID.html.gz``): F1 from precision and recall of word 4-grams averaged over
pages. ``segments`` is the evaluation of trafilatura (``evaldata.json``): F1 over
segments that must and must not be in the text. Prints one JSON object. The pages
are other people's and are no part of this repository.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import sys
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from claims.web.pages import read_page  # noqa: E402 - the repository is put on the path first

POOR = 0.8


def shingles(text: str, size: int = 4) -> Counter[tuple[str, ...]]:
    """Runs of ``size`` words with their numbers; shorter texts are one run."""
    words = re.findall(r"\w+", text)
    last = max(1, len(words) - size + 1) if words else 0
    return Counter(tuple(words[start : start + size]) for start in range(last))


def f1(precision: float, recall: float) -> float:
    """Their harmonic mean, 0 where both are 0."""
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def measure_shingles(folder: Path) -> dict[str, float]:
    """Precision, recall, F1 and the share of pages under :data:`POOR`."""
    truth = json.loads((folder / "ground-truth.json").read_text())
    precisions, recalls, poor = [], [], 0
    for name, entry in truth.items():
        body = gzip.decompress((folder / "html" / f"{name}.html.gz").read_bytes())
        wanted = shingles(entry["articleBody"])
        found = shingles(read_page(body, url=entry.get("url", "")).text)
        shared = (wanted & found).total()
        precision = shared / found.total() if found else 0.0
        recall = shared / wanted.total()
        precisions.append(precision)
        recalls.append(recall)
        poor += f1(precision, recall) < POOR
    precision, recall = sum(precisions) / len(truth), sum(recalls) / len(truth)
    return {
        "pages": len(truth),
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "f1": round(f1(precision, recall), 4),
        "poor": round(poor / len(truth), 4),
    }


def measure_segments(folder: Path) -> dict[str, float]:
    """Precision, recall and F1 over all segments."""
    truth = json.loads((folder / "evaldata.json").read_text())
    kept = wrong = missed = 0
    for name, entry in truth.items():
        body = gzip.decompress((folder / "html" / entry["file"]).read_bytes())
        text = read_page(body, url=name.rpartition("::")[2]).text
        hits = sum(segment in text for segment in entry["with"])
        kept += hits
        missed += len(entry["with"]) - hits
        wrong += sum(segment in text for segment in entry["without"])
    precision, recall = kept / (kept + wrong), kept / (kept + missed)
    return {
        "pages": len(truth),
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "f1": round(f1(precision, recall), 4),
    }


SETS = {"shingles": measure_shingles, "segments": measure_segments}


def main() -> int:
    """Read the command line, measure one set."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("set", choices=sorted(SETS))
    parser.add_argument("folder", type=Path)
    given = parser.parse_args()
    started = time.process_time()
    measured = SETS[given.set](given.folder)
    cpu_ms = 1000 * (time.process_time() - started) / measured["pages"]
    print(json.dumps({**measured, "cpu_ms_per_page": round(cpu_ms, 1)}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
