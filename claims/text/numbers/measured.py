"""What a number measures, and for a share, of what whole.

Promises a phrase of the text itself, found in a bounded window: the whole after "of", the
noun a number stands before ("a 25 % duty"), what follows "in" or "of" after an amount
("$25 million in aid"), or the subject of the verb that states it. Refuses to guess: where
none of these stands there, both are unknown.
"""

from __future__ import annotations

from claims.text.numbers.changes import DOWN, UP
from claims.text.numbers.drafts import Draft
from claims.text.numbers.nouns import STOP
from claims.text.numbers.scales import SMALL
from claims.text.numbers.tokens import Tokens, word_set
from claims.vocabulary import QuantityKind as Kind

_DETERMINERS = word_set(
    """a an the this that these those its his her their our my your all every each"""
)
_CLAUSE_ENDS = word_set(
    """, ; . ( ) : ! ? — – and while as but that said which who when because after although
    though if whether where with than or so until since despite"""
)
_STATING = word_set(
    """is was are were be been being stood stands reached reaches reach hit hits totalled totaled
    totals totalling totaling averaged averages amounted amounts remained remains became cost
    costs costing contains contained measured measures weighed weighs exceeded exceeds
    represents represented comprises accounted accounts makes made stand"""
)
_AUXILIARY = word_set(
    """has have had is was are were be been will would could should may might can also then now
    still already even only just that which who it they he she we not to did does do"""
)
_PRENOMINAL = frozenset(
    (Kind.PERCENT, Kind.MONEY, Kind.MEASURE, Kind.DURATION, Kind.PERCENTAGE_POINT)
)
_AFTER_AMOUNT = frozenset((Kind.MONEY, Kind.MEASURE, Kind.TEMPERATURE))
_NOT_MEASURED = word_set(
    """ago old later earlier away long wide tall deep high each apiece respectively higher lower
    thick effective more less cheaper dearer faster slower"""
)
_NOUNS_TOO = frozenset(("cost", "costs", "lead", "set", "run", "need", "needs", "help", "hit"))
_TIME_WORDS = word_set(
    """last next earlier previous year month week today yesterday first second third fourth
    quarter"""
)
_LONGEST = 8


def take_measured(tokens: Tokens, draft: Draft, verb_at: int) -> None:
    """Fill ``measured`` and ``of_what``; ``verb_at`` is the verb of change, or -1."""
    at = draft.last
    if draft.kind in (Kind.COUNT, Kind.AGE, Kind.ORDINAL):
        return
    following = tokens.low(at)
    if following == "of" and draft.kind in (Kind.PERCENT, Kind.RATIO):
        if phrase := _phrase_after(tokens, at + 1):
            draft.of_what = _text(tokens, *phrase)
            draft.measured = tokens.words[phrase[1] - 1]
        return
    if draft.kind in _AFTER_AMOUNT and following in ("of", "in", "worth"):
        step = at + 1 + (following == "worth" and tokens.low(at + 1) == "of")
        is_length = following == "of" and draft.symbol in ("km", "mi", "m", "ft", "yd")
        phrase = None if is_length else _phrase_after(tokens, step)
        if phrase and not tokens.words[phrase[0]][0].isupper():
            draft.measured = _text(tokens, *phrase)
            return
    is_before_noun = draft.kind in _PRENOMINAL and _stands_before_noun(tokens, at)
    if is_before_noun and (phrase := _phrase_after(tokens, at + (following == "-"))):
        draft.measured = _text(tokens, *phrase)
        return
    if tokens.low(draft.hedge_first - 1) == "of" and (named := _named_before(tokens, draft)):
        draft.measured = _text(tokens, *named)
        return
    place = verb_at if verb_at >= 0 else _stating_verb(tokens, draft)
    if place > 0 and (subject := _subject_before(tokens, place)):
        draft.measured = _text(tokens, *subject)


def _text(tokens: Tokens, first: int, last: int) -> str:
    return tokens.text[tokens.starts[first] : tokens.ends[last - 1]]


def _stands_before_noun(tokens: Tokens, at: int) -> bool:
    word, lower = tokens.raw(at), tokens.low(at)
    if lower == "-" and tokens.touches(at):
        return tokens.raw(at + 1)[:1].isalpha()
    return (
        word[:1].isalpha() and word.islower() and lower not in STOP and lower not in _NOT_MEASURED
    )


def _phrase_after(tokens: Tokens, at: int) -> tuple[int, int] | None:
    """The noun phrase from token ``at``: words up to a function word or a mark."""
    while tokens.low(at) in _DETERMINERS:
        at += 1
    end = at
    while end < at + _LONGEST and end < tokens.count:
        word, lower = tokens.words[end], tokens.lowers[end]
        if lower in ("-", "&") and end > at and tokens.touches(end):
            end += 1
            continue
        if lower in _TIME_WORDS or (end == at and lower in SMALL) or lower.endswith("ly"):
            break
        if end > at and lower.endswith("ed") and tokens.low(end + 1) in _DETERMINERS:
            break
        is_noun = end == at and lower in _NOUNS_TOO and tokens.low(at - 1) in _DETERMINERS
        if lower in STOP and word != "US" and not is_noun:
            break
        if not word[0].isalpha() and not (
            end == at and tokens.is_number(at) and tokens.low(at - 1) != "in"
        ):
            break
        end += 1
    while end > at and not tokens.words[end - 1][0].isalpha():
        end -= 1
    return (at, end) if end > at else None


def _named_before(tokens: Tokens, draft: Draft) -> tuple[int, int] | None:
    """ "a magnitude of 6.8", "a net loss of $2 million": the words back to the article."""
    last = draft.hedge_first - 1
    for first in range(last - 1, max(last - 6, -1), -1):
        word = tokens.lowers[first]
        if word in _DETERMINERS and first + 1 < last:
            return first + 1, last
        if not word.isalpha() or (word in STOP and word not in _NOUNS_TOO):
            break
    return None


def _stating_verb(tokens: Tokens, draft: Draft) -> int:
    for at in range(draft.hedge_first - 1, max(draft.hedge_first - 6, 0), -1):
        word = tokens.lowers[at]
        if word in _STATING:
            return at
        if (word in UP or word in DOWN) and tokens.lowers[at + 1] in ("to", "from"):
            return at
        if word in _CLAUSE_ENDS:
            return -1
    return -1


def _subject_before(tokens: Tokens, verb_at: int) -> tuple[int, int] | None:
    """The words from the clause's beginning to the verb, without determiners and auxiliaries."""
    last = verb_at
    while last > 0 and tokens.lowers[last - 1] in _AUXILIARY | {"a", "an", "the"}:
        last -= 1
    first = last
    while first > 0 and last - first < _LONGEST:
        word = tokens.lowers[first - 1]
        is_mark = not tokens.words[first - 1][0].isalnum() and word not in ("-", "&", "'", "%")
        if word in _CLAUSE_ENDS or is_mark:
            break
        first -= 1
    while first < last and (
        tokens.lowers[first] in _DETERMINERS or tokens.lowers[first] in _LEADING
    ):
        first += 1
    if first == last or last - first >= _LONGEST or tokens.lowers[last - 1] in STOP:
        return None
    return first, last


_LEADING = _AUXILIARY | word_set("in on at by for from of meanwhile however yet")
