"""The ways out of the app by which people are told: one mail with all that is new, and a webhook.

Promises: at most one mail is made for a person and a turn, however many sweeps look; a team has
one webhook, whose secret is read by :mod:`claims.workflow.tell` alone.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F
from django.db.models.functions import Now

from claims.models.access import TeamScopedQuerySet
from claims.models.storable import storable
from claims.models.team import Team
from claims.models.zones import check_zone
from claims.vocabulary import DigestRhythm

USUAL_HOUR = 7
TOLD_CHARS = 300
# After so many attempts in a row that failed a webhook is switched off.
FAILURES_AT_MOST = 10


class DigestPlan(models.Model):
    """When a person wants the mail; without a row it is daily at :data:`USUAL_HOUR`.

    The hour is one of the person's zone: ``time_zone``, where empty that of the person's team.
    Pages show their times in it too.
    """

    TEAM_PATH: ClassVar[str] = "person__memberships__team"

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="digest_plan"
    )
    rhythm = models.CharField(
        max_length=8, choices=DigestRhythm.choices(), default=DigestRhythm.DAILY
    )
    hour = models.PositiveSmallIntegerField(default=USUAL_HOUR, validators=[MaxValueValidator(23)])
    time_zone = models.CharField(
        max_length=64, blank=True, default="", db_default="", validators=[check_zone]
    )

    objects = TeamScopedQuerySet["DigestPlan"].as_manager()

    def __str__(self) -> str:
        return f"{self.rhythm} at {self.hour:02}:00 for {self.person_id}"

    def last_turn(self, now: datetime, zone: ZoneInfo) -> datetime | None:
        """The newest moment, up to ``now``, at which a mail was due; ``None`` for *never*."""
        local = now.astimezone(zone)
        if self.rhythm == DigestRhythm.NEVER:
            return None
        if self.rhythm == DigestRhythm.HOURLY:
            return local.replace(minute=0, second=0, microsecond=0)
        # The hour of the clock: on the days that have it twice or not at all, too.
        today = datetime.combine(local.date(), time(self.hour), zone)
        return today if today <= now else today - timedelta(days=1)


class Digest(models.Model):
    """One mail to one person; its notices are fixed when it is made, so that a resend is the same.

    ``sent_at`` is set when a mail server took it; ``error`` says why none did.
    """

    TEAM_PATH: ClassVar[str] = "person__memberships__team"

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="digests"
    )
    turn = models.DateTimeField()
    made_at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=TOLD_CHARS, blank=True)

    objects = TeamScopedQuerySet["Digest"].as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["person", "turn"], name="one_digest_a_turn")]

    def __str__(self) -> str:
        return f"Digest {self.pk} for {self.person_id}"


class WebhookQuerySet(TeamScopedQuerySet["Webhook"]):
    """What senders note of a webhook."""

    def note_success(self, pk: int) -> None:
        """It took what was sent."""
        self.filter(pk=pk).update(last_success_at=Now(), failures=0)

    def note_failure(self, pk: int, detail: str, *, is_gone: bool) -> None:
        """An attempt failed; too many in a row, or an answer that it is gone, switch it off."""
        self.filter(pk=pk).update(
            failures=F("failures") + 1,
            last_error_at=Now(),
            last_error=storable(detail, TOLD_CHARS),
        )
        why = "It answered that it is gone." if is_gone else f"{FAILURES_AT_MOST} attempts failed."
        least = 0 if is_gone else FAILURES_AT_MOST
        off = self.filter(pk=pk, is_on=True, failures__gte=least)
        off.update(is_on=False, off_reason=storable(f"{why} {detail}", TOLD_CHARS))


class Webhook(models.Model):
    """Where a team has its members' notices posted; set by its leads, chosen by each member."""

    TEAM_PATH: ClassVar[str] = "team"

    team = models.OneToOneField(Team, on_delete=models.CASCADE, related_name="webhook")
    url = models.CharField(max_length=1000, blank=True)
    secret = models.CharField(max_length=200, blank=True)
    is_on = models.BooleanField(default=False)
    failures = models.PositiveIntegerField(default=0)
    last_success_at = models.DateTimeField(null=True, blank=True)
    last_error_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=TOLD_CHARS, blank=True)
    off_reason = models.CharField(max_length=TOLD_CHARS, blank=True)

    objects = WebhookQuerySet.as_manager()

    def __str__(self) -> str:
        return f"Webhook of {self.team}"
