"""Things that a sentence introduces under a noun, and the same nouns standing bare.

Promises: "an export ban", "a deal with Norway", "Lund Metals, a mining company" are mentions
with what tells them apart; "the ban", "this deal", "the company" without any words of their own
are bare. A mention whose only words are numbers or praise ("a $500 million deal", "a big deal")
has no meaning to put in, but still counts as one. The list of nouns is closed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from claims.text.places import find_places, is_place_word

_HEADS = (
    r"supply chain|deal|agreement|contract|pact|treaty|accord|law|bill|ban|tax|tariff|levy|duty"
    r"|report|study|survey|poll|project|plant|factory|refinery|mine|dam|bridge|port|railway"
    r"|pipeline|airport|tunnel|company|firm|bank|group|agency|ministry|committee|commission|court"
    r"|council|programme|program|fund|loan|scheme|shipment|strike|election|referendum|storm|flood"
    r"|earthquake|drug|vaccine|university|hospital|charity|union|airline|carmaker|consortium"
    r"|regulator|watchdog|reactor|satellite"
)
_ORGANISED = frozenset("company firm bank group agency airline carmaker charity".split())  # noqa: SIM905
_HEAD = re.compile(rf"\b(?P<head>{_HEADS})(?P<many>s|es)?\b")
_NEXT = (
    r"(?:is|was|has|had|will|would|can|could|may|might|does|did|also|now|still|later|then|already)"
)
ADVERB_OR_VERB = (
    rf"(?:’s|'s)? {_NEXT}\b|(?:’s|'s) [a-z]|[.,;:!?)]|$|,"
    r"| (?:to|and|but|for|since|after|before|by|at|as|while|when|because|until|from|than"
    r"|exports?|imports?|produces?|mines?|employs?|owns?|holds?|sells?|buys?|needs?|faces?|makes?"
    r"|costs?|covers?|includes?|began|begins|became|grew|fell|rose|lost|won|took|takes|gave|gives"
    r"|spends?|spent|paid|pays|sold|bought|made|built|cut|said|says|[a-z]{2,12}ed)\b"
    r"| [a-z]{3,12}s (?:\d|(?:an?|the|about|nearly|almost|its|for|from|in|on|over|to|until|up)\b)"
)
_BARE = re.compile(
    rf"\b(?P<the>[Tt]he|[Tt]his|[Tt]hat) (?P<head>{_HEADS})(?=(?!,? (?:to|for|from|at) )"
    rf"(?:{ADVERB_OR_VERB}))"
)
_WORD_BEFORE = re.compile(r"([^\s,;:()“”\"]+) $")
_ARTICLES = frozenset(["a", "an", "the", "its", "their", "his", "her", "this", "that", "our", "my"])
_STOPS = frozenset(
    [
        *("of", "in", "on", "for", "with", "to", "from", "by", "and", "or", "but", "at", "as"),
        *("is", "was", "are", "were", "has", "had", "have", "signed", "said", "under", "after"),
        *("into", "over", "between", "about", "that", "which", "will", "would", "not", "no"),
    ]
)
_EMPTY = frozenset(
    [
        *(
            "new",
            "big",
            "major",
            "first",
            "second",
            "third",
            "landmark",
            "recent",
            "large",
            "small",
        ),
        *("good", "bad", "great", "huge", "latest", "last", "next", "final", "same", "whole"),
        *("entire", "full", "single", "local", "million", "billion", "thousand", "historic", "key"),
        *("other", "another", "similar", "separate", "controversial", "proposed", "planned"),
        *("awesome", "amazing", "wonderful", "terrible", "famous", "beloved", "growing"),
        *("hundred", "two", "three", "four", "five", "one", "long", "long-term", "massive", "own"),
    ]
)
_AFTER_HEAD = re.compile(
    r" (?:with|between|on|in|near|against|of|under) "
    r"(?!(?:January|February|March|April|May|June|July|August|September|October|November|December|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday"
    r"|Sunday)\b)(?:(?:the|an?|its|their) )?(?:[A-Z][\w-]*(?: (?:and |of |the )?[A-Z][\w-]*){0,3}"
    r"|[a-z][a-z-]*)(?=[.,;]|$| (?:was|is|has|had|were|will|in|on|to|by|for|and|at|that|which|who"
    r"|[a-z]{2,12}ed)\b)"
)
_OPENING_PLURAL = re.compile(rf"(?P<head>{_HEADS})(?:s|es)\b", re.I)
_NAMED_BEFORE = re.compile(
    r"(?P<name>[A-Z][\w&’'-]*(?: (?:of |and |& )?[A-Z][\w&’'-]*){0,4}), (?:an?|the) "
    r"(?:[\w-]+ ){0,4}$"
)
_SUFFIXED = re.compile(
    r"\b(?P<name>(?:[A-Z][\w&’'-]* ){1,4}(?P<head>Ltd|Limited|Inc|plc|PLC|Corp|Corporation|AG|SE"
    r"|NV|Group|Holdings|Bank|Airlines|Airways|University|Hospital|Commission|Council|Agency))\b"
)
_SUFFIX_HEADS = {
    "Bank": ("bank", "company"),
    "Group": ("group", "company", "firm"),
    "Airlines": ("airline", "company"),
    "Airways": ("airline", "company"),
    "University": ("university",),
    "Hospital": ("hospital",),
    "Commission": ("commission",),
    "Council": ("council",),
    "Agency": ("agency",),
}
_OF_NAME = re.compile(
    r"\b(?P<head>Ministry|University|Bank|Port|Court|Council|Agency) of "
    r"(?P<of>[A-Z][\w-]*(?: (?:and )?[A-Z][\w-]*){0,2})"
)
_NAME = re.compile(r"(?<![\w.])[A-Z][\w&’'-]+(?: (?:of |and |& )?[A-Z][\w&’'-]+){0,4}")
_PLAIN_CAPITALS = re.compile(
    r"(?:The|This|That|These|Those|It|He|She|They|In|On|At|By|For|From|But|And|A|An|Its|Their|His"
    r"|Her|As|After|Before|When|While|If|Some|Many|Most|All|One|Two|No|Last|Next|Since|With|Under"
    r"|About|Nearly|Over|More|There|January|February|March|April|May|June|July|August|September"
    r"|October|November|December|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|Workers"
    r"|Sales|Shares|Output|Exports|Profit|Revenue|Production|Critics|Officials|Analysts|Police)$"
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A noun with what tells its thing apart; ``meaning`` is empty where nothing can be put in.

    ``at`` is the number of the sentence, ``is_name`` whether the meaning is a proper name.
    """

    head: str
    meaning: str
    is_name: bool = False
    at: int = 0

    def placed(self, at: int) -> Mention:
        """The same mention in sentence ``at``."""
        return replace(self, at=at)


@dataclass(frozen=True, slots=True)
class Bare:
    """A noun alone behind "the" or "this"."""

    head: str
    start: int
    end: int
    text: str


def find_bare_mentions(sentence: str) -> Iterator[Bare]:
    """ "The deal", "this supply chain": bare nouns that no words of their own tell apart."""
    for found in _BARE.finditer(sentence):
        yield Bare(found["head"], *found.span(), found[0])


def find_mentions(sentence: str) -> Iterator[Mention]:
    """The things a sentence introduces, in order; plurals come back without a meaning."""
    yield from _find_named(sentence)
    opening = _OPENING_PLURAL.match(sentence)
    if opening:
        yield Mention(opening["head"].lower(), "")
    bare = {one.end for one in find_bare_mentions(sentence)}
    for found in _HEAD.finditer(sentence):
        if found["many"]:
            yield Mention(found["head"], "")
            continue
        before = sentence[max(0, found.start() - 80) : found.start()]
        named = _NAMED_BEFORE.search(before)
        if named and not find_places(named["name"]):
            yield Mention(found["head"], named["name"], is_name=True)
            continue
        article, words = _read_before(before)
        if article in {"the", "this", "that"} and not words:
            if found.end() not in bare:
                after = _read_after(sentence, found.end())
                if after:
                    yield Mention(found["head"], f"the {found['head']}{after}")
            continue
        if article or words:
            yield Mention(found["head"], _write(words, found["head"], sentence, found.end()))


def _find_named(sentence: str) -> Iterator[Mention]:
    """Names that hold their noun: "Lund Bank", "the Ministry of Finance"."""
    for found in _SUFFIXED.finditer(sentence):
        name = re.sub(r"^(?:The|And|But|In|At) ", "", found["name"])
        if " " not in name:
            continue
        for head in _SUFFIX_HEADS.get(found["head"], ("company", "firm")):
            yield Mention(head, name, is_name=True)
    for found in _OF_NAME.finditer(sentence):
        name = f"the {found['head']} of {found['of']}"
        yield Mention(found["head"].lower(), name, is_name=True)


def _read_before(before: str) -> tuple[str, list[str]]:
    """The article before a noun and the words between them."""
    words: list[str] = []
    while len(words) < 5:
        found = _WORD_BEFORE.search(before)
        if found is None:
            return "", words
        word = found[1]
        if word.lower() in _ARTICLES:
            return word.lower(), words
        if word.endswith(("’s", "'s", "s’")):
            return word, [word, *words]
        if word.lower() in _STOPS:
            return "", words
        words.insert(0, word)
        before = before[: found.start()]
    return "", []


def _read_after(sentence: str, end: int) -> str:
    after = _AFTER_HEAD.match(sentence, end)
    return after[0] if after and not re.search(r"\d", after[0]) else ""


def _write(words: list[str], head: str, sentence: str, end: int) -> str:
    kept = [
        word for word in words if word.lower() not in _EMPTY and not re.search(r"\d|[$£€]", word)
    ]
    has_number = len(kept) < len(words) and any(re.search(r"\d|[$£€]", word) for word in words)
    after = _read_after(sentence, end)
    telling = [word for word in kept if not word.endswith("ed") or "-" in word]
    if not telling and not after:
        return ""
    if has_number and not telling:
        telling = []
    owner = telling[0] if telling and telling[0].endswith(("’s", "'s", "s’")) else ""
    lead = " ".join(telling)
    return f"{'' if owner else 'the '}{lead + ' ' if lead else ''}{head}{after}"


def find_names(sentence: str) -> Iterator[str]:
    """Proper names in a sentence that are neither places, nor days, nor its first common word."""
    for found in _NAME.finditer(sentence):
        name = found[0].removesuffix("’s").removesuffix("'s")
        name = re.sub(r"^(?:The|In|At|But|And|On|By|For|From|[^ ]+[’']s) ", "", name)
        if found.start() == 0 and " " not in name and not _is_odd(name):
            continue
        if _PLAIN_CAPITALS.match(name) or all(is_place_word(word) for word in name.split()):
            continue
        if find_places(name) and len(name.split()) == 1:
            continue
        yield name


def _is_odd(name: str) -> bool:
    """Whether a first word looks like a name in itself: capitals or digits inside."""
    return any(letter.isupper() or letter.isdigit() for letter in name[1:])
