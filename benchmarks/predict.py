"""Answer one task for every JSON line of standard input: ``python benchmarks/predict.py TASK``.

Promises one answer a line, in the same order, from one process; a line that cannot be
read is answered ``{"id", "error"}`` and the next one is read. Shapes are those of
``docs/CONTRACT.md``. Refuses to guess: an unknown task ends with exit code 2.

A task joins by one entry in :data:`TASKS`: a loader that takes the options, does its
imports and loads its model once, and gives the function that answers a line (or, where
lines gain from being read together, all that have arrived).
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, TextIO

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from benchmarks.answering import (  # noqa: E402
    Answer,
    AnswerAll,
    Line,
    Options,
    UnreadableLineError,
    answer_lines,
    attempt,
    day_of,
    named_texts_of,
    one_by_one,
    read_arrived,
    strings_of,
    text_of,
)


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


def _load_passages(options: Options) -> Answer:
    from claims.text.encoder.reranking import rerank_passages
    from claims.text.evidence import judge_passages
    from claims.text.passages import rank_passages
    from claims.text.quantities import read_quantities

    judge = rerank_passages if options.encoder else judge_passages

    def answer(line: Line) -> Line:
        claim, passages = text_of(line, "claim"), strings_of(line, "passages")
        ranked = rank_passages(claim, passages, quantities=read_quantities(claim))
        ranked = judge(claim, passages, ranked)
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


def _load_stance(options: Options) -> Answer:
    from claims.text.encoder.bearing import judge_by_meaning
    from claims.text.stance import judge_by_words, suggest_stance

    judge = judge_by_meaning if options.encoder else judge_by_words

    def answer(line: Line) -> Line:
        found = suggest_stance(text_of(line, "claim"), text_of(line, "passage"), judge=judge)
        scores = {stance.value: score for stance, score in found.scores.items()}
        return {"stance": found.stance.value, "confidence": found.confidence, "scores": scores}

    return answer


def _load_match(options: Options) -> Answer:
    from claims.text.encoder.reranking import MOST_RERANKED, MatchReranker
    from claims.text.match_index import MOST_MATCHES, MatchIndex

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


def _load_checkworthiness(options: Options) -> AnswerAll:
    from claims.text.checkworthiness import score_sentences
    from claims.text.encoder.second_stage import score_again

    score = score_again if options.encoder else score_sentences

    def read(line: Line) -> tuple[str, str]:
        return text_of(line), text_of(line, "context") if line.get("context") is not None else ""

    def answer_all(lines: Sequence[Line]) -> list[Line | UnreadableLineError]:
        asked = [attempt(read, line) for line in lines]
        pairs = [one for one in asked if not isinstance(one, UnreadableLineError)]
        scores = iter(score([text for text, _ in pairs], contexts=[before for _, before in pairs]))
        return [
            one if isinstance(one, UnreadableLineError) else {"score": next(scores).value}
            for one in asked
        ]

    return answer_all


ENCODED_TASKS = frozenset({"checkworthiness", "passages", "stance", "match"})
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


TASKS: dict[str, Callable[[Options], AnswerAll]] = {
    "sentences": one_by_one(_load_sentences),
    "checkworthiness": _load_checkworthiness,
    "page": one_by_one(_load_page),
    "quantities": one_by_one(_load_quantities),
    "dates": one_by_one(_load_dates),
    "passages": one_by_one(_load_passages),
    "compare": one_by_one(_load_compare),
    "stance": one_by_one(_load_stance),
    "match": one_by_one(_load_match),
    "origins": one_by_one(_load_origins),
}


def predict(task: str, options: Options, groups: Iterable[list[bytes]], out: TextIO) -> None:
    """Write the answer to each line of ``groups`` to ``out``; blank lines are passed over."""
    answer_all = TASKS[task](options)
    for lines in groups:
        for answer in answer_lines(answer_all, (raw for raw in lines if raw.strip())):
            # ASCII escapes: a lone surrogate in a text must not end the run at the encoder.
            out.write(json.dumps(answer) + "\n")
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
    options = Options(encoder=given.encoder)
    try:
        predict(given.task, options, read_arrived(sys.stdin.buffer), sys.stdout)
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    except BrokenPipeError:
        # `… | head`: the reader has what it wanted; the exit's own flush must not fail again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 128 + signal.SIGPIPE
    return 0


if __name__ == "__main__":
    sys.exit(main())
