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
from django.db.models import Case, Exists, OuterRef, Q, When
from django.db.models.functions import Now

from claims.models.access import Person, TeamScopedQuerySet
from claims.models.history import name_of
from claims.models.job import Job
from claims.models.storable import storable
from claims.models.team import Membership, Team
from claims.models.telling import Digest, Webhook
from claims.models.ticket import Ticket
from claims.models.verdict import Verdict
from claims.vocabulary import DigestRhythm, JobKind, NoticeKind

# Their words are a person's; the others are the workbench's own.
SAID_BY_PEOPLE = (
    NoticeKind.MENTIONED,
    NoticeKind.REPLIED,
    NoticeKind.GIVEN,
    NoticeKind.TAKEN_AWAY,
    NoticeKind.SENT_BACK,
)
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


class CommentDraft(models.Model):
    """What somebody has typed into a thread (or a new one) and not sent yet."""

    TEAM_PATH: ClassVar[str] = "ticket__team"

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="comment_drafts")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    thread = models.ForeignKey(
        Comment, null=True, blank=True, on_delete=models.CASCADE, related_name="drafts"
    )
    text = models.TextField()
    saved_at = models.DateTimeField(auto_now=True)

    objects = TeamScopedQuerySet["CommentDraft"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ticket", "author", "thread"],
                nulls_distinct=False,
                name="one_comment_draft_a_thread",
            )
        ]

    def __str__(self) -> str:
        return self.text[:80]


class NoticeQuerySet(TeamScopedQuerySet["Notice"]):
    """Notices, each person's own."""

    def of(self, person: Person) -> Self:
        """What this person is told in the app, of teams in which the person still is."""
        return self.visible_to(person).filter(person_id=person.pk, is_in_app=True)

    def to_mail(self) -> Self:
        """Wanted by mail, in none yet, and not looked at meanwhile."""
        return self.filter(wants_mail=True, digest__isnull=True, read_at__isnull=True)

    def of_members(self) -> Self:
        """Of people who are in the ticket's team still and may sign in."""
        members = Membership.objects.reachable()
        here = members.filter(user=OuterRef("person"), team=OuterRef("ticket__team"))
        return self.filter(Exists(here))

    def with_seals(self, person_id: int | None) -> Self:
        """With ``is_withheld``: a verdict there waits for its blind read, not this person's own.

        What was said of its claim may tell it. ``None`` is everybody together.
        """
        sealed = Verdict.objects.filter(ticket=OuterRef("ticket"), is_sealed=True)
        if person_id is not None:
            sealed = sealed.exclude(reviewer_id=person_id)
        is_said = Q(kind__in=SAID_BY_PEOPLE)
        return self.annotate(is_withheld=Case(When(is_said, then=Exists(sealed)), default=False))

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
    is_in_app = models.BooleanField(default=True, db_default=True)
    wants_mail = models.BooleanField(default=False, db_default=False)
    digest = models.ForeignKey(
        Digest, null=True, blank=True, on_delete=models.SET_NULL, related_name="notices"
    )

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["person", "-id"], name="notice_newest"),
            models.Index(
                fields=["person", "-id"], condition=Q(read_at__isnull=True), name="notice_unread"
            ),
            models.Index(
                fields=["person", "at"],
                condition=Q(wants_mail=True, digest__isnull=True, read_at__isnull=True),
                name="notice_to_mail",
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
    """Tell members of the ticket's team, each once, by the ways they chose; gives how many.

    Not the one who did it, nobody who wants to hear of this kind in no way, no stranger. Call
    it inside the transaction of what it tells of: what is to be posted is owed there.
    """
    members = Membership.objects.reachable().filter(team_id=ticket.team_id, user__in=set(people))
    if actor is not None:
        members = members.exclude(user=actor.pk)
    has_hook = Webhook.objects.filter(team=OuterRef("team"), is_on=True)
    rows = members.annotate(has_hook=Exists(has_hook)).select_related("user__digest_plan")
    posted: list[Notice] = []
    made = []
    member: Any
    for member in rows.order_by("user_id"):
        notice = Notice(
            person_id=member.user_id,
            ticket=ticket,
            kind=kind,
            actor_id=actor.pk if actor else None,
            told=storable(" ".join(told.split()), TOLD_CHARS),
            is_in_app=kind not in member.muted,
            wants_mail=kind not in member.unmailed and _has_mail(member),
        )
        is_posted = member.has_hook and kind in member.hooked
        posted += [notice] * is_posted
        made += [notice] * (is_posted or notice.is_in_app or notice.wants_mail)
    Notice.objects.bulk_create(made)
    keys = [str(notice.pk) for notice in posted]
    Job.objects.owe_many(JobKind.SEND_HOOK, keys, team=Team(pk=ticket.team_id))
    return len(made)


def _has_mail(member: Membership) -> bool:
    """Whether mails are sent at all, and this person has an address and wants them."""
    plan = getattr(member.user, "digest_plan", None)
    is_wanted = plan is None or plan.rhythm != DigestRhythm.NEVER
    return settings.MAIL_ON and bool(member.user.email) and is_wanted


def tell_given(person: Any, tickets: Sequence[Ticket], *, by: Person) -> None:
    """One notice for all that was given at once, at the first of them."""
    if tickets:
        told = f"{len(tickets)} tickets were given to you." if len(tickets) > 1 else ""
        notify([person], tickets[0], NoticeKind.GIVEN, actor=by, told=told)


def tell_lost(person: Any, tickets: Sequence[Ticket], *, by: Person, told: str) -> None:
    """One notice for all that was taken away at once, at the first of them.

    None where nobody had them, or who takes them did.
    """
    if tickets and person not in (None, by.pk):
        many = f"{len(tickets)} tickets were taken from you. " if len(tickets) > 1 else ""
        notify([person], tickets[0], NoticeKind.TAKEN_AWAY, actor=by, told=f"{many}{told}")


def say_where(to: Person | None, note: str = "") -> str:
    """Where a ticket is that was taken away: with somebody else, or in the queue."""
    where = f"It is with {name_of(to)} now." if to is not None else "It is back in the queue."
    return f"{where} {note}".strip()
