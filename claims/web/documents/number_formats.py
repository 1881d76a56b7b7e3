"""What a spreadsheet shows for a stored number: per cent, days, currencies, scaled figures.

Promises the stored value, never a rounded one, in the unit that the sheet shows. Refuses
to imitate a format beyond that.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation

# Built-in formats (ECMA-376 part 1, 18.8.30): those of per cent and of days.
PERCENT_IDS = frozenset({9, 10})
DAY_IDS = frozenset({14, 15, 16, 17, 22, *range(27, 37), *range(50, 59)})
TIME_IDS = frozenset({18, 19, 20, 21, 45, 46, 47})
_QUOTED = re.compile(r'"[^"]{0,200}"|\\.|_.|\*.')
_BRACKETED = re.compile(r"\[[^\]]{0,80}\]")
_CURRENCY = re.compile(r"\[\$([^\]-]{1,8})(?:-[^\]]{0,20})?\]|([$€£¥₹])")
_SCALE = re.compile(r"[0#?](,{1,4})(?![0#?,])")
_DAY_1900, _DAY_1904 = datetime(1899, 12, 30, tzinfo=UTC), datetime(1904, 1, 1, tzinfo=UTC)
MAX_DAY_SERIAL = 2_958_465  # 9999-12-31
MAX_DIGITS = 40


def show_number(stored: str, format_id: int, code: str, *, is_1904: bool = False) -> str:
    """A stored number as text; what is no number comes back as it is.

    >>> show_number("0.034", 10, "")
    '3.4%'
    >>> show_number("45292", 14, "")
    '2024-01-01'
    >>> show_number("1234567", 164, '#,##0,')
    '1234.567'
    """
    try:
        value = Decimal(stored)
    except InvalidOperation:
        return stored[:MAX_DIGITS]
    if not value.is_finite() or abs(value.adjusted()) > MAX_DIGITS:
        return stored[:MAX_DIGITS]
    first = code.split(";", 1)[0]
    bare = _BRACKETED.sub("", _QUOTED.sub("", first)).lower()
    if format_id in DAY_IDS or _is_day(bare, format_id):
        return _show_day(value, is_1904=is_1904) or _plain(value)
    if format_id in PERCENT_IDS or "%" in bare:
        return f"{_plain(value * 100)}%"
    scale = _SCALE.search(bare)
    if scale:
        value /= Decimal(1000) ** len(scale[1])
    currency = _CURRENCY.search(first)
    sign = (currency[1] or currency[2]).strip() if currency else ""
    if not sign:
        return _plain(value)
    is_letters = sign.isascii() and sign.isalpha()
    return f"{sign} {_plain(value)}" if is_letters else f"{sign}{_plain(value)}"


def _is_day(bare: str, format_id: int) -> bool:
    """A code of the file's own with a year or a day in it (``m`` alone may be a minute)."""
    is_own = format_id >= 164 and "general" not in bare
    return is_own and ("y" in bare or "d" in bare) and "0" not in bare.split(".")[0]


def _show_day(value: Decimal, *, is_1904: bool) -> str:
    if not 0 <= value <= MAX_DAY_SERIAL:
        return ""
    try:
        moment = (_DAY_1904 if is_1904 else _DAY_1900) + timedelta(days=float(value))
    except OverflowError:
        return ""
    return moment.date().isoformat()


def _plain(value: Decimal) -> str:
    """Digits as a person writes them: what floating point added behind 15 digits is dropped."""
    text = f"{Decimal(format(value, '.15g')):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
