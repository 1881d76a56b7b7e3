"""Words and numbers of a text in one normal form, for everything that compares wording.

Promises a linear reading of any input: compatibility forms folded (full-width
digits, ligatures), digit groups joined ("1,000" is 1000), small number
words turned into digits, light English stems. Refuses to understand: no grammar,
no meaning, no language but English endings.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

MAX_WORD_CHARS = 48
"""Longer runs are cut: no real word is longer, and ten thousand digits are not a number."""

_LISTED_STOP_WORDS = """
    a about above after again all also although am an and any are around as at be because been
    before being below between both but by can could did do does doing down during each either
    else ever every few for from further get got had has have having he her here hers him his how
    however i if in into is it its itself just like made make makes many may me might more most
    much must my near nearly no nor not now of off on once only or other our out over own per said
    same say says shall she should since so some such than that the their them then there these
    they this those through thus to too under until up upon us very was we were what when where
    whether which while who whom whose why will with within without would yet you your almost
    roughly approximately according reported
"""
STOP_WORDS = frozenset(_LISTED_STOP_WORDS.split())

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen twenty"
)
NUMBER_WORDS = {word: str(value) for value, word in enumerate(_SMALL.split())} | {
    "thirty": "30",
    "forty": "40",
    "fifty": "50",
    "sixty": "60",
    "seventy": "70",
    "eighty": "80",
    "ninety": "90",
    "dozen": "12",
}
_LISTED_SCALES = "hundred thousand million billion trillion bn mn m tn k lakh crore"
SCALE_WORDS = frozenset(_LISTED_SCALES.split())

_SPACED_GROUP = re.compile(r"(?<=\d)[\u00a0\u2009\u202f](?=\d{3}(?!\d))")
_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)?")
_COMMA_GROUPS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?\Z")
_IRREGULAR = {
    "men": "man",
    "women": "woman",
    "children": "child",
    "people": "person",
    "persons": "person",
    "died": "die",
    "dies": "die",
    "dying": "die",
    "dead": "die",
    "deaths": "die",
    "death": "die",
    "fell": "fall",
    "fallen": "fall",
    "rose": "rise",
    "risen": "rise",
    "grew": "grow",
    "grown": "grow",
    "growth": "grow",
    "won": "win",
    "lost": "lose",
    "sold": "sell",
    "bought": "buy",
    "built": "build",
    "spent": "spend",
    "paid": "pay",
    "wrote": "write",
    "written": "write",
    "began": "begin",
    "begun": "begin",
    "led": "lead",
    "held": "hold",
    "went": "go",
    "took": "take",
    "taken": "take",
    "gave": "give",
    "given": "give",
    "lives": "live",
    "lying": "lie",
    "stole": "steal",
    "stolen": "steal",
    "kept": "keep",
    "left": "leave",
    "met": "meet",
    "sent": "send",
    "lent": "lend",
    "fled": "flee",
    "drew": "draw",
    "drawn": "draw",
    "broke": "break",
    "broken": "break",
    "chose": "choose",
    "chosen": "choose",
    "drove": "drive",
    "driven": "drive",
    "ate": "eat",
    "flew": "fly",
    "flown": "fly",
    "found": "find",
    "struck": "strike",
    "taught": "teach",
    "caught": "catch",
    "thought": "think",
    "brought": "bring",
    "feet": "foot",
    "wives": "wife",
    "knives": "knife",
    "halves": "half",
    "news": "news",
    "series": "series",
    "species": "species",
    "economics": "economics",
    "politics": "politics",
}


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The light stem of one lower-case word: plural, ``-ing``, ``-ed`` and ``-ly`` go.

    >>> stem("elements"), stem("countries"), stem("signed"), stem("died")
    ('element', 'country', 'sign', 'die')
    """
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) < 4 or not word[0].isalpha():
        return word
    stemmed = _drop_plural(word)
    for ending in ("ing", "ed", "ly"):
        if stemmed.endswith(ending) and len(stemmed) - len(ending) >= 3:
            stemmed = _undouble(stemmed[: -len(ending)])
            break
    # "produce" and "produced" must meet, so a silent e goes from both.
    return stemmed[:-1] if len(stemmed) > 4 and stemmed.endswith("e") else stemmed


def _drop_plural(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def _undouble(word: str) -> str:
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "lsz":
        return word[:-1]
    return word


@lru_cache(maxsize=65536)
def normalise_number(written: str) -> str:
    """One written number in one form: ``"1,000"`` → ``"1000"``, ``"2.50"`` → ``"2.5"``.

    A comma that does not group thousands is kept as a dot ("3,5" is read as 3.5).
    """
    joined = written.replace(",", "") if _COMMA_GROUPS.match(written) else written.replace(",", ".")
    whole, dot, fraction = joined.partition(".")
    if dot and "." not in fraction:
        fraction = fraction.rstrip("0")
        joined = f"{whole}.{fraction}" if fraction else whole
    return joined.lstrip("0") or "0" if not joined.startswith("0.") else joined


def fold_text(text: str) -> str:
    """The text in lower case with compatibility forms folded and spaced digit groups joined."""
    if text.isascii():
        return text.lower()
    # Digit groups first: folding turns the narrow blanks that join them into common ones.
    return unicodedata.normalize("NFKC", _SPACED_GROUP.sub("", text)).casefold()


def words_in(text: str) -> list[str]:
    """All words and numbers of a text in order, folded and whole."""
    found: list[str] = _WORD.findall(fold_text(text))
    return found


def cut_words(text: str) -> list[str]:
    """All words of a text in order, folded and stemmed; numbers as digits.

    >>> cut_words("Seven of 1,000 firms reported losses.")
    ['7', 'of', '1000', 'firm', 'report', 'loss']
    """
    words = []
    for word in words_in(text):
        if len(word) > MAX_WORD_CHARS:
            words.append(word[:MAX_WORD_CHARS])
        elif "0" <= word[0] <= "9":
            words.append(normalise_number(word))
        else:
            words.append(_one_word(word))
    return words


@lru_cache(maxsize=65536)
def _one_word(word: str) -> str:
    if word in NUMBER_WORDS:
        return NUMBER_WORDS[word]
    bare = word.replace("’", "'").removesuffix("'s")
    return bare if bare in STOP_WORDS else stem(bare)


STOP_STEMS = STOP_WORDS | {stem(word) for word in STOP_WORDS}


def content_words(text: str) -> list[str]:
    """The words of :func:`cut_words` without stop words, numbers kept."""
    return [word for word in cut_words(text) if word not in STOP_STEMS]


def is_number(word: str) -> bool:
    """Whether a word of :func:`cut_words` is a number in digits."""
    return "0" <= word[:1] <= "9"


def numbers_of(text: str) -> frozenset[str]:
    """The numbers a text holds, normalised; number words included."""
    return frozenset(word for word in cut_words(text) if is_number(word))


def words_as_written(text: str) -> dict[str, str]:
    """Each word of :func:`cut_words` with how the text first writes it, for reasons people read.

    >>> words_as_written("Beijing announced controls")["announc"]
    'announced'
    """
    written: dict[str, str] = {}
    for word in _WORD.findall(text):
        for cut in cut_words(word):
            written.setdefault(cut, word)
    return written
