"""Queries are short, mirrored and carry the number in its usual writings."""

from __future__ import annotations

from datetime import date

import pytest

from claims.text.number_writings import number_variants
from claims.text.quantities import read_quantities
from claims.text.queries import Frame, build_queries, read_frame
from claims.vocabulary import QuantityKind, SearchPurpose

CLAIM = "China accounts for nearly 70 per cent of global rare earth production, officials said."


def test_the_first_pair_is_mirrored() -> None:
    first, second = build_queries(CLAIM)[:2]
    assert first.purpose is SearchPurpose.SUPPORT
    assert second.purpose is SearchPurpose.CONTRADICT
    assert second.text.startswith(first.text[:20])
    assert "false" in second.text
    assert "false" not in first.text


def test_queries_are_short_different_and_without_stop_words() -> None:
    frame = read_frame(CLAIM, read_quantities(CLAIM))
    queries = build_queries(CLAIM, frame, limit=4)
    assert 2 < len(queries) <= 4
    assert len({query.text for query in queries}) == len(queries)
    for query in queries:
        words = query.text.split()
        assert len(words) <= 12
        assert not {"for", "of", "nearly", "said"} & set(words)
        assert "cent" not in words


def test_the_number_comes_in_another_writing_too() -> None:
    frame = read_frame(CLAIM, read_quantities(CLAIM))
    texts = [query.text for query in build_queries(CLAIM, frame)]
    assert any("70%" in text for text in texts)
    assert any("70 percent" in text for text in texts)


def test_one_query_looks_for_the_subject_with_another_number() -> None:
    frame = read_frame(CLAIM, read_quantities(CLAIM))
    free = [q for q in build_queries(CLAIM, frame) if not any(c.isdigit() for c in q.text)]
    assert free
    assert free[0].purpose is SearchPurpose.CONTRADICT


@pytest.mark.parametrize("limit", [0, 1, 2, 3, 4])
def test_the_limit_holds(limit: int) -> None:
    assert len(build_queries(CLAIM, limit=limit)) == limit if limit < 3 else True
    assert len(build_queries(CLAIM, limit=limit)) <= limit


@pytest.mark.parametrize("text", ["", "the of and", "\x00", "..."])
def test_a_claim_without_words_gives_no_query(text: str) -> None:
    assert build_queries(text) == ()


def test_a_hostile_megabyte_gives_short_queries() -> None:
    for query in build_queries("word" * 300_000 + " 70 " * 1000):
        assert len(query.text) < 3000


@pytest.mark.parametrize(
    ("text", "variants"),
    [
        ("70 per cent", ("70%", "70 per cent", "70 percent", "seven in ten")),
        ("66.7 per cent", ("66.7%", "66.7 per cent", "66.7 percent", "two thirds")),
        ("71 per cent", ("71%", "71 per cent", "71 percent")),
        ("50 per cent", ("50%", "50 per cent", "50 percent", "half", "five in ten")),
        ("€500 million", ("€500 million", "500 million euros")),
        ("12 elements", ("12 elements",)),
        ("between 5 and 10 km", ("5 10",)),
    ],
)
def test_number_variants(text: str, variants: tuple[str, ...]) -> None:
    assert number_variants(read_quantities(text)[0]) == variants


def test_the_frame_is_filled_from_the_text_and_blank_where_it_does_not_say() -> None:
    text = "Output in Pakistan rose 3 % in 2024, according to the World Bank."
    frame = read_frame(text, read_quantities(text, published=date(2025, 1, 1)))
    assert frame.place == "Pakistan"
    assert frame.claimant == "World Bank"
    assert frame.quantity is not None
    assert frame.period is not None
    assert frame.period.from_on == date(2024, 1, 1)
    assert read_frame("Prices rose.", ()) == Frame()


def test_two_places_leave_the_slot_empty_and_a_given_claimant_stays() -> None:
    frame = read_frame("India overtook China, according to the IMF.", (), claimant="the minister")
    assert frame.place is None
    assert frame.claimant == "the minister"


def test_place_and_year_of_the_frame_join_the_query_once() -> None:
    text = "Output rose 3 % in 2024."
    quantities = read_quantities(text)
    frame = Frame(quantity=quantities[0], place="Pakistan", period=quantities[0].period)
    query = build_queries(text, frame)[0].text
    assert query.count("2024") == 1
    assert "Pakistan" in query


TRADE = "For years, Chile has dominated this trade, controlling nearly 30 per cent of production."


def test_the_topic_joins_what_the_claim_leaves_out() -> None:
    queries = build_queries(TRADE, topic=("copper smelters", "Peru"))
    assert "copper" in queries[0].text
    assert all("Peru" not in query.text for query in queries)
    assert "copper" not in build_queries(TRADE)[0].text


def test_a_long_claim_keeps_its_number_its_scale_and_its_frame() -> None:
    text = (
        "Within weeks, a $500 million loan was agreed between the harbour of Varnholm and a bank "
        "to repair quays, cranes, lighthouses, breweries, warehouses, railways and customs sheds."
    )
    frame = read_frame(text, read_quantities(text))
    first, _, subject = build_queries(text, frame, topic=("harbour",))[:3]
    assert "$500 million" in first.text
    assert "loan" in first.text
    assert not any(letter.isdigit() for letter in subject.text)
    assert "million" not in subject.text


def test_later_queries_ask_with_other_words_for_the_same() -> None:
    text = "Seven of ten salt ships called at Varnholm, 70 per cent of the trade, in 2023."
    quantities = [one for one in read_quantities(text) if one.kind is QuantityKind.PERCENT]
    frame = read_frame(text, quantities, claimant="the Harbour Board of Varnholm")
    queries = build_queries(text, frame)
    texts = [query.text for query in queries]
    assert len(texts) > 7
    assert len({one.casefold() for one in texts}) == len(texts)
    assert any(one.startswith("Harbour Board Varnholm") for one in texts)
    assert any(one.startswith("seven in ten") for one in texts)
    assert any(one.endswith("statistics") for one in texts)
    contrary = [one for one in queries if one.purpose is SearchPurpose.CONTRADICT]
    assert len(contrary) >= 4
    assert all(len(one.text.split()) <= 12 for one in queries)
