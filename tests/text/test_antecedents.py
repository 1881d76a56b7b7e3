"""What "the country", "this deal" and "it" mean: only what the article makes certain."""

from __future__ import annotations

from datetime import date

import pytest

from benchmarks.claims.measure_wording import figures
from claims.text.antecedents import Antecedents
from claims.text.detection import detect_claims
from tests.growth import assert_linear


def last(article: str) -> str:
    return detect_claims(f"Case\n\n{article}\n", published=date(2025, 11, 18))[-1].self_contained


@pytest.mark.parametrize(
    ("article", "worded"),
    [
        (
            "Chile sold copper. The country exports it to 40 states.",
            "The country [Chile] exports it to 40 states.",
        ),
        (
            "Rare earth minerals sit in a race. They power ships. China runs this supply chain.",
            "China runs this supply chain [of rare earth minerals].",
        ),
        (
            "The rare earth supply chain is old. China controls this supply chain.",
            "China controls this supply chain [the rare earth supply chain].",
        ),
        (
            "A $500 million mining deal was signed. The deal was a surprise.",
            "The deal [the mining deal] was a surprise.",
        ),
        (
            "Lund Metals, a mining company, sold 40 trucks. The company’s debt fell.",
            "The company’s [Lund Metals’] debt fell.",
        ),
        (
            "China mines metals. It refines 90 per cent of the ore.",
            "[China] refines 90 per cent of the ore.",
        ),
    ],
)
def test_one_antecedent_is_put_in_and_marked(article: str, worded: str) -> None:
    assert last(article) == worded


@pytest.mark.parametrize(
    "article",
    [
        "Chile sold copper to China. The country exports it to 40 states.",
        "Chile mines copper. “The country is ruined,” Ann Lee said.",
        "A $500 million deal was signed. The deal was a surprise.",
        "An export ban and a smoking ban were passed. The ban covers 12 metals.",
        "Lund Metals, a mining company, sued Acme Steel. The company employs 400 people.",
        "China bought a mine. It produces 40 tonnes a day.",
        "China mines metals. It seems that prices fell.",
    ],
)
def test_two_antecedents_are_none(article: str) -> None:
    assert "[" not in last(article)


def test_no_number_is_ever_put_in() -> None:
    worded = last("The state paid 12 firms in a 40-day mining deal. The deal was a surprise.")
    assert not any(letter.isdigit() for letter in worded)


def test_our_cases_are_worded_as_labelled() -> None:
    found = figures()
    assert found["precision"] >= 0.97
    assert found["recall"] >= 0.95


def test_resolutions_name_their_place_in_the_article() -> None:
    text = "Case\n\nChile sold copper. The country’s mines opened last year.\n"
    claim = detect_claims(text, published=date(2025, 11, 18))[-1]
    assert claim.self_contained == "The country’s [Chile’s] mines opened last year [2024]."
    told = [one.to_json() for one in sorted(claim.resolved, key=lambda one: one.start)]
    assert [(one["text"], one["meaning"], one["kind"]) for one in told] == [
        ("The country’s", "Chile’s", "country"),
        ("last year", "2024", "date"),
    ]
    assert [text[one["start"] : one["end"]] for one in told] == ["The country’s", "last year"]


@pytest.mark.parametrize(
    "unit", ["the deal ", "a mining deal ", "A Bank ", "Chile ", "“the country ", "The X’s "]
)
def test_time_grows_no_faster_than_the_text(unit: str) -> None:
    def read(size: int) -> None:
        memory = Antecedents()
        piece = (unit * 200)[:1200]
        for _ in range(max(1, size // 1200)):
            memory.find(piece, piece)
            memory.note(piece)

    assert_linear(read, 12_000, floor_seconds=2.0)
