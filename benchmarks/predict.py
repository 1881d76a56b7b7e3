"""Answer one task for every JSON line of standard input: ``python benchmarks/predict.py TASK``.

Promises one answer a line, in the same order, from one process; a line that cannot be
read is answered ``{"id", "error"}`` and the next one is read. Shapes are those of
``docs/CONTRACT.md``. Refuses to guess: an unknown task ends with exit code 2.

A task joins by one entry in :data:`TASKS`: a loader that takes the options, does its
imports and loads its model once, and gives the function that answers a line.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TextIO

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

Line = dict[str, Any]
Answer = Callable[[Line], Line]
"""Takes a line, gives the answer without its ``id``; may raise ``UnreadableLineError``."""


class UnreadableLineError(ValueError):
    """The line lacks what the task needs; the message is the answer's ``error``."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line asked for besides the task."""

    encoder: bool = False


def text_of(line: Line, key: str = "text") -> str:
    """The string under ``key``; raises :class:`UnreadableLineError` where there is none."""
    value = line.get(key)
    if not isinstance(value, str):
        raise UnreadableLineError(f"{key} must be a string")
    return value


def day_of(line: Line, key: str = "published") -> date | None:
    """The ISO date under ``key``, ``None`` where absent."""
    value = line.get(key)
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise UnreadableLineError(f"{key} must be an ISO date such as 2025-11-18") from None


def _load_quantities(_options: Options) -> Answer:
    from claims.text.quantities import read_quantities

    def answer(line: Line) -> Line:
        found = read_quantities(text_of(line), published=day_of(line))
        return {"quantities": [quantity.to_json() for quantity in found]}

    return answer


def _load_dates(_options: Options) -> Answer:
    from claims.text.dates import read_dates

    def answer(line: Line) -> Line:
        found = read_dates(text_of(line), published=day_of(line))
        return {"dates": [span.to_json() for span in found]}

    return answer


def strings_of(line: Line, key: str) -> list[str]:
    """The list of strings under ``key``; raises :class:`UnreadableLineError` on another shape."""
    value = line.get(key)
    if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
        raise UnreadableLineError(f"{key} must be a list of strings")
    return value


def named_texts_of(line: Line, key: str) -> list[tuple[Any, str, Line]]:
    """``(id, text, entry)`` of the objects under ``key``; raises on another shape."""
    value = line.get(key)
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise UnreadableLineError(f"{key} must be a list of objects")
    if not all("id" in entry for entry in value):
        raise UnreadableLineError(f"every object of {key} needs an id")
    return [(entry["id"], text_of(entry), entry) for entry in value]


def _load_passages(options: Options) -> Answer:
    from claims.text.encoder.reranking import rerank_passages
    from claims.text.passages import rank_passages
    from claims.text.quantities import read_quantities

    def answer(line: Line) -> Line:
        claim, passages = text_of(line, "claim"), strings_of(line, "passages")
        ranked = rank_passages(claim, passages, quantities=read_quantities(claim))
        if options.encoder:
            ranked = rerank_passages(claim, passages, ranked)
        return {"ranking": [[found.index, found.score] for found in ranked]}

    return answer


def _load_compare(_options: Options) -> Answer:
    from claims.text.compare import compare_texts

    def answer(line: Line) -> Line:
        found = compare_texts(
            text_of(line, "claim"),
            text_of(line, "passage"),
            published=day_of(line),
            claim_published=day_of(line, "claim_published"),
        )
        return found.to_json()

    return answer


def _load_stance(_options: Options) -> Answer:
    from claims.text.stance import suggest_stance

    def answer(line: Line) -> Line:
        found = suggest_stance(text_of(line, "claim"), text_of(line, "passage"))
        scores = {stance.value: score for stance, score in found.scores.items()}
        return {"stance": found.stance.value, "confidence": found.confidence, "scores": scores}

    return answer


def _load_match(options: Options) -> Answer:
    from claims.text.encoder.reranking import MOST_RERANKED, MatchReranker
    from claims.text.similarity import MOST_MATCHES, MatchIndex

    def answer(line: Line) -> Line:
        corpus = named_texts_of(line, "corpus")
        texts = [text for _, text, _ in corpus]
        index, reranker = MatchIndex(texts), MatchReranker(texts)

        def rank(query: str) -> list[list[Any]]:
            if options.encoder:
                found = reranker.rerank(query, index.rank(query, limit=MOST_RERANKED))
            else:
                found = index.rank(query)
            return [[corpus[match.index][0], match.score] for match in found[:MOST_MATCHES]]

        queries = named_texts_of(line, "queries")
        return {"rankings": {str(name): rank(text) for name, text, _ in queries}}

    return answer


def _load_origins(_options: Options) -> Answer:
    from claims.text.origins import OriginPage, group_origins

    def answer(line: Line) -> Line:
        named = named_texts_of(line, "pages")
        pages = [
            OriginPage(str(place), text, text_of(entry, "url"))
            for place, (_, text, entry) in enumerate(named)
        ]
        groups = group_origins(pages)
        return {"origins": [[named[int(place)][0] for place in group.ids] for group in groups]}

    return answer


def _load_page(_options: Options) -> Answer:
    from benchmarks.pages.answer import answer_page

    def answer(line: Line) -> Line:
        try:
            return answer_page(line)
        except ValueError as problem:
            raise UnreadableLineError(str(problem)) from None

    return answer


def _load_sentences(_options: Options) -> Answer:
    from claims.text.sentences import split_sentences

    def answer(line: Line) -> Line:
        return {"spans": [[span.start, span.end] for span in split_sentences(text_of(line))]}

    return answer


def _load_checkworthiness(options: Options) -> Answer:
    from claims.text.checkworthiness import score_sentence
    from claims.text.encoder.second_stage import score_again

    def answer(line: Line) -> Line:
        context = text_of(line, "context") if line.get("context") is not None else ""
        if options.encoder:
            (score,) = score_again([text_of(line)], contexts=[context])
            return {"score": score.value}
        return {"score": score_sentence(text_of(line), context=context).value}

    return answer


ENCODED_TASKS = frozenset({"checkworthiness", "passages", "match"})
"""The tasks that read ``--encoder``; the others pass over it."""
EXIT_SERVICE_MISSING = 3


def find_encoder_problem() -> str:
    """Why the optional encoder cannot be used, with the cure; empty where it can."""
    from claims.text.encoder.weights import EncoderUnusable, load_files

    try:
        load_files()
    except EncoderUnusable as problem:
        return str(problem)
    return ""


TASKS: dict[str, Callable[[Options], Answer]] = {
    "sentences": _load_sentences,
    "checkworthiness": _load_checkworthiness,
    "page": _load_page,
    "quantities": _load_quantities,
    "dates": _load_dates,
    "passages": _load_passages,
    "compare": _load_compare,
    "stance": _load_stance,
    "match": _load_match,
    "origins": _load_origins,
}


def answer_line(answer: Answer, raw: bytes) -> Line:
    """One line's answer with its ``id``, or ``{"id", "error"}`` where it cannot be read."""
    try:
        line = json.loads(raw)
    except (ValueError, RecursionError):
        return {"id": None, "error": "not a JSON object"}
    if not isinstance(line, dict):
        return {"id": None, "error": "not a JSON object"}
    try:
        return {"id": line.get("id"), **answer(line)}
    except UnreadableLineError as problem:
        return {"id": line.get("id"), "error": str(problem)}


def predict(task: str, options: Options, lines: Iterable[bytes], out: TextIO) -> None:
    """Write the answer to each line of ``lines`` to ``out``; blank lines are passed over."""
    answer = TASKS[task](options)
    for raw in lines:
        if raw.strip():
            # ASCII escapes: a lone surrogate in a text must not end the run at the encoder.
            out.write(json.dumps(answer_line(answer, raw)) + "\n")
            out.flush()


def main() -> int:
    """Read the command line and run one task; gives the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("task", choices=sorted(TASKS))
    parser.add_argument("--encoder", action="store_true", help="use the optional encoder")
    given = parser.parse_args()
    wanted = given.encoder and given.task in ENCODED_TASKS
    if wanted and (problem := find_encoder_problem()):
        print(f"predict.py: {problem}", file=sys.stderr)
        return EXIT_SERVICE_MISSING
    try:
        predict(given.task, Options(encoder=given.encoder), sys.stdin.buffer, sys.stdout)
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    except BrokenPipeError:
        # `… | head`: the reader has what it wanted; the exit's own flush must not fail again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 128 + signal.SIGPIPE
    return 0


if __name__ == "__main__":
    sys.exit(main())
