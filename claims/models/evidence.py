"""Evidence: a passage held against a claim, with what machine and person made of it."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from claims.models.access import TeamScopedQuerySet
from claims.models.page import Passage
from claims.models.ticket import Ticket
from claims.vocabulary import Outcome, Stance


class Evidence(models.Model):
    """The machine suggests ``suggested_stance`` and ``outcome``; ``stance`` and ``set_outcome``
    are a person's, empty until set. ``origin`` is the number of the group of pages that its
    page stands in, by the machine and by people (:class:`~claims.models.page_origin.PageOrigin`).
    ``is_own_copy``: that group carries the text of the claim's own article, and is no origin
    beside it.
    ``is_aside``: a person said that the passage does not bear on the claim; it counts nowhere.
    ``set_period`` is the time that the source's number speaks of as a person said it,
    ``{"start", "end", "from", "to"}`` with the number's place in the quote.
    """

    TEAM_PATH: ClassVar[str] = "ticket__team"

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="evidence")
    passage = models.ForeignKey(Passage, on_delete=models.PROTECT, related_name="evidence")
    number = models.PositiveSmallIntegerField(help_text="How a rationale cites it: [2].")
    score = models.FloatField(default=0.0)
    score_reasons = models.JSONField(default=list, blank=True)
    suggested_stance = models.CharField(
        max_length=8, choices=Stance.choices(), default=Stance.NEUTRAL
    )
    confidence = models.FloatField(default=0.0)
    stance_reasons = models.JSONField(default=list, blank=True)
    stance = models.CharField(max_length=8, choices=Stance.choices(), blank=True)
    stance_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    outcome = models.CharField(
        max_length=16, choices=Outcome.choices(), default=Outcome.NOT_COMPARABLE
    )
    set_outcome = models.CharField(
        max_length=16, choices=Outcome.choices(), blank=True, default="", db_default=""
    )
    set_outcome_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    comparison = models.JSONField(default=dict, blank=True)
    set_period = models.JSONField(null=True, blank=True)
    set_period_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    is_aside = models.BooleanField(default=False, db_default=False)
    aside_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    origin = models.PositiveSmallIntegerField(default=0)
    origin_reasons = models.JSONField(default=list, blank=True)
    is_own_copy = models.BooleanField(default=False, db_default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = TeamScopedQuerySet["Evidence"].as_manager()

    class Meta:
        ordering = ["ticket", "number"]
        verbose_name_plural = "evidence"
        constraints = [
            models.UniqueConstraint(fields=["ticket", "passage"], name="one_evidence_a_passage"),
            models.UniqueConstraint(fields=["ticket", "number"], name="one_evidence_a_number"),
        ]

    def __str__(self) -> str:
        return f"[{self.number}]"

    @property
    def current_stance(self) -> str:
        """What a person set, else what the machine suggests."""
        return self.stance or self.suggested_stance

    @property
    def current_outcome(self) -> str:
        """What a person set, else what the machine found."""
        return self.set_outcome or self.outcome
