"""The convolution over word vectors: what it promises of one sentence and of many."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.text.convolution import (
    MODEL_PATH,
    Lexicon,
    lay_out,
    load_convolution,
)
from claims.text.learned import cut_sentence
from claims.text.model_files import read_arrays
from claims.text.word_vectors import UNKNOWN, VECTORS_PATH, VECTORS_VERSION, load_vectors

SENTENCES = (
    "Exports of rice fell by 12 per cent in May 2024.",
    "",
    "Thank you.",
    "The province's hospitals treated 40,000 people last year, the ministry said.",
    "Zxqwv grblt!",
    "We must do better!",
)


def test_a_sentence_weighs_the_same_alone_and_in_company() -> None:
    cuts = [cut_sentence(text) for text in SENTENCES * 30]
    together = load_convolution().weigh(cuts)
    for cut, found in zip(cuts, together, strict=True):
        (alone,) = load_convolution().weigh([cut])
        assert alone == pytest.approx(found, abs=1e-9)


def test_the_order_of_words_counts() -> None:
    first, second = load_convolution().weigh(
        [cut_sentence("The bank raised rates."), cut_sentence("Rates the raised bank.")]
    )
    assert first != pytest.approx(second, abs=1e-3)


def test_rows_of_sentences_do_not_touch() -> None:
    laid = lay_out(Lexicon(load_vectors()), [cut_sentence(text) for text in SENTENCES])
    edges = np.setdiff1d(np.arange(len(laid.words)), laid.at)
    assert len(edges) == len(SENTENCES) + 1
    assert not laid.words[edges].any()
    assert not laid.classes[edges].any()
    assert laid.lengths.tolist() == [11, 1, 2, 11, 3, 5]
    assert laid.owners.tolist()[:12] == [0] * 11 + [1]


@settings(deadline=None)
@given(st.lists(st.text(max_size=80), max_size=5))
def test_any_sentences_have_finite_odds(texts: list[str]) -> None:
    found = load_convolution().weigh([cut_sentence(text) for text in texts])
    assert len(found) == len(texts)
    assert np.isfinite(found).all()


def test_words_used_alike_lie_near_each_other() -> None:
    vectors = load_vectors()

    def nearness(one: str, other: str) -> float:
        left, right = (vectors.rows[vectors.place_of(word)] for word in (one, other))
        return float(left @ right / np.linalg.norm(left) / np.linalg.norm(right))

    assert nearness("billion", "million") > nearness("billion", "thank") + 0.3
    assert nearness("increased", "grew") > nearness("increased", "carpet") + 0.3


def test_a_genitive_has_its_nouns_vector_and_an_unknown_word_none() -> None:
    vectors = load_vectors()
    assert vectors.place_of("estuary's") == vectors.place_of("estuary") != UNKNOWN
    assert vectors.place_of("zxqwv") == UNKNOWN
    assert not vectors.rows[UNKNOWN].any()


def test_the_files_are_small_and_of_one_version() -> None:
    assert MODEL_PATH.stat().st_size < 200_000
    assert VECTORS_PATH.stat().st_size < 4_000_000
    with pytest.raises(ValueError, match="version 1, not 2"):
        read_arrays(VECTORS_PATH, VECTORS_VERSION + 1)
