"""Measure the reading of pages: ``python benchmarks/pages/measure.py SET [FOLDER]``.

``shingles`` is the article extraction benchmark (``ground-truth.json`` and
``html/ID.html.gz``): F1 from precision and recall of word 4-grams averaged over
pages. ``segments`` is the evaluation of trafilatura (``evaldata.json``): F1 over
segments that must and must not be in the text, and ``frames`` its titles, authors and days: F1
of those that are the same but for case, signs and the word between two names. Without a folder
``frames`` reads our own pages (``frames.jsonl``), which the quality gate holds to their floors.
Prints one JSON object. The pages of the public sets are other people's and no part of this
repository.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import sys
import time
import unicodedata
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from claims.web.pages import PageReading, read_page  # noqa: E402 - the path is set first

POOR = 0.8
OWN_PAGES = Path(__file__).with_name("frames.jsonl")
Frame = tuple[str, str, str]
"""Title, authors and the ISO day of publishing; empty where there is none."""
BETWEEN_NAMES = re.compile(r" (?:and|und|et|y|e|en) ")


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


def frame_of(page: PageReading) -> Frame:
    """What was read of a page's frame."""
    return page.title, page.byline, page.published.isoformat() if page.published else ""


def read_own() -> Iterable[tuple[Frame, Frame]]:
    """What our own pages say and what is read, page by page."""
    for line in OWN_PAGES.read_text("utf-8").splitlines():
        row = json.loads(line)
        page = read_page(row["html"].encode(), url=row["url"])
        yield (row["title"], row["byline"], row["published"] or ""), frame_of(page)


def read_labelled(folder: Path) -> Iterable[tuple[Frame, Frame]]:
    """The same of the public set's pages that have these labels."""
    for name, entry in json.loads((folder / "evaldata.json").read_text()).items():
        if "title" in entry:
            body = gzip.decompress((folder / "html" / entry["file"]).read_bytes())
            author = entry["author"]
            author = ", ".join(author) if isinstance(author, list) else author
            page = read_page(body, url=name.rpartition("::")[2])
            yield (entry["title"], author, entry["date"]), frame_of(page)


def compare_frames(pairs: Iterable[tuple[Frame, Frame]]) -> dict[str, float]:
    """F1 of titles, authors and days that are said, and the share of pages with all three."""
    rows = [tuple(tuple(map(plain, frame)) for frame in pair) for pair in pairs]
    found: dict[str, float] = {"pages": len(rows)}
    for place, name in enumerate(("title", "byline", "day")):
        right = sum(wanted[place] == read[place] != "" for wanted, read in rows)
        told = sum(wanted[place] != "" for wanted, _ in rows)
        given = sum(read[place] != "" for _, read in rows)
        found[name] = round(f1(right / given if given else 0, right / told if told else 0), 4)
    found["whole"] = round(sum(wanted == read for wanted, read in rows) / len(rows), 4)
    return found


def plain(text: str) -> str:
    """Words and figures alone, in small letters, two names without the word between them."""
    folded = re.sub(r"\W+", " ", unicodedata.normalize("NFKC", text)).casefold().strip()
    return BETWEEN_NAMES.sub(" ", folded)


def measure_frames(folder: Path | None) -> dict[str, float]:
    """F1 of title, byline and day, and the share of pages where all three are right."""
    return compare_frames(read_labelled(folder) if folder else read_own())


SETS = {"shingles": measure_shingles, "segments": measure_segments, "frames": measure_frames}


def main() -> int:
    """Read the command line, measure one set."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("set", choices=sorted(SETS))
    parser.add_argument("folder", type=Path, nargs="?")
    given = parser.parse_args()
    if given.folder is None and given.set != "frames":
        parser.error(f"{given.set} needs the folder of the public set")
    started = time.process_time()
    measured = SETS[given.set](given.folder)
    cpu_ms = 1000 * (time.process_time() - started) / measured["pages"]
    print(json.dumps({**measured, "cpu_ms_per_page": round(cpu_ms, 1)}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
