"""The project as an app: it loads Celery and the start-up checks with Django."""

from __future__ import annotations

import gc

from django.apps import AppConfig

COLLECT_AFTER_OBJECTS = 5_000
"""A page and a migration make many small objects that go by themselves. Walking over them at
Python's own 700 took a quarter of a migration's time and a twentieth of a page's; more than
this gains nothing."""


class FactcheckConfig(AppConfig):
    """Has no models."""

    name = "factcheck"

    def ready(self) -> None:
        """Load what registers itself, once the settings are complete."""
        from factcheck import celery, checks, server_checks  # noqa: F401 - shared tasks need the app

        gc.set_threshold(COLLECT_AFTER_OBJECTS)
