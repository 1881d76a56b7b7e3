"""Where each word of a claim finds itself in a passage, as the encoder reads both.

Promises the same named signals for any two texts (:data:`NAMES`), from how near the claim's
tokens lie to those of the passage, once where the encoder still reads words and once where it
reads meaning, and the pair of other words that lie nearest. Refuses to weigh them:
:mod:`claims.text.encoder.bearing` does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from claims.text.encoder.network import Floats, Network, embed_tokens, find_runs, run_layers
from claims.text.encoder.tokens import cut_tokens, name_tokens
from claims.text.words import STOP_WORDS

DEPTHS = (3, 6)
"""After so many layers the tokens are read: words in their sentence, and what it says."""
CLAIM_TOKENS, PASSAGE_TOKENS = 64, 160
"""A claim is read so far, and a passage: some 110 words."""
_AT_EACH_DEPTH = (
    "words_mean",
    "words_least",
    "words_most",
    "new_words_mean",
    "new_words_least",
    "new_words_most",
    "all_mean",
    "opening",
    "closing",
    "near",
    "rivals_share",
    "rival_most",
    "same_words_least",
    "same_words_mean",
)
NAMES = (
    "new_words_share",
    "new_words",
    "new_number",
    *(f"{name}_at_{depth}" for depth in DEPTHS for name in _AT_EACH_DEPTH),
)
_ALIKE = 0.45
"""From this likeness on two other words are shown as each other's counterpart."""

Marks = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Reading:
    """A text's tokens by number and name, and a unit row for each at each of the depths."""

    text: str
    numbers: NDArray[np.int64]
    names: tuple[str, ...]
    rows: tuple[Floats, ...]

    @property
    def is_word(self) -> Marks:
        """Which tokens are words, or parts of words, that tell something."""
        return np.array(
            [
                (name[0].isalnum() and name not in STOP_WORDS) or name[:2] == "##"
                for name in self.names
            ]
        )

    def spell(self, place: int) -> str:
        """The word that the token at ``place`` is a part of, as the text writes it."""
        first, last = place, place + 1
        while first > 0 and self.names[first].startswith("##"):
            first -= 1
        while last < len(self.names) and self.names[last].startswith("##"):
            last += 1
        word = "".join(name.removeprefix("##") for name in self.names[first:last])
        written = re.search(re.escape(word), self.text, re.IGNORECASE)
        return written.group() if written else word


def read_text(network: Network, middle: Floats, text: str, most: int) -> Reading:
    """The text's tokens, at most ``most`` of them; ``middle`` is the mean row at each depth."""
    (cut,) = cut_tokens([text], most=most)
    found = []
    for rows, mean in zip(read_depths(network, cut), middle, strict=True):
        centred = rows - mean
        found.append(centred / np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-9))
    return Reading(text, np.array(cut), tuple(name_tokens(cut)), tuple(found))


def read_depths(network: Network, cut: Sequence[int]) -> Iterator[Floats]:
    """A text's rows, one a token, at each of the depths."""
    runs = find_runs([len(cut)])
    rows = embed_tokens(network, [cut])
    for before, depth in pairwise((0, *DEPTHS)):
        rows = run_layers(network.layers[before:depth], rows, runs)
        yield rows


def align(claim: Reading, passage: Reading) -> dict[str, float]:
    """The signals of :data:`NAMES` by name."""
    words = claim.is_word
    is_known = np.isin(claim.numbers, passage.numbers)
    new = words & ~is_known
    has_digit = np.array([name[0].isdigit() for name in claim.names])
    values = [float(new.mean()), float(new.sum()) / 5, float((has_digit & new).any())]
    for mine, theirs in zip(claim.rows, passage.rows, strict=True):
        likeness = mine @ theirs.T
        best = likeness.max(axis=1)
        other = ~np.isin(passage.numbers, claim.numbers)[likeness.argmax(axis=1)]
        again = [
            float(likeness[place][passage.numbers == claim.numbers[place]].max())
            for place in np.flatnonzero(words & is_known)
        ]
        values += [*_spread(best[words]), *_spread(best[new])]
        values += [_mean(best[1:-1]), float(best[0]), float(best[-1]), _nearness(mine, theirs)]
        values += [_mean(other[new], 0.0), float((best * other)[new].max(initial=0.0))]
        values += [min(again, default=1.0), _mean(again)]
    return dict(zip(NAMES, values, strict=True))


def find_counterpart(claim: Reading, passage: Reading) -> tuple[str, str, float] | None:
    """The word of the claim and another of the passage that lie nearest, and how near."""
    mine = np.flatnonzero(claim.is_word & ~np.isin(claim.numbers, passage.numbers))
    theirs = np.flatnonzero(passage.is_word & ~np.isin(passage.numbers, claim.numbers))
    if not len(mine) or not len(theirs):
        return None
    likeness = claim.rows[-1][mine] @ passage.rows[-1][theirs].T
    one, other = np.unravel_index(int(likeness.argmax()), likeness.shape)
    near = float(likeness[one, other])
    words = claim.spell(int(mine[one])), passage.spell(int(theirs[other]))
    if near < _ALIKE or words[0].casefold() == words[1].casefold():
        return None
    return (*words, near)


def _spread(values: Floats) -> tuple[float, float, float]:
    """Mean, least and most; ones where there is nothing to be far away."""
    if not len(values):
        return 1.0, 1.0, 1.0
    return float(values.mean()), float(values.min()), float(values.max())


def _mean(values: Sequence[float] | NDArray[Any], without: float = 1.0) -> float:
    return float(np.mean(np.asarray(values))) if len(values) else without


def _nearness(mine: Floats, theirs: Floats) -> float:
    one, other = (rows[1:-1].sum(axis=0) for rows in (mine, theirs))
    size = float(np.linalg.norm(one) * np.linalg.norm(other))
    return float(one @ other) / size if size else 0.0
