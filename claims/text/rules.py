"""Weigh a sentence of news by rules: what makes it a claim, what makes it talk.

Promises: a weight in log-odds (0 is even, positive speaks for checking) and the
reasons behind it, strongest first. The weights are ours, set by reading news; a
learned model of debates is added to them elsewhere.
"""

from __future__ import annotations

import re

from claims.text.signals import Signal

_S = Signal
_PHRASES = re.compile(
    r"(?P<rhetoric>\b(?:one (?:cannot|can't|must|could|might)|it is (?:time|clear|hard|difficult|easy|worth|important|true that|no secret)"
    r"|the (?:question|lesson|truth|irony|message|problem|point|fact|story|world|real) (?:is|remains|here|returns|that|has|of)|make no mistake"
    r"|in (?:other words|truth|essence|short|reality|a sense|this sense)|at (?:the end of the day|its heart|the heart)|that is (?:how|why)|this is (?:an?|how|why|what))\b)"
    r"|(?P<plan>\b(?:(?:is|are|was|were) (?:expected|set|likely|unlikely|due|poised|bound|going|about) to|next (?:year|month|week|step|decade)|by 20[3-9]\d|aims? to|plans? to|hopes? to|in the (?:coming|next)|if (?:past|current|present))\b)"
    r"|(?P<account>\b(?:according to|(?:data|figures|statistics|records|documents|study|survey|report|census|poll) (?:from|by|show|shows|showed|published|released|found|suggest|suggests))\b)"
    r"|(?P<believe>\b(?:I|we) (?:\w+ )?(?:think|believe|feel|hope|want|need|know|wish|guess|love)\b|\bin my (?:view|opinion)\b|\bshould (?:not )?be\b|\bdeserves? to\b)",
    re.IGNORECASE,
)


def weigh_rules(text: str, lowered: list[str], counts: list[int]) -> tuple[float, tuple[str, ...]]:
    """Log-odds and reasons for one sentence from its words and signals."""
    found: list[tuple[float, str]] = []
    if len(lowered) < 3:
        return -3.0, ("too short to assert anything",)
    phrases = {match.lastgroup for match in _PHRASES.finditer(text)}
    _weigh_for(counts, phrases, found)
    _weigh_against(text, lowered, counts, phrases, found)
    weight = -0.9 + sum(part for part, _ in found)
    reasons = [reason for _, reason in sorted(found, key=lambda pair: -abs(pair[0])) if reason]
    return weight, tuple(dict.fromkeys(reasons[:4]))


def _weigh_for(counts: list[int], phrases: set[str | None], found: list[tuple[float, str]]) -> None:
    numbers = counts[_S.NUMBERS]
    if counts[_S.SHARE] and (numbers or counts[_S.SCALE]):
        found.append((1.8, "states a share"))
    elif counts[_S.MONEY] and (numbers or counts[_S.SCALE]):
        found.append((1.7, "states an amount of money"))
    elif numbers:
        found.append((1.2, "states a number"))
    elif counts[_S.SCALE]:
        found.append((0.7, "states a number"))
    happened = counts[_S.ACTION] + counts[_S.CHANGE]
    names = counts[_S.NAMES]
    if counts[_S.ACTION] and names:
        found.append((1.1, "names who did what"))
    elif counts[_S.CHANGE]:
        found.append((0.8, "says that something rose, fell or changed"))
    elif happened:
        found.append((0.6, "says that something was done"))
    elif counts[_S.HAPPENED]:
        found.append((0.5, "says that something happened"))
    elif counts[_S.BEING] and names:
        found.append((0.3, "says what is the case"))
    if counts[_S.YEAR] or counts[_S.TIME]:
        found.append((0.4, "says when"))
    if counts[_S.COMPARISON]:
        found.append((0.35, "compares or ranks"))
    if "account" in phrases:
        found.append((0.6, "names its source"))
    if counts[_S.MEASURED] or counts[_S.LAW]:
        found.append((0.4, "speaks of something that is recorded"))
    if names > 1:
        found.append((0.3, ""))


def _weigh_against(
    text: str,
    lowered: list[str],
    counts: list[int],
    phrases: set[str | None],
    found: list[tuple[float, str]],
) -> None:
    if counts[_S.QUESTION] and text.rstrip("\"'”’)* ").endswith("?"):
        found.append(
            (-3.5, "opinion: rhetorical question" if len(lowered) > 6 else "asks a question")
        )
    if counts[_S.FUTURE] or "plan" in phrases:
        found.append((-1.0, "prediction"))
    if counts[_S.HEDGE]:
        found.append((-0.9, "hedged: may, could, seems"))
    if counts[_S.DUTY]:
        found.append((-1.1, "opinion: says what ought to be"))
    if "believe" in phrases:
        found.append((-1.2, "opinion: speaks of a belief or wish"))
    if "rhetoric" in phrases:
        found.append((-0.8, "opinion: turn of rhetoric"))
    if counts[_S.VALUE]:
        found.append((-0.5 * min(counts[_S.VALUE], 3), "opinion: judges"))
    if counts[_S.FIGURE]:
        found.append((-0.5 * min(counts[_S.FIGURE], 2), "figure of speech"))
    if counts[_S.ABSTRACT]:
        found.append((-0.35 * min(counts[_S.ABSTRACT], 4), "speaks of ideas rather than facts"))
    if counts[_S.CONDITION]:
        found.append((-0.4, "conditional"))
    if counts[_S.SECOND_PERSON]:
        found.append((-0.5, "addresses the reader"))
    if counts[_S.COURTESY]:
        found.append((-0.5, "courtesy"))
    if counts[_S.CRY]:
        found.append((-0.8, "exclaims"))
    if len(lowered) < 6:
        found.append((-0.8, "very short"))
