"""Say which language a text is written in, or that it cannot be told.

Promises: an ISO 639-1 code only where the text is long and plain enough to be
sure of it, ``None`` otherwise. English is recognised by its small words alone, so
that the common case never loads the language model.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

_WORDS = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_SMALL_WORDS = (
    "the of and to in is was that for it with as on are by be at from this have has had not "
    "but they his her he she which were been will would their its an or who we you more than "
    "said about after when over also into could can may there new i my our if what do did "
    "how why these those because no all so up out us"
)
_ENGLISH = frozenset(_SMALL_WORDS.split())
# A fifth of small words is beyond any other language: they share one or two of these.
# Single sentences in seven languages came back with 0.8 and more, lists of names with 0.1.
_SURE_SHARE, _SURE_WORDS = 0.2, 8
_MOST_CHARACTERS = 6000
_FEWEST_LETTERS = 40
_SURE_PROBABILITY = 0.6


@cache
def _identifier() -> Any:
    # Loading takes about half a second, and most texts never need it.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def find_language(text: str) -> str | None:
    """ISO 639-1 code of the language of ``text``; ``None`` where it is too short or unclear.

    Looks at the first 6,000 characters only.

    >>> find_language("The bank raised its rate in May and said it would do so again.")
    'en'
    >>> find_language("12 km") is None
    True
    """
    beginning = text[:_MOST_CHARACTERS]
    words = _WORDS.findall(beginning)
    if len(words) >= _SURE_WORDS and share_of_english(words) >= _SURE_SHARE:
        return "en"
    if sum(map(len, words)) < _FEWEST_LETTERS:
        return None
    language, probability = _identifier().classify(beginning.replace("\x00", " "))
    return str(language) if probability >= _SURE_PROBABILITY else None


def share_of_english(words: list[str]) -> float:
    """The share of ``words`` that are English small words (0 for an empty list)."""
    if not words:
        return 0.0
    return sum(word.lower() in _ENGLISH for word in words) / len(words)


def is_mostly_latin(text: str) -> bool:
    """Whether most letters of ``text`` are Latin; true for a text without letters."""
    letters = [letter for letter in text[:_MOST_CHARACTERS] if letter.isalpha()]
    return sum(ord(letter) < 0x250 for letter in letters) * 2 >= len(letters)
