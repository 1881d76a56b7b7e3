"""One quantity from one place: the number, its sign or unit, its range, or why it is none.

Promises a draft, or the token to go on from where the digits count nothing, or ``None``.
"""

from __future__ import annotations

from dataclasses import replace

from claims.text.numbers import currencies, exclusions, hedges, nouns, units
from claims.text.numbers.drafts import Draft
from claims.text.numbers.numerals import LETTER_SCALES, SMALL, Numeral, read_numeral
from claims.text.numbers.tokens import Tokens, word_set
from claims.text.numbers.units import Unit
from claims.vocabulary import Bound
from claims.vocabulary import QuantityKind as Kind

_RESOLUTIONS = frozenset((2.0, 4.0, 5.0, 8.0))
_ORDINAL_ENDS = frozenset(("st", "nd", "rd", "th"))
_RANGE_MARKS = frozenset(("-", "–", "—", "to", "through", "~"))
_ONE_IDIOMS = word_set("""day thing way hand side point another time who that which by to can could may might must
    should would will has is was more or and reason example case in on at""")
_SCREEN_WORDS = word_set(
    "screen display tv monitor wheels alloy tablet pipe laptop vinyl panel phone touchscreen"
)


def read_draft(tokens: Tokens, at: int, *, floor: int) -> Draft | int | None:
    """The quantity whose number begins at token ``at``; ``floor`` is where the last one ended.

    Gives the next token instead where the digits count nothing, ``None`` to try the next.
    """
    if tokens.lowers[at] in units.FOLDS:
        return _from_fold(tokens, at)
    is_digits = tokens.is_number(at)
    money = currencies.match_before(tokens, at) if at > floor else None
    if money and money[1] < floor:
        money = None
    if is_digits and (skipped := _skip(tokens, at, has_money=money is not None)):
        return skipped
    numeral = read_numeral(tokens, at, is_money=money is not None)
    if numeral is None:
        return at + 1 if is_digits else None
    if ratio := _read_ratio(tokens, numeral):
        return ratio
    if _is_name(tokens, numeral, has_money=money is not None):
        return numeral.last
    draft = _draft(tokens, numeral, money, floor)
    draft = _with_range(tokens, draft, numeral, floor)
    if draft.currency is not None:
        _take_cents(tokens, draft)
    if draft.has_unit or _stands_alone(tokens, draft, numeral):
        return draft
    return max(draft.last, at + 1)


def _skip(tokens: Tokens, at: int, *, has_money: bool) -> int | None:
    """The next token where the digits at ``at`` are no number of anything."""
    if end := exclusions.clock_end(tokens, at) or exclusions.named_end(tokens, at):
        return end
    if tokens.low(at + 1) in _ORDINAL_ENDS and tokens.touches(at + 1):
        return at + 2
    if has_money:
        return None
    if end := exclusions.glued_end(tokens, at):
        return end
    if end := exclusions.score_end(tokens, at):
        return end
    if tokens.low(at + 1) == "s" and tokens.touches(at + 1) and tokens.words[at][-1] == "0":
        return at + 2
    return at + 1 if exclusions.is_list_marker(tokens, at) else None


def _take_cents(tokens: Tokens, draft: Draft) -> None:
    """ "20 dollars and 43 cents" is one amount."""
    at = draft.last + (tokens.low(draft.last) == "and")
    if draft.value is None or draft.rate or draft.symbol in ("cent", "GBX"):
        return
    cents = read_numeral(tokens, at) if at < tokens.count and _begins_number(tokens, at) else None
    if cents is None or not 0 < cents.value < 100 or cents.value != int(cents.value):
        return
    end = cents.last + (tokens.low(cents.last) in currencies.CENTS)
    if end > cents.last:
        draft.value, draft.last = draft.value + cents.value / 100, end


def _is_name(tokens: Tokens, numeral: Numeral, *, has_money: bool) -> bool:
    """ "4K" is a resolution, "one day" an idiom, "PS4" no sum of money."""
    before = tokens.raw(numeral.first - 1)
    if has_money:
        return before == "PS" and numeral.is_plain_integer and numeral.value < 6
    if tokens.raw(numeral.last) == "K" and tokens.touches(numeral.last):
        return numeral.value in _RESOLUTIONS
    if numeral.form == "words" and tokens.low(numeral.last) == "," and numeral.value < 11:
        return tokens.low(numeral.first - 1) in ("", ".", "!", "?") and not numeral.has_scale
    if tokens.low(numeral.last) == "-":
        if numeral.value == 0 or tokens.low(numeral.last + 1) in ("figure", "way"):
            return True
    if numeral.value == 1 and numeral.form == "words" and tokens.low(numeral.last) == "day":
        return tokens.low(numeral.first - 1) not in _MEASURED_DAY
    return False


_MEASURED_DAY = word_set("in within for than least after only just every about last of over under")


def _from_fold(tokens: Tokens, at: int) -> Draft:
    value = units.FOLDS[tokens.lowers[at]]
    unit = units.TIMES
    return Draft(
        at, at + 1, value, None, None, unit.symbol, unit.name, unit.kind, "words", has_unit=True
    )


def _read_ratio(tokens: Tokens, numeral: Numeral) -> Draft | None:
    """ "one in five", "7 out of 10", "one out of every three"."""
    at = numeral.last
    if numeral.form not in ("digits", "words") or numeral.value != int(numeral.value):
        return None
    if numeral.value == 1 and tokens.low(at + 1) == "in" and tokens.raw(at).islower():
        at += 1  # "one bird in eight"
    if tokens.low(at) == "-" and tokens.low(at + 1) == "in" and tokens.low(at + 2) == "-":
        at += 1
    word = tokens.low(at)
    if word == "out" and tokens.low(at + 1) == "of":
        at += 2
    elif word == "in":
        at += 1 + (tokens.low(at + 1) == "-")
    else:
        return None
    at += tokens.low(at) in ("every", "each")
    whole = read_numeral(tokens, at) if at < tokens.count else None
    if whole is None or whole.form not in ("digits", "words", "article"):
        return None
    if not 0 < numeral.value < whole.value or (whole.is_plain_integer and whole.value >= 1900):
        return None
    if tokens.low(whole.last) in units.DURATION_WORDS or tokens.low(whole.last) == "%":
        return None
    if word == "in" and units.match_unit(tokens, whole.last):
        return None
    counted = nouns.match_counted(tokens, whole.last, is_one=False, after_of=False)
    draft = Draft(
        numeral.first,
        whole.last,
        numeral.value / whole.value,
        None,
        None,
        "1",
        "",
        Kind.RATIO,
        "words",
    )
    draft.has_unit = True
    if counted:
        draft.of_what = tokens.text[tokens.starts[counted.first] : tokens.ends[counted.last - 1]]
    return draft


def _draft(
    tokens: Tokens, numeral: Numeral, money: tuple[currencies.Currency, int] | None, floor: int
) -> Draft:
    """The number with its sign, currency, unit or counted noun."""
    first = money[1] if money else numeral.first
    is_vague = numeral.low is not None
    draft = Draft(
        first, numeral.last, None if is_vague else numeral.value, numeral.low, numeral.high,
        "1", "", Kind.RATIO if numeral.form == "fraction" else Kind.NUMBER, numeral.form,
    )  # fmt: skip
    if numeral.form == "dozens":
        draft.bound = Bound.AT_LEAST
    _take_sign(tokens, draft, floor)
    if money:
        draft.take_currency(money[0])
        _take_money_tail(tokens, draft)
    else:
        _take_unit(tokens, draft, numeral)
    return draft


def _take_sign(tokens: Tokens, draft: Draft, floor: int) -> None:
    at = draft.first - 1
    word = tokens.low(at)
    if at < floor or draft.value is None:
        return
    if word == "minus" and tokens.low(at - 1) == "or":
        return
    if word in ("minus", "negative"):
        draft.is_negative = True
    elif word in ("-", "–", "+") and tokens.touches(draft.first):
        if tokens.touches(at) and tokens.low(at - 1) not in ("(", "$", "£", "€", "—", "/"):
            return
        if word == "+":
            draft.has_plus = True
        elif word == "-" or not tokens.is_number(at - 1):
            draft.is_negative = True
    else:
        return
    draft.first = at
    if draft.is_negative:
        draft.value = -draft.value


def _take_money_tail(tokens: Tokens, draft: Draft) -> None:
    """A name that repeats the sign ("$5 million USD") and a rate ("a barrel")."""
    assert draft.currency is not None
    after = currencies.match_after(tokens, draft.last)
    if (
        after
        and currencies.settle(draft.currency, after[0]) is after[0]
        and "?" not in after[0].code
    ):
        draft.last = after[1]
        draft.take_currency(after[0])
    _take_rate(tokens, draft)


def _take_rate(tokens: Tokens, draft: Draft) -> None:
    if rate := units.match_rate(tokens, draft.last):
        draft.rate = (rate[0], rate[1])
        draft.last = rate[2]
        if draft.currency:
            draft.take_currency(draft.currency)
        else:
            draft.symbol, draft.name = f"{draft.symbol}/{rate[0]}", f"{draft.name} per {rate[1]}"


def _take_unit(tokens: Tokens, draft: Draft, numeral: Numeral) -> None:
    at = _noun_place(tokens, numeral.last)
    if numeral.form == "vague" or numeral.form == "dozens" or numeral.form == "fraction":
        at += tokens.low(at) == "of" and numeral.form != "fraction"
    if numeral.form == "fraction":
        step = at + (tokens.low(at) == "of")
        step += tokens.low(step) in ("a", "an")
        if (
            step > at
            and (whole := units.match_unit(tokens, step))
            and whole[0].kind is not Kind.DURATION
        ) or (step == at + 1 and tokens.low(at) != "of" and units.match_unit(tokens, step)):
            at = step
    if scaled := _lettered_money(tokens, at, numeral):
        draft.value, at = numeral.value * scaled, at + 1
    if after := _currency_after(tokens, at, numeral):
        draft.last = after[1]
        draft.take_currency(after[0])
        _take_rate(tokens, draft)
        return
    if found := _unit_after(tokens, at, numeral):
        unit, end = found
        draft.symbol, draft.name, draft.kind = unit.symbol, unit.name, unit.kind
        draft.last, draft.has_unit = end, True
        _take_age(tokens, draft)
        if draft.kind not in (Kind.PERCENT, Kind.AGE):
            _take_rate(tokens, draft)
        return
    _take_counted(tokens, draft, numeral)


def _noun_place(tokens: Tokens, at: int) -> int:
    """Past a bound that stands before the noun: "50 plus points", "10 or more people"."""
    hedge = hedges.match_right(tokens, at)
    return hedge.last if hedge and tokens.raw(hedge.last)[:1].isalpha() else at


def _lettered_money(tokens: Tokens, at: int, numeral: Numeral) -> float | None:
    """The million in "1.5m euros"; "1.5m" alone is a length."""
    if numeral.form != "digits" or numeral.has_scale or not tokens.touches(at):
        return None
    scale = LETTER_SCALES.get(tokens.low(at))
    if not scale:
        return None
    unit = units.match_unit(tokens, at + 1) if tokens.raw(at + 1)[:2].isalpha() else None
    return scale if currencies.match_after(tokens, at + 1) or (unit and unit[1] > at + 2) else None


def _currency_after(
    tokens: Tokens, at: int, numeral: Numeral
) -> tuple[currencies.Currency, int] | None:
    after = currencies.match_after(tokens, at)
    if after is None:
        if tokens.low(at) in ("pound", "pounds") and numeral.value >= 1e6:
            return currencies.POUND, at + 1
        return None
    word = tokens.low(at)
    if word in currencies.AMBIGUOUS_WORDS and numeral.value < 100:
        return None
    if word in ("cent", "p") and tokens.words[at] != word:
        return None
    return after


def _unit_after(tokens: Tokens, at: int, numeral: Numeral) -> tuple[Unit, int] | None:
    step = at + (tokens.low(at) == "-" and tokens.touches(at))
    word, lower = tokens.raw(step), tokens.low(step)
    if lower in ("times", "time") and (lower == "times" or step > at):
        return units.TIMES, step + 1
    if lower == "fold" or (
        lower == "x" and tokens.touches(step) and _is_multiple(tokens, step, numeral)
    ):
        return units.TIMES, step + 1
    found = units.match_unit(tokens, at)
    if found is None:
        return _inches(tokens, at)
    if len(word) == 1 and found[1] == step + 1 and not _letter_is_unit(tokens, step, numeral):
        return None
    if tokens.low(found[1]) == "/" and tokens.touches(found[1]):
        if over := units.match_unit(tokens, found[1] + 1):
            unit, under = found[0], over[0]
            return Unit(
                f"{unit.symbol}/{under.symbol}", f"{unit.name} per {under.name}", Kind.MEASURE
            ), over[1]
    return found


def _is_multiple(tokens: Tokens, at: int, numeral: Numeral) -> bool:
    """ "10x", not "3440x1440" or "777x jets"."""
    return numeral.value <= 100 and not tokens.is_number(at + 1)


def _inches(tokens: Tokens, at: int) -> tuple[Unit, int] | None:
    if tokens.low(at) == "in" and tokens.low(at + 1) in (
        "thick",
        "long",
        "wide",
        "tall",
        "diameter",
    ):
        return units.INCH, at + 1
    return None


def _letter_is_unit(tokens: Tokens, at: int, numeral: Numeral) -> bool:
    """Whether one letter or mark after a number is its unit: "37m", "5 W", "30'"; not "5G"."""
    word, following = tokens.words[at], tokens.low(at + 1)
    touches = tokens.touches(at)
    if numeral.form != "digits":
        return word in ("%", "°")
    if word in ("%", "°", "º"):
        return True
    if word in ("'", '"'):
        if not touches or (tokens.touches(at + 1) and following[:1].isalnum()):
            return False
        if word == '"':
            return following in _SCREEN_WORDS
        return "'" not in tokens.lowers[max(at - 40, 0) : at] and following[:1].isalpha()
    if word == "m" and following and nouns.is_plural(following) and tokens.raw(at + 1).islower():
        return False
    if touches and tokens.touches(at + 1) and following[:1].isalnum():
        return False
    return touches or word in ("m", "g", "l", "L", "W", "V", "t", "K", "h", "J", "N")


def _take_age(tokens: Tokens, draft: Draft) -> None:
    """ "65-year-old", "18 years old", "30 years of age"."""
    if draft.symbol not in ("year", "month", "week", "d"):
        return
    at = draft.last
    at += tokens.low(at) in ("-", "–")
    if tokens.low(at) in ("old", "olds"):
        draft.last = at + 1
    elif tokens.low(at) == "of" and tokens.low(at + 1) == "age":
        draft.last = at + 2
    else:
        return
    draft.kind = Kind.AGE
    draft.name = f"{draft.name} of age"


def _is_pronoun(tokens: Tokens, first: int, at: int) -> bool:
    """ "no one", "the one who", "one day he": the word counts nothing."""
    if tokens.lowers[first] != "one":
        return False
    return tokens.low(at) in _ONE_IDIOMS or tokens.low(first - 1) in _BEFORE_PRONOUN


_BEFORE_PRONOUN = word_set(
    "no any every some this that the each which another good big great new only number day"
)


def _lettered_scale(tokens: Tokens, at: int, numeral: Numeral) -> float | None:
    """The million in "5m homes"; "5500M chipset" is a model."""
    if (
        numeral.form != "digits"
        or not tokens.touches(at)
        or exclusions.is_label(tokens, numeral.first)
    ):
        return None
    following = tokens.raw(at + 1)
    if (
        following[:1].isalpha()
        and not nouns.is_plural(following)
        and following.lower() not in nouns.STOP
    ):
        return None
    return LETTER_SCALES.get(tokens.low(at)) if tokens.low(at) != "t" else None


_AGE_WORDS = frozenset(("aged", "ages", "age"))


def _take_bare_age(tokens: Tokens, draft: Draft, numeral: Numeral) -> bool:
    """ "aged 65", "Senard, 65, now", "life expectancy … is around 73"."""
    at = draft.first
    if draft.value is None or not 0 < draft.value < 130 or numeral.has_scale:
        return False
    before = tokens.low(at - 1)
    is_age = before in _AGE_WORDS or (before == "of" and tokens.low(at - 2) == "age")
    if not is_age and before == "," and tokens.words[at].isdecimal() and len(tokens.words[at]) == 2:
        name = tokens.raw(at - 2)
        is_age = (
            name[:1].isupper() and name.isalpha() and tokens.low(draft.last) in (",", ".", ")", ";")
        )
    if not is_age and before == "," == tokens.low(draft.last) and 17 < draft.value < 106:
        is_age = tokens.raw(at - 2).strip('"').isalpha() and numeral.is_plain_integer
    if not is_age:
        window = tokens.lowers[max(at - 10, 0) : at]
        is_age = "expectancy" in window or (
            "age" in window and before in ("is", "was", "around", "about")
        )
    if not is_age and before == "at" and tokens.low(draft.last) == ",":
        is_age = tokens.low(draft.last + 1) in ("he", "she")
    if is_age:
        draft.symbol, draft.name, draft.kind, draft.has_unit = "year", "year of age", Kind.AGE, True
    return is_age


def _take_counted(tokens: Tokens, draft: Draft, numeral: Numeral) -> None:
    if numeral.form == "fraction":
        return
    at = _noun_place(tokens, numeral.last)
    is_mass = numeral.form in ("vague", "dozens") or numeral.has_scale
    if scale := _lettered_scale(tokens, at, numeral):
        draft.value, at = numeral.value * scale, at + 1
        draft.last, draft.has_unit = at, True
    is_one = numeral.value == 1 and not numeral.has_scale
    if is_one and _is_pronoun(tokens, draft.first, at):
        return
    counted = nouns.match_counted(tokens, at, is_one=is_one, after_of=is_mass or is_one)
    if counted is None:
        _take_bare_age(tokens, draft, numeral)
        return
    draft.counted = tokens.text[tokens.starts[counted.first] : tokens.ends[counted.last - 1]]
    draft.counted_last = counted.last
    draft.symbol, draft.name, draft.kind = "1", counted.head, Kind.COUNT
    draft.has_unit = draft.has_unit or not _is_name_like(tokens, draft, numeral)
    if rate := units.match_rate(tokens, counted.last):
        draft.rate = (rate[0], rate[1])
        draft.symbol, draft.name = f"1/{rate[0]}", f"{counted.head} per {rate[1]}"


def _is_name_like(tokens: Tokens, draft: Draft, numeral: Numeral) -> bool:
    """ "iPhone 11 cameras": the digits belong to the name before them."""
    if (
        numeral.form != "digits"
        or not numeral.is_plain_integer
        or len(tokens.words[numeral.first]) > 3
    ):
        return False
    return exclusions.is_label(tokens, draft.first)


def _with_range(tokens: Tokens, draft: Draft, numeral: Numeral, floor: int) -> Draft:
    """Join "5 to 10 km", "$10-$15 billion", "between 50 and 70"."""
    at = draft.last
    word = tokens.low(at)
    before = tokens.low(draft.first - 1)
    opened = before in ("between", "from") or tokens.low(draft.first - 2) in ("between", "from")
    if word == "or" and numeral.form == "words" and not draft.has_unit and numeral.value < 20:
        word, opened = "-", True
    is_between = word == "and" and (before == "between" or tokens.low(draft.first - 2) == "between")
    if (
        not (word in _RANGE_MARKS or is_between)
        or draft.value is None
        or numeral.form == "fraction"
    ):
        return draft
    if word == "-" and tokens.low(at + 1) == "to" and tokens.low(at + 2) == "-":
        at, word = at + 2, "to"
    if tokens.low(at) in ("-", "–") and tokens.touches(at) != tokens.touches(at + 1):
        return draft
    start = at + 1
    while start < at + 4 and tokens.low(start) in ("about", "around", "~", "nearly", "as", "much"):
        start += 1
    step = start
    while step < start + 4 and not _begins_number(tokens, step) and _is_money_mark(tokens, step):
        step += 1
    sign = tokens.low(step) == "-" and tokens.touches(step + 1) and not tokens.touches(step)
    step += sign
    if step >= tokens.count or not _begins_number(tokens, step):
        return draft
    money = currencies.match_before(tokens, step) if step > start + sign else None
    later = read_numeral(tokens, step, is_money=money is not None or draft.currency is not None)
    if later is None or later.low is not None or later.form == "fraction":
        return draft
    if tokens.low(later.last) in _ORDINAL_ENDS or exclusions.clock_end(tokens, step):
        return draft
    other = _draft(tokens, later, money, at + 1)
    return _merged(
        tokens, draft, other, (numeral, later), is_opened=opened or word not in ("to", "through")
    )


def _begins_number(tokens: Tokens, at: int) -> bool:
    return (
        tokens.is_number(at)
        or tokens.low(at) in SMALL
        or tokens.low(at)
        in (
            "half",
            "a",
            "twenty",
            "thirty",
            "forty",
            "fifty",
            "sixty",
            "seventy",
            "eighty",
            "ninety",
        )
    )


def _is_money_mark(tokens: Tokens, at: int) -> bool:
    word = tokens.raw(at)
    return tokens.low(at) in currencies.PREFIX_MARKS or (word.isupper() and len(word) <= 3)


def _merged(
    tokens: Tokens, draft: Draft, other: Draft, parts: tuple[Numeral, Numeral], *, is_opened: bool
) -> Draft:
    numeral, later = parts
    if draft.value is None or other.value is None:
        return draft
    low, high = draft.value, other.value
    same_unit = draft.symbol == other.symbol or (
        draft.currency is not None and draft.currency is other.currency
    )
    if draft.kind is Kind.AGE and other.kind is Kind.NUMBER:
        same_unit = is_opened = True
    takes_later = not draft.has_unit or (draft.currency is not None and not other.has_unit)
    if draft.has_unit and other.has_unit and not same_unit:
        if not (draft.kind is Kind.COUNT and other.kind is Kind.COUNT and not draft.counted):
            return draft
    if not (same_unit or takes_later):
        return draft
    if later.has_scale and not numeral.has_scale and low < later.value / 100 and low < 1000:
        low *= _scale_of(tokens, later)
    if not is_opened and not (draft.has_unit or other.has_unit):
        return draft
    if not is_opened and draft.kind is Kind.COUNT:
        return draft
    chosen = other if not draft.has_unit or (other.has_unit and not draft.currency) else draft
    merged = replace(chosen, first=draft.first, last=other.last, value=None)
    merged.low, merged.high = min(low, high), max(low, high)
    if other.rate and merged.currency:
        merged.rate = other.rate
        merged.take_currency(merged.currency)
    merged.is_negative = draft.is_negative and other.is_negative
    return merged


def _scale_of(tokens: Tokens, later: Numeral) -> float:
    """The scale that "billion" lends to the 10 of "$10 to $15 billion"."""
    bare = read_numeral(Tokens(tokens.words[later.first]), 0)
    return later.value / bare.value if bare and bare.value else 1.0


_NAMED_ZEROS = word_set("ground net patient day year carbon coke absolute sub hour below")


def _is_half_of_something_else(tokens: Tokens, numeral: Numeral) -> bool:
    """ "cut in half", "the second half", "half-time", "half past": no share is stated."""
    if tokens.lowers[numeral.last - 1] != "half" or numeral.last - numeral.first > 1:
        return False
    before, following = tokens.low(numeral.first - 1), tokens.low(numeral.last)
    return (
        before
        in ("in", "second", "first", "other", "better", "back", "latter", "opening", "by", "final")
        or (following == "-" and tokens.touches(numeral.last))
        or following in ("way", "time", "past", "hearted", "back", "brother", "sister")
    )


def _stands_alone(tokens: Tokens, draft: Draft, numeral: Numeral) -> bool:
    """Whether a number without a unit is a quantity at all."""
    if numeral.form == "fraction":
        return draft.value is not None and not _is_half_of_something_else(tokens, numeral)
    if numeral.form in ("vague", "dozens", "article"):
        return True
    if numeral.has_scale or draft.low is not None:
        return True
    if numeral.form == "words":
        if numeral.value == 0:
            return tokens.low(draft.first - 1) not in _NAMED_ZEROS
        is_number = numeral.value != 1 or draft.is_negative
        return is_number and not exclusions.is_label(tokens, draft.first)
    if tokens.touches(numeral.last) and tokens.raw(numeral.last)[:1].isalpha():
        return False
    if not numeral.is_plain_integer and (
        numeral.value >= 20 or len(tokens.words[numeral.first]) > 4
    ):
        return True
    if numeral.is_plain_integer and exclusions.names_follow(tokens, numeral.last):
        return False
    return not exclusions.is_label(tokens, draft.first)
