"""A span that a person chose is read with its sentence in view, and costs no more than the text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.text.detected_claim import DetectedClaim
from claims.text.detection import detect_claims
from claims.text.marked import NEAR_CHARS, list_sentences
from claims.text.sentences import Span
from tests.growth import assert_cpu_under, assert_linear, cpu_seconds

TEXT = (
    "# Gold in Africa\n\n"
    "Kenya mined 40 tonnes of gold in 2023 and sold 12 tonnes in 2024. The minister, Ann Lee, "
    "said that between 5 and 10 km of road were built. They are *very good* roads.\n\n"
    "- A point that costs $5 million.\n"
)
# Hungarian for "the water is cold today and the city is very beautiful in the evening".
UNREAD = "A víz ma nagyon hideg és a város este nagyon szép, mondta a miniszter úr tegnap este."


def mark(text: str, words: str) -> DetectedClaim:
    start = text.index(words)
    end = start + len(words)
    (found,) = (
        one
        for one in detect_claims(text, marked=Span(start, end))
        if (one.start, one.end) == (start, end)
    )
    assert text[start:end] == found.text
    return found


def test_every_sentence_can_be_chosen_and_those_of_the_prose_are_the_scored_ones() -> None:
    sentences = list_sentences(TEXT)
    assert [TEXT[one.start : one.end] for one in sentences][::4] == [
        "Gold in Africa",
        "A point that costs $5 million.",
    ]
    spans = {(one.start, one.end) for one in sentences}
    whole = [one for one in detect_claims(TEXT) if not one.sentence]
    assert whole
    assert all((one.start, one.end) in spans for one in whole)


def test_what_the_rules_cut_is_the_same_when_it_is_chosen() -> None:
    for one in detect_claims(TEXT):
        assert mark(TEXT, one.text) == one


def test_a_part_has_its_sentence_around_it() -> None:
    part = mark(TEXT, "5 and 10 km of road were built")
    assert part.claimant == "The minister"
    assert part.sentence.startswith("The minister, Ann Lee")
    assert part.context_before.endswith("said that between")
    assert part.context_after == ". They are *very good* roads."
    assert mark(TEXT, "very good").self_contained == "very good"
    assert mark(TEXT, "They are *very good* roads").self_contained == "They are very good roads"


@pytest.mark.parametrize(
    ("words", "read"),
    [
        ("Kenya mined 40 tonnes", [(40.0, None)]),
        ("between 5 and 10 km", [(None, 5.0)]),
        # Cut through a number, what is left of it is read by itself.
        ("10 km of road", [(10.0, None)]),
        ("gold in 2023 and sold 12 tonnes in 2024. The minister, Ann Lee, said", [(12.0, None)]),
        ("Gold in Africa", []),
    ],
)
def test_the_numbers_are_those_of_the_chosen_words(
    words: str, read: list[tuple[float | None, float | None]]
) -> None:
    found = mark(TEXT, words)
    assert [(one.value, one.low) for one in found.quantities] == read
    assert all(TEXT[one.start : one.end] == one.text for one in found.quantities)


def test_what_is_not_read_is_not_scored_because_somebody_chose_some_of_it() -> None:
    whole, part = mark(UNREAD, UNREAD), mark(UNREAD, "nagyon hideg és a város este")
    assert whole.reasons == part.reasons
    assert whole.reasons[0].startswith("language not read")
    assert part.score == whole.score


@pytest.mark.parametrize("named_far_away", ["Chile", "Peru"])
def test_of_a_long_text_only_what_is_near_is_read_and_what_was_named_is_known(
    named_far_away: str,
) -> None:
    """The country is certain only where no other was named, however far away."""
    fill = "It was a fine day for a walk along the pier, and people spoke of it.\n\n"
    near = "Some 40 tonnes came from Chile in 2023. The country mined 50 tonnes of it in 2024."
    sides = fill * (2 * NEAR_CHARS // len(fill))
    text = f"{sides}It was far to {named_far_away} by ship.\n\n{sides}{near}\n\n{sides}"
    words = "The country mined 50 tonnes of it in 2024."
    start = text.index(words)
    found = detect_claims(text, marked=Span(start, start + len(words)))
    assert NEAR_CHARS < max(start - found[0].start, found[-1].end - start) < NEAR_CHARS + 200
    assert min(start - found[0].start, found[-1].end - start) > NEAR_CHARS - 200
    (one,) = (claim for claim in found if claim.text == words)
    assert one in detect_claims(text)
    assert ("[Chile]" in one.self_contained) == (named_far_away == "Chile")


def test_a_mark_costs_a_fraction_of_reading_a_long_text() -> None:
    """The control: without the mark the same text takes many times as long."""
    text = f"{TEXT}\n\n" * (20 * NEAR_CHARS // len(TEXT))
    start = text.index("Kenya", len(text) // 2)
    whole = cpu_seconds(lambda: detect_claims(text))
    assert_cpu_under(whole / 2, lambda: detect_claims(text, marked=Span(start, start + 21)))


@given(st.text(max_size=80), st.integers(0, 80), st.integers(1, 80))
def test_any_chosen_span_comes_back_once(text: str, start: int, length: int) -> None:
    end = min(start + length, len(text))
    if start >= end:
        return
    found = detect_claims(text, marked=Span(start, end))
    assert [one.text for one in found if (one.start, one.end) == (start, end)] == [text[start:end]]


@pytest.mark.parametrize("part", ["A word. ", "# a\n", "- b\n\n", "word "])
def test_listing_sentences_takes_linear_time(part: str) -> None:
    assert_linear(lambda size: list_sentences(part * size), 4_000, floor_seconds=0.2)
