"""What a spreadsheet shows for a stored number: per cent, days, currencies, units, scaled figures.

Promises the stored value, never a rounded one, in the unit that the sheet shows, with the
words that its format puts before and behind it; a letter that only names the scale ("4.5m" for
4,500,000) is written out. Refuses to imitate a format beyond that.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache

# Built-in formats (ECMA-376 part 1, 18.8.30): those of per cent and of days.
PERCENT_IDS = frozenset({9, 10})
DAY_IDS = frozenset({14, 15, 16, 17, 22, *range(27, 37), *range(50, 59)})
_DAY_1900, _DAY_1904 = datetime(1899, 12, 30, tzinfo=UTC), datetime(1904, 1, 1, tzinfo=UTC)
MAX_DAY_SERIAL = 2_958_465  # 9999-12-31
MAX_DIGITS = 40

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]{0,200})"?|\\(?P<escaped>.)|[_*].?|\[\$(?P<currency>[^\]-]{0,12})[^\]]{0,30}\]'
    r"|\[(?P<condition>(?:[<>]=?|<>|=)-?\d{1,20}(?:\.\d{1,20})?)\]|\[[^\]]{0,80}\]?"
    r"|(?P<digits>General|[0#?][0#?.,/]*)|(?P<end>;)|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
# What Excel shows without quotes; letters stand for parts of days and times.
_BARE_LITERALS = frozenset("$€£¥₹+-() :!&~{}=<>'")
_SCALE = re.compile(r"[0#?](,{1,4})(?![0#?,])")
_SCALE_WORD = re.compile(r"\s*([^\W\d_]{1,9})\.?(?![^\W\d_])(.*)", re.DOTALL)
_SCALES = (
    (frozenset({"k", "th", "ths", "thou", "tsd", "thousand"}), "thousand"),
    (frozenset({"m", "mm", "mn", "mln", "mio", "mil", "million", "millions"}), "million"),
    (frozenset({"b", "bn", "bln", "mrd", "billion", "billions"}), "billion"),
)
_COMPARED = {
    "<": Decimal.__lt__, "<=": Decimal.__le__, ">": Decimal.__gt__, ">=": Decimal.__ge__,
    "=": Decimal.__eq__, "<>": Decimal.__ne__,
}  # fmt: skip


@dataclass(slots=True)
class _Section:
    """One of the up to four parts of a format: words, placeholders of digits, words."""

    before: str = ""
    digits: str = ""
    after: str = ""
    bare: str = ""
    condition: str = ""

    def add(self, words: str) -> None:
        if self.digits:
            self.after += words
        else:
            self.before += words

    def is_met(self, value: Decimal) -> bool:
        sign = self.condition.rstrip("-.0123456789")
        return not sign or _COMPARED[sign](value, Decimal(self.condition[len(sign) :]))


def show_number(stored: str, format_id: int, code: str, *, is_1904: bool = False) -> str:
    """A stored number as text; what is no number comes back as it is, ``""`` what is hidden.

    >>> show_number("0.034", 10, "")
    '3.4%'
    >>> show_number("45292", 14, "")
    '2024-01-01'
    >>> show_number("1234567", 164, '#,##0,'), show_number("4500000", 164, '0.0,,"m"')
    ('1234.567', '4.5 million')
    """
    try:
        value = Decimal(stored)
    except InvalidOperation:
        return stored[:MAX_DIGITS]
    if not value.is_finite() or abs(value.adjusted()) > MAX_DIGITS:
        return stored[:MAX_DIGITS]
    if code and not code.strip("; "):
        return ""  # how people hide a number
    section, is_signed = _pick(_cut(code), value)
    if format_id in DAY_IDS or _is_day(section.bare, format_id):
        return _show_day(value, is_1904=is_1904) or _plain(value)
    if format_id in PERCENT_IDS:
        return f"{_plain(value * 100)}%"
    return _show(value if is_signed else abs(value), section)


@lru_cache(maxsize=256)
def _cut(code: str) -> tuple[_Section, ...]:
    sections = [_Section()]
    for found in _TOKEN.finditer(code):
        here, kind, text = sections[-1], found.lastgroup, found[0]
        if kind == "end":
            sections.append(_Section())
        elif kind == "condition":
            here.condition = found["condition"]
        elif kind == "digits":
            here.digits += text
            here.after = ""  # words between digits are no unit
            here.bare += text.lower()
        elif kind == "other":
            here.bare += text.lower()
            if text in _BARE_LITERALS:
                here.add(text)
        elif kind is not None:
            here.add(found[kind])
    return tuple(sections)


def _pick(sections: tuple[_Section, ...], value: Decimal) -> tuple[_Section, bool]:
    """The section for a value, and whether the value's sign is still to be shown."""
    first, *others = sections
    if any(one.condition for one in sections[:2]):
        return next((one for one in sections[:3] if one.is_met(value)), sections[-1]), True
    second = others[0] if others else first
    if value >= 0 or not second.digits:
        return first, True
    words, usual = (
        "".join(sign for sign in one.before + one.after if sign.isalpha())
        for one in (second, first)
    )
    return second, not words or words == usual  # else the words say that it is less


def _show(value: Decimal, section: _Section) -> str:
    if "%" in section.bare:
        return f"{_plain(value * 100)}%"
    is_time = "general" not in section.bare and any(sign in section.bare for sign in "hs")
    if is_time or not section.digits:
        return _plain(value)
    before, after = _tidy(section.before), _tidy(section.after, is_behind=True)
    scale = _SCALE.search(section.digits)
    if scale:
        value /= Decimal(1000) ** len(scale[1])
        after = _write_out(after, len(scale[1]))
    sign = "-" if value < 0 else ""
    return f"{sign}{before}{_plain(abs(value))}{after}"


def _tidy(words: str, *, is_behind: bool = False) -> str:
    """Words with a letter or sign of a unit in them, parted from the digits where they need it."""
    bare = " ".join(words.split()).strip(" ()+-")
    if not bare or not any(sign.isalpha() or sign in "$€£¥₹°%‰₽₩₺₴" for sign in bare):
        return ""
    if is_behind:
        return f" {bare}" if words[:1].isspace() else bare
    return f"{bare} " if bare[-1].isalpha() or bare[-1] in ":." else bare


def _write_out(after: str, thousands: int) -> str:
    """``m`` behind a figure in millions is *million*, not metre."""
    word = _SCALE_WORD.match(after)
    if word is None or thousands > len(_SCALES):
        return after
    signs, name = _SCALES[thousands - 1]
    return f" {name}{word[2]}" if word[1].lower() in signs else after


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
