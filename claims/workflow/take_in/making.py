"""Making: rows of a file as claims not yet stored, with their numbers.

The file's words win over the machine's reading: its claimant, its day, its language. Numbers
are read in English only; a claim in another language is kept without a guess.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from claims.intake import ClaimRow
from claims.models.storable import storable
from claims.models.team import Team
from claims.models.urgency import Facts, spoken
from claims.text.checkworthiness import Score, score_sentences
from claims.text.claimants import find_claimant
from claims.text.hints.reading import find_hints
from claims.text.language import is_mostly_latin
from claims.text.quantities import read_quantities
from claims.text.quantity import Quantity as ReadQuantity
from claims.text.queries import read_frame

UNREAD_SCORE = 0.05
LONGEST_SLOT = 300


@dataclass(frozen=True, slots=True)
class MadeClaim:
    """A claim that is not stored yet: the values of its row and the numbers read in it."""

    values: dict[str, Any]
    numbers: tuple[ReadQuantity, ...]

    @property
    def score(self) -> float:
        """Its check-worthiness."""
        return float(self.values["score"])


def make_claim(team: Team, row: ClaimRow, digest: str) -> MadeClaim:
    """The claim of one row."""
    text = row.claim_text
    numbers = read_numbers(row)
    score = _score(row)
    claimant = row.claimant or find_claimant(text) or ""
    frame = read_frame(text, numbers, claimant=claimant or None)
    values = {
        "team": team.pk,
        "text": text,
        "self_contained": text,
        "text_sha256": digest,
        "score": score.value,
        "reasons": json.dumps(score.reasons),
        "hints": json.dumps([hint.to_json() for hint in find_hints([(text, 0, numbers)])[0]]),
        "claimant": storable(claimant, LONGEST_SLOT),
        "measured": (frame.measured or "")[:LONGEST_SLOT],
        "of_what": (frame.of_what or "")[:LONGEST_SLOT],
        "place": (frame.place or "")[:LONGEST_SLOT],
        "period_from": frame.period.from_on if frame.period else None,
        "period_to": frame.period.to_on if frame.period else None,
        "context_before": "",
        "context_after": "",
        "version": 0,
    }
    return MadeClaim(values, numbers)


def read_numbers(row: ClaimRow) -> tuple[ReadQuantity, ...]:
    """The numbers of a row's claim; none where the file says that it is not English."""
    if not _is_english(row):
        return ()
    return tuple(read_quantities(row.claim_text, published=row.said_on or row.article_published))


def facts_of_row(row: ClaimRow, score: float, *, has_number: bool) -> Facts:
    """What the team's rules look at, as the file tells it."""
    language = row.language.casefold().split("-")[0]
    return Facts(
        words=spoken(row.claim_text),
        score=score,
        has_number=has_number,
        languages=frozenset({language} if language else ()),
        urls=frozenset({row.article_url} if row.article_url else ()),
    )


def _score(row: ClaimRow) -> Score:
    if not _is_english(row):
        return Score(UNREAD_SCORE, (f"language not read: {row.language}",))
    if not is_mostly_latin(row.claim_text):
        return Score(UNREAD_SCORE, ("language not read: unknown",))
    return score_sentences([row.claim_text])[0]


def _is_english(row: ClaimRow) -> bool:
    return not row.language or row.language.casefold().split("-")[0] in ("en", "eng")
