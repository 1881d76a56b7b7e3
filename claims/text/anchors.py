"""A quote held to its text three ways, and found again where the text has changed a little.

Promises: the words themselves with the words around them, their offsets, and the page or the
table's row they stand on; in another text the same words are found wherever they moved to,
white space, quotation marks and dashes aside; of several places that one is meant whose
surroundings are most like the quote's, and where these tell nothing, that is said. Refuses to call
other words the same: what was rewritten is given as *changed*, never as found. The work grows with
the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import takewhile
from urllib.parse import quote as percent_encode

from rapidfuzz import fuzz

from claims.text.page_marks import find_page

# As the Web Annotation model suggests: enough to tell two places with the same words apart.
AROUND_CHARS = 32
MAX_PLACES = 200
# A line that is this alike (0 to 100) was rewritten; below it is another line.
LEAST_ALIKE = 70.0
CANDIDATES = 8
LINE_CHARS = 2_000
# A quote of more words is named by its first and last ones.
WHOLE_WORDS = 12
END_WORDS = 5
_WORD = re.compile(r"\w+")
_PLAIN = str.maketrans(
    dict.fromkeys("‘’‚‛′", "'") | dict.fromkeys("“”„‟″«»", '"') | dict.fromkeys("‐‑‒–—−", "-")
)
_DROPPED = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff")


class Standing(StrEnum):
    """What became of a quote in another text."""

    HERE = "here"
    MOVED = "moved"
    CHANGED = "changed"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Anchor:
    """Words, the words around them, their offsets; ``page`` and ``row`` count from 1, 0 for none.

    ``row`` is the line of a table, its header counted.
    """

    exact: str
    prefix: str
    suffix: str
    start: int
    end: int
    page: int = 0
    row: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """How a quote stands in a text, and where: offsets of that text, 0 and 0 where it is gone.

    ``is_unsure`` where the same words stand at other places whose surroundings fit as well.
    """

    standing: Standing
    start: int = 0
    end: int = 0
    is_unsure: bool = False


def make_anchor(text: str, start: int, end: int, *, has_pages: bool = False) -> Anchor:
    """The anchor of characters ``start`` to ``end`` of a text; its pages count where it has any."""
    return Anchor(
        exact=text[start:end],
        prefix=text[max(0, start - AROUND_CHARS) : start],
        suffix=text[end : end + AROUND_CHARS],
        start=start,
        end=end,
        page=(find_page(text, start) or 0) if has_pages else 0,
        row=_row_of(text, start),
    )


def find_anchor(text: str, anchor: Anchor) -> Found:
    """Where the quote stands in a text that may be a later one.

    >>> find_anchor("New. Output rose by 3%.", Anchor("Output rose by 3%.", "", "", 0, 18)).start
    5
    """
    return Searched(text).find(anchor)


class Searched:
    """A text in which many quotes are looked for."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._plain, self._places = _plain(text)

    def find(self, anchor: Anchor) -> Found:
        """As :func:`find_anchor`."""
        found = self.find_same(anchor)
        if found.standing is Standing.GONE and anchor.exact.strip():
            return _find_rewritten(self._text, anchor.exact)
        return found

    def find_same(self, anchor: Anchor, *, taken: Container[tuple[int, int]] = ()) -> Found:
        """Only the same words: where they stand, or that they are gone.

        ``taken`` are spans that are other quotes'.
        """
        wanted = _plain(anchor.exact)[0].strip()
        if not wanted:
            return Found(Standing.GONE)
        found = [*self._here(anchor), *self._elsewhere(anchor, wanted)]
        free = [one for one in found if (one[1].start, one[1].end) not in taken]
        if not free:
            return Found(Standing.GONE)
        # The first of the best: where the quote was, else the one nearest to the beginning.
        fit, best = max(free, key=lambda one: one[0])
        rivals = [one for rating, one in free if rating == fit and one.start != best.start]
        is_unsure = bool(rivals) and best.standing is not Standing.HERE
        return replace(best, is_unsure=is_unsure)

    def _here(self, anchor: Anchor) -> Iterator[tuple[int, Found]]:
        """The quote at its own offsets, with how many characters around it are the same."""
        if not self._is_here(anchor):
            return
        before, after = _plain(anchor.prefix)[0], _plain(anchor.suffix)[0]
        left = _plain(self._text[max(0, anchor.start - len(anchor.prefix)) : anchor.start])[0]
        right = _plain(self._text[anchor.end : anchor.end + len(anchor.suffix)])[0]
        fit = _count_same(reversed(before), reversed(left)) + _count_same(after, right)
        yield fit, Found(Standing.HERE, anchor.start, anchor.end)

    def _elsewhere(self, anchor: Anchor, wanted: str) -> Iterator[tuple[int, Found]]:
        """The same words at other places, in their order."""
        for at in _occurrences(self._plain, wanted):
            start, end = self._places[at], self._places[at + len(wanted) - 1] + 1
            if start < anchor.end and anchor.start < end and self._is_here(anchor):
                continue
            fit = _fits(self._plain, at, len(wanted), anchor)
            yield fit, Found(Standing.MOVED, start, end)

    def _is_here(self, anchor: Anchor) -> bool:
        return self._text[anchor.start : anchor.end] == anchor.exact


def text_fragment(exact: str, prefix: str = "", suffix: str = "") -> str:
    """The part of a link behind ``#`` that lets a browser scroll to the quote; empty for none.

    A long quote, or one over several lines or cells, is named by its first and last words;
    short ones bring the words around them where these stand on the same line.

    >>> text_fragment("Output rose by 3%, again")
    ':~:text=Output%20rose%20by%203%25%2C%20again'
    """
    parts = [part.split() for line in exact.splitlines() for part in line.split("|")]
    parts = [part for part in parts if part]
    if not parts:
        return ""
    words = [word for part in parts for word in part]
    if len(parts) == 1 and len(words) <= WHOLE_WORDS:
        named = [_encode(words)]
        before = prefix.rpartition("\n")[2].rpartition("|")[2].split()[1:]
        after = suffix.partition("\n")[0].partition("|")[0].split()[:-1]
        if len(words) < END_WORDS:
            named = [
                *([f"{_encode(before)}-"] if before else []),
                *named,
                *([f"-{_encode(after)}"] if after else []),
            ]
    else:
        named = [_encode(parts[0][:END_WORDS]), _encode(parts[-1][-END_WORDS:])]
    return f":~:text={','.join(named)}"


def _encode(words: list[str]) -> str:
    # A hyphen parts the words from those around them, so it must not stand bare.
    return percent_encode(" ".join(words), safe="", errors="replace").replace("-", "%2D")


def _row_of(text: str, start: int) -> int:
    """The number of the line in the run of lines with vertical bars that ``start`` stands in."""
    begin = text.rfind("\n", 0, start) + 1
    row = 0
    while "|" in text[begin : _line_end(text, begin)]:
        row += 1
        if begin == 0:
            break
        begin = text.rfind("\n", 0, begin - 1) + 1
    return row


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end


def _plain(text: str) -> tuple[str, list[int]]:
    """The text with one blank between words and plain signs, and each character's offset."""
    signs: list[str] = []
    places: list[int] = []
    is_blank = False
    for place, sign in enumerate(text.translate(_PLAIN)):
        if sign in _DROPPED:
            continue
        if sign.isspace():
            if is_blank:
                continue
            sign = " "
        is_blank = sign == " "
        signs.append(sign)
        places.append(place)
    return "".join(signs), places


def _occurrences(text: str, words: str) -> Iterator[int]:
    at = text.find(words)
    for _ in range(MAX_PLACES):
        if at < 0:
            return
        yield at
        at = text.find(words, at + 1)


def _fits(plain: str, at: int, length: int, anchor: Anchor) -> int:
    """How many characters around a place are those that stood around the quote."""
    before, after = _plain(anchor.prefix)[0], _plain(anchor.suffix)[0]
    left = plain[max(0, at - len(before)) : at]
    right = plain[at + length : at + length + len(after)]
    return _count_same(reversed(before), reversed(left)) + _count_same(after, right)


def _count_same(signs: Iterable[str], others: Iterable[str]) -> int:
    """How many signs at the beginning are the same."""
    pairs = zip(signs, others, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _find_rewritten(text: str, exact: str) -> Found:
    """The line most like the quote: those that share most of its words are compared by letters."""
    wanted = set(_WORD.findall(exact.lower()))
    if not wanted:
        return Found(Standing.GONE)
    rated: list[tuple[int, int, int]] = []
    for begin, end in _lines(text):
        shared = len(wanted.intersection(_WORD.findall(text[begin:end].lower())))
        if 2 * shared >= len(wanted):
            rated.append((-shared, begin, end))
    best: tuple[float, int, int] = (0.0, 0, 0)
    for _, begin, end in sorted(rated)[:CANDIDATES]:
        like = fuzz.partial_ratio_alignment(exact[:LINE_CHARS], text[begin:end])
        if like is not None and like.score > best[0]:
            best = (like.score, begin + like.dest_start, begin + like.dest_end)
    if best[0] < LEAST_ALIKE:
        return Found(Standing.GONE)
    return Found(Standing.CHANGED, best[1], best[2])


def _lines(text: str) -> Iterator[tuple[int, int]]:
    """Spans of lines; a long one comes in overlapping parts."""
    at = 0
    for line in text.splitlines(keepends=True):
        for begin in range(at, at + len(line), LINE_CHARS // 2):
            yield begin, min(begin + LINE_CHARS, at + len(line))
            if begin + LINE_CHARS >= at + len(line):
                break
        at += len(line)
