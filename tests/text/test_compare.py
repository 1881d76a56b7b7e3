"""Comparisons: the contract's table first, then what must never become a false *differs*."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.text.compare import compare_quantities, compare_texts
from claims.text.quantities import read_quantities
from claims.text.quantity import Quantity
from claims.vocabulary import ComparisonFlag, Outcome, QuantityKind

CONTRACT_TABLE = [
    ("70 per cent", "70 %", "match"),
    ("70 per cent", "69.6 %", "within_rounding"),
    ("70 per cent", "68 %", "differs"),
    ("nearly 70 per cent", "69 %", "match"),
    ("nearly 70 per cent", "66.9 %", "match"),
    ("nearly 70 per cent", "70.4 %", "differs"),
    ("nearly 70 per cent", "60 %", "differs"),
    ("about 70 per cent", "68 %", "match"),
    ("about 70 per cent", "73 %", "match"),
    ("about 70 per cent", "80 %", "differs"),
    ("over 500", "520", "match"),
    ("over 500", "480", "differs"),
    ("over 500", "5,000", "match"),
    ("up to 500", "430", "match"),
    ("up to 500", "510", "differs"),
    ("a $500 million deal", "$498 million", "within_rounding"),
    ("a $500 million deal", "$0.5 bn", "match"),
    ("a $500 million deal", "$480 million", "differs"),
    ("$500 million", "Rs 140 billion", "not_comparable"),
    (
        "12 rare earth elements",
        "seven elements in April and five more in October",
        "not_comparable",
    ),
    ("12 rare earth elements", "12 companies", "not_comparable"),
    ("70 % of global production in 2025", "90 % of refining", "different_scope"),
    ("70 % of global production in 2025", "70 % of mining in 2019", "different_period"),
    ("rose by 3 points", "rose by 3 %", "not_comparable"),
]


@pytest.mark.parametrize(("claim", "source", "outcome"), CONTRACT_TABLE)
def test_the_contracts_table(claim: str, source: str, outcome: str) -> None:
    assert compare_texts(claim, source).outcome.value == outcome


def test_a_number_far_beyond_a_stated_limit_is_flagged() -> None:
    far, near = compare_texts("over 500", "5,000"), compare_texts("over 500", "520")
    assert far.flags == (ComparisonFlag.FAR_BEYOND_BOUND,)
    assert near.flags == ()


def test_the_difference_is_source_minus_claim_with_the_arithmetic_in_words() -> None:
    found = compare_texts("70 per cent", "69.6 %")
    assert found.absolute == -0.4
    assert found.relative == pytest.approx(-0.4 / 70)
    assert "69.6 is 0.4 from 70" in found.reasons[0]


def test_the_printed_keys_are_those_of_the_contract() -> None:
    printed = compare_texts("70 per cent", "68 %").to_json()
    assert list(printed) == [
        "outcome",
        "difference",
        "claim_quantity",
        "passage_quantity",
        "flags",
        "reasons",
    ]
    assert printed["difference"] == {"absolute": -2.0, "relative": pytest.approx(-2 / 70)}
    assert printed["claim_quantity"]["unit"] == "percent"


def test_without_a_number_nothing_is_compared() -> None:
    found = compare_texts("Output rose.", "Output rose by 3 %.")
    assert found.outcome is Outcome.NOT_COMPARABLE
    assert found.to_json()["difference"] == {"absolute": None, "relative": None}
    assert found.claim_quantity is None
    assert found.passage_quantity is None


def test_true_then_not_now_is_flagged_when_the_old_number_agrees() -> None:
    claim = "China supplies 70 per cent of global production in 2025."
    then = compare_texts(claim, "In 2019 China supplied 70 per cent of global production.")
    other = compare_texts(claim, "In 2019 China supplied 50 per cent of global production.")
    assert then.outcome is other.outcome is Outcome.DIFFERENT_PERIOD
    assert then.flags == (ComparisonFlag.TRUE_THEN_NOT_NOW,)
    assert other.flags == ()


def test_a_claim_without_a_date_speaks_of_its_own_day() -> None:
    claim = "China supplies 70 per cent of global rare earth production."
    source = "In 2019 China supplied 60 per cent of global rare earth production."
    dated = compare_texts(claim, source, claim_published=date(2025, 10, 17))
    assert dated.outcome is Outcome.DIFFERENT_PERIOD
    undated = compare_texts(claim, source)
    assert undated.outcome is not Outcome.DIFFERS


NEVER_DIFFERS = [
    # another subject, with a number of the same unit
    ("Unemployment fell to 5 per cent in Spain.", "Inflation fell to 9 per cent in Spain."),
    ("Germany's unemployment rate is 5 %.", "France's unemployment rate is 7 %."),
    ("Exports reached $20 billion in March.", "Imports reached $26 billion in March."),
    # a part of the count
    ("The flood killed 40 people.", "The flood killed another 12 people in the next village."),
    # a level against a change
    ("Inflation rose by 3 per cent.", "Inflation stood at 8 per cent."),
    # money without a table, and a dollar that is not said
    ("The port cost $500 million.", "The port cost A$700 million."),
    ("The port cost €500 million.", "The port cost £430 million."),
    # another time
    ("In 2024 the city had 200,000 visitors.", "In 2022 the city had 120,000 visitors."),
    # several such numbers, none of them plainly meant
    (
        "The party won 52 per cent of the vote.",
        "The party won 48 per cent or 61 per cent of the vote.",
    ),
    # parts that add up
    ("The company has 12 plants.", "The company has 7 plants in Ohio and 5 plants in Texas."),
    # a rate against a total, and different rates
    ("The firm sells 200 cars a day.", "The firm sells 1,500 cars a week."),
]


@pytest.mark.parametrize(("claim", "source"), NEVER_DIFFERS)
def test_what_is_not_shown_to_be_the_same_thing_never_differs(claim: str, source: str) -> None:
    assert compare_texts(claim, source).outcome is not Outcome.DIFFERS


DIFFERS = [
    (
        "The flood killed 12 people in Nepal.",
        "The flood killed 15 people in Nepal, officials said.",
    ),
    ("Inflation in Turkey rose to 35 per cent.", "Inflation in Turkey rose to 39.2 per cent."),
    ("The road is 300 km long.", "The road is 120 miles long."),
    ("The dam cost $500 million.", "The dam cost $750 million."),
    ("The unemployment rate rose by 2 points.", "The unemployment rate rose by 4 points."),
]


@pytest.mark.parametrize(("claim", "source"), DIFFERS)
def test_another_number_for_the_same_thing_differs(claim: str, source: str) -> None:
    assert compare_texts(claim, source).outcome is Outcome.DIFFERS


AGREES = [
    ("The road is 100 km long.", "The road is 62 miles long."),
    ("The sentence was two years.", "He was given a sentence of 24 months."),
    ("One in five voters stayed at home.", "20 per cent of voters stayed at home."),
    ("The dam cost $500 million.", "The US$500 million dam was finished in May."),
    ("Between 5 and 10 per cent of pupils were absent.", "7 per cent of pupils were absent."),
]


@pytest.mark.parametrize(("claim", "source"), AGREES)
def test_the_same_number_in_another_form_agrees(claim: str, source: str) -> None:
    assert compare_texts(claim, source).outcome in (Outcome.MATCH, Outcome.WITHIN_ROUNDING)


def test_a_converted_number_says_so_and_is_given_in_the_claims_unit() -> None:
    found = compare_texts("The road is 300 km long.", "The road is 120 miles long.")
    assert ComparisonFlag.CONVERTED in found.flags
    assert found.absolute == pytest.approx(120 * 1.609344 - 300)


def test_numbers_given_by_hand_are_compared_in_their_texts() -> None:
    claim_text, source_text = "Output fell 5 %.", "Output fell 9 % in the quarter."
    found = compare_quantities(
        read_quantities(claim_text)[0],
        read_quantities(source_text)[0],
        claim_text=claim_text,
        source_text=source_text,
    )
    assert found.outcome is Outcome.DIFFERS
    assert found.absolute == 4.0


def test_a_claim_of_zero_has_no_relative_difference() -> None:
    found = compare_texts("There were 0 deaths.", "There were 3 deaths.")
    assert found.outcome is Outcome.DIFFERS
    assert found.absolute == 3.0
    assert found.relative is None


HOSTILE = [
    "",
    "\x00",
    "7",
    "%" * 5000,
    "1" * 10_000,
    "1,2,3," * 2000,
    "between 10 and 5 km",
    "-5 % of -3 %",
    "7\u202f000\u00a0km",
    "７０％ of production",
    "∞ people",
    "one in zero voters",
    "1e308 km and 1e309 miles",
]


@pytest.mark.parametrize("source", HOSTILE)
@pytest.mark.parametrize("claim", HOSTILE)
def test_bad_input_gets_an_outcome_and_no_exception(claim: str, source: str) -> None:
    assert compare_texts(claim, source).outcome in Outcome


@given(
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
)
@settings(max_examples=200, deadline=None)
def test_two_bare_numbers_always_get_an_outcome_and_equal_ones_match(
    one: float, other: float
) -> None:
    def bare(value: float) -> Quantity:
        return Quantity(f"{value}", 0, 3, value, None, None, "1", None, QuantityKind.NUMBER)

    assert (
        compare_quantities(bare(one), bare(one), claim_text="", source_text="").outcome
        is Outcome.MATCH
    )
    found = compare_quantities(bare(one), bare(other), claim_text="", source_text="")
    assert found.outcome in (Outcome.MATCH, Outcome.WITHIN_ROUNDING, Outcome.DIFFERS)


TRADE = "For decades Chile has led this trade, controlling nearly 30 per cent of global production."


@pytest.mark.parametrize(
    ("source", "outcome"),
    [
        ("Chile controls about 29 per cent of global copper production.", Outcome.MATCH),
        ("Chile controls about 22 per cent of global copper production.", Outcome.DIFFERS),
        ("Chile controls about 22 per cent of global tin production.", Outcome.NOT_COMPARABLE),
        ("Chile controls about 22 per cent of global production.", Outcome.NOT_COMPARABLE),
        (
            "Chile controls about 8 per cent of global production of refined copper.",
            Outcome.DIFFERENT_SCOPE,
        ),
    ],
)
def test_the_topic_fills_in_what_the_claim_leaves_out(source: str, outcome: Outcome) -> None:
    assert compare_texts(TRADE, source, claim_context="copper").outcome is outcome


def test_without_a_topic_the_source_speaks_of_more_than_the_claim() -> None:
    source = "Chile controls about 22 per cent of global sea salt production."
    assert compare_texts(TRADE, source).outcome is Outcome.NOT_COMPARABLE
    assert compare_texts(TRADE, source, claim_context="sea salt").outcome is Outcome.DIFFERS


def test_the_page_title_can_name_the_topic() -> None:
    source = "Chile controls about 22 per cent of global production."
    found = compare_texts(TRADE, source, claim_context="copper", passage_context="Copper in 2025")
    assert found.outcome is Outcome.DIFFERS


def test_two_hedges_have_no_further_room() -> None:
    found = compare_texts("nearly 70 per cent of voters", "about 63 per cent of voters")
    assert found.outcome is Outcome.DIFFERS


def test_a_difference_names_the_days_of_publication() -> None:
    source = "The dam cost $750 million."
    found = compare_texts("The dam cost $500 million.", source, published=date(2025, 4, 2))
    assert any("2025-04-02" in reason for reason in found.reasons)


def test_the_places_of_the_next_statement_are_not_the_numbers() -> None:
    claim = "It closed 12 rare earth mines, and traders from Seoul to Tokyo were surprised."
    found = compare_texts(claim, "China closed 12 rare earth mines.")
    assert found.outcome is Outcome.MATCH


def test_a_reason_uses_words_and_no_stems() -> None:
    found = compare_texts(
        "The country holds 70 per cent of the world's production of tin.",
        "The country holds 92 per cent of the world's refined tin.",
    )
    assert any("“refine”" in reason for reason in found.reasons)


MINED = "In 2024 China mined 270,000 tonnes of rare earths, the United States 45,000."


@pytest.mark.parametrize(
    ("claim", "passage", "wanted", "number"),
    [
        ("The United States mined 45,000 tonnes of rare earths in 2024.", MINED, "match", "45,000"),
        ("China mined 270,000 tonnes of rare earths in 2024.", MINED, "match", "270,000 tonnes"),
        ("The United States mined 80,000 tonnes of rare earths in 2024.", MINED, "differs", "45"),
        ("Australia mined 45,000 tonnes of rare earths in 2024.", MINED, "different_scope", ""),
        (
            "About 30 per cent of the budget goes to schools.",
            "Schools get 24 per cent of the budget, hospitals 30 per cent.",
            "not_comparable",
            "",
        ),
        (
            "About 30 per cent of the budget goes to hospitals.",
            "Schools get 24 per cent of the budget, hospitals 30 per cent.",
            "match",
            "30 per cent",
        ),
    ],
)
def test_each_number_of_a_list_is_of_its_own_item(
    claim: str, passage: str, wanted: str, number: str
) -> None:
    found = compare_texts(claim, passage)
    assert found.outcome.value == wanted, found.reasons
    if number:
        assert found.passage_quantity is not None
        assert found.passage_quantity.text.startswith(number)


@pytest.mark.parametrize(
    ("share", "wanted"),
    [("66 %", "within_rounding"), ("68 %", "within_rounding"), ("64 %", "differs")],
)
def test_a_share_in_words_is_not_told_finer_than_people_tell_it(share: str, wanted: str) -> None:
    found = compare_texts(
        "Two thirds of voters backed the plan.", f"{share} of voters backed the plan."
    )
    assert found.outcome.value == wanted, found.reasons
