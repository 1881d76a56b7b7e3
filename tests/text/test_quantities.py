"""What a quantity says, form by form; the conventions are those of docs/QUANTITIES.md."""

from __future__ import annotations

from datetime import date

import pytest

from claims.text.quantities import read_quantities
from claims.text.quantity import Quantity
from claims.vocabulary import Bound, Change, QuantityKind


def only(text: str, **options: object) -> Quantity:
    """The one quantity of ``text``; fails where there is another number of them."""
    found = read_quantities(text, **options)  # type: ignore[arg-type]
    assert len(found) == 1, found
    return found[0]


def values(text: str) -> list[float | tuple[float | None, float | None]]:
    return [
        (one.low, one.high) if one.value is None else one.value for one in read_quantities(text)
    ]


def test_share_of_a_whole_keeps_its_hedge_and_its_whole() -> None:
    share = only("It dominates the chain, controlling nearly 70 per cent of global production.")
    assert (share.value, share.unit, share.kind) == (70, "percent", QuantityKind.PERCENT)
    assert (share.bound, share.hedge) == (Bound.ABOUT, "nearly")
    assert (share.measured, share.of_what) == ("production", "global production")
    assert share.text == "70 per cent"


def test_counted_noun_gives_its_head_in_the_singular() -> None:
    count = only("Export controls now cover 12 rare earth elements, the ministry said.")
    assert (count.value, count.unit, count.unit_name) == (12, "1", "element")
    assert (count.kind, count.counted) == (QuantityKind.COUNT, "rare earth elements")


def test_bare_dollar_stays_of_unknown_country_unless_the_article_settles_it() -> None:
    deal = only("They signed a $500 million deal.")
    assert (deal.value, deal.unit, deal.unit_name) == (500e6, "$?", "dollar")
    assert deal.measured == "deal"
    assert only("They signed a $500 million deal.", home_currency="AUD").unit == "AUD"
    assert only("They paid €3m.", home_currency="AUD").unit == "EUR"
    assert only("A $500 million deal").unit == "$?", "an article is no country"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("three and a half million people", 3.5e6),
        ("half a million homes", 5e5),
        ("a quarter of a million homes", 2.5e5),
        ("Rs 2,000 crore", 2e10),
        ("Rs 3 lakh crore", 3e12),
        ("two dozen eggs", 24),
        ("half a dozen eggs", 6),
        ("one in five voters", 0.2),
        ("7 out of 10 voters", 0.7),
        ("two thirds of voters", 2 / 3),
        ("one twenty-fifth of voters", 1 / 25),
        ("two thirds of a million voters", 2e6 / 3),
        ("1/16 of a pint", 1 / 16),
        ("2½ miles", 2.5),
        ("2 1/2 miles", 2.5),
        ("five-and-a-half points", 5.5),
        ("two hundred and five thousand homes", 205_000),
        ("twenty-one trillion dollars", 21e12),
        ("4 thousand 3 hundred and 21 homes", 4321),
        ("12,34,567 homes", 1_234_567),
        ("1 000 000 homes", 1_000_000),
        ("1.234,5 km", 1234.5),
        ("1.234.567 km", 1_234_567),
        ("1,3 km", 1.3),
        ("7\u200b0 km", 70),
        ("７０ km", 70),
        ("70\u202f% of it", 70),
        ("1.3e6 homes", 1.3e6),
        ("a fall to zero", 0),
        ("under 400 whales came", 400),
        ("Under 20 boats sank", 20),
        ("Barely 300 people came", 300),
        ("$20 and 43 cents", 20.43),
    ],
)
def test_value(text: str, expected: float) -> None:
    assert only(text).value == pytest.approx(expected)


@pytest.mark.parametrize(
    ("text", "unit", "name"),
    [
        ("US$5", "USD", "dollar"),
        ("HK $5 million", "HKD", "hong kong dollar"),
        ("A$5", "AUD", "australian dollar"),
        ("AUD1.5m", "AUD", "australian dollar"),
        ("EUR 1.2bn", "EUR", "euro"),
        ("€1.2bn", "EUR", "euro"),
        ("£21,700", "GBP", "pound sterling"),
        ("₹500", "INR", "indian rupee"),
        ("PKR 500", "PKR", "pakistani rupee"),
        ("Rs. 500", "Rs?", "rupee"),
        ("500 Pakistani rupees", "PKR", "pakistani rupee"),
        ("9 billion yuan", "CNY", "chinese yuan"),
        ("9 billion renminbi", "CNY", "chinese yuan"),
        ("5 million U.S. dollars", "USD", "dollar"),
        ("u.s. $5 million", "USD", "dollar"),
        ("they gave us $5 million", "$?", "dollar"),
        ("6 million jordan dinars", "JOD", "jordanian dinar"),
        ("R1.5 billion", "ZAR", "south african rand"),
        ("N25,000", "NGN", "nigerian naira"),
        ("K500 million", "kwacha?", "kwacha"),
        ("KShs. 500", "KES", "kenyan shilling"),
        ("5 000 FCFA", "XAF", "central african cfa franc"),
        ("200 TRY per month", "TRY/month", "turkish lira per month"),
        ("500 MAD for speeding", "MAD", "moroccan dirham"),
        ("Fr. 20 million", "CHF", "swiss franc"),
        ("GH¢500", "GHS", "ghanaian cedi"),
        ("a ten-fold increase", "times", "count"),
        ("500 kr", "krone?", "krone"),
        ("300 Swedish kronor", "SEK", "swedish krona"),
        ("5 million Papua New Guinean kina", "PGK", "papua new guinean kina"),
        ("40 São Tomé & Príncipe dobras", "STN", "sao tome and principe dobra"),
        ("half a dollar", "$?", "dollar"),
        ("1 234,56 €", "EUR", "euro"),
        ("81.14m usd", "USD", "dollar"),
        ("25 US cents", "cent", "cent"),
        ("40 kobo", "kobo", "kobo"),
        ("50 KGS", "kg", "kilogram"),
        ("$2.53 per diluted share", "$?/share", "dollar per share"),
        ("$60 a barrel", "$?/bbl", "dollar per barrel"),
        ("68p", "GBX", "penny"),
        ("3 percentage points", "percentage_point", "percentage point"),
        ("25 basis points", "bp", "basis point"),
        ("5.5kWh", "kWh", "kilowatt hour"),
        ("155mph", "mph", "mile per hour"),
        ("10 kV/cm", "kV/cm", "kilovolt per centimetre"),
        ("2 million barrels", "bbl", "barrel"),
        ("5 tonnes", "t", "metric ton"),
        ("301,338 km2", "km²", "square kilometre"),
        ("20°C", "°C", "celsius"),
        ("a 37m mast", "m", "metre"),
        ("about 5m homes", "1", "home"),
        ("three thousand tests per day", "1/d", "test per day"),
        ("a sixfold rise", "times", "count"),
    ],
)
def test_unit(text: str, unit: str, name: str) -> None:
    found = only(text)
    assert (found.unit, found.unit_name) == (unit, name)


@pytest.mark.parametrize(
    "text",
    ["Its 5G network covers the valley", "first-half profit", "a one-sided match", "fifty-fifty",
     "a twenty-something", "two-wheeler sales"],
)  # fmt: skip
def test_what_only_sounds_like_a_number_is_none(text: str) -> None:
    assert not read_quantities(text)


def test_ages_in_a_list_are_all_ages() -> None:
    found = read_quantities("Three boys aged 9, 11 and 14 died.")
    assert [one.kind for one in found[1:]] == [QuantityKind.AGE] * 3


def test_models_are_counted_by_name() -> None:
    found = read_quantities("They have 2 F-16s and 3 Su-30s.")
    assert [(one.value, one.unit_name) for one in found] == [(2, "F-16"), (3, "Su-30")]


def test_a_year_that_is_only_compared_with_is_not_the_period() -> None:
    assert only("Turnout was 66.9%, the lowest since 1998").period is None
    assert only("Prices are three times higher than in 2019").period is None
    assert only("Rates rose 5%, the first rise since 2010").period is None


@pytest.mark.parametrize(
    "text",
    ["Output has risen 4% since 2010", "It lost 40% of its forest since 2010",
     "It rose 5 points in the West since 2010", "20 matches, most of them since 2010",
     "14 first-class runs since 2010"],
)  # fmt: skip
def test_since_a_year_is_the_period(text: str) -> None:
    period = only(text).period
    assert period is not None
    assert period.from_on == date(2010, 1, 1)


@pytest.mark.parametrize(
    "text",
    ["the 5 TOP teams", "10 SOS calls", "2 MAD scientists", "the TOP 10 cities", "CVE 2024",
     "ETH 2.0 launched", "SIT 20 minutes", "COP 28", "a 6 Ft wall", "12 Zimbabwean gold miners",
     "half of euro zone members", "a third of dollar bonds"],
)  # fmt: skip
def test_what_is_written_like_a_currency_is_none(text: str) -> None:
    assert all(one.kind is not QuantityKind.MONEY for one in read_quantities(text))


@pytest.mark.parametrize("text", ["the R500 player", "an N95 mask", "the K2 summit", "P90 guns"])
def test_a_letter_before_digits_is_a_name_without_a_scale(text: str) -> None:
    assert not read_quantities(text)


@pytest.mark.parametrize(
    ("text", "bound", "hedge"),
    [
        ("about 5 km", Bound.ABOUT, "about"),
        ("almost a million homes", Bound.ABOUT, "almost"),
        ("over 500 homes", Bound.OVER, "over"),
        ("just over 500 homes", Bound.OVER, "just over"),
        ("more than $30 billion", Bound.OVER, "more than"),
        ("less than 5 km", Bound.UNDER, "less than"),
        ("up to 500 homes", Bound.AT_MOST, "up to"),
        ("no more than 500 homes", Bound.AT_MOST, "no more than"),
        ("at least 500 homes", Bound.AT_LEAST, "at least"),
        ("500 or more homes", Bound.AT_LEAST, "or more"),
        ("500+ homes", Bound.AT_LEAST, "+"),
        ("500 homes", Bound.EXACT, None),
        ("it grew over five years", Bound.EXACT, None),
        ("it happened over five years ago", Bound.OVER, "over"),
        ("centred around the 37m mast", Bound.EXACT, None),
    ],
)
def test_hedge(text: str, bound: Bound, hedge: str | None) -> None:
    found = only(text)
    assert (found.bound, found.hedge) == (bound, hedge)


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("between 5 and 10 km", 5, 10, "km"),
        ("from 220 to 226 km", 220, 226, "km"),
        ("60–90 minutes", 60, 90, "min"),
        ("$10 to $15 billion", 10e9, 15e9, "$?"),
        ("5% to 10%", 5, 10, "percent"),
        ("thousands of homes", 1e3, 1e4, "1"),
        ("tens of thousands of homes", 1e4, 1e5, "1"),
        ("millions of dollars", 1e6, 1e7, "$?"),
        ("one-to-seven days", 1, 7, "d"),
        ("8- to 16-metre masts", 8, 16, "m"),
        ("three or four homes", 3, 4, "1"),
    ],
)
def test_range(text: str, low: float, high: float, unit: str) -> None:
    found = only(text)
    assert (found.value, found.low, found.high, found.unit) == (None, low, high, unit)


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("Sales rose 2.5 %", Change.UP),
        ("Sales fell by nearly 3 per cent", Change.DOWN),
        ("They cut premiums by 5 %", Change.DOWN),
        ("DAX -1.6%", Change.DOWN),
        ("It closed 3% higher", Change.UP),
        ("Sales rose to 5 %", None),
        ("a 19% drop", None),
        ("They gave up 517 yards", None),
        ("They raised $5 million", None),
    ],
)
def test_change(text: str, change: Change | None) -> None:
    assert only(text).change is change


@pytest.mark.parametrize(
    "text",
    [
        "the first 5G network",
        "an F-35 over the G20 summit on COVID-19",
        "in 2019 and on 18 November 2025",
        "at 9:01 p.m. and 7.05am and 0401 GMT",
        "call 555-123-4567",
        "they won 2-1 and drew 6-4, 7-5",
        "on 9/11",
        "the iPhone 11 Pro",
        "a category 4 storm",
        "1. Wash your hands",
        "the 19th century, the 21st goal",
        "https://example.org/2019/12/500-homes",
        "no one said so",
        "the second half",
        "the S&P 500",
        "192.168.10.1",
        "in his 20s",
    ],
)
def test_digits_that_count_nothing(text: str) -> None:
    assert read_quantities(text) == ()


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("a 65-year-old man", 65),
        ("she is 18 years old", 18),
        ("people aged 26", 26),
        ("Jan Novak, 42, said so", 42),
        ("life expectancy is around 73", 73),
    ],
)
def test_age(text: str, age: float) -> None:
    found = only(text)
    assert (found.value, found.kind, found.unit) == (age, QuantityKind.AGE, "year")


def test_conversion_in_brackets_shares_bound_and_direction() -> None:
    first, second = read_quantities("It warmed, rising about 2 degrees Celsius (3.6 Fahrenheit).")
    assert (second.bound, second.change) == (first.bound, first.change) == (Bound.ABOUT, Change.UP)
    assert (second.value, second.unit) == (3.6, "°F")


def test_years_are_told_from_numbers_by_what_stands_beside_them() -> None:
    assert values("It went from 1000 to 2000 hires.") == [(1000, 2000)]
    assert values("About 2000 people came in 2000.") == [2000]
    assert values("The maximum is 50000.") == [50000]


def test_period_is_the_nearest_date_of_the_sentence() -> None:
    written = only("Exports grew 5 % in 2019.").period
    assert written is not None
    assert (written.from_on, written.to_on) == (date(2019, 1, 1), date(2019, 12, 31))
    assert not written.is_resolved
    worked_out = only("Exports grew 5 % last year.", published=date(2025, 11, 18)).period
    assert worked_out is not None
    assert (worked_out.from_on, worked_out.is_resolved) == (date(2024, 1, 1), True)
    assert only("Exports grew 5 % last year.").period is None
    since = only("Exports grew 5 % since March 2019.").period
    assert since is not None
    assert (since.from_on, since.to_on) == (date(2019, 3, 1), None)


def test_level_and_change_of_one_subject() -> None:
    change, level = read_quantities("Meanwhile, exports to China dropped 7% to $2.3 billion.")
    assert (change.change, level.change) == (Change.DOWN, None)
    assert change.measured == level.measured == "exports to China"
