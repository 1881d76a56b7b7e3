"""Every spelling of a unit, besides money and counted nouns.

Promises one symbol and one singular English name for every spelling, and the kind of quantity
it makes. Names are lower case throughout. Refuses to read: that is :mod:`.units`.
"""

from __future__ import annotations

from dataclasses import dataclass

from claims.text.numbers.tokens import word_set
from claims.vocabulary import QuantityKind as Kind


@dataclass(frozen=True, slots=True)
class Unit:
    """A canonical unit: ``symbol`` compares, ``name`` is shown."""

    symbol: str
    name: str
    kind: Kind


TIMES = Unit("times", "count", Kind.RATIO)
"""A multiple ("sixfold", "6.5 times earnings") or a number of occurrences."""

_M, _D, _C = Kind.MEASURE, Kind.DURATION, Kind.COUNT
# symbol | name | kind | spellings in lower case, then after ";" those whose case matters
_ROWS: tuple[tuple[str, str, Kind, str], ...] = (
    ("percent", "percent", Kind.PERCENT, "%|percent|per cent|percents|pct|percentage|per-cent;pc"),
    ("percentage_point", "percentage point", Kind.PERCENTAGE_POINT,
     "percentage point|percentage points|percent point|percent points|per cent points"
     "|% points|% point|pp|ppt|ppts|pps|%-point|%-points"),
    ("bp", "basis point", _M, "basis point|basis points|bps;bp"),
    ("s", "second", _D, "second|seconds|sec|secs;s"),
    ("min", "minute", _D, "minute|minutes|min|mins"),
    ("h", "hour", _D, "hour|hours|hr|hrs;h"),
    ("d", "day", _D, "day|days"),
    ("week", "week", _D, "week|weeks|wk|wks"),
    ("fortnight", "fortnight", _D, "fortnight|fortnights"),
    ("month", "month", _D, "month|months|mth|mths"),
    ("year", "year", _D, "year|years|yr|yrs"),
    ("decade", "decade", _D, "decade|decades"),
    ("century", "century", _D, "century|centuries"),
    ("ms", "millisecond", _D, "millisecond|milliseconds;ms"),
    ("µs", "microsecond", _D, "microsecond|microseconds;µs"),
    ("ns", "nanosecond", _D, "nanosecond|nanoseconds;ns"),
    ("ly", "light year", _M, "light year|light years|lightyears"),
    ("in", "inch", _M, 'inch|inches|"|in.'),
    ("ft", "foot", _M, "foot|feet|ft|'"),
    ("yd", "yard", _M, "yard|yards|yd|yds"),
    ("mi", "mile", _M, "mile|miles|mi"),
    ("nmi", "nautical mile", _M, "nautical mile|nautical miles|nmi"),
    ("furlong", "furlong", _M, "furlong|furlongs"),
    ("acre", "acre", _M, "acre|acres"),
    ("ha", "hectare", _M, "hectare|hectares|ha"),
    ("oz", "ounce", _M, "ounce|ounces|oz"),
    ("fl oz", "fluid ounce", _M, "fluid ounce|fluid ounces|fl oz"),
    ("lb", "pound", _M, "lb|lbs"),
    ("st", "stone", _M, "stone"),
    ("t", "metric ton", _M, "metric ton|metric tons|tonne|tonnes|metric tonne|metric tonnes|mt;t"),
    ("ton", "ton", _M, "ton|tons|short ton|short tons|long ton|long tons"),
    ("ct", "carat", _M, "carat|carats|karat|karats"),
    ("gal", "gallon", _M, "gallon|gallons|gal|gals"),
    ("qt", "quart", _M, "quart|quarts"),
    ("pt", "pint", _M, "pint|pints"),
    ("cup", "cup", _M, "cup|cups"),
    ("tbsp", "tablespoon", _M, "tablespoon|tablespoons|tbsp"),
    ("tsp", "teaspoon", _M, "teaspoon|teaspoons|tsp"),
    ("bbl", "barrel", _M, "barrel|barrels|bbl|bbls"),
    ("bbl/d", "barrel per day", _M, "bpd|bopd"),
    ("bushel", "bushel", _M, "bushel|bushels"),
    ("cc", "cubic centimetre", _M, "cc"),
    ("hp", "horsepower", _M, "horsepower|hp|bhp|horses power|horse power"),
    ("PS", "metric horsepower", _M, "metric horsepower;PS|ps"),
    ("lb-ft", "foot pound-force", _M,
     "lb-ft|ft-lb|pound-feet|pound-foot|pound feet|lb ft|foot-pounds|ft-lbs|lb.-ft|foot-pound"),
    ("mph", "mile per hour", _M, "mph|mile per hour|miles per hour|miles an hour|miles-per-hour"),
    ("km/h", "kilometre per hour", _M,
     "km/h|kmh|kph|kmph|kilometre per hour|kilometres per hour|kilometers per hour"
     "|kilometer per hour|km/hr|km per hour|kms per hour|kilometres an hour|kilometers an hour"),
    ("mpg", "mile per gallon", _M, "mpg|miles per gallon|miles to the gallon"),
    ("kn", "knot", _M, "knot|knots"),
    ("fps", "frame per second", _M, "fps|frames per second"),
    ("rpm", "revolution per minute", _M, "rpm|revs per minute|revolutions per minute"),
    ("bpm", "beat per minute", _M, "bpm|beats per minute"),
    ("ppm", "part per million", _M, "ppm|parts per million"),
    ("ppb", "part per billion", _M, "ppb|parts per billion"),
    ("dpi", "dot per inch", _M, "dpi"),
    ("ppi", "pixel per inch", _M, "ppi|pixels per inch"),
    ("Mbps", "megabit per second", _M, "mbps|mbit/s|mb/s|megabits per second"),
    ("Gbps", "gigabit per second", _M, "gbps|gbit/s|gigabits per second"),
    ("px", "pixel", _M, "pixel|pixels|px"),
    ("MP", "megapixel", _M, "megapixel|megapixels|mp|megapixal"),
    ("mAh", "milliampere hour", _M, "mah"),
    ("Ah", "ampere hour", _M, "ampere hour|amp hours|amp-hours;Ah"),
    ("nit", "nit", _M, "nit|nits"),
    ("lm", "lumen", _M, "lumen|lumens"),
    ("dB", "decibel", _M, "decibel|decibels|db|dba"),
    ("cal", "calorie", _M, "calorie|calories|cal|cals"),
    ("kcal", "kilocalorie", _M, "kilocalorie|kilocalories|kcal"),
    ("BTU", "british thermal unit", _M, "btu|btus"),
    ("psi", "pound per square inch", _M, "psi"),
    ("bar", "bar", _M, "bar"),
    ("mmHg", "millimetre of mercury", _M, "mmhg|mm hg"),
    ("Nm", "newton metre", _M, "newton metre|newton metres|newton meters|newton-metres;Nm|nm"),
    ("Wh", "watt hour", _M, "watt hour|watt hours|watt-hours|wh"),
    ("kWh", "kilowatt hour", _M, "kilowatt hour|kilowatt hours|kilowatt-hours|kwh"),
    ("MWh", "megawatt hour", _M, "megawatt hour|megawatt hours|megawatt-hours|mwh"),
    ("GWh", "gigawatt hour", _M, "gigawatt hour|gigawatt hours|gigawatt-hours|gwh"),
    ("TWh", "terawatt hour", _M, "terawatt hour|terawatt hours|terawatt-hours|twh"),
    ("°C", "celsius", Kind.TEMPERATURE,
     "degree celsius|degrees celsius|celsius|°c|° c|deg c|degrees c|degree c|degrees centigrade"
     "|centigrade|degree centigrade|° celsius|ºc"),
    ("°F", "fahrenheit", Kind.TEMPERATURE,
     "degree fahrenheit|degrees fahrenheit|fahrenheit|°f|° f|degrees f|degree f|deg f|ºf"
     "|° fahrenheit"),
    ("K", "kelvin", Kind.TEMPERATURE, "kelvin|kelvins|degrees kelvin"),
    ("°", "degree", _M, "degree|degrees|°|º"),
    ("point", "point", _C, "point|points|pts"),
    ("cylinder", "cylinder", _C, "cylinder|cylinders|cyl"),
    ("eV", "electronvolt", _M, "electronvolt|electronvolts"),
    ("AU", "astronomical unit", _M, "astronomical unit|astronomical units"),
    ("Ω", "ohm", _M, "ohm|ohms"),
    ("N", "newton", _M, "newton|newtons;N"),
    ("M☉", "solar mass", _M, "solar mass|solar masses"),
    ("stitch", "stitch", _C, "stitches"),
)  # fmt: skip
_PREFIXES = (
    ("", ""), ("k", "kilo"), ("M", "mega"), ("G", "giga"), ("T", "tera"), ("P", "peta"),
    ("p", "pico"), ("n", "nano"), ("µ", "micro"), ("m", "milli"), ("c", "centi"),
    ("E", "exa"), ("h", "hecto"), ("d", "deci"),
)  # fmt: skip
# base symbol | name | other spellings | prefixes that are in use
_BASES = (
    ("m", "metre", "meter", "p n µ m c k"),
    ("g", "gram", "gramme", "n µ m k"),
    ("l", "litre", "liter", "µ m c d h"),
    ("W", "watt", "", "m k M G T"),
    ("Hz", "hertz", "", "k M G T"),
    ("B", "byte", "", "k M G T P E"),
    ("b", "bit", "", "k M G T"),
    ("V", "volt", "", "m k M"),
    ("A", "amp", "ampere", "m k"),
    ("J", "joule", "", "k M G"),
    ("Pa", "pascal", "", "h k M G"),
    ("t", "tonne", "ton", "k M G"),
    ("Sv", "sievert", "", "m µ"),
    ("Gy", "gray", "", "m"),
    ("eV", "electronvolt", "", "k M G T"),
    ("N", "newton", "", "k M"),
)
# Written in any case; of two that differ by case alone ("mW", "MW") news means the larger.
_LOWERED = word_set(
    """km kg cm mm ml mg kw mw gw tw mb gb tb kb pb ghz mhz khz kv kpa hpa mpa gpa kj cl kn"""
)
PLAIN: dict[str, Unit] = {}
"""By spelling in lower case."""
CASED: dict[str, Unit] = {}
"""By spelling whose case matters."""


def _add(spelling: str, unit: Unit, *, is_cased: bool = False) -> None:
    (CASED if is_cased else PLAIN).setdefault(spelling, unit)


def _fill_rows() -> None:
    for symbol, name, kind, spellings in _ROWS:
        unit = Unit(symbol, name, kind)
        plain, _, cased = spellings.partition(";")
        for spelling in filter(None, plain.split("|")):
            _add(spelling, unit)
        for spelling in filter(None, cased.split("|")):
            _add(spelling, unit, is_cased=True)


def _fill_prefixed() -> None:
    for base, name, other, prefixes in _BASES:
        for letter, prefix in _PREFIXES:
            if letter in prefixes.split() or not letter:
                _add_prefixed(letter, prefix, base, (name, other))
    for spelling, same in _SAME_AS:
        unit = CASED.get(same) or PLAIN[same]
        _add(spelling, unit, is_cased=len(spelling) == 1)


def _add_prefixed(letter: str, prefix: str, base: str, names: tuple[str, str]) -> None:
    unit = Unit(letter + base, prefix + names[0], Kind.MEASURE)
    for word in filter(None, names):
        _add(prefix + word, unit)
        _add(f"{prefix}{word}s", unit)
    if letter + base in ("b", "B"):
        return  # a billion, not a bit
    for symbol in (letter + base, letter.replace("µ", "μ") + base):
        _add(symbol, unit, is_cased=True)
        if symbol.lower() in _LOWERED:
            _add(symbol.lower(), unit)


def _fill_powers() -> None:
    for symbol, name in _LENGTHS:
        spoken = [key for key, unit in PLAIN.items() if unit.name == name and key.isalpha()]
        for digit, mark, word, short in (("2", "²", "square", "sq"), ("3", "³", "cubic", "cu")):
            unit = Unit(f"{symbol}{mark}", f"{word} {name}", Kind.MEASURE)
            for key in spoken:
                _add(f"{word} {key}", unit)
                _add(f"{short} {key}", unit)
            for power in (mark, digit, f"^{digit}"):
                _add(f"{symbol}{power}", unit)
            _add(f"{short}{symbol}", unit)


_SAME_AS = (
    ("kms", "km"), ("kgs", "kg"), ("kilo", "kg"), ("kilos", "kg"), ("L", "l"), ("mls", "ml"),
    ("amps", "A"), ("gb", "GB"),
)  # fmt: skip
_LENGTHS = (
    ("m", "metre"), ("km", "kilometre"), ("cm", "centimetre"), ("mm", "millimetre"),
    ("ft", "foot"), ("mi", "mile"), ("in", "inch"), ("yd", "yard"),
)  # fmt: skip
_fill_rows()
_fill_prefixed()
_fill_powers()
INCH = PLAIN["inch"]
DURATION_WORDS = frozenset(
    spelling for spelling, unit in PLAIN.items() if unit.kind is _D and spelling.isalpha()
)
