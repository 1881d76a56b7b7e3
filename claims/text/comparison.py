"""What came of holding a claim's number against a source's: one frozen value."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from claims.text.quantity import Quantity
from claims.vocabulary import ComparisonFlag, Outcome


@dataclass(frozen=True, slots=True)
class Comparison:
    """What came of one pair of numbers.

    ``absolute`` is source minus claim in the claim's unit, ``relative`` the same as a
    share of the claim's value (``None`` where that is zero); both are ``None`` unless the
    numbers were held against each other. ``coverage`` (0 … 1) is how much of the claim's
    wording the source shares; it orders pairs and is not printed. ``is_other_thing`` is true
    where the source's number is known to measure something else, ``is_other_unit`` where it
    cannot be brought to the claim's unit; they are not printed either.
    """

    outcome: Outcome
    absolute: float | None = None
    relative: float | None = None
    claim_quantity: Quantity | None = None
    passage_quantity: Quantity | None = None
    flags: tuple[ComparisonFlag, ...] = ()
    reasons: tuple[str, ...] = ()
    coverage: float = field(default=0.0, compare=False)
    is_other_thing: bool = field(default=False, compare=False)
    is_other_unit: bool = field(default=False, compare=False)

    def to_json(self) -> dict[str, Any]:
        """The keys of the ``compare`` task, and ``reasons``."""
        claim, passage = self.claim_quantity, self.passage_quantity
        return {
            "outcome": self.outcome.value,
            "difference": {"absolute": self.absolute, "relative": self.relative},
            "claim_quantity": claim.to_json() if claim else None,
            "passage_quantity": passage.to_json() if passage else None,
            "flags": [flag.value for flag in self.flags],
            "reasons": list(self.reasons),
        }
