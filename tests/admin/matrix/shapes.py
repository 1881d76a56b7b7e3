"""The shapes of the JSON that the pages read, each with a field's word in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from claims.intake import ClaimRow, Column, Reading
from claims.text.quantity import Quantity
from claims.vocabulary import ImportedAs, QuantityKind
from claims.workflow.take_in import ImportPreview, PreviewedRow

Shape = Callable[[str, Any], Any]
READING = Quantity("7", 0, 1, 7.0, None, None, "1", None, QuantityKind.NUMBER)
# The shape that the pages read; a JSON field without one cannot be planted, and the test says so.
SHAPES: dict[str, Shape] = {
    "Article.links": lambda word, _: [{"url": f"https://{word}.example/", "text": word}],
    "Claim.reasons": lambda word, _: [word],
    "Claim.hints": lambda word, _: [{"kind": "sum", "note": word, "spans": [[0, 1]]}],
    "Claim.resolved": lambda word, _: [{"start": 0, "end": 1, "text": word, "means": word}],
    "Claim.machine": lambda word, _: {"slots": {"place": word}},
    "Quantity.machine": lambda word, _: {
        **READING.to_json(), "hedge": word, "measured": word, "counted": word,
    },
    "Quantity.period": lambda word, _: {
        "from": "2023-01-01", "to": "2023-12-31", "resolved": True, "text": word,
    },
    "Snapshot.checks": lambda word, _: [word, "2026-01-01T00:00:00+00:00"],
    "Snapshot.redirects": lambda word, _: [f"https://{word}.example/"],
    "Snapshot.headers": lambda word, _: {
        "request": [["X-Word", word]], "response": [["X-Word", word]],
    },
    "Passage.place": lambda word, _: {"page": word},
    "Search.answer": lambda word, _: [{"url": f"https://{word}.example/", "title": word}],
    "Snapshot.links": lambda word, _: [{"url": f"https://{word}.example/", "text": word}],
    "Snapshot.media": lambda word, _: [
        {"kind": "image", "url": f"https://{word}.example/", "caption": word, "description": word}
    ],
    "Snapshot.tables": lambda word, _: [{"caption": word, "header": [word], "rows": [[word]]}],
    "TicketEvent.changes": lambda word, _: {"rating": word},
    "Evidence.score_reasons": lambda word, _: [word],
    "Evidence.stance_reasons": lambda word, _: [word],
    "Evidence.origin_reasons": lambda word, _: [word],
    "PageOrigin.links": lambda word, held: [
        {"page": one.get("page"), "reason": word} for one in held or [{}]
    ],
    "PageOrigin.cites": lambda word, _: [
        {"page": None, "name": word, "url": f"https://{word}.example/", "reason": word}
    ],
    "Evidence.set_period": lambda word, _: {
        "start": 0, "end": 0, "from": "2023-01-01", "to": "2023-12-31", "resolved": False,
        "machine": {"from": word, "to": word},
    },
    "Evidence.comparison": lambda word, held: {**(held or {}), "reasons": [word]},
    "VerdictEvidence.comparison": lambda word, held: {**(held or {}), "reasons": [word]},
    "Correction.machine": lambda word, _: {"text": word},
    "Correction.person": lambda word, _: {"text": word},
    "Team.blind_kinds": lambda word, _: [word],
    "Draft.fields": lambda word, _: {"rationale": word},
    "Errand.asked": lambda word, _: {"file": word},
    "ClaimImport.preview": lambda word, _: ImportPreview(
        Reading(columns=(Column(1, word),)),
        rows=(PreviewedRow(ClaimRow(line=2, claim_text=word), ImportedAs.NEW, ()),),
    ).to_json(),
}  # fmt: skip
