"""The arithmetic hints of a claim whose numbers were corrected.

The hints inside its sentence are found again from the numbers as they stand; those that
reach across the article stay where nobody touched their numbers. With the last correction
gone the machine's own hints are back.
"""

from __future__ import annotations

from collections.abc import Sequence

from claims.models.claim import Claim
from claims.models.claim import Quantity as Row
from claims.text.hints.hint import HintKind
from claims.text.hints.reading import find_hints


def refresh_hints(claim: Claim) -> None:
    """The claim's arithmetic from its numbers as they stand now; the machine's when none is new."""
    rows = list(claim.quantities.order_by("position"))
    is_corrected = bool(claim.machine.get("struck")) or any(row.corrected for row in rows)
    if not is_corrected:
        if "hints" in claim.machine:
            claim.hints = claim.machine.pop("hints")
            claim.save(update_fields=["hints", "machine"])
        return
    claim.machine.setdefault("hints", claim.hints)
    numbers = [row.as_read() for row in rows]
    found = [hint.to_json() for hint in find_hints([(claim.text, 0, numbers)])[0]]
    claim.hints = found + [hint for hint in _still_true(claim, rows) if hint not in found]
    claim.save(update_fields=["hints", "machine"])


def _still_true(claim: Claim, rows: Sequence[Row]) -> list[dict[str, object]]:
    """Hints across the article, of numbers of this claim that nobody touched."""
    spans = [(row.start, row.end) for row in rows if row.corrected]
    spans += [(one["start"], one["end"]) for one in claim.machine.get("struck", ())]

    def touches(hint: dict[str, object]) -> bool:
        own = hint.get("spans")
        listed = own if isinstance(own, list) else []
        return any(
            one["start"] < end and start < one["end"] for one in listed for start, end in spans
        )

    return [
        hint
        for hint in claim.machine["hints"]
        if hint.get("kind") == HintKind.SCALE and not touches(hint)
    ]
