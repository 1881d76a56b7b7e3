"""What people hang on a ticket beside its state: tags, and that somebody passed it over."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from claims.models.access import TeamScopedQuerySet
from claims.models.team_rules import Tag
from claims.models.ticket import Ticket


class TicketTag(models.Model):
    """A tag on a ticket; who set it stands in the ticket's history."""

    TEAM_PATH: ClassVar[str] = "ticket__team"

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="taggings")
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="taggings")

    objects = TeamScopedQuerySet["TicketTag"].as_manager()

    class Meta:
        ordering = ["ticket", "id"]
        constraints = [
            models.UniqueConstraint(fields=["ticket", "tag"], name="one_tagging_a_ticket")
        ]
        indexes = [models.Index(fields=["tag", "-ticket"], name="tagging_newest")]

    def __str__(self) -> str:
        return f"{self.tag} on {self.ticket_id}"


class Skip(models.Model):
    """One person passed this ticket over: *Take next* does not offer it to that person again."""

    TEAM_PATH: ClassVar[str] = "ticket__team"

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="skips")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="skips"
    )
    reason = models.CharField(max_length=300)
    at = models.DateTimeField(db_default=Now())

    objects = TeamScopedQuerySet["Skip"].as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["ticket", "person"], name="one_skip_each")]
        indexes = [models.Index(fields=["person", "-id"], name="skip_newest")]

    def __str__(self) -> str:
        return f"{self.person} skipped {self.ticket_id}"
