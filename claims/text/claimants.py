"""Find who a sentence says asserted it.

Promises: the claimant as written ("Beijing", "critics", "the World Bank"), only
where the sentence attributes itself by a verb of saying or a phrase like
"according to"; ``None`` otherwise. Never guesses who "he" is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_VERBS = (
    r"(?:said|says|say|announced|announces|claimed|claims|claim|argued|argues|argue|stated"
    r"|states|told|insisted|insists|insist"
    r"|denied|denies|deny|alleged|alleges|allege|warned|warns|warn|reported|reports|revealed"
    r"|reveals|estimated|estimates|estimate"
    r"|confirmed|confirms|contended|contends|contend|asserted|asserts|assert|maintained"
    r"|maintains|maintain|declared|declares|acknowledged|acknowledges"
    r"|admitted|admits|noted|notes|wrote|writes|tweeted|testified|conceded|concedes|suggested"
    r"|suggests|hailed|accused|believe|believes|explained|explains|added|adds)"
)
_CAPITAL = r"[A-ZÀ-ÖØ-Þ][\w’'&.-]{0,30}"
_NAME = (
    rf"(?:[Tt]he )?{_CAPITAL}(?:,? (?:of|for|and|the|de|bin|al|on) {_CAPITAL}| {_CAPITAL}){{0,6}}"
    r"(?: (?:officials?|government|ministry|media|authorities|police|spokes(?:man|woman|person)"
    r"|leaders?|lawmakers?|analysts?|economists?|researchers?|scientists?))?"
)
_GROUP = (
    r"(?:(?:the|some|many|most|several|local|foreign|government|senior|industry|independent"
    r"|other|its|his|her|their|two|three|an?) ){0,3}(?:[\w’'-]{2,20} ){0,2}"
    r"(?:critics|proponents|opponents|supporters|advocates|officials|experts|analysts|observers"
    r"|economists|researchers|scientists|insiders|sources"
    r"|authorities|police|prosecutors|lawmakers|campaigners|activists|investors|doctors|farmers"
    r"|residents|witnesses|diplomats|regulators"
    r"|company|government|ministry|authority|agency|army|navy|department|office|party|council|firm"
    r"|operator|hospital|mayor|governor|judge|lawyers?|groups|organisation|organization|charity"
    r"|agency|commission|committee|court|bank|regulator|union"
    r"|minister|president|spokesman|spokeswoman|spokesperson"
    r"|report|study|survey|paper|newspaper|watchdog|narratives|media)"
)
_BEFORE = re.compile(
    rf"(?:^|[,;:—–-] |\b(?i:but|and|while|that|as|when|after|because|yet|where) "
    rf"|[“\"] )(?P<who>{_NAME}"
    rf"|(?i:{_GROUP}))"
    rf"(?:,? (?:has|have|had|also|later|further|repeatedly|recently|publicly|now|once|then|again"
    rf"|\w{{2,15}}ly)){{0,2}} {_VERBS}\b"
)
_AFTER = re.compile(
    rf"(?:[,”\"’'] ?|[,”\"] )(?:{_VERBS} (?P<who>{_NAME}|(?i:{_GROUP}))|(?P<who2>{_NAME}"
    rf"|(?i:{_GROUP})) {_VERBS})(?=[\s,.;:]|$)"
)
_ACCORDING = re.compile(
    rf"\b[Aa]ccording to (?P<who>(?:(?:an?|the|new|recent|latest|official|government|figures"
    rf"|data|estimates|statistics|released|by|from|of) ){{0,5}}(?:{_NAME}|(?i:{_GROUP})))"
)
_TRIGGER = re.compile(rf"\b(?:{_VERBS}|[Aa]ccording to)\b")
_LINKING = re.compile(r"^(?:But|And|Yet|So|While|When|As|After|Because|However|Meanwhile),? ")
_SMALL_WORDS = (
    "he she it they we i you this that these those there who which what the in on at but and as "
    "if when while after before however meanwhile yet so today yesterday"
)
_NOT_WHO = frozenset(_SMALL_WORDS.split())
_LONGEST_READ = 1500


def find_claimant(sentence: str) -> str | None:
    """Who asserted ``sentence``, in its own words, or ``None``.

    >>> find_claimant("Beijing announced export controls on twelve metals.")
    'Beijing'
    >>> find_claimant("The plan, critics argue, will cost jobs.")
    'critics'
    >>> find_claimant("He said no.") is None
    True
    """
    text = sentence[:_LONGEST_READ].replace("\u00a0", " ")
    if _TRIGGER.search(text) is None:
        return None
    for pattern in (_ACCORDING, _BEFORE, _AFTER):
        for match in pattern.finditer(text):
            groups = match.groupdict()
            who = (groups.get("who") or groups.get("who2") or "").strip(" ,.")
            who = _LINKING.sub("", re.sub(r"['’]s$", "", who))
            if (
                who
                and who.lower() not in _NOT_WHO
                and who.split()[0].lower() not in _NOT_WHO - {"the"}
            ):
                return who
    return None


def find_claimants(sentences: Sequence[str], follows: Sequence[bool]) -> list[str | None]:
    """The claimant of every sentence of an article."""
    return [find_claimant(sentence) for sentence in sentences]
