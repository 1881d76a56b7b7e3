"""The learned part of check-worthiness: a linear model over words, their parts and their order.

Promises: the weight of a sentence in log-odds from the committed model file, the same
on every machine; the file holds plain arrays and is read without pickle. What it was
trained on stands in ``docs/MODEL_CARD.md``; the trainer in
``benchmarks/checkworthiness/`` uses :func:`read_features` of this module, so that
learning and scoring cannot drift apart. Refuses a file of another version.

A sentence becomes a bag of hashed features: each word with the pieces of three to five
letters in it, each pair of neighbouring words, pairs and triples of word *classes*
(numbers, names, the signals of :mod:`claims.text.signals`, small words as themselves),
and the signals' counts. Everything that hangs on one word is added up once and kept.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from claims.text.model_files import read_arrays, store_arrays
from claims.text.signals import NAME_CLASS, Signal, class_alone, class_of, cut_tokens, read_signals

MODEL_VERSION = 3
MODEL_PATH = Path(__file__).with_name("models") / f"checkworthiness-{MODEL_VERSION}.npz"
TABLE_BITS = 17
_MASK = (1 << TABLE_BITS) - 1
# The first places belong to the signals: present, more than once, share of the words, length.
_MORE, _SHARE, _LENGTH, RESERVED = 60, 120, 180, 256
# Signals from here on only explain: learning them helped nowhere.
_LEARNED_SIGNALS = int(Signal.FIRST_PAST)
_PIECE_WEIGHT = _CLASS_WEIGHT = SIGNAL_WEIGHT = 0.5
_EDGE = 7
_LEFT, _RIGHT = 2654435761, 40503
_KEPT_WORDS, _KEPT_SHAPES = 50_000, 200_000
_FREE = _MASK + 1 - RESERVED


def _place(key: int) -> int:
    return RESERVED + key % _FREE


@lru_cache(maxsize=_KEPT_WORDS)
def _read_word(word: str) -> tuple[int, tuple[int, ...]]:
    """The word's hash, and the table places of the word and its pieces."""
    shape = "".join("0" if letter.isdigit() else letter for letter in word[:40])
    whole = crc32(b"w" + shape.encode("utf-8", "replace"))
    framed = f"<{shape}>".encode("utf-8", "replace")
    pieces = [
        _place(crc32(framed[start : start + size], 99))
        for size in (3, 4, 5)
        for start in range(len(framed) - size + 1)
    ]
    return whole, (_place(whole), *pieces)


def _place_of_pair(left: int, right: int) -> int:
    return _place(left * _LEFT ^ right * _RIGHT)


def _place_of_classes(first: int, second: int, third: int) -> int:
    return _place(crc32(b"%d,%d,%d" % (first, second, third)))


def _read_counts(counts: Sequence[int]) -> list[tuple[int, float]]:
    """Places below :data:`RESERVED` and values of the signals' features."""
    length = counts[0] or 1
    share = 6 * SIGNAL_WEIGHT / length
    found = [(_LENGTH + min(length // 4, 12), SIGNAL_WEIGHT)]
    for signal, count in enumerate(counts[:_LEARNED_SIGNALS]):
        if count and signal:
            found.append((signal, SIGNAL_WEIGHT))
            found.append((_SHARE + signal, min(share * count, 1.0)))
            if count > 1:
                found.append((_MORE + signal, SIGNAL_WEIGHT))
    return found


@dataclass(frozen=True, slots=True)
class Cut:
    """One sentence as the models read it."""

    tokens: Sequence[str]
    lowered: Sequence[str]
    counts: Sequence[int]
    """How often it has each :class:`~claims.text.signals.Signal`."""
    features: Sequence[tuple[int, float]]
    """Table places below :data:`RESERVED`, and values, of the counts."""


def cut_sentence(sentence: str) -> Cut:
    """The words and signals of a sentence, as ``plain_sentence`` gives it."""
    tokens = cut_tokens(sentence)
    lowered = [token.lower() for token in tokens]
    counts = read_signals(tokens, lowered)
    return Cut(tokens, lowered, counts, _read_counts(counts))


def read_features(cut: Cut) -> tuple[list[int], list[float]]:
    """Table places and values of one sentence's features (places may repeat, values add up)."""
    places: list[int] = []
    values: list[float] = []
    unit = 0.5 / math.sqrt(len(cut.tokens) + 3)
    before = _EDGE
    classes = [0]
    for at, (token, word) in enumerate(zip(cut.tokens, cut.lowered, strict=True)):
        whole, parts = _read_word(word)
        places.append(parts[0])
        values.append(unit)
        places.extend(parts[1:])
        values.extend([unit * _PIECE_WEIGHT] * (len(parts) - 1))
        places.append(_place_of_pair(before, whole))
        values.append(unit)
        before = whole
        classes.append(class_of(token, word, is_first=at == 0))
    classes.append(1)
    places.append(_place_of_pair(before, _EDGE))
    values.append(unit)
    for at in range(len(classes) - 1):
        places.append(_place_of_classes(classes[at], classes[at + 1], 0))
        values.append(unit * _CLASS_WEIGHT)
    for at in range(len(classes) - 2):
        places.append(_place_of_classes(classes[at], classes[at + 1], classes[at + 2]))
        values.append(unit * _CLASS_WEIGHT)
    for place, value in cut.features:
        places.append(place)
        values.append(value)
    return places, values


class LearnedModel:
    """A table of weights with what it needs to score quickly."""

    def __init__(self, table: Sequence[float], bias: float) -> None:
        """``table`` holds one weight for each of the ``2 ** TABLE_BITS`` places."""
        if len(table) != _MASK + 1:
            raise ValueError(f"the model has {len(table)} weights, not {_MASK + 1}")
        self._table = array("d", table)
        self._bias = bias
        self._words: dict[str, tuple[int, int, float, int, bool]] = {}
        self._shapes: dict[int, float] = {}

    def weigh(self, cut: Cut) -> float:
        """Log-odds of one sentence: the same sum that :func:`read_features` spells out."""
        # Written out in one loop: this is the inner loop of scoring, and calls cost most of it.
        table, words, shapes = self._table, self._words, self._shapes
        total, shaped = 0.0, 0.0
        left, old, older = _EDGE * _LEFT, 0, -1
        for token, word in zip(cut.tokens, cut.lowered, strict=True):
            found = words.get(word) or self._add_word(word)
            as_left, as_right, weight, code, may_be_name = found
            total += weight + table[RESERVED + (left ^ as_right) % _FREE]
            left = as_left
            if may_be_name and older >= 0 and token[0].isupper():
                code = NAME_CLASS
            key = (older << 20) + (old << 10) + code
            shape = shapes.get(key)
            shaped += self._add_shape(older, old, code) if shape is None else shape
            older, old = old, code
        total += table[RESERVED + (left ^ _EDGE * _RIGHT) % _FREE]
        shaped += self._add_shape(older, old, 1)
        unit = 0.5 / math.sqrt(len(cut.tokens) + 3)
        signalled = math.fsum([table[place] * value for place, value in cut.features])
        return self._bias + unit * (total + _CLASS_WEIGHT * shaped) + signalled

    def _add_word(self, word: str) -> tuple[int, int, float, int, bool]:
        whole, parts = _read_word(word)
        table = self._table
        weight = table[parts[0]] + _PIECE_WEIGHT * sum([table[place] for place in parts[1:]])
        if len(self._words) >= _KEPT_WORDS:
            self._words.clear()
        found = (whole * _LEFT, whole * _RIGHT, weight, *class_alone(word))
        self._words[word] = found
        return found

    def _add_shape(self, older: int, old: int, new: int) -> float:
        """The weight of a pair of classes and of the triple that it ends."""
        table = self._table
        weight = table[_place_of_classes(old, new, 0)]
        if older >= 0:
            weight += table[_place_of_classes(older, old, new)]
        if len(self._shapes) >= _KEPT_SHAPES:
            self._shapes.clear()
        self._shapes[(older << 20) + (old << 10) + new] = weight
        return weight


def store_table(table: NDArray[np.float64], bias: float, data_sha256: str) -> None:
    """Write the model file: whole numbers of 16 bits and their scale, no pickle.

    ``data_sha256`` is the hexadecimal digest of what it was learned from.
    """
    scale = float(np.abs(table).max()) / 32767
    arrays = {
        "table": np.round(table / scale).astype(np.int16),
        "scale": np.array(scale),
        "bias": np.array(bias),
    }
    store_arrays(MODEL_PATH, MODEL_VERSION, arrays, data_sha256=data_sha256)


@cache
def load_model() -> LearnedModel:
    """The committed model; raises ``ValueError`` where the file is of another version."""
    stored = read_arrays(MODEL_PATH, MODEL_VERSION)
    table = stored["table"].astype(np.float64) * float(stored["scale"])
    return LearnedModel(table.tolist(), float(stored["bias"]))
