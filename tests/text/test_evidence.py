"""The always-on judge of evidence: what it lifts, what stays, what it costs."""

from __future__ import annotations

import numpy as np

from claims.text.evidence import MOST_JUDGED, judge_passages, read_signals
from claims.text.passages import rank_passages
from tests.growth import assert_cpu_under

CLAIM = "The doctor treated many children with measles."
PASSAGES = [
    "Click here to sign up for the doctor's newsletter on children.",
    "A physician cared for youngsters who had caught measles in the spring.",
    "Nothing of note happened.",
]


def test_what_speaks_of_the_same_comes_before_what_shares_more_words() -> None:
    by_words = rank_passages(CLAIM, PASSAGES)
    assert by_words[0].index == 0
    judged = judge_passages(CLAIM, PASSAGES, by_words)
    assert judged[0].index == 1
    assert any(reason.startswith("near in meaning (0.") for reason in judged[0].reasons)


def test_scores_change_hands_and_reasons_stay() -> None:
    by_words = rank_passages(CLAIM, PASSAGES)
    judged = judge_passages(CLAIM, PASSAGES, by_words)
    assert [one.score for one in judged] == [one.score for one in by_words]
    before = {one.index: one.reasons for one in by_words}
    assert all(one.reasons[: len(before[one.index])] == before[one.index] for one in judged)


def test_only_the_head_is_judged_and_ten_thousand_take_under_a_second() -> None:
    passages = [f"The harbour shipped wheat to children in year {n}." for n in range(10_000)]
    by_words = rank_passages(CLAIM, passages)
    judged = judge_passages(CLAIM, passages, by_words)
    assert judged[MOST_JUDGED:] == by_words[MOST_JUDGED:]
    assert sorted(one.index for one in judged) == list(range(10_000))
    assert_cpu_under(2.0, lambda: judge_passages(CLAIM, passages, rank_passages(CLAIM, passages)))


def test_whole_pages_keep_their_order_by_words() -> None:
    pages = [f"{passage} {'The harbour office keeps its books. ' * 25}" for passage in PASSAGES]
    by_words = rank_passages(CLAIM, pages)
    assert judge_passages(CLAIM, pages, by_words) == by_words
    short = [page[:300] for page in pages]
    assert judge_passages(CLAIM, short, rank_passages(CLAIM, short)) != rank_passages(CLAIM, short)


def test_hostile_passages_are_ordered_and_kept() -> None:
    passages = ["", "\x00", "9" * 100_000, "word " * 20_000, "的" * 5_000, "0", "measles"]
    judged = judge_passages(CLAIM, passages, rank_passages(CLAIM, passages))
    assert sorted(one.index for one in judged) == list(range(len(passages)))
    assert judge_passages(CLAIM, [], []) == []
    assert len(judge_passages("", ["a", "b"], rank_passages("", ["a", "b"]))) == 2


def test_a_passage_outside_the_head_is_no_near_neighbour() -> None:
    passages = ["measles", "other", "children"]
    head = rank_passages("measles", passages)[:1]
    signals = read_signals(head, passages, np.array([1.0]))
    assert signals[0, 2] == 0.0
    assert signals[0, 3] == 0.0
