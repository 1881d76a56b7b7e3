"""Words and meaning together: what is lifted, what stays, and what it costs at most."""

from __future__ import annotations

from claims.text.encoder.reranking import MOST_RERANKED, MatchReranker, rerank_passages
from claims.text.match_index import MatchIndex
from claims.text.passages import rank_passages
from tests.text.encoder.needs import needs_encoder

pytestmark = needs_encoder

CLAIM = "The doctor treated many children with measles."
PASSAGES = [
    "The doctor treated his guests to wine.",
    "A physician cared for children who had measles.",
    "Nothing of note happened.",
]


def test_what_means_the_same_comes_before_what_shares_its_words() -> None:
    by_words = rank_passages(CLAIM, PASSAGES)
    assert [one.index for one in by_words][:2] == [0, 1]
    both = rerank_passages(CLAIM, PASSAGES, by_words)
    assert [one.index for one in both] == [1, 0, 2]
    assert any(reason.startswith("near in meaning (0.") for reason in both[0].reasons)
    assert both[-1].reasons == ()


def test_scores_change_hands_and_nothing_else() -> None:
    by_words = rank_passages(CLAIM, PASSAGES)
    both = rerank_passages(CLAIM, PASSAGES, by_words)
    assert [one.score for one in both] == [one.score for one in by_words]
    before = {one.index: one.reasons for one in by_words}
    for one in both:
        assert one.reasons[: len(before[one.index])] == before[one.index]


def test_only_the_head_is_read_and_the_tail_keeps_its_order() -> None:
    passages = [f"The harbour shipped wheat in year {number}." for number in range(500)]
    by_words = rank_passages(CLAIM, passages)
    both = rerank_passages(CLAIM, passages, by_words)
    assert both[MOST_RERANKED:] == by_words[MOST_RERANKED:]
    assert sorted(one.index for one in both) == list(range(500))


def test_whole_pages_are_ordered_by_words_and_nearness() -> None:
    pages = [
        "The doctor treated guests with wine. " * 25,
        "The doctor treated youngsters with rubella. " * 25,
    ]
    by_words = rank_passages(CLAIM, pages)
    assert [one.index for one in by_words] == [0, 1]
    both = rerank_passages(CLAIM, pages, by_words)
    assert [one.index for one in both] == [1, 0]
    assert [one.score for one in both] == [one.score for one in by_words]


def test_nothing_to_rank_gives_nothing() -> None:
    assert rerank_passages(CLAIM, [], []) == []
    assert MatchReranker([]).rerank(CLAIM, []) == []


def test_matches_are_ordered_by_meaning_too_and_texts_are_read_once() -> None:
    texts = [
        "Houston streets video: the streets of Houston after the renovation.",
        "A shark was filmed on a flooded motorway in Houston.",
        "The moon landing was filmed in a studio.",
    ]
    index, reranker = MatchIndex(texts), MatchReranker(texts)
    query = "a shark swims through Houston streets after the flood!!"
    found = reranker.rerank(query, index.rank(query, limit=MOST_RERANKED))
    assert found[0].index == 1
    assert found == reranker.rerank(query, index.rank(query, limit=MOST_RERANKED))
