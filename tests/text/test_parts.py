"""Parts: a sentence is cut only where each part can be checked apart."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.claims.measure_parts import figures
from claims.text.detection import detect_claims
from claims.text.parts import cut_parts
from claims.text.quantities import read_quantities
from tests.growth import assert_linear


def cut(sentence: str) -> list[tuple[str, str]]:
    spans = [(one.start, one.end) for one in read_quantities(sentence)]
    return [
        (sentence[slice(*one.lead)] if one.lead else "", sentence[one.start : one.end])
        for one in cut_parts(sentence, spans)
    ]


@pytest.mark.parametrize(
    ("sentence", "parts"),
    [
        (
            "China mines 70 per cent of it, refines 90 per cent and exports to 40 countries.",
            [
                ("", "China mines 70 per cent of it"),
                ("China", "refines 90 per cent"),
                ("China", "exports to 40 countries."),
            ],
        ),
        (
            "Output rose 12 % to 3 tonnes, the ministry said, while exports fell by a third.",
            [
                ("", "Output rose 12 % to 3 tonnes, the ministry said"),
                ("", "exports fell by a third."),
            ],
        ),
        (
            "In 2024, output rose 12 % and exports fell 5 %.",
            [("", "In 2024, output rose 12 %"), ("In 2024,", "exports fell 5 %.")],
        ),
        (
            "China has mined 70 per cent and refined 90 per cent.",
            [("", "China has mined 70 per cent"), ("China has", "refined 90 per cent.")],
        ),
    ],
)
def test_parts_take_along_what_they_share(sentence: str, parts: list[tuple[str, str]]) -> None:
    assert cut(sentence) == parts


@pytest.mark.parametrize(
    "sentence",
    [
        "The deal covers 30 mines, 20 ports and exports to 40 countries.",
        "If output rose 12% and exports fell 5%, the plan has failed.",
        "The minister said output rose 12% and cut taxes by 5%.",
        "Prices rose 5% because output fell 12% and exports fell 8%.",
        "Output and exports rose 5% and 3% respectively.",
        "Output rose 12% and exports fell 5% in 2024.",
        "Some 40 ships came and 12 of them were searched.",
        "“Output rose 12% and exports fell 5%,” she said.",
    ],
)
def test_what_is_not_certain_stays_whole(sentence: str) -> None:
    assert cut(sentence) == [("", sentence)]


def test_our_cases_are_cut_as_labelled() -> None:
    found = figures()
    assert found["precision"] >= 0.97
    assert found["recall"] >= 0.8


def test_each_part_is_a_claim_with_its_own_place_numbers_and_words() -> None:
    text = (
        "Metal news\n\nThe metal is rare. China mines 70 per cent of it, refines 90 per cent and "
        "exports to 40 countries. Nobody else does.\n"
    )
    claims = [claim for claim in detect_claims(text) if claim.sentence]
    assert [claim.self_contained for claim in claims] == [
        "China mines 70 per cent of it",
        "[China] refines 90 per cent",
        "[China] exports to 40 countries.",
    ]
    assert [[q.value for q in claim.quantities] for claim in claims] == [[70.0], [90.0], [40.0]]
    for claim in claims:
        assert text[claim.start : claim.end] == claim.text
        whole = f"{claim.context_before} {claim.text} {claim.context_after}"
        assert " ".join(whole.replace(" ,", ",").split()) == " ".join(text.split("\n\n")[1].split())
    assert len({claim.identity for claim in claims}) == 3
    (shared,) = claims[1].resolved
    assert (shared.kind.value, text[shared.start : shared.end]) == ("subject", "China")


def test_a_part_keeps_the_sentences_claimant_but_not_across_a_semicolon() -> None:
    text = "The ministry said output rose 12 % in May and exports fell 5 % in June."
    assert [claim.claimant for claim in detect_claims(text)] == ["The ministry", "The ministry"]
    text = "Output rose 12 %, the ministry said; exports fell 5 %."
    assert [claim.claimant for claim in detect_claims(text)] == ["the ministry", None]


_BITS = [
    "China mines 7 %",
    " and ",
    ", while ",
    "; ",
    "exports fell 5%",
    "“",
    "(",
    "—",
    "\x00",
    "9",
]


@settings(deadline=None, max_examples=80)
@given(st.lists(st.one_of(st.sampled_from(_BITS), st.text(max_size=12)), max_size=14))
def test_parts_lie_in_order_inside_any_sentence(pieces: list[str]) -> None:
    sentence = "".join(pieces)
    before = 0
    parts = cut_parts(sentence, [(one.start, one.end) for one in read_quantities(sentence)])
    for part in parts:
        assert before <= part.start <= part.end <= len(sentence)
        before = part.end
        assert part.lead is None or 0 <= part.lead[0] < part.lead[1] <= part.start
    assert parts[0].start == 0
    assert parts[-1].end == len(sentence)


@pytest.mark.parametrize("unit", ["a 5% and ", "rose 5%, fell 5%, ", "X has 5; ", "and "])
def test_time_grows_no_faster_than_the_text(unit: str) -> None:
    def read(size: int) -> None:
        text = unit * (size // len(unit))
        cut_parts(text, [(0, 1), (5, 6)])
        for at in range(0, len(text), 600):
            cut_parts(text[at : at + 600], [(0, 1), (5, 6)])

    assert_linear(read, 5_000, floor_seconds=2.0)
