"""One edit of a frame, from the lock to the line of history.

Promises that an edit is whole or not at all: ticket and claim are locked, the version that
was seen is the one that stands, and slots, arithmetic hints, history and corrections are
kept in one transaction. An edit that changes nothing leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from claims.lifecycle import LEADS
from claims.models.access import Person, role_of
from claims.models.arithmetic import refresh_hints
from claims.models.claim import Claim
from claims.models.claim import Quantity as Row
from claims.models.correction import keep_correction, plain
from claims.models.history import append_event
from claims.models.ticket import Ticket
from claims.text.quantity import Period
from claims.vocabulary import CorrectionKind, TicketAction, TicketState
from claims.workflow.reframe.refusal import FrameRefused

EDITABLE = frozenset(
    {TicketState.OPEN, TicketState.GATHERING, TicketState.READY, TicketState.IN_REVIEW}
)
# The claim's own slots that say of it what its first number says of itself.
LEAD_SLOTS = ("measured", "of_what")


@dataclass(slots=True)
class Editing:
    """A frame under the lock; what changes is told to :meth:`note` and kept at the end."""

    ticket: Ticket
    claim: Claim
    by: Person
    rows: list[Row]
    changes: dict[str, list[Any]] = field(default_factory=dict)
    corrections: list[tuple[CorrectionKind, str, Any, Any]] = field(default_factory=list)

    def row(self, number_id: int) -> Row:
        """The claim's number of that id, or a refusal."""
        for row in self.rows:
            if row.pk == number_id:
                return row
        raise FrameRefused("number", "This number is not part of the claim any more.")

    def note(self, name: str, old: object, new: object) -> None:
        """One line of the history's event; an unchanged thing is none."""
        if old != new:
            self.changes[name] = [old, new]

    def correct(self, kind: CorrectionKind, name: str, machine: Any, person: Any) -> None:
        """One correction row."""
        self.corrections.append((kind, name, machine, person))

    def set_slot(self, name: str, new: Any) -> None:
        """Set one of the claim's own slots; what the machine read there stays beside it."""
        old = getattr(self.claim, name)
        if old == new:
            return
        slots = self.claim.machine.setdefault("slots", {})
        machine = slots.setdefault(name, plain(old))
        if machine == plain(new):
            del slots[name]
        setattr(self.claim, name, new)
        self.note(name, plain(old), plain(new))
        kind = _KINDS.get(name, CorrectionKind.FRAME_FIELD)
        self.correct(kind, name, machine, plain(new))

    def follow_lead(self, before: Row | None, named: Collection[str] = ()) -> None:
        """Let the claim's own slots follow its first number where they said what it said.

        ``before`` is the first number as it was; ``named`` are slots of it that a person set.
        Another number that comes first leaves what it does not say itself.
        """
        lead = self.rows[0] if self.rows else None
        if lead is None:
            return
        is_another = before is None or before.pk != lead.pk
        for name in LEAD_SLOTS:
            old, new = getattr(before, name, ""), getattr(lead, name)
            if is_another and not new:
                continue
            if old != new and (name in named or getattr(self.claim, name) in ("", old)):
                self.set_slot(name, new)
        old_days, days = period_of(before), period_of(lead)
        own = (self.claim.period_from, self.claim.period_to)
        if is_another and days == (None, None):
            return
        if old_days != days and ("period" in named or own in ((None, None), old_days)):
            self.set_slot("period_from", days[0])
            self.set_slot("period_to", days[1])


_KINDS = {
    "self_contained": CorrectionKind.WORDING,
    "claimant": CorrectionKind.CLAIMANT,
}


@contextmanager
def edit(ticket: Ticket, *, by: Person, expected_version: int | None) -> Iterator[Editing]:
    """Lock the frame, let the caller change it, and keep all that follows from it.

    Raises :class:`FrameRefused` at ``version`` where somebody was first or the ticket may
    not be worked on now.
    """
    with transaction.atomic():
        held = Ticket.objects.select_for_update(of=("self",)).select_related("team")
        fresh = held.get(pk=ticket.pk)
        claim = Claim.objects.select_for_update().get(pk=fresh.claim_id)
        _check_turn(fresh, by)
        if expected_version is not None and claim.version != expected_version:
            raise FrameRefused(
                "version", "Somebody edited this frame first. Reload to see it, then edit again."
            )
        under = Editing(fresh, claim, by, list(claim.quantities.order_by("position")))
        yield under
        if under.changes:
            _keep(under)


def _keep(under: Editing) -> None:
    claim = under.claim
    if not claim.machine.get("slots"):
        claim.machine.pop("slots", None)
    if not claim.machine.get("struck"):
        claim.machine.pop("struck", None)
    claim.version += 1
    claim.save(
        update_fields=[
            "measured", "of_what", "place", "claimant", "self_contained", "period_from",
            "period_to", "machine", "version",
        ]
    )  # fmt: skip
    append_event(under.ticket, TicketAction.FRAME_EDITED, actor=under.by, changes=under.changes)
    for kind, name, machine, person in under.corrections:
        keep_correction(
            kind,
            by=under.by,
            team_id=under.ticket.team_id,
            claim_id=claim.pk,
            field=name,
            machine=machine,
            person=person,
        )
    refresh_hints(claim)


def _check_turn(ticket: Ticket, by: Person) -> None:
    """A frame is edited while its ticket is worked on, by whoever holds it or leads."""
    if ticket.state not in EDITABLE:
        state = TicketState(ticket.state).label.lower()
        raise FrameRefused("version", f"The ticket is {state} by now; its frame stands.")
    is_held = ticket.state == TicketState.IN_REVIEW and ticket.reserved_by_id != by.pk
    if is_held and role_of(by, ticket.team) not in LEADS:
        raise FrameRefused("version", "Somebody else has taken this ticket by now.")


def period_of(row: Row | None) -> tuple[Any, Any]:
    """A number's period as two days; ``None`` where it says none."""
    if row is None or not row.period:
        return None, None
    period = Period.from_json(row.period)
    return period.from_on, period.to_on
