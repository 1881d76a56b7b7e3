"""Money: which currency a sign, a code or a name stands for.

Promises ISO 4217 codes where the country is written out, and an open code with a
question mark ("$?", "Rs?", "peso?") where several countries share the name and nothing
in the text decides. Refuses to convert, and to guess the country from the size of a sum.
"""

from __future__ import annotations

from dataclasses import dataclass

from claims.text.numbers.currency_rows import ROWS, SMALL_ROWS
from claims.text.numbers.scales import SCALES
from claims.text.numbers.tokens import Tokens, word_set


@dataclass(frozen=True, slots=True)
class Currency:
    """``code`` is ISO 4217 or ends in ``?``; ``name`` is the singular in lower case."""

    code: str
    name: str


_OPEN = {
    "dollar": Currency("$?", "dollar"), "buck": Currency("$?", "dollar"),
    "rupee": Currency("Rs?", "rupee"), "peso": Currency("peso?", "peso"),
    "franc": Currency("franc?", "franc"), "dinar": Currency("dinar?", "dinar"),
    "krone": Currency("krone?", "krone"), "kroner": Currency("krone?", "krone"),
    "rial": Currency("rial?", "rial"), "riyal": Currency("riyal?", "riyal"),
    "dirham": Currency("dirham?", "dirham"), "shilling": Currency("shilling?", "shilling"),
    "kwacha": Currency("kwacha?", "kwacha"),
}  # fmt: skip
_SUB = {
    form: Currency(row.split("|")[0], row.split("|")[1].split(",")[0])
    for row in SMALL_ROWS.strip().splitlines()
    for form in row.split("|")[1].split(",")
}
DOLLAR = _OPEN["dollar"]
_BY_CODE: dict[str, Currency] = {}
_BY_SIGN: dict[str, Currency] = {
    "$": DOLLAR, "Rs": _OPEN["rupee"], "Re": _OPEN["rupee"], "Sh": _OPEN["shilling"],
    "Shs": _OPEN["shilling"], "kr": _OPEN["krone"], "Kr": _OPEN["krone"],
}  # fmt: skip
_BY_WORD: dict[str, Currency] = {}
AMBIGUOUS_WORDS = frozenset(
    {"won", "real", "sol", "som", "lev", "lek", "dram", "kip", "lei", "nis", "pula"}
)
_FAMILY = {"$?": "dollar", "Rs?": "rupee", "peso?": "peso", "franc?": "franc", "dinar?": "dinar",
           "krone?": "krone", "rial?": "rial", "riyal?": "riyal", "dirham?": "dirham",
           "shilling?": "shilling", "kwacha?": "kwacha"}  # fmt: skip


def _plural(word: str) -> tuple[str, ...]:
    return word, f"{word}s"


def _fill() -> None:
    for row in ROWS.strip().splitlines():
        code, name, nations, words, signs, plurals = (*row.split("|"), "", "", "", "")[:6]
        currency = Currency(code, name)
        _BY_CODE[code] = currency
        for sign in filter(None, signs.split(",")):
            _BY_SIGN[sign] = currency
        for word in filter(None, words.split(",")):
            for form in _plural(word):
                _BY_WORD[form] = currency
        unit = "dollar" if code == "USD" else name.rsplit(" ", 1)[-1]
        unit = "pound" if code == "GBP" else unit
        for nation in filter(None, nations.split(",")):
            for form in (*_plural(unit), *filter(None, plurals.split(","))):
                _BY_WORD[f"{nation} {form}"] = currency
    _BY_WORD["pounds sterling"] = _BY_CODE["GBP"]
    _BY_WORD["pound sterling"] = _BY_CODE["GBP"]
    for word, currency in _OPEN.items():
        for form in _plural(word):
            _BY_WORD[form] = currency
    _BY_WORD.update(_SUB)
    _BY_CODE["RMB"], _BY_CODE["NIS"] = _BY_CODE["CNY"], _BY_CODE["ILS"]


_fill()
_LONGEST_NAME = max(map(len, _BY_WORD))
_NOT_A_COUNTRY = frozenset(("a", "and", "or", "in", "of", "to", "for", "the", "us"))
POUND = _BY_CODE["GBP"]
_LOWER_CODES = {code: code.upper() for code in ("usd", "eur", "gbp", "rmb", "pkr", "inr", "cny")}
CENTS = frozenset(word for word in _SUB if " " not in word) | {"c", "sens"}
_SIGN_MARKS = frozenset("$€£¥₹₩₪₽₴₺₱฿₫₦৳₸₮₡₿₵₲₭₾֏₼؋៛﷼")
# One capital glued to a number is money only with a scale or with groups: "R1.5 billion",
# "N25,000"; "R500" and "N95" are names of things.
_LETTERS = {"R": "ZAR", "N": "NGN", "P": "peso", "K": "kwacha"}
# Codes that are also words in capitals, and what takes them for a currency after a number.
_CODES_LIKE_WORDS = word_set(
    "ALL TOP CUP MAD COP PEN SOS MOP GEL BAM TRY SHP STN SLE BOB MUR LAK KID ETH"
)
_WORDS_WITH_POINT = word_set("rs re sfr fr tk ksh kshs sh shs ush ushs tsh tshs nu")
_SMALL_WORDS = word_set(
    """per a an and or for to from in at by of on with over during as was were is are had has have
    would will could each every more less after before while but so than"""
)
# The same before a number, where they name lists, events and things: "the TOP 10", "COP 28".
_NAMES_OF_THINGS = word_set("ALL TOP CUP COP SOS MOP SIT CVE ETH KID BAM SCR STN SHP SLE BOB KGS")
_GLUED_SCALES = word_set("k m mn mln b bn bln tn trn")
_SIGNS_AFTER = word_set("RM Rs Rp Tk Kč zł Dhs FCFA CFA KSh Ksh Kshs kr TL")
PREFIX_MARKS = _SIGN_MARKS | {
    "rs",
    "re",
    "rp",
    "rm",
    "tk",
    "ps",
    "dh",
    "dhs",
    "sr",
    "ksh",
    "sfr",
    "=",
}


def certain(code: str) -> Currency | None:
    """The currency of an ISO code, ``None`` where it is not known."""
    return _BY_CODE.get(code)


def settle(currency: Currency, home: Currency | None) -> Currency:
    """``home`` where the open ``currency`` is of its family ("$?" at home in Australia is AUD)."""
    if home and home.name.endswith(_FAMILY.get(currency.code, "\0")):
        return home
    return currency


def match_before(tokens: Tokens, at: int) -> tuple[Currency, int] | None:
    """The sign or code written just before token ``at``; gives it and its first token.

    "US$ 5", "HK $5", "$5", "Rs. 5", "EUR 5", "AUD5"; a sign with a country glued to it
    or one space before it ("HK $3.7 billion") is one sign.
    """
    last = at - 1
    if last < 0:
        return None
    word = tokens.words[last]
    if word == "." and tokens.low(last - 1) in _WORDS_WITH_POINT:
        last -= 1
        word = tokens.words[last]
    if word == "=" and tokens.raw(last - 1) == "Y" and tokens.touches(last):
        return _BY_SIGN["Y="], last - 1
    if word in _SIGN_MARKS:
        return _match_sign(tokens, last)
    if currency := _BY_CODE.get(word) or _BY_CODE.get(_LOWER_CODES.get(word, "")):
        return (currency, last) if word not in _NAMES_OF_THINGS or _is_sum(tokens, at) else None
    if word == "¢" and tokens.raw(last - 1) == "GH" and tokens.touches(last):
        return _BY_CODE["GHS"], last - 1
    if word in ("PS", "B$") and not tokens.touches(at):
        return None
    if word in _LETTERS:
        return _match_letter(tokens, last)
    if currency := _BY_SIGN.get(word):
        return currency, last
    return (_BY_SIGN["Rs"], last) if tokens.lowers[last] == "rs" else None


def _is_sum(tokens: Tokens, at: int) -> bool:
    """Whether the number at token ``at`` has a scale or grouped digits."""
    is_scaled = tokens.low(at + 1) in SCALES or (
        tokens.touches(at + 1) and tokens.low(at + 1) in _GLUED_SCALES
    )
    return is_scaled or ("," in tokens.words[at] and len(tokens.words[at]) > 4)


def _match_letter(tokens: Tokens, last: int) -> tuple[Currency, int] | None:
    at = last + 1
    if not tokens.touches(at) or (last and tokens.touches(last) and tokens.low(last - 1) in "-/_"):
        return None
    if not _is_sum(tokens, at):
        return None
    code = _LETTERS[tokens.words[last]]
    return (_OPEN.get(code) or _BY_CODE[code]), last


def _match_sign(tokens: Tokens, last: int) -> tuple[Currency, int]:
    sign = tokens.words[last]
    if sign == "$":
        for first in (last - 1, last - 4):
            if first < 0 or tokens.starts[last] - tokens.starts[first] > 5:
                continue
            if first == last - 1 and not tokens.touches(last) and len(tokens.words[first]) < 2:
                continue  # "A $75 million loan" is not in Australian dollars
            country = tokens.text[tokens.starts[first] : tokens.ends[last]].replace(" ", "")
            if currency := _BY_SIGN.get(country) or (
                _BY_SIGN.get(country.upper()) if "." in country else None
            ):
                return currency, first
        if currency := _BY_CODE.get(tokens.raw(last - 1)):
            return currency, last - 1
    elif tokens.touches(last) and tokens.words[last - 1] in ("UK", "GB", "JP", "CN", "RMB"):
        code = {"UK": "GBP", "GB": "GBP", "JP": "JPY"}.get(tokens.words[last - 1], "CNY")
        return _BY_CODE[code], last - 1
    elif tokens.touches(last) and (currency := _BY_SIGN.get(tokens.raw(last - 1) + sign)):
        return currency, last - 1
    return _BY_SIGN[sign], last


def match_after(tokens: Tokens, at: int) -> tuple[Currency, int] | None:
    """The currency name, code or sign written from token ``at``; gives it and the next token."""
    at += tokens.low(at) == "-" and tokens.touches(at)
    if at >= tokens.count:
        return None
    for size in (5, 4, 3, 2):
        end = at + size
        if end <= tokens.count and tokens.ends[end - 1] - tokens.starts[at] <= _LONGEST_NAME:
            written = tokens.text[tokens.starts[at] : tokens.ends[end - 1]].lower()
            if currency := _BY_WORD.get(written):
                return currency, end
    word, lower = tokens.words[at], tokens.lowers[at]
    if lower == "euro" and tokens.low(at + 1) in ("cent", "cents"):
        return _SUB["cent"], at + 2
    may_be_country = word.isalpha() and lower not in _NOT_A_COUNTRY and lower not in _BY_WORD
    if may_be_country and (named := _OPEN.get(tokens.low(at + 1).removesuffix("s"))):
        return named, at + 2
    if currency := _code_after(tokens, at) or _BY_WORD.get(lower):
        return (currency, at + 1) if lower != "p" or word == "p" else None
    if tokens.raw(at + 1) == "$" and (currency := _BY_SIGN.get(f"{word}$")):
        return (currency, at + 2) if not tokens.is_number(at + 2) else None
    if word in _SIGNS_AFTER:
        return (_BY_SIGN[word], at + 1) if not tokens.is_number(at + 1) else None
    if word in _SIGN_MARKS and (tokens.touches(at) or not tokens.is_number(at + 1)):
        return _BY_SIGN[word], at + 1
    return None


def _code_after(tokens: Tokens, at: int) -> Currency | None:
    word = tokens.words[at]
    if word == "KGS" and not tokens.low(at - 1).endswith("illion"):
        return None  # kilograms, in capitals
    following = tokens.low(at + 1)
    if word in _CODES_LIKE_WORDS and following[:1].isalpha() and following not in _SMALL_WORDS:
        before = tokens.words[at - 1]
        if before.isdecimal() and len(before) < 4:
            return None
    return _BY_CODE.get(word) or _BY_CODE.get(_LOWER_CODES.get(word, ""))
