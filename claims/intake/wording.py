"""Wording: when two claims are one although they are not written alike to the letter.

Promises: case, outer quotes, kinds of quotes and dashes, and the last stop do not make
another claim; another number, unit or bound always does.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from claims.text.quantity import Quantity

_ALIKE = str.maketrans(
    {
        "“": '"', "”": '"', "„": '"', "«": '"', "»": '"',
        "‘": "'", "’": "'", "‚": "'",
        "–": "-", "—": "-", "‑": "-", "‐": "-", "…": "...",
        "\u00ad": None, "\u200b": None, "\ufeff": None,
    }
)  # fmt: skip
_EDGES = " .!?\"'"


def wording_key(text: str) -> str:
    """The text as wordings are compared.

    >>> wording_key("“Taxes rose 5%.”") == wording_key("taxes  rose 5%")
    True
    """
    folded = unicodedata.normalize("NFC", text.translate(_ALIKE)).casefold()
    return " ".join(folded.split()).strip(_EDGES)


def numbers_key(numbers: Iterable[Quantity]) -> tuple[object, ...]:
    """The numbers of a claim as they are compared: value or range, unit and bound, in order."""
    return tuple((one.value, one.low, one.high, one.unit, str(one.bound)) for one in numbers)
