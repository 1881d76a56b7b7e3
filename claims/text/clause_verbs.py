"""The clauses of a sentence: where one has a subject of its own, and what two verbs share.

Promises answers from closed word lists and the words' order alone; "unclear" is always a
possible answer, and the one that is given where a word may be a noun or a participle as well.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from claims.text.finite_verbs import (
    CLEAR_PRESENT_VERBS,
    CLEAR_VERBS,
    HELPING_VERBS,
    PRESENT_VERBS,
    SAYING_VERBS,
    is_past_form,
    is_verb_form,
)

_MOST_SUBJECT, _MOST_SHARED = 9, 14
SUBORDINATE = frozenset(
    [
        *("because", "after", "before", "when", "although", "though", "which", "who", "whom"),
        *("whose", "where", "until", "since", "as", "that", "so", "once", "by", "despite", "than"),
    ]
)
_POINTS_BACK = frozenset(
    [
        *(
            "it",
            "they",
            "he",
            "she",
            "this",
            "that",
            "these",
            "those",
            "its",
            "their",
            "his",
            "her",
        ),
        *("both", "each", "others", "another", "all", "none", "we", "i", "you", "there", "such"),
        *("who", "which", "most", "many", "some", "half", "more", "fewer", "one", "nobody"),
    ]
)
_NO_SUBJECT = SUBORDINATE | {"it", "he", "she", "they", "we", "i", "you", "and", "or"}
LEAD = re.compile(
    r"(?:In|On|By|During|Since|Last|This|At the end of|Between|From|Over|Throughout) "
    r"[^,;()]{2,40}, "
)
_ADVERBS = frozenset(["then", "also", "later", "now", "still", "already", "only", "even", "just"])
_AFTER_VERB = frozenset(
    [
        *("a", "an", "the", "its", "their", "his", "her", "about", "nearly", "almost", "around"),
        *("some", "more", "over", "at", "up", "to", "by", "in", "from", "for", "on", "with", "off"),
        *("only", "just", "below", "above", "under", "another", "roughly", "as", "out", "back"),
        *("half", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    ]
)
_PREPOSITIONS = frozenset(
    ["at", "up", "to", "by", "in", "from", "for", "on", "with", "off", "as", "out", "back"]
)


@dataclass(frozen=True, slots=True)
class Word:
    """One word or mark of a sentence, also in small letters, and its place."""

    text: str
    low: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Shared:
    """What the first clause lends: its subject up to ``end``, with its helping verb ``helped``.

    ``form`` is that of its verb, ``verb`` the place of the verb's word.
    """

    end: int
    helped: int
    form: str
    verb: int


def holds_verb(clause: str) -> bool:
    """Whether a word of a clause can be its verb and is no likely noun."""
    return any(is_certain_verb(word) for word in re.findall(r"\b[a-z’']+", clause))


def is_certain_verb(word: str) -> bool:
    """Whether a word in small letters is a verb or a participle and no likely noun."""
    return word in CLEAR_VERBS or is_past_form(word)


def has_own_subject(after: list[Word], *, is_strong: bool) -> bool:
    """Whether a clause with a subject of its own and a verb begins here."""
    while len(after) > 1 and after[0].low in _ADVERBS:
        after = after[1:]
    if not _may_be_subject(after):
        return False
    for at, word in enumerate(after[: _MOST_SUBJECT + 1]):
        if word.low in {",", ";", ":", "(", ")"} or (at and word.low in _NO_SUBJECT):
            return False
        if word.low in {"to", "not"} and at == 0:
            return False
        if at and word.low in SAYING_VERBS:
            return False
        if at and word.low in CLEAR_VERBS and word.text[0].islower():
            return not (word.low in PRESENT_VERBS and after[at - 1].low in {"to", "the", "a", "of"})
        if at and is_past_form(word.low) and _has_object(after, at):
            return True
        if at and is_strong and is_past_form(word.low) and _goes_on(after, at):
            return True
        if is_past_form(word.low) and at and not word.text[0].isupper():
            return False
        if word.low.endswith("ing") and at == 0:
            return False
    return False


def _may_be_subject(after: list[Word]) -> bool:
    """Whether the first word may open a subject that needs nothing from before."""
    first = after[0]
    if first.low in _POINTS_BACK or first.low in SUBORDINATE or _is_verb(after, 0):
        return False
    return first.text[0].isupper() or not is_certain_verb(first.low)


def _is_verb(after: list[Word], at: int) -> bool:
    word = after[at]
    return word.text[0].islower() and is_verb_form(word.low) and _goes_on(after, at)


def _goes_on(after: list[Word], at: int) -> bool:
    """Whether what follows a word lets it be a verb: a number, an article, a preposition."""
    following = after[at + 1] if at + 1 < len(after) else None
    if following is None:
        return False
    return following.low in _AFTER_VERB or following.text[0] in "$£€₹¥0123456789"


def _has_object(after: list[Word], at: int) -> bool:
    """Whether a number or an article follows, which no participle after a noun takes."""
    following = after[at + 1] if at + 1 < len(after) else None
    if following is None or following.low in _PREPOSITIONS:
        return False
    return _goes_on(after, at)


def read_shared(sentence: str, words: list[Word]) -> Shared | None:
    """The subject that opens the sentence and its verb's form; ``None`` where it is unclear."""
    lead = LEAD.match(sentence)
    first = next((at for at, word in enumerate(words) if lead and word.start >= lead.end()), 0)
    if words[first].low in SUBORDINATE | {"there", "while", "with", "of", "to", "among"}:
        return None
    for at in range(first, min(first + _MOST_SHARED, len(words))):
        word = words[at]
        if word.low in {",", ";", ":", "(", ")", "—", "–"} or (
            at > first and word.low in SUBORDINATE
        ):
            return None
        if word.low in SAYING_VERBS and at > first:
            return None
        if at == first or not word.text[0].islower():
            continue
        if word.low in HELPING_VERBS:
            nexts = words[at + 1 : at + 3]
            led = next((one for one in nexts if is_past_form(one.low)), None)
            if led is None:
                return Shared(words[at - 1].end, 0, "any", at)
            return Shared(words[at - 1].end, word.end, "participle", at)
        if word.low in CLEAR_PRESENT_VERBS or (word.low in PRESENT_VERBS and _goes_on(words, at)):
            is_plural = words[at - 1].low.endswith("s") and words[at - 1].text[0].islower()
            return None if is_plural else Shared(words[at - 1].end, 0, "present", at)
        if is_past_form(word.low) and (word.low in CLEAR_VERBS or _goes_on(words, at)):
            return Shared(words[at - 1].end, 0, "past", at)
    return None


def shares_until(after: list[Word], subject: Shared, mark: str, words: list[Word]) -> int:
    """How far the right part takes the left one's words along; 0 where it does not go on."""
    at = 1 if after[0].low in _ADVERBS and len(after) > 1 else 0
    verb = after[at]
    if not verb.text[0].islower() or verb.low in SAYING_VERBS or mark in {"while", "whereas"}:
        return 0
    # Between commas a verb needs the "and" that closes the row.
    if mark == "," and not any(word.low == "and" for word in after):
        return 0
    if verb.low in HELPING_VERBS:
        return subject.end if mark != "," else 0
    if not _goes_on(after, at):
        return 0
    if verb.low in PRESENT_VERBS and not is_past_form(verb.low):
        return subject.end if _is_present(after, at, subject, words) else 0
    if not is_past_form(verb.low) or subject.form == "present":
        return 0
    if subject.form == "participle":
        return subject.helped if verb.low not in CLEAR_VERBS else subject.end
    return subject.end if subject.form == "past" or verb.low in CLEAR_VERBS else 0


def _is_present(after: list[Word], at: int, subject: Shared, words: list[Word]) -> bool:
    """Whether a word in -s is a verb here and not one more noun of a row."""
    if after[at].low in CLEAR_PRESENT_VERBS:
        return True
    if _has_object(after, at):
        return True
    return subject.form == "present" and any(
        word.low in CLEAR_PRESENT_VERBS for word in words[subject.verb + 1 :]
    )
