"""The learned part that reads words in their order: a small convolution over word vectors.

Promises the log-odds of many sentences at once, each the same whatever stands beside it: a
window of three words slides over the sentence, the strongest and the mean answer of each filter
go, with the signals' counts, through one hidden layer to the chances of *worth checking*,
*factual but unimportant* and *neither*. A word enters as its vector
(:mod:`claims.text.word_vectors`) and as its class. What the filters say to a word at each of
the three places is worked out once a word, so that a sentence costs additions only. Trained by
``benchmarks/checkworthiness/train.py``; what on, stands in ``docs/MODEL_CARD.md``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from claims.text.learned import RESERVED, Cut
from claims.text.model_files import read_arrays, store_arrays
from claims.text.signals import NAME_CLASS, class_alone
from claims.text.word_vectors import UNKNOWN, WordVectors, load_vectors

Floats = NDArray[np.floating]
Places = NDArray[np.int64]

MODEL_VERSION = 1
MODEL_PATH = Path(__file__).with_name("models") / f"convolution-{MODEL_VERSION}.npz"
WINDOW = 3
MEAN_SHARE = 0.3
"""What the mean answer is multiplied with, to stand beside the strongest."""
UNIMPORTANT_SHARE = 0.15
"""How much of *factual but unimportant* counts as worth checking, in the second stage too."""
_LEAST_CHANCE = 1e-4
_SENTENCES_AT_ONCE = 64
_ROWS_AT_ONCE = 8
"""So small a product stays on one thread: waking the others costs more than they save."""
_KEPT_WORDS = 50_000
_NO_CLASS = 0
_PLAIN_CLASS, _ = class_alone("word")


@dataclass(frozen=True, slots=True)
class Weights:
    """What is learned; ``d`` is the width of a vector with its class's, ``f`` the filters."""

    classes: Floats
    """``(CLASS_COUNT, c)``: row 0 is not learned, it stands between sentences."""
    filters: Floats
    """``(WINDOW, d, f)``."""
    filters_bias: Floats
    hidden: Floats
    """``(2 f + RESERVED, h)``."""
    hidden_bias: Floats
    out: Floats
    """``(h, 3)``."""
    out_bias: Floats

    @classmethod
    def names(cls) -> list[str]:
        """The arrays' names, in order."""
        return [field.name for field in fields(cls)]


@dataclass(frozen=True, slots=True)
class Sentences:
    """Some sentences one after another: a row a word, and an empty one around each sentence."""

    words: Places
    classes: Places
    at: Places
    """The rows that hold words."""
    starts: Places
    """Where in ``at`` each sentence begins."""
    lengths: Floats
    signals: Floats
    """``(sentences, RESERVED)``: the signals' features."""

    @property
    def owners(self) -> Places:
        """The sentence of each row of ``at``."""
        return np.repeat(np.arange(len(self.starts)), self.lengths.astype(np.int64))


class Lexicon:
    """What is looked up for a word, found once and kept."""

    def __init__(self, vectors: WordVectors) -> None:
        self.vectors = vectors
        self.kept: dict[str, tuple[int, int, bool]] = {}

    def add(self, word: str) -> tuple[int, int, bool]:
        """The word's row, its class, and whether a capital within a sentence makes it a name."""
        found = (self.vectors.place_of(word), *class_alone(word))
        if len(self.kept) >= _KEPT_WORDS:
            self.kept.clear()
        self.kept[word] = found
        return found


def lay_out(lexicon: Lexicon, cuts: Sequence[Cut]) -> Sentences:
    """The sentences as rows; one without a word has one unknown word."""
    words, classes, lengths = [UNKNOWN], [_NO_CLASS], []
    kept = lexicon.kept
    owners: list[int] = []
    features: list[tuple[int, float]] = []
    for number, cut in enumerate(cuts):
        first = len(classes)
        for token, word in zip(cut.tokens, cut.lowered, strict=True):
            place, code, may_be_name = kept.get(word) or lexicon.add(word)
            if may_be_name and len(classes) > first and token[0].isupper():
                code = NAME_CLASS
            words.append(place)
            classes.append(code)
        if not cut.tokens:
            words.append(UNKNOWN)
            classes.append(_PLAIN_CLASS)
        words.append(UNKNOWN)
        classes.append(_NO_CLASS)
        lengths.append(max(1, len(cut.tokens)))
        features += cut.features
        owners += [number] * len(cut.features)
    signals = np.zeros((len(cuts), RESERVED), np.float32)
    places, values = zip(*features, strict=True)
    signals[owners, places] = values
    coded = np.array(classes)
    sizes = np.array(lengths)
    return Sentences(
        words=np.array(words),
        classes=coded,
        at=np.flatnonzero(coded),
        starts=np.cumsum(sizes) - sizes,
        lengths=sizes.astype(np.float32),
        signals=signals,
    )


def pool(answers: Floats, sentences: Sentences) -> tuple[Floats, Floats]:
    """Each filter's strongest and mean answer in each sentence, of ``answers`` above zero."""
    strongest = np.maximum.reduceat(answers, sentences.starts)
    total = np.add.reduceat(answers, sentences.starts)
    return strongest, total * share_of(sentences)


def share_of(sentences: Sentences) -> Floats:
    """What the sum of a sentence's answers is multiplied with: less the longer it is."""
    shares: Floats = (MEAN_SHARE / np.sqrt(sentences.lengths + 3))[:, None]
    return shares


def chances_of(features: Floats, weights: Weights) -> tuple[Floats, Floats]:
    """The hidden layer's answers and the three chances, a row a sentence."""
    inner = np.maximum(features @ weights.hidden + weights.hidden_bias, 0)
    odds = inner @ weights.out + weights.out_bias
    odds = np.exp(odds - odds.max(axis=1, keepdims=True))
    return inner, odds / odds.sum(axis=1, keepdims=True)


def log_odds_of(chances: Floats) -> Floats:
    """The log-odds of *worth checking* from the three chances."""
    return log_odds(chances[:, 0] + UNIMPORTANT_SHARE * chances[:, 1])


def log_odds(chances: Floats) -> Floats:
    """The log-odds of each chance, kept from certainty."""
    bounded = chances.clip(_LEAST_CHANCE, 1 - _LEAST_CHANCE)
    odds: Floats = np.log(bounded / (1 - bounded))
    return odds


def _multiply(left: Floats, right: Floats) -> Floats:
    """The product, a few rows at a time: see :data:`_ROWS_AT_ONCE`."""
    starts = range(0, len(left), _ROWS_AT_ONCE)
    return np.vstack([left[start : start + _ROWS_AT_ONCE] @ right for start in starts])


class Convolution:
    """The weights with what each word and class adds worked out beforehand."""

    def __init__(self, vectors: WordVectors, weights: Weights) -> None:
        """``vectors`` are those the weights were trained with."""
        self._lexicon = Lexicon(vectors)
        # In double precision what follows is the same to the last printed digit for a sentence
        # alone and among others, whichever way the library multiplies.
        self._weights = Weights(
            *(getattr(weights, name).astype(np.float64) for name in Weights.names())
        )
        width = vectors.rows.shape[1]
        side_by_side = np.concatenate(list(weights.filters), axis=1).astype(np.float32)
        self._by_word = _multiply(vectors.rows, side_by_side[:width])
        classes = weights.classes.astype(np.float32).copy()
        classes[_NO_CLASS] = 0
        self._by_class = _multiply(classes, side_by_side[width:])
        self._bias = weights.filters_bias.astype(np.float32)

    def weigh(self, cuts: Iterable[Cut]) -> list[float]:
        """The log-odds of each sentence, in order."""
        waiting = list(cuts)
        found: list[float] = []
        for start in range(0, len(waiting), _SENTENCES_AT_ONCE):
            together = waiting[start : start + _SENTENCES_AT_ONCE]
            found += self._weigh(lay_out(self._lexicon, together))
        return found

    def _weigh(self, sentences: Sentences) -> list[float]:
        said = self._by_word[sentences.words] + self._by_class[sentences.classes]
        at, filters = sentences.at, len(self._bias)
        answers = said[at - 1, :filters] + said[at, filters : 2 * filters]
        answers += said[at + 1, 2 * filters :]
        np.maximum(answers + self._bias, 0, out=answers)
        features = np.hstack([*pool(answers, sentences), sentences.signals]).astype(np.float64)
        parts = [
            chances_of(features[start : start + _ROWS_AT_ONCE], self._weights)[1]
            for start in range(0, len(features), _ROWS_AT_ONCE)
        ]
        odds: list[float] = log_odds_of(np.vstack(parts)).tolist()
        return odds


def store_weights(weights: Weights, data_sha256: str) -> None:
    """Write the model file, numbers of 16 bits, no pickle.

    ``data_sha256`` is the hexadecimal digest of what it was learned from.
    """
    arrays = {name: getattr(weights, name).astype(np.float16) for name in Weights.names()}
    store_arrays(MODEL_PATH, MODEL_VERSION, arrays, data_sha256=data_sha256)


@cache
def load_convolution() -> Convolution:
    """The committed model; raises ``ValueError`` where the file is of another version."""
    stored = read_arrays(MODEL_PATH, MODEL_VERSION)
    return Convolution(load_vectors(), Weights(*(stored[name] for name in Weights.names())))
