"""Dated tables of money that a team has loaded: exchange rates and price levels.

Promises: a value holds for its own days and for one currency; nothing is known before a
person loaded it, and a conversion names the table. Nothing is ever filled in from elsewhere.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from claims.models.access import TeamScopedQuerySet
from claims.models.team import Team
from claims.vocabulary import MoneyTableKind


class MoneyTable(models.Model):
    """One table as it was loaded. Of rates, one ``base`` buys ``value`` of a currency."""

    TEAM_PATH: ClassVar[str] = "team"

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="money_tables")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=8, choices=MoneyTableKind.choices())
    base = models.CharField(max_length=3, blank=True)
    source = models.CharField(max_length=500, blank=True)
    sha256 = models.CharField(max_length=64)
    loaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    loaded_at = models.DateTimeField(db_default=Now())

    objects = TeamScopedQuerySet["MoneyTable"].as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["team", "name"], name="one_money_table_a_name")
        ]

    def __str__(self) -> str:
        return self.name


class MoneyValue(models.Model):
    """A rate, or a price level, of one currency from ``first_on`` to ``last_on``."""

    TEAM_PATH: ClassVar[str] = "table__team"

    table = models.ForeignKey(MoneyTable, on_delete=models.CASCADE, related_name="values")
    currency = models.CharField(max_length=3)
    first_on = models.DateField()
    last_on = models.DateField()
    value = models.FloatField()

    objects = TeamScopedQuerySet["MoneyValue"].as_manager()

    class Meta:
        ordering = ["table", "currency", "first_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["table", "currency", "first_on"], name="one_money_value_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.currency} {self.value:g} from {self.first_on}"
