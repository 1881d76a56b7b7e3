"""What an admin set for each place that is searched, and how that place is doing.

One row per provider for the whole workbench: a key is bought once and a service counts
its queries by key, not by desk. Promises that a blank field means *as the environment
says*, that a key is read by :mod:`claims.workflow.gather` alone, and that the day's
queries are counted before they are asked, so that two workers never pass a quota together.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import models, transaction
from django.utils import timezone

from claims.models.storable import storable
from claims.vocabulary import ProviderName

MAX_ERROR_CHARS = 500


class ProviderQuerySet(models.QuerySet["Provider"]):
    """What workers do with the rows: count a query before it is asked, note how it ended."""

    def take_queries(self, name: str, count: int, quota: int | None) -> int:
        """Count up to ``count`` queries of today towards ``quota``; gives how many may be asked.

        The row is locked for a moment, outside any longer transaction. A row that is not there
        counts nothing and lets all through.
        """
        with transaction.atomic():
            row = self.select_for_update().filter(name=name).first()
            if row is None:
                return count
            room = count if quota is None else quota - row.used_today
            taken = max(min(count, room), 0)
            if taken:
                today = timezone.now().date()
                self.filter(pk=row.pk).update(used=row.used_today + taken, used_on=today)
            return taken

    def note_success(self, name: str) -> None:
        """The provider answered, if only that it found nothing."""
        self.filter(name=name).update(last_success_at=timezone.now(), quiet_until=None)

    def note_error(self, name: str, detail: str, *, quiet_seconds: float = 0.0) -> None:
        """The provider failed; ``quiet_seconds`` is how long it asked to be left alone."""
        now = timezone.now()
        self.filter(name=name).update(
            last_error_at=now,
            last_error=storable(detail, MAX_ERROR_CHARS),
            quiet_until=now + timedelta(seconds=quiet_seconds) if quiet_seconds else None,
        )

    def add_missing(self) -> int:
        """A row for every provider that has none; gives how many were added."""
        known = set(self.values_list("name", flat=True))
        fresh = [Provider(name=name) for name in ProviderName if name not in known]
        self.bulk_create(fresh, ignore_conflicts=True)
        return len(fresh)


class Provider(models.Model):
    """One place that is searched: what an admin set, the day's use, the last success and error."""

    name = models.CharField(max_length=40, unique=True, choices=ProviderName.choices())
    is_on = models.BooleanField(null=True, blank=True)
    base_url = models.CharField(max_length=500, blank=True)
    key = models.CharField(max_length=500, blank=True)
    daily_quota = models.PositiveIntegerField(null=True, blank=True)
    languages = models.CharField(max_length=200, blank=True)
    places = models.TextField(blank=True)
    used_on = models.DateField(null=True, blank=True)
    used = models.PositiveIntegerField(default=0)
    last_success_at = models.DateTimeField(null=True, blank=True)
    last_error_at = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)
    quiet_until = models.DateTimeField(null=True, blank=True)

    objects = ProviderQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return ProviderName(self.name).label

    @property
    def used_today(self) -> int:
        """Queries counted since midnight, UTC."""
        return self.used if self.used_on == timezone.now().date() else 0
