"""Match: a claim is held against the team's earlier ones, and a person says what they are.

Promises: every claim is matched once it is stored and again when its wording is corrected,
by the machine's queue and never while a person waits; the machine only suggests; a person's
answer is kept with who and when, in the history of both tickets. A claim that is said to be
the same becomes another appearance of the earlier one, and its ticket closes as a duplicate;
with another number, unit, period or place it never does. What was merged can be split again.
No verdict is passed on.
"""

from claims.workflow.match.answering import MatchRefused, answer_match
from claims.workflow.match.finding import find_earlier
from claims.workflow.match.indexing import match_due, owe_matching
from claims.workflow.match.merging import merge_ticket
from claims.workflow.match.reviews import answer_review, resemblance_to
from claims.workflow.match.splitting import Split, split_match
from claims.workflow.match.stating import resemblance_of, state_claims

__all__ = [
    "MatchRefused",
    "Split",
    "answer_match",
    "answer_review",
    "find_earlier",
    "match_due",
    "merge_ticket",
    "owe_matching",
    "resemblance_of",
    "resemblance_to",
    "split_match",
    "state_claims",
]
