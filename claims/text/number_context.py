"""The words around one number of a text: what it is a number of.

Promises the content words of the sentence and of the clause, the names, the places, the
whole of a share, the rate and the direction, read once for all pairs a number is part
of. Refuses to parse: a clause ends at a comma.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from claims.text.contrasts import meaning_of
from claims.text.number_clauses import is_bare_item, own_clause, own_places, own_statement
from claims.text.places import ADJECTIVES, find_places, is_place_word
from claims.text.quantity import Quantity
from claims.text.sentences import split_sentences
from claims.text.words import SCALE_WORDS, content_words, is_number, stem
from claims.vocabulary import Change, QuantityKind

_NEAR_CHARS = 90
_LONG_TEXT_CHARS = 20_000
_LONG_SENTENCE_CHARS, _REACH_CHARS = 1_500, 300

_UNIT_WORDS = frozenset(
    content_words(
        "percent per cent percentage point points dollar dollars euro euros pound pounds rupee "
        "rupees yen yuan us usd eur gbp pkr inr rs km kilometre kilometres kilometer kilometers "
        "mile miles metre metres meter meters tonne tonnes ton tons kg kilogram kilograms barrel "
        "barrels litre litres degree degrees celsius fahrenheit number figure total amount level "
        "share rate proportion portion part account accounts accounted represent represents stood "
        "stand stands came come comes put puts reach reached estimate estimated record recorded "
        "less fewer least data show shows showed official officially currently year "
        "years today  "
        "latest"
    )
)
_SPELLED_OUT = re.compile(r"\bgross domestic product\b(?: \(GDP\))?", re.IGNORECASE)
_COUNTRIES = {stem(adjective): stem(country) for adjective, country in ADJECTIVES.items()}
_DIRECTIONS = frozenset({meaning_of("rise"), meaning_of("fall")})
_PARTIAL_AFTER = re.compile(
    r"\s*(?:of (?:them|these|those|whom|which)\b|more\b|others?\b|further\b)"
)
_PARTIAL_BEFORE = re.compile(r"\b(?:another|additional|a further|further|extra|plus)\s+$")
_RATE_AFTER = re.compile(
    r"\s*(?:[\w-]+\s+){0,3}?(?:per|a|an|each|every)\s+"
    r"(second|minute|hour|day|week|month|quarter|year|decade|capita|person|head|household|"
    r"100,?000|1,?000|million)\b"
)
_RATE_WORD = re.compile(
    r"\b(hourly|daily|weekly|monthly|quarterly|annual|annually|yearly|per capita)\b"
)
_RATE_NAMES = {
    "hourly": "hour",
    "daily": "day",
    "weekly": "week",
    "monthly": "month",
    "quarterly": "quarter",
    "annual": "year",
    "annually": "year",
    "yearly": "year",
    "per capita": "person",
    "capita": "person",
    "head": "person",
}


@dataclass(frozen=True, slots=True)
class Context:
    """The words around one number of a text, cut once for all pairs it is part of."""

    sentence: str
    rest_of_text: frozenset[str]
    words: frozenset[str]
    near_words: frozenset[str]
    clause_words: frozenset[str]
    place_words: frozenset[str]
    names: frozenset[str]
    places: frozenset[str]
    whole: str | None
    rate: str | None
    change: Change | None
    is_partial: bool
    is_foreseen: bool
    events: frozenset[str]
    topic: frozenset[str] = frozenset()
    is_row: bool = False

    @classmethod
    def around(cls, text: str, quantity: Quantity, about: str = "") -> Context:
        """The context of ``quantity`` in ``text``, whose offsets it carries.

        ``about`` holds words that the text leaves out because its surroundings made them
        plain; places among them are not taken, for a text leaves those out to mean others.
        """
        start, end = _sentence_around(text, quantity)
        before, after = text[start : quantity.start], text[quantity.end : end]
        counted = quantity.counted or ""
        near = before[-_NEAR_CHARS:] + " " + after[:_NEAR_CHARS]
        own = own_statement(before, after)
        return cls(
            sentence=text[start:end],
            rest_of_text=_text_words(text),
            topic=topic_words(about),
            words=subject_words(f"{before} {after} {counted}"),
            near_words=subject_words(f"{near} {counted}"),
            clause_words=subject_words(own_clause(before, after) + f" {counted}") - _REPORTING,
            place_words=_place_words(text),
            names=_names(text if own is None else own),
            places=own_places(before, after, text) if own is None else find_places(own),
            whole=quantity.of_what or _whole_after(after, quantity),
            rate=_unit_rate(quantity.unit) or _rate(before, after),
            change=quantity.change or _direction(before),
            is_partial=bool(_PARTIAL_AFTER.match(_skip_noun(after, quantity)))
            or bool(_PARTIAL_AFTER.match(after))
            or bool(_PARTIAL_BEFORE.search(before.lower())),
            is_foreseen=bool(_FORESEEN.search(text[start:end])),
            events=_events(own_clause(before, after), quantity),
        )


# All numbers of a passage ask for these; a few texts are in hand at a time.
_sentences = lru_cache(maxsize=8)(split_sentences)


@lru_cache(maxsize=8)
def _text_words(text: str) -> frozenset[str]:
    return subject_words(text)


@lru_cache(maxsize=32)
def topic_words(about: str) -> frozenset[str]:
    """The subject words of a text's surroundings, without the places they name."""
    kept = (word for word in re.findall(r"[^\W\d_]+", about[:2000]) if not is_place_word(word))
    return subject_words(" ".join(kept))


def _sentence_around(text: str, quantity: Quantity) -> tuple[int, int]:
    start, end = 0, len(text)
    if end <= _LONG_TEXT_CHARS:
        for span in _sentences(text):
            if span.start <= quantity.start < span.end:
                start, end = span.start, max(span.end, quantity.end)
                break
    if end - start <= _LONG_SENTENCE_CHARS:
        return start, end
    # A table read as prose: what stands far from a number is not said of it.
    return max(start, quantity.start - _REACH_CHARS), min(end, quantity.end + _REACH_CHARS)


def subject_words(text: str) -> frozenset[str]:
    """The meanings of the words that can name a subject: no numbers, units or directions."""
    meant = frozenset(
        _COUNTRIES.get(word) or meaning_of(word)
        for word in content_words(_SPELLED_OUT.sub("GDP", text))
        if len(word) > 1
        and not is_number(word)
        and word not in SCALE_WORDS
        and word not in _UNIT_WORDS
    )
    # The direction of a change is part of its number, not of what changes.
    return meant - _DIRECTIONS


_NAME = re.compile(r"(?<![.!?“\"] )(?<!\d )(?<!\d)(?<!^)\b[A-Z][\w’'-]+(?: [A-Z][\w’'-]+)*")
_LISTED_NOT_NAMES = (
    "January February March April May June July August September October November December Monday "
    "Tuesday Wednesday Thursday Friday Saturday Sunday The In On A An According President Mr Mrs "
    "Ms Dr Prime Minister Ministry Government State It He She They We This That PKR INR USD EUR "
    "GBP Rs US UK CO2 GDP"
)
_NOT_NAMES = frozenset(_LISTED_NOT_NAMES.split())


_DATELINE = re.compile(r"^\s*[A-Z][A-Z .'’-]{1,40}(?:, [\w .]{3,30})? \([\w /.&-]{2,40}\) ?[-–—] ")


@lru_cache(maxsize=8)
def _names(text: str) -> frozenset[str]:
    """The capitalised words that stand inside sentences, without places and calendar words."""
    found = set()
    for match in _NAME.finditer(_DATELINE.sub("", text[:5000])):
        for word in match.group().split():
            bare = word.removesuffix("'s").removesuffix("’s")
            if bare not in _NOT_NAMES and not is_place_word(bare):
                found.add(bare.casefold())
    return frozenset(found)


def _rate(before: str, after: str) -> str | None:
    match = _RATE_AFTER.match(after) or _RATE_WORD.search((before[-60:] + " " + after[:60]).lower())
    if match is None:
        return None
    name = match.group(1).replace(",", "")
    return _RATE_NAMES.get(name, name)


_WHOLE = re.compile(
    r"\s*of\s+(?:the\s+|its\s+|all\s+|their\s+|our\s+)?([\w’'-]+(?:\s[\w’'-]+){0,4}?)"
    r"(?=\s+(?:in|on|at|by|for|from|to|was|were|is|are|has|have|had|and|with|as|last|this|that|"
    r"who|which|will|would|can|could|came|come|said|say)\b|[^\w’'\s-]|\s*$)"
)


def _whole_after(after: str, quantity: Quantity) -> str | None:
    """The whole of a share, where it stands right behind the number ("70 % of exports")."""
    if quantity.kind not in (QuantityKind.PERCENT, QuantityKind.RATIO):
        return None
    match = _WHOLE.match(after[:120])
    return match.group(1) if match else None


def _skip_noun(after: str, quantity: Quantity) -> str:
    return after.lstrip().removeprefix(quantity.counted or "")


_FORESEEN = re.compile(
    r"\b(?:expect(?:s|ed|ing)?|plan(?:s|ned|ning)?|forecasts?|targets?|aim(?:s|ed|ing)?|would|could|"
    r"might|may be|hope[sd]?|hoping|project(?:s|ed|ions?)\b|propos(?:e[sd]?|al)|predict(?:s|ed)|"
    r"estimated to|set to|due to be|sought|seeks?|wants?|if)\b",
    re.IGNORECASE,
)
_LISTED_EVENTS = (
    "open close add hire fire lay join build buy sell lose win gain order cancel acquire remove "
    "replace launch move leave resign retire borrow repay suspend lift extend"
)
_EVENTS = frozenset(meaning_of(word) for word in content_words(_LISTED_EVENTS))
"""What changes a number by a part: to open 20 shops is not to have 20 shops."""


def _events(clause: str, quantity: Quantity) -> frozenset[str]:
    if quantity.kind is not QuantityKind.COUNT:
        return frozenset()
    return subject_words(clause) & _EVENTS - subject_words(quantity.hedge or "")


_LISTED_REPORTING = (
    "official ministry minister agency report survey study figure data spokesman spokesperson bank "
    "commission office bureau police court army union monday tuesday wednesday thursday friday "
    "saturday sunday january february march april june july august september october november "
    "december week month quarter year day estimate expert analyst put add total impose count "
    "find prove record"
)
_REPORTING = frozenset(meaning_of(word) for word in content_words(_LISTED_REPORTING))


@lru_cache(maxsize=8)
def _place_words(text: str) -> frozenset[str]:
    named = [
        word.removesuffix("'s").removesuffix("’s")
        for word in re.findall(r"\b[A-Z][\w’'-]*", text[:5000])
    ]
    return subject_words(" ".join(word for word in named if is_place_word(word)))


_RISES = (
    r"rose|risen|rises?|rising|grew|grown|grows?|growing|increased?|climbed|jumped|gained|expanded"
)
_FALLS = r"fell|fallen|falls?|falling|dropped|declined|decreased|shrank|shrunk|slipped|dipped|down"
_DIRECTION = re.compile(
    rf"\b(?:({_RISES})|({_FALLS}))\s+(?:by\s+)?(?:(?:between|from|about|some|nearly|around)\s+)?$",
    re.IGNORECASE,
)


def _direction(before: str) -> Change | None:
    """The change whose size the number is, by the verb right before it."""
    match = _DIRECTION.search(before[-40:])
    if match is None:
        return None
    return Change.UP if match.group(1) else Change.DOWN


_UNIT_RATES = {"h": "hour", "d": "day", "s": "second", "min": "minute", "l": "litre", "t": "tonne"}


def _unit_rate(unit: str) -> str | None:
    """The denominator of a compound unit ("$?/h" is per hour), never of a plain one."""
    _, slash, below = unit.partition("/")
    return _UNIT_RATES.get(below, below) if slash else None


def is_item_of_list(text: str, quantity: Quantity) -> bool:
    """Whether nothing but a place stands with the number: what it counts was said before."""
    start, end = _sentence_around(text, quantity)
    return is_bare_item(text[start : quantity.start], text[quantity.end : end])
