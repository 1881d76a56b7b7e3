"""A text cut into the tokens that numbers are read from.

Promises that tokens never overlap, keep their order, and slice back to the text, in time
linear in its length: every alternative of the pattern either takes a run whole or one
character, so nothing is scanned twice.
"""

from __future__ import annotations

import re

_TOKEN = re.compile(
    r"(?:https?://|www\.)\S+"
    r"|\d+(?:[.,]\d+)*"
    r"|[¼-¾⅐-⅞]"
    r"|[^\W\d_¼-¾⅐-⅞]+(?:'[^\W\d_]+)*"
    r"|[^\w\s]|_+"
)

_DIGITS = frozenset("0123456789")


def word_set(joined: str) -> frozenset[str]:
    """The words of one string, so that long lists stay readable as prose."""
    return frozenset(joined.split())


class Tokens:
    """Parallel lists, because attribute access per token costs more than indexing.

    ``words`` as written, ``lowers`` in lower case, ``starts`` and ``ends`` offsets. A
    sentinel empty token closes each list, so looking one ahead needs no bounds check.
    """

    __slots__ = ("count", "ends", "lowers", "starts", "text", "words")

    def __init__(self, text: str) -> None:
        words: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        for match in _TOKEN.finditer(text):
            words.append(match.group())
            starts.append(match.start())
            ends.append(match.end())
        self.text = text
        self.count = len(words)
        for _ in range(8):
            words.append("")
            starts.append(len(text) + 1)
            ends.append(len(text) + 1)
        self.words = words
        self.lowers = [word.lower() for word in words]
        self.starts = starts
        self.ends = ends

    def touches(self, index: int) -> bool:
        """Whether no space stands between token ``index - 1`` and token ``index``."""
        return index > 0 and self.ends[index - 1] == self.starts[index]

    def is_number(self, index: int) -> bool:
        """Whether the token is written in digits."""
        return 0 <= index < self.count and self.words[index][0] in _DIGITS

    def low(self, index: int) -> str:
        """The token in lower case, ``""`` outside the text."""
        return self.lowers[index] if 0 <= index < self.count else ""

    def raw(self, index: int) -> str:
        """The token as written, ``""`` outside the text."""
        return self.words[index] if 0 <= index < self.count else ""
