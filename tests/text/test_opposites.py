"""Words that deny, opposites, and kinds of which a thing is one at a time."""

from __future__ import annotations

import pytest

from claims.text.opposites import find_opposites, find_other_places, find_rivals, is_negated
from claims.text.words import cut_words


@pytest.mark.parametrize(
    ("text", "is_denied"),
    [
        ("He refused to sign.", True),
        ("The plan was denied.", True),
        ("She avoided the press.", True),
        ("They aren’t members.", True),
        ("It is something other than a film.", True),
        ("He was born outside of Turin.", True),
        ("The bridge opened in May.", False),
        ("He knows another way.", False),
        ("Rare earths are hard to refine.", False),
        ("Prices declined.", False),
        ("It is rarely seen.", True),
    ],
)
def test_denials_are_seen_in_every_form(text: str, is_denied: bool) -> None:
    assert is_negated(text, cut_words(text)) is is_denied


def opposites(text: str, other: str) -> list[tuple[str, str]]:
    return find_opposites(cut_words(text), cut_words(other))


def test_opposites_are_found_both_ways_and_not_where_both_stand() -> None:
    assert opposites("The band formed in May.", "It disbanded in May.") == [("form", "disband")]
    assert opposites("It disbanded in May.", "The band formed in May.") == [("disband", "form")]
    assert opposites("Prices rose.", "Prices rose, then fell.") == []


def test_a_rival_of_one_class_stands_instead_and_both_together_do_not() -> None:
    second, first = cut_words("her second album"), cut_words("her first album")
    assert find_rivals(second, first) == [("second", "first")]
    assert find_rivals(second, [*first, "second"]) == []
    assert find_rivals(second, cut_words("her album")) == []


def test_another_place_is_told_only_where_none_is_shared() -> None:
    assert find_other_places("A French film.", "An Italian film.") == ("France", "Italy")
    assert find_other_places("A film from France and Spain.", "A French and Italian film.") is None
    assert find_other_places("A film.", "An Italian film.") is None


@pytest.mark.parametrize("text", ["", "\x00", "not " * 50_000, "9" * 10_000])
def test_strange_texts_are_read(text: str) -> None:
    words = cut_words(text)
    assert is_negated(text, words) == text.startswith("not")
    assert find_opposites(words, words) == []
    assert find_rivals(words, words) == []
