"""Claimants: who the text itself names, before, behind, inside and across sentences."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.claims.measure_claimants import figures
from claims.text.claimants import find_claimant, find_claimants
from tests.growth import assert_linear


@pytest.mark.parametrize(
    ("sentence", "claimant"),
    [
        ("Critics argue that 4,000 jobs will go.", "Critics"),
        ("Omar Khan told reporters that the dam would hold.", "Omar Khan"),
        ("Output rose 12 per cent, according to the ministry.", "the ministry"),
        ("The firm was accused by regulators of dumping waste.", "regulators"),
        ("Ann Lee, the mayor of the town, said the debt was paid.", "Ann Lee"),
        ("“The debt,” Ann Lee said, “is paid.”", "Ann Lee"),
        (
            "The ice is gone, said Professor Lee of Oslo University.",
            "Professor Lee of Oslo University",
        ),
        ("The bank reported a profit of $40 million.", None),
        ("The president was told that 40 ships were lost.", None),
        ("She added salt and 40 grams of sugar.", None),
        ("It is said that the bridge has 40 arches.", None),
    ],
)
def test_who_asserts_it(sentence: str, claimant: str | None) -> None:
    assert find_claimant(sentence) == claimant


@pytest.mark.parametrize(
    ("sentences", "follows", "claimants"),
    [
        (["“We paid,” Ann Lee said.", "“We owe nothing.”"], [False, True], ["Ann Lee", "Ann Lee"]),
        (["“We paid.", "We owe nothing,” Ann Lee said."], [False, True], ["Ann Lee", "Ann Lee"]),
        (["Ann Lee said: “We paid.", "We owe nothing.”"], [False, True], ["Ann Lee", "Ann Lee"]),
        (["“We paid,” Ann Lee said.", "Nobody paid."], [False, True], ["Ann Lee", None]),
        (["“We paid,” Ann Lee said.", "“We owe nothing.”"], [False, False], ["Ann Lee", None]),
        (["“We paid,” he said.", "“We owe nothing.”"], [False, True], [None, None]),
    ],
)
def test_a_quotation_has_one_speaker(
    sentences: list[str], follows: list[bool], claimants: list[str | None]
) -> None:
    assert find_claimants(sentences, follows) == claimants


def test_our_cases_are_attributed_as_labelled() -> None:
    found = figures()
    assert found["precision"] >= 0.97
    assert found["recall"] >= 0.95


@settings(deadline=None, max_examples=80)
@given(st.lists(st.one_of(st.sampled_from(["“", "”", '"', " said ", "Lee", ","]), st.text())))
def test_any_text_is_read(pieces: list[str]) -> None:
    text = "".join(pieces)
    found = find_claimant(text)
    assert found is None or found in text.replace("\u00a0", " ")
    assert len(find_claimants([text, text], [False, True])) == 2


@pytest.mark.parametrize("unit", ["said ", "A said ", "a, ", "of the ", "according to ", "“said "])
def test_time_grows_no_faster_than_the_text(unit: str) -> None:
    def read(size: int) -> None:
        pieces = [(unit * 400)[:1400]] * max(1, size // 1400)
        find_claimants(pieces, [True] * len(pieces))

    assert_linear(read, 14_000, floor_seconds=2.0)
