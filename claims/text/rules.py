"""Weigh a sentence of news by rules: what makes it a claim, what makes it talk.

Promises: a weight in log-odds (0 is even, positive speaks for checking) and the
reasons behind it, strongest first. The weights are ours, set by reading news; a
learned model of debates is added to them elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from claims.text.signals import Signal

_S = Signal
_PHRASES: dict[str, str] = {
    "rhetoric": """
one cannot|one can't|one must|one could|one might|it is time|it is clear|it is hard|it is difficult
it is easy|it is worth|it is important|it is no secret|the question is|the question remains
the question returns|the lesson is|the lesson of|the truth is|the irony is|the message is
the problem is|the point is|the fact is|the fact that|the story is|the story of|the world is
the world has|the real|make no mistake|in other words|in truth|in essence|in short|in reality
in a sense|in this sense|at the end of the day|at its heart|at the heart|that is how|that is why
this is a|this is an|this is how|this is why|this is what|it remains to be seen|is not about
""",
    "plan": """
is expected to|are expected to|is set to|are set to|is likely to|are likely to|is unlikely to
are unlikely to|is due to|are due to|is poised to|are poised to|is bound to|are bound to
is going to|are going to|next year|next month|next week|next step|next decade|aims to|aim to
plans to|plan to|hopes to|hope to|in the coming|if past|if current|if present|intends to|intend to
""",
    "account": """
according to|data from|data show|data shows|data showed|data published|figures from|figures show
figures showed|figures published|statistics from|statistics show|records show|records showed
documents show|documents showed|study by|study found|study showed|survey by|survey found|report by
report found|report said|census found|census counted|poll found|poll showed
""",
    "silence": """
be reached for|responded to questions|respond to questions|respond to a request|respond to requests
responded to a request|responded to requests|declined to comment|declines to comment
available for comment|immediate comment|not available for
""",
    "believe": """
i think|we think|i believe|we believe|i feel|we feel|i hope|we hope|i want|we want|i wish|we wish
i guess|i love|we love|we need|we know|in my view|in my opinion|should be|should not be|deserves to
""",
}
# Lines around an article that look like sentences. The first kind needs no more than its
# beginning; the second only counts while it is no longer than such a line is.
_FURNITURE = re.compile(
    r"\W{0,3}(?:(?:photo(?:graph)?s?|pictures?|images?|video|sources?|credits?|caption|graphic"
    r"|illustration|related|read more|read also|also read|see also|watch|listen)\s?[:|–—]"
    r"|this (?:article|story|interview|piece|column) (?:was|is) (?:first |originally )?published"
    r"|(?:this|the) (?:article|story|interview|piece|column|conversation|transcript)"
    r" (?:was|has been|is) (?:lightly )?"
    r"(?:edited|condensed|updated|amended|corrected|translated|abridged)(?!.*, (?-i:[a-z]))"
    r"|names have been changed(?: (?:to|for|at|on)\b|\W*$)"
    r"|opinions expressed|(?:man|player) of the match:)",
    re.IGNORECASE,
)
_SHORT_FURNITURE = re.compile(
    r"\W{0,3}(?:(?:(?:compiled|edited|translated|written|photographed)(?: and \w{1,20})? by\b"
    r"|with inputs? from\b|compiled from\b|(?:first |originally )?published (?:in|on)\b)"
    r"(?!.*, (?-i:[a-z]))|(?:additional |further )?reporting by (?-i:[A-Z])"
    r"|continue[sd]? (?:on|from) page\b"
    r"|(?:sign up|subscribe|follow us|click here|read more)\b"
    r"|for [^.;,]{1,60}, (?:please )?(?:see|visit|turn to|go to|click|write to|call)\b)",
    re.IGNORECASE,
)
_LONGEST_FURNITURE_WORDS = 11
_FEWEST_WORDS, _SHORT_WORDS, _LONG_WORDS = 3, 6, 7


def _sort_phrases() -> dict[str, tuple[tuple[tuple[str, ...], str], ...]]:
    """The phrases by their first word: the words that must follow, and the phrase's kind."""
    by_first: dict[str, tuple[tuple[tuple[str, ...], str], ...]] = {}
    for kind, listed in _PHRASES.items():
        for phrase in listed.strip().replace("\n", "|").split("|"):
            first, *rest = phrase.split()
            by_first[first] = (*by_first.get(first, ()), (tuple(rest), kind))
    return by_first


_BY_FIRST = _sort_phrases()
_BEGINNINGS = frozenset(
    (first, rest[0]) for first, phrases in _BY_FIRST.items() for rest, _ in phrases
)


def find_phrases(lowered: Sequence[str]) -> set[str]:
    """Which kinds of telling phrase stand among the words."""
    if _BEGINNINGS.isdisjoint(pairwise(lowered)):
        return set()
    return {
        kind
        for at, word in enumerate(lowered)
        for rest, kind in _BY_FIRST.get(word, ())
        if tuple(lowered[at + 1 : at + 1 + len(rest)]) == rest
    }


# How much one signal speaks against checking, how often it counts at most, and why.
_AGAINST: tuple[tuple[Signal, float, int, str], ...] = (
    (_S.HEDGE, -1.6, 1, "hedged: may, could, seems"),
    (_S.DUTY, -1.1, 1, "opinion: says what ought to be"),
    (_S.VALUE, -0.5, 3, "opinion: judges"),
    (_S.FIGURE, -0.5, 2, "figure of speech"),
    (_S.ABSTRACT, -0.35, 4, "speaks of ideas rather than facts"),
    (_S.CONDITION, -0.4, 1, "conditional"),
    (_S.SECOND_PERSON, -0.5, 1, "addresses the reader"),
    (_S.COURTESY, -0.5, 1, "courtesy"),
    (_S.CRY, -0.8, 1, "exclaims"),
    (_S.URGED, -0.4, 1, "passes on advice or a wish"),
)
_PHRASE_WEIGHTS: dict[str, tuple[float, str]] = {
    "plan": (-2.0, "prediction"),
    "believe": (-1.2, "opinion: speaks of a belief or wish"),
    "rhetoric": (-0.8, "opinion: turn of rhetoric"),
    "silence": (-2.0, "says that nobody commented"),
    "account": (0.6, "names its source"),
}
_PASTS = (_S.PAST, _S.PERFECT, _S.HAPPENED)
_EVEN = -0.9
_MOST_REASONS = 4


def weigh_rules(
    text: str, lowered: Sequence[str], counts: Sequence[int]
) -> tuple[float, tuple[str, ...]]:
    """Log-odds and reasons for one sentence from its words and signals.

    ``lowered`` are its words in small letters, ``counts`` of
    :func:`claims.text.signals.read_signals`; at most four reasons, the strongest first.
    """
    if len(lowered) < _FEWEST_WORDS:
        return -3.0, ("too short to assert anything",)
    if is_furniture_line(text, len(lowered)):
        return -9.0, ("page furniture: a source, a caption or a pointer",)
    found = [
        *_weigh_numbers(counts),
        *_weigh_events(counts),
        *_weigh_setting(counts),
        *_weigh_outlook(counts),
    ]
    for name in find_phrases(lowered):
        weight, reason = _PHRASE_WEIGHTS[name]
        if name != "plan" or not counts[_S.FUTURE]:
            found.append((weight, reason))
    if counts[_S.DUTY]:
        counts = _without_past_need(lowered, counts)
    for signal, weight, most, reason in _AGAINST:
        if counts[signal]:
            found.append((weight * min(counts[signal], most), reason))
    if counts[_S.QUESTION] and text.rstrip("\"'”’)* ").endswith("?"):
        is_long = len(lowered) >= _LONG_WORDS
        found.append((-3.5, "opinion: rhetorical question" if is_long else "asks a question"))
    if len(lowered) < _SHORT_WORDS:
        found.append((-0.8, "very short"))
    found.sort(key=lambda pair: (-abs(pair[0]), pair[1]))
    reasons = dict.fromkeys(reason for _, reason in found if reason)
    return _EVEN + sum([weight for weight, _ in found]), tuple(reasons)[:_MOST_REASONS]


def is_furniture_line(text: str, words: int) -> bool:
    """Whether a sentence of so many ``words`` begins like a source, caption or pointer line."""
    if _FURNITURE.match(text):
        return True
    return words <= _LONGEST_FURNITURE_WORDS and _SHORT_FURNITURE.match(text) is not None


def _without_past_need(lowered: Sequence[str], counts: Sequence[int]) -> list[int]:
    """The counts without "needed" where it tells what was: "have needed", "the city needed"."""
    was = sum(
        word == "needed" and lowered[at - 1] not in {"is", "are", "be"}
        for at, word in enumerate(lowered)
        if at
    )
    freed = list(counts)
    freed[_S.DUTY] = max(0, counts[_S.DUTY] - was)
    return freed


def _weigh_numbers(counts: Sequence[int]) -> Iterator[tuple[float, str]]:
    numbers = counts[_S.NUMBERS] or counts[_S.SCALE]
    if not numbers:
        return
    if counts[_S.SHARE]:
        yield 1.8, "states a share"
    elif counts[_S.MONEY]:
        yield 1.7, "states an amount of money"
    else:
        yield (1.2 if counts[_S.NUMBERS] else 0.7), "states a number"


def _weigh_events(counts: Sequence[int]) -> Iterator[tuple[float, str]]:
    names = counts[_S.NAMES]
    if counts[_S.ACTION] and names:
        yield 1.1, "names who did what"
    elif counts[_S.CHANGE]:
        yield 0.8, "says that something rose, fell or changed"
    elif counts[_S.ACTION]:
        yield 0.6, "says that something was done"
    elif any(map(counts.__getitem__, _PASTS)) or (
        counts[_S.FIRST_PAST] and (counts[_S.PASSIVE] or counts[_S.GOING_ON])
    ):
        yield 0.6, "says that something happened"
    elif counts[_S.BEING] and names:
        yield 0.3, "says what is the case"
    if counts[_S.RECORD]:
        yield 0.5, "denies, admits, accuses or refuses on record"
    if names > 1:
        yield 0.3, ""
    if counts[_S.VERBLESS] and not counts[_S.NUMBERS]:
        yield -0.6, "tells of nothing done"


def _weigh_outlook(counts: Sequence[int]) -> Iterator[tuple[float, str]]:
    """What is to come or is only felt; beside something that happened, it weighs less."""
    if counts[_S.FUTURE]:
        has_fact = counts[_S.FIRST_PAST] and counts[_S.PAST] and not counts[_S.SAID_OPEN]
        yield (-0.9 if has_fact else -1.8), "prediction"
    elif counts[_S.EXPECTED]:
        is_all = counts[_S.ATTRIBUTION] and counts[_S.PAST] <= counts[_S.EXPECTED]
        yield (-1.4 if is_all else -0.7), "speaks of what is expected, promised or planned"
    if counts[_S.SAID_OPEN] and not counts[_S.FUTURE]:
        yield -0.4, "reports what may come"
    if counts[_S.FEELING] and not counts[_S.NUMBERS]:
        yield -0.7, "speaks of a feeling or an impression"


def _weigh_setting(counts: Sequence[int]) -> Iterator[tuple[float, str]]:
    if counts[_S.YEAR] or counts[_S.TIME]:
        yield 0.4, "says when"
    if counts[_S.COMPARISON]:
        yield 0.35, "compares or ranks"
    if counts[_S.MEASURED] or counts[_S.LAW]:
        yield 0.4, "speaks of something that is recorded"
