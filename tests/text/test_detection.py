"""Detection: from an article's text to its claims."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.text.claimants import find_claimant
from claims.text.detection import DetectedClaim, detect_claims
from claims.text.wording import resolve_wording
from tests.growth import assert_linear
from tests.text.test_articles import OPINION, REPORT

CLAIM_KEYS = [
    "text",
    "start",
    "end",
    "score",
    "reasons",
    "claimant",
    "self_contained",
    "quantities",
    "hints",
    "resolved",
]
ARTICLE = """Metal and memory

By Ann Lee

November 18, 2025

For years, Olmia has run this trade, controlling nearly 70 per cent of global production. Can a
nation that trades trust for metal ever be believed? In October, Kesh announced controls on 12
rare metals. A $500 million deal was signed last year. The rest is theatre.

What comes next

The future belongs to the patient.

The writer is a fellow at a small institute.
"""


def by_score(text: str) -> list[DetectedClaim]:
    return sorted(detect_claims(text), key=lambda claim: -claim.score)


def test_numbers_come_first_and_rhetoric_last() -> None:
    ranked = by_score(ARTICLE)
    top = " ".join(claim.text for claim in ranked[:3])
    assert "70 per cent" in top
    assert "12\nrare metals" in top
    assert "$500 million" in top
    question = next(claim for claim in ranked if claim.text.endswith("?"))
    assert question.score < 0.2
    assert all(claim.score >= 0.5 for claim in ranked[:3])


def test_nothing_around_the_prose_is_a_claim() -> None:
    for article in (ARTICLE, OPINION, REPORT):
        text = " ".join(claim.text for claim in detect_claims(article))
        for word in ("close", "AFP", "The writer", "Ann Lee", "17th October", "What come", "Story"):
            assert word not in text


def test_quantities_lie_in_the_article() -> None:
    claim = by_score(ARTICLE)[0]
    for found in (quantity for one in detect_claims(ARTICLE) for quantity in one.quantities):
        assert ARTICLE[found.start : found.end] == found.text
    share = next(q for one in detect_claims(ARTICLE) for q in one.quantities if q.value == 70)
    assert (share.unit, share.bound, share.hedge) == ("percent", "~", "nearly")
    assert list(claim.to_json()) == CLAIM_KEYS


def test_the_article_is_its_own_context() -> None:
    first, second, *_ = detect_claims(ARTICLE)
    assert first.context_before == ""
    assert first.context_after == second.text
    assert second.context_before == first.text


def test_relative_days_are_worked_out_and_marked() -> None:
    deal = next(claim for claim in detect_claims(ARTICLE) if "$500" in claim.text)
    assert deal.self_contained == "A $500 million deal was signed last year [2024]."
    told = detect_claims("The deal was signed last year.", published=date(2020, 1, 5))
    assert told[0].self_contained == "The deal was signed last year [2019]."
    assert detect_claims("The deal was signed last year.")[0].self_contained == told[0].text


@pytest.mark.parametrize(
    ("sentence", "previous", "worded"),
    [
        ("She resigned.", "Ann Lee was mayor.", "[Ann Lee] resigned."),
        ("His office said no.", "President Khan met them.", "[President Khan’s] office said no."),
        ("She resigned.", "Ann Lee met Mia Roe.", "She resigned."),
        ("She resigned.", "The mayor was ill.", "She resigned."),
        ("They resigned.", "Ann Lee was mayor.", "They resigned."),
        ("He paid.", "In May Omar Khan was told that he had to.", "He paid."),
    ],
)
def test_a_pronoun_is_resolved_only_where_certain(
    sentence: str, previous: str, worded: str
) -> None:
    assert resolve_wording(sentence, previous, None) == worded


@pytest.mark.parametrize(
    ("sentence", "claimant"),
    [
        ("Kesh announced export controls on 12 metals.", "Kesh"),
        ("The plan, critics argue, will cost jobs.", "critics"),
        ("Output fell, according to the World Bank.", "the World Bank"),
        ("“We have paid,” said Ann Lee, the mayor.", "Ann Lee"),
        ("Some 40 ships came back, the port authority said.", "the port authority"),
        ("But analysts warn of a shortage.", "analysts"),
        ("He said no.", None),
        ("Exports fell by half.", None),
        ("It is believed to be true.", None),
    ],
)
def test_who_asserted_it(sentence: str, claimant: str | None) -> None:
    assert find_claimant(sentence) == claimant


def test_a_known_title_is_no_claim() -> None:
    text = "Exports fell by half in May.\nThe port closed on Friday. Nobody had expected that."
    titles = [claim.text for claim in detect_claims(text, title="Exports fell by half in May.")]
    assert titles == ["The port closed on Friday.", "Nobody had expected that."]


def test_markup_does_not_reach_the_wording() -> None:
    found = detect_claims("The city sold its **harbour** for [$40 million](https://example.org/).")
    assert found[0].self_contained == "The city sold its harbour for $40 million."
    assert found[0].text.startswith("The city sold its **harbour**")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (
            "La banque centrale a relevé son taux de 0,5 point en mai. Les exportations ont "
            "baissé de 12 pour cent, selon le ministère.",
            "fr",
        ),
        (
            "أعلنت الحكومة رفع أسعار الوقود بنسبة 12 في المئة ابتداء من الشهر المقبل في البلاد.",
            "ar",
        ),
        ("数字は十二パーセント", "unknown"),
    ],
)
def test_a_language_not_read_is_said_to_be_so(text: str, language: str) -> None:
    claims = detect_claims(text)
    assert claims
    for claim in claims:
        assert claim.reasons == (f"language not read: {language}",)
        assert claim.score < 0.1


@pytest.mark.parametrize("text", ["", " \n", "\x00", "😀😀", "...", "\u200b", "—\n—"])
def test_a_text_without_words_has_no_claims(text: str) -> None:
    assert detect_claims(text) == ()


@settings(deadline=None)
@given(
    st.lists(
        st.one_of(
            st.text(max_size=80),
            st.sampled_from(
                ["Exports fell 12%.", "# Title", "He said: “No.”", "- $5bn", "\x00 1."]
            ),
        ),
        max_size=8,
    )
)
def test_places_hold_for_any_text(pieces: list[str]) -> None:
    text = "\n".join(pieces)
    before = 0
    for claim in detect_claims(text):
        assert before <= claim.start < claim.end <= len(text)
        assert text[claim.start : claim.end] == claim.text
        assert all(text[q.start : q.end] == q.text for q in claim.quantities)
        before = claim.end


@pytest.mark.parametrize("unit", ["a", "1", "said ", "Aa ", "[a](", "“A.” ", "He said. "])
def test_time_grows_no_faster_than_the_text(unit: str) -> None:
    assert_linear(lambda size: detect_claims(unit * (size // len(unit))), 10_000, floor_seconds=2.0)


def test_a_heading_or_a_caption_ends_the_context() -> None:
    text = (
        "Port sold\n\nThe city sold its harbour in May. Would you buy it?\n\nSHARE OF TRADE\n\n"
        "The port handled 3 million tonnes in 2023.\n\nIts rival handled half of that."
    )
    sold, port, rival = (one for one in detect_claims(text) if one.text.startswith(("The", "Its")))
    assert sold.context_after == "Would you buy it?"
    assert (port.context_before, port.context_after) == ("", rival.text)
    assert rival.context_before == port.text
