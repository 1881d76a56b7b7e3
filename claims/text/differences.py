"""What changed between two texts: whole paragraphs first, then the words of those that differ.

Promises: the pieces of the older text come out in order and those of the newer one too; the
time is bounded whatever the texts hold, because the longest parts are compared as wholes.
Refuses to judge whether a change matters.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz
from rapidfuzz.distance import LCSseq

# Ten thousand lines against ten thousand take 17 ms; what lies beyond is not compared.
MAX_PARAGRAPHS = 10_000
# A longer paragraph counts as replaced: 2,000 words against 2,000 take 1 ms.
MAX_WORDS = 2_000
MAX_STRETCHES = 400
CONTEXT_CHARS = 200
# Two paragraphs at least this alike (0 to 100) are one that was rewritten.
LEAST_ALIKE = 50.0
PAIRED_WITHIN = 3
ALIKE_CHARS = 1_000
# A single short word between two changes is part of them: else a sentence falls to crumbs.
FEWEST_KEPT_WORDS = 2

SAME, ADDED, REMOVED, CHANGED = "same", "added", "removed", "changed"


@dataclass(frozen=True, slots=True)
class Run:
    """Words with what became of them: ``same``, ``added`` or ``removed``."""

    text: str
    change: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """A paragraph with its runs, or, where ``hidden`` is above 0, that many unchanged ones."""

    kind: str
    runs: tuple[Run, ...] = ()
    hidden: int = 0


@dataclass(frozen=True, slots=True)
class Difference:
    """Stretches in order; ``is_cut`` says that something was not compared or not listed."""

    stretches: tuple[Stretch, ...]
    added_words: int
    removed_words: int
    is_cut: bool

    @property
    def is_empty(self) -> bool:
        """Whether the texts say the same, white space apart."""
        return not (self.added_words or self.removed_words)


def compare_versions(older: str, newer: str) -> Difference:
    """What became of ``older``.

    >>> [run.text for run in compare_versions("Six of ten agree.", "Seven of ten agree.")
    ...     .stretches[0].runs]
    ['Six', 'Seven', 'of ten agree.']
    """
    old, new = _paragraphs(older), _paragraphs(newer)
    is_cut = max(len(old), len(new)) > MAX_PARAGRAPHS
    found = list(_compare(old[:MAX_PARAGRAPHS], new[:MAX_PARAGRAPHS]))
    stretches = list(_fold(found))
    return Difference(
        stretches=tuple(stretches[:MAX_STRETCHES]),
        added_words=_count(found, ADDED),
        removed_words=_count(found, REMOVED),
        is_cut=is_cut or len(stretches) > MAX_STRETCHES,
    )


def _paragraphs(text: str) -> list[str]:
    """Lines that hold something, with their white space evened out."""
    return [line for line in (" ".join(one.split()) for one in text.splitlines()) if line]


def _count(found: Sequence[Stretch], change: str) -> int:
    return sum(len(run.text.split()) for one in found for run in one.runs if run.change == change)


def _compare(old: Sequence[str], new: Sequence[str]) -> Iterator[Stretch]:
    """Every paragraph of both texts as a stretch, the unchanged ones too."""
    for is_equal, removed, added in _blocks(old, new):
        if is_equal:
            yield from (Stretch(SAME, (Run(line, SAME),)) for line in removed)
        else:
            yield from _pair(removed, added)


def _blocks(
    old: Sequence[str], new: Sequence[str]
) -> Iterator[tuple[bool, Sequence[str], Sequence[str]]]:
    """Runs that are equal or not, by the longest common subsequence."""
    removed_from = added_from = 0
    for code in LCSseq.opcodes(old, new):
        if code.tag != "equal":
            continue
        if removed_from < code.src_start or added_from < code.dest_start:
            yield False, old[removed_from : code.src_start], new[added_from : code.dest_start]
        yield True, old[code.src_start : code.src_end], new[code.dest_start : code.dest_end]
        removed_from, added_from = code.src_end, code.dest_end
    if removed_from < len(old) or added_from < len(new):
        yield False, old[removed_from:], new[added_from:]


def _pair(removed: Sequence[str], added: Sequence[str]) -> Iterator[Stretch]:
    """Paragraphs that went and came in one place: rewritten where they are alike."""
    at = 0
    for line in removed:
        near = range(at, min(at + PAIRED_WITHIN, len(added)))
        twin = next((place for place in near if _is_alike(line, added[place])), None)
        if twin is None:
            yield Stretch(REMOVED, (Run(line, REMOVED),))
            continue
        yield from (Stretch(ADDED, (Run(one, ADDED),)) for one in added[at:twin])
        yield Stretch(CHANGED, tuple(_words(line, added[twin])))
        at = twin + 1
    yield from (Stretch(ADDED, (Run(one, ADDED),)) for one in added[at:])


def _is_alike(one: str, other: str) -> bool:
    return fuzz.ratio(one[:ALIKE_CHARS], other[:ALIKE_CHARS]) >= LEAST_ALIKE


def _words(line: str, other: str) -> Iterator[Run]:
    """The words of a rewritten paragraph; what went stands before what came."""
    old, new = line.split(), other.split()
    if max(len(old), len(new)) > MAX_WORDS:
        yield Run(line, REMOVED)
        yield Run(other, ADDED)
        return
    blocks = list(_blocks(old, new))
    removed: list[str] = []
    added: list[str] = []
    for place, (is_equal, went, came) in enumerate(blocks):
        is_crumb = len(went) < FEWEST_KEPT_WORDS and 0 < place < len(blocks) - 1
        if is_equal and not is_crumb:
            yield from _told(removed, added)
            removed, added = [], []
            yield Run(" ".join(went), SAME)
        else:
            removed += went
            added += came
    yield from _told(removed, added)


def _told(removed: Sequence[str], added: Sequence[str]) -> Iterator[Run]:
    if removed:
        yield Run(" ".join(removed), REMOVED)
    if added:
        yield Run(" ".join(added), ADDED)


def _fold(found: Sequence[Stretch]) -> Iterator[Stretch]:
    """Only the paragraphs beside a change are kept of the unchanged ones, shortened."""
    is_near = [False] * len(found)
    for place, one in enumerate(found):
        if one.kind != SAME:
            for near in range(max(place - 1, 0), min(place + 2, len(found))):
                is_near[near] = True
    hidden = 0
    for one, is_kept in zip(found, is_near, strict=True):
        if not is_kept:
            hidden += 1
            continue
        if hidden:
            yield Stretch(SAME, hidden=hidden)
            hidden = 0
        yield one if one.kind != SAME else Stretch(SAME, (Run(_short(one.runs[0].text), SAME),))
    if hidden:
        yield Stretch(SAME, hidden=hidden)


def _short(text: str) -> str:
    return text if len(text) <= CONTEXT_CHARS else f"{text[: CONTEXT_CHARS - 1]}…"
