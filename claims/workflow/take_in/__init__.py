"""Take in: claims from a CSV, seen before they are stored, all of them or none, and once.

Promises: a file waits, bounded and for a day, until a person confirms it; confirming is one
transaction, so a kill at any point leaves everything or nothing and a repeat gives the same
rows; a claim that the team has is linked, never doubled. Opens the tickets of its claims;
starts no search. Besides claims it takes in what others have published: fact-checks, and dated
tables of money.
"""

from claims.workflow.take_in.confirming import confirm_import
from claims.workflow.take_in.outside import (
    TakenIn,
    load_money_table,
    take_in_fact_checks,
)
from claims.workflow.take_in.previewing import ImportPreview, PreviewedRow, preview_import
from claims.workflow.take_in.waiting import (
    KEPT_HOURS,
    MAX_WAITING,
    ImportRefused,
    discard_import,
    keep_file,
)

__all__ = [
    "KEPT_HOURS",
    "MAX_WAITING",
    "ImportPreview",
    "ImportRefused",
    "PreviewedRow",
    "TakenIn",
    "confirm_import",
    "discard_import",
    "keep_file",
    "load_money_table",
    "preview_import",
    "take_in_fact_checks",
]
