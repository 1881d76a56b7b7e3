"""Which ticket moves exist and who may make them: one table to read aloud.

Promises: a move is legal only if it stands in :data:`MOVES`, and the table is
checked when it is imported (one start, every state reachable, every state but
an end has a way out, and out of an end leads only what takes its closing back).
Refuses: to know rows, people or time; whoever moves a ticket does so by a
conditional update on its old state.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from claims.vocabulary import Role, TicketState

S = TicketState
REVIEWERS = frozenset({Role.REVIEWER, Role.LEAD, Role.ADMIN})
LEADS = frozenset({Role.LEAD, Role.ADMIN})
MACHINE: frozenset[Role] = frozenset()

START = S.OPEN
ENDS = frozenset({S.CLOSED})
UNFINISHED = frozenset({S.OPEN, S.GATHERING, S.READY, S.IN_REVIEW, S.DECIDED})


class MoveRefused(Exception):
    """The move is not in the table, or not for this role."""


@dataclass(frozen=True, slots=True)
class Move:
    """One legal move: its verb, where from, where to, and for whom.

    ``roles`` empty means that only the machine makes it. ``is_holder_only``
    means that a reviewer must hold the reservation; a lead need not. ``is_compensating``
    moves take an end back: the ticket stands again where it stood before.
    """

    verb: str
    sources: frozenset[TicketState]
    target: TicketState
    roles: frozenset[Role]
    is_holder_only: bool = False
    is_compensating: bool = False


def _move(
    verb: str,
    sources: Iterable[TicketState],
    target: TicketState,
    roles: frozenset[Role],
    *,
    is_holder_only: bool = False,
    is_compensating: bool = False,
) -> Move:
    return Move(verb, frozenset(sources), target, roles, is_holder_only, is_compensating)


def _reopen(verb: str, target: TicketState) -> Move:
    return _move(verb, [S.CLOSED], target, REVIEWERS, is_compensating=True)


MOVES: dict[str, Move] = {
    move.verb: move
    for move in (
        _move("gather", [S.OPEN], S.GATHERING, MACHINE),
        _move("make_ready", [S.GATHERING], S.READY, MACHINE),
        _move("take", [S.READY], S.IN_REVIEW, REVIEWERS),
        _move("release", [S.IN_REVIEW], S.READY, REVIEWERS, is_holder_only=True),
        _move("expire", [S.IN_REVIEW], S.READY, MACHINE),
        _move("gather_more", [S.READY, S.IN_REVIEW], S.GATHERING, REVIEWERS, is_holder_only=True),
        _move("decide", [S.IN_REVIEW], S.DECIDED, REVIEWERS, is_holder_only=True),
        _move("send_back", [S.DECIDED], S.IN_REVIEW, REVIEWERS),
        _move("publish", [S.DECIDED], S.PUBLISHED, LEADS),
        _move("correct", [S.PUBLISHED], S.IN_REVIEW, REVIEWERS),
        _move("withdraw", [S.PUBLISHED], S.IN_REVIEW, LEADS),
        _move("close", UNFINISHED, S.CLOSED, REVIEWERS, is_holder_only=True),
        _reopen("reopen_unread", S.OPEN),
        _reopen("reopen_gathering", S.GATHERING),
        _reopen("reopen", S.READY),
        _reopen("reopen_decided", S.DECIDED),
    )
}
REOPENINGS: dict[TicketState, str] = {
    S.OPEN: "reopen_unread",
    S.GATHERING: "reopen_gathering",
    S.READY: "reopen",
    # Its reservation ended with the closing: it waits in the queue.
    S.IN_REVIEW: "reopen",
    S.DECIDED: "reopen_decided",
}
"""What takes a closing back, by the state in which the ticket was closed."""


def find_move(verb: str, state: TicketState) -> Move:
    """The move of that verb from that state; raises :class:`MoveRefused` in plain words."""
    move = MOVES.get(verb)
    if move is None:
        raise MoveRefused(f"there is no move “{verb}”")
    if state not in move.sources:
        raise MoveRefused(f"a ticket that is {S(state).label.lower()} cannot be moved by “{verb}”")
    return move


def is_allowed(move: Move, role: Role | None, *, is_holder: bool) -> bool:
    """Whether a person of that role may make the move now; ``None`` is the machine."""
    if role is None:
        return not move.roles
    if role not in move.roles:
        return False
    needs_hold = move.is_holder_only and S.IN_REVIEW in move.sources
    return is_holder or role in LEADS or not needs_hold


def list_moves(state: TicketState, role: Role, *, is_holder: bool) -> list[Move]:
    """What a person of that role may do with a ticket in that state, in table order.

    >>> [move.verb for move in list_moves(TicketState.READY, Role.CONTRIBUTOR, is_holder=False)]
    []
    """
    return [
        move
        for move in MOVES.values()
        if state in move.sources and is_allowed(move, role, is_holder=_holds(state, is_holder))
    ]


def _holds(state: TicketState, is_holder: bool) -> bool:
    """Only a ticket in review has a holder; elsewhere any reviewer counts as one."""
    return is_holder or state is not S.IN_REVIEW


def validate(moves: Iterable[Move], start: TicketState, ends: frozenset[TicketState]) -> None:
    """Raise ``ValueError`` where the table has an orphan, a trap or an end with an exit.

    A compensating move is no way to a state and no exit.
    """
    onward = [move for move in moves if not move.is_compensating]
    reached = {start}
    grown = True
    while grown:
        more = {move.target for move in onward if move.sources & reached} - reached
        reached |= more
        grown = bool(more)
    orphans = set(TicketState) - reached
    if orphans:
        raise ValueError(f"states that no move reaches: {sorted(orphans)}")
    exits = {source for move in onward for source in move.sources}
    if exits & ends:
        raise ValueError(f"an end has an exit: {sorted(exits & ends)}")
    traps = set(TicketState) - exits - ends
    if traps:
        raise ValueError(f"states without a way out: {sorted(traps)}")


validate(MOVES.values(), START, ENDS)
