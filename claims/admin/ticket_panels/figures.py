"""Numbers of a comparison as a person reads them: never rounded into another number.

Takes the JSON shapes that the comparing room writes. A shape that does not fit
gives empty text, never an exception: what is stored may be older than this code.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from claims.vocabulary import Bound, QuantityKind

SCALES = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))
SIGNS = {
    Bound.EXACT: "",
    Bound.ABOUT: "≈ ",
    Bound.UNDER: "< ",
    Bound.AT_MOST: "≤ ",
    Bound.OVER: "> ",
    Bound.AT_LEAST: "≥ ",
}
SPANS = frozenset({"second", "minute", "hour", "day", "week", "month", "quarter", "year", "decade"})
UNITS = {
    "percent": "%",
    "percentage_point": "percentage points",
    # A bare dollar sign: whose dollar it is was not said.
    "$?": "dollars",
}


def show_number(value: object, *, signed: bool = False) -> str:
    """A number with thousands separated and large ones by their scale word.

    >>> show_number(500_000_000), show_number(-0.8, signed=True), show_number(69.0)
    ('500 million', '−0.8', '69')
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return ""
    size = abs(value)
    sign = "−" if value < 0 else "+" if signed and value > 0 else ""
    for scale, word in SCALES:
        # Only where three decimals say it all; else the figure is written out.
        if scale <= size < scale * 1e5 and size % (scale / 1000) == 0:
            return f"{sign}{_trim(f'{size / scale:,.3f}')} {word}"
    if size >= 1e18 or 0 < size < 1e-4:
        return f"{sign}{size:.4g}"
    return sign + _trim(f"{size:,.4f}")


def show_unit(quantity: Mapping[str, Any]) -> str:
    """The unit in words or by its symbol; for a count the noun that was counted."""
    unit = str(quantity.get("unit") or "")
    name = str(quantity.get("unit_name") or "")
    if unit in UNITS:
        return UNITS[unit]
    if unit in ("", "1") or quantity.get("kind") == QuantityKind.COUNT:
        return name if name == str(quantity.get("counted") or "") else _counted(quantity, name)
    return unit


def show_quantity(quantity: object) -> str:
    """Bound, value and unit of a quantity: ``≈ 70 %``, ``5–10 km``."""
    if not isinstance(quantity, Mapping):
        return ""
    value = show_number(quantity.get("value"))
    if not value:
        low, high = show_number(quantity.get("low")), show_number(quantity.get("high"))
        if not (low and high):
            return ""
        value = f"{low} – {high}"
    bound = quantity.get("bound")
    sign = SIGNS[Bound(bound)] if bound in set(Bound) else ""
    arrow = {"up": "↑ ", "down": "↓ "}.get(str(quantity.get("change") or ""), "")
    unit = show_unit(quantity)
    if unit in SPANS and value != "1":
        unit += "s"
    return f"{arrow}{sign}{value} {unit}".strip()


def show_difference(difference: object, quantity: object) -> tuple[str, str]:
    """Absolute (in the claim's unit) and relative difference; empty where there is none.

    ``relative`` is a share of the claim's number: 0.014 is shown as +1.4 %.
    """
    if not isinstance(difference, Mapping):
        return "", ""
    absolute = show_number(_rounded(difference.get("absolute")), signed=True)
    if absolute == "0":
        return "none", ""
    share = difference.get("relative")
    relative = ""
    if isinstance(share, int | float) and math.isfinite(share):
        relative = f"{show_number(round(share * 100, 1), signed=True)} %"
    if absolute and isinstance(quantity, Mapping):
        unit = show_unit(quantity)
        # The distance between two shares is in points, not in per cent of anything.
        absolute = f"{absolute} {'points' if unit == '%' else unit}".strip()
    return absolute, relative


def show_period(period: object) -> str:
    """The time a number speaks of: a year, years, a day, days, ``until 2030``.

    >>> show_period({"from": "2024-01-01", "to": "2024-12-31"}), show_period({"to": "2030-12-31"})
    ('2024', 'until 2030')
    """
    if not isinstance(period, Mapping):
        return ""
    start = str(period.get("from") or "").removesuffix("-01-01")
    end = str(period.get("to") or "").removesuffix("-12-31")
    if start and end and (len(start) == 4) != (len(end) == 4):
        # A year on one side only: both as whole days, else "2024 – 2025-03-01" misleads.
        start, end = str(period["from"]), str(period["to"])
    if start == end:
        return start
    if not start:
        return f"until {end}"
    return f"{start} – {end}" if end else f"since {start}"


def _counted(quantity: Mapping[str, Any], name: str) -> str:
    return str(quantity.get("counted") or name)


def _rounded(value: object) -> object:
    # 69.2 − 70 is −0.7999999999999972 in binary; ten digits are more than any source writes.
    return float(f"{value:.10g}") if isinstance(value, int | float) else value


def _trim(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text
