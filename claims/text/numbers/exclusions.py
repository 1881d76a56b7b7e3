"""Digits that count nothing: clock times, scores, model names, labels, phone numbers, lists.

Promises the token after such digits, so that the reader passes over them whole. Refuses
to judge what carries money or a unit; the reader asks about units first.
"""

from __future__ import annotations

from claims.text.numbers.digits import read_digits
from claims.text.numbers.scales import SMALL, TENS
from claims.text.numbers.tokens import Tokens, word_set
from claims.text.numbers.units import match_unit

_LABELS = word_set(
    """chapter section page pages version no nos number category phase type level grade class
    room flight route highway interstate article title step stage season episode week day
    round group division tier figure fig table line item rule option lane gate model mark vol
    volume issue part act scene track channel district precinct ward zone sector area block
    unit hole game match lot apt suite box exit junction platform terminal pier dock bus train
    generation gen series chapter verse psalm study appendix annex clause paragraph para
    proposition prop amendment resolution protocol pillar basel block hall question exhibit
    top matchday gameweek seed ranked rank pick slot placed position route isbn id code zip
    psd covid sars windows iphone ipad android ios galaxy pixel ps xbox playstation tier
    serial hiv formula planet apollo euro fifa uefa under u vitamin omega ward cell factor
    exercise"""
) - {
    "unit",
    "area",
    "match",
    "game",
    "cell",
    "train",
    "mark",
    "lot",
    "block",
    "line",
    "u",
}
_SCORE_WORDS = word_set(
    """win won wins lost lose loss beat beats beaten victory defeat defeated draw drew drawn lead
    led leads score scored scoreline record aggregate tie tied final finish result margin vote
    voted ruling decision edged edge thrashed hammered trailed trailing up down ahead behind
    triumph lead series set sets straight first half"""
)
_CLOCK_ZONES = word_set("""gmt et est edt pt pst pdt bst ist cet utc hours local cst cdt""")
_TITLE_VERBS = word_set(
    """kills killed hits wins loses adds cuts sells buys injures leaves claims reports has have
    had at over in about around nearly almost some than least only just under of and or with
    to from by for up until after before within since if when while but that as were are was
    is be the an a these those all last next first another these every between during against
    into on most least total approx roughly approximately above below there here both our
    their his her its my your we they he she it i you not no more so now then yet also even
    still them us who which where january february march april may june july august september
    october november december see saw says said according per plus minus nor because although
    though unless despite like including among amid without through across via eight other
    such each got get gets barely scarcely hardly fully well virtually exactly precisely slightly"""
)
_TEAM_WORDS = word_set(
    """team teams side sides squad squads s international internationals world european
    championship championships tournament cup player players coach manager captain football"""
)
"""Teams are for players under an age: "the Under 21 side", but "under 400 whales"."""


def clock_end(tokens: Tokens, at: int) -> int | None:
    """The token after a time of day that begins at ``at``: "9:01 p.m.", "7.05am", "0401 GMT"."""
    word = tokens.words[at]
    index = at + 1
    if len(word) <= 2 and word.isdecimal() and tokens.low(index) == ":" and tokens.touches(index):
        if not tokens.is_number(index + 1) or not tokens.touches(index + 1):
            return None
        index += 2
        while tokens.low(index) == ":" and tokens.touches(index) and tokens.is_number(index + 1):
            index += 2
        return _meridiem_end(tokens, index) or index
    is_short = len(word) <= 5 and word.replace(".", "", 1).isdecimal()
    if is_short and float(word[:5]) < 25 and (end := _meridiem_end(tokens, index)):
        return end
    if tokens.low(index) == "o'clock":
        return index + 1
    if len(word) == 4 and word.isdecimal() and tokens.low(index) in _CLOCK_ZONES:
        return index + 1 if int(word[:2]) < 25 and int(word[2:]) < 60 else None
    return None


def _meridiem_end(tokens: Tokens, at: int) -> int | None:
    word = tokens.low(at)
    if word in ("am", "pm") and not (
        word == "am" and tokens.words[at] == "am" and not tokens.touches(at)
    ):
        return at + 1
    if word == "am" and tokens.low(at + 1) in ("", ".", ",", "on", "to", "and", "local"):
        return at + 1
    if word in ("a", "p") and tokens.low(at + 1) == "." and tokens.low(at + 2) == "m":
        return at + 3 + (tokens.low(at + 3) == "." and tokens.touches(at + 3))
    return None


def glued_end(tokens: Tokens, at: int) -> int | None:
    """The token after digits that are part of a longer name, address or phone number.

    "F-35", "COVID-19", "A320", "#1", "§4", "555-123-4567", "192.168.0.1".
    """
    if not tokens.touches(at):
        return _code_end(tokens, at)
    before = tokens.low(at - 1)
    if before == "'" and len(tokens.words[at]) == 2 and not tokens.touches(at - 1):
        return at + 1 + (tokens.low(at + 1) == "s")
    if before in ("-", "–") and tokens.touches(at - 1):
        inner = tokens.raw(at - 2)
        if inner[:1].isalpha() and tokens.low(at - 2) not in ("sub", "mid", "to"):
            return _name_end(tokens, at)
        if tokens.is_number(at - 2):
            return _code_end(tokens, at) or None
        return None
    if before in ("#", "№", "§", "_", "@", "/", "\\", "&", "="):
        return _name_end(tokens, at) if before != "/" or not tokens.is_number(at - 2) else at + 1
    if before[:1].isalpha() or before == "_":
        return _name_end(tokens, at)
    return _code_end(tokens, at)


def _name_end(tokens: Tokens, at: int) -> int:
    index = at + 1
    while index < tokens.count and tokens.touches(index):
        word = tokens.words[index]
        if not (word[0].isalnum() or (word in "-/._" and tokens.touches(index + 1))):
            break
        if word == "." and not tokens.is_number(index + 1):
            break
        index += 1
    return index


_FRACTION_ENDS = frozenset(("2", "3", "4", "5", "8", "16", "32"))
_FIXED_NAMES = frozenset(("9/11", "24/7", "7/7", "50/50", "20/20", "7/11", "26/11", "4/20"))
_CALLS = word_set("call called calling dial dialed dialled dialing calls phone")


def named_end(tokens: Tokens, at: int) -> int | None:
    """The token after digits that are a name by themselves: "9/11", "call 911", "1080p"."""
    if tokens.low(at + 1) == "/" and tokens.is_number(at + 2):
        written = f"{tokens.words[at]}/{tokens.words[at + 2]}"
        return at + 3 if written in _FIXED_NAMES else None
    word = tokens.words[at]
    if (
        tokens.low(at + 1) == "p"
        and tokens.touches(at + 1)
        and word in ("480", "720", "1080", "1440", "2160")
    ):
        return at + 2
    return at + 1 if word in ("911", "999", "112", "101") and tokens.low(at - 1) in _CALLS else None


def _code_end(tokens: Tokens, at: int) -> int | None:
    """Three or more runs of digits joined by hyphens, slashes or points."""
    if (
        tokens.low(at + 3) == "/"
        and tokens.low(at + 1) == "-"
        and tokens.low(at + 4) in _FRACTION_ENDS
    ):
        return None
    index, runs = at + 1, 1
    while tokens.low(index) in ("-", "/", "–") and tokens.touches(index):
        if not tokens.is_number(index + 1) or not tokens.touches(index + 1):
            break
        index, runs = index + 2, runs + 1
    if runs >= 3:
        return index
    word = tokens.words[at]
    if word.count(".") < 2 or "," in word:
        return None
    is_address = word.count(".") == 3 and all(
        len(part) < 4 and int(part) < 256 for part in word.split(".")
    )
    return at + 1 if is_address or read_digits(word) is None else None


def score_end(tokens: Tokens, at: int) -> int | None:
    """The token after a result such as "2-1", "6-4, 7-5" or "10-2-1"; ranges are left alone."""
    word = tokens.words[at]
    index = at + 1
    if not word.isdecimal() or len(word) > 3 or tokens.low(index) not in ("-", "–"):
        return None
    later = tokens.raw(index + 1)
    if not later.isdecimal() or len(later) > 3 or not tokens.touches(index):
        return None
    first, second = int(word), int(later)
    following = tokens.low(index + 2)
    if first >= second or following in _SCORE_WORDS:
        return index + 2
    if match_unit(tokens, index + 2):
        return None
    before = {tokens.low(at - step) for step in range(1, 6)}
    return index + 2 if before & _SCORE_WORDS else None


def is_label(tokens: Tokens, at: int) -> bool:
    """Whether the word before is what the digits number: "Planet 9", "category 4"."""
    index = at - 1
    before = tokens.low(index)
    if before == "." and tokens.low(index - 1) in (
        "no",
        "nos",
        "vol",
        "fig",
        "art",
        "sec",
        "ch",
        "pp",
        "p",
    ):
        return True
    if before in ("'", '"', ")") or not before[:1].isalpha():
        return before == "&" or (
            before == "(" and tokens.low(at + 1) == ")" and len(tokens.words[at]) < 3
        )
    if before in SMALL or before in TENS:
        return False
    if before == "under" and tokens.low(at + 1) not in _TEAM_WORDS:
        return False
    if before in _LABELS or (before == "of" and tokens.low(index - 1) == "group"):
        return True
    word = tokens.raw(index)
    if not word[0].isupper() or before in _TITLE_VERBS:
        return any(letter.isupper() for letter in word[1:]) and before not in _TITLE_VERBS
    return True


_NOT_NAMES = word_set(
    """monday tuesday wednesday thursday friday saturday sunday january february march april may
    june july august september october november december i"""
)


def names_follow(tokens: Tokens, at: int) -> bool:
    """Whether a capitalised singular follows, as in "11 Pro Max" or "90049 ZIP Code"."""
    word = tokens.raw(at)
    return word[:1].isupper() and tokens.lowers[at] not in _NOT_NAMES and not tokens.touches(at)


def is_list_marker(tokens: Tokens, at: int) -> bool:
    """Whether the digits open a line as "1." or "2)" do."""
    if (
        tokens.low(at + 1) not in (".", ")")
        or len(tokens.words[at]) > 2
        or not tokens.touches(at + 1)
    ):
        return False
    if at and "\n" not in tokens.text[tokens.ends[at - 1] : tokens.starts[at]]:
        return tokens.low(at - 1) == "("
    return at + 2 < tokens.count
