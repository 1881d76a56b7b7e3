"""Text cut into pieces at marked spans, so that a template escapes each piece by itself.

Offsets are characters of the raw text. A span that lies outside, overlaps an
earlier one or does not hold the text it claims to hold is left unmarked: a
wrong mark is worse than none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text; ``is_marked`` runs are shown highlighted."""

    text: str
    is_marked: bool = False


def cut_at(text: str, spans: Iterable[tuple[int, int]]) -> tuple[Piece, ...]:
    """Pieces that join to ``text`` again, with the spans marked.

    >>> [piece.text for piece in cut_at("about 70 per cent", [(6, 17)])]
    ['about ', '70 per cent']
    """
    pieces: list[Piece] = []
    at = 0
    for start, end in sorted(set(spans)):
        if not at <= start < end <= len(text):
            continue
        if start > at:
            pieces.append(Piece(text[at:start]))
        pieces.append(Piece(text[start:end], is_marked=True))
        at = end
    if at < len(text):
        pieces.append(Piece(text[at:]))
    return tuple(pieces)
