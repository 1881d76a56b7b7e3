"""The project as an app: it loads Celery and the start-up checks with Django."""

from __future__ import annotations

from django.apps import AppConfig


class FactcheckConfig(AppConfig):
    """Has no models."""

    name = "factcheck"

    def ready(self) -> None:
        """Load what registers itself, once the settings are complete."""
        from factcheck import celery, checks, server_checks  # noqa: F401 - shared tasks need the app
