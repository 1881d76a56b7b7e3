"""Word a sentence so that it can be read alone, where that is certain.

Promises: nothing is guessed. "He" and "she" become a name only if the sentence before
opens with the one person it names; a relative day or year gets its date only where
the article's own date makes it certain. What was put in stands in square brackets, so
that a reader sees which words are not the article's. What needs more of the article than the
sentence before ("the country", "this deal") is for :mod:`claims.text.antecedents`.
"""

from __future__ import annotations

import re
from calendar import month_name, monthrange
from collections.abc import Iterator
from datetime import date

from claims.text.dates import read_dates
from claims.text.resolutions import Resolution, ResolutionKind, word_alone

_TITLE = (
    r"(?:(?:President|Prime Minister|Minister|Senator|Governor|General|Mayor|Secretary|Chancellor"
    r"|Judge|Justice|Professor|Dr|Mr|Ms|Mrs|Sir|Dame|King|Queen|Prince|Princess)\.? )"
)
_NAME = (
    r"[A-Z][\w’'-]{1,25}(?: (?:[A-Z]\. )?(?:(?:al|bin|de|van|von|da)[ -])?[A-Z][\w’'-]{1,25}){1,2}"
)
_OPENING_NAME = re.compile(
    rf"(?P<name>{_TITLE}?{_NAME}|{_TITLE}[A-Z][\w’'-]{{1,25}})"
    r"(?=,| (?:said|says|told|was|is|has|had|announced|added|resigned|argued|wrote|joined|became"
    r"|met|signed|won|lost|denied|left|took|served|voted|claimed|insisted|warned|called)\b)"
)
_PERSON_LIKE = re.compile(rf"{_TITLE}?{_NAME}|{_TITLE}[A-Z]\w+")
_NOT_A_PERSON = re.compile(
    r"(?:The|In|On|At|But|And|When|While|If|As|After|Before)\s"
    r"|.*\b(?:Party|Bank|Group|Ministry|Corp|Inc|Ltd|Council|University|States|Kingdom|Union"
    r"|Airlines|Industries|Motors|Company|Commission|Court|Army|Korea|Africa|Arabia|Zealand)\b"
)
_PRONOUN = re.compile(r"(?P<word>He|She|His|Her)(?= [a-z])")
_OTHER_PRONOUN = re.compile(r"\b(?:he|she|him|his|her|hers)\b")
_LONGEST = 1500


def resolve_wording(sentence: str, previous: str, published: date | None) -> str:
    """``sentence`` with what is certain put in, or unchanged.

    ``previous`` is the sentence before it in the same paragraph (empty for none),
    ``published`` the article's day.

    >>> resolve_wording("She resigned last year.", "Ann Lee was mayor.", date(2025, 11, 18))
    '[Ann Lee] resigned last year [2024].'
    """
    return word_alone(sentence, find_resolutions(sentence, previous, published))


def find_resolutions(sentence: str, previous: str, published: date | None) -> list[Resolution]:
    """What the sentence before and the article's day make certain, in order."""
    if len(sentence) > _LONGEST:
        return []
    return [*_find_person(sentence, previous), *(_find_dates(sentence, published))]


def _find_dates(sentence: str, published: date | None) -> Iterator[Resolution]:
    begin = 0
    for found in read_dates(sentence, published=published) if published else ():
        if found.is_resolved and found.from_on and found.to_on and found.start >= begin:
            # "in May." at the end is no abbreviation.
            ends_sentence = found.end == len(sentence) and sentence.endswith(".")
            begin = found.end - ends_sentence
            days = _write_days(found.from_on, found.to_on)
            written = sentence[found.start : begin]
            yield Resolution(found.start, begin, written, days, ResolutionKind.DATE)


def _write_days(first: date, last: date) -> str:
    if first == last:
        return first.isoformat()
    if (first.year, first.month, first.day) == (last.year, 1, 1) and (last.month, last.day) == (
        12,
        31,
    ):
        return str(first.year)
    is_month = first.day == 1 and last.day == monthrange(last.year, last.month)[1]
    if is_month and (first.year, first.month) == (last.year, last.month):
        return f"{month_name[first.month]} {first.year}"
    return f"{first.isoformat()} to {last.isoformat()}"


def _find_person(sentence: str, previous: str) -> Iterator[Resolution]:
    pronoun = _PRONOUN.match(sentence)
    if pronoun is None or not previous or len(previous) > _LONGEST:
        return
    opening = _OPENING_NAME.match(previous)
    if opening is None or _PERSON_LIKE.search(previous, opening.end()):
        return
    name = opening["name"]
    if _NOT_A_PERSON.match(name) or _OTHER_PRONOUN.search(previous):
        return
    word = pronoun["word"]
    owner = word == "His" or (word == "Her" and not sentence[4:].startswith(("was ", "is ")))
    meaning = f"{name}’s" if owner else name
    yield Resolution(0, len(word), word, meaning, ResolutionKind.PERSON, replaces=True)
