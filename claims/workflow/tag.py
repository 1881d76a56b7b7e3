"""Tag: the team's own words for kinds of tickets, set by its people, each change in the history."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from claims.lifecycle import REVIEWERS, MoveRefused
from claims.models.access import Person, role_of
from claims.models.history import append_event, touch_ticket
from claims.models.openings import keep_tags
from claims.models.storable import storable
from claims.models.ticket import Ticket
from claims.models.ticket_marks import TicketTag
from claims.vocabulary import TicketAction

MOST_TAGS = 10
TAG_CHARS = 40


def read_tags(typed: str) -> tuple[str, ...]:
    """Tags typed with commas between, each in lower case with single blanks, once.

    Raises ``MoveRefused`` for more than ten, or one of more than 40 characters.

    >>> read_tags(" Trade,  Rare  Earths, trade")
    ('trade', 'rare earths')
    """
    told = (" ".join(storable(one).casefold().split()) for one in typed.split(","))
    names = tuple(dict.fromkeys(one for one in told if one))
    if len(names) > MOST_TAGS:
        raise MoveRefused(f"a ticket has at most {MOST_TAGS} tags")
    if any(len(one) > TAG_CHARS for one in names):
        raise MoveRefused(f"a tag has at most {TAG_CHARS} characters")
    return names


def set_tags(
    ticket: Ticket, names: Iterable[str], *, by: Person, expected_version: int | None = None
) -> Ticket:
    """Give the ticket these tags and no others; nothing is written where it has them already.

    Reviewers and leads of the team, in any state. Raises ``TicketMoved`` where the ticket is
    not at ``expected_version`` any more.
    """
    if role_of(by, ticket.team) not in REVIEWERS:
        raise MoveRefused("only a reviewer or a lead of this team tags its tickets")
    wanted = set(names)
    with transaction.atomic():
        held = TicketTag.objects.filter(ticket=ticket)
        had = set(held.values_list("tag__name", flat=True))
        if had == wanted:
            return ticket
        touch_ticket(ticket, expected_version=expected_version)
        held.exclude(tag__name__in=wanted).delete()
        keep_tags(ticket.team, {ticket.pk: sorted(wanted - had)})
        append_event(
            ticket,
            TicketAction.TAGGED,
            actor=by,
            changes={"tags": [", ".join(sorted(had)), ", ".join(sorted(wanted))]},
        )
    return Ticket.objects.get(pk=ticket.pk)


def change_tags(ticket: Ticket, names: Iterable[str], *, is_off: bool, by: Person) -> list[str]:
    """Put these tags on the ticket, or take them off; other tags stay. Gives those it had.

    Raises ``MoveRefused`` where it would have more than ten.
    """
    held = TicketTag.objects.filter(ticket=ticket).values_list("tag__name", flat=True)
    had = set(held)
    wanted = had - set(names) if is_off else had | set(names)
    if len(wanted) > MOST_TAGS:
        raise MoveRefused(f"a ticket has at most {MOST_TAGS} tags")
    set_tags(ticket, wanted, by=by, expected_version=ticket.version)
    return sorted(had)
