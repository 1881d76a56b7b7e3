"""Distribute: a lead spreads waiting tickets over the team's people, and moves them on.

Promises: whoever is away, at the limit or no reviewer gets nothing; two who distribute at once
go one after the other, so that no limit is passed and no ticket goes twice; what somebody
works on stays with them unless it is taken back by name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from claims.lifecycle import LEADS, REVIEWERS, MoveRefused
from claims.models.access import Person, role_of
from claims.models.claim import Appearance
from claims.models.discussion import notify, say_where, tell_given, tell_lost
from claims.models.hand_out import give_held
from claims.models.history import TicketMoved, append_event, move_ticket, touch_ticket
from claims.models.receivers import Receiver, choose, keep_turns, load_receivers
from claims.models.team import Team
from claims.models.ticket import UNDECIDED, Ticket
from claims.models.ticket_marks import TicketTag
from claims.vocabulary import NoticeKind, Spread, TicketAction, TicketState

MOST_AT_ONCE = 200
UNDONE = "A bulk act was undone."

Gone = tuple[tuple[int, int], ...]
Had = tuple[int | None, int | None]
"""To whom a ticket was given, and who worked on it."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What was moved, each ticket's id, its version then and who had it, and how many stayed."""

    gone: tuple[tuple[int, int, Had], ...]
    stayed: int


@dataclass(frozen=True, slots=True)
class Distributed:
    """How many went to whom, how many stayed because nobody could have them, and ``gone``.

    ``gone`` is what went: each ticket's id and its version then.
    """

    by_person: tuple[tuple[str, int], ...]
    left: int
    gone: Gone

    @property
    def count(self) -> int:
        """How many went."""
        return sum(count for _, count in self.by_person)


def distribute_tickets(team: Team, spread: Spread, *, count: int, by: Person) -> Distributed:
    """Give the ``count`` most urgent free waiting tickets (at most 200) to the team's reviewers.

    ``LOAD``: to whoever has least. ``TURN``: to whoever was given something longest ago.
    ``SKILL``: to whoever knows a tag of the ticket or its language; others stay in the queue.
    """
    _check_lead(team, by)
    with transaction.atomic():
        receivers = load_receivers(team, is_held=True)
        tickets = _pick(team, min(count, MOST_AT_ONCE))
        skills = _skills_of(tickets) if spread is Spread.SKILL else {}
        given: dict[Receiver, list[Ticket]] = {one: [] for one in receivers}
        for ticket in tickets:
            chosen = choose(receivers, spread, skills.get(ticket.pk, ()))
            if chosen is not None:
                given[chosen].append(ticket)
                chosen.receive()
        give_held([(one, who.person) for who, went in given.items() for one in went], by=by)
        for receiver, went in given.items():
            tell_given(receiver.person.pk, went, by=by)
        keep_turns(receivers)
        gone = _versions_of([one for went in given.values() for one in went])
    told = [(str(receiver.person), len(went)) for receiver, went in given.items() if went]
    return Distributed(tuple(told), len(tickets) - len(gone), gone)


def move_work(
    team: Team, person: Person, to: Person | None, *, by: Person, is_all: bool = False
) -> Moved:
    """Move what a person was given to somebody else, or back to the queue (``None``).

    At most 200; ``is_all`` also takes back what the person works on, whose drafts stay. What
    stays does so because somebody was first or ``to`` has enough. Both people are told.
    """
    _check_lead(team, by)
    if to is not None and role_of(to, team) not in REVIEWERS:
        raise MoveRefused("work is moved to a reviewer or lead of the same team")
    rows = Ticket.objects.for_team(team).select_related("team").most_urgent_first()
    given = list(rows.filter(assigned_to_id=person.pk, state__in=UNDECIDED[:3])[:MOST_AT_ONCE])
    held = rows.filter(reserved_by_id=person.pk, state=TicketState.IN_REVIEW)
    wanted = [*given, *(held[: MOST_AT_ONCE - len(given)] if is_all else ())]
    gone: list[Ticket] = []
    with transaction.atomic():
        receivers = {one.person.pk: one for one in load_receivers(team, is_held=True)}
        target = receivers.get(to.pk) if to is not None else None
        for ticket in wanted:
            if target is not None and not target.is_open:
                break
            try:
                with transaction.atomic():
                    _move_on(ticket, to, by)
            except TicketMoved:
                continue
            gone.append(ticket)
            if target is not None:
                target.receive()
        if target is not None:
            keep_turns([target])
            tell_given(target.person.pk, gone, by=by)
        tell_lost(person.pk, gone, by=by, told=say_where(to))
        had = {one.pk: had_of(one) for one in gone}
        moved = tuple((pk, version, had[pk]) for pk, version in _versions_of(gone))
        return Moved(moved, len(wanted) - len(gone))


def had_of(ticket: Ticket) -> Had:
    """Who had it, as :func:`restore_work` takes it."""
    return ticket.assigned_to_id, ticket.reserved_by_id


def return_to_queue(ticket: Ticket, *, by: Person, note: str) -> None:
    """Take a ticket from whoever has it, with a note; what was typed stays that person's draft.

    Whoever had it is told.
    """
    _check_lead(ticket.team, by)
    if ticket.state not in (TicketState.READY, TicketState.IN_REVIEW):
        raise MoveRefused("it neither waits nor is in review")
    if ticket.assigned_to_id is None and ticket.reserved_by_id is None:
        raise MoveRefused("nobody has it")
    with transaction.atomic():
        tell_lost(ticket.had_by_id, [ticket], by=by, told=say_where(None, note))
        _move_on(ticket, None, by, note=note)


def give_back(ticket: Ticket, person: Person | None, *, by: Person, expected_version: int) -> None:
    """Take a gift or a move back: the ticket waits for that person again, or for anybody.

    Whatever limit or absence, for it is how it was. Raises ``TicketMoved`` where somebody
    touched it since.
    """
    _check_lead(ticket.team, by)
    if person is not None and role_of(person, ticket.team) not in REVIEWERS:
        raise MoveRefused("whoever had it reviews here no longer")
    with transaction.atomic():
        _move_on(ticket, person, by, expected_version=expected_version)
        _tell_undone(ticket, person, by)


def restore_work(ticket: Ticket, had: Had, *, by: Person, expected_version: int) -> None:
    """Take a move of work back: given to whom it was, and in review with who worked on it.

    The reservation begins anew; limits and absences are not asked, for it is how it was. Raises
    ``TicketMoved`` where somebody touched it since, ``MoveRefused`` where one of them may not
    review here any more.
    """
    assigned, holder = (_load_person(ticket.team, one) for one in had)
    if holder is None:
        give_back(ticket, assigned, by=by, expected_version=expected_version)
        return
    _check_lead(ticket.team, by)
    with transaction.atomic():
        move_ticket(
            ticket,
            "take",
            actor=by,
            action=TicketAction.HANDED_OVER,
            note=UNDONE,
            changes={"reserved_by": [None, str(holder)]},
            expected_version=expected_version,
            assigned_to_id=assigned.pk if assigned is not None else None,
            reserved_by_id=holder.pk,
            reserved_until=Now() + timedelta(minutes=ticket.team.reservation_minutes),
            taken_at=timezone.now(),
        )
        _tell_undone(ticket, holder, by)


def _load_person(team: Team, person: int | None) -> Person | None:
    """Who had it; raises ``MoveRefused`` where that person may not review here any more."""
    if person is None:
        return None
    found = get_user_model()._default_manager.filter(pk=person).first()
    if found is None or role_of(found, team) not in REVIEWERS:
        raise MoveRefused("whoever had it reviews here no longer")
    return found


def _tell_undone(ticket: Ticket, person: Person | None, by: Person) -> None:
    """Tell who has it again, and who had it until now."""
    if person is not None:
        notify([person.pk], ticket, NoticeKind.GIVEN, actor=by, told=UNDONE)
    if person is None or person.pk != ticket.had_by_id:
        tell_lost(ticket.had_by_id, [ticket], by=by, told=say_where(person, UNDONE))


def _versions_of(tickets: Sequence[Ticket]) -> Gone:
    """Each ticket's version, read where nobody can have changed it since."""
    rows = Ticket.objects.filter(pk__in=[one.pk for one in tickets]).order_by("pk")
    return tuple(rows.values_list("pk", "version"))


def _check_lead(team: Team, by: Person) -> None:
    if role_of(by, team) not in LEADS:
        raise MoveRefused("only a lead of this team gives out its tickets")


def _pick(team: Team, count: int) -> list[Ticket]:
    """The most urgent free waiting tickets, locked; those that another one holds are skipped."""
    waiting = Ticket.objects.waiting().for_team(team).most_urgent_first()
    locked = waiting.select_for_update(skip_locked=True, of=("self",))
    picked = list(locked.filter(assigned_to__isnull=True)[:count])
    if len(picked) < count:
        stale = locked.filter(assigned_to__isnull=False).unassigned().select_related("assigned_to")
        picked += list(stale[: count - len(picked)])
    return picked


def _skills_of(tickets: Sequence[Ticket]) -> dict[int, set[str]]:
    """Ticket id → its tags and the languages of its articles (two queries)."""
    found: dict[int, set[str]] = {ticket.pk: set() for ticket in tickets}
    rows = TicketTag.objects.filter(ticket__in=tickets).order_by()
    for ticket_id, name in rows.values_list("ticket_id", "tag__name"):
        found[ticket_id].add(name)
    by_claim = {ticket.claim_id: ticket.pk for ticket in tickets}
    places = Appearance.objects.standing().filter(claim__in=by_claim).exclude(article__language="")
    for claim_id, language in places.order_by().values_list("claim_id", "article__language"):
        found[by_claim[claim_id]].add(language)
    return found


def _move_on(
    ticket: Ticket,
    to: Person | None,
    by: Person,
    *,
    note: str = "",
    expected_version: int | None = None,
) -> None:
    before = str(ticket.assigned_to) if ticket.assigned_to_id else None
    after = str(to) if to is not None else None
    changes: dict[str, Any] = {"assigned_to": [before, after]} if before != after else {}
    wanted = to.pk if to is not None else None
    if ticket.state == TicketState.IN_REVIEW:
        changes["reserved_by"] = [str(ticket.reserved_by), None]
        move_ticket(
            ticket,
            "release",
            actor=by,
            action=TicketAction.HANDED_OVER,
            note=note,
            changes=changes,
            expected_version=expected_version,
            assigned_to_id=wanted,
        )
        return
    touch_ticket(ticket, expected_version=expected_version, assigned_to_id=wanted)
    append_event(ticket, TicketAction.ASSIGNED, actor=by, note=note, changes=changes)
