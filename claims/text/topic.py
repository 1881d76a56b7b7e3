"""What an article is about: the few terms that come often and everywhere in it.

Promises at most a handful of terms of one or two words, the most telling first, as the
article writes them, in time that grows with the text. Refuses to understand: a term is
telling because it is repeated from the beginning to the end, or stands in the title.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from claims.text.places import is_place_word
from claims.text.words import SCALE_WORDS, STOP_STEMS, cut_words

MOST_TERMS = 8
READ_CHARS = 200_000
"""Of a book the beginning is enough to know what it is about."""
MAIN_TERMS = 2
"""So many terms, places apart, can be left out by a sentence because they are plain."""
_TENTHS = 10
_TITLE_WEIGHT = 2.0
_PAIR_WEIGHT = 1.5
_PAIR_SHARE = 0.6
"""Two words are one term where either stands beside the other at least this often."""
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*|[^\w\s'’-]|\d")
_ADDRESS = re.compile(r"\w{3,6}://\S+|\{\{\w{1,40}\}\}\S*")
_LISTED_VAGUE = (
    "year month week day time people person country nation world global government official "
    "minister president company number part way thing case point question story article writer "
    "say tell show see take come go give know think want need look use new old first last good "
    "big small long short high low many million billion per cent percent however today decade "
    "monday tuesday wednesday thursday friday saturday sunday january february march april may "
    "june july august september october november december report reporting author economic "
    "strategic political social national international public tonne dollar"
)
_VAGUE = frozenset(stem for word in _LISTED_VAGUE.split() for stem in cut_words(word))


@dataclass(slots=True)
class _Seen:
    """How often a term came, in which tenths of the text, and how it was written."""

    count: int = 0
    tenths: set[int] = field(default_factory=set)
    written: Counter[str] = field(default_factory=Counter)

    def add(self, written: str, tenth: int) -> None:
        self.count += 1
        self.tenths.add(tenth)
        if len(self.written) < 20:
            self.written[written] += 1


def read_topic(text: str, title: str = "") -> tuple[str, ...]:
    """The article's key terms, most telling first; none for a text without repeated words.

    >>> read_topic("Cobalt is dear. Congo digs cobalt. Cobalt mines grow.", "Cobalt in Congo")
    ('Cobalt', 'Congo')
    """
    text = _ADDRESS.sub(" ", text[:READ_CHARS])
    words: dict[str, _Seen] = {}
    pairs: dict[tuple[str, str], _Seen] = {}
    size = max(1, len(text))
    before: tuple[str, str] | None = None
    for stem, written, start in _terms(text):
        if not stem:
            before = None
            continue
        tenth = start * _TENTHS // size
        words.setdefault(stem, _Seen()).add(written, tenth)
        if before is not None:
            pairs.setdefault((before[0], stem), _Seen()).add(f"{before[1]} {written}", tenth)
        before = stem, written
    headline = {stem for stem, _, _ in _terms(title[:500]) if stem}
    return _choose(words, pairs, headline)


def context_of(topic: Sequence[str], before: str = "") -> str:
    """The words that a sentence of the article may leave out because they are plain.

    The main terms of the topic, and those others that the sentence ``before`` names.
    Places are left out: a sentence that names none may mean any.
    """
    plain = [term for term in topic if not all(is_place_word(word) for word in term.split())]
    near = set(cut_words(before[:2000]))
    named = [term for term in plain[MAIN_TERMS:] if set(cut_words(term)) <= near]
    return " ".join([*plain[:MAIN_TERMS], *named])


def _terms(text: str) -> Iterator[tuple[str, str, int]]:
    """Stem, writing and place of each telling word; an empty stem where a run is broken."""
    for match in _WORD.finditer(text):
        written = match.group().removesuffix("'s").removesuffix("’s")
        stems = cut_words(written) if written[:1].isalpha() and len(written) < 40 else []
        is_telling = (
            len(stems) > 0
            and len(written) > 2
            and stems[0] not in STOP_STEMS
            and stems[0] not in _VAGUE
            and stems[0] not in SCALE_WORDS
            and not stems[0][0].isdigit()
        )
        yield (" ".join(stems) if is_telling else ""), written, match.start()


def _choose(
    words: dict[str, _Seen], pairs: dict[tuple[str, str], _Seen], headline: set[str]
) -> tuple[str, ...]:
    scored: list[tuple[float, int, str]] = []
    told: set[str] = set()
    for place, ((one, other), seen) in enumerate(pairs.items()):
        commoner = max(words[one].count, words[other].count)
        if seen.count >= 2 and seen.count >= _PAIR_SHARE * commoner:
            score = _PAIR_WEIGHT * _score(seen, {one, other} <= headline)
            scored.append((-score, place, _as_written(seen)))
            told |= {one, other}
    for place, (word, seen) in enumerate(words.items(), start=len(pairs)):
        if word not in told and (seen.count >= 2 or word in headline):
            scored.append((-_score(seen, word in headline), place, _as_written(seen)))
    return tuple(_without_repeats(term for _, _, term in sorted(scored)))


def _without_repeats(terms: Iterable[str]) -> Iterator[str]:
    """The first terms that share no word: of "rare earth" and "earth element" the first."""
    known: set[str] = set()
    left = MOST_TERMS
    for term in terms:
        stems = set(cut_words(term))
        if not stems & known and left:
            known |= stems
            left -= 1
            yield term


def _score(seen: _Seen, is_in_title: bool) -> float:
    return seen.count * len(seen.tenths) * (_TITLE_WEIGHT if is_in_title else 1.0)


def _as_written(seen: _Seen) -> str:
    return max(seen.written, key=lambda written: (seen.written[written], written))
