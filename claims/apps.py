"""The app's registration with Django."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ClaimsConfig(AppConfig):
    """Claims, tickets, evidence and verdicts."""

    name = "claims"
    verbose_name = "Fact-checking"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the checks; add what every install has after migrating."""
        from claims import checks  # noqa: F401 - registers itself

        post_migrate.connect(_equip, sender=self)


def _equip(apps: Any = None, **_kwargs: Any) -> None:
    from claims.workflow.equip import add_providers, add_shipped_scales

    add_shipped_scales()
    # A database that was taken back to an older state has no such table.
    if apps is None or "provider" in apps.all_models["claims"]:
        add_providers()
