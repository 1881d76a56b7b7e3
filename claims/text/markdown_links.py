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
    """The text without link targets, the links as (url, words), and what was cut, in order.

    ``cuts`` are spans of the text as it was.
    """

    text: str
    links: tuple[tuple[str, str], ...]
    cuts: tuple[tuple[int, int], ...] = ()


def lift_links(text: str) -> LiftedText:
    """Replace each ``[words](http…)`` by its words and list the targets.

    >>> lifted = lift_links("As [the table](https://stats.example/t1) shows.")
    >>> lifted.text, lifted.links
    ('As the table shows.', (('https://stats.example/t1', 'the table'),))
    """
    found = list(_LINK.finditer(text))
    cuts = [
        cut for link in found for cut in ((link.start(), link.start(1)), (link.end(1), link.end()))
    ]
    return LiftedText(
        text=_LINK.sub(r"\1", text),
        links=tuple((link[2], link[1]) for link in found),
        cuts=tuple(cuts),
    )
