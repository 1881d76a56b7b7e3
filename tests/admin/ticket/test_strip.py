"""The strip plot: where each number lies, in what order, and that no number breaks it."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from claims.admin.ticket_panels.strip import draw_strip, span_in_claims_unit, span_of
from claims.models import Ticket
from tests.admin.ticket.conftest import As, page_of
from tests.admin.ticket.rows import House


def card(number: int, low: float, high: float | None = None, **more: Any) -> Any:
    claimed = more.pop("claimed", (70.0, 70.0))
    period = more.pop("period", "")
    held = SimpleNamespace(
        span=(low, low if high is None else high),
        claimed=claimed,
        period=period,
        normalised=f"{low:g} salt pans",
        written="",
    )
    return SimpleNamespace(number=number, comparison=held, published_on=more.get("on"))


def share(percent: str) -> float:
    return float(percent.removesuffix("%"))


def test_numbers_lie_in_their_proportion_and_the_oldest_comes_first() -> None:
    strip = draw_strip(
        [card(1, 60, on=date(2025, 1, 31)), card(2, 80, period="2019"), card(3, 65)],
        unit="salt pans",
    )
    assert strip is not None
    assert [(dot.card.number, dot.when) for dot in strip.dots] == [
        (2, "2019"),
        (1, "31 Jan 2025"),
        (3, "no date"),
    ]
    assert [dot.left for dot in strip.dots] == ["96.00%", "4.00%", "27.00%"]
    assert (strip.left, strip.right, strip.is_in_multiples) == ("50.00%", "50.00%", False)
    assert [dot.value for dot in strip.dots] == ["80", "60", "65"]


def test_a_range_is_a_line_and_far_numbers_lie_by_multiples() -> None:
    strip = draw_strip([card(1, 7), card(2, 70, 700)])
    assert strip is not None
    assert strip.is_in_multiples
    assert (strip.left, strip.dots[1].left, strip.dots[1].right) == ("50.00%", "50.00%", "96.00%")


def test_one_number_is_no_plot_and_equal_ones_lie_in_the_middle() -> None:
    assert draw_strip([card(1, 60)]) is None
    assert draw_strip([]) is None
    strip = draw_strip([card(1, 70), card(2, 70)])
    assert strip is not None
    assert {dot.left for dot in strip.dots} == {strip.left} == {"50.00%"}


@given(some.lists(some.floats(allow_nan=False, allow_infinity=False), min_size=2, max_size=5))
def test_every_finite_number_has_a_place_inside(values: list[float]) -> None:
    strip = draw_strip([card(at, value) for at, value in enumerate(values)])
    assert strip is not None
    places = [share(dot.left) for dot in strip.dots] + [share(strip.middle)]
    assert all(0 <= place <= 100 for place in places)


@pytest.mark.parametrize(
    ("held", "gap", "span"),
    [
        ({"value": 43.5, "unit": "mi"}, 0.0, (70.0, 70.0)),
        ({"value": 60, "unit": "km"}, None, (60.0, 60.0)),
        ({"value": 60, "unit": "mi"}, None, None),
        ({"low": 9, "high": 5, "unit": "km"}, None, (5.0, 9.0)),
        ({"value": 10**400, "unit": "km"}, None, None),
        ({"value": "60", "unit": "km"}, None, None),
    ],
)
def test_a_number_stands_in_the_claims_unit_or_nowhere(held: Any, gap: Any, span: Any) -> None:
    stored = {
        "claim_quantity": {"value": 70, "unit": "km"},
        "passage_quantity": held,
        "difference": {"absolute": gap},
    }
    assert span_in_claims_unit(stored) == span
    assert span_of(None) is None


def test_the_page_draws_it_and_says_it_in_words(house: House, held: Ticket, as_: As) -> None:
    page = as_(house.ada).get(page_of(held)).content.decode()
    strip = page[page.index('class="tk-strip"') : page.index("</figure>")]
    assert strip.count("<li>") == 4
    assert "for </span><bdi>2019</bdi>" in strip
    assert "<bdi>60 %</bdi>" in strip
    assert strip.count('aria-hidden="true" focusable="false"') == 5
    assert "style=" not in strip
