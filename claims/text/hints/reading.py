"""All hints of an article, sentence by sentence.

Promises: one tuple of hints a sentence, in the order of the text; never fails, and takes time
in proportion to the text. Very long sentences are left alone: nobody adds up a table there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from claims.text.hints.changes import find_change_hints
from claims.text.hints.hint import Hint, Line
from claims.text.hints.scales import find_scale_hints
from claims.text.hints.shares import find_share_hints
from claims.text.hints.wholes import find_whole_hints
from claims.text.quantity import Quantity

_LONGEST, _MOST_NUMBERS = 1500, 60


def find_hints(
    sentences: Sequence[tuple[str, int, Sequence[Quantity]]],
) -> tuple[tuple[Hint, ...], ...]:
    """The hints of each sentence of an article.

    ``sentences`` are (text, its offset in the article, its quantities with offsets in the
    article); the spans of the hints are characters of the article too.

    >>> from claims.text.quantities import read_quantities
    >>> said = "Output rose 25 % from 40 to 60 tonnes."
    >>> [[one.note for one in found] for found in find_hints([(said, 0, read_quantities(said))])]
    [['40 to 60 is a change of 20, or 50 per cent of 40; the text says 25 %.']]
    """
    lines = [(start, _make_line(text, start, numbers)) for text, start, numbers in sentences]
    found: list[list[Hint]] = [
        [hint.moved(start) for hint in _read_line(line)] for start, line in lines
    ]
    for place, hint in find_scale_hints(lines):
        if hint not in found[place]:
            found[place].append(hint)
    return tuple(tuple(hints) for hints in found)


def _make_line(text: str, start: int, numbers: Sequence[Quantity]) -> Line:
    if len(text) > _LONGEST or len(numbers) > _MOST_NUMBERS:
        return Line("", ())
    text = text.replace("\u00a0", " ").replace("\u202f", " ").replace("\n", " ")
    moved = (replace(one, start=one.start - start, end=one.end - start) for one in numbers)
    return Line(text, tuple(moved))


def _read_line(line: Line) -> list[Hint]:
    if not line.quantities:
        return []
    return [*find_change_hints(line), *find_share_hints(line), *find_whole_hints(line)]
