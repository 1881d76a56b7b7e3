"""The acts of the ticket page, each with a form that would be accepted, and the roles that may."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from claims.lifecycle import LEADS, MOVES, REVIEWERS
from claims.models import Claim, ClaimMatch, Evidence, FactCheckMatch, Membership, Ticket
from claims.vocabulary import Role

REASONS = "The office counted 69.2 per cent for that year, see [1]."
# What is posted → the roles that may; those of a move are the lifecycle's own.
RIGHTS: dict[str, frozenset[Role]] = {
    **{
        verb.replace("_", "-"): move.roles
        for verb, move in MOVES.items()
        if move.roles and verb != "gather_more" and not move.is_compensating
    },
    "reopen": MOVES["reopen"].roles, "split": REVIEWERS,
    "gather": MOVES["gather_more"].roles,
    "confirm": REVIEWERS, "frame": REVIEWERS, "stance": REVIEWERS, "draft": REVIEWERS,
    "renew": REVIEWERS, "frame-back": REVIEWERS, "number": REVIEWERS, "number-add": REVIEWERS,
    "number-strike": REVIEWERS, "origin": REVIEWERS, "outcome": REVIEWERS, "match": REVIEWERS,
    "skip": REVIEWERS, "hand-over": REVIEWERS, "due": REVIEWERS, "tags": REVIEWERS,
    "bearing": REVIEWERS, "period": REVIEWERS, "fact-check": REVIEWERS,
    "priority": LEADS, "comment": frozenset(Role), "settle": frozenset(Role),
    "here": frozenset(Role),
}  # fmt: skip


def act(ticket: Ticket, verb: str) -> str:
    return reverse(f"admin:claims_ticket_{verb.replace('-', '_')}", args=[ticket.pk])


def form_of(ticket: Ticket) -> dict[str, Any]:
    """Everything that any act asks for, as it would be accepted."""
    piece = Evidence.objects.filter(ticket=ticket).earliest("pk")
    other = Evidence.objects.filter(ticket=ticket).latest("pk")
    number = ticket.claim.quantities.first()
    return {
        "version": Ticket.objects.get(pk=ticket.pk).version,
        "claim_version": ticket.claim.version,
        "rating": ticket.team.scale.ratings.get(position=2).pk,
        "rationale": REASONS,
        **dict.fromkeys(("waiver_origins", "waiver_primary"), "Nothing else was found."),
        "note": "Look again.",
        "close_reason": "opinion",
        "query": "rare earths",
        "evidence": piece.pk,
        "stance": "refutes",
        "place": "Elsewhere",
        "number": number.pk if number else "",
        "value": "61",
        "words": ticket.claim.text[:4],
        "slot": "place",
        "outcome": "different_period",
        "act": "joined",
        "page": piece.passage.snapshot.page_id,
        "other": other.passage.snapshot.page_id,
        "match": match_of(ticket),
        "answer": "other",
        "to": colleague_of(ticket),
        "priority": "90",
        "due_on": (timezone.now().date() + timedelta(days=9)).isoformat(),
        "tags": "trade, metals",
        "review": review_of(ticket),
        "bears": "0",
        "of": "published",
        "text": "Which year?",
        "thread": "",
    }


def colleague_of(ticket: Ticket) -> Any:
    """A reviewer of the ticket's team who does not hold it."""
    members = Membership.objects.filter(team_id=ticket.team_id, role__in=REVIEWERS)
    free = members.exclude(user_id=ticket.reserved_by_id)
    return free.values_list("user_id", flat=True).first() or ""


def match_of(ticket: Ticket) -> Any:
    """A pair of the ticket's claim and an earlier one of its team, where there is one."""
    earlier = Claim.objects.filter(team_id=ticket.team_id, pk__lt=ticket.claim_id).first()
    if earlier is None:
        return ""
    match, _ = ClaimMatch.objects.get_or_create(
        claim_id=ticket.claim_id, earlier=earlier, defaults={"score": 0.9}
    )
    return match.pk


def review_of(ticket: Ticket) -> Any:
    """A pair of the ticket's claim and a fact-check by others, where there is one."""
    match = FactCheckMatch.objects.filter(claim_id=ticket.claim_id).first()
    return match.pk if match else ""
