"""Who may be given tickets now, how much each has, and whose turn it is.

Promises: nobody who is away, at the limit or no reviewer of the team is offered; while
:func:`load_receivers` holds the rows, two who give at once give to one after the other, so a
limit holds exactly.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from claims.lifecycle import REVIEWERS
from claims.models.access import Person, memberships_of
from claims.models.team import Membership, Team
from claims.models.ticket import Ticket
from claims.models.zones import today_in
from claims.vocabulary import Spread, TicketState

NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(slots=True, eq=False)
class Receiver:
    """One reviewer: what is in review with the person, what was given and still waits."""

    membership: Membership
    in_review: int
    given: int
    today: date

    @property
    def person(self) -> Any:
        """The account."""
        return self.membership.user

    @property
    def load(self) -> int:
        """All that the person has."""
        return self.in_review + self.given

    @property
    def is_away(self) -> bool:
        """Away today."""
        return self.membership.is_away(self.today)

    @property
    def room(self) -> int | None:
        """How many more may be given; ``None`` without a limit."""
        limit = self.membership.limit
        return None if limit is None else max(limit - self.load, 0)

    @property
    def is_open(self) -> bool:
        """Whether anything may be given now."""
        return not self.is_away and self.room != 0

    @property
    def skills(self) -> frozenset[str]:
        """The tags and languages the person knows, in lower case."""
        named = (one.strip().casefold() for one in self.membership.skills.split(","))
        return frozenset(one for one in named if one)

    def receive(self) -> None:
        """One more was given: it counts from now on."""
        self.given += 1
        self.membership.given_at = timezone.now()


def load_receivers(team: Team, *, is_held: bool = False) -> list[Receiver]:
    """The team's reviewers and leads by name, with their loads (one query).

    ``is_held`` locks their memberships until the transaction ends, in one order for everybody.
    """
    rows = Membership.objects.filter(team=team, role__in=REVIEWERS, user__is_active=True)
    return _load(team, rows, is_held)


def load_receiver(team: Team, person: Person) -> Receiver | None:
    """One reviewer, held until the transaction ends; ``None`` for who is none by membership."""
    rows = memberships_of(person, *REVIEWERS).filter(team=team)
    return next(iter(_load(team, rows, is_held=True)), None)


def _load(team: Team, rows: QuerySet[Membership], is_held: bool) -> list[Receiver]:
    if is_held:
        # Locked in the order of the keys, then read as they are once nobody else holds them.
        list(rows.order_by("pk").select_for_update(no_key=True, of=("self",)).values_list("pk"))
    tickets = Ticket.objects.for_team(team)
    given = tickets.filter(assigned_to=OuterRef("user"))
    # Three ways, each along its own index.
    counted: QuerySet[Any] = rows.select_related("user").annotate(
        in_review=_count(
            tickets.filter(reserved_by=OuterRef("user"), state=TicketState.IN_REVIEW), "reserved_by"
        ),
        given_ready=_count(given.filter(state=TicketState.READY), "assigned_to"),
        given_early=_count(
            given.filter(state__in=(TicketState.OPEN, TicketState.GATHERING)), "assigned_to"
        ),
    )
    today = today_in(team.time_zone)
    return [
        Receiver(one, one.in_review, one.given_ready + one.given_early, today)
        for one in counted.order_by("user__username")
    ]


def _count(tickets: QuerySet[Ticket], column: str) -> Coalesce:
    """How many tickets of one person, within the query of all."""
    rows = tickets.order_by().values(column).annotate(count=Count("pk"))
    return Coalesce(Subquery(rows.values("count")), 0)


def choose(
    receivers: list[Receiver], spread: Spread, wanted: Collection[str] = ()
) -> Receiver | None:
    """Who gets the next ticket: by load, in turn, or by the skills ``wanted``, then by load.

    Nobody where everybody is away or full, or where nobody has one of the skills.
    """
    fit = [one for one in receivers if one.is_open]
    if spread is Spread.TURN:
        return min(fit, key=lambda one: one.membership.given_at or NEVER, default=None)
    if spread is Spread.SKILL:
        known = {word.casefold() for word in wanted}
        fit = [one for one in fit if one.skills & known]
        # The most fitting first, and of those whoever has least.
        return min(fit, key=lambda one: (-len(one.skills & known), one.load), default=None)
    return min(fit, key=lambda one: one.load, default=None)


def keep_turns(receivers: list[Receiver]) -> None:
    """Store when each was given something last."""
    Membership.objects.bulk_update([one.membership for one in receivers], ["given_at"])
