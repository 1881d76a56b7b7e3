"""Who wrote a page, as it shows it: the element that names the author, without what stands around.

It promises the names alone ("By Ann Lee, 3 May 2024" → "Ann Lee"). Who wrote a comment, what is
said about an author and words of a form are no credit. Refuses to guess from running text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

MAX_CREDIT_CHARACTERS = 160
MAX_CREDITS = 20
MAX_NAME_CHARACTERS = 90
MAX_NAME_WORDS = 9

CREDIT_TAGS = frozenset({"a", "address", "b", "cite", "div", "em", "i", "li", "p", "small", "span",
                         "strong"})  # fmt: skip
_CREDIT_CLASS = re.compile(
    r"(?:[\w-]{0,40}[_-])?(?:author|byline|autor|writer|verfasser)s?(?:[_-]{1,2}(?:name|text|link))?$",
    re.IGNORECASE,
)
_OTHER_CLASS = re.compile(
    r"comment|respond|reply|bio|about|avatar|image|img|photo|prep|count|(?<!v)card|form|input|warning"
    r"|related|teaser|license|box|description|location|date",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"(?:(?:view|see) all (?:posts|articles) by|(?:posted|written|published|story|words|text|post"
    r"|article|reviewed|geschrieben|veröffentlicht|erstellt|escrito|publié|publicado)"
    r" (?:by|von|por|par)"
    r"|by|von|vom|par|por|di|door|av|af|escribe|texte?|autor(?:in|en|es)?|auteurs?|authors?"
    r"|artikel von|ein (?:artikel|beitrag) von)(?=[\s:])\s{0,3}:?\s{0,3}",
    re.IGNORECASE,
)
_DAY_AFTER = re.compile(
    r"[\s,|·•–-]{0,5}(?:(?:\b|(?<=[^\W\d]))\d{1,2}(?:\.|st|nd|rd|th)?[\s./-].{0,40}?\d{4}"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.? \d{1,2}, ?\d{4}"
    r"|\d{4}-\d\d-\d\d|(?:published|updated|posted|on|am|veröffentlicht)\b[^\n]{0,20}\d).*$",
    re.IGNORECASE,
)
_NOTE_MARK = re.compile(r"(?<=\w{4})(?<=[^\W\d])\d$")
_PARTS = re.compile(r"\s[|·•]\s|\s[|·•]$|^[|·•]\s")
_NO_NAME = re.compile(
    r"(?:name|posted|no author|author|autor|by|admin|guest|anonymous|jobs?|share|follow|kommentare?"
    r"|comments?|required|erforderlich)\b.{0,3}$|.*(?:facebook|twitter|instagram|https?:|\bwww )",
    re.IGNORECASE,
)


def is_credit(tag: str, attributes: Mapping[str, str]) -> bool:
    """Whether an element is marked up as naming who wrote the page."""
    if tag not in CREDIT_TAGS:
        return False
    classes = attributes.get("class", "")
    if _OTHER_CLASS.search(classes[:300]):
        return False
    return (
        "author" in attributes.get("rel", "").lower().split()
        or "author" in attributes.get("itemprop", "").lower().split()
        or any(_CREDIT_CLASS.match(name) for name in classes[:300].split()[:12])
    )


def choose_byline(declared: str, shown: Iterable[str], otherwise: str) -> str:
    """The names the page declares, else those of the first credit it shows that names anybody.

    An element around a credit adds what stands beside it ("Ann Lee Trade editor"), so of one that
    holds another the inner one is meant.
    """
    if stated := clean_byline(declared):
        return stated
    named = [name for name in map(clean_byline, (*shown, otherwise)) if name]
    if not named:
        return ""
    inner = [name for name in named if name.casefold() in named[0].casefold()]
    return min(inner, key=len) if len(named[0].split()) > 2 else named[0]


def clean_byline(written: str) -> str:
    """The names in a credit, ``""`` where it names nobody.

    >>> clean_byline("Posted by Ann Lee | 3 May 2024"), clean_byline("Name *")
    ('Ann Lee', '')
    """
    line = " ".join(written[:MAX_CREDIT_CHARACTERS].split()).lstrip("|·•,;:–-* ")
    for _ in range(2):
        line = _LEAD.sub("", line, count=1) if _LEAD.match(line) else line
    parts = [_DAY_AFTER.sub("", part).strip(" ,;:|·•–-*") for part in _PARTS.split(line)]
    for part in filter(None, parts):
        part = _NOTE_MARK.sub("", part) if " " in part else part
        if len(part) <= MAX_NAME_CHARACTERS and len(part.split()) <= MAX_NAME_WORDS:
            return "" if _NO_NAME.match(part) or not any(map(str.isalpha, part)) else part
    return ""
