"""From a claim to its frame and to the short queries that look for it and against it.

Promises: queries of at most twelve words, the first pair mirrored (one looks for
support, one for the contrary), the number in the ways it is usually written; a frame
whose slots stay empty where the text does not say. Refuses to guess: a place that is
not listed, a claimant who is not named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from claims.text.number_writings import number_variants
from claims.text.places import WORLD, find_places
from claims.text.quantity import Period, Quantity
from claims.text.words import SCALE_WORDS, STOP_WORDS, cut_words
from claims.vocabulary import SearchPurpose

MOST_WORDS = 12
_CORE_WORDS = 8
_TOPIC_TERMS = 3
_FAR = 99
CONTRARY_WORDS = ("false", "disputed", "wrong")


@dataclass(frozen=True, slots=True)
class Frame:
    """What a claim says, taken apart; a slot the text does not fill is ``None``."""

    quantity: Quantity | None = None
    measured: str | None = None
    of_what: str | None = None
    place: str | None = None
    period: Period | None = None
    claimant: str | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """One search: its text of at most twelve words, and what it was meant to bring back."""

    text: str
    purpose: SearchPurpose


_CLAIMANT = re.compile(
    r"\baccording to (?:the |a |an )?([A-Z][\w.&'’-]*(?: (?:of |for |the |and )?"
    r"[A-Z][\w.&'’-]*){0,5})"
)
_WORD = re.compile(r"[$€£₹]?\d[\d.,]*\d%?|[$€£₹]?\d%?|[^\W_]+(?:[-'’][^\W_]+)*|%")
_PER_CENT = re.compile(r"\bper cent\b", re.IGNORECASE)
_LISTED_VAGUE = (
    "nearly almost about around roughly approximately over under more less than least most "
    "exactly some said says told announced reported shortly recently soon meanwhile years weeks "
    "months days today citing including now already"
)
_VAGUE = frozenset(_LISTED_VAGUE.split())


def read_frame(
    claim_text: str,
    quantities: Sequence[Quantity],
    *,
    published: date | None = None,  # noqa: ARG001
    claimant: str | None = None,
) -> Frame:
    """The frame of a claim from its text and its quantities (the first one leads).

    ``published`` is the article's day; the quantities are taken to be resolved against it
    already. The place is filled when exactly one listed place besides the world is named,
    the claimant from the argument or from "according to …".
    """
    first = quantities[0] if quantities else None
    named = _CLAIMANT.search(claim_text) if claimant is None else None
    places = find_places(claim_text) - {WORLD}
    return Frame(
        quantity=first,
        measured=first.measured if first else None,
        of_what=first.of_what if first else None,
        place=next(iter(places)) if len(places) == 1 else None,
        period=first.period if first else None,
        claimant=named.group(1).rstrip(".") if named else claimant,
    )


def build_queries(
    claim_text: str,
    frame: Frame | None = None,
    *,
    topic: Sequence[str] = (),
    limit: int = 12,
) -> tuple[Query, ...]:
    """At most ``limit`` different queries for a claim, the mirrored pair first.

    A claim with no word worth searching gives none. ``topic`` holds the terms of the claim's
    article (:func:`claims.text.topic.read_topic`): the first ones that the claim leaves out
    join the words. The third query names what was measured, of what, where and the topic,
    without the number; the fourth has the number as it is otherwise written. The later ones,
    for later rounds, ask for the figures themselves, for what the claimant said, for the
    number's other writings, and for the names alone.
    """
    words = _search_words(claim_text)
    if not words or limit < 1:
        return ()
    queries: list[Query] = []
    seen: set[str] = set()
    for text, purpose in _candidates(_Wanted.of(words, frame, topic), frame):
        if text and text.casefold() not in seen and len(queries) < limit:
            seen.add(text.casefold())
            queries.append(Query(text, purpose))
    return tuple(queries)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """The words to choose from in their order, and how telling each of them is."""

    words: tuple[str, ...]
    weights: dict[str, float]

    @classmethod
    def of(cls, words: list[str], frame: Frame | None, topic: Sequence[str]) -> _Wanted:
        """The claim's words, then the frame's and the topic's that it does not hold."""
        slots = _slot_words(frame)
        terms = [word for term in topic[:_TOPIC_TERMS] for word in _search_words(term)]
        base = _with_frame(words, frame)
        known = {_bare(word) for word in base}
        # An article about Pakistan may say something of China alone.
        added = [word for word in terms if _bare(word) not in known and not find_places(word)]
        base = [*base, *dict.fromkeys(added)]
        asked = {_bare(word) for word in (*slots, *added)}
        topical = {_bare(word) for word in terms}
        numbers = [place for place, word in enumerate(base) if _holds_number(word)]
        weights: dict[str, float] = {}
        for place, word in enumerate(base):
            near = min((abs(place - other) for other in numbers), default=_FAR)
            weight = _weigh(word, near, is_asked=_bare(word) in asked | topical)
            weights[word.casefold()] = max(weight, weights.get(word.casefold(), 0.0))
        return cls(tuple(base), weights)

    def without_number(self) -> _Wanted:
        """The same without the number and what scales it."""
        left = (w for w in self.words if not _holds_number(w) and w.casefold() not in SCALE_WORDS)
        return _Wanted(tuple(left), self.weights)

    def write(self, room: int = MOST_WORDS, ending: Sequence[str] = ()) -> str:
        """The most telling ``room`` words in their order, then ``ending``."""
        kept = list({word.casefold(): word for word in reversed(self.words)}.values())[::-1]
        order = sorted(range(len(kept)), key=lambda at: -self.weights.get(kept[at].casefold(), 0.0))
        best = sorted(order[: room - len(ending)])
        return " ".join([*(kept[place] for place in best), *ending])


def _weigh(word: str, near: int, *, is_asked: bool) -> float:
    """Numbers first, then what the frame and the topic ask, then names and what stands near."""
    if _holds_number(word):
        return 9.0 if near == 0 else 8.0
    if word.casefold() in SCALE_WORDS and near <= 1:
        return 8.0
    closeness = max(0.0, 1.5 - 0.1 * near)
    return (
        (4.0 if is_asked else 0.0)
        + (1.5 if word[:1].isupper() else 0.0)
        + closeness
        + min(len(word), 12) / 24
    )


def _slot_words(frame: Frame | None) -> list[str]:
    if frame is None:
        return []
    counted = frame.quantity.counted if frame.quantity else None
    slots = (frame.measured, frame.of_what, counted, frame.place)
    return [word for slot in slots if slot for word in _search_words(slot)]


def _bare(word: str) -> str:
    return " ".join(cut_words(word))


def _candidates(wanted: _Wanted, frame: Frame | None) -> Iterator[tuple[str, SearchPurpose]]:
    first = wanted.write()
    yield first, SearchPurpose.SUPPORT
    room = MOST_WORDS - 1
    mirrored = wanted.write(room) if len(first.split()) > room else first
    yield f"{mirrored} {CONTRARY_WORDS[0]}", SearchPurpose.CONTRADICT
    subject = wanted.without_number()
    # Without its number the claim also finds the pages that state another one.
    yield subject.write(_CORE_WORDS), SearchPurpose.CONTRADICT
    variants = _new_variants(wanted, frame)
    if variants:
        yield _with_number(variants[0], subject), SearchPurpose.SUPPORT
    yield wanted.write(ending=CONTRARY_WORDS[1:2]), SearchPurpose.CONTRADICT
    # From here on for later rounds: other words for the same, each nearer to the subject alone.
    yield _ask_figures(frame, subject), SearchPurpose.SUPPORT
    if frame is not None and frame.claimant:
        said_by = _search_words(frame.claimant)[:_CORE_WORDS]
        rest = subject.write(MOST_WORDS - len(said_by))
        yield " ".join(dict.fromkeys([*said_by, *rest.split()])), SearchPurpose.SUPPORT
    for variant in variants[1:]:
        yield _with_number(variant, subject), SearchPurpose.SUPPORT
    yield subject.write(ending=CONTRARY_WORDS[2:3]), SearchPurpose.CONTRADICT
    names = _names(wanted.words)[:_CORE_WORDS]
    told = subject.write(_TOPIC_TERMS).split() if names else []
    yield " ".join(dict.fromkeys([*names, *told])), SearchPurpose.SUPPORT


def _new_variants(wanted: _Wanted, frame: Frame | None) -> list[str]:
    """The other writings of the claim's number, none that its words hold already."""
    if frame is None or frame.quantity is None:
        return []
    known = " ".join(wanted.words).casefold()
    return [one for one in number_variants(frame.quantity) if one.casefold() not in known]


def _with_number(variant: str, subject: _Wanted) -> str:
    written = variant.split()
    rest = subject.write(MOST_WORDS - len(written))
    return " ".join([*written, *rest.split()])


def _ask_figures(frame: Frame | None, subject: _Wanted) -> str:
    """What a statistics office would file it under: measured, of what, place, year, subject."""
    slots = _slot_words(frame)
    year = str(frame.period.from_on.year) if frame and frame.period and frame.period.from_on else ""
    telling = subject.write(_CORE_WORDS // 2).split()
    words = list(dict.fromkeys([*telling, *slots, *([year] if year else [])]))
    return " ".join([*words[: MOST_WORDS - 1], "statistics"]) if slots else ""


def _names(words: Sequence[str]) -> list[str]:
    """Words with a capital, which name somebody or something; fewer than two name nothing."""
    named = [word for word in dict.fromkeys(words[1:]) if word[:1].isupper()]
    return named if len(named) > 1 else []


def _search_words(text: str) -> list[str]:
    # A claim is a sentence; of a hostile megabyte the beginning is enough.
    text = _PER_CENT.sub("percent", text[:2000])
    words = (match.group() for match in _WORD.finditer(text))
    return [
        word
        for word in words
        if len(word) > 1 or word.isdigit() or word == "%"
        if word.casefold() not in STOP_WORDS | _VAGUE
    ]


def _with_frame(words: list[str], frame: Frame | None) -> list[str]:
    if frame is None:
        return words
    added: list[str] = []
    if frame.place:
        added.append(frame.place)
    if frame.period and frame.period.from_on and frame.period.to_on:
        year = frame.period.from_on.year
        if year == frame.period.to_on.year:
            added.append(str(year))
    known = " ".join(words).casefold()
    # A place under its adjective ("Chinese") is already asked for.
    named = find_places(" ".join(words))
    added = [word for word in added if word not in named and word.casefold() not in known]
    return words + added


def _holds_number(word: str) -> bool:
    return any(character.isdigit() for character in word) or word in ("%", "percent")
