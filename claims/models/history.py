"""Moving tickets and writing their history: the only code that does either.

Promises: a move is legal by the table and allowed for the role; it is one
update that names the old state and version; the event is appended in the same
transaction and carries the digest of the event before. Refuses to run outside
a transaction, and to overwrite what somebody else did first (`TicketMoved`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db import connection, models
from django.db.models import F
from django.utils import timezone

from claims.lifecycle import MoveRefused, find_move, is_allowed
from claims.models.access import Person, role_of
from claims.models.copying import copy_rows
from claims.models.storable import storable, storable_json
from claims.models.ticket import Ticket, TicketEvent
from claims.vocabulary import TicketAction, TicketState

OPENING_FIELDS = (
    "ticket_id", "sequence", "at", "actor_id", "actor_name", "action", "from_state", "to_state",
    "note", "previous_digest", "digest",
)  # fmt: skip
OPENING_COLUMNS = tuple(name.removesuffix("_id") for name in OPENING_FIELDS)


class TicketMoved(Exception):
    """Somebody saved this ticket first; ``event`` says who did what and when."""

    def __init__(self, ticket_id: int, event: TicketEvent | None) -> None:
        self.ticket_id = ticket_id
        self.event = event
        super().__init__(self.explain())

    def explain(self) -> str:
        """One sentence for the person whose save came second."""
        if self.event is None:
            return "This ticket has changed since you opened it."
        who = self.event.actor_name or "The workbench"
        state = TicketState(self.event.to_state).label.lower() if self.event.to_state else ""
        what = TicketAction(self.event.action).label.lower()
        now = f"; it is now {state}" if state else ""
        at = timezone.localtime(self.event.at)
        return f"{who} was first: {what} at {at:%H:%M %Z} on {at:%d %B}{now}."


def last_event(ticket_id: int) -> TicketEvent | None:
    """The newest line of a ticket's history."""
    return TicketEvent.objects.filter(ticket_id=ticket_id).order_by("-sequence").first()


def digest_event(event: TicketEvent) -> str:
    """SHA-256 over the event's fields and the digest before it, as canonical JSON."""
    spoken = {
        "ticket": event.ticket_id,
        "sequence": event.sequence,
        "at": event.at.isoformat(timespec="microseconds"),
        "actor": event.actor_id,
        "actor_name": event.actor_name,
        "action": str(event.action),
        "from": str(event.from_state),
        "to": str(event.to_state),
        "note": event.note,
        "changes": event.changes,
        "previous": event.previous_digest,
    }
    line = json.dumps(spoken, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(line.encode("utf-8", "surrogatepass")).hexdigest()


def append_event(
    ticket: Ticket,
    action: TicketAction,
    *,
    actor: Person | None,
    from_state: str = "",
    to_state: str = "",
    note: str = "",
    changes: Mapping[str, Any] | None = None,
    at: datetime | None = None,
) -> TicketEvent:
    """Append one line; the caller's transaction must hold the ticket's row."""
    if not connection.in_atomic_block:
        raise RuntimeError("history is written only inside a transaction")
    before = last_event(ticket.pk)
    event = TicketEvent(
        ticket=ticket,
        sequence=before.sequence + 1 if before else 1,
        at=at or timezone.now(),
        actor_id=actor.pk if actor else None,
        actor_name=name_of(actor),
        action=action,
        from_state=from_state,
        to_state=to_state,
        note=storable(note),
        changes=_keepable(changes or {}),
        previous_digest=before.digest if before else "",
    )
    event.digest = digest_event(event)
    event.save(force_insert=True)
    return event


def append_openings(
    openings: Iterable[tuple[int, str, Mapping[str, Any]]], *, to_state: str, actor: Person | None
) -> None:
    """Write the first line of many tickets made in this transaction: (ticket id, note, changes).

    They have no history yet and nobody else can see them; a ticket that has one
    breaks the unique key and with it the transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("history is written only inside a transaction")
    event = TicketEvent(
        sequence=1,
        at=timezone.now(),
        actor_id=actor.pk if actor else None,
        actor_name=name_of(actor),
        action=TicketAction.OPENED,
        to_state=to_state,
    )

    def lines() -> Iterator[list[Any]]:
        for event.ticket_id, note, changes in openings:
            event.note = storable(note)
            event.changes = _keepable(changes)
            event.digest = digest_event(event)
            kept = [getattr(event, name) for name in OPENING_FIELDS]
            yield [*kept, json.dumps(event.changes)]

    copy_rows(TicketEvent, [*OPENING_COLUMNS, "changes"], lines())


def move_ticket(
    ticket: Ticket,
    verb: str,
    *,
    actor: Person | None,
    expected_version: int | None = None,
    note: str = "",
    action: TicketAction = TicketAction.MOVED,
    changes: Mapping[str, Any] | None = None,
    **fields: Any,
) -> Ticket:
    """Move a ticket by a verb of the lifecycle table and append its event.

    ``actor`` ``None`` is the machine. ``expected_version`` is what the person
    saw; another one raises :class:`TicketMoved`, as does a concurrent move.
    Raises :class:`~claims.lifecycle.MoveRefused` where the table or the role
    forbids it. ``fields`` are set in the same update. Gives the fresh row.
    """
    if expected_version is not None and ticket.version != expected_version:
        raise TicketMoved(ticket.pk, last_event(ticket.pk))
    move = find_move(verb, TicketState(ticket.state))
    _check_role(ticket, verb, actor)
    leaving_review = ticket.state == TicketState.IN_REVIEW
    now = timezone.now()
    if leaving_review:
        fields.setdefault("reserved_by", None)
        fields.setdefault("reserved_until", None)
        fields.setdefault("taken_at", None)
        if ticket.taken_at:
            spent = int((now - ticket.taken_at).total_seconds())
            fields.setdefault("review_seconds", ticket.review_seconds + max(spent, 0))
    moved = Ticket.objects.filter(pk=ticket.pk, state=ticket.state, version=ticket.version).update(
        state=move.target, version=F("version") + 1, **fields
    )
    if not moved:
        raise TicketMoved(ticket.pk, last_event(ticket.pk))
    append_event(
        ticket,
        action,
        actor=actor,
        from_state=ticket.state,
        to_state=move.target,
        note=note,
        changes=changes,
        at=now,
    )
    return Ticket.objects.select_related("claim", "team").get(pk=ticket.pk)


def hold_for_move(
    ticket: Ticket, verb: str, *, actor: Person | None, expected_version: int
) -> None:
    """Hold the ticket's row until the transaction ends; raises what :func:`move_ticket` would."""
    held = Ticket.objects.select_for_update(of=("self",)).filter(pk=ticket.pk)
    if held.values_list("version", flat=True).first() != expected_version:
        raise TicketMoved(ticket.pk, last_event(ticket.pk))
    find_move(verb, TicketState(ticket.state))
    _check_role(ticket, verb, actor)


def touch_ticket(ticket: Ticket, *, expected_version: int | None = None, **fields: Any) -> None:
    """Change a ticket without moving it: same version check, same conflict."""
    if expected_version is not None and ticket.version != expected_version:
        raise TicketMoved(ticket.pk, last_event(ticket.pk))
    fields.setdefault("version", F("version") + 1)
    rows: models.QuerySet[Ticket] = Ticket.objects.filter(pk=ticket.pk, version=ticket.version)
    if not rows.update(**fields):
        raise TicketMoved(ticket.pk, last_event(ticket.pk))


def _check_role(ticket: Ticket, verb: str, actor: Person | None) -> None:
    state = TicketState(ticket.state)
    move = find_move(verb, state)
    role = role_of(actor, ticket.team) if actor is not None else None
    if actor is not None and role is None:
        raise MoveRefused("you are not a member of this ticket's team")
    is_holder = state is not TicketState.IN_REVIEW or (
        actor is not None and ticket.reserved_by_id == actor.pk
    )
    if not is_allowed(move, role, is_holder=is_holder):
        who = role.label.lower() if role else "machine"
        why = "" if is_holder else ", and somebody else holds this ticket"
        raise MoveRefused(f"a {who} may not {verb.replace('_', ' ')} this ticket{why}")


def _keepable(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Changes as JSON gives them back unchanged.

    A float becomes its text: the database would hand 1e16 back as an integer,
    and the line would no longer have the digest it was written with.
    """
    line = json.dumps(dict(changes), default=str)
    kept: dict[str, Any] = storable_json(json.loads(line, parse_float=str, parse_constant=str))
    return kept


def name_of(actor: Person | None) -> str:
    """A person's full name, else the login name; empty for the machine."""
    if actor is None:
        return ""
    full = getattr(actor, "get_full_name", str)()
    return str(full or actor.get_username())[:150]
