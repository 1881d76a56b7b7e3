"""The ticket's history: who did what and when, from what to what, each line with its digest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from claims.admin.ticket_panels.desk import Desk
from claims.admin.ticket_panels.wording import ACTIONS, MOVED
from claims.models import TicketEvent
from claims.models.verdict import SAID_IN
from claims.vocabulary import TicketAction, TicketState

# A ticket has some ten lines; one that was pushed about shows its latest and says so.
SHOWN_EVENTS = 200
JUDGEMENTS = frozenset(
    {
        TicketAction.STANCE_SET,
        TicketAction.COMPARISON_SET,
        TicketAction.PERIOD_SET,
        TicketAction.BEARING_SET,
        TicketAction.NOTED,
    }
)


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that an event changed; ``old`` is empty where there was nothing before."""

    name: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Line:
    """One event in words."""

    sequence: int
    at: datetime
    who: str
    is_machine: bool
    what: str
    from_state: str
    to_state: str
    note: str
    changes: tuple[Change, ...]
    digest: str


@dataclass(frozen=True, slots=True)
class HistoryPanel:
    """The newest lines first, and how many older ones are not shown.

    ``is_frame_newer``: the frame was corrected, or the claim's ends moved, after sources were
    last looked for.
    """

    lines: tuple[Line, ...]
    older: int
    is_frame_newer: bool = False


def build_history(desk: Desk) -> HistoryPanel:
    """The history of the desk's ticket (one query)."""
    rows = list(TicketEvent.objects.filter(ticket=desk.ticket).order_by("-sequence")[:SHOWN_EVENTS])
    # What people said of the evidence would tell a blind reader what they made of it.
    shown = [row for row in rows if not (desk.is_blind and row.action in JUDGEMENTS)]
    return HistoryPanel(
        lines=tuple(read_event(row) for row in shown),
        older=rows[-1].sequence - 1 if rows else 0,
        is_frame_newer=_is_frame_newer(rows),
    )


def _is_frame_newer(rows: Sequence[TicketEvent]) -> bool:
    """Of the newest first, whether the claim was changed before a round of searches was asked."""
    for row in rows:
        if row.action in (TicketAction.FRAME_EDITED, TicketAction.SPAN_CHANGED):
            return True
        if row.action == TicketAction.MOVED and row.to_state == TicketState.GATHERING:
            return False
    return False


def read_event(row: TicketEvent) -> Line:
    """One stored event in words; a note that only repeats a change is left out."""
    is_move = row.from_state != row.to_state and bool(row.to_state)
    changes = tuple(_change(str(name), value) for name, value in _items(row.changes))
    return Line(
        sequence=row.sequence,
        at=row.at,
        who=row.actor_name or "The workbench",
        is_machine=row.actor_id is None,
        what=_say_move(row),
        from_state=TicketState(row.from_state).label if is_move and row.from_state else "",
        to_state=TicketState(row.to_state).label if is_move else "",
        note="" if row.note in {change.new for change in changes} else row.note,
        changes=changes,
        digest=row.digest[:12],
    )


def _say_move(row: TicketEvent) -> str:
    moved = (row.from_state, row.to_state)
    if row.action == TicketAction.MOVED and moved in MOVED:
        return MOVED[moved]
    return ACTIONS[TicketAction(row.action)]


def _items(changes: object) -> list[tuple[object, object]]:
    told = changes if isinstance(changes, Mapping) else {}
    return [(name, value) for name, value in told.items() if name != SAID_IN]


def _change(name: str, value: object) -> Change:
    label = name.replace("_", " ").capitalize()
    if isinstance(value, list) and len(value) == 2:
        return Change(label, _say(value[0]), _say(value[1]))
    return Change(label, "", _say(value))


def _say(value: object) -> str:
    return "nothing" if value is None or value == "" else str(value)
