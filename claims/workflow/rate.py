"""Rate: how urgent a ticket is and by when it is due, after it was opened.

Promises: a person's priority or day stands until a person gives it back to the rules; rules
rate anew only when somebody asks for it or sets a day; each change is a line of the history.
Time alone changes no priority.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import transaction

from claims.lifecycle import LEADS, REVIEWERS, MoveRefused
from claims.models.access import Person, role_of
from claims.models.history import TicketMoved, append_event, touch_ticket
from claims.models.team import Team
from claims.models.ticket import UNDECIDED, Ticket
from claims.models.urgency import HIGHEST, Rules, facts_of, load_rules
from claims.vocabulary import TicketAction

LOOKED_AT = 1_000


@dataclass(frozen=True, slots=True)
class Change:
    """A ticket that the rules as they stand now would rate otherwise, and why."""

    ticket: Ticket
    priority: int
    why: str


def set_priority(
    ticket: Ticket, priority: int | None, *, by: Person, expected_version: int | None = None
) -> Ticket:
    """Set a priority that no rule changes, or give it back to the rules (``None``).

    Leads only. The day on which it is due follows, unless a person set that day.
    Raises ``TicketMoved`` where the ticket is not at ``expected_version`` any more.
    """
    _check(ticket, by)
    if priority is not None and not 0 <= priority <= HIGHEST:
        raise MoveRefused(f"a priority is a whole number from 0 to {HIGHEST}")
    rules = load_rules(ticket.team)
    why = "set by hand" if priority is not None else _rate(rules, ticket)[1]
    rated = priority if priority is not None else _rate(rules, ticket)[0]
    with transaction.atomic():
        _keep(ticket, rules, rated, why, by, is_set=priority is not None, seen=expected_version)
    return Ticket.objects.get(pk=ticket.pk)


def set_due(
    ticket: Ticket, due_on: date | None, *, by: Person, expected_version: int | None = None
) -> Ticket:
    """Set the day by whose end a ticket is to be decided, or give it back to the rules.

    Reviewers and leads. A deadline may be a reason for another priority by the team's rules:
    it is rated anew at once, unless a person set the priority.
    """
    _check(ticket, by, roles=REVIEWERS)
    rules = load_rules(ticket.team)
    wanted = due_on or rules.due_on(ticket.priority, rules.day_of(ticket.created_at))
    with transaction.atomic():
        touch_ticket(
            ticket,
            expected_version=expected_version,
            due_on=wanted,
            is_due_set=due_on is not None,
            notice_on=rules.notice_on(wanted),
        )
        append_event(
            ticket,
            TicketAction.DUE_SET,
            actor=by,
            changes={"due": [_day(ticket.due_on), _day(wanted)]},
        )
        fresh = Ticket.objects.select_related("team", "claim").get(pk=ticket.pk)
        rated, why = _rate(rules, fresh)
        if not fresh.is_priority_set and rated != fresh.priority:
            _keep(fresh, rules, rated, why, by, is_set=False)
    return Ticket.objects.get(pk=ticket.pk)


def urgency_of(ticket: Ticket) -> dict[str, Any]:
    """What says how urgent a ticket is, as JSON holds it: for :func:`restore_urgency`."""
    return {
        "priority": ticket.priority,
        "is_priority_set": ticket.is_priority_set,
        "due_on": _day(ticket.due_on),
        "is_due_set": ticket.is_due_set,
    }


def restore_urgency(
    ticket: Ticket, before: Mapping[str, Any], *, by: Person, expected_version: int
) -> None:
    """Make a ticket as urgent as it was, by the rules or by hand, whatever the rules say now.

    Raises ``TicketMoved`` where the ticket is not at ``expected_version`` any more.
    """
    _check(ticket, by)
    due_on = date.fromisoformat(before["due_on"]) if before["due_on"] else None
    changes: dict[str, Any] = {
        "priority": [ticket.priority, before["priority"]],
        "because": "undone",
    }
    with transaction.atomic():
        touch_ticket(
            ticket,
            expected_version=expected_version,
            notice_on=load_rules(ticket.team).notice_on(due_on),
            **{**before, "due_on": due_on},
        )
        if due_on != ticket.due_on:
            changes["due"] = [_day(ticket.due_on), before["due_on"]]
        append_event(ticket, TicketAction.PRIORITY_SET, actor=by, changes=changes)


def find_changes(team: Team, *, limit: int = LOOKED_AT) -> tuple[list[Change], bool]:
    """What rating anew would change among the team's most urgent undecided tickets.

    Looks at ``limit`` of them, those whose priority a person set left out; gives the changes
    and whether there were more to look at.
    """
    rules = load_rules(team)
    rows = Ticket.objects.for_team(team).filter(state__in=UNDECIDED, is_priority_set=False)
    found = list(
        rows.select_related("claim").defer("claim__search").most_urgent_first()[: limit + 1]
    )
    looked = found[:limit]
    facts = facts_of([ticket.claim for ticket in looked])
    changes = []
    for ticket in looked:
        rated = rules.rate(replace(facts[ticket.claim_id], due_on=_deadline(ticket)))
        if rated.priority != ticket.priority:
            changes.append(Change(ticket, rated.priority, rated.explain()))
    return changes, len(found) > limit


def rate_again(team: Team, *, by: Person, only: Iterable[int] | None = None) -> int:
    """Rate the team's undecided tickets by the rules as they stand now; gives how many changed.

    Leads only; ``only`` names tickets. Looks at as many as :func:`find_changes`; a ticket that
    somebody changes in this moment is left as that person wants it.
    """
    if role_of(by, team) not in LEADS:
        raise MoveRefused("only a lead of this team rates its tickets anew")
    rules, wanted, changed = load_rules(team), set(only) if only is not None else None, 0
    for change in find_changes(team)[0]:
        if wanted is not None and change.ticket.pk not in wanted:
            continue
        try:
            with transaction.atomic():
                _keep(change.ticket, rules, change.priority, change.why, by, is_set=False)
        except TicketMoved:
            continue
        changed += 1
    return changed


def _check(ticket: Ticket, by: Person, *, roles: frozenset[object] = LEADS) -> None:
    if role_of(by, ticket.team) not in roles:
        raise MoveRefused("only a lead of this team says how urgent a ticket is")
    if ticket.state not in UNDECIDED:
        raise MoveRefused("this ticket is decided or closed; nothing is due any more")


def _rate(rules: Rules, ticket: Ticket) -> tuple[int, str]:
    facts = replace(facts_of([ticket.claim])[ticket.claim_id], due_on=_deadline(ticket))
    rated = rules.rate(facts)
    return rated.priority, rated.explain()


def _deadline(ticket: Ticket) -> date | None:
    """A day that a person set; what follows from the priority is no reason for one."""
    return ticket.due_on if ticket.is_due_set else None


def _keep(
    ticket: Ticket,
    rules: Rules,
    priority: int,
    why: str,
    by: Person,
    *,
    is_set: bool,
    seen: int | None = None,
) -> None:
    due_on = ticket.due_on
    if not ticket.is_due_set:
        due_on = rules.due_on(priority, rules.day_of(ticket.created_at))
    changes: dict[str, object] = {"priority": [ticket.priority, priority], "because": why}
    if due_on != ticket.due_on:
        changes["due"] = [_day(ticket.due_on), _day(due_on)]
    touch_ticket(
        ticket,
        expected_version=seen,
        priority=priority,
        is_priority_set=is_set,
        due_on=due_on,
        notice_on=rules.notice_on(due_on) if due_on != ticket.due_on else ticket.notice_on,
    )
    append_event(ticket, TicketAction.PRIORITY_SET, actor=by, changes=changes)


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
