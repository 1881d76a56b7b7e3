"""What a ticket begins with by its team's rules: priority, due day, tags, and whose it is.

Promises: the same for a ticket that an article brings, a person opens or a file names; what
the rules did stands in the ticket's first line of history. Refuses to open tickets itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from claims.models.receivers import Receiver, keep_turns, load_receivers
from claims.models.team import Team
from claims.models.team_rules import Tag
from claims.models.ticket_marks import TicketTag
from claims.models.urgency import Facts, Rules, load_rules


@dataclass(frozen=True, slots=True)
class Opening:
    """The columns of a new ticket that rules fill, its tags, and what history says of it."""

    priority: int
    is_priority_set: bool
    due_on: date | None
    notice_on: date | None
    assigned_to_id: int | None
    tags: tuple[str, ...]
    changes: Mapping[str, Any]


def plan_openings(
    team: Team, wanted: Sequence[tuple[Facts, int | None]], *, rules: Rules | None = None
) -> list[Opening]:
    """An opening for each claim's facts and the priority that a person gave it, if one did.

    Rules that give tickets to somebody hold the memberships until the transaction ends.
    """
    rules = rules or load_rules(team)
    gives = any(rule.assignee_id for rule in rules.assignment_rules)
    receivers = {one.person.pk: one for one in load_receivers(team, is_held=True)} if gives else {}
    plans = [_plan(rules, receivers, facts, given) for facts, given in wanted]
    keep_turns([one for one in receivers.values() if one.membership.given_at])
    return plans


def keep_tags(team: Team, tags: Mapping[int, Sequence[str]]) -> None:
    """Put tags on tickets, by ticket id; a tag that the team has not yet is made."""
    names = sorted({name for one in tags.values() for name in one})
    if not names:
        return
    Tag.objects.bulk_create([Tag(team=team, name=name) for name in names], ignore_conflicts=True)
    known = dict(Tag.objects.filter(team=team, name__in=names).values_list("name", "pk"))
    TicketTag.objects.bulk_create(
        [
            TicketTag(ticket_id=ticket, tag_id=known[name])
            for ticket, given in tags.items()
            for name in given
        ],
        ignore_conflicts=True,
        batch_size=1000,
    )


def _plan(
    rules: Rules, receivers: Mapping[int, Receiver], facts: Facts, given: int | None
) -> Opening:
    rated = rules.rate(facts)
    priority = rated.priority if given is None else given
    due_on = rules.due_on(priority, rules.today)
    matching = rules.matching(facts)
    tags = tuple(dict.fromkeys(rule.tag for rule in matching if rule.tag))
    offered = (receivers.get(rule.assignee_id or 0) for rule in matching)
    person = next((one for one in offered if one is not None and one.is_open), None)
    changes: dict[str, Any] = {"priority": priority}
    if given is None and rules.are_own:
        changes["by_the_rules"] = rated.explain()
    if due_on:
        changes["due"] = due_on.isoformat()
    if matching:
        changes["assignment_rules"] = ", ".join(rule.name for rule in matching)
    if tags:
        changes["tags"] = ", ".join(tags)
    if person is not None:
        person.receive()
        changes["assigned_to"] = [None, str(person.person)]
    return Opening(
        priority=priority,
        is_priority_set=given is not None,
        due_on=due_on,
        notice_on=rules.notice_on(due_on),
        assigned_to_id=person.person.pk if person else None,
        tags=tags,
        changes=changes,
    )
