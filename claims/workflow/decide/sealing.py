"""Sealing: which verdicts are read blind, and what the history may say of one until then.

Promises: whether a verdict is read blind is drawn when it is submitted, so nobody knows before;
the line of history that records it holds a digest of rating and reasons instead of them, so
that it can be proven afterwards that neither was changed. Refuses a second draw: what was sent
back or corrected was seen already.
"""

from __future__ import annotations

import hashlib
import secrets

from claims.models.rating import Rating
from claims.models.ticket import Ticket


def is_drawn_blind(ticket: Ticket) -> bool:
    """Whether the second read of this ticket's first verdict is blind, by kind or by lot."""
    team = ticket.team
    if ticket.verdicts.exists():
        return False
    kinds = set(team.blind_kinds)
    if kinds and ticket.claim.quantities.filter(kind__in=kinds).exists():
        return True
    return secrets.randbelow(100) < team.blind_percent


def seal_verdict(rating: Rating, rationale: str) -> str:
    """SHA-256 over the rating's label and the reasons as they are kept."""
    return hashlib.sha256(f"{rating.label}\n{rationale.strip()}".encode()).hexdigest()
