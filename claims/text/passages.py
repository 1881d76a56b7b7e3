"""Cut a page's text into passages and order passages by how well they bear on a claim.

Promises: spans slice back to the text, every sentence is in at least one of them, a
table's row comes with its header; the order depends on the texts alone, the reasons say
which shared words made it, and the work grows with the length of the texts. Refuses to
judge: a high score says *about the same thing*, never *true*.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from claims.text.bm25 import WordIndex
from claims.text.quantity import Quantity
from claims.text.sentences import split_paragraphs, split_sentences
from claims.text.table_rows import find_headers
from claims.text.words import STOP_STEMS, cut_words, is_number, words_as_written
from claims.vocabulary import QuantityKind

WINDOW_SENTENCES = 3
WINDOW_CHARS = 220
"""A passage takes further sentences of its paragraph until it has this many characters."""
LONGEST_CHARS = 1200
"""A run without sentence ends is cut after this many characters, at a blank where there is one."""

# Weights chosen on the development halves of WiCE, Fool Me Twice and SciFact
# (benchmarks/weighing/measure_passages.py shows what each is worth).
_STOP_WEIGHT, _NUMBER_WEIGHT = 0.5, 1.3
_PAIR_WEIGHT, _PREFIX_WEIGHT, _NEIGHBOUR_WEIGHT = 0.3, 0.3, 0.1
_PREFIX_CHARS = 5
_TOPIC_WEIGHT = 0.4
_UNIT_BONUS, _COUNTED_BONUS = 0.5, 0.5
_K1, _B = 0.9, 0.4
_SHOWN_WORDS = 6


@dataclass(frozen=True, slots=True)
class PassageSpan:
    """Characters ``start`` to ``end`` (exclusive) of a text that are read together.

    ``context`` is not part of them: for a row of a table the caption, a line break and the
    header as written; empty for prose.
    """

    start: int
    end: int
    context: str = ""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A passage's place in the list given, its score (≥ 0, higher is better) and the reasons."""

    index: int
    score: float
    reasons: tuple[str, ...]


def cut_passages(text: str, tables: Sequence[tuple[int, int]] = ()) -> tuple[PassageSpan, ...]:
    """Overlapping passages of one to three sentences; each line of a table is its own.

    ``tables`` are the spans of ``text`` that hold a table written line by line; lines
    with two or more vertical bars are taken for table rows as well. Passages never
    cross a paragraph, come in order, and hold no surrounding white space.
    """
    passages: list[PassageSpan] = []
    headers = find_headers(text)
    paragraphs = split_paragraphs(text)
    sentences = split_sentences(text)
    first = 0
    for paragraph in paragraphs:
        last = first
        while last < len(sentences) and sentences[last].start < paragraph.end:
            last += 1
        inside = [(s.start, s.end) for s in sentences[first:last]]
        first = last
        if _is_table(text, paragraph.start, paragraph.end, tables):
            passages.extend(
                PassageSpan(row.start, row.end, headers.get(row.start, ""))
                for row in _cut_lines(text, paragraph.start, paragraph.end)
            )
        else:
            passages.extend(_cut_windows(text, inside))
    return tuple(passages)


def table_passages(tables: Iterable[dict[str, Any]]) -> tuple[str, ...]:
    """One text per row of each table ``{"caption","header":[…],"rows":[[…]]}``.

    A row reads "caption: header cell; header cell", so that a number stands beside what
    it counts.
    """
    texts = []
    for table in tables:
        header = [str(cell).strip() for cell in table.get("header") or ()]
        caption = str(table.get("caption") or "").strip()
        for row in table.get("rows") or ():
            cells = [str(cell).strip() for cell in row]
            named = [
                f"{header[place]} {cell}".strip() if place < len(header) else cell
                for place, cell in enumerate(cells)
                if cell
            ]
            if named:
                texts.append((f"{caption}: " if caption else "") + "; ".join(named))
    return tuple(texts)


def rank_passages(
    claim: str,
    passages: Sequence[str],
    *,
    quantities: Sequence[Quantity] = (),
    topic: str = "",
) -> list[Ranked]:
    """All passages, those that bear on the claim first; equal scores keep their order.

    The score is BM25 over words and numbers in normal form, over pairs of words and over
    word beginnings, a share of the neighbours' scores (passages are taken to stand in the
    order of their page), and a bonus for the unit kind and the counted noun of the claim's
    ``quantities``. The words of ``topic`` that the claim leaves out count a little.

    >>> [found.index for found in rank_passages("Output rose 3 %.", ["Rain.", "Output rose."])]
    [1, 0]
    """
    query = cut_words(claim)
    cut = [cut_words(passage) for passage in passages]
    weights = {word: _word_weight(word) for word in query}
    topical = {word: _TOPIC_WEIGHT for word in cut_words(topic) if word not in STOP_STEMS}
    scores = _score_words(cut, topical | weights)
    scores += _PAIR_WEIGHT * _score_features(query, cut, _pairs)
    scores += _PREFIX_WEIGHT * _score_features(query, cut, _prefixes)
    scores += _score_frame(cut, passages, quantities)
    scores = _blend_neighbours(scores)
    order = np.argsort(-scores, kind="stable")
    written = words_as_written(claim)
    return [
        Ranked(int(index), float(scores[index]), _explain(weights, cut[index], quantities, written))
        for index in order
    ]


def _word_weight(word: str) -> float:
    if word in STOP_STEMS:
        return _STOP_WEIGHT
    return _NUMBER_WEIGHT if is_number(word) else 1.0


def _score_words(cut: Sequence[list[str]], weights: dict[str, float]) -> NDArray[np.float64]:
    return WordIndex(cut, k1=_K1, b=_B, only=weights).score_texts(weights)


def _score_features(
    query: list[str], cut: Sequence[list[str]], features_of: Any
) -> NDArray[np.float64]:
    wanted = dict.fromkeys(features_of(query), 1.0)
    if not wanted:
        return np.zeros(len(cut))
    texts = (features_of(words) for words in cut)
    return WordIndex(texts, k1=_K1, b=_B, only=wanted).score_texts(wanted)


def _pairs(words: list[str]) -> list[tuple[str, str]]:
    return list(pairwise(words))


def _prefixes(words: list[str]) -> list[str]:
    return [
        word[:_PREFIX_CHARS]
        for word in words
        if len(word) > _PREFIX_CHARS and word not in STOP_STEMS
    ]


def _blend_neighbours(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    padded = np.pad(scores, 1)
    blended: NDArray[np.float64] = scores + _NEIGHBOUR_WEIGHT * (padded[:-2] + padded[2:])
    return blended


_PERCENT_MARKS = frozenset({"percent", "cent", "percentag"})
_CURRENCIES = "dollar euro pound rupee yen yuan franc peso real rand won"
_MONEY_MARKS = frozenset(_CURRENCIES.split())


def _score_frame(
    cut: Sequence[list[str]], passages: Sequence[str], quantities: Sequence[Quantity]
) -> NDArray[np.float64]:
    bonus = np.zeros(len(cut))
    kinds = {quantity.kind for quantity in quantities}
    counted = {cut_words(q.counted)[-1] for q in quantities if q.counted and cut_words(q.counted)}
    if not quantities:
        return bonus
    for place, words in enumerate(cut):
        known = frozenset(words)
        if counted & known and any(is_number(word) for word in words):
            bonus[place] += _COUNTED_BONUS
        if QuantityKind.PERCENT in kinds and (known & _PERCENT_MARKS or "%" in passages[place]):
            bonus[place] += _UNIT_BONUS
        if QuantityKind.MONEY in kinds and _speaks_of_money(known, passages[place]):
            bonus[place] += _UNIT_BONUS
    return bonus


def _speaks_of_money(known: frozenset[str], passage: str) -> bool:
    return bool(known & _MONEY_MARKS) or any(sign in passage for sign in "$€£¥₹")


def _explain(
    weights: dict[str, float],
    words: list[str],
    quantities: Sequence[Quantity],
    written: dict[str, str],
) -> tuple[str, ...]:
    shared = Counter(word for word in words if weights.get(word, 0.0) >= 1.0)
    numbers = [word for word in shared if is_number(word)]
    plain = [written.get(word, word) for word in shared if not is_number(word)]
    reasons = []
    if plain:
        reasons.append("shares the words " + ", ".join(plain[:_SHOWN_WORDS]))
    if numbers:
        reasons.append("holds the number " + ", ".join(numbers[:_SHOWN_WORDS]))
    elif quantities and any(is_number(word) for word in words):
        reasons.append("holds another number")
    return tuple(reasons)


def _is_table(text: str, start: int, end: int, tables: Sequence[tuple[int, int]]) -> bool:
    if any(start < table_end and table_start < end for table_start, table_end in tables):
        return True
    return text.count("|", start, end) >= 2


def _cut_lines(text: str, start: int, end: int) -> Iterable[PassageSpan]:
    place = start
    for line in text[start:end].splitlines(keepends=True):
        bare = line.strip()
        if bare.strip("|-: \t"):
            first = place + line.index(bare[0])
            yield from _cut_long(text, first, first + len(bare))
        place += len(line)


def _cut_windows(text: str, sentences: Sequence[tuple[int, int]]) -> Iterable[PassageSpan]:
    covered = -1
    for first, (start, end) in enumerate(sentences):
        last = first
        while (
            last + 1 < len(sentences)
            and last + 1 - first < WINDOW_SENTENCES
            and sentences[last][1] - start < WINDOW_CHARS
            and sentences[last + 1][1] - start <= LONGEST_CHARS
        ):
            last += 1
        end = sentences[last][1]
        # A window inside the one before says nothing that was not said there.
        if end > covered:
            yield from _cut_long(text, start, end)
            covered = end


def _cut_long(text: str, start: int, end: int) -> Iterable[PassageSpan]:
    while end - start > LONGEST_CHARS:
        blank = text.rfind(" ", start + LONGEST_CHARS // 2, start + LONGEST_CHARS)
        cut = blank if blank > start else start + LONGEST_CHARS
        yield PassageSpan(start, cut)
        start = cut + 1 if cut == blank else cut
    if text[start:end].strip():
        yield PassageSpan(start, end)
