"""Remind: people are told once that a ticket is due soon, and once that it is overdue.

Which day it is, each team's zone says.

Promises: each word goes out once, however many sweeps run at once; whoever has the ticket is
told of it, and its leads are told how many are late. Changes no priority and no day.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

from django.db import transaction
from django.db.models import Q

from claims.lifecycle import LEADS
from claims.models.discussion import notify
from claims.models.team import Membership, Team
from claims.models.ticket import UNDECIDED, Ticket
from claims.models.zones import today_in
from claims.vocabulary import NoticeKind

AT_ONCE = 200


def remind_of_due(*, limit: int = AT_ONCE) -> int:
    """Send the words that are owed by now, of at most ``limit`` tickets; gives of how many."""
    zones = Team.objects.order_by().values_list("time_zone", flat=True).distinct()
    days = {zone: today_in(zone) for zone in zones}
    if not days:
        return 0
    # By the index first: nowhere is it a later day than that.
    newest = max(days.values())
    theirs = Q(
        *(Q(team__time_zone=zone, notice_on__lte=day) for zone, day in days.items()),
        _connector=Q.OR,
    )
    late: dict[int, list[Ticket]] = defaultdict(list)
    with transaction.atomic():
        rows = Ticket.objects.filter(theirs, notice_on__lte=newest).order_by("notice_on")
        held = rows.select_related("team").select_for_update(skip_locked=True, of=("self",))
        owed = list(held[:limit])
        for ticket in owed:
            today = days[ticket.team.time_zone]
            is_late = ticket.due_on is not None and ticket.due_on < today
            is_open = ticket.due_on is not None and ticket.state in UNDECIDED
            following = ticket.due_on + timedelta(days=1) if ticket.due_on else None
            Ticket.objects.filter(pk=ticket.pk).update(
                notice_on=following if is_open and not is_late else None
            )
            if not is_open:
                continue
            kind = NoticeKind.OVERDUE if is_late else NoticeKind.DUE_SOON
            mine = {ticket.had_by_id} - {None}
            notify([one for one in mine if one], ticket, kind, told=f"Due on {ticket.due_on}.")
            if is_late:
                late[ticket.team_id].append(ticket)
        for team, tickets in late.items():
            _tell_leads(team, tickets)
    return len(owed)


def _tell_leads(team: int, tickets: list[Ticket]) -> None:
    """One word for all that became late together, at the most urgent of them."""
    first = max(tickets, key=lambda ticket: (ticket.priority, -ticket.pk))
    leads = Membership.objects.filter(team=team, role__in=LEADS).values_list("user_id", flat=True)
    told = "1 ticket is overdue." if len(tickets) == 1 else f"{len(tickets)} tickets are overdue."
    notify(set(leads) - {first.had_by_id}, first, NoticeKind.OVERDUE, told=told)
