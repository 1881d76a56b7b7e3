"""Decide: a person's verdict, its confirmation, its correction. The machine never comes here.

Promises: a verdict is a new version, never an overwrite; it keeps a frozen
copy of the evidence it rests on; saving over a newer version of the ticket is
refused with who did what and when, and the caller still has what was typed;
nobody confirms their own verdict.
"""

from claims.workflow.decide.checking import (
    MAX_RATIONALE_CHARS,
    MIN_RATIONALE_CHARS,
    Decision,
    DecisionRefused,
    find_evidence,
)
from claims.workflow.decide.confirming import confirm_verdict, send_back
from claims.workflow.decide.deciding import (
    close_ticket,
    decide_ticket,
    reopen_for_correction,
    withdraw_verdict,
)
from claims.workflow.decide.gate import Check, check_gate, waiver_field
from claims.workflow.decide.rereading import edit_verdict, read_blind

__all__ = [
    "MAX_RATIONALE_CHARS",
    "MIN_RATIONALE_CHARS",
    "Check",
    "Decision",
    "DecisionRefused",
    "check_gate",
    "close_ticket",
    "confirm_verdict",
    "decide_ticket",
    "edit_verdict",
    "find_evidence",
    "read_blind",
    "reopen_for_correction",
    "send_back",
    "waiver_field",
    "withdraw_verdict",
]
