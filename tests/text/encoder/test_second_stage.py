"""Check-worthiness by the encoder: what comes first, and that nothing breaks it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.checkworthiness.measures import average_precision
from claims.text.checkworthiness import score_sentence
from claims.text.encoder.second_stage import MODEL_PATH, score_again
from tests.text.encoder.needs import needs_encoder

pytestmark = needs_encoder

ROOT = Path(__file__).resolve().parents[3]
ASSERTIONS = [
    "We lost 800,000 factory jobs in the last four years.",
    "My opponent voted against the tax cut three times.",
    "The deficit doubled while he was in office.",
    "China holds more of our debt than any other country.",
]
TALK = [
    "Thank you, and good evening to everybody.",
    "I believe that our best days are ahead of us.",
    "Can we really trust a man like that?",
    "We must come together and do what is right.",
]


def test_assertions_come_before_talk() -> None:
    scores = [score.value for score in score_again([*ASSERTIONS, *TALK])]
    assert min(scores[: len(ASSERTIONS)]) > 0.5 > max(scores[len(ASSERTIONS) :])


def test_reasons_are_those_of_the_always_on_reading() -> None:
    for text, score in zip(ASSERTIONS, score_again(ASSERTIONS), strict=True):
        assert score.reasons == score_sentence(text).reasons


def test_a_sentence_scores_the_same_alone_and_in_company() -> None:
    together = score_again([*ASSERTIONS, *TALK])
    for text, score in zip([*ASSERTIONS, *TALK], together, strict=True):
        assert score_again([text])[0].value == pytest.approx(score.value, abs=1e-4)


def test_the_context_of_a_fragment_counts() -> None:
    alone, told = (
        score_again(["Forty of them."], contexts=[before])[0].value
        for before in ("", "Exports of rice fell last year.")
    )
    assert told > alone


@pytest.mark.parametrize("text", ["", " ", "\x00", "\ud800", "9" * 10_000, "a " * 300_000, "🙂"])
def test_any_text_has_a_score(text: str) -> None:
    (score,) = score_again([text])
    assert 0.0 <= score.value <= 1.0


def test_our_own_news_keeps_its_order() -> None:
    lines = (ROOT / "benchmarks/checkworthiness/news.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines][::3]
    scores = [score.value for score in score_again([row["text"] for row in rows])]
    assert average_precision([row["label"] == 1 for row in rows], scores) > 0.95


def test_our_part_is_small_enough_to_keep_in_the_repository() -> None:
    folder = MODEL_PATH.parent
    sizes = {path.name: path.stat().st_size for path in folder.glob("encoder-*.npz")}
    assert len(sizes) == 3, sizes
    assert sum(sizes.values()) < 10_000_000
