"""Check-worthiness: what scores high, what scores low, why, and how fast."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.checkworthiness.measures import average_precision
from claims.text.checkworthiness import Score, score_sentence, score_sentences
from claims.text.learned import (
    MODEL_PATH,
    TABLE_BITS,
    LearnedModel,
    cut_sentence,
    load_model,
    read_features,
)
from claims.text.signals import cut_tokens
from tests.growth import assert_cpu_under

WORDS = [
    "The",
    "a",
    "Ann",
    "Lee",
    "12",
    "%",
    "fell",
    "rose",
    "I",
    "will",
    "not",
    "?",
    "$",
    "9/11",
    "2019",
]
NEWS = Path(__file__).parents[2] / "benchmarks" / "checkworthiness" / "news.jsonl"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("The province grows nearly 70 per cent of the world's saffron.", "states a share"),
        ("Olmia announced export controls on 12 metals in October.", "states a number"),
        ("A $500 million deal was signed between the two firms.", "states an amount of money"),
        ("Police arrested the mayor of Port Haren on Tuesday.", "names who did what"),
        ("The union has never published its accounts, the audit office said.", "compares or ranks"),
        ("According to the census, 40 villages have no well.", "names its source"),
    ],
)
def test_assertions_score_high_with_or_without_a_number(text: str, reason: str) -> None:
    score = score_sentence(text)
    assert score.value >= 0.5
    assert reason in score.reasons


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Can a nation that sells its word ever buy it back?", "opinion: rhetorical question"),
        ("The plan will create 20,000 jobs by 2035.", "prediction"),
        ("The reform may yet turn out to be a mistake.", "hedged: may, could, seems"),
        ("The government should publish its figures.", "opinion: says what ought to be"),
        ("I think we all know how this ends.", "opinion: speaks of a belief or wish"),
        ("What a terrible, shameful and stupid idea this was!", "opinion: judges"),
        ("Thank you.", "too short to assert anything"),
    ],
)
def test_talk_scores_low(text: str, reason: str) -> None:
    score = score_sentence(text)
    assert score.value < 0.5
    assert reason in score.reasons


@pytest.mark.parametrize(
    ("text", "signal", "is_there"),
    [
        ("The ladder could not reach the roof.", "hedged", False),
        ("A lender in default may not pay a dividend.", "hedged", False),
        ("The bridge was closed in May 2021.", "hedged", False),
        ("Since May the quarry has been idle.", "hedged", False),
        ("The reform may fail in the winter.", "hedged", True),
        ("They sold it to a man they would not name.", "prediction", False),
        ("The council will sell it next year.", "prediction", True),
        ("14:05 The chair has taken her seat.", "states a number", False),
        ("14 chairs were taken from the hall.", "states a number", True),
        ("The army denied that it had fired first.", "denies, admits", True),
        ("Crews were clearing the mud with spoons.", "something happened", True),
    ],
)
def test_reasons_read_the_verb_and_its_auxiliary(text: str, signal: str, is_there: bool) -> None:
    assert any(signal in reason for reason in score_sentence(text).reasons) == is_there


@pytest.mark.parametrize(
    "text",
    [
        "Photo: A girl carries water across the Marrow bridge on Monday.",
        "Published in The Haren Gazette, October 9th.",
        "Compiled by the coast bureau; editing by D. Orne",
        "Sources: Ministry of Ports, company papers",
        "For helpline numbers, see page 4.",
        "This interview was edited for length.",
    ],
)
def test_page_furniture_is_no_claim(text: str) -> None:
    score = score_sentence(text)
    assert score.value < 0.25
    assert score.reasons == ("page furniture: a source, a caption or a pointer",)


@pytest.mark.parametrize(
    "text",
    [
        "Published in 2019, the novel sold 400,000 copies and won the Carrow prize.",
        "Edited by his daughter for eleven years, the paper closed in 2014 with 300 readers.",
        "For years, call centres in Marrow have paid less than the legal minimum wage.",
        "Investigative reporting by the Gazette uncovered 40 cases of fraud.",
        "The transcript was published by the court on Monday.",
        "The article was published by the Haren Gazette in 1972 and led the minister to resign.",
        "Edited by Orne, the paper lost 40,000 readers.",
        "Names have been changed in 40 per cent of the files, the auditor says.",
    ],
)
def test_an_assertion_that_begins_like_furniture_is_read(text: str) -> None:
    assert score_sentence(text).value >= 0.5


def test_the_order_on_our_own_news() -> None:
    rows = [json.loads(line) for line in NEWS.read_text(encoding="utf-8").splitlines()]
    labels = [row["label"] == 1 for row in rows]
    scores = [score.value for score in score_sentences(row["text"] for row in rows)]
    assert average_precision(labels, scores) >= 0.93


def test_context_lifts_a_fragment_and_nothing_else() -> None:
    asked = "How many ships did the port of Haren handle in 2024?"
    assert (
        score_sentence("About 3,100 ships.", context=asked).value
        >= score_sentence("About 3,100 ships.").value
    )
    long = "The port handled 3,100 ships in 2024."
    assert score_sentence(long, context=asked) == score_sentence(long)


def test_many_at_once_are_scored_as_one_by_one() -> None:
    texts = ["Exports fell.", "Why?", "", "Exports fell by 12 percent in May 2024."]
    assert score_sentences(texts) == [score_sentence(text) for text in texts]


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_has_a_score_between_0_and_1(text: str) -> None:
    score = score_sentence(text)
    assert isinstance(score, Score)
    assert 0.0 <= score.value <= 1.0
    assert len(score.reasons) <= 5


@settings(deadline=None)
@given(st.lists(st.sampled_from(WORDS)))
def test_scoring_and_training_read_the_same_features(tokens: list[str]) -> None:
    cut = cut_sentence(" ".join(tokens))
    table = np.random.default_rng(7).normal(size=1 << TABLE_BITS)
    places, values = read_features(cut)
    spelled_out = 0.25 + sum(table[at] * value for at, value in zip(places, values, strict=True))
    found = LearnedModel(table.tolist(), 0.25).weigh(cut)
    assert found == pytest.approx(spelled_out, abs=1e-9)


def test_the_model_file_is_small_and_holds_no_objects() -> None:
    assert MODEL_PATH.stat().st_size < 1_000_000
    with np.load(MODEL_PATH, allow_pickle=False) as stored:
        assert {stored[name].dtype.kind for name in stored.files} <= {"i", "u", "f"}
    assert load_model() is load_model()


def test_a_table_of_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match="weights"):
        LearnedModel([0.0], 0.0)


@pytest.mark.parametrize("unit", ["a", "1", "a ", "?", "A’", "1,", "$ ", "\x00", "😀"])
def test_a_long_text_costs_no_more_than_its_length(unit: str) -> None:
    assert_cpu_under(1.0, lambda: score_sentence(unit * (2_000_000 // len(unit))))


def test_tokens_keep_the_marks_that_matter() -> None:
    assert cut_tokens("U.S. firms paid $3.5bn (12%) after 9/11!") == [
        "U.S",
        "firms",
        "paid",
        "$",
        "3.5bn",
        "12",
        "%",
        "after",
        "9/11",
        "!",
    ]


@pytest.mark.parametrize(
    ("sentence", "is_duty"),
    [
        ("Some 400 families have needed help since the flood in May.", False),
        ("The city needed 40 new buses in 2019.", False),
        ("A new law is needed before the flood season.", True),
        ("The city should buy 40 new buses.", True),
    ],
)
def test_what_was_needed_is_no_opinion(sentence: str, is_duty: bool) -> None:
    reasons = score_sentence(sentence).reasons
    assert ("opinion: says what ought to be" in reasons) == is_duty
