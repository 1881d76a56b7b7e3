"""How one unit turns into another of the same dimension.

Promises exact factors for SI, imperial and news units, temperatures included, and says
how far two readings of one word may lie apart ("ton"). Refuses currencies: a rate needs
a dated table, and none is built in.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Conversion:
    """``value * factor + offset`` is the value in the other unit.

    ``slack`` is the share by which two honest readings of the unit words may differ.
    """

    factor: float
    offset: float = 0.0
    slack: float = 0.0

    def apply(self, value: float) -> float:
        """The value in the other unit."""
        return value * self.factor + self.offset


# dimension: symbol factor to the base …; a "~" marks a word of several meanings.
_SCALES = """
length: m 1, km 1000, cm 0.01, mm 0.001, mi 1609.344, ft 0.3048, in 0.0254, yd 0.9144, nmi 1852
mass: kg 1, g 0.001, mg 0.000001, t 1000, kt 1000000, Mt 1000000000, lb 0.45359237
mass: oz 0.028349523125, st 6.35029318, ton~ 1000
area: m² 1, m2 1, sq_m 1, km² 1000000, km2 1000000, ha 10000, acre 4046.8564224
area: mi² 2589988.110336, mi2 2589988.110336, ft² 0.09290304, ft2 0.09290304
volume: l 1, ml 0.001, cl 0.01, hl 100, m³ 1000, m3 1000, bbl 158.987294928, gal~ 3.785411784
speed: km/h 1, m/s 3.6, mph 1.609344, kn 1.852
power: W 1, kW 1000, MW 1000000, GW 1000000000, TW 1000000000000, hp~ 745.7
energy: Wh 1, kWh 1000, MWh 1000000, GWh 1000000000, TWh 1000000000000
food energy: kcal 1, cal~ 1
time: s 1, min 60, h 3600, d 86400, week 604800, fortnight 1209600
calendar: month 1, year 12, decade 120, century 1200
data: B 1, kB 1000, MB 1000000, GB 1000000000, TB 1000000000000, PB 1000000000000000
frequency: Hz 1, kHz 1000, MHz 1000000, GHz 1000000000
points: percentage_point 1, bp 0.01
share: percent 1, ppm 0.0001, ppb 0.0000001
"""
_AMBIGUOUS_SLACK = 0.2
"""A long ton is 1.6 % more than a metric one, a short ton 9.3 % less, an imperial gallon
20 % more than the American."""
_DAYS_PER_MONTH = 30.4375


@lru_cache(maxsize=1)
def _table() -> dict[str, tuple[str, float, float]]:
    table: dict[str, tuple[str, float, float]] = {}
    for line in _SCALES.strip().splitlines():
        dimension, _, listed = line.partition(":")
        for entry in listed.split(","):
            symbol, factor = entry.split()
            slack = _AMBIGUOUS_SLACK if symbol.endswith("~") else 0.0
            table[symbol.rstrip("~")] = (dimension, float(factor), slack)
    return table


def find_conversion(unit: str, other: str) -> Conversion | None:
    """How a value in ``unit`` becomes one in ``other``; ``None`` where it cannot.

    >>> find_conversion("km", "m").apply(2.5)
    2500.0
    >>> find_conversion("km", "kg") is None
    True
    """
    if unit == other:
        return Conversion(1.0)
    if unit in _TEMPERATURES and other in _TEMPERATURES:
        return _TEMPERATURES_TO[unit, other]
    known, wanted = _table().get(unit), _table().get(other)
    if known is None or wanted is None:
        return None
    slack = max(known[2], wanted[2])
    if known[0] == wanted[0]:
        return Conversion(known[1] / wanted[1], slack=slack)
    if {known[0], wanted[0]} == {"time", "calendar"}:
        return _across_calendar(known, wanted)
    return None


def _across_calendar(
    known: tuple[str, float, float], wanted: tuple[str, float, float]
) -> Conversion:
    seconds = _DAYS_PER_MONTH * 86400
    to_seconds = known[1] * (seconds if known[0] == "calendar" else 1.0)
    from_seconds = wanted[1] * (seconds if wanted[0] == "calendar" else 1.0)
    # A month is 28 to 31 days: three per cent either way is the calendar, not a difference.
    return Conversion(to_seconds / from_seconds, slack=0.03)


_TEMPERATURES = ("°C", "°F", "K")
_TEMPERATURES_TO = {
    ("°C", "°F"): Conversion(1.8, 32.0),
    ("°F", "°C"): Conversion(1 / 1.8, -32.0 / 1.8),
    ("°C", "K"): Conversion(1.0, 273.15),
    ("K", "°C"): Conversion(1.0, -273.15),
    ("K", "°F"): Conversion(1.8, -459.67),
    ("°F", "K"): Conversion(1 / 1.8, 459.67 / 1.8),
}
