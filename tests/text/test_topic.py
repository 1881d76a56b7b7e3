"""A topic is the few terms an article repeats; a sentence may leave its main ones out."""

from __future__ import annotations

import pytest

from claims.text.topic import MOST_TERMS, context_of, read_topic

ARTICLE = (
    "Copper is what Chile sells. Its copper mines are deep, and the smelters stand idle.\n\n"
    "Last year Chile shipped less copper than before. Smelters complained.\n\n"
    "Nobody opens a smelter for fun. Chile and Peru compete."
)


def test_what_is_repeated_and_in_the_title_comes_first() -> None:
    topic = read_topic(ARTICLE, "The price of copper")
    assert topic[0].lower() == "copper"
    assert "Chile" in topic
    assert "Peru" not in topic


def test_words_that_stand_together_are_one_term() -> None:
    text = "Rare earths are not rare. Rare earths matter. Who sells rare earths?\n\nRare earths."
    topic = read_topic(text)
    assert topic[0].lower() == "rare earths"
    assert "earths" not in {term.lower() for term in topic}


def test_addresses_numbers_and_vague_words_are_no_terms() -> None:
    text = "http://a.example/zinc http://a.example/zinc 70 per cent 70 per cent today today."
    assert read_topic(text) == ()


def test_a_sentence_may_leave_out_things_but_no_places() -> None:
    topic = ("Chile", "copper", "smelters", "Peru", "exports", "price")
    assert context_of(topic) == "copper smelters"
    assert context_of(topic, "The price fell.") == "copper smelters price"


@pytest.mark.parametrize("text", ["", "\x00" * 50, "9 " * 5000, "ab:/" * 50_000, "word " * 50_000])
def test_strange_texts_give_few_terms(text: str) -> None:
    assert len(read_topic(text, text[:900])) <= MOST_TERMS
