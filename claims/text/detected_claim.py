"""The frozen value of one possible claim, as detection gives it and every door prints it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from claims.text.hints.hint import Hint
from claims.text.quantity import Quantity
from claims.text.resolutions import Resolution


@dataclass(frozen=True, slots=True)
class DetectedClaim:
    """One sentence of an article, or a part of one, as a possible claim.

    ``start`` and ``end`` are characters of the article as given, and so are the
    offsets of each quantity, hint and resolution: ``article[q.start:q.end] == q.text``.
    ``context_before`` and ``context_after`` are the neighbouring sentences, empty
    where there is none or where a heading, a caption or the like stands between; for
    a part they also hold the rest of its sentence. ``sentence`` is the whole sentence
    where the claim is a part of one, and empty otherwise.
    """

    text: str
    start: int
    end: int
    score: float
    reasons: tuple[str, ...]
    claimant: str | None
    self_contained: str
    quantities: tuple[Quantity, ...]
    context_before: str = ""
    context_after: str = ""
    hints: tuple[Hint, ...] = ()
    resolved: tuple[Resolution, ...] = ()
    sentence: str = ""

    @property
    def identity(self) -> str:
        """What makes two claims the same: the words, and for a part its whole sentence too.

        "Exports fell by a third" is said of many countries; its sentence tells of which.
        """
        return f"{self.sentence}\n{self.text}" if self.sentence else self.text

    def to_json(self) -> dict[str, Any]:
        """The keys of the contract's Claim."""
        return {
            "text": self.text,
            "start": self.start,
            "end": self.end,
            "score": self.score,
            "reasons": list(self.reasons),
            "claimant": self.claimant,
            "self_contained": self.self_contained,
            "quantities": [quantity.to_json() for quantity in self.quantities],
            "hints": [hint.to_json() for hint in self.hints],
            "resolved": [one.to_json() for one in self.resolved],
        }
