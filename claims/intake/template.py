"""The template: a small file that shows each column, to be overwritten."""

from __future__ import annotations

import csv
import io

from claims.intake.columns import COLUMNS

_EXAMPLES: tuple[dict[str, str], ...] = (
    {
        "claim_text": "The harbour of Varnholm handled 48,000 tonnes of salt in 2023.",
        "claimant": "Varnholm port authority",
        "article_title": "Salt at Varnholm",
        "article_url": "https://gazette.example/salt",
        "article_published": "2025-11-18",
        "said_on": "2025-11-17",
        "language": "en",
        "priority": "70",
        "note": "The yearly table should settle it.",
        "external_id": "A-1",
    },
    {"claim_text": "Bus fares in Varnholm rose by 12 per cent last year.", "said_on": "2025-11-17"},
)


def _write() -> bytes:
    block = io.StringIO(newline="")
    writer = csv.DictWriter(block, COLUMNS, restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(_EXAMPLES)
    # With the mark: spreadsheets open a CSV as UTF-8 only where they see it.
    return block.getvalue().encode("utf-8-sig")


TEMPLATE = _write()
