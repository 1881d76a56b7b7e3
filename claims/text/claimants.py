"""Find who a sentence says asserted it.

Promises: the claimant as written ("Beijing", "critics", "the World Bank"), only
where the sentence attributes itself by a verb of saying, a passive ("was accused by
regulators") or a phrase like "according to", and for a quotation of several sentences
where one of them does; ``None`` otherwise. Never guesses who "he" is. Time grows with the
text only.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from claims.text.finite_verbs import is_verb_form
from claims.text.saying_words import (
    BEFORE_VERB,
    DATA_NOUNS,
    FIRM_VERBS,
    GROUP_NOUNS,
    LEADS,
    NOBODY,
    PASSED_OVER,
    PASSIVE_VERBS,
    SPOKEN_VERBS,
    WEAK_VERBS,
)

_TOKEN = re.compile(
    r"(?:Co|Inc|Corp|Ltd|Gov|Sen|Gen|Rep|Dr|Mr|Mrs|Ms|St|Prof|Lt|Col|Sgt|Capt|Rev)\.(?=\s)"
    r"|(?:[A-Z]\.){2,4}|[^\W_][\w’'&-]*(?:\.(?=[A-Za-z]\.))*|[,.;:!?“”\"()—–-]"
)
_AGENTS = re.compile(r"[a-z]{3,}(?:ers|ors|ists|ians)$")
_ARTICLES = frozenset(
    [
        *("the", "a", "an", "some", "many", "most", "several", "two", "three", "four", "its"),
        *("their", "his", "her", "our", "other", "both", "all", "no"),
    ]
)
_JOINS = frozenset(["of", "for", "by", "from", "at"])
_BE = frozenset(["is", "are", "was", "were", "be", "been", "being", "it’s", "it's"])
_SMALL = frozenset(
    [
        *("to", "in", "on", "with", "that", "which", "who", "but", "or", "not", "as", "than"),
        *("if", "when", "while", "where", "because", "after", "before", "yet", "so", "into"),
        *("about", "over", "under", "per", "cent", "percent", "down", "up", "out", "and", "there"),
    ]
)
_IN_WORDS = re.compile(r"\b[Ii]n the words of\b|\b[Aa]ccording to\b")
_PUT_IT = re.compile(r"\b[Aa]s (?=[^,.;]{2,60}? (?:put|puts|sees|saw) it\b)")
_TRIGGERS = FIRM_VERBS | WEAK_VERBS | PASSIVE_VERBS
_LONGEST_READ, _MOST_WORDS, _MOST_ASIDE = 1500, 12, 14
_OPENING, _CLOSING = "“", "”"


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    low: str
    start: int
    end: int

    @property
    def is_word(self) -> bool:
        return self.text[0].isalnum()

    @property
    def is_name(self) -> bool:
        return self.text[0].isupper() and self.low not in LEADS


def find_claimant(sentence: str) -> str | None:
    """Who asserted ``sentence``, in its own words, or ``None``.

    >>> find_claimant("Beijing announced export controls on twelve metals.")
    'Beijing'
    >>> find_claimant("The plan, critics argue, will cost jobs.")
    'critics'
    >>> find_claimant("He said no.") is None
    True
    """
    text = sentence[:_LONGEST_READ].replace("\u00a0", " ")
    words = [_Word(one[0], one[0].lower(), *one.span()) for one in _TOKEN.finditer(text)]
    for phrase in (_IN_WORDS, _PUT_IT):
        for found in phrase.finditer(text):
            at = next((i for i, word in enumerate(words) if word.start >= found.end()), len(words))
            who = _read_right(text, words, at, is_told=True)
            if who:
                return who
    for at, word in enumerate(words):
        if word.low in _TRIGGERS and word.text[0].islower():
            who = _read_around(text, words, at)
            if who:
                return who
    return None


def _read_around(text: str, words: Sequence[_Word], at: int) -> str | None:
    """Who says it by the verb at a place: before it, behind it, or by a passive's "by"."""
    word = words[at]
    following = words[at + 1].low if at + 1 < len(words) else "."
    last = at - 1
    while last >= 0 and (words[last].low in BEFORE_VERB or words[last].low.endswith("ly")):
        last -= 1
    if last >= 0 and words[last].low in _BE:
        is_by = word.low in PASSIVE_VERBS and following == "by"
        return _read_right(text, words, at + 2) if is_by else None
    is_firm = word.low in FIRM_VERBS
    is_weak = word.low in WEAK_VERBS and following in {"that", ",", ":", ".", "“", '"', "how", "on"}
    if following in PASSED_OVER:
        return None
    if (is_firm or is_weak) and last >= 0:
        who = _read_left(text, words, last)
        if who:
            return who
    is_behind = at > 0 and words[at - 1].text in {",", "”", '"', "?", "!"}
    is_spoken = is_firm or word.low in SPOKEN_VERBS
    return _read_right(text, words, at + 1) if is_behind and is_spoken else None


def _read_left(text: str, words: Sequence[_Word], last: int) -> str | None:
    """The one who stands right before a verb, or before an aside in commas."""
    if words[last].text == ",":
        aside = last - 1
        while aside > max(0, last - _MOST_ASIDE) and words[aside].text not in ",.;:“”":
            aside -= 1
        if words[aside].text != "," or aside == last - 1:
            return None
        last = aside - 1
    if last < 0 or not _is_head(words[last]):
        return None
    first = last
    while first > 0 and last - first < _MOST_WORDS and _joins(words, first - 1):
        first -= 1
        if words[first].low in _ARTICLES and not _hangs_on(words, first):
            break
    # "70 per cent of Americans say" is a poll's finding, not theirs.
    if first and words[first - 1].low in _JOINS:
        return None
    return _check(text, words[first : last + 1])


def _joins(words: Sequence[_Word], at: int) -> bool:
    """Whether the word at a place belongs to the name or the noun that follows it."""
    word = words[at]
    if not word.is_word:
        return False
    if word.low == "and":
        return at > 0 and words[at - 1].is_name and words[at + 1].is_name
    if word.low in _JOINS:
        before = words[at - 1] if at else None
        return before is not None and (before.is_name or before.low in GROUP_NOUNS | DATA_NOUNS)
    if word.is_name or word.low in _ARTICLES:
        return True
    is_plain = word.low not in _SMALL and not is_verb_form(word.low) and word.low not in LEADS
    return is_plain and word.text[0].islower()


def _hangs_on(words: Sequence[_Word], at: int) -> bool:
    """Whether an article opens what an "of" or a "for" before it adds to a noun."""
    return at > 1 and words[at - 1].low in _JOINS and _joins(words, at - 1)


def _is_head(word: _Word, *, is_told: bool = False) -> bool:
    """Whether a word may name somebody who says things."""
    if not word.is_word or word.low in NOBODY:
        return False
    if word.text[0].isupper():
        return word.low not in LEADS and any(letter.isalpha() for letter in word.text)
    known = word.low in GROUP_NOUNS or word.low in DATA_NOUNS
    return known or bool(_AGENTS.match(word.low)) or (is_told and word.low.endswith("men"))


def _read_right(
    text: str, words: Sequence[_Word], first: int, *, is_told: bool = False
) -> str | None:
    """The one whose name begins at a place, up to where the name ends."""
    last = first
    while last < len(words) and last - first < _MOST_WORDS:
        word = words[last]
        is_released = word.low in {"released", "published"} and is_told
        if not word.is_word or (word.low in _SMALL and word.low != "and"):
            break
        if word.low == "and" and not (last + 1 < len(words) and words[last + 1].is_name):
            break
        if word.low in _JOINS and last + 1 < len(words) and words[last + 1].low.endswith("ing"):
            break
        is_verb = is_verb_form(word.low) or word.low in FIRM_VERBS
        is_noun = word.low in GROUP_NOUNS or word.low in DATA_NOUNS
        if is_verb and not is_noun and not is_released and word.text[0].islower():
            break
        last += 1
    while last > first and not _is_head(words[last - 1], is_told=is_told):
        last -= 1
        # "Nigerian actress" is cut to no name; "Ann Lee yesterday" may be.
        dropped = words[last].low
        if not (dropped in LEADS | BEFORE_VERB or dropped.endswith("ly")):
            return None
    return _check(text, words[first:last])


def _check(text: str, words: Sequence[_Word]) -> str | None:
    while words and (words[0].text[0].isupper() and words[0].low in LEADS - {"the"}):
        words = words[1:]
    if not words or words[-1].low in NOBODY:
        return None
    if words[0].low in NOBODY - {"one"}:
        return None
    who = text[words[0].start : words[-1].end]
    return re.sub(r"['’]s$", "", who) if any(letter.isalpha() for letter in who) else None


def find_claimants(sentences: Sequence[str], follows: Sequence[bool]) -> list[str | None]:
    """The claimant of each sentence of an article; ``follows`` tells which read on in a paragraph.

    A quotation belongs to one speaker: its other sentences have the claimant that one of
    them, or the words before it, name.

    >>> find_claimants(["“We paid,” Ann Lee said.", "“We owe nothing.”"], [False, True])
    ['Ann Lee', 'Ann Lee']
    """
    claimants = [find_claimant(sentence) for sentence in sentences]
    speaker: str | None = None
    is_open = False
    waiting: list[int] = []
    for at, sentence in enumerate(sentences):
        began_open = is_open
        is_quoted = _is_all_quoted(sentence, began_open=began_open)
        if not follows[at] and not (began_open and sentence.startswith((_OPENING, '"'))):
            speaker, waiting, began_open = None, [], False
            is_quoted = _is_all_quoted(sentence, began_open=False)
        is_open = _is_left_open(sentence, began_open=began_open)
        if is_quoted and speaker:
            claimants[at] = speaker
        elif is_quoted:
            # Speech inside speech has a claimant of its own only once its speaker is known.
            claimants[at] = None
            waiting.append(at)
        elif _OPENING in sentence or '"' in sentence or began_open:
            speaker = claimants[at]
            if began_open or sentence.lstrip().startswith((_OPENING, '"')):
                for earlier in waiting if began_open else ():
                    claimants[earlier] = speaker
            waiting = []
        else:
            speaker, waiting = None, []
    return claimants


def _is_all_quoted(sentence: str, *, began_open: bool) -> bool:
    """Whether nothing of a sentence stands outside its quotation."""
    inside = sentence.strip()
    if not began_open:
        if not inside.startswith((_OPENING, '"')):
            return False
        inside = inside[1:]
    elif inside.startswith((_OPENING, '"')):
        inside = inside[1:]
    closing = min((at for at in (inside.find(_CLOSING), inside.find('"')) if at >= 0), default=-1)
    return closing < 0 or not any(letter.isalnum() for letter in inside[closing:])


def _is_left_open(sentence: str, *, began_open: bool) -> bool:
    curly = sentence.rfind(_OPENING) > sentence.rfind(_CLOSING)
    if _OPENING in sentence or _CLOSING in sentence:
        return curly
    return began_open != bool(sentence.count('"') % 2)
