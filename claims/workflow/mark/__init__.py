"""Mark: a person says which words of an article are a claim, and which are none.

Promises: nothing is deleted; each act is one transaction that holds the article's
row, is told apart by the claim's version, and keeps a correction (what the machine
said, what the person set, who, when). A claim whose ticket has a verdict, or is in
somebody else's hands, stays as it is. Starts no search and opens no ticket.
"""

from claims.workflow.mark.dropping import drop_claim, restore_claim
from claims.workflow.mark.guarding import MarkedFirst, MarkRefused, why_not
from claims.workflow.mark.making import LONGEST_SPAN_CHARS, make_claim
from claims.workflow.mark.moving import move_ends, tell_apart

__all__ = [
    "LONGEST_SPAN_CHARS",
    "MarkRefused",
    "MarkedFirst",
    "drop_claim",
    "make_claim",
    "move_ends",
    "restore_claim",
    "tell_apart",
    "why_not",
]
