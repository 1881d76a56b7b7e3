"""Hand waiting tickets to a person: any number of them, by one call of the database.

Promises each ticket to exactly one person, however many ask at once (row locks that skip
what another one holds), those given to the person first, then the most urgent, and for each
ticket one line of history as :mod:`claims.models.history` writes it. Who may ask is part of
the question: a person without the role is handed nothing. Refuses moves that are not in the
lifecycle table. The functions stand in the migrations ``0005_hand_out``, ``0034_kept_plans``
(what a person skipped is not offered again) and ``0040_narrow_hand_out``: their plans are kept
from call to call, and a ticket costs one round trip and one commit.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

from claims.lifecycle import LEADS, find_move
from claims.models.access import Person, is_superuser
from claims.models.history import name_of
from claims.models.team import Team
from claims.models.ticket import Ticket
from claims.vocabulary import Role, TicketAction, TicketState

_FIELDS = [field.attname for field in Ticket._meta.concrete_fields]
_SPOKEN = ", ".join(f'"{field.column}"' for field in Ticket._meta.concrete_fields)
# What is known of a ticket that was taken, in the model's order.
_TAKEN = ["id", "team_id", "state", "assigned_to_id", "reserved_by_id", "reserved_until", "version"]
_HAND_OUT = "SELECT * FROM claims_hand_out(%s, %s, %s, %s, %s, %s, %s, %s)"
_GIVE_OUT = f"SELECT {_SPOKEN} FROM claims_give_out(%s, %s, %s, %s, %s, %s, %s, %s, %s)"  # noqa: S608

_GIVE = """UPDATE claims_ticket AS ticket
    SET assigned_to_id = one.person, version = ticket.version + 1
    FROM unnest(%s::bigint[], %s::bigint[]) AS one(id, person) WHERE ticket.id = one.id"""
_TELL = "SELECT claims_append_events(%s::bigint[], %s, %s, %s, '', '', %s::text[])"


def hand_out(team: Team, person: Person, *, count: int = 1) -> list[Ticket]:
    """Reserve up to ``count`` waiting tickets of the team for the person.

    Empty when nothing waits, and for a person who may not take. What taking does not change of
    a ticket is read when it is asked for.
    """
    move = find_move("take", TicketState.READY)
    asked = [team.reservation_minutes, move.target.value, _words(move.roles)]
    rows = _call(_HAND_OUT, [*_asker(team, person, count), *asked], person)
    state = move.target.value
    return [
        Ticket.from_db(
            connection.alias, _TAKEN, (pk, team.pk, state, given_to, person.pk, until, version)
        )
        for pk, given_to, version, until in rows
    ]


def give_out(team: Team, assignee: Person, *, count: int, by: Person) -> list[Ticket]:
    """Assign up to ``count`` free waiting tickets of the team to a reviewer; ``by`` leads it.

    Free is what nobody was given, or somebody who may no longer review.
    """
    reviewers = find_move("take", TicketState.READY).roles
    asked = [assignee.pk, str(assignee), _words(LEADS), _words(reviewers)]
    rows = _call(_GIVE_OUT, [*_asker(team, by, count), *asked], by)
    return [Ticket.from_db(connection.alias, _FIELDS, row) for row in rows]


def give_held(given: Sequence[tuple[Ticket, Person]], *, by: Person) -> None:
    """Assign each ticket to its person and write its line of history (two statements).

    The caller's transaction holds the tickets' rows; who had them before is on them.
    """
    if not given:
        return
    tickets = [ticket.pk for ticket, _ in given]
    told = [
        json.dumps(
            {"assigned_to": [str(ticket.assigned_to) if ticket.assigned_to else None, str(person)]},
            ensure_ascii=False,
            separators=(",", ":"),
        )
        for ticket, person in given
    ]
    with connection.cursor() as cursor:
        cursor.execute(_GIVE, [tickets, [person.pk for _, person in given]])
        cursor.execute(_TELL, [tickets, by.pk, name_of(by), TicketAction.ASSIGNED.value, told])


def _asker(team: Team, person: Person, count: int) -> list[Any]:
    return [team.pk, person.pk, name_of(person), is_superuser(person), count]


def _words(roles: Iterable[Role]) -> list[str]:
    return sorted(role.value for role in roles)


def _call(statement: str, values: list[Any], asker: Person) -> list[tuple[Any, ...]]:
    if not asker.is_active or asker.pk is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
