"""The words that make a written number a bound or an approximation.

Promises the bound and the words as written, read to the left ("more than", "nearly") and
to the right ("or more", "-odd") of a number. Refuses "over" and "under" where they are
prepositions of time ("over five years").
"""

from __future__ import annotations

from typing import NamedTuple

from claims.text.numbers.tokens import Tokens, word_set
from claims.vocabulary import Bound


class Hedge(NamedTuple):
    """A bound with the tokens that say it, ``last`` exclusive."""

    bound: Bound
    first: int
    last: int


_LEFT_PHRASES = {
    Bound.ABOUT: "about|around|roughly|approximately|approx|approx .|nearly|almost|some|circa|c ."
    "|close to|estimated|in the region of|something like|more or less|~|virtually|practically"
    "|barely|just about|in the neighbourhood of|in the neighborhood of|on the order of|ca ."
    "|approaching|near|nearing|in the range of|give or take"
    "|near to|nearer to|closer to|plus or minus|±",
    Bound.UNDER: "under|below|less than|fewer than|lower than|smaller than|shy of|short of|beneath"
    "|south of|not quite|<|lesser than|younger than|lighter than|shorter than",
    Bound.AT_MOST: "up to|at most|no more than|not more than|at the most|maximum of|as many as"
    "|as much as|as high as|no higher than|no greater than|capped at|not exceeding|no longer than"
    "|no larger than|≤|<=|less than or equal to|up to about|up to around|as long as|as far as"
    "|as late as|as large as|as big as|upto",
    Bound.OVER: "over|above|more than|greater than|higher than|larger than|bigger than|exceeding"
    "|exceeds|exceeded|exceed|upwards of|upward of|in excess of|north of|beyond|surpassing"
    "|surpassed|surpass|surpasses|topping|topped|tops|excess of|longer than|older than|better than"
    "|>|more then|taller than|heavier than|faster than",
    Bound.AT_LEAST: "at least|no less than|no fewer than|not less than|not fewer than|minimum of"
    "|as few as|as little as|as low as|≥|>=|greater than or equal to|more than or equal to|atleast"
    "|at the very least|at minimum|at a minimum",
}  # fmt: skip
_RIGHT_PHRASES = {
    Bound.AT_LEAST: "or more|and more|or higher|or above|and above|and over|or over|and up"
    "|or greater|or better|plus|+|- plus|or older|and older|or longer|at least|or larger"
    "|at a minimum|at minimum|and higher",
    Bound.AT_MOST: "or less|or fewer|or under|or below|and under|and below|or lower|or younger"
    "|at most|and younger|maximum|or shorter|tops|at the most|max",
    Bound.ABOUT: "or so|- odd|odd|or thereabouts|- ish|give or take|or thereabout",
}  # fmt: skip
_COMPARATIVES = word_set("""higher lower larger greater bigger smaller better faster heavier""")
_PLACES = word_set("about around over above under below beyond near some")
_INTENSIFIERS = word_set(
    """just well slightly little far significantly considerably way only much substantially
    barely somewhere anywhere even still already comfortably marginally bit fractionally"""
)
_TIME_AFTER = word_set("ago old later after - in")
_TIME_BEFORE = word_set(
    """for in with took lasted spent of lasting is was took take takes just well little to at
    slightly than after within"""
)


def _index(phrases: dict[Bound, str]) -> dict[str, list[tuple[tuple[str, ...], Bound]]]:
    table: dict[str, list[tuple[tuple[str, ...], Bound]]] = {}
    for bound, joined in phrases.items():
        for phrase in joined.split("|"):
            words = tuple(phrase.split())
            words = ("<", "=") if phrase == "<=" else (">", "=") if phrase == ">=" else words
            key = words[-1] if phrases is _LEFT_PHRASES else words[0]
            table.setdefault(key, []).append((words, bound))
    for entries in table.values():
        entries.sort(key=lambda entry: -len(entry[0]))
    return table


_LEFT, _RIGHT = _index(_LEFT_PHRASES), _index(_RIGHT_PHRASES)


def match_left(tokens: Tokens, first: int, last: int, *, is_duration: bool) -> Hedge | None:
    """The hedge that ends just before token ``first``; ``last`` ends the number and its unit."""
    end = first
    word = tokens.low(end - 1)
    if word in ("a", "an", "the", "another") and tokens.low(end - 2) in _LEFT:
        if word == "the" and tokens.low(end - 2) in _PLACES:
            return None
        end -= 1
        word = tokens.low(end - 1)
    for words, bound in _LEFT.get(word, ()):
        start = end - len(words)
        if start < 0 or tuple(tokens.lowers[start:end]) != words:
            continue
        if len(words) == 1 and _is_preposition(tokens, start, last, is_duration=is_duration):
            return None
        if is_duration and words[-1] == "than" and words[0] in _COMPARATIVES:
            return None
        while start > 0 and tokens.lowers[start - 1] in _INTENSIFIERS:
            start -= 1
            if first - start > 6:
                break
        if tokens.low(start - 1) == "a" and tokens.lowers[start] in ("little", "bit"):
            start -= 1
        return Hedge(bound, start, end)
    return None


def _is_preposition(tokens: Tokens, at: int, last: int, *, is_duration: bool) -> bool:
    word, before = tokens.lowers[at], tokens.low(at - 1)
    if word == "over" and is_duration:
        return tokens.low(last) not in _TIME_AFTER and before not in _TIME_BEFORE and at > 0
    if word == "some":
        return before == "of"
    if word == "near":
        return tokens.low(last) in ("", ".", ",")
    if word == "beyond" or word == "tops":
        return before in ("and", "or", "the")
    return word in (">", "<") and tokens.low(at - 1) == "-"


def match_right(tokens: Tokens, last: int) -> Hedge | None:
    """The hedge that begins at token ``last``, just after a quantity."""
    for words, bound in _RIGHT.get(tokens.low(last), ()):
        end = last + len(words)
        if tuple(tokens.lowers[last:end]) != words:
            continue
        if words[0] == "+" and not tokens.touches(last):
            continue
        if words in (("odd",), ("max",), ("plus",)) and tokens.is_number(last + 1):
            continue
        return Hedge(bound, last, end)
    return None
