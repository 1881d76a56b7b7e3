"""Take in: claims from a CSV, seen before they are stored, each row once.

Promises: a file waits, bounded and for a day, until a person confirms it; it is stored in one
transaction, or part by part with how far it is, so a kill leaves whole parts and a repeat gives
the same rows; a claim that the team has is linked, never doubled. Opens the tickets of its claims;
starts no search. Besides claims it takes in what others have published: fact-checks, and dated
tables of money.
"""

from claims.workflow.take_in.confirming import (
    confirm_import,
    lock_import,
    read_whole,
    store_part,
)
from claims.workflow.take_in.outside import (
    TakenIn,
    load_money_table,
    take_in_fact_checks,
)
from claims.workflow.take_in.previewing import ImportPreview, PreviewedRow, preview_import
from claims.workflow.take_in.storing import WholeFile
from claims.workflow.take_in.waiting import (
    KEPT_HOURS,
    LARGE_BYTES,
    MAX_WAITING,
    ImportRefused,
    discard_import,
    keep_file,
    keep_unread,
)

__all__ = [
    "KEPT_HOURS",
    "LARGE_BYTES",
    "MAX_WAITING",
    "ImportPreview",
    "ImportRefused",
    "PreviewedRow",
    "TakenIn",
    "WholeFile",
    "confirm_import",
    "discard_import",
    "keep_file",
    "keep_unread",
    "load_money_table",
    "lock_import",
    "preview_import",
    "read_whole",
    "store_part",
    "take_in_fact_checks",
]
