"""Hints: the arithmetic is shown, rests on places of the text, and is silent where unsure."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.claims.measure_hints import found_kinds
from claims.text.detection import detect_claims
from claims.text.hints.hint import Hint, say
from claims.text.hints.reading import find_hints
from claims.text.quantities import read_quantities
from tests.growth import assert_linear


def read(text: str) -> list[Hint]:
    return list(find_hints([(text, 0, read_quantities(text))])[0])


@pytest.mark.parametrize(
    ("text", "kind", "note"),
    [
        (
            "Output rose 25 % from 40 to 60 tonnes.",
            "change",
            "40 to 60 is a change of 20, or 50 per cent of 40; the text says 25 %.",
        ),
        (
            "The rate rose from 5 % to 8 %, an increase of 3 per cent.",
            "points",
            "5 % to 8 % is a change of 3 percentage points, or of 60 per cent; "
            "the text says 3 per cent.",
        ),
        (
            "Kesh holds 60 per cent of the market, Olmia 35 per cent and Tarn 20 per cent.",
            "shares",
            "60 + 35 + 20 = 115 per cent, more than the whole.",
        ),
        (
            "Controls were announced on 12 elements: samarium, gadolinium and terbium.",
            "list",
            "The text counts 12 and lists 3.",
        ),
        (
            "Of the 40 ships, 52 were sunk.",
            "part",
            "The part (52) is larger than its whole (40): 52 − 40 = 12.",
        ),
        (
            "One in five (25 %) voters stayed home.",
            "ratio",
            "One in five is 20 per cent; the text says 25 % beside it.",
        ),
        (
            "The fund paid $40 million to 200 families, or $20,000 each.",
            "ratio",
            "$40 million ÷ 200 = 200,000; the text says $20,000.",
        ),
        (
            "There were 40 men and 25 women, 70 in all.",
            "sum",
            "40 + 25 = 65; the text says 70 in all.",
        ),
    ],
)
def test_the_arithmetic_is_shown(text: str, kind: str, note: str) -> None:
    (hint,) = read(text)
    assert (hint.kind.value, hint.note) == (kind, note)
    assert len(hint.spans) >= 1
    assert all(any(letter.isalnum() for letter in text[start:end]) for start, end in hint.spans)


@pytest.mark.parametrize(
    "text",
    [
        "Output rose 50 % from 40 to 60 tonnes.",
        "Output rose 46 per cent from 41 to 60 tonnes.",
        "The rate rose from 5 % to 8 %, an increase of 3 percentage points.",
        "Kesh mines 70 per cent of the metal and refines 90 per cent of it.",
        "Controls were announced on 12 elements, including samarium and terbium.",
        "Two states (Bosnia and Herzegovina, and Serbia) signed.",
        "The team climbed from 14 to 6 in the rankings.",
        "More than half (58 %) of the members left.",
    ],
)
def test_what_agrees_or_may_agree_has_no_hint(text: str) -> None:
    assert read(text) == []


def test_a_slip_of_scale_is_told_at_both_places_with_both_numbers() -> None:
    text = (
        "The port deal is worth $2.4 billion. Critics say a port deal of $2.4 million was a waste."
    )
    first, second = detect_claims(text)
    assert [hint.kind.value for hint in (*first.hints, *second.hints)] == ["scale", "scale"]
    assert first.hints[0].note == (
        "Here $2.4 billion, elsewhere in the article $2.4 million: a factor of 1,000 apart."
    )
    spans = [text[start:end] for start, end in second.hints[0].spans]
    assert spans == ["$2.4 million", "$2.4 billion"]


def test_spans_are_those_of_the_article() -> None:
    text = "Port news\n\nThe port reopened in May. Output rose 25 % from 40 to 60 tonnes."
    hint = detect_claims(text)[-1].hints[0]
    assert [text[start:end] for start, end in hint.spans] == ["40 to 60 tonnes", "25 %"]
    assert hint.to_json()["spans"][1] == {"start": text.index("25"), "end": text.index("25") + 4}


@pytest.mark.parametrize(
    ("value", "said"),
    [(1200.0, "1,200"), (33.3333, "33.3"), (2_400_000.0, "2.4 million"), (-0.25, "-0.25")],
)
def test_numbers_are_said_shortly(value: float, said: str) -> None:
    assert say(value) == said


_BITS = [
    "rose 25 % from 40 to 60",
    " of the ",
    "12 elements: a, b and c",
    "(",
    "%",
    "9" * 400,
    "0 to 0",
    "from 0 to 5 %",
    "$1 billion",
    "one in five (",
    "\x00",
    "７０％",
    "1 000",
    "–",
]


@settings(deadline=None, max_examples=60)
@given(st.lists(st.one_of(st.sampled_from(_BITS), st.text(max_size=20)), max_size=12))
def test_any_text_is_read(pieces: list[str]) -> None:
    text = " ".join(pieces)
    for hint in read(text):
        assert hint.note
        assert all(0 <= start < end <= len(text) for start, end in hint.spans)
    assert found_kinds(text) == found_kinds(text)


@pytest.mark.parametrize(
    "unit", ["from 4 to 6, 5 %. ", "12 things: a, b ", "5 % of A, ", "$2.4 billion. $2.4 million. "]
)
def test_time_grows_no_faster_than_the_text(unit: str) -> None:
    assert_linear(lambda size: read(unit * (size // len(unit))), 10_000, floor_seconds=2.0)
    sentences = [(unit, at * len(unit), read_quantities(unit)) for at in range(20_000 // len(unit))]
    assert len(find_hints(sentences)) == len(sentences)
