"""Tell passages that state something from source lines, keyword lists and repetitions.

Promises two yes-or-no answers by closed lists and shared words, in linear time. Refuses to
judge what a sentence says.
"""

from __future__ import annotations

import re

from claims.text.page_marks import is_mark
from claims.text.sentences import split_sentences
from claims.text.words import STOP_STEMS, cut_words, is_number

_SAME_SHARE = 0.8
_LONGEST_HEADING = 120
_APPARATUS = re.compile(
    r"\s*[-•*]?\s*(?:(?:public|data|main|further|original) )?"
    r"(?:sources?|figures|credits?|photos?|photograph|image|keywords?|tags|topics|see also"
    r"|read more|related|references|copyright|share this|filed under|published|released|updated)"
    r"(?: (?:of|for|used in) [^:.]{1,60})?\s*[:|©]",
    re.IGNORECASE,
)
_LISTED = re.compile(r"[;|•·]")
_SHORT_ITEM_WORDS = 4


def is_apparatus(passage: str) -> bool:
    """Whether a passage only names sources, credits, keywords or a page, and states nothing.

    >>> is_apparatus("Source: Geological Survey, 2025."), is_apparatus("Output rose 3 per cent.")
    (True, False)
    """
    if is_mark(passage):
        return True
    head = passage[:2000]
    if _APPARATUS.match(head) and len(split_sentences(head)) <= 2:
        return True
    items = _LISTED.split(head)
    is_open = head.rstrip()[-1:] not in tuple('.!?"”’)')
    return (
        len(items) >= 3
        and is_open
        and not any(letter.isdecimal() for letter in head)
        and all(len(item.split()) <= _SHORT_ITEM_WORDS for item in items)
    )


def is_heading(passage: str) -> bool:
    """Whether a passage is a heading or caption: short and without a full stop."""
    bare = passage.strip()
    return len(bare) <= _LONGEST_HEADING and bare[-1:] not in tuple('.!?"”’')


def says_the_same(passage: str, other: str) -> bool:
    """Whether two passages hold the same numbers and nearly the same words.

    One that repeats the other in fewer words says the same.
    """
    mine, theirs = frozenset(cut_words(passage)), frozenset(cut_words(other))
    numbers = frozenset(filter(is_number, mine)), frozenset(filter(is_number, theirs))
    if numbers[0] != numbers[1]:
        return False
    mine, theirs = mine - STOP_STEMS, theirs - STOP_STEMS
    least = min(len(mine), len(theirs))
    return least > 0 and len(mine & theirs) >= _SAME_SHARE * least
