"""A million beside a billion: the same number of the same thing a thousand times apart.

Promises a hint only for two mentions in one article with the same leading digits, the same
unit and enough words in common to speak of one thing.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from claims.text.hints.hint import Hint, HintKind, Line, say
from claims.text.quantity import Quantity
from claims.text.words import content_words
from claims.vocabulary import QuantityKind

_KINDS = frozenset({QuantityKind.MONEY, QuantityKind.MEASURE, QuantityKind.COUNT})
_AROUND = 90
_MOST_COMPARED = 40
_LISTED_SCALES = "million billion trillion thousand mn bn tn m"
_SCALE_STEMS = frozenset(_LISTED_SCALES.split())
_COMPARES = re.compile(r"\b(?:compared|times|thousand-?fold|while|whereas|versus|against|than)\b")


@dataclass(frozen=True, slots=True)
class _Mention:
    """One number of the article, where it stands, and the words around it."""

    place: int
    quantity: Quantity
    digits: str
    words: frozenset[str]
    near: frozenset[str]


def find_scale_hints(lines: Sequence[tuple[int, Line]]) -> Iterator[tuple[int, Hint]]:
    """(place of the line, hint) for each slip; ``lines`` are (offset in the article, line).

    The spans of these hints are characters of the article. Each slip is told at both lines.
    """
    by_digits: dict[tuple[str, str], list[_Mention]] = {}
    for place, (_, line) in enumerate(lines):
        for one in line.quantities:
            mention = _read_mention(place, line, one)
            if mention:
                by_digits.setdefault((mention.digits, one.unit), []).append(mention)
    for mentions in by_digits.values():
        some = mentions[:_MOST_COMPARED]
        for at, first in enumerate(some):
            for second in some[at + 1 :]:
                if _is_slip(first, second):
                    yield from _tell(first, second, lines)


def _read_mention(place: int, line: Line, one: Quantity) -> _Mention | None:
    value = one.value
    if one.kind not in _KINDS or not value or not math.isfinite(value) or abs(value) < 1000:
        return None
    digits = f"{abs(value):.6e}".partition("e")[0].rstrip("0").rstrip(".")
    around = (
        line.text[max(0, one.start - _AROUND) : one.start] + line.text[one.end : one.end + _AROUND]
    )
    words = frozenset(
        word for word in content_words(around) if word not in _SCALE_STEMS and word.isalpha()
    )
    near = frozenset(
        word
        for word in content_words(
            line.text[max(0, one.start - 28) : one.start] + " " + line.text[one.end : one.end + 28]
        )
        if word not in _SCALE_STEMS and word.isalpha()
    )
    return _Mention(place, one, digits, words, near)


def _is_slip(first: _Mention, second: _Mention) -> bool:
    one, two = first.quantity, second.quantity
    if one.value is None or two.value is None or (one.value < 0) != (two.value < 0):
        return False
    ratio = max(abs(one.value), abs(two.value)) / min(abs(one.value), abs(two.value))
    if not any(math.isclose(ratio, times) for times in (1e3, 1e6)):
        return False
    if first.place == second.place or one.change != two.change:
        return False
    if one.period != two.period and one.period and two.period:
        return False
    shared = first.words & second.words
    # One round digit comes about by chance, so it needs the same thing close by.
    is_telling = len(first.digits) > 2
    return len(shared) >= 2 and (is_telling or bool(first.near & second.near))


def _tell(
    first: _Mention, second: _Mention, lines: Sequence[tuple[int, Line]]
) -> Iterator[tuple[int, Hint]]:
    for mine, other in ((first, second), (second, first)):
        if _COMPARES.search(lines[mine.place][1].text):
            return
        value, others = mine.quantity.value or 1.0, other.quantity.value or 1.0
        times = max(abs(value), abs(others)) / min(abs(value), abs(others))
        note = (
            f"Here {mine.quantity.text}, elsewhere in the article {other.quantity.text}: "
            f"a factor of {say(times)} apart."
        )
        spans = tuple(
            (lines[one.place][0] + one.quantity.start, lines[one.place][0] + one.quantity.end)
            for one in (mine, other)
        )
        yield mine.place, Hint(HintKind.SCALE, note, spans)
