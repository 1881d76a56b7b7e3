"""What people say to each other about a ticket, and what each is told of.

Promises: a comment's words stay as they were written (the database refuses to change or drop
them); a notice is one person's own. Who is told of what is chosen by each in each team.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from claims.models.access import Person, TeamScopedQuerySet
from claims.models.storable import storable
from claims.models.team import Membership
from claims.models.ticket import Ticket
from claims.vocabulary import NoticeKind

TOLD_CHARS = 300
# A page that is open says so every 20 seconds; three in a row may be late.
HERE_SECONDS = 60
FORGOTTEN_AFTER = timedelta(hours=1)


class Comment(models.Model):
    """One thing somebody said; ``thread`` is the comment it answers, empty for the first of one.

    A thread is resolved as a whole, at its first comment.
    """

    TEAM_PATH: ClassVar[str] = "ticket__team"

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="comments")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    thread = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="answers"
    )
    text = models.TextField()
    said_at = models.DateTimeField(db_default=Now())
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = TeamScopedQuerySet["Comment"].as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text[:80]


class NoticeQuerySet(TeamScopedQuerySet["Notice"]):
    """Notices, each person's own."""

    def of(self, person: Person) -> Self:
        """What this person is told, of teams in which the person still is."""
        return self.visible_to(person).filter(person_id=person.pk)

    def unread(self) -> Self:
        """Not looked at yet."""
        return self.filter(read_at__isnull=True)


class Notice(models.Model):
    """One thing that one person is told about one ticket."""

    TEAM_PATH: ClassVar[str] = "ticket__team"

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices"
    )
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=12, choices=NoticeKind.choices())
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    told = models.CharField(max_length=TOLD_CHARS, blank=True)
    at = models.DateTimeField(db_default=Now())
    read_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["person", "-id"], name="notice_newest"),
            models.Index(
                fields=["person", "-id"], condition=Q(read_at__isnull=True), name="notice_unread"
            ),
        ]

    def __str__(self) -> str:
        return f"{NoticeKind(self.kind).label}: ticket {self.ticket_id}"


class Presence(models.Model):
    """That somebody has a ticket's page open, and whether something is being typed there."""

    TEAM_PATH: ClassVar[str] = "ticket__team"

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="present")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    is_typing = models.BooleanField(default=False)
    seen_at = models.DateTimeField()

    objects = TeamScopedQuerySet["Presence"].as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["ticket", "person"], name="one_presence_each")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} at {self.ticket_id}"


def notify(
    people: Collection[Any],
    ticket: Ticket,
    kind: NoticeKind,
    *,
    actor: Person | None = None,
    told: str = "",
) -> int:
    """Tell members of the ticket's team, each once; gives how many were told.

    Not the one who did it, nobody who does not want to hear of this kind, no stranger.
    """
    members = Membership.objects.filter(
        team_id=ticket.team_id, user__in=set(people), user__is_active=True
    )
    wanting = members.exclude(muted__contains=[kind.value]).exclude(
        user=actor.pk if actor else None
    )
    rows = [
        Notice(
            person_id=person,
            ticket=ticket,
            kind=kind,
            actor_id=actor.pk if actor else None,
            told=storable(" ".join(told.split()), TOLD_CHARS),
        )
        for person in wanting.values_list("user_id", flat=True)
    ]
    return len(Notice.objects.bulk_create(rows))


def tell_given(person: Any, tickets: Sequence[Ticket], *, by: Person) -> None:
    """One notice for all that was given at once, at the first of them."""
    if tickets:
        told = f"{len(tickets)} tickets were given to you." if len(tickets) > 1 else ""
        notify([person], tickets[0], NoticeKind.GIVEN, actor=by, told=told)
