"""Cut a text into sentences by rules, keeping the place of every character.

Promises: spans are in order, do not overlap, hold no surrounding white space and
slice back to the text as given; a paragraph break always ends a sentence; a
quotation of several sentences is cut inside; time grows with the length of the
text and no faster. Refuses to guess across paragraphs, and never cuts inside a
number, an address on the web, an abbreviation or a name's initial.

The rules are for written English. Full stops of other scripts are understood so
far that a text in another language comes back in sensible pieces.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from claims.text.abbreviations import (
    ALWAYS_JOINED,
    BEFORE_NUMBER,
    MONTHS,
    PLAIN_WORD_ENDINGS,
    SENTENCE_STARTERS,
    SPEECH_VERBS,
    TITLES,
    USUALLY_JOINED,
)


@dataclass(frozen=True, slots=True)
class Span:
    """Characters ``start`` to ``end`` (exclusive) of a text."""

    start: int
    end: int


# White space, and the invisible characters that pages leave around sentences.
_BLANK = (
    " \t\n\r\v\f\x1c\x1d\x1e\x1f\x85\u00a0\u1680\u2028\u2029\u202f\u205f\u3000\u200b\ufeff\u2060"
    + "".join(chr(code) for code in range(0x2000, 0x200B))
)
_CLOSERS = "\"'”’»)]}›*_"
_OPENERS = "\"'“‘«([{‹*_¿¡„"
# Always matches what it starts on, so that a run of a million dots is read once.
_STOP = re.compile(r"[.!?…]++(?:[\"'”’»)\]}›*_]|\[\d{1,3}\])*+|[。！？｡۔؟।]++[\"'”’»)」』]*+")
_BREAK = re.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")
_WORD_BEFORE = re.compile(r"[^\s\"'“”‘’«»()\[\]{}*_—–]+$")
_WORD_AFTER = re.compile(r"[\w’'&.-]{1,30}")
_SPOKEN_BY = re.compile(
    r"(?:[A-Z][\w.’'-]{0,30} ){1,4}(?:" + "|".join(sorted(SPEECH_VERBS)) + r")\b"
)
_INLINE_ITEM = re.compile(
    r"(?:(?<=\s)|^)(?:[•⁃‣◦▪]\s?(?:\d{1,2}[.)])?|(\d{1,2}|[a-z])(?:[.]?\)|[.](?!\d)))(?= ?\S)"
)
_GLUED = re.compile(r"[a-z]{2}[.!?][\"”’]?(?=([A-Z][a-z]+)\b)")
_LOOKBACK = 40
_WRAP_SHORTEST, _WRAP_LONGEST = 40, 130


def split_sentences(text: str) -> tuple[Span, ...]:
    """The sentences of ``text`` in order, as spans of its characters.

    A line break ends a sentence, but for lines that were only wrapped to a
    column: those read on. Empty or blank text gives an empty tuple.

    >>> text = "Mr. Khan paid $2.5 million. Did he? He did."
    >>> [text[span.start:span.end] for span in split_sentences(text)]
    ['Mr. Khan paid $2.5 million.', 'Did he?', 'He did.']
    """
    spans: list[Span] = []
    for paragraph in split_paragraphs(text):
        spans.extend(split_paragraph(text, paragraph.start, paragraph.end))
    return tuple(spans)


def split_paragraphs(text: str) -> tuple[Span, ...]:
    """The paragraphs of ``text``: its non-blank lines, wrapped lines put together.

    Lines without a blank line between them are one paragraph where most of the
    breaks fall inside a sentence (a long line without a full stop, then a small
    letter), and separate paragraphs otherwise.
    """
    paragraphs: list[Span] = []
    block: list[Span] = []
    for line in _lines(text):
        if line.start == line.end:
            paragraphs.extend(_join_wrapped(text, block))
            block = []
        else:
            block.append(line)
    paragraphs.extend(_join_wrapped(text, block))
    return tuple(paragraphs)


def split_paragraph(text: str, start: int = 0, end: int | None = None) -> Iterator[Span]:
    """Spans of the sentences between ``start`` and ``end``, line breaks read as blanks."""
    stop = len(text) if end is None else end
    begin = start
    for cut in _cuts(text, start, stop):
        span = trim(text, begin, cut)
        if span.start < span.end:
            yield span
        begin = cut
    span = trim(text, begin, stop)
    if span.start < span.end:
        yield span


def trim(text: str, start: int, end: int) -> Span:
    """The span without the white space and invisible characters at its ends."""
    while start < end and text[start] in _BLANK:
        start += 1
    while end > start and text[end - 1] in _BLANK:
        end -= 1
    return Span(start, end)


def _lines(text: str) -> Iterator[Span]:
    begin = 0
    for match in _BREAK.finditer(text):
        yield trim(text, begin, match.start())
        begin = match.end()
    yield trim(text, begin, len(text))


def _join_wrapped(text: str, lines: list[Span]) -> list[Span]:
    if len(lines) < 2:
        return lines
    if any(line.end - line.start > _WRAP_LONGEST for line in lines):
        return lines
    if any(line.end - line.start < _WRAP_SHORTEST for line in lines[:-1]):
        return lines
    inside = sum(
        text[before.end - 1] not in '.!?:;"”' and text[after.start].islower()
        for before, after in pairwise(lines)
    )
    if inside * 5 < (len(lines) - 1) * 2:
        return lines
    return [Span(lines[0].start, lines[-1].end)]


def _cuts(text: str, start: int, end: int) -> list[int]:
    cuts = [
        match.end()
        for match in _STOP.finditer(text, start, end)
        if match.end() < end and _ends_sentence(text, match, start, end)
    ]
    glued = [
        m.end()
        for m in _GLUED.finditer(text, start, end)
        if m.group(1).lower() in SENTENCE_STARTERS
    ]
    items = _item_labels(text, start, end)
    if not glued and not items:
        return cuts
    labels = {place for label in items for place in range(label.start, label.end + 1)}
    starts = {label.start for label in items if label.start > start}
    return sorted(({*cuts, *glued} - labels) | starts)


def _ends_sentence(text: str, match: re.Match[str], start: int, end: int) -> bool:
    mark, after = match.group(), match.end()
    if mark[0] in "。！？｡۔؟।":
        return True
    if text[after] not in _BLANK:
        return False
    following = after
    while following < end and text[following] in _BLANK:
        following += 1
    if following == end:
        return False
    first = following
    while first < end and first - following < 4 and text[first] in _OPENERS:
        first += 1
    if first == end or text[first] in ".!?…,;":
        return False
    word_after = _word_after(text, first, end)
    if not _may_start(text, first, word_after, text[following]):
        return False
    if text[match.start() - 1 : match.start()] == "[":
        return False
    stops = mark.rstrip(_CLOSERS)
    if stops != "." or mark[0] == "…":
        if len(stops) > 1 and stops[0] in ".…" and "?" not in stops and "!" not in stops:
            return text[match.start() - 1] not in _BLANK or len(stops) > 3
        return _is_over_after_cry(text, mark, first, end)
    if len(mark) > 1 and mark[1] in "\"”’'*_":
        return True
    return _ends_at_full_stop(text, match.start(), first, word_after, start)


def _word_after(text: str, first: int, end: int) -> str:
    match = _WORD_AFTER.match(text, first, min(end, first + 31))
    return match.group() if match else ""


def _may_start(text: str, first: int, word: str, opener: str) -> bool:
    """Whether a sentence may begin at ``first``: no small letter, but for names like iPhone."""
    letter = text[first]
    if not letter.islower():
        return letter.isalnum() or letter in "$£€₹¥#@+-−–—•&~%" or ord(letter) > 0x2000
    if opener in "“‘" or len(word) < 2:
        return False
    return word[1].isupper() and letter in "ieo"


def _is_over_after_cry(text: str, mark: str, first: int, end: int) -> bool:
    """After ! or ?: a closing quote with its speaker ("Why?" Smith asked.) reads on."""
    if mark[-1] not in "\"”’'":
        return True
    return _SPOKEN_BY.match(text, first, min(end, first + 130)) is None


def _ends_at_full_stop(text: str, dot: int, first: int, word_after: str, start: int) -> bool:
    window = text[max(start, dot - _LOOKBACK) : dot]
    found = _WORD_BEFORE.search(window)
    word = found.group() if found else ""
    small = word.lower()
    after = word_after.strip(".'’-").lower()
    is_number_after = text[first].isdigit()
    starts_afresh = after in SENTENCE_STARTERS or word_after[:2] in {"I’", "I'"}
    if not word:
        return window.replace(" ", "").endswith("...") or not window[-1:].isspace()
    if small in TITLES and word[0].isupper():
        return False
    if small in ALWAYS_JOINED:
        return False
    if small in BEFORE_NUMBER and is_number_after:
        return False
    if small in MONTHS and (is_number_after or not starts_afresh):
        return small in {"may", "march", "june", "july"} and not is_number_after
    if small in USUALLY_JOINED and (
        word[0].isupper() or "." in word or small in PLAIN_WORD_ENDINGS
    ):
        return starts_afresh
    if len(word) == 1 and word.isalpha():
        return _ends_after_letter(word, window, starts_afresh, is_number_after)
    if "." in word and len(word) <= 9 and all(len(part) <= 2 for part in word.split(".")):
        return starts_afresh or (is_number_after and not word[-1].isalpha()) or word[-1].isdigit()
    is_list_number = small.isdigit() and len(small) <= 2
    return not is_list_number or bool(window[: -len(word)].strip(_BLANK))


def _ends_after_letter(word: str, window: str, starts_afresh: bool, is_number_after: bool) -> bool:
    """A single letter and a dot is an initial, unless it closes "Plan B." or "and I."."""
    before = window[:-1].rstrip(_BLANK)
    if not before:
        return False
    previous = _WORD_BEFORE.search(before)
    name = previous.group() if previous else ""
    if word.islower():
        return starts_afresh and word not in "cpvn"
    if word == "I" and name.islower():
        return True
    if is_number_after:
        return not name[:1].isupper()
    if name[:1].isupper() and len(name) > 1 and not name.endswith(".") and starts_afresh:
        return name.lower() in {"plan", "vitamin", "hepatitis", "class", "group", "grade", "type"}
    return starts_afresh


def _item_labels(text: str, start: int, end: int) -> list[Span]:
    """The labels of a list inside one line, if they are bullets or count up from 1 or a."""
    bullets: list[Span] = []
    numbered: list[Span] = []
    wanted = ""
    for match in _INLINE_ITEM.finditer(text, start, end):
        label, span = match.group(1), Span(*match.span())
        if label is None:
            bullets.append(span)
        elif label in {"1", "a"} and (span.start == start or text[span.start - 2] == "."):
            numbered = [span]
            wanted = "2" if label == "1" else "b"
        elif label == wanted:
            numbered.append(span)
            wanted = str(int(label) + 1) if label.isdigit() else chr(ord(label) + 1)
    return [*(bullets if len(bullets) > 1 else ()), *(numbered if len(numbered) > 1 else ())]
