"""A claim's number as a person corrected it, and the words around it read in that light.

Promises that a corrected slot outweighs what the words around the number say of it: a
change that is none, another whole, another place, no period. Refuses to rewrite the text:
only the context that a comparison looks at is changed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from claims.text.number_context import Context, subject_words
from claims.text.places import find_places
from claims.text.quantity import Quantity

_YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b")
_NAMING = ("measured", "of_what", "counted")


@dataclass(frozen=True, slots=True)
class Stated:
    """One number of a claim as it is meant; its offsets are those of the claim's text.

    ``read`` is what the machine read there, ``None`` where it read nothing; ``fixed``
    names the slots that a person set (change, period, place and those of words), and
    ``place`` is the place where that one is among them.
    """

    quantity: Quantity
    read: Quantity | None = None
    fixed: frozenset[str] = frozenset()
    place: str = ""


def insist(context: Context, stated: Stated) -> Context:
    """The context of a number, with the slots that a person set in place of the words' own."""
    held: dict[str, Any] = {}
    number = stated.quantity
    if "change" in stated.fixed:
        held["change"] = number.change
    if "of_what" in stated.fixed:
        held["whole"] = number.of_what
    if "place" in stated.fixed:
        held["places"] = find_places(stated.place)
    if "period" in stated.fixed and number.period is None:
        held["sentence"] = _YEAR.sub("", context.sentence)
    gone, come = _exchanged(stated)
    if gone or come:
        for name in ("words", "near_words", "clause_words"):
            held[name] = (getattr(context, name) - gone) | come
        held["rest_of_text"] = context.rest_of_text | come
    return replace(context, **held) if held else context


def _exchanged(stated: Stated) -> tuple[frozenset[str], frozenset[str]]:
    """The subject words that a person's slots took away, and those they brought."""
    gone: frozenset[str] = frozenset()
    come: frozenset[str] = frozenset()
    for slot in _NAMING:
        if slot in stated.fixed:
            gone |= subject_words(getattr(stated.read, slot, None) or "")
            come |= subject_words(getattr(stated.quantity, slot) or "")
    return gone - come, come
