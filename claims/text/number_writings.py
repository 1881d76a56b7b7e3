"""The ways in which one number is written: figures, words, and shares in words.

Promises the usual writings of a quantity, the most common first, and shares in words
("seven in ten", "two thirds") only where the number is that share.
"""

from __future__ import annotations

from claims.text.quantity import Quantity
from claims.vocabulary import QuantityKind

_LISTED_TENTHS = "one two three four five six seven eight nine"
_TENTHS = tuple(_LISTED_TENTHS.split())
# A third is 33 or 33.3 per cent in a text, and so on.
_NEAR = 0.4
_SHARES = (
    (25.0, "a quarter"),
    (100 / 3, "a third"),
    (50.0, "half"),
    (200 / 3, "two thirds"),
    (75.0, "three quarters"),
)


def number_variants(quantity: Quantity) -> tuple[str, ...]:
    """The ways a number is usually written, the most common first.

    "70 per cent" gives ``("70%", "70 per cent", "70 percent", "seven in ten")``, 500,000,000
    dollars ``("$500 million", "500 million dollars")``; a range gives both ends.
    """
    if quantity.value is None:
        ends = [end for end in (quantity.low, quantity.high) if end is not None]
        return (" ".join(_plain_number(end) for end in ends),) if ends else ()
    number = _plain_number(quantity.value)
    if quantity.kind is QuantityKind.PERCENT:
        written = (f"{number}%", f"{number} per cent", f"{number} percent")
        return (*written, *_share_words(quantity.value))
    scaled = _scaled(quantity.value)
    if quantity.kind is QuantityKind.MONEY:
        sign = {"USD": "$", "$?": "$", "EUR": "€", "GBP": "£", "INR": "Rs "}.get(quantity.unit, "")
        name = f"{quantity.unit_name}s" if quantity.unit_name else quantity.unit
        return (f"{sign}{scaled}", f"{scaled} {name}") if sign else (f"{scaled} {name}",)
    named = f" {quantity.counted or quantity.unit_name or ''}".rstrip()
    return tuple(dict.fromkeys((f"{scaled}{named}", f"{number}{named}")))


def _share_words(percent: float) -> tuple[str, ...]:
    """The share in words, where it has them.

    >>> _share_words(70.0), _share_words(66.7), _share_words(71.0)
    (('seven in ten',), ('two thirds',), ())
    """
    words = [name for share, name in _SHARES if abs(percent - share) < _NEAR]
    tenths = round(percent / 10)
    if 1 <= tenths <= 9 and percent == tenths * 10:
        words.append(f"{_TENTHS[tenths - 1]} in ten")
    return tuple(words)


def _plain_number(value: float) -> str:
    return f"{int(value):,}" if abs(value) < 2**53 and value == int(value) else f"{value:g}"


def _scaled(value: float) -> str:
    for size, name in ((1e12, "trillion"), (1e9, "billion"), (1e6, "million")):
        if abs(value) >= size:
            return f"{value / size:.4g} {name}"
    return _plain_number(value)
