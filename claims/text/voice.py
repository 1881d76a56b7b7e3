"""In whose voice a passage gives a number: states it, asks, passes it on, or denies it.

Promises one of four answers from the sentence around a number, by closed lists of English
wordings, in linear time. Refuses to weigh sources: "officials said" states; only what a
writer passes on without standing by it ("a widely shared post says") is hearsay.
"""

from __future__ import annotations

import re
from enum import Enum

from claims.text.sentences import split_sentences

_READ_CHARS = 20_000
_REACH_CHARS = 160


class Voice(Enum):
    """How a sentence holds its number."""

    STATES = "states"
    ASKS = "asks"
    PASSES_ON = "passes on"
    DENIES = "denies"


_HEARSAY = re.compile(
    r"\b(?:(?:widely|often) (?:shared|quoted|repeated|cited)|rumou?r(?:s|ed)?|allegedly"
    r"|viral (?:post|video|claim|message)s?"
    r"|purported(?:ly)?|supposedly|so-called|myth|hoax|unconfirmed"
    r"|(?:posts?|memes?|headlines?|tweets?|messages?) (?:says?|claims?|speaks? of|tells?)"
    r"|(?:i|we) (?:have )?(?:read|heard) that|is (?:often|sometimes|widely) (?:said|claimed)"
    r"|(?:anyone|those|people|whoever|everybody|everyone) who (?:says?|claims?|tells?|repeats?)"
    r")\b",
    re.IGNORECASE,
)
_DENIED_BEFORE = re.compile(
    r"\b(?:no|not|never|neither|nor|without|den(?:y|ies|ied)|false(?:ly)?|untrue|wrong(?:ly)?"
    r"|there is nothing)\b|n['’]t\b",
    re.IGNORECASE,
)
# "No fewer than 500" states 500 and more; "did not say why 500 left" states that they left.
_NOT_DENIED = re.compile(
    r"\b(?:no|not) (?:fewer|less|more|later|earlier|longer|doubt|only|just|even|merely|surprise)\b"
    r"|\bif not\b|\bwhether or not\b"
    r"|(?:\bnot|n['’]t) (?:say|said|explain|comment|disclose|specify|name|know|until)\b",
    re.IGNORECASE,
)
_DENIED_AFTER = re.compile(
    r"\b(?:(?:is|was|are|were|has|have|had|does|do|did) (?:not|never)\b"
    r"|(?:isn|wasn|aren|weren|hasn|haven|doesn|don|didn)['’]t\b"
    r"|(?:is|was|are|were) (?:false|wrong|untrue|incorrect|a myth|a hoax|out of date|outdated)\b)",
    re.IGNORECASE,
)
_TO_ASK = re.compile(
    r"(?:^|:\s)to ask\b[^.]{0,200}\b(?:how|what|when|which|why|whether|if)\b", re.I
)
_OPENS_QUESTION = re.compile(
    r"\W{0,3}(?:who|what|when|where|why|how|which|is|are|was|were|do|does|did|can|could|will|would"
    r"|should|has|have|had)\b",
    re.IGNORECASE,
)
_ASKED = re.compile(r"\bwhether\b(?! or not)", re.IGNORECASE)
_CLAUSE_END = re.compile(r"[,;:–—()]\s|\s-\s|\b(?:but|while|whereas|although|because)\b")


def read_voice(text: str, start: int, end: int) -> Voice:
    """The voice in which ``text`` gives the number at characters ``start`` to ``end``.

    >>> line = "No $500 million contract was signed."
    >>> read_voice(line, 3, 15)
    <Voice.DENIES: 'denies'>
    """
    first, last = _sentence(text[:_READ_CHARS], start)
    sentence = text[first:last]
    if sentence.rstrip(" \t\n\"'”’)").endswith("?"):
        return Voice.ASKS
    if _HEARSAY.search(sentence):
        return Voice.PASSES_ON
    before, after = text[max(first, start - _REACH_CHARS) : start], text[end : min(last, end + 160)]
    cuts = [match.end() for match in _CLAUSE_END.finditer(before)]
    before = before[cuts[-1] if cuts else 0 :]
    cut = _CLAUSE_END.search(after)
    after = after[: cut.start() if cut else None]
    if _ASKED.search(before):
        return Voice.ASKS
    if _DENIED_BEFORE.search(_NOT_DENIED.sub(" ", before)):
        return Voice.DENIES
    if _DENIED_AFTER.search(_NOT_DENIED.sub(" ", after)):
        return Voice.DENIES
    return Voice.STATES


def asks_only(text: str) -> bool:
    """Whether a whole passage is a question, direct or put to a minister in a record."""
    bare = text[:_READ_CHARS].strip()
    if _TO_ASK.search(bare):
        return len(split_sentences(bare)) == 1
    if not _OPENS_QUESTION.match(bare):
        return False
    return all(
        bare[one.start : one.end].endswith(("?", "?”", '?"')) for one in split_sentences(bare)
    )


def _sentence(text: str, start: int) -> tuple[int, int]:
    for span in split_sentences(text):
        if span.start <= start < span.end:
            return span.start, span.end
    return 0, len(text)
