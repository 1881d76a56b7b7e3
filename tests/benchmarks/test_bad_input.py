"""Hostile claims and passages through ``predict.py``: every line gets a named answer."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from benchmarks.predict import ROOT
from claims.vocabulary import Outcome, Stance

CLAIM = "The flood in Nepal killed 12 people and cost $500 million."
HOSTILE = {
    "no number": "The council met to talk about meals.",
    "hundreds of numbers": " ".join(f"{n * 37} homes in district {n}," for n in range(300)),
    "another language": "Die Flut in Nepal tötete 15 Menschen, 尼泊尔洪水 3 亿美元.",
    "100 KB": "The flood in Nepal killed 12 people. " * 2_800,
    "100 KB without blanks": "a9" * 50_000,
    "one token": "12",
    "contradictory units": "The flood in Nepal killed 12 km of $5 °C people 3 kg/€.",
    "zero": "The flood in Nepal killed 0 people.",
    "negative": "The flood in Nepal killed -12 people.",
    "over 100 %": "The flood in Nepal killed 250 per cent of people.",
    "a range": "The flood in Nepal killed between 10 and 15 people.",
    "a currency without a table": "The flood in Nepal cost Rs 140 billion.",
    "NUL and halves": "\x00\ud800\u200b killed",
    "empty": "",
}
ZERO = "Output rose 0 per cent."
NOTHING_TO_COMPARE = (
    "no number",
    "hundreds of numbers",
    "another language",
    "100 KB without blanks",
    "one token",
    "contradictory units",
    "over 100 %",
    "a currency without a table",
    "NUL and halves",
    "empty",
)


def ask(task: str, lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, str(ROOT / "benchmarks" / "predict.py"), task],
        input="".join(json.dumps(line) + "\n" for line in lines),
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["id"] for one in answers] == [line["id"] for line in lines]
    assert not [one for one in answers if "error" in one]
    return answers


def pairs() -> list[dict[str, Any]]:
    """Every passage against the claim, and every passage as a claim against it."""
    forth = [{"id": name, "claim": CLAIM, "passage": text} for name, text in HOSTILE.items()]
    back = [{**one, "claim": one["passage"], "passage": CLAIM} for one in forth]
    zero = {"id": "from zero", "claim": ZERO, "passage": "Output rose 5 per cent."}
    return [*forth, *({**one, "id": f"{one['id']} back"} for one in back), zero]


def test_comparisons_get_a_named_outcome_and_nothing_is_invented() -> None:
    told = {one["id"]: one for one in ask("compare", pairs())}
    assert {one["outcome"] for one in told.values()} <= {outcome.value for outcome in Outcome}
    outcomes = {name: told[name]["outcome"] for name in HOSTILE}
    assert {outcomes[name] for name in NOTHING_TO_COMPARE} == {"not_comparable"}
    assert (outcomes["100 KB"], outcomes["a range"]) == ("match", "match")
    assert (outcomes["zero"], outcomes["negative"]) == ("differs", "differs")
    assert told["negative"]["difference"] == {"absolute": -24.0, "relative": -2.0}
    assert told["from zero"]["difference"]["relative"] is None


def test_stances_add_up_and_no_other_unit_refutes() -> None:
    told = {one["id"]: one for one in ask("stance", pairs())}
    assert {one["stance"] for one in told.values()} <= {stance.value for stance in Stance}
    assert all(sum(one["scores"].values()) == pytest.approx(1) for one in told.values())
    refuting = {name for name in HOSTILE if told[name]["stance"] == "refutes"}
    assert refuting == {"zero", "negative"}


def test_rankings_hold_every_passage_once() -> None:
    texts = list(HOSTILE.values())
    lines = [{"id": n, "claim": text, "passages": texts} for n, text in enumerate([CLAIM, *texts])]
    for answer in ask("passages", [*lines, {"id": "none", "claim": CLAIM, "passages": []}]):
        wanted = 0 if answer["id"] == "none" else len(texts)
        assert sorted(place for place, _ in answer["ranking"]) == list(range(wanted))


def test_matches_and_origins_are_told_of_anything() -> None:
    named = [{"id": name, "text": text} for name, text in HOSTILE.items()]
    nothing = {"id": 2, "queries": [], "corpus": []}
    first, second = ask("match", [{"id": 1, "queries": named, "corpus": named}, nothing])
    assert set(first["rankings"]) == set(HOSTILE)
    assert second["rankings"] == {}
    pages = [{**one, "url": f"::{n}"} for n, one in enumerate(named)]
    (told,) = ask("origins", [{"id": 1, "pages": pages}])
    assert sorted(name for group in told["origins"] for name in group) == sorted(HOSTILE)
