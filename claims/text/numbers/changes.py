"""The direction of a change whose size a number gives.

Promises ``up`` or ``down`` only where a verb, a sign or an adverb says that the number is
the size of a change: "rose 2.5 %", "cut premiums by 5 %", "-1.3 %", "3 % lower". A level
("rose to 5 %"), a range of levels and a named change ("a 4 % drop", where the drop is what is
measured) get none.
"""

from __future__ import annotations

from claims.text.numbers.drafts import Draft
from claims.text.numbers.tokens import Tokens, word_set
from claims.vocabulary import Change
from claims.vocabulary import QuantityKind as Kind

UP = word_set(
    """rose rise rises risen rising up gained gain gains gaining climbed climb climbs climbing
    jumped jump jumps jumping surged surge surges surging soared soar soars soaring grew grow
    grows grown growing increased increase increases increasing advanced advance advances
    advancing added adding adds add rallied rallies rally rallying expanded expand expands
    expanding rebounded rebound rebounds spiked leapt leaped leap swelled raised raise raises
    lifted lift boosted boost strengthened appreciated skyrocketed rocketed improved improve
    firmed edged inched ticked bounced accelerated doubled popped hiked rocketing higher"""
) - {"edged", "inched", "ticked"}
DOWN = word_set(
    """fell fall falls fallen falling down dropped drop drops dropping declined decline declines
    declining decreased decrease decreases decreasing lost lose loses losing slid slide slides
    sliding sank sink sinks sunk plunged plunge plunges plunging tumbled tumble tumbles
    tumbling dipped dip dips dipping shed sheds shedding slipped slip slips slipping cut cuts
    cutting slashed slash slashes shrank shrink shrinks shrunk contracted contract contracts
    reduced reduce reduces reducing retreated retreat eased ease eases plummeted plummet
    plummets slumped slump slumps weakened weaken depreciated lowered lower trimmed crashed
    collapsed tanked dived dove narrowed softened nosedived declined lagged"""
)
_MONEY_OR_SHARE_ONLY = word_set(
    """up down gained gain gains added adds add adding lost lose loses losing shed sheds cut cuts
    cutting shedding gaining raised raise raises trimmed slashed lifted boosted advanced
    contract advance jump improve improved dove dived lift boost slash crashed collapsed
    popped"""
)
_PHRASAL = frozenset(("up", "down"))
_PHRASAL_VERBS = word_set(
    """gave give gives giving given take takes took taking taken pick picks picked picking put
    puts putting set sets setting sign signs signed signing came come comes coming end ends
    ended ending make makes made making rack racks racked racking chalk chalked open opened
    line lined show showed shown buy bought sell break broke broken turn turned call called
    back backed clean cleaned gobble snap snapped sum sums add adds blow blew write wrote
    written let shoot shot split serve served hunt round rounded hold held holds cook cooked
    bring brought hand handed cut track tracked knock knocked lay laid strike struck burn
    burned gun gunned drop dropped gear geared pile piled"""
)
_MARKET_VERBS = word_set(
    """closed ended finished opened traded trading moved edged inched ticked remained closing
    ending"""
)
_RAISES = word_set(
    """raised raise raises raising lifted lift boosted boost cut cuts cutting slashed slash
    trimmed jump contract advance advances advanced pop improve lowered lower reduced reduce"""
)
_SHARE_KINDS = frozenset((Kind.PERCENT, Kind.PERCENTAGE_POINT))
_PASSED = word_set(
    """by a an as another further about nearly almost some of additional more much just well only
    around roughly approximately over under than at least most up to slightly sharply steeply
    whopping staggering massive record another least estimated approx little far the total
    average annual mere modest hefty combined cumulative nearly"""
) - {"to"}


def change_of(tokens: Tokens, draft: Draft) -> Change | None:
    """The direction of ``draft``, and in ``draft.verb_at`` the verb that gives it."""
    if draft.kind in (Kind.AGE, Kind.ORDINAL):
        return None
    if draft.is_negative and draft.kind in _SHARE_KINDS:
        return Change.DOWN
    if draft.has_plus and draft.kind in _SHARE_KINDS:
        return Change.UP
    index, has_by = draft.hedge_first - 1, False
    stop = index - 8
    while index >= 0 and index > stop:
        word = tokens.lowers[index]
        if word in UP or word in DOWN:
            return _direction(tokens, draft, index, has_by=has_by)
        has_by = has_by or word == "by"
        if not (word in _PASSED or word.endswith("ly")):
            break
        index -= 1
    if has_by and draft.kind is not Kind.DURATION:
        return _change_before_object(tokens, index)
    following = tokens.low(draft.last) if draft.symbol != "times" else ""
    if following in ("higher", "up"):
        return Change.UP
    return Change.DOWN if following == "lower" else None


def _direction(tokens: Tokens, draft: Draft, at: int, *, has_by: bool) -> Change | None:
    """What the verb at token ``at`` says of ``draft``, and ``draft.verb_at`` where it says it."""
    word, before = tokens.lowers[at], tokens.low(at - 1)
    if word in _PHRASAL and (_is_phrasal(before) or before in ("to", "from")):
        return None
    if not has_by and word in _RAISES and draft.kind is Kind.MONEY:
        return None
    if not has_by and word in _MONEY_OR_SHARE_ONLY and not _is_share(draft):
        return None
    draft.verb_at = at
    return Change.UP if word in UP else Change.DOWN


def _is_phrasal(verb: str) -> bool:
    """ "gave up 517 yards" tells no direction; "closed up 3 %" does."""
    return verb in _PHRASAL_VERBS or (verb.endswith(("ed", "ing")) and verb not in _MARKET_VERBS)


def _is_share(draft: Draft) -> bool:
    return draft.kind in _SHARE_KINDS or draft.kind is Kind.MONEY or draft.symbol in ("point", "bp")


def _change_before_object(tokens: Tokens, index: int) -> Change | None:
    """ "cut their premiums by 5 %": the verb stands some words before "by"."""
    for at in range(index, max(index - 8, -1), -1):
        word = tokens.lowers[at]
        if word in (".", ";", "(", ")"):
            return None
        if word in UP or word in DOWN:
            return Change.UP if word in UP else Change.DOWN
    return None
