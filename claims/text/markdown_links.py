"""Lifting links out of Markdown: the words stay in the text, the targets go into a list.

A claim is read by people and compared by machines; an address in the middle of
it helps neither, and its digits would be read as numbers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# Bounded on every side, so the search stays linear on any input.
_LINK = re.compile(
    r"(?<!!)\[([^\[\]\n]{1,500})\]\((https?://[^\s()<>]{1,2000})(?:[ \t]+\"[^\"\n]{0,300}\")?\)"
)


@dataclass(frozen=True, slots=True)
class LiftedText:
    """The text without link targets, and the links as (url, words) in order."""

    text: str
    links: tuple[tuple[str, str], ...]


def lift_links(text: str) -> LiftedText:
    """Replace each ``[words](http…)`` by its words and list the targets.

    >>> lift_links("As [the table](https://stats.example/t1) shows.")
    LiftedText(text='As the table shows.', links=(('https://stats.example/t1', 'the table'),))
    """
    links: list[tuple[str, str]] = []

    def lift(found: re.Match[str]) -> str:
        links.append((found[2], found[1]))
        return found[1]

    return LiftedText(_LINK.sub(lift, text), tuple(links))
