"""How a page of a ticket stands to the ticket's other pages: who carries whose report.

Promises: what the machine found (its group, the reasons pair by pair, whom the page cites)
stands beside what a person said of it (apart, or of one origin with another page), and a
later weighing refreshes the first and never the second.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from claims.models.access import TeamScopedQuerySet
from claims.models.page import Page
from claims.models.ticket import Ticket


class PageOrigin(models.Model):
    """One page of one ticket.

    ``machine_group`` is the machine's group of pages, 0 for a page alone. ``links`` are
    ``{"page": id, "reason": text}`` for each page it was grouped with; ``cites`` are
    ``{"page": id or null, "name": text, "url": text, "reason": text}`` for each page or body
    it takes its report from. ``is_own_copy``: its text is that of the claim's own article, and
    its group is that article's. ``is_apart`` and ``joined_to`` are a person's.
    """

    TEAM_PATH: ClassVar[str] = "ticket__team"

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="page_origins")
    page = models.ForeignKey(Page, on_delete=models.PROTECT, related_name="+")
    machine_group = models.PositiveIntegerField(default=0)
    links = models.JSONField(default=list, blank=True)
    cites = models.JSONField(default=list, blank=True)
    is_own_copy = models.BooleanField(default=False, db_default=False)
    is_apart = models.BooleanField(default=False)
    joined_to = models.ForeignKey(
        Page, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    set_at = models.DateTimeField(null=True, blank=True)

    objects = TeamScopedQuerySet["PageOrigin"].as_manager()

    class Meta:
        ordering = ["ticket", "id"]
        constraints = [
            models.UniqueConstraint(fields=["ticket", "page"], name="one_origin_row_a_page")
        ]

    def __str__(self) -> str:
        return f"{self.page_id} of ticket {self.ticket_id}"
