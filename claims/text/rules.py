"""Weigh a sentence of news by rules: what makes it a claim, what makes it talk.

Promises: a weight in log-odds (0 is even, positive speaks for checking) and the
reasons behind it, strongest first. The weights are ours, set by reading news; a
learned model of debates is added to them elsewhere.
"""

from __future__ import annotations

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
    "believe": """
i think|we think|i believe|we believe|i feel|we feel|i hope|we hope|i want|we want|i wish|we wish
i guess|i love|we love|we need|we know|in my view|in my opinion|should be|should not be|deserves to
""",
}
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
    (_S.FUTURE, -1.4, 1, "prediction"),
    (_S.HEDGE, -0.9, 1, "hedged: may, could, seems"),
    (_S.DUTY, -1.1, 1, "opinion: says what ought to be"),
    (_S.VALUE, -0.5, 3, "opinion: judges"),
    (_S.FIGURE, -0.5, 2, "figure of speech"),
    (_S.ABSTRACT, -0.35, 4, "speaks of ideas rather than facts"),
    (_S.CONDITION, -0.4, 1, "conditional"),
    (_S.SECOND_PERSON, -0.5, 1, "addresses the reader"),
    (_S.COURTESY, -0.5, 1, "courtesy"),
    (_S.CRY, -0.8, 1, "exclaims"),
)
_PHRASE_WEIGHTS: dict[str, tuple[float, str]] = {
    "plan": (-1.4, "prediction"),
    "believe": (-1.2, "opinion: speaks of a belief or wish"),
    "rhetoric": (-0.8, "opinion: turn of rhetoric"),
    "account": (0.6, "names its source"),
}
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
    found = [*_weigh_numbers(counts), *_weigh_events(counts), *_weigh_setting(counts)]
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
    elif counts[_S.HAPPENED]:
        yield 0.5, "says that something happened"
    elif counts[_S.BEING] and names:
        yield 0.3, "says what is the case"
    if names > 1:
        yield 0.3, ""


def _weigh_setting(counts: Sequence[int]) -> Iterator[tuple[float, str]]:
    if counts[_S.YEAR] or counts[_S.TIME]:
        yield 0.4, "says when"
    if counts[_S.COMPARISON]:
        yield 0.35, "compares or ranks"
    if counts[_S.MEASURED] or counts[_S.LAW]:
        yield 0.4, "speaks of something that is recorded"
