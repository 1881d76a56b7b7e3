"""The same claim is found again, in other words and by what posts write too."""

from __future__ import annotations

import pytest

from claims.text.match_index import MatchIndex
from tests.growth import assert_cpu_under
from tests.text.test_similarity import CORPUS


def test_the_right_earlier_claim_comes_first() -> None:
    index = MatchIndex(CORPUS)
    assert index.rank("smog closes Punjab's schools")[0].index == 4
    assert index.rank("cost of the Indus dam")[0].index == 3


def test_texts_that_share_nothing_are_left_out_and_the_limit_holds() -> None:
    assert MatchIndex(CORPUS).rank("xylophone") == []
    assert MatchIndex([]).rank("flood") == []
    assert len(MatchIndex(["flood"] * 50).rank("flood", limit=7)) == 7


def test_equal_scores_keep_the_order_of_the_corpus() -> None:
    ranked = MatchIndex(["a flood", "a flood", "a flood"]).rank("flood")
    assert [found.index for found in ranked] == [0, 1, 2]


def test_what_speaks_of_the_same_comes_first() -> None:
    texts = [
        "The engagement with the enemy lasted an hour.",
        "Prisoners had to hand over their wedding rings.",
        "The moon landing was filmed in a studio.",
    ]
    assert MatchIndex(texts).rank("Engagement rings of captives.")[0].index == 1


def test_words_that_a_post_glues_together_are_found_by_their_letters() -> None:
    texts = ["A new dam has a leak.", "The dam in Brumadinho burst and buried a whole town."]
    glued = "so sad, the dam... #prayforbrumadinhovictims"
    as_post, plain = (
        {match.index: match.score for match in MatchIndex(texts).rank(one)}
        for one in (glued, glued.replace("#", ""))
    )
    assert as_post[1] - as_post[0] > plain[1] - plain[0] + 0.1


def test_who_posted_says_nothing_of_what_a_post_speaks_of() -> None:
    texts = ["The river rose.", "The weather office counted the storms."]
    bare = "The river and the storms. https://t.co/abc"
    signed = f"{bare} — Maria Gold (@mgold) March 3, 2019"
    near = [
        {match.index: match.score for match in MatchIndex(texts).rank(one)}
        for one in (bare, signed)
    ]
    assert near[0][0] == pytest.approx(near[1][0])


def test_duplicates_come_before_guarded_ones() -> None:
    index = MatchIndex(["The flood in Sindh killed 15 people on Monday.", *CORPUS])
    found = index.find_duplicates("the flood in sindh killed 12 people on monday")
    assert [match.index for match, _ in found] == [1, 0]
    assert [likeness.is_duplicate for _, likeness in found] == [True, False]


@pytest.mark.parametrize("text", ["", "\x00", "9" * 10_000, "a" * 100_000, "@# — (@a)" * 9_000])
def test_strange_texts_are_ranked_all_the_same(text: str) -> None:
    index = MatchIndex([text, "flood"])
    assert index.rank("flood")[0].index == 1
    assert_cpu_under(2.0, lambda: index.rank(f"flood {text}"))
