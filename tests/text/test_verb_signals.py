"""What the verbs of a sentence tell: tense, voice, what is barred, which month."""

from __future__ import annotations

import pytest

from claims.text.verb_signals import (
    NOW_FIRST,
    OPEN_FIRST,
    PAST_FIRST,
    Verbs,
    read_verbs,
)
from tests.growth import assert_cpu_under


def _read(text: str) -> Verbs:
    words = text.split()
    return read_verbs(words, [word.lower() for word in words])


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("They sold the land", PAST_FIRST),
        ("He did not", PAST_FIRST),
        ("It has never been inspected", PAST_FIRST),
        ("They could not cross", PAST_FIRST),
        ("They would not say", PAST_FIRST),
        ("The wall is high", NOW_FIRST),
        ("Banks may not pay dividends", NOW_FIRST),
        ("The wall will fall", OPEN_FIRST),
        ("The wall could fall", OPEN_FIRST),
        ("The cost of the set", 0),
    ],
)
def test_the_first_finite_verb_says_of_which_time(text: str, first: int) -> None:
    assert _read(text).first == first


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("The land was quietly sold", "passive"),
        ("The land has been sold", "passive"),
        ("They have already taken it", "perfect"),
        ("They were using spoons", "going_on"),
        ("They took the land", "past"),
        ("They can not vote", "barred"),
        ("The fund is yet to pay", "barred"),
        ("They wouldn't say", "refused"),
        ("She said it might rain", "said_open"),
        ("It closed in May", "month"),
        ("It closed on 4 May after a fire", "month"),
    ],
)
def test_forms_are_counted(text: str, form: str) -> None:
    assert getattr(_read(text), form) == 1


@pytest.mark.parametrize("text", ["May it last", "It may last", "Mrs May spoke", "The may tree"])
def test_not_every_may_is_a_month(text: str) -> None:
    assert _read(text).month == 0


def test_a_noun_after_an_article_is_no_verb() -> None:
    assert _read("the cost of a cut").past == 0
    assert _read("they cut the cost").past == 1


def test_no_words_have_no_verbs() -> None:
    assert _read("") == Verbs(*[0] * 10)


def test_a_million_words_cost_their_number() -> None:
    words = ["may", "not", "was", "taken"] * 100_000
    assert_cpu_under(3.0, lambda: read_verbs(words, words))
