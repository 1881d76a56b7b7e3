"""Some five hundred awkward strings: what text processing stumbles over, made by rule."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from itertools import product

ENTITY_NAMES = (
    "lt", "gt", "amp", "quot", "apos", "nbsp", "copy", "not", "notin", "shy", "zwnj", "rlm", "sum",
    "para", "times", "curren", "Tab", "NewLine", "colon", "lpar", "fjlig", "ThickSpace", "AMP",
)  # fmt: skip
# Combining marks, joiners, directions, surrogates' neighbours, what NFKC or casing lengthens.
SIGNS = (
    "\u0301", "\u0308\u0301", "\u20dd", "\u200d", "\u200b", "\u200c", "\u2060", "\ufeff", "\u00ad",
    "\u202a", "\u202e", "\u2066", "\u2069", "\u061c", "\ufffd", "\uffff", "\ufdd0", "\U0010ffff",
    "\ue000", "\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f1f5\U0001f1f0", "\u2764\ufe0f",
    "\u0130", "\u0131", "\u1e9e", "\ufb03", "\ufdfa", "\u3316", "\u0345", "\u1f82", "\U00010400",
    "\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c", "\x1f", "\x7f", "\x01", "\x1b[31m", "\r",
    "\t", "\u00a0", "\u202f", "\u3000", "\u1680", "\u180e",
)  # fmt: skip
MARKUP = (
    "<mark>", "</mark>", "<b", "</", "<!--", "-->", "<![CDATA[", "]]>", "&", "&&", "&;", "&#;",
    "&#x;", "&#0;", "&#xD800;", "&#1114112;", "&#x110000;", "&lt", "&ltx", "&am", "p;", ";", "'",
    '"', "`", "=", "\\", "%", "{{", "}}", "{%", "%}", "{#", "#}", "<script>", "</script>", "<?",
    "<mark", "mark>", "<mark class=", "&lt;mark&gt;", "*", "**", "_", "__", "***x***", "# ",
    "## <b>",
)  # fmt: skip
NUMBERS = (
    "0", "-0", "1e309", "1/0", "1,000", "1.000", "１２３", "١٢٣", "१२३", "²", "½", "Ⅷ", "NaN", "-1",
    "9" * 40, "0x7f", "1_000", "70%", "70 per\u00a0cent", "$1", "1\u202f000",
)  # fmt: skip
WORDS = (
    "null", "undefined", "None", "True", "CON", "../../etc/passwd", "%00", "%s%s%n", "${jndi}",
    "' OR 1=1 --", "$(id)", "`id`", "|", "=1+1", "@SUM(1)", "\\u003c", "\\x3c", "+ADw-", "ZALGO",
    "שלום", "مرحبا", "日本語", "Ünïcödé", "ﾊﾝｶｸ", "İstanbul", "STRASSE", "straße", "ΌΣΟΣ",
)  # fmt: skip


@functools.cache
def naughty_strings() -> tuple[str, ...]:
    """Each once, none empty, none with what a database cannot hold."""
    return tuple(dict.fromkeys(text for text in _make() if text and "\x00" not in text))


def _make() -> Iterator[str]:
    for name in ENTITY_NAMES:
        yield from (name, f"&{name};", f"&{name}", f"&amp;{name};", f"x&{name};y")
    for sign in SIGNS:
        yield from (sign, sign * 3, f"a{sign}b", f"{sign}<b>{sign}", f"&{sign}lt;")
    for piece in MARKUP:
        yield from (piece, piece * 2, f"a{piece}b {piece}")
    for number, around in product(NUMBERS, ("{}", "<{}>")):
        yield around.format(number)
    yield from WORDS
    yield from (
        "<" * 300,
        "&" * 300,
        "a\u0301" * 300,
        "\u202e" * 50 + "x",
        " ",
        "\n",
        "\n\n\n",
        "a\nb",
    )
