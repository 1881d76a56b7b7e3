"""What a sentence gives away about itself: numbers, names, verbs, hedges, opinion.

Promises: one pass over the words of a sentence, constant work a word, and the same
answer for the same text. A signal is a small count under a readable name; whether
the sentence deserves checking is for :mod:`claims.text.checkworthiness` to weigh.
The word lists are our own; each holds words whose class hardly depends on context.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import IntEnum
from functools import lru_cache

from claims.text import signal_words
from claims.text.verb_signals import NOW_FIRST, OPEN_FIRST, PAST_FIRST, read_verbs

# The last alternative keeps marks that matter: signs of money and share, ! and ?.
_TOKEN = re.compile(r"[^\W\d_][\w’'&-]*(?:/\d+|\.[^\W\d_])*|\d+(?:[.,:/]\d+)*\w*|[%$£€₹¥?!]")
# What a live blog or an interview puts before a sentence: "14:05 ", "14.05: ", "Q: ".
_LEAD = re.compile(
    r"\s{0,9}(?:\d{1,2}[:.]\d\d ?(?:[ap]\.?m\.?|[A-Z]{3})?\s{0,3}[:|–—-]?\s{1,9}(?=[\"“'A-Z])"
    r"|[QA][:.]\s{1,9})"
)


class Signal(IntEnum):
    """The names of the counts, in the order of :func:`read_signals`' answer."""

    WORDS = 0
    NUMBERS = 1
    SHARE = 2
    MONEY = 3
    SCALE = 4
    YEAR = 5
    TIME = 6
    NAMES = 7
    CHANGE = 8
    ACTION = 9
    BEING = 10
    COMPARISON = 11
    ATTRIBUTION = 12
    LAW = 13
    MEASURED = 14
    FIRST_PERSON = 15
    SECOND_PERSON = 16
    HEDGE = 17
    FUTURE = 18
    DUTY = 19
    BELIEF = 20
    VALUE = 21
    FIGURE = 22
    ABSTRACT = 23
    COURTESY = 24
    QUESTION = 25
    CRY = 26
    CONDITION = 27
    NEGATION = 28
    TRANSITION = 29
    HAPPENED = 30
    PEOPLE = 31
    BODY = 32
    VAGUE = 33
    INTENT = 34
    DISCOURSE = 35
    EVER = 36
    GOOD_WILL = 37
    CAUSE = 38
    RECORD = 39
    FEELING = 40
    URGED = 41
    EXPECTED = 42
    PAST = 43
    PERFECT = 44
    PASSIVE = 45
    GOING_ON = 46
    BARRED = 47
    REFUSED = 48
    SAID_OPEN = 49
    # No finite verb of the closed lists: a heading, or a state in the present.
    VERBLESS = 50
    FIRST_PAST = 51
    FIRST_NOW = 52
    FIRST_OPEN = 53


_LISTED: dict[Signal, str] = {
    Signal.SHARE: signal_words.SHARE,
    Signal.MONEY: signal_words.MONEY,
    Signal.SCALE: signal_words.SCALE,
    Signal.TIME: signal_words.TIME,
    Signal.CHANGE: signal_words.CHANGE,
    Signal.ACTION: signal_words.ACTION,
    Signal.BEING: signal_words.BEING,
    Signal.COMPARISON: signal_words.COMPARISON,
    Signal.ATTRIBUTION: signal_words.ATTRIBUTION,
    Signal.LAW: signal_words.LAW,
    Signal.MEASURED: signal_words.MEASURED,
    Signal.FIRST_PERSON: signal_words.FIRST_PERSON,
    Signal.SECOND_PERSON: signal_words.SECOND_PERSON,
    Signal.HEDGE: signal_words.HEDGE,
    Signal.FUTURE: signal_words.FUTURE,
    Signal.DUTY: signal_words.DUTY,
    Signal.BELIEF: signal_words.BELIEF,
    Signal.VALUE: signal_words.VALUE,
    Signal.FIGURE: signal_words.FIGURE,
    Signal.ABSTRACT: signal_words.ABSTRACT,
    Signal.COURTESY: signal_words.COURTESY,
    Signal.CONDITION: signal_words.CONDITION,
    Signal.NEGATION: signal_words.NEGATION,
    Signal.TRANSITION: signal_words.TRANSITION,
    Signal.PEOPLE: signal_words.PEOPLE,
    Signal.BODY: signal_words.BODY,
    Signal.VAGUE: signal_words.VAGUE,
    Signal.INTENT: signal_words.INTENT,
    Signal.DISCOURSE: signal_words.DISCOURSE,
    Signal.EVER: signal_words.EVER,
    Signal.GOOD_WILL: signal_words.GOOD_WILL,
    Signal.CAUSE: signal_words.CAUSE,
    Signal.RECORD: signal_words.RECORD,
    Signal.FEELING: signal_words.FEELING,
    Signal.URGED: signal_words.URGED,
    Signal.EXPECTED: signal_words.EXPECTED,
}
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d(?:s|['’]s)?$")
_FIRST_PERSON = frozenset({"i", "i'm", "i've", "i'll", "i'd"})
_NOT_HAPPENED = frozenset(signal_words.NOT_HAPPENED.split())


_COUNTED = Signal.SAID_OPEN + 1 - Signal.PAST
_VERBS = (Signal.CHANGE, Signal.ACTION, Signal.ATTRIBUTION, Signal.RECORD, Signal.BEING)


def _sort_words() -> dict[str, tuple[int, ...]]:
    sorted_words: dict[str, tuple[int, ...]] = {
        "?": (int(Signal.QUESTION),),
        "!": (int(Signal.CRY),),
    }
    for signal, listed in _LISTED.items():
        for word in listed.split():
            sorted_words[word] = (*sorted_words.get(word, ()), int(signal))
    return sorted_words


_SIGNALS = _sort_words()
# Codes of word classes: 0 and 1 are the edges of a sentence, then shapes, signals, small words.
NAME_CLASS, _NUMBER, _YEAR_CODE, _DONE, _GOING, _MANNER, _PLURAL, _OTHER = range(2, 10)
_CODES = {word: 20 + signals[0] for word, signals in _SIGNALS.items()}
_CODES.update((word, 90 + at) for at, word in enumerate(signal_words.SMALL_WORDS.split()))
_ENDINGS = (("ed", _DONE), ("ing", _GOING), ("ly", _MANNER), ("s", _PLURAL))

SIGNAL_COUNT = len(Signal)
CLASS_COUNT = 90 + len(signal_words.SMALL_WORDS.split())
"""Class codes are smaller than this."""


def cut_tokens(text: str) -> list[str]:
    """The words, numbers and telling marks of ``text`` as written.

    >>> cut_tokens("Nearly 70% of it?")
    ['Nearly', '70', '%', 'of', 'it', '?']
    """
    return _TOKEN.findall(text)


def plain_sentence(text: str) -> str:
    """``text`` with plain apostrophes and without a live blog's time or an interview's "Q:".

    >>> plain_sentence("14:05 The commissioner’s seat is taken.")
    "The commissioner's seat is taken."
    """
    text = text.replace("’", "'")
    lead = _LEAD.match(text)
    return text[lead.end() :] if lead else text


def read_signals(tokens: Sequence[str], lowered: Sequence[str]) -> list[int]:
    """How often each :class:`Signal` occurs among ``tokens`` (``lowered``: in small letters).

    >>> words = cut_tokens("Exports fell by 12 percent in May 2024.")
    >>> counts = read_signals(words, [word.lower() for word in words])
    >>> counts[Signal.NUMBERS], counts[Signal.SHARE], counts[Signal.YEAR], counts[Signal.CHANGE]
    (1, 1, 1, 1)
    """
    counts = [0] * SIGNAL_COUNT
    counts[Signal.WORDS] = len(tokens)
    signals_of = _SIGNALS.get
    for word in lowered:
        for signal in signals_of(word) or _signals_of(word):
            counts[signal] += 1
    names = sum([token[0].isupper() for token in tokens[1:]])
    if names:
        names -= sum([word in _FIRST_PERSON for word in lowered[1:]])
    counts[Signal.NAMES] = names
    _count_verbs(tokens, lowered, counts)
    return counts


def _count_verbs(tokens: Sequence[str], lowered: Sequence[str], counts: list[int]) -> None:
    """Add what the verbs tell, and take back what only looked like a guess or a promise."""
    verbs = read_verbs(tokens, lowered)
    counts[Signal.PAST : Signal.SAID_OPEN + 1] = verbs[:_COUNTED]
    counts[Signal.FIRST_PAST] = verbs.first == PAST_FIRST
    counts[Signal.FIRST_NOW] = verbs.first == NOW_FIRST
    counts[Signal.FIRST_OPEN] = verbs.first == OPEN_FIRST
    if counts[Signal.HEDGE]:
        counts[Signal.HEDGE] -= verbs.month + verbs.modal_barred
    counts[Signal.TIME] += verbs.month
    if verbs.refused and counts[Signal.FUTURE]:
        counts[Signal.FUTURE] -= min(verbs.refused, counts[Signal.FUTURE])
    if not verbs.first and not any(map(counts.__getitem__, _VERBS)):
        counts[Signal.VERBLESS] = 1


@lru_cache(maxsize=50_000)
def _signals_of(word: str) -> tuple[int, ...]:
    """The signals of a word that no list holds, by its shape."""
    if word[0].isdigit():
        if "/" in word:
            return (int(Signal.TIME),)
        return (int(Signal.YEAR if _YEAR.match(word) else Signal.NUMBERS),)
    if word.endswith("ed") and len(word) > 4 and word not in _NOT_HAPPENED:
        return (int(Signal.HAPPENED),)
    return ()


def class_alone(word: str) -> tuple[int, bool]:
    """The class of a word that opens a sentence, and whether a capital within makes it a name."""
    may_be_name = class_of(word.upper() or word, word, is_first=False) == NAME_CLASS
    return class_of(word, word, is_first=True), may_be_name


def class_of(token: str, word: str, *, is_first: bool) -> int:
    """The class code of one word (2 or more): what it signals, or else its shape.

    ``word`` is ``token`` in small letters; a capital counts for a name unless the
    word ``is_first`` in its sentence.
    """
    code = _CODES.get(word)
    if code is not None:
        return code
    if word[0].isdigit():
        return _YEAR_CODE if _YEAR.match(word) else _NUMBER
    if not is_first and token[0].isupper():
        return NAME_CLASS
    for ending, shape in _ENDINGS:
        if word.endswith(ending):
            return shape
    return _OTHER
