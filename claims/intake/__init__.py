"""Intake: bytes of a file in, frozen rows and precise complaints out.

Promises: a complaint names line, column and cure; what is read is whole or not at all; a
verdict CSV of ours reads back. Refuses Django, guesses at encodings, and repairing a cell.
"""

from claims.intake.columns import COLUMNS, Column
from claims.intake.fact_checks import read_fact_checks
from claims.intake.money_tables import read_money_table
from claims.intake.reading import MAX_BYTES, MAX_ROWS, read_claims
from claims.intake.rows import ClaimRow, Problem, Reading
from claims.intake.tabular import FileRefused
from claims.intake.template import TEMPLATE
from claims.intake.wording import numbers_key, wording_key

__all__ = [
    "COLUMNS",
    "MAX_BYTES",
    "MAX_ROWS",
    "TEMPLATE",
    "ClaimRow",
    "Column",
    "FileRefused",
    "Problem",
    "Reading",
    "numbers_key",
    "read_claims",
    "read_fact_checks",
    "read_money_table",
    "wording_key",
]
