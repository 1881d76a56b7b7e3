"""What the verbs of a sentence give away: tense, voice, what comes first, what is barred.

Promises: one pass over the words with closed lists of auxiliaries and irregular verbs,
constant work a word. It tells what was and what has been done from what will, may or
ought to be, and tells "could not" (a fact) from "could" (a guess), the month of May from
the verb. Refuses parsing: a word counts for a verb by its form and the word before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

BE_PAST: Final = "was were wasn't weren't"
BE_NOW: Final = """
is are isn't aren't am 's it's that's there's he's she's they're we're you're i'm what's here's
who's
"""
BE_PART: Final = "be been being"
HAVE: Final = "has have hasn't haven't they've we've i've you've having"
HAD: Final = "had hadn't"
DID: Final = "did didn't"
DO: Final = "do does don't doesn't"
WILL: Final = "will shall won't 'll i'll we'll you'll he'll she'll they'll it'll"
WOULD: Final = "would wouldn't i'd we'd he'd she'd they'd you'd"
MAYBE: Final = "may might could"
CAN: Final = "can"
BARRED: Final = "cannot can't couldn't"
OUGHT: Final = "should must ought shouldn't mustn't"
NOT: Final = "not never also already long since still now yet just only ever all both since again"
SAID: Final = """
said told added announced insisted explained noted stated argued claimed warned acknowledged
remarked recalled testified replied
"""
# A verb of these after a determiner is a noun or an adjective: "the cost", "a set".
BEFORE_NOUNS: Final = """
the a an his her its their our my your these those this every each no any some of by with in on for
from at
"""
PAST: Final = """
took made went came ran knew saw heard held kept left sent sat stood wrote drove gave got began
broke brought built bought caught chose dealt drew drank ate fell felt fought found flew forgot
forgave froze grew hung hid hit hurt laid lay led lent lost meant met paid put quit rode rang rose
sold set shook shone shot showed shut sang sank slept slid spoke sped spent spun spread stole stuck
struck swore swept swam taught tore thought threw understood woke wore wept won wound withdrew
overtook overthrew bore beat became bent bet bid bled blew bound bred burnt burst cast clung cost
crept cut dug fed fled forbade hurled leapt let lit overcame overran oversaw proved read rebuilt
sought shed shrank slit spat split sprang stung strode strove swung underwent undertook upheld
withheld withstood
"""
PART: Final = """
taken gone come run known seen heard held kept left sent sat stood written driven given got begun
broken brought built bought caught chosen dealt drawn drunk eaten fallen felt fought found flown
forgotten frozen grown hung hidden hit hurt laid lain led lent lost meant met paid put ridden rung
risen sold set shaken shot shown shut sung sunk slept spoken spent spun spread stolen stuck struck
sworn swept swum taught torn thought thrown understood woken worn won withdrawn overtaken done made
become said told read cut cost rebuilt sought born borne beaten bound overrun overseen proven
"""
# They end in -ed and tell how somebody feels or what something is like.
STATES: Final = """
pleased delighted worried convinced tired surprised excited disappointed concerned determined
confused frightened scared thrilled relieved honoured honored amazed embarrassed interested bored
relaxed mixed united advanced sustained detailed limited related supposed perceived indeed hundred
sacred naked wicked rugged aged beloved need speed feed seed red bed shed bred breed creed deed
greed heed weed exceed proceed succeed embed kindred agreed-upon so-called
"""
_BE_PAST, _BE_NOW, _BE_PART, _HAVE, _HAD, _DID, _DO, _WILL, _WOULD = range(1, 10)
_MAYBE, _CAN, _BARRED, _OUGHT, _SKIPPED, _SAID, _PAST, _PART, _ED, _ING = range(10, 20)
_NO_VERB = 20
_OTHER, _NOUN_NEXT = range(_NO_VERB, _NO_VERB + 2)
_BEING = frozenset({_BE_PAST, _BE_NOW, _BE_PART})
_HAVING = frozenset({_HAVE, _HAD})
_OPEN = frozenset({_WILL, _WOULD, _MAYBE})
PAST_FIRST, NOW_FIRST, OPEN_FIRST = 1, 2, 3
_TIMES = {
    **dict.fromkeys((_PAST, _BE_PAST, _HAD, _DID, _HAVE), PAST_FIRST),
    **dict.fromkeys((_BE_NOW, _DO, _BARRED), NOW_FIRST),
    **dict.fromkeys((_WILL, _WOULD, _MAYBE, _CAN, _OUGHT), OPEN_FIRST),
}
BEFORE_MONTH: Final = """
in since last until till by of early late mid this next on from to between and through
"""
_MONTH_BEFORE = frozenset(BEFORE_MONTH.split())
_LISTS = (
    (BEFORE_NOUNS, _NOUN_NEXT),
    (PART, _PART),
    (PAST, _PAST),
    (SAID, _SAID),
    (NOT, _SKIPPED),
    (BE_PAST, _BE_PAST),
    (BE_NOW, _BE_NOW),
    (BE_PART, _BE_PART),
    (HAVE, _HAVE),
    (HAD, _HAD),
    (DID, _DID),
    (DO, _DO),
    (WILL, _WILL),
    (WOULD, _WOULD),
    (MAYBE, _MAYBE),
    (CAN, _CAN),
    (BARRED, _BARRED),
    (OUGHT, _OUGHT),
)
_KINDS: dict[str, int] = {word: kind for listed, kind in _LISTS for word in listed.split()}
_PARTICIPLES = frozenset(PART.split())
_STATES = frozenset(STATES.split())
_NOTS = frozenset({"not", "never"})
_SHORTEST_VERB = 4


class Verbs(NamedTuple):
    """How often each form occurs; ``first`` tells of which time the first finite verb is."""

    past: int
    perfect: int
    passive: int
    going_on: int
    barred: int
    refused: int
    said_open: int
    modal_barred: int
    month: int
    first: int


@lru_cache(maxsize=50_000)
def _kind_of(word: str) -> int:
    """The kind of one word, by the lists and then by its ending."""
    kind = _KINDS.get(word, _OTHER)
    if kind != _OTHER or len(word) < _SHORTEST_VERB or word in _STATES:
        return kind
    if word.endswith("ed"):
        return _ED
    if word.endswith("ing"):
        return _ING
    return _SKIPPED if word.endswith("ly") else _OTHER


def read_verbs(tokens: Sequence[str], lowered: Sequence[str]) -> Verbs:
    """The forms of a sentence's verbs (``lowered`` are ``tokens`` in small letters).

    >>> words = "They could not cross the bridge in May".split()
    >>> found = read_verbs(words, [word.lower() for word in words])
    >>> found.barred, found.first == PAST_FIRST, found.month
    (1, True, 1)
    """
    walk = _Walk(tokens, lowered)
    is_noun_next = False
    for at, kind in enumerate(map(_kind_of, lowered)):
        if kind >= _NO_VERB:
            walk.helper, is_noun_next = 0, kind == _NOUN_NEXT
            continue
        if kind == _SKIPPED:
            if walk.helper:
                walk.negate(at)
        elif kind >= _SAID:
            if walk.helper or not is_noun_next:
                walk.end(at, kind)
            walk.helper = 0
        else:
            walk.help(at, kind)
        is_noun_next = False
    return walk.answer()


class _Walk:
    """What has been found so far, and the auxiliary that the next verb would belong to."""

    __slots__ = (
        "barred",
        "first",
        "going_on",
        "has_said",
        "helper",
        "lowered",
        "modal_barred",
        "month",
        "passive",
        "past",
        "perfect",
        "refused",
        "said_open",
        "tokens",
    )

    def __init__(self, tokens: Sequence[str], lowered: Sequence[str]) -> None:
        self.tokens, self.lowered = tokens, lowered
        self.past = self.perfect = self.passive = self.going_on = self.barred = 0
        self.refused = self.said_open = self.modal_barred = self.month = 0
        self.helper = self.first = 0
        self.has_said = False

    def negate(self, at: int) -> None:
        """A "not" or "yet to" after an auxiliary: what could not or would not be is a fact."""
        word, helper = self.lowered[at], self.helper
        if word == "yet":
            self.barred += self.lowered[at + 1 : at + 2] == ["to"]
        elif word not in _NOTS:
            return
        elif helper in (_MAYBE, _CAN):
            self.barred += 1
            self.modal_barred += helper == _MAYBE
            if self.first == helper:
                self.first = _DID if self.lowered[at - 1] == "could" else _BARRED
            self.helper = _BARRED
        elif helper == _WOULD:
            self.refused += 1
            self.first = _PAST if self.first == _WOULD else self.first

    def end(self, at: int, kind: int) -> None:
        """A full verb: finite by itself, or what its auxiliary makes of it."""
        helper = self.helper
        if kind == _ING:
            self.going_on += helper in _BEING
        elif helper:
            if kind in (_ED, _SAID) or self.lowered[at] in _PARTICIPLES:
                self.passive += helper in _BEING
                self.perfect += helper in _HAVING
        elif kind != _PART:
            if kind == _SAID:
                self.has_said = True
            else:
                self.past += 1
            self.first = self.first or _PAST

    def help(self, at: int, kind: int) -> None:
        """An auxiliary."""
        word = self.lowered[at]
        if word == "may" and _is_month(self.tokens, self.lowered, at):
            self.month += 1
            self.helper = 0
            return
        if kind == _BE_PART:
            self.perfect += self.helper in _HAVING
            self.helper = kind
            return
        if kind == _BARRED:
            self.barred += 1
            kind = _DID if word == "couldn't" else _BARRED
        elif word == "wouldn't":
            self.refused += 1
            kind = _DID
        elif self.has_said and kind in _OPEN:
            self.said_open += 1
        self.first = self.first or kind
        self.helper = kind

    def answer(self) -> Verbs:
        """The counts."""
        return Verbs(
            self.past,
            self.perfect,
            self.passive,
            self.going_on,
            self.barred,
            self.refused,
            self.said_open,
            self.modal_barred,
            self.month,
            _TIMES.get(self.first, 0),
        )


def _is_month(tokens: Sequence[str], lowered: Sequence[str], at: int) -> bool:
    """Whether the "May" at ``at`` is the month: a capital, and a number or "in" beside it."""
    if not tokens[at][0].isupper():
        return False
    if at + 1 < len(tokens) and tokens[at + 1][0].isdigit():
        return True
    return at > 0 and (tokens[at - 1][0].isdigit() or lowered[at - 1] in _MONTH_BEFORE)
