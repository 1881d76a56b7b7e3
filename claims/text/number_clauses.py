"""Which part of a sentence a number belongs to: its clause, its statement, its item of a list.

Promises the text and the places that stand with the number and not with its neighbours.
Refuses to parse: a clause ends at a comma, a statement at a semicolon or a comma and "and".
"""

from __future__ import annotations

import re

from claims.text.places import WORLD, find_places, is_place_word

_REACH_CHARS = 180
_CLAUSE_START = re.compile(r"[,;:–—(]\s|\b(?:while|but|whereas|although|which|who)\b")
_AND = re.compile(r"\sand\s")
_LIST_BREAK = re.compile(r"[,;]\s+|\s(?:and|while|but|whereas|against|compared with|versus)\s")
_DIGIT = re.compile(r"\d")
_OWN_SUBJECT = re.compile(r"\b(?:it|they|he|she)\b", re.IGNORECASE)
_RATE_BEFORE = re.compile(r"\b(?:per|(?:for|in|out of|of) (?:every|each))\s+$", re.IGNORECASE)
_SECOND_UNIT = re.compile(r"\s?(?:[%‰°€£¥₹$]|(?:kg|km|cm|mm|mph|kWh|MW|GW)\b)")
_NEXT_STATEMENT = re.compile(r",\s+(?:and|but|while|whereas)\s|;\s")


def own_clause(before: str, after: str) -> str:
    """What stands with the number between the nearest commas and conjunctions."""
    before = before[-_REACH_CHARS:]
    starts = [match.end() for match in _CLAUSE_START.finditer(before)]
    ends = _CLAUSE_START.search(after)
    before = before[starts[-1] if starts else 0 :]
    after = after[: ends.start() if ends else None]
    return f"{_after_another(before)} {_before_another(after)}"


def _after_another(before: str) -> str:
    """What follows an "and" that another number stands before: a statement of its own."""
    last = [*_AND.finditer(before)][-1:]
    return before[last[0].end() :] if last and _DIGIT.search(before[: last[0].start()]) else before


def _before_another(after: str) -> str:
    first = _AND.search(after)
    return after[: first.start()] if first and _DIGIT.search(after[first.end() :]) else after


def own_statement(before: str, after: str) -> str | None:
    """The number's own statement where it speaks of "it" and another one follows, else ``None``.

    The places and names of the other one are not its.
    """
    cut = _NEXT_STATEMENT.search(after)
    if cut and _OWN_SUBJECT.search(before):
        return f"{before} {after[: cut.start()]}"
    return None


def own_places(before: str, after: str, text: str) -> frozenset[str]:
    """The places of the number's list item, else of its sentence, else of the whole text."""
    named = _listed_places(before, after)
    return named or find_places(f"{before} {after}") or find_places(text)


def _listed_places(before: str, after: str) -> frozenset[str]:
    """The places of the number's own item in a list of places with a number each, else none.

    "China mined 270,000 tonnes, the United States 45,000": neither number is of both.
    """
    earlier, later = _LIST_BREAK.split(before), _LIST_BREAK.split(after)
    own = find_places(f"{earlier[-1]} {later[0]}") - {WORLD}
    if not own:
        return own
    for item in (*earlier[:-1], *later[1:]):
        if _DIGIT.search(item) and find_places(item) - {WORLD} - own:
            return own
    return frozenset()


def is_bare_item(before: str, after: str) -> bool:
    """Whether the number between stands with a place alone, as an item of a list.

    >>> is_bare_item("China mined 270,000 tonnes, the United States ", ".")
    True
    >>> is_bare_item("China mined ", " tonnes.")
    False
    """
    item, rest = _LIST_BREAK.split(before)[-1], _LIST_BREAK.split(after)[0]
    if rest.strip(" .!?") or not find_places(item) - {WORLD}:
        return False
    words = re.findall(r"[^\W\d_][\w’'-]*", item)
    return all(word == "the" or (word[0].isupper() and is_place_word(word)) for word in words)


def is_denominator(before: str) -> bool:
    """Whether the number behind ``before`` only says of how many a rate is.

    >>> is_denominator("12 burglaries per ")
    True
    """
    return bool(_RATE_BEFORE.search(before[-20:]))


def has_second_unit(after: str) -> bool:
    """Whether another unit stands right behind a number with its unit: "$5 °C" is neither.

    >>> has_second_unit(" °C in May")
    True
    """
    return bool(_SECOND_UNIT.match(after))
