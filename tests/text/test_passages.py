"""Passages slice back, cover every sentence, and those that bear on the claim come first."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.text.passages import cut_passages, rank_passages, table_passages
from claims.text.quantities import read_quantities
from claims.text.sentences import split_sentences
from tests.growth import assert_cpu_under

ARTICLE = (
    "The ministry reported on Monday. Output of rare earths rose 3 per cent. "
    "It was the fourth rise in a row. Exports fell.\n\n"
    "Analysts were surprised. Prices, they said, had been expected to fall."
)


def test_every_sentence_is_in_a_passage_and_none_crosses_a_paragraph() -> None:
    passages = cut_passages(ARTICLE)
    for sentence in split_sentences(ARTICLE):
        assert any(p.start <= sentence.start and sentence.end <= p.end for p in passages)
    assert all("\n\n" not in ARTICLE[p.start : p.end] for p in passages)
    assert len(passages) >= 3


def test_passages_of_long_sentences_overlap_and_hold_at_most_three() -> None:
    sentences = [
        f"Sentence number {n} tells about the harvest of the year at length." for n in range(9)
    ]
    text = " ".join(sentences)
    passages = cut_passages(text)
    assert all(text[p.start : p.end].count("Sentence") <= 3 for p in passages)
    assert any(a.end > b.start for a, b in pairwise(passages))


def test_the_rows_of_a_table_are_passages_of_their_own() -> None:
    text = "Output by year.\n\n| year | tonnes |\n|---|---|\n| 2023 | 210 |\n| 2024 | 240 |"
    cut = [text[p.start : p.end] for p in cut_passages(text)]
    assert "| 2024 | 240 |" in cut
    assert not any("2023" in passage and "2024" in passage for passage in cut)


def test_a_table_row_is_read_with_its_header_and_caption() -> None:
    table = {"caption": "Output", "header": ["Year", "Tonnes"], "rows": [["2024", "240"], ["", ""]]}
    assert table_passages([table]) == ("Output: Year 2024; Tonnes 240",)


def test_a_run_without_sentence_ends_is_cut() -> None:
    text = "word " * 5000
    passages = cut_passages(text)
    assert all(p.end - p.start <= 1200 for p in passages)
    assert sum(p.end - p.start for p in passages) >= 0.9 * len(text.strip())


@given(st.text(alphabet="ab .!?\n\t|1é\u00a0\x00", max_size=400))
@settings(max_examples=200, deadline=None)
def test_spans_slice_back_without_surrounding_space(text: str) -> None:
    for passage in cut_passages(text):
        piece = text[passage.start : passage.end]
        assert 0 <= passage.start < passage.end <= len(text)
        assert piece.strip()


def test_the_passage_about_the_claim_comes_first_and_says_why() -> None:
    ranked = rank_passages(
        "Output of rare earths rose by 3 %.",
        ["It rained.", "The output of rare earths rose 3 per cent.", "Exports rose by 9 per cent."],
    )
    assert ranked[0].index == 1
    assert "holds the number 3" in ranked[0].reasons
    assert "rare" in ranked[0].reasons[0]


def test_numbers_meet_in_different_writings() -> None:
    ranked = rank_passages("About 12,000 seats", ["13,000 seats", "12000 seats"])
    assert ranked[0].index == 1
    assert rank_passages("seven elements", ["5 elements", "7 elements"])[0].index == 1


def test_the_claims_quantities_prefer_the_same_kind_of_number() -> None:
    passages = ["The mine made 70 in output.", "The mine made 80 % in output."]
    claim = "The mine made 75 per cent"
    plain = rank_passages(claim, passages)
    with_frame = rank_passages(claim, passages, quantities=read_quantities(claim))
    gain = {r.index: r.score for r in with_frame}[1] - {r.index: r.score for r in plain}[1]
    assert gain > 0
    assert with_frame[0].index == 1


def test_all_passages_come_back_equal_scores_in_their_order() -> None:
    ranked = rank_passages("nothing shared", ["a b", "c d", "e f"])
    assert [found.index for found in ranked] == [0, 1, 2]
    assert rank_passages("x", []) == []


@pytest.mark.parametrize("claim", ["", "\x00", "9" * 10_000, "word " * 20_000])
def test_strange_claims_are_ranked_all_the_same(claim: str) -> None:
    assert len(rank_passages(claim, ["", "word", "\x00", "9" * 10_000])) == 4


def test_ten_thousand_passages_take_under_a_second() -> None:
    passages = [
        f"Passage {n} tells how the output of mine {n % 97} rose by {n % 13} %."
        for n in range(10_000)
    ]
    claim = "The output of mine 12 rose by 7 per cent in 2024."
    assert_cpu_under(1.0, lambda: rank_passages(claim, passages))
