"""Feedback: how often people disagreed with the machine, by kind, from what they set and left.

Promises: the last word of a person on a thing counts, once, and a word taken back does not;
each kind says of how many things it is a share. Refuses to call silence agreement where a
person did not work: only claims whose ticket somebody worked on are counted. Writes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import QuerySet

from claims.models.claim import Claim
from claims.models.correction import Correction
from claims.models.evidence import Evidence
from claims.models.page_origin import PageOrigin
from claims.models.team import Team
from claims.models.ticket import Ticket, TicketEvent
from claims.vocabulary import CorrectionKind, Outcome, TicketAction

OF_CLAIMS = {
    CorrectionKind.CLAIM_MADE: "claims people worked on or made",
    CorrectionKind.CLAIM_DROPPED: "claims people worked on or dropped",
    CorrectionKind.SPAN_CHANGED: "claims people worked on",
    CorrectionKind.FRAME_FIELD: "claims people worked on",
    CorrectionKind.WORDING: "claims people worked on",
    CorrectionKind.CLAIMANT: "claims people worked on",
}
"""The kinds that are counted by claim, and of which claims they are a share."""


@dataclass(slots=True)
class Disagreement:
    """One kind: of ``shown`` things people set ``otherwise`` that many.

    ``shown_as`` names the things; ``details`` counts what was set, the commonest first.
    """

    kind: CorrectionKind
    shown_as: str
    shown: int = 0
    otherwise: int = 0
    details: Counter[str] = field(default_factory=Counter)

    @property
    def share(self) -> float | None:
        """``otherwise`` as a share of ``shown``; ``None`` where nothing was shown."""
        return self.otherwise / self.shown if self.shown else None


def report_feedback(team: Team | None = None, *, since: date | None = None) -> list[Disagreement]:
    """Every kind, in the order of the vocabulary; of one team or of all, ``since`` a day."""
    tickets = _worked_tickets(team, since)
    words = Correction.objects.all()
    words = words.filter(team=team) if team else words
    words = words.filter(made_at__date__gte=since) if since else words
    found = _claim_kinds(words, tickets)
    found[CorrectionKind.STANCE] = _said(words, CorrectionKind.STANCE, "stances people set")
    found[CorrectionKind.COMPARISON] = _comparisons(words, tickets)
    found[CorrectionKind.ORIGIN] = _origins(words, tickets)
    found[CorrectionKind.PERIOD] = _pieces(
        words, tickets, CorrectionKind.PERIOD, "times of numbers compared where people worked"
    )
    found[CorrectionKind.BEARING] = _pieces(
        words, tickets, CorrectionKind.BEARING, "passages suggested where people worked"
    )
    found[CorrectionKind.MATCH] = _said(
        words, CorrectionKind.MATCH, "earlier claims and fact-checks people answered"
    )
    return [found[kind] for kind in CorrectionKind if kind in found]


def _worked_tickets(team: Team | None, since: date | None) -> QuerySet[Ticket]:
    """Tickets on which a person did something besides opening them."""
    acts = TicketEvent.objects.filter(actor__isnull=False).exclude(action=TicketAction.OPENED)
    acts = acts.filter(at__date__gte=since) if since else acts
    tickets = Ticket.objects.filter(pk__in=acts.values("ticket_id"))
    return tickets.filter(team=team) if team else tickets


def _last_words(words: QuerySet[Correction], *kinds: CorrectionKind) -> Iterator[Correction]:
    """The newest correction of each thing: of a claim, of one kind and one field."""
    return (
        words.filter(kind__in=kinds)
        .order_by("claim_id", "kind", "field", "-id")
        .distinct("claim_id", "kind", "field")
        .iterator()
    )


def _claim_kinds(
    words: QuerySet[Correction], tickets: QuerySet[Ticket]
) -> dict[CorrectionKind, Disagreement]:
    worked = set(tickets.values_list("claim_id", flat=True))
    found = {kind: Disagreement(kind, shown) for kind, shown in OF_CLAIMS.items()}
    touched: dict[CorrectionKind, set[int | None]] = {kind: set() for kind in OF_CLAIMS}
    gone = set(
        Claim.objects.filter(dropped_at__isnull=False, corrections__in=words).values_list(
            "pk", flat=True
        )
    )
    for word in _last_words(words, *OF_CLAIMS):
        kind = CorrectionKind(word.kind)
        is_undone = kind is CorrectionKind.CLAIM_DROPPED and word.claim_id not in gone
        if word.machine != word.person and not is_undone:
            touched[kind].add(word.claim_id)
            if kind is CorrectionKind.FRAME_FIELD:
                found[kind].details[_slot(word)] += 1
    for kind, claims in touched.items():
        found[kind].otherwise = len(claims)
        found[kind].shown = len(worked | claims)
    return found


def _slot(word: Correction) -> str:
    """``number 3-9 value`` is the slot *value*; a whole number was struck out or added."""
    if not word.field.startswith("number "):
        return word.field
    parts = word.field.split()
    if len(parts) > 2:
        return parts[2]
    return "number struck out" if word.person is None else "number added"


def _said(words: QuerySet[Correction], kind: CorrectionKind, shown: str) -> Disagreement:
    """A kind of which agreement is kept too: a share of what people said."""
    found = Disagreement(kind, shown)
    for word in _last_words(words, kind):
        if word.person is not None:
            found.shown += 1
            _count(found, word)
    return found


def _comparisons(words: QuerySet[Correction], tickets: QuerySet[Ticket]) -> Disagreement:
    found = Disagreement(CorrectionKind.COMPARISON, "numbers compared where people worked")
    told: set[str] = set()
    for word in _last_words(words, CorrectionKind.COMPARISON):
        if word.person is not None:
            told.add(word.field)
            _count(found, word)
    held = Evidence.objects.filter(ticket__in=tickets).exclude(outcome=Outcome.NOT_COMPARABLE)
    shown = {f"evidence {pk}" for pk in held.order_by().values_list("pk", flat=True).iterator()}
    found.shown = len(shown | told)
    return found


def _pieces(
    words: QuerySet[Correction], tickets: QuerySet[Ticket], kind: CorrectionKind, shown: str
) -> Disagreement:
    """A kind of which only what was set otherwise is kept: a share of the evidence shown."""
    found = Disagreement(kind, shown)
    told: set[str] = set()
    for word in _last_words(words, kind):
        if word.person is not None:
            told.add(word.field)
            _count(found, word)
    held = Evidence.objects.filter(ticket__in=tickets)
    if kind is CorrectionKind.PERIOD:
        held = held.filter(comparison__passage_quantity__isnull=False)
        held = held.exclude(comparison__passage_quantity=None)
    pieces = {f"evidence {pk}" for pk in held.order_by().values_list("pk", flat=True).iterator()}
    found.shown = len(pieces | told)
    if kind is CorrectionKind.BEARING:
        found.details.clear()
    return found


def _origins(words: QuerySet[Correction], tickets: QuerySet[Ticket]) -> Disagreement:
    found = Disagreement(CorrectionKind.ORIGIN, "pages grouped where people worked")
    pages = PageOrigin.objects.filter(ticket__in=tickets)
    found.shown = pages.count()
    moved = pages.filter(is_apart=True) | pages.filter(joined_to__isnull=False)
    found.otherwise = moved.count()
    for what in words.filter(kind=CorrectionKind.ORIGIN).values_list("field", flat=True):
        found.details[{"joined": "merged", "apart": "set apart"}.get(what, "taken back")] += 1
    return found


def _count(found: Disagreement, word: Correction) -> None:
    machine: Any = word.machine
    if machine != word.person:
        found.otherwise += 1
        found.details[f"{machine} → {word.person}"] += 1
