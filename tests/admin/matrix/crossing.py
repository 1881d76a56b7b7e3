"""Whether any row of one team points at a row of another; the keys are read from the models."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import models


def list_crossings() -> list[str]:
    """``Model.key`` wherever a row and the row it points at belong to different teams."""
    found = []
    for model in apps.get_app_config("claims").get_models():
        path = getattr(model, "TEAM_PATH", None)
        if path is None:
            continue
        for field in model._meta.concrete_fields:
            other: Any = field.related_model
            if not isinstance(field, models.ForeignKey) or not hasattr(other, "TEAM_PATH"):
                continue
            theirs = f"{field.name}__{other.TEAM_PATH}"
            if theirs.removesuffix("__pk") == path:
                continue
            rows = model._default_manager.filter(**{f"{field.name}__isnull": False})
            if rows.exclude(**{theirs: models.F(path)}).exists():
                found.append(f"{model.__name__}.{field.name}")
    return found
