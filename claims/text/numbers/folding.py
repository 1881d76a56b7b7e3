"""One plain form of a text for reading numbers, with the way back to the text as given.

Promises that spaces of every width are plain spaces, digits of every script and width
are ASCII, minus signs and currency look-alikes have one form, zero-width characters are
gone, and that any offset of the plain form maps back to the text as given in constant
time. Refuses to change anything else: letters keep their case and their accents.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_ZERO_WIDTH = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]+")


_OTHER_DIGIT = re.compile(r"[^\D0-9]")
_PLAIN = {
    "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000": " ",
    "\u2212\u2010\u2011\ufe63\uff0d": "-",
    "\u2012": "\u2013",
    "\u2015": "\u2014",
    "\u2018\u2019\u02bc\u2032": "'",
    "\u201c\u201d\u2033": '"',
    "\uff05\u066a": "%",
    "\uff04\ufe69": "$",
    "\uffe1": "£",
    "\uffe5": "¥",
    "\uff0e\u066b": ".",
    "\uff0c\u066c": ",",
    "\u2044\u2215\uff0f": "/",
    "\u223c\uff5e\u2248": "~",
}
_TABLE = {ord(character): plain for many, plain in _PLAIN.items() for character in many}


@dataclass(frozen=True, slots=True)
class FoldedText:
    """The plain form and, where characters were left out, the offset of each kept one."""

    plain: str
    offsets: list[int] | None

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The span of the text as given for a non-empty span of the plain form."""
        if self.offsets is None:
            return start, end
        return self.offsets[start], self.offsets[end - 1] + 1


def fold(text: str) -> FoldedText:
    """Give the plain form of ``text``; linear in its length.

    >>> fold("７０\u202f%").plain
    '70 %'
    """
    if text.isascii():
        return FoldedText(text, None)
    plain = _OTHER_DIGIT.sub(_plain_digit, text.translate(_TABLE))
    if not _ZERO_WIDTH.search(plain):
        return FoldedText(plain, None)
    offsets: list[int] = []
    at = 0
    for gap in _ZERO_WIDTH.finditer(plain):
        offsets.extend(range(at, gap.start()))
        at = gap.end()
    offsets.extend(range(at, len(plain)))
    return FoldedText(_ZERO_WIDTH.sub("", plain), offsets)


def _plain_digit(digit: re.Match[str]) -> str:
    return str(unicodedata.decimal(digit.group()))
