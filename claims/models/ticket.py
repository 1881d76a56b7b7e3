"""Tickets and their history.

A ticket moves only through :mod:`claims.lifecycle`, by an update that names
its old state and version; each change appends a ticket event that carries the
digest of the one before, and the database refuses to change or drop events.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now

from claims.lifecycle import REVIEWERS
from claims.models.access import Person, TeamScopedQuerySet
from claims.models.claim import Claim
from claims.models.team import Membership, Team
from claims.vocabulary import CloseReason, SearchStop, TicketAction, TicketState

# Until it is decided a ticket can be late.
UNDECIDED = (TicketState.OPEN, TicketState.GATHERING, TicketState.READY, TicketState.IN_REVIEW)


class TicketQuerySet(TeamScopedQuerySet["Ticket"]):
    """Queues read as sentences: ``Ticket.objects.waiting().for_team(team).most_urgent_first()``."""

    def waiting(self) -> TicketQuerySet:
        """Ready to be taken."""
        return self.filter(state=TicketState.READY)

    def for_team(self, team: Team) -> TicketQuerySet:
        """In that team's queue."""
        return self.filter(team=team)

    def unassigned(self) -> TicketQuerySet:
        """Given to nobody, or to somebody who may no longer review for the ticket's team."""
        return self.filter(_nobody_who_may_review("assigned_to"))

    def held_by(self, person: Person) -> TicketQuerySet:
        """In review by this person."""
        return self.filter(reserved_by_id=person.pk, state=TicketState.IN_REVIEW)

    def mine(self, person: Person) -> TicketQuerySet:
        """What this person holds or was given and is not finished."""
        unfinished = (TicketState.READY, TicketState.IN_REVIEW, TicketState.GATHERING)
        return self.filter(
            Q(assigned_to_id=person.pk) | Q(reserved_by_id=person.pk), state__in=unfinished
        )

    def awaiting_confirmation_by(self, person: Person) -> TicketQuerySet:
        """Decided by somebody else and not yet confirmed."""
        from claims.models.verdict import Verdict

        proposed = Verdict.objects.filter(ticket=OuterRef("pk"), state="proposed")
        # Whoever gave another rating blind leaves it to a third.
        others = proposed.exclude(reviewer_id=person.pk).exclude(reads__reader_id=person.pk)
        return self.filter(Exists(others), state="decided")

    def overstayed(self) -> TicketQuerySet:
        """In review past the end of the reservation, or by somebody who may no longer review."""
        is_over = Q(reserved_until__lt=Now()) | _nobody_who_may_review("reserved_by")
        return self.filter(is_over, state=TicketState.IN_REVIEW)

    def due_before(self, day: date) -> TicketQuerySet:
        """Not decided, and to be decided before that day."""
        return self.filter(due_on__lt=day, due_on__isnull=False, state__in=UNDECIDED)

    def due_within(
        self, days: Mapping[date, Collection[int]], first: int | None, last: int | None
    ) -> TicketQuerySet:
        """Not decided, and due from ``first`` to before ``last`` days from today.

        ``days`` says of which teams it is which day now.
        """
        rows = self.filter(due_on__isnull=False, state__in=UNDECIDED)
        spans = [(_span_of(today, first, last), teams) for today, teams in days.items()]
        if len(spans) == 1:
            return rows.filter(spans[0][0])
        if not spans:
            return rows.none()
        return rows.filter(Q(*(Q(team__in=teams) & span for span, teams in spans), _connector=Q.OR))

    def most_urgent_first(self) -> TicketQuerySet:
        """Highest priority first, then the oldest."""
        return self.order_by("-priority", "id")


def _span_of(today: date, first: int | None, last: int | None) -> Q:
    begin = Q() if first is None else Q(due_on__gte=today + timedelta(days=first))
    return begin if last is None else begin & Q(due_on__lt=today + timedelta(days=last))


def _nobody_who_may_review(column: str) -> Q:
    """That ``column`` names nobody, or somebody who may no longer review for the ticket's team."""
    reviewers = Membership.objects.filter(
        team_id=OuterRef("team_id"),
        user_id=OuterRef(f"{column}_id"),
        user__is_active=True,
        role__in=REVIEWERS,
    )
    stands_above = Q(**{f"{column}__is_superuser": True, f"{column}__is_active": True})
    return Q(**{f"{column}__isnull": True}) | ~(Q(Exists(reviewers)) | stands_above)


class Ticket(models.Model):
    """One unit of review work on one claim."""

    TEAM_PATH: ClassVar[str] = "team"

    # Several of the indexes below begin with the team.
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="tickets", db_index=False)
    claim = models.OneToOneField(Claim, on_delete=models.PROTECT, related_name="ticket")
    state = models.CharField(max_length=12, choices=TicketState.choices(), default=TicketState.OPEN)
    priority = models.PositiveSmallIntegerField(
        default=50, validators=[MaxValueValidator(100)], help_text="0 (whenever) to 100 (now)."
    )
    # By a person, and no rule rates it anew.
    is_priority_set = models.BooleanField(db_default=False, default=False)
    due_on = models.DateField(null=True, blank=True, help_text="To be decided by this day's end.")
    is_due_set = models.BooleanField(db_default=False, default=False)
    # The day from which the next word about it is owed: first that it is due soon, then overdue.
    notice_on = models.DateField(null=True, blank=True, editable=False)
    round = models.PositiveSmallIntegerField(
        default=1, help_text="How often evidence was gathered."
    )
    search_stop = models.CharField(
        max_length=16,
        choices=SearchStop.choices(),
        blank=True,
        db_default="",
        default="",
        help_text="Why the machine stopped searching.",
    )
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    reserved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    reserved_until = models.DateTimeField(null=True, blank=True)
    close_reason = models.CharField(max_length=16, choices=CloseReason.choices(), blank=True)
    version = models.PositiveIntegerField(default=1)
    review_seconds = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())
    ready_at = models.DateTimeField(null=True, blank=True)
    taken_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)

    objects = TicketQuerySet.as_manager()

    class Meta:
        ordering = ["-priority", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in TicketState]),
                name="ticket_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state=TicketState.IN_REVIEW)
                | Q(reserved_by__isnull=True, reserved_until__isnull=True),
                name="only_tickets_in_review_are_reserved",
            ),
        ]
        indexes = [
            # The two from which a ticket is handed out: given to nobody, given to somebody.
            models.Index(
                F("team"),
                F("priority").desc(),
                F("id"),
                condition=Q(state=TicketState.READY, assigned_to__isnull=True),
                name="ticket_free",
            ),
            models.Index(
                F("team"),
                F("assigned_to"),
                F("priority").desc(),
                F("id"),
                condition=Q(state=TicketState.READY, assigned_to__isnull=False),
                name="ticket_given",
            ),
            # The lists, one team's and everybody's, in every order they offer.
            models.Index(F("team"), F("state"), F("priority").desc(), F("id"), name="ticket_queue"),
            models.Index(F("team"), F("priority").desc(), F("id"), name="ticket_of_team"),
            models.Index(fields=["team", "id"], name="ticket_age_of_team"),
            models.Index(F("priority").desc(), F("id"), name="ticket_urgent"),
            models.Index(F("state"), F("priority").desc(), F("id"), name="ticket_state"),
            # The oldest that waits, on the home page.
            models.Index(
                fields=["team", "id"],
                condition=Q(state=TicketState.READY),
                name="ticket_oldest_waiting",
            ),
            # Since when what waits has waited, on the lead's home and in the list's filter.
            models.Index(
                fields=["ready_at", "team"],
                condition=Q(state=TicketState.READY),
                name="ticket_waiting_since",
            ),
            # Published ones that are open again.
            models.Index(
                fields=["team", "id"],
                condition=Q(published_at__isnull=False)
                & Q(state__in=("gathering", "ready", "in_review", "decided")),
                name="ticket_in_correction",
            ),
            models.Index(
                fields=["reserved_until"],
                condition=Q(state=TicketState.IN_REVIEW),
                name="ticket_reserved",
            ),
            # What is due, one team's; and about which a word is owed.
            models.Index(
                fields=["team", "due_on", "id"],
                condition=Q(due_on__isnull=False, state__in=UNDECIDED),
                name="ticket_due",
            ),
            # Given before they are ready, to see how much somebody has.
            models.Index(
                fields=["team", "assigned_to"],
                condition=Q(assigned_to__isnull=False, state__in=UNDECIDED[:2]),
                name="ticket_promised",
            ),
            models.Index(
                fields=["notice_on"],
                condition=Q(notice_on__isnull=False),
                name="ticket_notice",
            ),
        ]

    def __str__(self) -> str:
        return f"Ticket {self.pk}"

    @property
    def had_by_id(self) -> int | None:
        """Who has it: who holds it, else whom it was given to."""
        return self.reserved_by_id or self.assigned_to_id


class TicketEvent(models.Model):
    """One line of a ticket's history, chained by digest to the line before."""

    TEAM_PATH: ClassVar[str] = "ticket__team"

    # Found by the key below, which begins with the ticket.
    ticket = models.ForeignKey(
        Ticket, on_delete=models.PROTECT, related_name="events", db_index=False
    )
    sequence = models.PositiveIntegerField()
    at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    actor_name = models.CharField(max_length=150, blank=True)
    action = models.CharField(max_length=20, choices=TicketAction.choices())
    from_state = models.CharField(max_length=12, choices=TicketState.choices(), blank=True)
    to_state = models.CharField(max_length=12, choices=TicketState.choices(), blank=True)
    note = models.TextField(blank=True)
    changes = models.JSONField(default=dict, blank=True)
    previous_digest = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)

    objects = TeamScopedQuerySet["TicketEvent"].as_manager()

    class Meta:
        ordering = ["ticket", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["ticket", "sequence"], name="one_event_per_sequence")
        ]
        indexes = [
            models.Index(fields=["-at"], name="event_newest"),
            # Which tickets left a stage, and when, without reading their histories.
            models.Index(
                fields=["from_state", "at"],
                include=["ticket", "to_state"],
                condition=~Q(from_state=""),
                name="event_left",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.from_state}→{self.to_state}"
